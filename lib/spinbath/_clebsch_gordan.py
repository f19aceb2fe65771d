"""State of one spin among `n`: Clebsch-Gordan sums over coupling it to the other ``n - 1``.

The others have total spin ``J'`` with the weight that they would have without it. Given ``J'``, the whole has
``J = J' + s - r``, r = 0 ... 2 s, with probability ``Z_J / (Z_s Z_J')`` at the initial temperature, and is
then thermal at the temperature of the bath. All terms are positive.
"""

from __future__ import annotations

import numpy as np

from . import _ensemble, _ladder, _saddle
from ._arguments import COLD, Floats, Integers

_NEVER = -1e9  # logarithm of a coefficient that vanishes


def populations(beta_B: Floats, beta_0: float, n: int, d: int) -> Floats:
    """Populations by ascending level, shape (len(beta_B), d), for 1-D `beta_B` and `beta_0`, all >= 0."""
    beta_B = np.minimum(beta_B, COLD)
    found = np.zeros((len(beta_B), d))
    k, weight = _ensemble.quadrature(beta_0, n - 1, d)
    for others, share in zip(
        ((n - 1) * (d - 1) + 1 - 2 * k).tolist(), weight.tolist(), strict=True
    ):
        r = np.arange(min(d, others))
        size = others + d - 1.0 - 2 * r
        log_joint = _ladder.log_sum(beta_0, size) - _ladder.log_sum(beta_0, float(d)) - r * beta_0
        joint = share * np.exp(log_joint - _ladder.log_sum(beta_0, float(others)))
        found += _thermal_average(beta_B, joint, size, others, d)
    return found


def _thermal_average(beta_B: Floats, joint: Floats, size: Floats, others: int, d: int) -> Floats:
    x, factor = _excitation_nodes(int(size[0]), float(beta_B.min()), d)
    squares = _clebsch_gordan_squared(x, len(size), others, d)
    boltzmann = factor * np.exp(-beta_B[:, None] * x)
    return sum(
        (p * np.exp(-_ladder.log_sum(beta_B, N)))[:, None]
        * (boltzmann @ (square * (x < N)[:, None]))
        for p, N, square in zip(joint, size, squares, strict=True)
    )


def _excitation_nodes(N: int, coldest: float, d: int) -> tuple[Integers, Floats]:
    """Nodes and factors for sums over the levels of a ladder: Boltzmann factor times a polynomial."""
    reach = 80 + 4 * d  # below the population of the highest level
    stop = N if coldest * (N - d) < reach else d + int(reach / coldest) + 1
    if stop <= 512:
        return np.arange(stop), np.ones(stop)
    share = max(4.0, d / 3)
    return _saddle.cover(0, stop, lambda start: min(start, N - start) / share)


def _clebsch_gordan_squared(x: Integers, count: int, others: int, d: int) -> Floats:
    """Probability of level `j` of spin `s` in level `x` of the multiplet ``J' + s - r``, as [r, x, j].

    The coefficients obey a three-term recurrence in `j`, the eigenvalue equation of the
    total spin. It is stable only towards growing coefficients, so it is run from both ends
    and joined where the product of both solutions, there the square itself, is largest.
    """
    r = np.arange(float(count))[:, None]
    up = _recur(x + r, r, others, d)
    down = _recur(others + d - 2 - x - r, r, others, d)[..., ::-1]
    join = np.argmax(up + down, axis=-1)[..., None]
    level = np.arange(d)
    log_square = np.where(
        level <= join,
        up - np.take_along_axis(up, join, -1),
        down - np.take_along_axis(down, join, -1),
    )
    square = np.exp(2 * log_square)
    return square / square.sum(axis=-1, keepdims=True)


def _recur(total: Floats, r: Floats, others: int, d: int) -> Floats:
    """Logarithms of the coefficients, from level 0 up, for `total` excitations."""
    result = np.full((*total.shape, d), _NEVER)
    first = np.maximum(total - (others - 1), 0)
    here, before, scale = (np.zeros(total.shape), np.zeros(total.shape), np.zeros(total.shape))
    for j in range(d):
        here = np.where(first == j, 1.0, here)
        size = np.maximum(np.abs(here), np.abs(before))
        size = np.where(size > 0, size, 1.0)
        here, before, scale = here / size, before / size, scale + np.log(size)
        present = here != 0
        result[..., j] = np.where(
            present, np.log(np.abs(np.where(present, here, 1.0))) + scale, _NEVER
        )
        here, before = _step(here, before, total, r, j, others, d), here
    return result


def _step(
    here: Floats, before: Floats, total: Floats, r: Floats, j: int, others: int, d: int
) -> Floats:
    diagonal = (others - 1) * j + (d - 1 - 2 * j) * (total - j) - r * (others + d - 1 - r)
    ahead = _coupling(total, j, others, d)
    behind = _coupling(total, j - 1, others, d)
    return (diagonal * here - behind * before) / ahead


def _coupling(total: Floats, j: int, others: int, d: int) -> Floats:
    """Matrix element of the total spin squared between levels `j` and ``j + 1`` of spin `s`.

    Its square is an integer. Beyond the last level 1 stands for 0: what follows there is never looked
    at, since the recurrence from the other end has nothing there to join.
    """
    return np.sqrt(np.maximum((d - 1 - j) * (j + 1) * (total - j) * (others - total + j), 1.0))
