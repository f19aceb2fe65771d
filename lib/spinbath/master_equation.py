"""The master equation itself, solved by brute force in the space of all product states.

Everything else in this package is a formula for a steady state; here that state is reached by the
dynamics. `liouvillian` is the right-hand side of Eq. (1) as a sparse matrix acting on density matrices, `evolve`
and `steady_state` solve it, `rate_equation` is its restriction (A1) to one multiplet. The steps are

- operators: `spin_operators`, `local_operators`, `collective_operators`, `inhomogeneity`, `interaction`;
- states: `thermal_state`, `reduced_state`, `expectation`, `von_neumann_entropy`;
- the collective basis: `multiplet_basis`, `multiplet_projectors`.

A density matrix is a dense ``(D, D)`` array with ``D = (2 s + 1)^n``, product states in the order of
`numpy.kron` with each ``m = -s ... s`` ascending. A matrix that would take more than a gigabyte is refused before
it is built. Units: hbar = omega = k_B = 1; times are counted in units of ``1 / rate``.
"""

from __future__ import annotations

import math
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from . import collective, independent
from ._arguments import COLD, doubled_spin, real_array, spin_count
from ._density_matrix import expectation, reduced_state, scalar, thermal_state, von_neumann_entropy
from ._multiplet_basis import MultipletBasis, multiplet_basis, multiplet_projectors
from ._product_space import (
    collective_operators,
    inhomogeneity,
    interaction,
    local_operators,
    magnetisation,
    read,
    require,
    spin_operators,
)
from ._relaxation import evolve, steady_state

__all__ = [
    "MultipletBasis",
    "bath_rates",
    "collective_operators",
    "evolve",
    "expectation",
    "inhomogeneity",
    "interaction",
    "liouvillian",
    "local_operators",
    "multiplet_basis",
    "multiplet_projectors",
    "rate_equation",
    "reduced_state",
    "spin_operators",
    "steady_state",
    "thermal_state",
    "von_neumann_entropy",
]


def bath_rates(
    beta_B: Any, *, rate: Any = 1.0, shifts: tuple[Any, Any] = (0.0, 0.0)
) -> tuple[complex, complex]:
    """Coefficients of emission and absorption in the master equation.

    Implements Eq. (2): with ``G = 2 Re Gamma``, ``G(-omega) / G(omega) = exp(-beta_B)``.

    Parameters
    ----------
    beta_B : float
        Inverse temperature of the bath, any sign, may be infinite.
    rate : float
        The larger of ``G(omega)`` and ``G(-omega)``, positive; it sets the unit of time.
    shifts : tuple of float
        Imaginary parts of ``Gamma(omega)`` and ``Gamma(-omega)``, which shift levels but dissipate nothing.

    Returns
    -------
    tuple of complex
        ``Gamma(omega)`` and ``Gamma(-omega)``.

    Raises
    ------
    ValueError
        If an argument is out of its range; the message names it.

    Examples
    --------
    >>> bath_rates(float("inf"))
    ((0.5+0j), 0j)
    """
    beta = float(np.clip(scalar(beta_B, "beta_B"), -COLD, COLD))
    scale, imaginary = scalar(rate, "rate"), real_array(shifts, "shifts")
    if not 0 < scale < math.inf:
        raise ValueError(f"Argument `rate` must be positive and finite, but was {rate!r}.")
    if imaginary.shape != (2,) or not np.all(np.isfinite(imaginary)):
        raise ValueError(f"Argument `shifts` must hold two finite numbers, but was {shifts!r}.")
    down, up = math.exp(min(beta, 0.0)), math.exp(-max(beta, 0.0))
    return complex(scale * down / 2, imaginary[0]), complex(scale * up / 2, imaginary[1])


def liouvillian(
    process: ModuleType,
    beta_B: Any,
    *,
    n: Any,
    s: Any,
    rate: Any = 1.0,
    shifts: tuple[Any, Any] = (0.0, 0.0),
    hamiltonian: Any = None,
) -> sparse.csr_array:
    """Generator of the dissipation, as a matrix acting on density matrices.

    Implements Eq. (1) in the interaction picture, for independent dissipation with a bath for each spin: one
    sum over jump operators, which are ``J_-`` alone or ``j_{-,k}`` of every spin.

    Parameters
    ----------
    process : module
        `spinbath.collective` or `spinbath.independent`.
    beta_B, rate, shifts
        As in `bath_rates`.
    n : int
        Number of spins, at least 1.
    s : int, float, Fraction or str
        Size of each spin, a non-negative half-integer.
    hamiltonian : sparse array or array_like
        Further Hamiltonian that commutes with ``J_z``, such as `inhomogeneity` or `interaction`, Eq. (K1).

    Returns
    -------
    csr_array
        Matrix ``L`` of ``d vec(rho) / dt = L vec(rho)``, where ``vec`` is ``rho.ravel()``, shape ``(D^2, D^2)``;
        real unless `shifts` or `hamiltonian` are given.

    Raises
    ------
    ValueError
        If an argument is out of its range, or the matrix too large for the memory.

    Examples
    --------
    >>> from spinbath import collective
    >>> liouvillian(collective, float("inf"), n=1, s="1/2").toarray().tolist()[0]
    [0.0, 0.0, 0.0, 1.0]
    """
    down, up = bath_rates(beta_B, rate=rate, shifts=shifts)
    raising = _raising_operators(process, n, s)
    kernel = sum(down * (plus @ plus.T) + up * (plus.T @ plus) for plus in raising)
    if hamiltonian is not None:
        kernel = kernel + 1j * _hamiltonian(hamiltonian, n, s)
    one = sparse.eye_array(kernel.shape[0])
    lost = sparse.kron(kernel, one) + sparse.kron(one, kernel.conj())
    gained = sum(
        2 * down.real * sparse.kron(plus.T, plus.T) + 2 * up.real * sparse.kron(plus, plus)
        for plus in raising
    )
    return _tidy(gained - lost)


