"""Independent dissipation: a bath that tells the spins apart, each relaxing on its own.

Every function takes the same arguments as its namesake in `spinbath.collective`. The final state does not
depend on the initial one, so `energy`, `entropy` and `local_populations` only broadcast
against `beta_0`. Units: hbar = omega = k_B = 1, energies counted from the ground state.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import _ladder
from ._arguments import COLD, Floats
from ._thermodynamics import entropy_production as _entropy_production
from ._thermodynamics import free_energy_change as _free_energy_change
from ._thermodynamics import heat_at_infinity as _heat_at_infinity
from ._thermodynamics import read as _read

__all__ = [
    "energy",
    "energy_difference",
    "entropy",
    "entropy_production",
    "free_energy_change",
    "local_populations",
]


def energy(beta_B: Any, *, n: Any, s: Any, beta_0: Any = np.inf) -> Floats:
    """Thermal equilibrium energy of `n` spins of size `s`.

    Implements Eq. (26), ``E^th = n [e_s(beta_B) + s]``.

    Parameters
    ----------
    beta_B : array_like
        Inverse temperature of the bath, any sign, may be infinite.
    n : int
        Number of spins, at least 1.
    s : int, float, Fraction or str
        Size of each spin, a non-negative half-integer.
    beta_0 : array_like
        Initial inverse temperature; without influence, broadcasts against `beta_B`.

    Returns
    -------
    ndarray
        Number of excitations: ``n s`` at ``beta_B = 0``, 0 at ``+inf``, ``2 n s`` at ``-inf``.

    Raises
    ------
    ValueError
        If an argument is out of its range; the message names it.

    Examples
    --------
    >>> float(energy(0.0, n=4, s="3/2"))
    6.0
    """
    n, d, beta_B, _ = _read(n, s, beta_B=beta_B, beta_0=beta_0)
    return n * _ladder.excitation(beta_B, float(d))


def entropy(beta_B: Any, *, n: Any, s: Any, beta_0: Any = np.inf) -> Floats:
    """Thermal equilibrium entropy of `n` spins of size `s`, in nats.

    Implements Eq. (36), `n` times the entropy of one spin.

    Parameters
    ----------
    beta_B, n, s, beta_0
        As in `energy`.

    Returns
    -------
    ndarray
        Entropy: even in `beta_B`, ``n ln(2 s + 1)`` at 0 and 0 at ``+-inf``.

    Raises
    ------
    ValueError
        If an argument is out of its range; the message names it.

    Examples
    --------
    >>> round(float(entropy(0.0, n=2, s=1)), 12)
    2.197224577336
    """
    n, d, beta_B, _ = _read(n, s, beta_B=beta_B, beta_0=beta_0)
    return n * _ladder.entropy(beta_B, float(d))


def entropy_production(beta_B: Any, *, n: Any, s: Any, beta_0: Any = np.inf) -> Floats:
    """Entropy produced while `n` spins relax independently from `beta_0` to `beta_B`.

    Implements ``Sigma^th = -beta_B Delta F^th`` of Section VII as `n` times the relative entropy of the
    initial to the final state of one spin.

    Parameters
    ----------
    beta_B, n, s
        As in `energy`.
    beta_0 : array_like
        Initial inverse temperature, any sign, may be infinite; broadcasts against `beta_B`.

    Returns
    -------
    ndarray
        Entropy production: zero where ``beta_0 = beta_B``, else positive; infinite for infinite `beta_B`.

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
    return _entropy_production(beta_B, n * _ladder.relative_entropy(beta_0, beta_B, float(d)))


def free_energy_change(beta_B: Any, *, n: Any, s: Any, beta_0: Any = np.inf) -> Floats:
    """Free energy change while `n` spins relax independently from `beta_0` to `beta_B`.

    Implements ``Delta F^th`` of Section VII, with the free energy (44), as
    ``-entropy_production / beta_B``, which does not cancel.

    Parameters
    ----------
    beta_B, n, s, beta_0
        As in `entropy_production`.

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
    >>> round(float(free_energy_change(1.0, n=1, s="1/2", beta_0=float("inf"))), 12)
    -0.313261687518
    """
    production = entropy_production(beta_B, n=n, s=s, beta_0=beta_0)
    n, d, beta_B, beta_0 = _read(n, s, beta_B=beta_B, beta_0=beta_0)
    return _free_energy_change(
        beta_B, production, lambda: n * _heat_at_infinity(beta_B, beta_0, float(d))
    )


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
    n, d, beta_B, reference, error, _ = _read(
        n, s, beta_B=beta_B, reference=reference, reference_error=reference_error, beta_0=beta_0
    )
    return n * _ladder.excitation_difference(beta_B, reference, float(d), error)


def local_populations(beta_B: Any, *, n: Any, s: Any, beta_0: Any = np.inf) -> Floats:
    """Populations of the levels of each spin in thermal equilibrium.

    Implements the diagonal of Eq. (11) at the temperature of the bath.

    Parameters
    ----------
    beta_B, n, s, beta_0
        As in `energy`.

    Returns
    -------
    ndarray
        Shape ``beta_B.shape + (2 s + 1,)``; last axis ``m = -s ... s``, adds up to 1.

    Raises
    ------
    ValueError
        If an argument is out of its range; the message names it.

    Examples
    --------
    >>> local_populations(0.0, n=4, s=1).round(12).tolist()
    [0.333333333333, 0.333333333333, 0.333333333333]
    """
    n, d, beta_B, _ = _read(n, s, beta_B=beta_B, beta_0=beta_0)
    cold = np.minimum(np.abs(beta_B), COLD)[..., None]
    ascending = np.exp(-cold * np.arange(d) - _ladder.log_sum(cold, float(d)))
    return np.where(beta_B[..., None] < 0, ascending[..., ::-1], ascending)
