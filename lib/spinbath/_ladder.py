"""Thermodynamics of one ladder of `N` equally spaced levels.

A spin `J` in a field is a ladder of ``N = 2 J + 1`` levels with unit spacing. Everything in
this package is a weighted sum of the functions below, which count excitations from the
lowest level and accept any sign of the inverse temperature, arrays of `beta` and arrays of
`N`. They are written so that nothing cancels: for ``N |beta| < 2`` in terms of
``ln(sinh y / y)`` and its derivatives, otherwise in terms of Boltzmann factors.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ._arguments import COLD, Floats

Elementwise: TypeAlias = Callable[[Floats, Floats], Floats]
BoolArray: TypeAlias = NDArray[np.bool_]

# Taylor coefficients c_k, k = 1, 2, ..., of ln(sinh y / y) = sum_k c_k y^(2k).
# Recipe: c_k = (-1)^(k+1) zeta(2k) / (k pi^(2k)), evaluated with 40 digits.
_C = np.array([
    1.6666666666666667e-1, -5.5555555555555556e-3, 3.527336860670194e-4, -2.6455026455026455e-5,
    2.1377799155576933e-6, -1.803670234005331e-7, 1.5661391322766984e-8, -1.3884130493737299e-9,
    1.2504359176004996e-10, -1.1402575602296091e-11, 1.0502923908637556e-12, -9.7548778415937016e-14,
    9.1234682308590978e-15, -8.5837197618956093e-16, 8.1173180097277896e-17, -7.7105275141162733e-18,
    7.3528449327120026e-19, -7.0361012103906523e-20,
])  # fmt: skip
_K2 = 2.0 * np.arange(1, len(_C) + 1)
_LANGEVIN = (_C * _K2)[::-1]  # coth y - 1/y = y * polynomial in y^2
_CURVATURE = (_C * _K2 * (_K2 - 1))[::-1]  # 1/y^2 - 1/sinh(y)^2, a polynomial in y^2

# Zero is replaced by a number so small that every limit has been reached.
_TINY = 1e-100


def _magnitude(beta: Floats | float) -> Floats:
    return np.clip(np.abs(beta), _TINY, COLD)


def _langevin(y: Floats) -> Floats:
    """Return ``coth(y) - 1/y`` for ``0 <= y <= 1``."""
    return y * np.polyval(_LANGEVIN, y * y)


def _curvature(y: Floats) -> Floats:
    """Return ``1/y**2 - 1/sinh(y)**2`` for ``0 <= y <= 1``."""
    return np.polyval(_CURVATURE, y * y)


def _where_small(large: Floats, beta: Floats, N: Floats | float, small: Elementwise) -> Floats:
    """Replace `large` by `small` where ``N beta < 2``."""
    beta, size = np.broadcast_arrays(beta, N)
    is_small = size * beta < 2.0
    if is_small.any():
        large = np.array(large)
        large[is_small] = small(beta[is_small], size[is_small])
    return large


def _occupation(beta: Floats) -> Floats:
    """Return ``1 / expm1(beta)``, the Bose function, for ``beta > 0`` without overflow."""
    return -np.exp(-beta) / np.expm1(-beta)


def _many_excitations(beta: Floats, N: Floats) -> Floats:
    return (N - 1) / 2 - (N * _langevin(N * beta / 2) - _langevin(beta / 2)) / 2


def excitation(beta: Floats | float, N: Floats | float) -> Floats:
    """Mean number of excitations, ``sum_j j exp(-j beta) / sum_j exp(-j beta)``, j < N."""
    b = _magnitude(beta)
    top = np.exp(-np.maximum(N * b, 1.0))
    cold = _where_small(_occupation(b) - N * top / (1.0 - top), b, N, _many_excitations)
    return np.where(np.less(beta, 0), N - 1 - cold, cold)


def log_sum(beta: Floats | float, N: Floats | float) -> Floats:
    """Logarithm of ``sum_{j<N} exp(-j beta)``."""
    b = _magnitude(beta)
    excited = np.exp(-b) * np.expm1(-(N - 1) * b) / np.expm1(-b)
    return np.log1p(excited) + np.where(np.less(beta, 0), (N - 1) * b, 0.0)


def entropy(beta: Floats | float, N: Floats | float) -> Floats:
    """Von Neumann entropy of the thermal state of the ladder; even in `beta`."""
    b = _magnitude(beta)
    return log_sum(b, N) + b * excitation(b, N)


def _small_variance(beta: Floats, N: Floats) -> Floats:
    return (N**2 * _curvature(N * beta / 2) - _curvature(beta / 2)) / 4


def variance(beta: Floats | float, N: Floats | float) -> Floats:
    """Variance of the number of excitations, minus the derivative of `excitation`."""
    b = _magnitude(beta)
    top = np.exp(-np.maximum(N * b, 1.0))
    large = np.exp(-b) / np.expm1(-b) ** 2 - N**2 * top / (1.0 - top) ** 2
    return _where_small(large, b, N, _small_variance)


def polarisation(beta: Floats | float, N: Floats | float) -> Floats:
    """Return ``-2 e_J``, by how much the spin points to its ground state, for `beta` >= 0."""
    b = _magnitude(beta)
    return _where_small(
        N - 1 - 2 * excitation(b, N), b, N, lambda b, N: N * _langevin(N * b / 2) - _langevin(b / 2)
    )


def lowering(beta: Floats | float, N: Floats | float) -> Floats:
    """Mean of ``J+ J-`` in the thermal state of a spin with `N` levels, ``-2 e_J / expm1(beta)``, `beta` >= 0."""
    return polarisation(beta, N) * _occupation(_magnitude(beta))


@lru_cache(maxsize=1)
def _gauss() -> tuple[Floats, Floats]:
    nodes, weights = np.polynomial.legendre.leggauss(12)
    return (1 + nodes) / 2, weights / 2


def _close(a: Floats, b: Floats, N: Floats) -> BoolArray:
    """Where the variance is smooth between `a` and `b`, and differences of closed forms cancel."""
    return np.abs(b - a) <= np.maximum(2 / N, np.minimum(np.abs(a + b) / 4, 1.0))


def _piecewise(
    a: Floats,
    b: Floats,
    N: Floats | float,
    shift: Floats | float,
    power: int,
    far: Callable[..., Floats],
) -> Floats:
    """Integrate ``(b - u)**power`` times the variance over u from a to b where close, else call `far`."""
    a, b, size, shift = np.broadcast_arrays(np.minimum(a, COLD), np.clip(b, -COLD, COLD), N, shift)
    near = _close(a, b, size)
    result = np.empty(a.shape)
    result[~near] = far(a[~near], b[~near], size[~near])
    if near.any():
        start, gap, N = a[near], (b - a + shift)[near], size[near]
        terms = (
            w * (1 - t) ** power * variance(start + t * gap, N)
            for t, w in zip(*_gauss(), strict=True)
        )
        result[near] = gap ** (power + 1) * sum(terms)
    return result


def excitation_difference(
    a: Floats | float, b: Floats | float, N: Floats | float, shift: Floats | float = 0.0
) -> Floats:
    """Return ``excitation(a) - excitation(b + shift)`` to full relative precision.

    `shift` is the rounding error of `b`, far smaller than `b`; it matters only where a
    and b almost agree.
    """
    side = np.where(np.less(a, -b), -1.0, 1.0)  # towards few excitations, which keep their digits
    return side * _piecewise(side * a, side * b, N, side * shift, 0, _far_difference)


def _far_difference(a: Floats, b: Floats, N: Floats) -> Floats:
    return excitation(a, N) - excitation(b, N)


def relative_entropy(a: Floats | float, b: Floats | float, N: Floats | float) -> Floats:
    """Relative entropy ``D(rho(a) || rho(b))`` of two thermal states of the ladder, for finite `b`."""
    side = np.where(np.less(a, 0), -1.0, 1.0)
    return _piecewise(side * a, side * b, N, 0.0, 1, _far_relative_entropy)


def _far_relative_entropy(a: Floats, b: Floats, N: Floats) -> Floats:
    return log_sum(b, N) - log_sum(a, N) + (b - a) * excitation(a, N)
