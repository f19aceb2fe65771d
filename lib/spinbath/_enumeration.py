"""States written down eigenvalue by eigenvalue, at the precision that `mpmath` is set to.

What `spinbath.reference` sums over: product states by counting, Boltzmann factors one by one, and
Clebsch-Gordan coefficients from Racah's formula.
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

# A rational number, or +-inf as a float.
Exact: TypeAlias = Fraction | float

# The distinct (degeneracy, number of excitations, eigenvalue) of a density matrix.
State: TypeAlias = list[tuple[int, int, Any]]


def exact(value: Any, name: str) -> Exact:
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


def multiprecision(value: Exact) -> Any:
    if isinstance(value, Fraction):
        return mpf(value.numerator) / value.denominator
    return mpf(value)


def precision(digits: int, *betas: Exact, gap: Any = 1.0) -> Any:
    """Context with enough digits for Boltzmann factors next to 1, and for differences over a small `gap` in beta."""
    coldest = max((abs(float(b)) for b in betas if not math.isinf(b)), default=0.0)
    lost = 0.0
    if gap != 0 and not math.isinf(gap):
        lost = max(0.0, -2 * math.log10(2) * mpmath.mag(multiprecision(gap)))
    return mpmath.workdps(int(digits + 25 + coldest / math.log(10) + lost))


def rounded(value: Any, digits: int) -> Any:
    with mpmath.workdps(digits):
        return +value


@lru_cache(maxsize=64)
def _level_counts(n: int, d: int) -> tuple[int, ...]:
    """Numbers ``I_m`` of product states with ``n s + m`` excitations, by adding one spin at a time."""
    counts = [1]
    for _ in range(n):
        counts = [sum(counts[max(0, k - d + 1) : k + 1]) for k in range(len(counts) + d - 1)]
    return tuple(counts)


def total_spins(n: int, d: int) -> Iterator[tuple[int, int]]:
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
    magnitude = abs(multiprecision(beta))
    return [mpmath.exp(-k * magnitude) for k in range(count)]


def _ladder(boltzmann: list[Any], levels: int, beta: Exact) -> list[Any]:
    """Thermal populations of equidistant levels, ascending."""
    total = mpmath.fsum(boltzmann[:levels])
    populations = [b / total for b in boltzmann[:levels]]
    return populations[::-1] if beta < 0 else populations


def multiplet_probabilities(beta_0: Exact, n: int, d: int) -> Iterator[Any]:
    """Yield ``2 J``, ``l_J`` and ``p_J = Z_J / Z_s^n``, both partition functions counted from the ground state."""
    boltzmann = _boltzmann(beta_0, n * (d - 1) + 1)
    partition = mpmath.fsum(boltzmann[:d]) ** n
    for two_j, multiplicity in total_spins(n, d):
        lowest = (n * (d - 1) - two_j) // 2
        yield (two_j, multiplicity, mpmath.fsum(boltzmann[lowest : lowest + two_j + 1]) / partition)


def _thermal_state(beta: Exact, n: int, d: int) -> State:
    """Return Eq. (13): one eigenvalue for each ``m``, ``I_m`` times."""
    boltzmann = _boltzmann(beta, n * (d - 1) + 1)
    partition = mpmath.fsum(boltzmann[:d]) ** n
    eigenvalues = [b / partition for b in boltzmann]
    if beta < 0:
        eigenvalues.reverse()
    return [
        (c, k, p) for k, (c, p) in enumerate(zip(_level_counts(n, d), eigenvalues, strict=True))
    ]


def _collective_state(beta_B: Exact, beta_0: Exact, n: int, d: int) -> State:
    """Return Eq. (16): one eigenvalue ``p_J(beta_0) exp(-m beta_B) / Z_J(beta_B)`` for each (J, m), ``l_J`` times."""
    boltzmann = _boltzmann(beta_B, n * (d - 1) + 1)
    state = []
    for two_j, multiplicity, p in multiplet_probabilities(beta_0, n, d):
        lowest = (n * (d - 1) - two_j) // 2
        for k, population in enumerate(_ladder(boltzmann, two_j + 1, beta_B)):
            state.append((multiplicity, lowest + k, p * population))
    return state


def steady_state(process: ModuleType, beta_B: Exact, beta_0: Exact, n: int, d: int) -> State:
    if process is collective:
        return _collective_state(beta_B, beta_0, n, d)
    if process is independent:
        return _thermal_state(beta_B, n, d)
    raise ValueError(
        f"Argument `process` must be spinbath.collective or spinbath.independent, but was {process!r}."
    )


def mean_energy(state: State) -> Any:
    return mpmath.fsum(count * k * p for count, k, p in state)


def von_neumann_entropy(state: State) -> Any:
    return -mpmath.fsum(count * p * mpmath.log(p) for count, _, p in state if p)


def changes(process: ModuleType, bath: Exact, start: Exact, n: int, d: int) -> tuple[Any, Any]:
    """Changes of energy and entropy from the thermal state at `start` to the steady state."""
    after = steady_state(process, bath, start, n, d)
    if bath == start:
        return mpf(0), mpf(0)
    before = _thermal_state(start, n, d)
    heat = mean_energy(after) - mean_energy(before)
    return heat, von_neumann_entropy(after) - von_neumann_entropy(before)


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
        for two, two_projection in ((two_j1, two_m1), (two_j2, two_m2), (two_j, two_m))
        for sign in (1, -1)
    )
    return triangle * projections * signed**2


def reduced_populations(bath: Exact, start: Exact, n: int, d: int) -> list[Any]:
    """Trace of Eq. (16) over all spins but one, which is coupled to the total spin ``J'`` of the others."""
    boltzmann = _boltzmann(bath, n * (d - 1) + 1)
    state = {
        two_j: [p * q for q in _ladder(boltzmann, two_j + 1, bath)]
        for two_j, _, p in multiplet_probabilities(start, n, d)
    }
    found = [mpf(0)] * d
    others = total_spins(n - 1, d) if n > 1 else iter([(0, 1)])
    for two_j1, multiplicity in others:
        for two_j in range(abs(two_j1 - (d - 1)), two_j1 + d, 2):
            for two_m1 in range(-two_j1, two_j1 + 1, 2):
                for level in range(d):
                    two_m2 = 2 * level - (d - 1)
                    square = _clebsch_gordan_squared(two_j1, d - 1, two_j, two_m1, two_m2)
                    if square:
                        p = state[two_j][(two_j + two_m1 + two_m2) // 2]
                        found[level] += multiplicity * p * multiprecision(square)
    return found
