"""The definitions, term by term, at any precision: the slow oracle of this package.

The eigenvalues of the steady states (13) and (16) are written down one by one, with the number of times each
occurs, and energies, entropies and work are plain sums over them. Nothing is shared with the fast
modules but the reading of `n` and `s`: multiplicities come from counting, no geometric series is summed in closed
form, and what cancels is left to cancel at a precision that allows it.

Scalars go in; `mpmath` numbers come out, correct to the number of `digits` asked for. An inverse temperature may be
an int, a float, a Fraction or an `mpmath` number and is taken exactly as it stands; it may be infinite. The cost
grows with the square of ``n s``: a few milliseconds for tens of spins, seconds for ``n s`` of several hundred.

``import spinbath`` loads neither this module nor `mpmath`.
"""

from __future__ import annotations

import math
from types import ModuleType
from typing import Any

from . import collective
from ._arguments import doubled_spin, spin_count
from ._enumeration import (
    changes,
    exact,
    mean_energy,
    multiplet_probabilities,
    multiprecision,
    precision,
    reduced_populations,
    rounded,
    steady_state,
    total_spins,
    von_neumann_entropy,
)

__all__ = [
    "energy",
    "entropy",
    "entropy_production",
    "free_energy_change",
    "local_populations",
    "multiplicities",
    "weights",
    "work",
]


def _read(
    n: Any, s: Any, bath: Any, beta_0: Any, name: str = "beta_B"
) -> tuple[int, int, Any, Any]:
    count, d = spin_count(n), doubled_spin(s) + 1
    return count, d, exact(bath, name), exact(beta_0, "beta_0")


def multiplicities(n: Any, s: Any) -> list[int]:
    """How often each total spin occurs, by counting product states.

    Implements ``I_m = sum_{J >= |m|} l_J`` (below Eq. (13)), solved for ``l_J = I_J - I_{J+1}``.

    Parameters
    ----------
    n : int
        Number of spins, at least 1.
    s : int, float, Fraction or str
        Size of each spin, a non-negative half-integer.

    Returns
    -------
    list of int
        ``l_J`` by ascending total spin, without those that do not occur.

    Raises
    ------
    ValueError
        If `n` is not a positive integer or `s` not a non-negative half-integer.

    Examples
    --------
    >>> multiplicities(4, "1/2")
    [2, 3, 1]
    """
    return [count for _, count in total_spins(spin_count(n), doubled_spin(s) + 1)]


def weights(beta_0: Any, *, n: Any, s: Any, digits: int = 50) -> list[Any]:
    """Probability of each total spin in the initial thermal state.

    Implements ``l_J p_J(beta_0)`` with ``p_J = Z_J / Z`` of Eq. (15), and ``Z_J`` as the sum in Eq. (8).

    Parameters
    ----------
    beta_0 : int, float, Fraction or mpf
        Initial inverse temperature, any sign, may be infinite.
    n, s
        As in `multiplicities`.
    digits : int
        Number of correct digits.

    Returns
    -------
    list of mpf
        Weights in the order of `multiplicities`.

    Raises
    ------
    ValueError
        If an argument is out of its range; the message names it.

    Examples
    --------
    >>> [float(w) for w in weights(0, n=2, s="1/2")]
    [0.25, 0.75]
    """
    n, d, cold = spin_count(n), doubled_spin(s) + 1, exact(beta_0, "beta_0")
    with precision(digits, cold):
        found = [count * p for _, count, p in multiplet_probabilities(cold, n, d)]
    return [rounded(w, digits) for w in found]


def energy(
    process: ModuleType, beta_B: Any, *, n: Any, s: Any, beta_0: Any = math.inf, digits: int = 50
) -> Any:
    """Steady-state energy, counted from the ground state.

    Implements Eq. (17), ``Tr J_z rho + n s``, as a sum over the eigenvalues of Eq. (16) or, for independent
    dissipation, of Eq. (13).

    Parameters
    ----------
    process : module
        `spinbath.collective` or `spinbath.independent`.
    beta_B : int, float, Fraction or mpf
        Inverse temperature of the bath, any sign, may be infinite.
    n, s
        As in `multiplicities`.
    beta_0 : int, float, Fraction or mpf
        Inverse temperature of the initial thermal state, any sign, may be infinite.
    digits : int
        Number of correct digits.

    Returns
    -------
    mpf
        Energy.

    Raises
    ------
    ValueError
        If an argument is out of its range; the message names it.

    Examples
    --------
    >>> from spinbath import collective
    >>> print(energy(collective, 1, n=2, s="1/2", digits=15))
    0.424789617395559
    """
    n, d, bath, start = _read(n, s, beta_B, beta_0)
    with precision(digits, bath, start):
        found = mean_energy(steady_state(process, bath, start, n, d))
    return rounded(found, digits)


def entropy(
    process: ModuleType, beta_B: Any, *, n: Any, s: Any, beta_0: Any = math.inf, digits: int = 50
) -> Any:
    """Steady-state von Neumann entropy, in nats.

    Implements ``-Tr rho ln rho`` as ``-sum lambda ln lambda`` over all eigenvalues of Eq. (16) or (13), not
    by Eqs. (32) to (36).

    Parameters
    ----------
    process, beta_B, n, s, beta_0, digits
        As in `energy`.

    Returns
    -------
    mpf
        Entropy.

    Raises
    ------
    ValueError
        If an argument is out of its range; the message names it.

    Examples
    --------
    >>> from spinbath import collective
    >>> print(entropy(collective, 0, n=2, s="1/2", digits=15))
    1.09861228866811
    """
    n, d, bath, start = _read(n, s, beta_B, beta_0)
    with precision(digits, bath, start):
        found = von_neumann_entropy(steady_state(process, bath, start, n, d))
    return rounded(found, digits)


