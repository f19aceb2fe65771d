"""Collective dissipation: a bath that cannot tell the spins apart.

`n` spins of size `s` start in the thermal state at inverse temperature `beta_0` and relax, by the
collective master equation (1), to the steady state (16): each multiplet of total spin `J` is
thermal at the temperature of the bath, but keeps the weight ``l_J p_J(beta_0)`` that it had at the
start. Every function is the mean of a property of one multiplet over these weights, and takes
the same arguments as its namesake in `spinbath.independent`.

The steady state is even in `beta_0`. Units: hbar = omega = k_B = 1, energies counted from the ground state.
Unless a docstring says otherwise, results have a relative error below 1e-12 for inverse temperatures 0, +-inf
and up to 700 in magnitude, and a cost nearly independent of `n`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import _ladder
from ._arguments import COLD, Floats
from ._ensemble import log_probability as _log_probability
from ._ensemble import mean as _mean
from ._local_state import coherence, inverse_apparent_temperature, local_beta, local_populations
from ._thermodynamics import entropy_production as _entropy_production
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
    beta_B: Any, *, reference: Any, n: Any, s: Any, beta_0: Any = np.inf, reference_error: Any = 0.0
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
        n, s, beta_B=beta_B, reference=reference, reference_error=reference_error, beta_0=beta_0
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
        return _ladder.entropy(b, N) - _log_probability(k, b_0, n, d)

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
    produced = _mean(
        lambda k, N, b, b_0: _ladder.relative_entropy(b_0, b, N), n, d, beta_0, beta_B, beta_0
    )
    return _entropy_production(beta_B, produced)


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
            lambda k, N, b, b_0: _heat_at_infinity(b, b_0, N), n, d, beta_0, beta_B, beta_0
        )

    return _free_energy_change(beta_B, production, energy_change)