def _raising_operators(process: ModuleType, n: Any, s: Any) -> list[sparse.csr_array]:
    """Return the adjoint of every jump operator, once the Liouvillian is known to fit in memory."""
    count, d = spin_count(n), doubled_spin(s) + 1
    size, jumps = count * math.log2(d), 2 * math.log2(count)
    # Per element of a density matrix about (n 2s / (2s + 1))^2 others feed it: 20 bytes for each of them.
    require(count, d, 2 * size + jumps + math.log2(20), "Liouvillian")
    if process is collective:
        return [collective_operators(n, s)[1]]
    if process is independent:
        return [plus for _, plus in local_operators(n, s)]
    raise ValueError(
        f"Argument `process` must be spinbath.collective or spinbath.independent, but was {process!r}."
    )


def _hamiltonian(value: Any, n: Any, s: Any) -> sparse.coo_array:
    """Return a Hamiltonian that the interaction picture leaves as it is."""
    levels = magnetisation(*read(n, s))
    found = sparse.coo_array(value)
    fits = found.shape == (len(levels),) * 2 and np.all(np.isfinite(found.data))
    rounding = 1e-12 * np.max(np.abs(found.data), initial=0.0)
    if not fits or abs(found - found.conj().T).max() > rounding:
        raise ValueError(
            "Argument `hamiltonian` must be a finite Hermitian matrix of shape"
            f" ({len(levels)}, {len(levels)}), but was {value!r}."
        )
    row, column = found.coords
    if np.any(np.abs(found.data[levels[row] != levels[column]]) > rounding):
        raise ValueError("Argument `hamiltonian` must commute with J_z, but did not.")
    return found


def _tidy(matrix: Any) -> sparse.csr_array:
    """Return a csr array without stored zeros, real where it can be."""
    found = sparse.csr_array(matrix)
    found = found if np.any(found.data.imag) else found.real
    found.eliminate_zeros()
    return found


def rate_equation(
    beta_B: Any, *, J: Any, offset: int = 0, rate: Any = 1.0, shifts: tuple[Any, Any] = (0.0, 0.0)
) -> NDArray[Any]:
    """Generator of the dissipation within one multiplet, for one diagonal of the density matrix.

    Implements Eq. (A1): the elements ``rho_{m, m + offset}`` of a spin `J` feed only each other.

    Parameters
    ----------
    beta_B, rate, shifts
        As in `bath_rates`.
    J : int, float, Fraction or str
        Total spin, a non-negative half-integer.
    offset : int
        Which diagonal, ``m' - m``, from ``-2 J`` to ``2 J``: 0 for the populations.

    Returns
    -------
    ndarray
        Tridiagonal matrix by ascending `m`, of size ``2 J + 1 - |offset|``; real for the populations.

    Raises
    ------
    ValueError
        If an argument is out of its range; the message names it.

    Examples
    --------
    >>> rate_equation(float("inf"), J=1).tolist()
    [[0.0, 2.0, 0.0], [0.0, -2.0, 2.0], [0.0, 0.0, -2.0]]
    """
    down, up = bath_rates(beta_B, rate=rate, shifts=shifts)
    top = doubled_spin(J, "J")
    if not isinstance(offset, (int, np.integer)) or abs(offset) > top:
        raise ValueError(
            f"Argument `offset` must be an integer from {-top} to {top}, but was {offset!r}."
        )
    lower = np.arange(max(0, -offset), top + 1 - max(0, offset), dtype=np.float64)
    k = np.column_stack([lower, lower + offset])  # J + m and J + m'
    emitted, absorbed = k * (top - k + 1), (top - k) * (k + 1)
    coefficients = np.array([[down, up], [down.conjugate(), up.conjugate()]])
    lost = emitted @ coefficients[:, 0] + absorbed @ coefficients[:, 1]
    hops = np.sqrt(np.prod(emitted[1:], axis=1))  # between m - 1 and m, either way
    found = 2 * down.real * np.diag(hops, 1) + 2 * up.real * np.diag(hops, -1) - np.diag(lost)
    return found if offset else found.real
