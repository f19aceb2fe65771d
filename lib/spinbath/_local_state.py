"""State of each spin in the collective steady state, and the coherence between the spins."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import _ladder
from ._arguments import Floats, doubled_spin
from ._clebsch_gordan import populations as populations_by_level
from ._ensemble import groups, mean
from ._thermodynamics import read


def local_populations(beta_B: Any, *, n: Any, s: Any, beta_0: Any = np.inf) -> Floats:
    """Populations of the levels of each spin in the collective steady state.

    Implements Eq. (D1) for any `n`, `s` and `beta_0` by Clebsch-Gordan sums.

    Parameters
    ----------
    beta_B, n, s, beta_0
        As in `energy`.

    Returns
    -------
    ndarray
        Shape of the broadcast ``beta_B, beta_0`` plus ``(2 s + 1,)``; last axis ``m = -s ... s``, adds up to 1.

    Raises
    ------
    ValueError
        If an argument is out of its range; the message names it.

    Notes
    -----
    The paper's Eqs. (D4) to (D9) hold for ``s = 1/2`` only: the state ``|ns, m>`` is not a uniform superposition of
    product states. The correct weights are ``prod_k C(2s, s + m_k) / C(2ns, ns + m)``.

    Cost: about ``(2 s + 1)^2`` numbers for each pair of a total spin of the other ``n - 1`` spins and a level; beyond
    a few hundred of either, a short list of them stands for all.

    Examples
    --------
    >>> local_populations(0.0, n=2, s=1).round(12).tolist()
    [0.333333333333, 0.333333333333, 0.333333333333]
    """
    n, d, beta_B, beta_0 = read(n, s, beta_B=beta_B, beta_0=beta_0)
    return _populations(beta_B, beta_0, n, d)


def _populations(beta_B: Floats, beta_0: Floats, n: int, d: int) -> Floats:
    cold, reverse = np.abs(beta_B).ravel(), (beta_B < 0).ravel()
    found = np.empty((beta_0.size, d))
    for magnitude, places in groups(beta_0.ravel()):
        found[places] = populations_by_level(cold[places], magnitude, n, d)
    found[reverse] = found[reverse, ::-1]
    return found.reshape(*beta_0.shape, d)


def local_beta(beta_B: Any, *, n: Any, s: Any = "1/2", beta_0: Any = np.inf) -> Floats:
    """Inverse temperature of one spin 1/2 in the collective steady state.

    The ``beta_Loc`` of Eqs. (30) and (31), for any initial temperature.

    Parameters
    ----------
    beta_B, n, beta_0
        As in `energy`.
    s : int, float, Fraction or str
        Must be 1/2: for larger spins the local state is in general not thermal, and has no temperature.

    Returns
    -------
    ndarray
        ``ln(p(-1/2) / p(1/2))``, odd in `beta_B`, infinite where one of the two vanishes. For
        ``|beta_B|`` and ``|beta_0| - |beta_B|`` large against ``ln n`` it tends to
        ``beta_B + sgn(beta_B) ln n``; Eq. (31) in print lacks the sign.

    Raises
    ------
    ValueError
        If an argument is out of its range; the message names it.

    Examples
    --------
    >>> round(float(local_beta(30.0, n=2)), 9)
    30.693147181
    """
    if doubled_spin(s) != 1:
        raise ValueError(
            f"Argument `s` must be 1/2 (larger spins are in general not locally thermal), but was {s!r}."
        )
    n, d, beta_B, beta_0 = read(n, s, beta_B=beta_B, beta_0=beta_0)
    cold = np.abs(beta_B)
    excited = mean(lambda k, N, b: k + _ladder.excitation(b, N), n, d, beta_0, cold)
    return _log_ratio(beta_B, beta_0, n, d, excited)


def _log_ratio(beta_B: Floats, beta_0: Floats, n: int, d: int, emission: Floats) -> Floats:
    """Logarithm of absorption over `emission`, which differ by ``-2 <J_z>``, odd in `beta_B`.

    `emission` is that at ``|beta_B|``; the difference is formed first to keep the digits around 0.
    """
    cold = np.abs(beta_B)
    excess = mean(lambda k, N, b: _ladder.excitation_difference(-b, b, N), n, d, beta_0, cold)
    with np.errstate(divide="ignore"):
        return np.copysign(np.log1p(excess / emission), beta_B)


def _local_emission(beta_B: Floats, beta_0: Floats, n: int, d: int) -> Floats:
    """Sum over the spins of ``<j_k+ j_k->``: what they would emit without coherence between them."""
    populations = _populations(beta_B, beta_0, n, d)
    return n * (populations[..., 1:] @ (np.arange(1.0, d) * np.arange(d - 1.0, 0.0, -1.0)))


def coherence(beta_B: Any, *, n: Any, s: Any, beta_0: Any = np.inf) -> Floats:
    """Total coherence between the spins that the bath creates.

    The sum over ``k != l`` of ``<j_k+ j_l->`` that Appendix H reasons about.

    Parameters
    ----------
    beta_B, n, s, beta_0
        As in `energy`.

    Returns
    -------
    ndarray
        Coherence: even in `beta_B`, positive for ``|beta_0| > |beta_B|``, negative for
        ``|beta_0| < |beta_B|``, zero for ``n = 1`` and ``beta_0 = +-beta_B``. The error is
        below 1e-12 times ``<J+ J->``; the coherence itself can be smaller by cancellation.

    Raises
    ------
    ValueError
        If an argument is out of its range; the message names it.

    Notes
    -----
    For ``s = 1/2`` the energy is displaced by ``E - E^th = -tanh(beta_B / 2) coherence``.

    Examples
    --------
    >>> round(float(coherence(0.0, n=2, s="1/2")), 12)
    0.333333333333
    """
    n, d, beta_B, beta_0 = read(n, s, beta_B=beta_B, beta_0=beta_0)
    cold = np.abs(beta_B)
    total = mean(lambda k, N, b: _ladder.lowering(b, N), n, d, beta_0, cold)
    return total - _local_emission(cold, beta_0, n, d)


def inverse_apparent_temperature(
    beta_B: Any, *, n: Any, s: Any, beta_0: Any = np.inf, dephased: bool = False
) -> Floats:
    """Inverse apparent temperature, ``ln(<J- J+> / <J+ J->)``, of the collective steady state.

    Implements Eq. (H2). The steady state has the temperature of the bath, Eq. (I2); without its coherences in the
    local basis (`dephased`) it has another one, given by the local populations alone.

    Parameters
    ----------
    beta_B, n, s, beta_0
        As in `energy`.
    dephased : bool
        Whether the coherences between product states are removed, as in Appendix J.

    Returns
    -------
    ndarray
        Inverse apparent temperature, odd in `beta_B`; NaN for ``s = 0``, which absorbs and emits nothing. If
        `dephased`, equal to `local_beta` for ``s = 1/2``.

    Raises
    ------
    ValueError
        If an argument is out of its range; the message names it.

    Notes
    -----
    Eqs. (J3) to (J11) rest on (D4) and hold for ``s = 1/2`` only; here the sums over product states reduce to
    ``Tr J+ J- rho = n sum_m p_Loc(m) (s + m) (s - m + 1)`` for any `s` and `beta_0`.

    Examples
    --------
    >>> round(float(inverse_apparent_temperature(0.7, n=2, s=1, dephased=True)), 6)
    1.01809
    """
    n, d, beta_B, beta_0 = read(n, s, beta_B=beta_B, beta_0=beta_0)
    if d == 1:
        return np.full(beta_B.shape, np.nan)
    if not dephased:
        return beta_B.copy()
    emission = _local_emission(np.abs(beta_B), beta_0, n, d)
    return _log_ratio(beta_B, beta_0, n, d, emission)
