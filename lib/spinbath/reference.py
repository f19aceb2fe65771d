"""The definitions, term by term, at any precision: the slow oracle of this package.

The eigenvalues of the steady states (13) and (16) are written down one by one, with the number of times each
occurs, and energies, entropies and work are plain sums over them. Nothing is shared with the fast
modules but the reading of `n` and `s`: multiplicities come from counting, no geometric series is summed in closed
form, and what cancels is left to cancel at a precision that allows it.

Scalars go in; `mpmath` numbers come out, correct to the number of `digits` asked for. An inverse temperature may be
an int, a float, a Fraction or an `mpmath` number and is taken exactly as it stands; it may be infinite. The cost
grows with the square of ``n s``: a few milliseconds for tens of spins, seconds for ``n s`` of several hundred.

This is the only module that needs `mpmath`, and ``import spinbath`` does not load it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from types import ModuleType
from typing import Any, TypeAlias

import mpmath
from mpmath import mpf

from . import collective, independent
from ._arguments import doubled_spin, spin_count

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

# A rational number, or +-inf as a float.
Exact: TypeAlias = Fraction | float

# The distinct (degeneracy, number of excitations, eigenvalue) of a density matrix.
State: TypeAlias = list[tuple[int, int, Any]]


def _exact(value: Any, name: str) -> Exact:
    try:
        if isinstance(value, mpf) and mpmath.isfinite(value):
            return Fraction(*mpmath.libmp.to_rational(value._mpf_))
        if isinstance(value, (int, Fraction)):
            return Fraction(value)
        number = math.nan if isinstance(value, str) else float(value)
    except (TypeError, ValueError):
        number = math.nan
    if math.isnan(number):
        raise ValueError(f"Argument `{name}` must be a real number, but was {value!r}.")
    return number if math.isinf(number) else Fraction(number)


def _multiprecision(value: Exact) -> Any:
    if isinstance(value, Fraction):
        return mpf(value.numerator) / value.denominator
    return mpf(value)


def _precision(digits: int, *betas: Exact, gap: Any = 1.0) -> Any:
    """Context with enough digits for Boltzmann factors next to 1, and for differences over a small `gap` in beta."""
    coldest = max((abs(float(b)) for b in betas if not math.isinf(b)), default=0.0)
    lost = 0.0
    if gap != 0 and not math.isinf(gap):
        lost = max(0.0, -2 * math.log10(2) * mpmath.mag(_multiprecision(gap)))
    return mpmath.workdps(int(digits + 25 + coldest / math.log(10) + lost))


def _rounded(value: Any, digits: int) -> Any:
    with mpmath.workdps(digits):
        return +value


@lru_cache(maxsize=64)
def _level_counts(n: int, d: int) -> tuple[int, ...]:
    """Numbers ``I_m`` of product states with ``n s + m`` excitations, by adding one spin at a time."""
    counts = [1]
    for _ in range(n):
        counts = [
            sum(counts[max(0, k - d + 1) : k + 1]) for k in range(len(counts) + d - 1)
        ]
    return tuple(counts)


def _total_spins(n: int, d: int) -> Iterator[tuple[int, int]]:
    """Yield ``2 J`` and ``l_J = I_J - I_{J+1}``, ascending, for every total spin that occurs."""
    counts = _level_counts(n, d)
    for k in reversed(range((len(counts) + 1) // 2)):
        multiplicity = counts[k] - (counts[k - 1] if k else 0)
        if multiplicity:
            yield n * (d - 1) - 2 * k, multiplicity


def _boltzmann(beta: Exact, count: int) -> list[Any]:
    """Boltzmann factors ``exp(-k |beta|)`` of `count` levels, counted from the most populated one."""
    if math.isinf(beta):
        return [mpf(1)] + [mpf(0)] * (count - 1)
    magnitude = abs(_multiprecision(beta))
    return [mpmath.exp(-k * magnitude) for k in range(count)]


def _ladder(boltzmann: list[Any], levels: int, beta: Exact) -> list[Any]:
    """Thermal populations of equidistant levels, ascending."""
    total = mpmath.fsum(boltzmann[:levels])
    populations = [b / total for b in boltzmann[:levels]]
    return populations[::-1] if beta < 0 else populations


def _multiplet_probabilities(beta_0: Exact, n: int, d: int) -> Iterator[Any]:
    """Yield ``2 J``, ``l_J`` and ``p_J = Z_J / Z_s^n``, both partition functions counted from the ground state."""
    boltzmann = _boltzmann(beta_0, n * (d - 1) + 1)
    partition = mpmath.fsum(boltzmann[:d]) ** n
    for two_j, multiplicity in _total_spins(n, d):
        lowest = (n * (d - 1) - two_j) // 2
        yield (
            two_j,
            multiplicity,
            mpmath.fsum(boltzmann[lowest : lowest + two_j + 1]) / partition,
        )


def _thermal_state(beta: Exact, n: int, d: int) -> State:
    """Return Eq. (13): one eigenvalue for each ``m``, ``I_m`` times."""
    boltzmann = _boltzmann(beta, n * (d - 1) + 1)
    partition = mpmath.fsum(boltzmann[:d]) ** n
    eigenvalues = [b / partition for b in boltzmann]
    if beta < 0:
        eigenvalues.reverse()
    return [
        (c, k, p)
        for k, (c, p) in enumerate(zip(_level_counts(n, d), eigenvalues, strict=True))
    ]


def _collective_state(beta_B: Exact, beta_0: Exact, n: int, d: int) -> State:
    """Return Eq. (16): one eigenvalue ``p_J(beta_0) exp(-m beta_B) / Z_J(beta_B)`` for each (J, m), ``l_J`` times."""
    boltzmann = _boltzmann(beta_B, n * (d - 1) + 1)
    state = []
    for two_j, multiplicity, p in _multiplet_probabilities(beta_0, n, d):
        lowest = (n * (d - 1) - two_j) // 2
        for k, population in enumerate(_ladder(boltzmann, two_j + 1, beta_B)):
            state.append((multiplicity, lowest + k, p * population))
    return state


def _steady_state(
    process: ModuleType, beta_B: Exact, beta_0: Exact, n: int, d: int
) -> State:
    if process is collective:
        return _collective_state(beta_B, beta_0, n, d)
    if process is independent:
        return _thermal_state(beta_B, n, d)
    raise ValueError(
        f"Argument `process` must be spinbath.collective or spinbath.independent, but was {process!r}."
    )


def _energy(state: State) -> Any:
    return mpmath.fsum(count * k * p for count, k, p in state)


def _entropy(state: State) -> Any:
    return -mpmath.fsum(count * p * mpmath.log(p) for count, _, p in state if p)


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
    return [count for _, count in _total_spins(spin_count(n), doubled_spin(s) + 1)]


def weights(beta_0: Any, *, n: Any, s: Any, digits: int = 50) -> list[Any]:
    """Probability of each total spin in the initial thermal state.

    Implements ``l_J p_J(beta_0)`` with ``p_J = Z_J / Z`` of Eq. (15), and ``Z_J`` as the sum in Eq. (8).

    Parameters
    ----------
    beta_0 : int, float, Fraction or mpf
        Initial inverse temperature, any sign, may be infinite.
    n : int
        Number of spins, at least 1.
    s : int, float, Fraction or str
        Size of each spin, a non-negative half-integer.
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
    n, d, cold = spin_count(n), doubled_spin(s) + 1, _exact(beta_0, "beta_0")
    with _precision(digits, cold):
        found = [count * p for _, count, p in _multiplet_probabilities(cold, n, d)]
    return [_rounded(w, digits) for w in found]


