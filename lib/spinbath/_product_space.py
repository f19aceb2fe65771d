"""Operators in the space of all product states of `n` spins of size `s`.

The basis is Eq. (3): each spin runs through ``m = -s ... s`` in ascending order, and the last spin runs
fastest, as in `numpy.kron`. Operators are real sparse arrays.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
from scipy import sparse

from ._arguments import Floats, doubled_spin, real_array, spin_count

# Bytes that one matrix may take; building it takes a few times as much.
MEMORY_LIMIT = 2**30


def read(n: Any, s: Any, numbers: float = 2.0, what: str = "density matrix") -> tuple[int, int]:
    """Return `n` and ``2 s + 1``; raise if ``(2 s + 1)^(numbers n)`` floats do not fit in memory."""
    n, d = spin_count(n), doubled_spin(s) + 1
    require(n, d, n * math.log2(d) * numbers + 3, what)
    return n, d


def require(n: int, d: int, log2_bytes: float, what: str) -> None:
    """Raise unless ``2^log2_bytes`` bytes fit in memory."""
    if log2_bytes > math.log2(MEMORY_LIMIT):
        raise ValueError(
            f"Arguments `n` and `s` must span a space that fits in memory, but were {n} and"
            f" {Fraction(d - 1, 2)}: {d}^{n} dimensions, whose {what} needs about"
            f" 10^{log2_bytes * math.log10(2):.1f} bytes (the limit is {MEMORY_LIMIT})."
        )


def magnetisation(n: int, d: int) -> Floats:
    """Return the eigenvalue of ``J_z`` in every product state."""
    m = np.arange(d) - (d - 1) / 2
    total = np.zeros(1)
    for _ in range(n):
        total = np.add.outer(total, m).ravel()
    return total


def spin_operators(s: Any) -> tuple[sparse.csr_array, sparse.csr_array]:
    """Operators ``j_z`` and ``j_+`` of one spin.

    Parameters
    ----------
    s : int, float, Fraction or str
        Size of the spin, a non-negative half-integer.

    Returns
    -------
    tuple of csr_array
        ``j_z`` and ``j_+ = j_x + i j_y``, both real; ``j_-`` is the transpose ``j_+.T``.

    Raises
    ------
    ValueError
        If `s` is not a non-negative half-integer.

    Examples
    --------
    >>> z, plus = spin_operators("1/2")
    >>> z.diagonal().tolist(), plus.toarray().tolist()
    ([-0.5, 0.5], [[0.0, 0.0], [1.0, 0.0]])
    """
    twice = doubled_spin(s)
    k = np.arange(twice, dtype=np.float64)
    raising = np.sqrt((k + 1) * (twice - k))
    z = sparse.diags_array(np.arange(twice + 1) - twice / 2)
    plus = sparse.coo_array((raising, (k.astype(int) + 1, k.astype(int))), shape=z.shape)
    return z.tocsr(), plus.tocsr()


def local_operators(n: Any, s: Any) -> list[tuple[sparse.csr_array, sparse.csr_array]]:
    """Operators ``j_{z,k}`` and ``j_{+,k}`` of every spin, in the space of all of them.

    Parameters
    ----------
    n : int
        Number of spins, at least 1.
    s : int, float, Fraction or str
        Size of each spin, a non-negative half-integer.

    Returns
    -------
    list of tuple of csr_array
        ``(j_{z,k}, j_{+,k})`` for ``k = 1 ... n``.

    Raises
    ------
    ValueError
        If `n` or `s` is out of its range, or the space too large for the memory.

    Examples
    --------
    >>> (first, _), (second, _) = local_operators(2, "1/2")
    >>> first.diagonal().tolist(), second.diagonal().tolist()
    ([-0.5, -0.5, 0.5, 0.5], [-0.5, 0.5, -0.5, 0.5])
    """
    n, d = read(n, s, 1.0, "operator")
    return [
        tuple(_embedded(operator, n, d, place) for operator in spin_operators(s))
        for place in range(n)
    ]


def _embedded(operator: sparse.csr_array, n: int, d: int, place: int) -> sparse.csr_array:
    left, right = sparse.eye_array(d**place), sparse.eye_array(d ** (n - place - 1))
    return sparse.kron(sparse.kron(left, operator), right, format="csr")


def collective_operators(n: Any, s: Any) -> tuple[sparse.csr_array, sparse.csr_array]:
    """Operators ``J_z`` and ``J_+`` of the ensemble, the sums of those of its spins.

    Parameters
    ----------
    n, s
        As in `local_operators`.

    Returns
    -------
    tuple of csr_array
        ``J_z`` and ``J_+``, both real; ``J_-`` is the transpose ``J_+.T``.

    Raises
    ------
    ValueError
        If `n` or `s` is out of its range, or the space too large for the memory.

    Examples
    --------
    >>> z, plus = collective_operators(2, "1/2")
    >>> z.diagonal().tolist()
    [-1.0, 0.0, 0.0, 1.0]
    """
    z, plus = zip(*local_operators(n, s), strict=True)
    return sum(z[1:], z[0]), sum(plus[1:], plus[0])


def inhomogeneity(detunings: Any, *, n: Any, s: Any) -> sparse.csr_array:
    """Hamiltonian of unequal level spacings.

    Implements ``H_inh = sum_k delta_k j_{z,k}`` of Eq. (K1).

    Parameters
    ----------
    detunings : array_like
        ``delta_1 ... delta_n``: by how much the spacing of each spin differs from the common one.
    n, s
        As in `local_operators`.

    Returns
    -------
    csr_array
        The Hamiltonian, diagonal.

    Raises
    ------
    ValueError
        If `detunings` does not hold `n` finite numbers, or `n` or `s` is out of its range.

    Examples
    --------
    >>> inhomogeneity([0.1, -0.1], n=2, s="1/2").diagonal().tolist()
    [0.0, -0.1, 0.1, 0.0]
    """
    delta = real_array(detunings, "detunings")
    if delta.shape != (spin_count(n),) or not np.all(np.isfinite(delta)):
        raise ValueError(
            f"Argument `detunings` must hold {n} finite numbers, but was {detunings!r}."
        )
    terms = [value * z for value, (z, _) in zip(delta, local_operators(n, s), strict=True)]
    return sum(terms[1:], terms[0])


def interaction(couplings: Any, *, n: Any, s: Any) -> sparse.csr_array:
    """Hamiltonian of an exchange of excitations between pairs of spins.

    Implements ``H_int = sum_{k>l} Omega_{k,l} (j_{+,k} j_{-,l} + j_{-,k} j_{+,l})`` of Eq. (K1): each pair
    counts once.

    Parameters
    ----------
    couplings : array_like
        ``Omega_{k,l}``, a real symmetric matrix with zero diagonal, shape ``(n, n)``.
    n, s
        As in `local_operators`.

    Returns
    -------
    csr_array
        The Hamiltonian.

    Raises
    ------
    ValueError
        If `couplings` is no such matrix, or `n` or `s` is out of its range.

    Examples
    --------
    >>> interaction([[0, 0.5], [0.5, 0]], n=2, s="1/2").toarray()[1:3, 1:3].tolist()
    [[0.0, 0.5], [0.5, 0.0]]
    """
    omega = real_array(couplings, "couplings")
    if (
        omega.shape != (spin_count(n),) * 2
        or not np.all(np.isfinite(omega))
        or np.any(omega != omega.T)
        or np.any(np.diag(omega))
    ):
        raise ValueError(
            f"Argument `couplings` must be a finite symmetric matrix of shape ({n}, {n}) with zero diagonal,"
            f" but was {couplings!r}."
        )
    plus = [raising for _, raising in local_operators(n, s)]
    hamiltonian = 0.0 * sparse.csr_array(plus[0])
    for k, other in zip(
        *np.nonzero(omega), strict=True
    ):  # both orders of a pair: one is the adjoint
        hamiltonian = hamiltonian + omega[k, other] * (plus[k] @ plus[other].T)
    hamiltonian.eliminate_zeros()
    return hamiltonian
