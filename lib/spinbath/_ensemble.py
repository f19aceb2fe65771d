"""Sums over the total spins of an ensemble, whatever its size."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from . import _ladder, _saddle
from ._arguments import COLD, Floats, Integers

# From this many spins on, the saddle-point sum of `_saddle` replaces exact integers.
_MANY = 64

# Terms evaluated at once: bounds the memory of a call, and keeps it in the processor's cache.
_CHUNK = 1 << 14


def count(n: int, d: int) -> int:
    """Number of distinct total spins of `n` ladders of `d` levels; `n` may be 0."""
    return 1 if n <= 1 else n * (d - 1) // 2 + 1


def multiplicities(n: int, d: int, stop: int) -> list[int]:
    """Multiplicities by descending total spin, ``k = n s - J`` from 0 to ``stop - 1``; `n` may be 0."""
    found = [1]
    recent = 1  # sum of the last d - 1 multiplicities
    for k in range(1, stop):
        left = found[k - d] if k >= d else 0
        found.append(((n - 1) * recent - (n * (d - 1) + d + 1 - k) * left) // k)
        recent += found[k] - (found[k - d + 1] if k >= d - 1 else 0)
    return found


@lru_cache(maxsize=64)
def _log_multiplicities(n: int, d: int, stop: int) -> Floats:
    return np.array([math.log(found) for found in multiplicities(n, d, stop)])


def log_probability(k: Floats, beta: Floats | float, n: int, d: int) -> Floats:
    """Logarithm of ``p_J(beta) = Z_J / Z`` at ``J = n s - k``: of one multiplet of the ``l_J``."""
    multiplet = _ladder.log_sum(beta, n * (d - 1) + 1 - 2 * k)
    return multiplet - n * _ladder.log_sum(beta, float(d)) - k * beta


def log_weights(k: Integers, beta: float, n: int, d: int) -> Floats:
    """Logarithm of ``l_J p_J(beta)`` at ``J = n s - k``, `beta` >= 0."""
    if n >= _MANY and d > 1:
        return _saddle.log_weights(k, beta, n, d)
    stop = min(count(n, d), 1 << int(k.max(initial=0)).bit_length())
    log_l = _log_multiplicities(n, d, stop)[k]
    return log_l + log_probability(k.astype(np.float64), beta, n, d)


def _occupied(beta: float, n: int, d: int) -> int:
    """Number of total spins, from the largest down, beyond which every weight underflows."""
    everything = count(n, d)
    if beta == 0:
        return everything
    # Chernoff's bound at half the inverse temperature
    cost = 750 + n * float(_ladder.log_sum(beta / 2, float(d)) - _ladder.log_sum(beta, float(d)))
    return int(min(everything, 2 * cost / beta + 1))


def quadrature(beta: float, n: int, d: int) -> tuple[Integers, Floats]:
    """Values of ``k = n s - J`` and their weights, so that ``sum_i w_i f(J_i)`` is the mean of `f`.

    Few spins: every total spin with its weight. Many: a short list of them, for functions that
    are smooth in `J`. Weights that underflow are left out.
    """
    stop = _occupied(beta, n, d)
    if n >= _MANY and d > 1:
        k, factor = _saddle.nodes(beta, n, d, stop)
    else:
        k, factor = np.arange(stop), np.ones(stop)
    found = factor * np.exp(log_weights(k, beta, n, d))
    carries = found != 0
    return k[carries], found[carries]


def groups(beta_0: Floats) -> list[tuple[float, Integers]]:
    """Distinct magnitudes of the flat array `beta_0`, each with the places where it stands."""
    if not beta_0.size:
        return []
    distinct, place = np.unique(np.minimum(np.abs(beta_0), COLD), return_inverse=True)
    order = np.argsort(place, kind="stable")
    ends = np.searchsorted(place[order], np.arange(1, len(distinct)))
    return list(zip(distinct.tolist(), np.split(order, ends), strict=True))


def mean(term: Callable[..., Floats], n: int, d: int, beta_0: Floats, *betas: Floats) -> Floats:
    """Mean of ``term(k, N, *betas)`` over the total spins, ``J = n s - k`` and ``N = 2 J + 1``."""
    flat = [b.ravel() for b in betas]
    result = np.empty(beta_0.size)
    for magnitude, places in groups(beta_0.ravel()):
        k, weight = quadrature(magnitude, n, d)
        column = k[:, None].astype(np.float64)
        size = n * (d - 1) + 1 - 2 * column
        for part in np.array_split(places, places.size * k.size // _CHUNK + 1):
            result[part] = weight @ term(column, size, *(b[part] for b in flat))
    return result.reshape(beta_0.shape)
