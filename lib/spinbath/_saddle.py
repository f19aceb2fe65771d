"""Weights of large ensembles by an exact saddle-point sum, and sums over their total spin.

With ``k = n s - J`` and the tilt ``theta``, the generating function of the multiplicities,
``sum_k l_k x^k = (1 - x) ((1 - x^d) / (1 - x))^n`` with ``d = 2 s + 1``, gives

    l_k exp(-k theta) = Z^n  (1 / 2 pi) integral phi(t)^n exp(-i k t) (1 - exp(i t - theta)) dt,

where ``Z`` is the sum of the Boltzmann factors of one spin at ``theta`` and ``phi`` the characteristic
function of its number of excitations. A trapezoid sum over the circle is exact up to aliasing.
Each `k` gets the tilt at which it is the mean, so that the integrand is a narrow bell
without oscillations and the result has full relative precision however rare `k` is.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from . import _ladder
from ._arguments import Floats, Integers

_NODES = 20  # interpolation nodes in a block
_LOG_NEGLIGIBLE = 39.0  # exp(-39) is below double precision


def log_weights(k: Integers, beta: float, n: int, d: int) -> Floats:
    """Logarithm of ``l_J p_J(beta)`` at ``J = n s - k`` for n >= 64 ladders of `d` levels, beta >= 0."""
    parts = np.array_split(k, len(k) * min(d, 500) // 20_000 + 1)
    return np.concatenate([_log_weights(part, beta, n, d) for part in parts])


def _log_weights(k: Integers, beta: float, n: int, d: int) -> Floats:
    levels = float(d)
    theta = _tilt(k / n, d)
    spin = n * (d - 1) / 2 - k
    excess = np.where(  # the difference of the smaller numbers, which keeps more digits
        k < spin,
        k - n * _ladder.excitation(theta, levels),
        n * _ladder.polarisation(theta, levels) / 2 - spin,
    )
    cost = n * _ladder.relative_entropy(theta, beta, levels) - excess * (theta - beta)
    multiplet = _ladder.log_sum(beta, (n * (d - 1) + 1 - 2 * k).astype(np.float64))
    return multiplet - cost + np.log(_tilted(excess, theta, n, d))


def _tilt(mean: Floats, d: int) -> Floats:
    """Inverse temperature at which one ladder of `d` levels holds about `mean` excitations."""
    mean = np.maximum(mean, 1e-12)
    theta = np.log1p(1 / mean)
    levels = float(d)
    for _ in range(9):
        held = _ladder.excitation(theta, levels)
        step = np.log(held / mean) * held / _ladder.variance(theta, levels)
        theta = np.maximum(theta + step, 0.0)
    return theta


def _tilted(excess: Floats, theta: Floats, n: int, d: int) -> Floats:
    """The integral above for ``k = n <excitations> + excess``, at the tilt `theta`."""
    sigma = np.sqrt(n * _ladder.variance(theta, float(d)))
    period = 2 * np.floor(8.5 * sigma + 12.5) + 1
    t = 2 * np.pi / period[:, None] * np.arange(_frequencies(sigma, period, n))
    log_modulus, phase = _log_characteristic(t, theta, d)
    tilt = theta[:, None]
    sine = np.exp(-tilt) * np.sin(t)
    cosine = -np.expm1(-tilt) + 2 * np.exp(-tilt) * np.sin(t / 2) ** 2
    angle = n * phase - excess[:, None] * t + np.arctan2(cosine, sine)
    bell = np.exp(n * log_modulus) * np.hypot(cosine, sine) * np.sin(angle)
    bell[:, 1:] *= 2 * (t[:, 1:] < np.pi)
    return bell.sum(axis=1) / period


def _frequencies(sigma: Floats, period: Floats, n: int) -> int:
    """Number of frequencies after which ``|phi|^n <= (1 + 4 sigma^2 sin(t/2)^2 / n)^(-n/2)`` is negligible."""
    width = np.sqrt(n * np.expm1(2 * _LOG_NEGLIGIBLE / n))
    last = 2 * np.arcsin(np.minimum(width / (2 * sigma), 1.0))
    return int(np.max(last * period / (2 * np.pi))) + 2


def _log_characteristic(t: Floats, theta: Floats, d: int) -> tuple[Floats, Floats]:
    """Logarithm, modulus and phase, of ``<exp(i t (j - <j>))>`` for one ladder."""
    levels, factors = cover(0, d, lambda j: j / 4)
    populations = factors * np.exp(
        -theta[:, None] * levels - _ladder.log_sum(theta, float(d))[:, None]
    )
    offset = levels - (populations @ levels)[:, None]
    loss, phase = np.zeros(t.shape), np.zeros(t.shape)
    for p, x in zip(populations.T[..., None], offset.T[..., None], strict=True):
        angle = x * t
        loss += 2 * p * np.sin(angle / 2) ** 2
        phase -= p * _sine_deficit(angle)
    squared = np.maximum(loss * (loss - 2) + phase**2, -0.9999)  # phi^n vanishes long before
    return np.log1p(squared) / 2, np.arctan2(phase, 1 - loss)


def _sine_deficit(x: Floats) -> Floats:
    """Return ``x - sin(x)`` without cancellation."""
    y = x * x
    series = 1 - y / 156 * (1 - y / 210 * (1 - y / 272))
    for m in (110, 72, 42, 20):
        series = 1 - y / m * series
    small = x * y / 6 * series
    return small if y.max() < 1 else np.where(y < 1, small, x - np.sin(x))


def nodes(beta: float, n: int, d: int, stop: int) -> tuple[Integers, Floats]:
    """Values of ``k < stop``, and factors, that turn a sum over all total spins into a short one.

    For functions smooth in `J` on the scale of `J` itself, ``sum_J f(J)`` over the window that
    carries the weight equals ``sum_i factor_i f(n s - k_i)``.
    """
    mean, variance = (n * float(f(beta, float(d))) for f in (_ladder.excitation, _ladder.variance))
    rarity = _LOG_NEGLIGIBLE + np.log(n * (d - 1.0) + 1)
    reach = (d - 1) * rarity / 3  # Bernstein's inequality
    reach += float(np.sqrt(reach**2 + 2 * variance * rarity))
    start = max(0, int(np.floor(mean - reach)))
    stop = min(stop, int(np.ceil(mean + reach)) + 1)
    longest = 1.6 * float(np.sqrt(variance))
    return cover(start, stop, lambda k: min(longest, (n * (d - 1) - 2 * k) / 4))


def cover(start: int, stop: int, longest: Callable[[int], float]) -> tuple[Integers, Floats]:
    """Nodes and factors for a sum over ``range(start, stop)``, in blocks no longer than `longest` of their start."""
    places, factors = [], []
    while start < stop:
        length = min(_round_down(longest(start)), stop - start)
        offsets, weights = block_rule(length)
        places.append(start + offsets)
        factors.append(weights)
        start += length
    return np.concatenate(places), np.concatenate(factors)


def _round_down(length: float) -> int:
    """Return the largest 16, 20, 24, 28, 32, 40, ... up to `length`, so that few rules are needed."""
    whole = max(int(length), 16)
    step = 1 << (whole.bit_length() - 3)
    return whole // step * step


@lru_cache(maxsize=1024)
def block_rule(length: int) -> tuple[Integers, Floats]:
    """Integer nodes and weights with ``sum_{i<length} f(i) = sum_j w_j f(i_j)`` for smooth `f`.

    The nodes are Chebyshev points rounded to distinct integers; the rule is exact for every
    polynomial of lower degree than there are nodes, and for every `f` when all integers are nodes.
    """
    chebyshev = np.cos(np.pi * (np.arange(_NODES) + 0.5) / _NODES)
    chosen = np.unique(np.rint((length - 1) / 2 * (1 + chebyshev)).astype(np.int64))
    if length <= 24:
        chosen = np.arange(length)
    scale = 2 / max(length - 1, 1)
    moments = np.polynomial.chebyshev.chebvander(
        scale * np.arange(length) - 1, len(chosen) - 1
    ).sum(axis=0)
    basis = np.polynomial.chebyshev.chebvander(scale * chosen - 1, len(chosen) - 1)
    weights = np.ones(length) if len(chosen) == length else np.linalg.solve(basis.T, moments)
    return chosen, weights