def energy(
    process: ModuleType,
    beta_B: Any,
    *,
    n: Any,
    s: Any,
    beta_0: Any = math.inf,
    digits: int = 50,
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
    n : int
        Number of spins, at least 1.
    s : int, float, Fraction or str
        Size of each spin, a non-negative half-integer.
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
    n, d = spin_count(n), doubled_spin(s) + 1
    bath, start = _exact(beta_B, "beta_B"), _exact(beta_0, "beta_0")
    with _precision(digits, bath, start):
        found = _energy(_steady_state(process, bath, start, n, d))
    return _rounded(found, digits)


def entropy(
    process: ModuleType,
    beta_B: Any,
    *,
    n: Any,
    s: Any,
    beta_0: Any = math.inf,
    digits: int = 50,
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
    n, d = spin_count(n), doubled_spin(s) + 1
    bath, start = _exact(beta_B, "beta_B"), _exact(beta_0, "beta_0")
    with _precision(digits, bath, start):
        found = _entropy(_steady_state(process, bath, start, n, d))
    return _rounded(found, digits)


def _changes(
    process: ModuleType, bath: Exact, start: Exact, n: int, d: int
) -> tuple[Any, Any]:
    """Changes of energy and entropy from the thermal state at `start` to the steady state."""
    before = _thermal_state(start, n, d)
    after = _steady_state(process, bath, start, n, d)
    if bath == start:
        return mpf(0), mpf(0)
    return _energy(after) - _energy(before), _entropy(after) - _entropy(before)


def entropy_production(
    process: ModuleType,
    beta_B: Any,
    *,
    n: Any,
    s: Any,
    beta_0: Any = math.inf,
    digits: int = 50,
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
    n, d = spin_count(n), doubled_spin(s) + 1
    bath, start = _exact(beta_B, "beta_B"), _exact(beta_0, "beta_0")
    with _precision(digits, bath, start, gap=abs(bath - start)):
        heat, gain = _changes(process, bath, start, n, d)
        found = gain - _multiprecision(bath) * heat if heat else gain
    return _rounded(found, digits)


def free_energy_change(
    process: ModuleType,
    beta_B: Any,
    *,
    n: Any,
    s: Any,
    beta_0: Any = math.inf,
    digits: int = 50,
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
    n, d = spin_count(n), doubled_spin(s) + 1
    bath, start = _exact(beta_B, "beta_B"), _exact(beta_0, "beta_0")
    if bath == 0:
        raise ValueError(
            f"Argument `beta_B` must not be zero for a free energy, but was {beta_B!r}."
        )
    with _precision(digits, bath, start, gap=abs(bath - start)):
        heat, gain = _changes(process, bath, start, n, d)
        found = heat - gain / _multiprecision(bath)
    return _rounded(found, digits)


@lru_cache(maxsize=1 << 16)
def _clebsch_gordan_squared(
    two_j1: int, two_j2: int, two_j: int, two_m1: int, two_m2: int
) -> Fraction:
    """Squared Clebsch-Gordan coefficient ``<j1 m1; j2 m2 | J m1 + m2>^2`` by Racah's formula, exactly."""
    two_m = two_m1 + two_m2
    if abs(two_m) > two_j:
        return Fraction(0)

    def factorial(*doubled: int) -> int:
        return math.factorial(sum(doubled) // 2)

    signed = Fraction(0)
    a, b, c = two_j1 + two_j2 - two_j, two_j1 - two_m1, two_j2 + two_m2
    e, f = two_j - two_j2 + two_m1, two_j - two_j1 - two_m2
    for k in range(max(0, -e, -f) // 2, min(a, b, c) // 2 + 1):
        signed += Fraction(
            (-1) ** k,
            math.factorial(k)
            * factorial(a, -2 * k)
            * factorial(b, -2 * k)
            * factorial(c, -2 * k)
            * factorial(e, 2 * k)
            * factorial(f, 2 * k),
        )
    triangle = Fraction(
        (two_j + 1)
        * factorial(a)
        * factorial(two_j, two_j1, -two_j2)
        * factorial(two_j, -two_j1, two_j2),
        factorial(two_j1, two_j2, two_j, 2),
    )
    projections = math.prod(
        factorial(two, sign * two_projection)
        for two, two_projection in (
            (two_j1, two_m1),
            (two_j2, two_m2),
            (two_j, two_m),
        )
        for sign in (1, -1)
    )
    return triangle * projections * signed**2


def _reduced_populations(bath: Exact, start: Exact, n: int, d: int) -> list[Any]:
    """Trace of Eq. (16) over all spins but one, which is coupled to the total spin ``J'`` of the others."""
    boltzmann = _boltzmann(bath, n * (d - 1) + 1)
    state = {
        two_j: [p * q for q in _ladder(boltzmann, two_j + 1, bath)]
        for two_j, _, p in _multiplet_probabilities(start, n, d)
    }
    found = [mpf(0)] * d
    others = _total_spins(n - 1, d) if n > 1 else iter([(0, 1)])
    for two_j1, multiplicity in others:
        for two_j in range(abs(two_j1 - (d - 1)), two_j1 + d, 2):
            for two_m1 in range(-two_j1, two_j1 + 1, 2):
                for level in range(d):
                    two_m2 = 2 * level - (d - 1)
                    square = _clebsch_gordan_squared(
                        two_j1, d - 1, two_j, two_m1, two_m2
                    )
                    if square:
                        p = state[two_j][(two_j + two_m1 + two_m2) // 2]
                        found[level] += multiplicity * p * _multiprecision(square)
    return found


def local_populations(
    process: ModuleType,
    beta_B: Any,
    *,
    n: Any,
    s: Any,
    beta_0: Any = math.inf,
    digits: int = 50,
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
    n, d = spin_count(n), doubled_spin(s) + 1
    bath, start = _exact(beta_B, "beta_B"), _exact(beta_0, "beta_0")
    with _precision(digits, bath, start):
        if process is collective:
            found = _reduced_populations(bath, start, n, d)
        else:
            found = [p for _, _, p in _steady_state(process, bath, start, 1, d)]
    return [_rounded(p, digits) for p in found]


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
    0.287605191302248
    """
    n, d, start = spin_count(n), doubled_spin(s) + 1, _exact(beta_0, "beta_0")
    hot, cold = _exact(beta_h, "beta_h"), _exact(beta_c, "beta_c")
    ratio = _exact(compression, "compression")
    if not 0 < ratio <= 1:
        raise ValueError(
            f"Argument `compression` must be in (0, 1], but was {compression!r}."
        )
    if not math.isinf(cold):
        cold = ratio * cold
    with _precision(digits, hot, cold, start, gap=abs(hot - cold)):
        ends = (_steady_state(process, beta, start, n, d) for beta in (hot, cold))
        at_hot, at_cold = (_energy(state) for state in ends)
        found = _multiprecision(1 - ratio) * (at_hot - at_cold)
    return _rounded(found, digits)
