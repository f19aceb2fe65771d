"""Solution of a linear equation of motion for a density matrix: at given times, and for ever."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse
from scipy.sparse import csgraph

from ._arguments import real_array
from ._density_matrix import square
from ._product_space import MEMORY_LIMIT

# A rate below this fraction of the largest one is zero up to rounding.
CONSERVED = 1e-13


def evolve(liouvillian: Any, state: Any, times: Any) -> NDArray[Any]:
    """Density matrix at given times.

    Solves Eq. (1), ``rho(t) = exp(L t) rho(0)``, each time directly from ``t = 0``.

    Parameters
    ----------
    liouvillian : csr_array
        Generator, from `liouvillian`, shape ``(D^2, D^2)``.
    state : array_like
        Density matrix at ``t = 0``, shape ``(D, D)``.
    times : array_like
        Times, finite and not negative, in any order.

    Returns
    -------
    ndarray
        Density matrices, shape ``times.shape + (D, D)``.

    Raises
    ------
    ValueError
        If the shapes do not fit, a time is out of its range, or a block is too large for the memory.

    Notes
    -----
    The part that stays for ever is split off exactly (see `steady_state`) and the rest is multiplied by a
    dense matrix exponential, block by block; eigenvectors, which may be ill-conditioned or missing, are not used.
    The error is about ``1e-15`` times the ratio of the largest rate to the smallest one not zero.

    Examples
    --------
    >>> from spinbath import collective, master_equation
    >>> generator = master_equation.liouvillian(collective, float("inf"), n=1, s="1/2")
    >>> up = master_equation.thermal_state(float("-inf"), n=1, s="1/2")
    >>> evolve(generator, up, [0.0, 1.0])[:, 1, 1].round(12).tolist()
    [1.0, 0.367879441171]
    """
    rho = square(state, "state")
    at = real_array(times, "times")
    if np.any(at < 0) or not np.all(np.isfinite(at)):
        raise ValueError(f"Argument `times` must be finite and not negative, but was {times!r}.")
    found = np.zeros((at.size, rho.size), np.result_type(liouvillian, rho, np.float64))
    for places, block, start in _blocks(liouvillian, rho):
        end = _conserved_part(block, start)
        for row, t in zip(found, at.flat, strict=True):
            row[places] = end + linalg.expm(t * block) @ (start - end)
    return found.reshape(at.shape + rho.shape)


def steady_state(liouvillian: Any, state: Any) -> NDArray[Any]:
    """Density matrix that is reached from a given one as time goes to infinity.

    Solves ``L rho = 0`` within the null space of ``L``, which is degenerate: collective dissipation has a steady
    state for each multiplet, and the initial state decides between them. The state is projected along
    the other eigenspaces, by the right and left null vectors of each block of ``L``.

    Parameters
    ----------
    liouvillian : csr_array
        Generator, from `liouvillian`, shape ``(D^2, D^2)``.
    state : array_like
        Initial density matrix, shape ``(D, D)``.

    Returns
    -------
    ndarray
        Density matrix, shape ``(D, D)``.

    Raises
    ------
    ValueError
        If the shapes do not fit, a block is too large for the memory, or no steady state is found.

    Notes
    -----
    A rate below ``1e-13`` of the largest one counts as zero. At zero temperature the lowest states of
    all multiplets are dark, and coherences between them survive; where a Hamiltonian makes these rotate for ever, the
    result is the mean over time.

    Examples
    --------
    >>> from spinbath import collective, master_equation
    >>> generator = master_equation.liouvillian(collective, 0.0, n=2, s="1/2")
    >>> cold = master_equation.thermal_state(float("inf"), n=2, s="1/2")
    >>> steady_state(generator, cold).diagonal().round(12).tolist()
    [0.333333333333, 0.166666666667, 0.166666666667, 0.333333333333]
    """
    rho = square(state, "state")
    found = np.zeros(rho.size, np.result_type(liouvillian, rho, np.float64))
    for places, block, start in _blocks(liouvillian, rho):
        found[places] = _conserved_part(block, start)
    return found.reshape(rho.shape)


def _blocks(generator: Any, rho: NDArray[Any]) -> Iterator[tuple[Any, NDArray[Any], NDArray[Any]]]:
    """Yield the elements of `rho` that feed each other, their generator, and their values.

    Every generator here conserves ``m - m'``, and independent dissipation much more.
    """
    matrix, vector = sparse.csr_array(generator), rho.ravel()
    if rho.ndim != 2 or matrix.shape != (rho.size, rho.size):
        raise ValueError(
            f"Argument `state` must have shape (D, D) and `liouvillian` (D^2, D^2), but had {rho.shape}"
            f" and {matrix.shape}."
        )
    _, label = csgraph.connected_components(abs(matrix), directed=False)
    order = np.argsort(label, kind="stable")
    for places in np.split(order, np.flatnonzero(np.diff(label[order])) + 1):
        if np.any(vector[places]):
            _require_block(len(places), matrix.dtype.itemsize)
            yield places, matrix[places][:, places].toarray(), vector[places]


def _require_block(size: int, itemsize: int) -> None:
    if size**2 * itemsize > MEMORY_LIMIT // 4:  # the solvers hold about four matrices at once
        raise ValueError(
            f"Argument `liouvillian` must have blocks that fit in memory, but {size} elements of the state are"
            f" coupled, which needs {4 * size**2 * itemsize} bytes (the limit is {MEMORY_LIMIT})."
        )


def _conserved_part(block: NDArray[Any], start: NDArray[Any]) -> NDArray[Any]:
    """Return the projection of `start` on the null space, along the range, of `block`."""
    q, r, order = linalg.qr(block, pivoting=True)
    pivots = np.abs(np.diag(r))
    rank = int(np.sum(pivots > CONSERVED * pivots[0]))
    left, right = q[:, rank:], np.zeros((len(block), len(block) - rank), r.dtype)
    right[order] = np.vstack(
        [-linalg.solve_triangular(r[:rank, :rank], r[:rank, rank:]), np.eye(len(block) - rank)]
    )
    overlap = left.conj().T @ right
    if np.any(linalg.svdvals(overlap) < 1e-10):
        raise ValueError("Argument `liouvillian` must have a steady state, but grows for ever.")
    return right @ linalg.solve(overlap, left.conj().T @ start)
