"""Collective dissipation: a bath that cannot tell the spins apart.

`n` spins of size `s` start in the thermal state at inverse temperature `beta_0` and relax, by the collective master
equation (1), to the steady state (16): each multiplet of total spin `J` is thermal at the temperature of the bath, but keeps
the weight ``l_J p_J(beta_0)`` that it had at the start. Every function is the mean of a property of one
multiplet over these weights, and takes the same arguments as its namesake in `spinbath.independent`.

The steady state is even in `beta_0`. Units: hbar = omega = k_B = 1, energies counted from the ground state.
Unless a docstring says otherwise, results have a relative error below 1e-12 for inverse temperatures 0, +-inf
and up to 700 in magnitude, and a cost nearly independent of `n`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import _ladder, _local, spectrum
from ._arguments import COLD, Floats, doubled_spin
from ._thermodynamics import free_energy_change as _free_energy_change
from ._thermodynamics import heat_at_infinity as _heat_at_infinity
from ._thermodynamics import read as _read

__all__ = [
    "coherence",
    "energy",
    "energy_difference",
    "entropy",
    "entropy_production",
    "free_energy_change",
    "inverse_apparent_temperature",
    "local_beta",
    "local_populations",
]

# Terms evaluated at once: bounds the memory of a call to a few arrays of this size.
_CHUNK = 1 << 18


def _groups(beta_0: Floats) -> list[tuple[float, Floats]]:
    """Distinct magnitudes of the flat array `beta_0`, each with the places where it stands."""
    distinct, place = np.unique(np.minimum(np.abs(beta_0), COLD), return_inverse=True)
    order = np.argsort(place, kind="stable")
    return list(
        zip(
            distinct.tolist(),
            np.split(order, np.searchsorted(place[order], np.arange(1, len(distinct)))),
            strict=True,
        )
    )


def _mean(
    term: Callable[..., Floats], n: int, d: int, beta_0: Floats, *betas: Floats
) -> Floats:
    """Mean of ``term(k, N, *betas)`` over the total spins, ``J = n s - k`` and ``N = 2 J + 1``."""
    flat = [b.ravel() for b in betas]
    result = np.empty(beta_0.size)
    for magnitude, places in _groups(beta_0.ravel()):
        k, weight = spectrum.quadrature(magnitude, n, d)
        column = k[:, None].astype(np.float64)
        for part in np.array_split(places, places.size * k.size // _CHUNK + 1):
            result[part] = weight @ term(
                column, n * (d - 1) + 1 - 2 * column, *(b[part] for b in flat)
            )
    return result.reshape(beta_0.shape)


def energy(beta_B: Any, *, n: Any, s: Any, beta_0: Any = np.inf) -> Floats:
    """Steady-state energy under collective dissipation.

    Implements Eq. (18), and Eq. (25) for ``beta_0 = +-inf``.

    Parameters
    ----------
    beta_B : array_like
        Inverse temperature of the bath, any sign, may be infinite.
    n : int
        Number of spins, at least 1.
    s : int, float, Fraction or str
        Size of each spin, a non-negative half-integer.
    beta_0 : array_like
        Inverse temperature of the initial thermal state, any sign, may be infinite; broadcasts against `beta_B`.

    Returns
    -------
    ndarray
        Number of excitations: ``n s`` at ``beta_B = 0``; equal to `spinbath.independent.energy` for ``n = 1``
        and for ``beta_0 = +-beta_B``; ``E(-beta_B) = 2 n s - E(beta_B)``.

    Raises
    ------
    ValueError
        If an argument is out of its range; the message names it.

    Notes
    -----
    Summed as ``sum_J l_J p_J [(n s - J) + <J + m>]``: no term is negative, so that the exponentially small
    energies of low temperatures keep their digits.

    Examples
    --------
    >>> round(float(energy(1.0, n=2, s="1/2")), 12)
    0.424789617396
    """
    n, d, beta_B, beta_0 = _read(n, s, beta_B=beta_B, beta_0=beta_0)
    return _mean(lambda k, N, b: k + _ladder.excitation(b, N), n, d, beta_0, beta_B)


def energy_difference(
    beta_B: Any,
    *,
    reference: Any,
    n: Any,
    s: Any,
    beta_0: Any = np.inf,
    reference_error: Any = 0.0,
) -> Floats:
    """Difference of `energy` between two bath temperatures, to full relative precision.

    Parameters
    ----------
    beta_B, n, s, beta_0
        As in `energy`.
    reference : array_like
        The other inverse temperature; broadcasts against `beta_B`.
    reference_error : array_like
        Tiny correction to be added to `reference`, such as its rounding error.

    Returns
    -------
    ndarray
        ``energy(beta_B) - energy(reference)``, without cancellation where the two almost agree.

    Raises
    ------
    ValueError
        If an argument is out of its range; the message names it.

    Examples
    --------
    >>> float(energy_difference(1.0, reference=1.0, n=2, s=1))
    0.0
    """
    n, d, beta_B, reference, error, beta_0 = _read(
        n,
        s,
        beta_B=beta_B,
        reference=reference,
        reference_error=reference_error,
        beta_0=beta_0,
    )
    return _mean(
        lambda k, N, b, r, e: _ladder.excitation_difference(b, r, N, e),
        n,
        d,
        beta_0,
        beta_B,
        reference,
        error,
    )


def entropy(beta_B: Any, *, n: Any, s: Any, beta_0: Any = np.inf) -> Floats:
    """Steady-state von Neumann entropy under collective dissipation, in nats.

    Implements Eq. (35), in the form (32) to (34): the mean entropy of the multiplets plus the Shannon
    entropy of the weights; and Eq. (40) for ``beta_0 = +-inf``.

    Parameters
    ----------
    beta_B, n, s, beta_0
        As in `energy`.

    Returns
    -------
    ndarray
        Entropy: even in `beta_B` and in `beta_0`; ``ln(2 n s + 1)`` for ``beta_B = 0`` and ``beta_0 = +-inf``.

    Raises
    ------
    ValueError
        If an argument is out of its range; the message names it.

    Examples
    --------
    >>> round(float(entropy(0.0, n=2, s="1/2")), 12)
    1.098612288668
    """
    n, d, beta_B, beta_0 = _read(n, s, beta_B=beta_B, beta_0=beta_0)

    def term(k: Floats, N: Floats, b: Floats, b_0: Floats) -> Floats:
        return _ladder.entropy(b, N) - spectrum.log_probability(k, b_0, n, d)

    return _mean(term, n, d, beta_0, beta_B, np.minimum(np.abs(beta_0), COLD))


def entropy_production(beta_B: Any, *, n: Any, s: Any, beta_0: Any = np.inf) -> Floats:
    """Entropy produced during collective dissipation from `beta_0` to `beta_B`.

    Implements ``Sigma = -beta_B Delta F`` of Section VII as the mean over the multiplets of the
    relative entropy of their initial to their final state.

    Parameters
    ----------
    beta_B, n, s, beta_0
        As in `energy`; here the sign of `beta_0` matters.

    Returns
    -------
    ndarray
        Entropy production: zero where ``beta_0 = beta_B``, else positive and not larger than
        `spinbath.independent.entropy_production`; infinite for infinite `beta_B`.

    Raises
    ------
    ValueError
        If an argument is out of its range; the message names it.

    Examples
    --------
    >>> float(entropy_production(2.0, n=3, s=1, beta_0=2.0))
    0.0
    """
    n, d, beta_B, beta_0 = _read(n, s, beta_B=beta_B, beta_0=beta_0)
    return _mean(
        lambda k, N, b, b_0: _ladder.relative_entropy(b_0, b, N),
        n,
        d,
        beta_0,
        beta_B,
        beta_0,
    )


def free_energy_change(beta_B: Any, *, n: Any, s: Any, beta_0: Any = np.inf) -> Floats:
    """Free energy change during collective dissipation from `beta_0` to `beta_B`.

    Implements ``Delta F`` of Section VII, with the free energy (44), as ``-entropy_production / beta_B``, which
    does not cancel.

    Parameters
    ----------
    beta_B, n, s, beta_0
        As in `energy`; here the sign of `beta_0` matters.

    Returns
    -------
    ndarray
        Negative for ``beta_B > 0``, positive for ``beta_B < 0``. At ``beta_B = +0.0`` it is ``-inf`` and at
        ``-0.0`` ``+inf``, unless ``beta_0 = 0``, where it is 0; at ``+-inf`` it is the energy change.

    Raises
    ------
    ValueError
        If an argument is out of its range; the message names it.

    Examples
    --------
    >>> round(float(free_energy_change(1.0, n=2, s="1/2")), 12)
    -0.407605964444
    """
    production = entropy_production(beta_B, n=n, s=s, beta_0=beta_0)
    n, d, beta_B, beta_0 = _read(n, s, beta_B=beta_B, beta_0=beta_0)

    def energy_change() -> Floats:
        return _mean(
            lambda k, N, b, b_0: _heat_at_infinity(b, b_0, N),
            n,
            d,
            beta_0,
            beta_B,
            beta_0,
        )

    return _free_energy_change(beta_B, production, energy_change)


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
    n, d, beta_B, beta_0 = _read(n, s, beta_B=beta_B, beta_0=beta_0)
    cold, reverse = np.abs(beta_B).ravel(), (beta_B < 0).ravel()
    found = np.empty((beta_0.size, d))
    for magnitude, places in _groups(beta_0.ravel()):
        found[places] = _local.populations(cold[places], magnitude, n, d)
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
        Must be 1/2: for larger spins the local state is not thermal, and has no temperature.

    Returns
    -------
    ndarray
        ``ln(p(-1/2) / p(1/2))``, infinite where one of the two vanishes, odd in `beta_B`; for ``|beta_B|`` and ``|beta_0| - |beta_B|`` large against ``ln n`` it
        tends to ``beta_B + sgn(beta_B) ln n`` (Eq. (31) in print lacks the sign).

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
            f"Argument `s` must be 1/2 (larger spins are locally not thermal), but was {s!r}."
        )
    return _log_one_plus_bias(beta_B, n, s, beta_0, energy)


def _log_one_plus_bias(
    beta_B: Any, n: Any, s: Any, beta_0: Any, emission: Callable[..., Floats]
) -> Floats:
    """Return ``ln(1 - 2 <J_z> / emission)`` at ``|beta_B|`` with the sign of `beta_B`: accurate around zero."""
    _, _, beta_B, beta_0 = _read(n, s, beta_B=beta_B, beta_0=beta_0)
    cold = np.abs(beta_B)
    bias = energy_difference(-cold, reference=cold, n=n, s=s, beta_0=beta_0)
    with np.errstate(divide="ignore"):
        return np.copysign(
            np.log1p(bias / emission(cold, n=n, s=s, beta_0=beta_0)), beta_B
        )


def _local_emission(beta_B: Any, *, n: Any, s: Any, beta_0: Any) -> Floats:
    """Sum over the spins of ``<j_k+ j_k->``: what they would emit without coherence between them."""
    populations = local_populations(beta_B, n=n, s=s, beta_0=beta_0)
    d = populations.shape[-1]
    return n * (
        populations[..., 1:] @ (np.arange(1.0, d) * np.arange(d - 1.0, 0.0, -1.0))
    )


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
        Coherence: even in `beta_B`, positive for ``|beta_0| > |beta_B|``, negative for ``|beta_0| < |beta_B|``, zero for
        ``n = 1`` and, up to rounding, ``beta_0 = +-beta_B``. The error is below 1e-12 times ``<J+ J->``; the
        coherence itself can be smaller by cancellation.

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
    n, d, beta_B, beta_0 = _read(n, s, beta_B=beta_B, beta_0=beta_0)
    cold = np.abs(beta_B)
    total = _mean(lambda k, N, b: _ladder.lowering(b, N), n, d, beta_0, cold)
    return total - _local_emission(cold, n=n, s=s, beta_0=beta_0)


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
    n, d, beta_B, beta_0 = _read(n, s, beta_B=beta_B, beta_0=beta_0)
    if d == 1:
        return np.full(beta_B.shape, np.nan)
    if not dephased:
        return beta_B.copy()
    return _log_one_plus_bias(beta_B, n, s, beta_0, _local_emission)