def entropy_production(
    process: ModuleType, beta_B: Any, *, n: Any, s: Any, beta_0: Any = math.inf, digits: int = 50
) -> Any:
    """Entropy produced on the way from the thermal state at `beta_0` to the steady state.

    Implements ``Sigma = Delta S - beta_B Delta E`` (Section VII), both changes from eigenvalues.

    Parameters
    ----------
    process, beta_B, n, s, beta_0, digits
        As in `energy`; here the sign of `beta_0` matters.

    Returns
    -------
    mpf
        Entropy production; ``inf`` for infinite `beta_B`, unless nothing changes.

    Raises
    ------
    ValueError
        If an argument is out of its range; the message names it.

    Examples
    --------
    >>> from spinbath import collective
    >>> print(entropy_production(collective, 1, n=2, s="1/2", digits=15))
    0.40760596444438
    """
    n, d, bath, start = _read(n, s, beta_B, beta_0)
    with precision(digits, bath, start, gap=abs(bath - start)):
        heat, gain = changes(process, bath, start, n, d)
        found = gain - multiprecision(bath) * heat if heat else gain
    return rounded(found, digits)


def free_energy_change(
    process: ModuleType, beta_B: Any, *, n: Any, s: Any, beta_0: Any = math.inf, digits: int = 50
) -> Any:
    """Free energy change on the way from the thermal state at `beta_0` to the steady state.

    Implements ``Delta F = Delta E - Delta S / beta_B`` with the free energy (44), from eigenvalues.

    Parameters
    ----------
    process, beta_B, n, s, beta_0, digits
        As in `entropy_production`; `beta_B` must not be zero.

    Returns
    -------
    mpf
        Free energy change; the energy change for infinite `beta_B`.

    Raises
    ------
    ValueError
        If an argument is out of its range; the message names it.

    Examples
    --------
    >>> from spinbath import collective
    >>> print(free_energy_change(collective, 1, n=2, s="1/2", digits=15))
    -0.40760596444438
    """
    n, d, bath, start = _read(n, s, beta_B, beta_0)
    if bath == 0:
        raise ValueError(
            f"Argument `beta_B` must not be zero for a free energy, but was {beta_B!r}."
        )
    with precision(digits, bath, start, gap=abs(bath - start)):
        heat, gain = changes(process, bath, start, n, d)
        found = heat - gain / multiprecision(bath)
    return rounded(found, digits)


def local_populations(
    process: ModuleType, beta_B: Any, *, n: Any, s: Any, beta_0: Any = math.inf, digits: int = 50
) -> list[Any]:
    """Populations of the levels of one spin in the steady state.

    Implements Eq. (D1), the trace over the other ``n - 1`` spins, with Clebsch-Gordan coefficients from Racah's
    formula in exact rational numbers; for independent dissipation, the diagonal of one factor of Eq. (11).

    Parameters
    ----------
    process, beta_B, n, s, beta_0, digits
        As in `energy`.

    Returns
    -------
    list of mpf
        Populations for ``m = -s ... s``.

    Raises
    ------
    ValueError
        If an argument is out of its range; the message names it.

    Examples
    --------
    >>> from spinbath import collective
    >>> [round(float(p), 12) for p in local_populations(collective, 1, n=2, s="1/2")]
    [0.787605191302, 0.212394808698]
    """
    n, d, bath, start = _read(n, s, beta_B, beta_0)
    with precision(digits, bath, start):
        if process is collective:
            found = reduced_populations(bath, start, n, d)
        else:
            found = [p for _, _, p in steady_state(process, bath, start, 1, d)]
    return [rounded(p, digits) for p in found]


def work(
    process: ModuleType,
    *,
    beta_h: Any,
    beta_c: Any,
    compression: Any,
    n: Any,
    s: Any,
    beta_0: Any = math.inf,
    digits: int = 50,
) -> Any:
    """Work extracted in one Otto cycle.

    Implements Eq. (49) or (50), ``(1 - lambda) [E(beta_h) - E(lambda beta_c)]``, as a difference of energies.

    Parameters
    ----------
    process : module
        `spinbath.collective` or `spinbath.independent`: how both baths act.
    beta_h, beta_c : int, float, Fraction or mpf
        Inverse temperatures of the hot and the cold bath.
    compression : int, float, Fraction or mpf
        Ratio ``lambda`` of the level spacings in the cold and hot strokes, in (0, 1].
    n, s, beta_0, digits
        As in `energy`.

    Returns
    -------
    mpf
        Extracted work.

    Raises
    ------
    ValueError
        If an argument is out of its range; the message names it.

    Examples
    --------
    >>> from spinbath import collective
    >>> print(work(collective, beta_h=0, beta_c=2, compression=0.5, n=2, s="1/2", digits=15))
    0.287605191302221
    """
    n, d, hot, start = _read(n, s, beta_h, beta_0, "beta_h")
    cold, ratio = exact(beta_c, "beta_c"), exact(compression, "compression")
    if not 0 < ratio <= 1:
        raise ValueError(f"Argument `compression` must be in (0, 1], but was {compression!r}.")
    if not math.isinf(cold):
        cold = ratio * cold
    with precision(digits, hot, cold, start, gap=abs(hot - cold)):
        ends = (steady_state(process, beta, start, n, d) for beta in (hot, cold))
        at_hot, at_cold = (mean_energy(state) for state in ends)
        found = multiprecision(1 - ratio) * (at_hot - at_cold)
    return rounded(found, digits)
