"""The collective basis: total spin, which of its copies, and magnetic number."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ._arguments import Floats
from ._product_space import collective_operators, magnetisation, read


class MultipletBasis(NamedTuple):
    """The collective basis ``|J, m>_i``: its vectors as columns, and the labels of each column."""

    vectors: Floats
    J: Floats
    copy: NDArray[np.int64]
    m: Floats


def multiplet_basis(n: Any, s: Any) -> MultipletBasis:
    """Orthonormal basis of the total spin, in which ``J_+`` is the same matrix in every copy.

    Implements the collective basis ``|J, m>_i`` of Eq. (5): each lowest state ``|J, -J>_i`` is a null
    vector of ``J_-``, and the rest follow from it by ``J_+``.

    Parameters
    ----------
    n : int
        Number of spins, at least 1.
    s : int, float, Fraction or str
        Size of each spin, a non-negative half-integer.

    Returns
    -------
    MultipletBasis
        ``vectors``, the real orthogonal matrix with ``|J, m>_i`` as columns, and for each column ``J``, ``copy``
        (``i = 1 ... l_J``) and ``m``. Columns are ordered by ascending `J`, then `copy`, then `m`, so that
        ``vectors.T @ operator @ vectors`` is an operator in the collective basis.

    Raises
    ------
    ValueError
        If `n` or `s` is out of its range, or the space too large for the memory.

    Notes
    -----
    The copies of one `J` are defined up to a rotation among themselves.

    Examples
    --------
    >>> basis = multiplet_basis(2, "1/2")
    >>> basis.J.tolist(), basis.m.tolist()
    ([0.0, 1.0, 1.0, 1.0], [0.0, -1.0, 0.0, 1.0])
    >>> (basis.vectors[:, 0] * 2**0.5).round(12).tolist()
    [0.0, 1.0, -1.0, 0.0]
    """
    n, d = read(n, s)
    plus, levels = collective_operators(n, s)[1], magnetisation(n, d)
    vectors, labels = [], []
    for J in np.unique(levels[levels >= 0]):
        for copy, lowest in enumerate(_lowest_states(plus, levels, -J).T, start=1):
            ladder = _ladder_of(plus, lowest, J)
            vectors += ladder
            labels += [(J, copy, step - J) for step in range(len(ladder))]
    total, copies, m = np.array(labels).T
    return MultipletBasis(np.array(vectors).T, total, copies.astype(np.int64), m)


def _lowest_states(plus: Any, levels: Floats, m: float) -> Floats:
    """Return an orthonormal basis of the null space of ``J_-`` among the states of one `m`."""
    here, below = np.flatnonzero(levels == m), np.flatnonzero(levels == m - 1)
    _, _, right = np.linalg.svd(plus.T[below][:, here].toarray())
    found = np.zeros((len(levels), len(here) - len(below)))
    # A triangular shape with positive pivots leaves little of the arbitrary rotation among copies.
    rotation, pivots = np.linalg.qr(right[len(below) :])
    found[here] = right[len(below) :].T @ rotation * np.where(np.diag(pivots) < 0, -1.0, 1.0)
    return found


def _ladder_of(plus: Any, lowest: Floats, J: float) -> list[Floats]:
    """Return ``|J, m>`` for ``m = -J ... J``, raised one by one."""
    ladder = [lowest]
    for step in range(round(2 * J)):
        ladder.append(plus @ ladder[-1] / np.sqrt((step + 1) * (2 * J - step)))
    return ladder


def multiplet_projectors(n: Any, s: Any) -> dict[float, Floats]:
    """Projectors on the eigenspaces of the total spin squared.

    Implements the decomposition (6): the trace of a projector times a state is the weight of ``J``, which
    collective dissipation conserves.

    Parameters
    ----------
    n, s
        As in `multiplet_basis`.

    Returns
    -------
    dict of float to ndarray
        Projector on all copies of each total spin, by ascending ``J``; its trace is ``(2 J + 1) l_J``.

    Raises
    ------
    ValueError
        If `n` or `s` is out of its range, or the space too large for the memory.

    Examples
    --------
    >>> {J: round(P.trace()) for J, P in multiplet_projectors(3, "1/2").items()}
    {0.5: 4, 1.5: 4}
    """
    basis = multiplet_basis(n, s)
    columns = {float(J): basis.vectors[:, basis.J == J] for J in np.unique(basis.J)}
    return {J: vectors @ vectors.T for J, vectors in columns.items()}
