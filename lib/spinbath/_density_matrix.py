"""Density matrices in the space of all product states: thermal ones, and what is read off from any."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ._arguments import COLD, Floats, real_array
from ._product_space import magnetisation, read


def scalar(value: Any, name: str) -> float:
    """Return one real number; infinities are allowed."""
    array = real_array(value, name)
    if array.ndim:
        raise ValueError(f"Argument `{name}` must be a single number, but was {value!r}.")
    return float(array)


def square(value: Any, name: str) -> NDArray[Any]:
    """Return a finite matrix, or an array of them, in its last two axes square."""
    array = np.asarray(value)
    if (
        array.dtype.kind not in "iufc"
        or array.ndim < 2
        or array.shape[-1] != array.shape[-2]
        or not np.all(np.isfinite(array))
    ):
        raise ValueError(
            f"Argument `{name}` must be a finite square matrix, but was of type {array.dtype} and"
            f" shape {array.shape}."
        )
    return array


def thermal_state(beta: Any, *, n: Any, s: Any) -> Floats:
    """Thermal state of the ensemble as a density matrix.

    Implements Eq. (11), ``exp(-beta J_z) / Z``.

    Parameters
    ----------
    beta : float
        Inverse temperature, any sign, may be infinite.
    n, s
        As in `local_operators`.

    Returns
    -------
    ndarray
        Diagonal density matrix; the lowest (highest) product state alone for ``beta = inf`` (``-inf``).

    Raises
    ------
    ValueError
        If `beta` is no number, `n` or `s` is out of its range, or the space too large for the memory.

    Examples
    --------
    >>> thermal_state(0, n=1, s=1).diagonal().round(12).tolist()
    [0.333333333333, 0.333333333333, 0.333333333333]
    """
    n, d = read(n, s)
    exponent = -np.clip(scalar(beta, "beta"), -COLD, COLD) * magnetisation(n, d)
    boltzmann = np.exp(exponent - exponent.max())
    return np.diag(boltzmann / boltzmann.sum())


def reduced_state(state: Any, *, n: Any, s: Any, spin: int = 0) -> NDArray[Any]:
    """State of one spin of the ensemble.

    Implements Eq. (D1), the trace over all other spins.

    Parameters
    ----------
    state : array_like
        Density matrix or an array of them, last two axes ``(2 s + 1)^n``.
    n, s
        As in `local_operators`.
    spin : int
        Which spin, from 0 to ``n - 1``.

    Returns
    -------
    ndarray
        Density matrix of the spin, last two axes ``m = -s ... s``.

    Raises
    ------
    ValueError
        If the shape of `state` does not fit `n` and `s`, or `spin` is out of range.

    Examples
    --------
    >>> reduced_state(thermal_state(0, n=3, s="1/2"), n=3, s="1/2").round(12).tolist()
    [[0.5, 0.0], [0.0, 0.5]]
    """
    n, d = read(n, s)
    rho = square(state, "state")
    if rho.shape[-1] != d**n:
        raise ValueError(
            f"Argument `state` must have last axes of length {d**n}, but its shape was {rho.shape}."
        )
    if spin not in range(n):
        raise ValueError(f"Argument `spin` must be from 0 to {n - 1}, but was {spin!r}.")
    parts = (d**spin, d, d ** (n - spin - 1))
    return np.einsum("...iakibk->...ab", rho.reshape(*rho.shape[:-2], *parts, *parts))


def expectation(operator: Any, state: Any) -> NDArray[Any]:
    """Expectation value ``Tr(operator state)``.

    Parameters
    ----------
    operator : sparse array or array_like
        Operator, shape ``(D, D)``.
    state : array_like
        Density matrix or an array of them, last two axes `D`.

    Returns
    -------
    ndarray
        Expectation values, one for each density matrix; real where `operator` is Hermitian.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> z = np.diag([-1.0, 0.0, 1.0])
    >>> float(expectation(z, thermal_state(float("inf"), n=1, s=1)))
    -1.0
    """
    entries = sparse.coo_array(operator)
    rho = square(state, "state")
    if entries.shape != rho.shape[-2:]:
        raise ValueError(
            f"Argument `operator` must have shape {rho.shape[-2:]}, but had {entries.shape}."
        )
    row, column = entries.coords
    values = np.sum(entries.data * rho[..., column, row], axis=-1)
    return values.real if abs(entries - entries.conj().T).max() == 0 else values


def von_neumann_entropy(state: Any) -> Floats:
    """Von Neumann entropy, in nats.

    Implements ``S = -Tr rho ln rho`` of Section VI by the eigenvalues of the density matrix.

    Parameters
    ----------
    state : array_like
        Density matrix or an array of them.

    Returns
    -------
    ndarray
        Entropies; eigenvalues below zero by rounding count as zero.

    Raises
    ------
    ValueError
        If `state` has an eigenvalue below ``-1e-9``, which no rounding explains.

    Examples
    --------
    >>> round(float(von_neumann_entropy(thermal_state(0, n=3, s=1))), 12)
    3.295836866004
    """
    p = np.linalg.eigvalsh(square(state, "state"))
    if np.any(p < -1e-9):
        raise ValueError(f"Argument `state` must be positive, but has the eigenvalue {p.min()}.")
    return -np.sum(p * np.log(np.where(p > 0, p, 1.0)), axis=-1) + 0.0
