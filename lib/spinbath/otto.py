"""Quantum Otto cycle whose working medium is the ensemble of spins, Section VIII A."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np

from . import _ladder
from ._arguments import Floats, broadcast, doubled_spin, real_array, spin_count

__all__ = ["best_beta", "efficiency", "work"]


def _compression(value: Any) -> Floats:
    compression = real_array(value, "compression")
    if np.any(compression <= 0) or np.any(compression > 1):
        raise ValueError(f"Argument `compression` must be in (0, 1], but was {value!r}.")
    return compression


def efficiency(compression: Any) -> Floats:
    """Efficiency of the cycle, work extracted over heat invested.

    Implements Eq. (48), which is ``1 - compression`` for both processes.

    Parameters
    ----------
    compression : array_like
        Ratio of the level spacings in the cold and hot strokes, in (0, 1].

    Returns
    -------
    ndarray
        Efficiency, in [0, 1).

    Raises
    ------
    ValueError
        If `compression` is not in (0, 1].

    Examples
    --------
    >>> float(efficiency(0.25))
    0.75
    """
    return 1.0 - _compression(compression)


def work(
    process: ModuleType,
    *,
    beta_h: Any,
    beta_c: Any,
    compression: Any,
    n: Any,
    s: Any,
    beta_0: Any = np.inf,
) -> Floats:
    """Work extracted in one cycle.

    Implements Eq. (49) with `spinbath.collective` and Eq. (50) with `spinbath.independent`: minus the paper's `W`.

    Parameters
    ----------
    process : module
        `spinbath.collective` or `spinbath.independent`: how both baths act.
    beta_h, beta_c : array_like
        Inverse temperatures of the hot and the cold bath.
    compression : array_like
        Ratio ``lambda`` of the level spacings in the cold and hot strokes, in (0, 1].
    n : int
        Number of spins, at least 1.
    s : int, float, Fraction or str
        Size of each spin, a non-negative half-integer.
    beta_0 : array_like
        Inverse temperature of the initial thermal state.

    Returns
    -------
    ndarray
        ``(1 - lambda) [E(beta_h) - E(lambda beta_c)]``, positive when work is delivered, that is for
        ``beta_h < lambda beta_c`` and ``lambda < 1``. All arrays broadcast.

    Raises
    ------
    ValueError
        If an argument is out of its range; the message names it.

    Examples
    --------
    >>> from spinbath import collective
    >>> round(float(work(collective, beta_h=0.0, beta_c=2.0, compression=0.5, n=2, s="1/2")), 12)
    0.287605191302
    """
    if not hasattr(process, "energy_difference"):
        raise ValueError(
            f"Argument `process` must be spinbath.collective or spinbath.independent, but was {process!r}."
        )
    compression = _compression(compression)
    beta_h, beta_c, beta_0, compression = broadcast(
        beta_h=beta_h, beta_c=beta_c, beta_0=beta_0, compression=compression
    )
    cold, error = _exact_product(compression, beta_c)
    gain = process.energy_difference(
        beta_h, reference=cold, reference_error=error, n=n, s=s, beta_0=beta_0
    )
    return (1.0 - compression) * gain


def _exact_product(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Return the rounded product of two arrays and its rounding error (Dekker 1971)."""
    product = a * b
    b = np.where(np.isinf(b), 0.0, b)

    def split(x: Floats) -> tuple[Floats, Floats]:
        high = x * 134217729.0  # 2^27 + 1
        high = high - (high - x)
        return high, x - high

    (a_high, a_low), (b_high, b_low) = split(a), split(b)
    finite = np.where(np.isinf(product), 0.0, product)
    return product, a_low * b_low - (((finite - a_high * b_high) - a_low * b_high) - a_high * b_low)


def best_beta(n: Any, s: Any) -> float:
    """Cold inverse temperature at which collective dissipation gains most work.

    The ``beta_l`` of Appendix G and Eq. (G5): the positive zero of Eq. (G4), where the energies (25) and (26)
    differ most, for ``beta_0 = +-inf`` and ``beta_h = 0``.

    Parameters
    ----------
    n : int
        Number of spins, at least 2.
    s : int, float, Fraction or str
        Size of each spin, a positive half-integer.

    Returns
    -------
    float
        Root of ``Var_ns(beta) = n Var_s(beta)``; about ``ln[(sqrt(n) + 1) / (sqrt(n) - 1)]`` for many
        spins 1/2, and falling with `n` and `s`.

    Raises
    ------
    ValueError
        If ``n < 2`` or ``s = 0``, where both processes do the same work, or an argument is no spin.

    Notes
    -----
    The paper leaves ``beta_l`` to be read off its figures.

    Examples
    --------
    >>> round(best_beta(2, "1/2"), 6)
    1.208057
    """
    from scipy.optimize import brentq

    count, two_s = spin_count(n), doubled_spin(s)
    if count < 2:
        raise ValueError(
            f"Argument `n` must be at least 2 for a collective advantage, but was {n!r}."
        )
    if two_s == 0:
        raise ValueError(
            f"Argument `s` must be at least 1/2 for a collective advantage, but was {s!r}."
        )
    whole, one = count * two_s + 1.0, two_s + 1.0

    def slope(beta: float) -> float:
        return float(_ladder.variance(beta, whole) - count * _ladder.variance(beta, one))

    return float(brentq(slope, 1e-2 / whole, 20.0, xtol=1e-300))
