"""`spinbath.symbolic`: power series in the temperature of the bath, Eqs. (27), (28), (42), (43), (52)."""

from fractions import Fraction
from functools import cache
from math import factorial, pi

import mpmath
import numpy as np
import pytest
import sympy as sp
from mpmath import mp, mpf
from numpy.testing import assert_allclose, assert_array_equal

from spinbath import collective, independent, reference, spectrum, symbolic
from spinbath.symbolic import J, beta, beta_0, beta_B, n, s

oo = sp.oo
N, ns = 2 * n * s + 1, n * s
PROCESSES = [collective, independent]
ENSEMBLES = [(1, "3/2"), (2, "1/2"), (3, "1/2"), (2, 1), (3, "3/2"), (5, 1)]


def rational(value):
    """Return a sympy rational as a fraction."""
    assert value.is_Rational, value
    return Fraction(int(value.p), int(value.q))


def coefficients(polynomial, symbol, order):
    """Coefficients of a polynomial, exact, up to an order."""
    read = sp.Poly(polynomial, symbol)
    assert read.degree() <= order
    return [read.coeff_monomial(symbol**p) for p in range(order + 1)]


def divided(top, bottom):
    """Quotient of two power series, given by their coefficients."""
    quotient = []
    for k, a in enumerate(top):
        quotient.append((a - sum(q * bottom[k - i] for i, q in enumerate(quotient))) / bottom[0])
    return quotient


def mean_level(two_j, order):
    """Exact series of sum m exp(-m beta) / sum exp(-m beta), from the powers of the levels."""
    levels = [Fraction(k, 2) for k in range(-two_j, two_j + 1, 2)]
    top, bottom = (
        [sum(m**first * (-m) ** k for m in levels) / factorial(k) for k in range(order + 1)]
        for first in (1, 0)
    )
    return divided(top, bottom)


def exact_weights(size, count, start):
    """Weights of (2J, l_J p_J) for beta_0 = 0 or infinity, as fractions."""
    two_s = int(2 * Fraction(size))
    two_j = [int(2 * j) for j in spectrum.total_spins(count, size)]
    if start:
        return [(two_j[-1], Fraction(1))]
    occurs = reference.multiplicities(count, size)
    states = (two_s + 1) ** count
    return [(k, Fraction(many * (k + 1), states)) for k, many in zip(two_j, occurs, strict=True)]


def exact_energy(process, count, size, start, order):
    """Exact coefficients of the energy, from sums over all levels."""
    parts = exact_weights(size, count, start)
    if process is independent:
        parts = [(int(2 * Fraction(size)), count)]
    series = [
        sum(w * mean for w, mean in zip((w for _, w in parts), column, strict=True))
        for column in zip(*(mean_level(two_j, order) for two_j, _ in parts), strict=True)
    ]
    return [series[0] + count * Fraction(size), *series[1:]]


def levels(process, count, size, start):
    """Weighted ladders: the energies of their levels, and how much each of them counts."""
    ladders = [(mpf(size), count)]
    if process is collective:
        weights = reference.weights(start, n=count, s=size, digits=80)
        ladders = zip(map(mpf, spectrum.total_spins(count, size)), weights, strict=True)
    return [([k - j for k in range(int(2 * j) + 1)], weight) for j, weight in ladders]


def level_energy(*ensemble):
    """Energy from the middle as a function of the inverse temperature of the bath, by sums over m."""
    ladders = levels(*ensemble)

    def energy(x):
        total = mpf(0)
        for ladder, weight in ladders:
            boltzmann = [mpmath.exp(-m * x) for m in ladder]
            total += weight * mpmath.fdot(ladder, boltzmann) / mpmath.fsum(boltzmann)
        return total

    return energy


def level_entropy(*ensemble):
    """Entropy within the ladders, by sums of -p ln p over m."""
    ladders = levels(*ensemble)

    def entropy(x):
        total = mpf(0)
        for ladder, weight in ladders:
            z = mpmath.fsum(mpmath.exp(-m * x) for m in ladder)
            p = [mpmath.exp(-m * x) / z for m in ladder]
            total -= weight * mpmath.fsum(q * mpmath.log(q) for q in p)
        return total

    return entropy


# The printed expansions, for n and s as symbols


@pytest.mark.parametrize(
    ("process", "whole", "copies"), [(collective, ns, 1), (independent, s, n)], ids=["27", "28"]
)
def test_eq27_eq28_energy_in_hot_baths(process, whole, copies):
    """n s - n s (K+1) beta/3, K = n s or s, as printed; the next term is of order beta^3, not beta^2."""
    found = coefficients(symbolic.energy_series(process, beta_B, 3, n=n, s=s), beta_B, 3)
    third = copies * whole * (whole + 1) * (2 * whole**2 + 2 * whole + 1) / 90
    expected = [ns, -ns * (whole + 1) / 3, 0, third]
    assert [sp.expand(a - b) for a, b in zip(found, expected, strict=True)] == [0] * 4


@pytest.mark.parametrize(
    ("process", "whole", "copies"), [(collective, ns, 1), (independent, s, n)], ids=["42", "43"]
)
def test_eq42_eq43_entropy_in_hot_baths(process, whole, copies):
    """-K(K+1) beta^2/6 as printed, K = n s or n times s; the next term is of order beta^4, not beta^3."""
    found = coefficients(symbolic.entropy_series(process, beta_B, 4, n=n, s=s), beta_B, 4)
    fourth = copies * whole * (whole + 1) * (2 * whole**2 + 2 * whole + 1) / 120
    expected = [0, 0, -copies * whole * (whole + 1) / 6, 0, fourth]
    assert [sp.expand(a - b) for a, b in zip(found, expected, strict=True)] == [0] * 5


def test_eq52_work_ratio_and_its_correction():
    """(ns+1)/(s+1), lowered by beta^2 [(2n^2s^2+2ns+1) - (2s^2+2s+1)]/30 of itself."""
    limit, odd, second = coefficients(symbolic.work_ratio_series(beta, 2, n=n, s=s), beta, 2)
    assert sp.cancel(limit - (ns + 1) / (s + 1)) == 0
    assert odd == 0
    correction = ((2 * ns**2 + 2 * ns + 1) - (2 * s**2 + 2 * s + 1)) / 30
    assert sp.cancel(second / limit + correction) == 0


# What the paper leaves out: any initial temperature


def test_eq27_eq42_eq52_for_every_start():
    """For any beta_0, n s + 1 gives way to (s+1) + (n-1) e_s^2/s in all three limits."""
    e_s = symbolic.multiplet_energy(beta_0, J=s)
    start = {"n": n, "s": s, "beta_0": beta_0}
    total = ns * ((s + 1) + (n - 1) * e_s**2 / s)
    left = symbolic.values(
        symbolic.energy_series(collective, 1, 1, **start),
        symbolic.entropy_series(collective, 1, 2, **start),
        symbolic.work_ratio_series(1, 0, **start),
    )
    right = symbolic.values(ns - total / 3, -total / 6, total / (ns * (s + 1)))
    assert_allclose(left, right, rtol=1e-14)


def test_independent_spins_forget_their_start():
    """The series of independent dissipation do not depend on beta_0."""
    for series in (symbolic.energy_series, symbolic.entropy_series):
        pure = series(independent, beta_B, 6, n=n, s=s)
        assert series(independent, beta_B, 6, n=n, s=s, beta_0=beta_0) == pure


def test_series_are_even_in_the_initial_temperature():
    """A collective bath sees the modulus of beta_0 only."""
    for series in (symbolic.energy_series, symbolic.entropy_series):
        cold, inverted = (series(collective, beta_B, 4, n=n, s=s, beta_0=b) for b in (oo, -oo))
        assert sp.expand(cold - inverted) == 0
        warm, negative = (series(collective, 1, 4, n=n, s=s, beta_0=b) for b in (beta_0, -beta_0))
        assert_allclose(*symbolic.values(warm, negative), rtol=1e-14)


# Against other routes to the same series


@pytest.mark.parametrize("process", PROCESSES)
def test_series_of_the_closed_form_by_sympy_for_any_n_and_s(process):
    """Low orders by sympy's own `series` of Eqs. (25), (26) with n and s as symbols."""
    closed = symbolic.energy(process, beta_B, n=n, s=s).series(beta_B, 0, 4).removeO()
    assert sp.cancel(closed - symbolic.energy_series(process, beta_B, 3, n=n, s=s)) == 0


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize("start", [oo, 0])
def test_series_of_the_closed_form_by_sympy(process, start):
    """Energy and entropy of three spins 1 by sympy's own `series`, pure start and infinite temperature."""
    options = {"n": 3, "s": 1, "beta_0": start}
    closed = symbolic.energy(process, beta_B, **options).series(beta_B, 0, 6).removeO()
    assert sp.expand(closed - symbolic.energy_series(process, beta_B, 5, **options)) == 0
    entropy = symbolic.entropy(process, beta_B, **options)
    closed = entropy.series(beta_B, 0, 5).removeO() - symbolic.entropy(process, 0, **options)
    difference = closed - symbolic.entropy_series(process, beta_B, 4, **options)
    found = [sp.N(difference.coeff(beta_B, p), 40) for p in range(5)]
    assert_allclose(np.array(found, dtype=float), 0, atol=1e-30)


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize(("count", "size"), ENSEMBLES)
@pytest.mark.parametrize("start", [oo, 0])
def test_series_from_the_levels_exactly(process, count, size, start):
    """All orders up to 13 in exact fractions, by dividing the power series of two sums over m."""
    order = 13
    expected = exact_energy(process, count, size, start, order)
    found = symbolic.energy_series(process, beta_B, order, n=count, s=size, beta_0=start)
    assert [rational(a) for a in coefficients(found, beta_B, order)] == expected
    # dS = beta dE, integrated term by term
    found = symbolic.entropy_series(process, beta_B, order, n=count, s=size, beta_0=start)
    expected = [0, 0, *(Fraction(p, p + 1) * expected[p] for p in range(1, order))]
    assert [rational(a) for a in coefficients(found, beta_B, order)] == expected


@pytest.mark.parametrize(("count", "size"), ENSEMBLES)
@pytest.mark.parametrize("start", [oo, 0])
def test_work_ratio_from_the_levels_exactly(count, size, start):
    """All orders up to 10 of [E(0) - E(beta)] collective over independent, in exact fractions."""
    order = 10
    energies = [exact_energy(p, count, size, start, order + 1)[1:] for p in PROCESSES]
    found = symbolic.work_ratio_series(beta, order, n=count, s=size, beta_0=start)
    assert [rational(a) for a in coefficients(found, beta, order)] == divided(*energies)


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize(
    ("count", "size", "start"), [(3, "1/2", 0.7), (2, "3/2", -2.0), (4, 1, 0.3)]
)
def test_energy_derivatives_at_60_digits(process, count, size, start):
    """Numerical derivatives of sums over all levels, to seventh order, for a finite start."""
    with mp.workdps(60):
        expected = mp.taylor(level_energy(process, count, size, start), 0, 7)
    series = any_series(symbolic.energy_series, process, beta_B, 7)
    found = numbers(series, beta_B, 7, count, size, start)
    assert_allclose(found[0], count * float(Fraction(size)))
    assert_allclose(found[1:], np.array(expected[1:], dtype=float), rtol=1e-14, atol=1e-30)


@pytest.mark.parametrize(
    ("count", "size", "start"), [(3, "1/2", 0.7), (2, "3/2", -2.0), (4, 1, 0.3)]
)
def test_entropy_and_work_ratio_derivatives_at_60_digits(count, size, start):
    """Numerical derivatives of the defining entropy and of a quotient of energies, for a finite start."""
    energies = [level_energy(process, count, size, start) for process in PROCESSES]
    entropy = level_entropy(collective, count, size, start)
    with mp.workdps(60):
        drops = [[-a for a in mp.taylor(energy, 0, 7)[1:]] for energy in energies]
        falls = mp.taylor(entropy, 0, 6)
    series = any_series(symbolic.work_ratio_series, beta, 6)
    found = numbers(series, beta, 6, count, size, start)
    assert_allclose(found, np.array(divided(*drops), dtype=float), rtol=1e-14, atol=1e-30)
    series = any_series(symbolic.entropy_series, collective, beta_B, 6)
    found = numbers(series, beta_B, 6, count, size, start)
    assert_allclose(found[1:], np.array(falls[1:], dtype=float), rtol=1e-14, atol=1e-30)


@cache
def any_series(function, *arguments):
    """Make a series, or moments, for n, s and beta_0 as symbols, once."""
    return function(*arguments, n=n, s=s, beta_0=beta_0)


def numbers(series, symbol, order, count, size, start):
    """Coefficients of a series in which n, s and beta_0 were symbols, as floats."""
    at = {n: count, s: sp.Rational(size), beta_0: sp.Rational(Fraction(start))}
    return [float(sp.N(series.coeff(symbol, p).subs(at), 40)) for p in range(order + 1)]


@pytest.mark.parametrize("process", PROCESSES)
def test_series_against_the_closed_forms_in_numbers(process):
    """At N beta = 0.01 the series to order 9 is exact to double precision, whatever the ensemble."""
    for count, size in ENSEMBLES:
        x = Fraction(1, 100) / (2 * count * Fraction(size) + 1)
        for start in (0.0, 0.4, -1.5, np.inf):
            at = {"n": count, "s": size, "beta_0": start}
            found = float(sp.N(symbolic.energy_series(process, x, 9, **at), 30))
            assert_allclose(found, process.energy(float(x), **at), rtol=1e-14)


# The moments of the total spin


@pytest.mark.parametrize(("count", "size"), ENSEMBLES)
@pytest.mark.parametrize("k", [0, 1, 2, 4])
def test_moment_is_a_sum_over_total_spins(k, count, size):
    """<(2J+1)^2k> against the sum over exact multiplicities, n, s and beta_0 as numbers and as symbols."""
    spins = spectrum.total_spins(count, size).tolist()
    general = any_series(symbolic.moment, k)
    for start in (0.0, 0.25, -1.5, 6.0, np.inf, -np.inf):
        weights = reference.weights(start, n=count, s=size)
        with mp.workdps(50):
            expected = mpmath.fdot(weights, [mpf(2 * j + 1) ** (2 * k) for j in spins])
        found = sp.N(symbolic.moment(k, start, n=count, s=size), 40)
        assert_allclose(float(found), float(expected), rtol=1e-15)
        if start and np.isfinite(start):
            at = {n: count, s: sp.Rational(size), beta_0: sp.Rational(Fraction(start))}
            assert_allclose(float(sp.N(general.subs(at), 40)), float(expected), rtol=1e-15)


@pytest.mark.parametrize("k", [0, 1, 2, 3])
def test_moment_of_a_pure_start(k):
    """A pure start has the largest total spin only."""
    for start in (oo, -oo):
        assert sp.expand(symbolic.moment(k, start, n=n, s=s) - N ** (2 * k)) == 0


def test_moment_at_infinite_temperature():
    """All states alike: <J^2> = n s(s+1), and <J^4> of n independent random spins."""
    single = s * (s + 1)
    second = (symbolic.moment(1, 0, n=n, s=s) - 1) / 4
    assert sp.expand(second - n * single) == 0
    # sum over pairs of (j_k . j_l)^2 = single^2/3, twice for the order of the product
    fourth = n * single**2 + n * (n - 1) * single**2 + n * (n - 1) * 2 * single**2 / 3
    found = symbolic.moment(2, 0, n=n, s=s)  # (2J+1)^4 = (4 J^2 + 1)^2
    assert sp.expand(found - (16 * fourth + 8 * second + 1)) == 0


def test_mean_square_of_the_total_spin():
    """<J^2> = n s(s+1) + n(n-1) e_s(beta_0)^2, for n, s and beta_0 as symbols (R4)."""
    e_s = symbolic.multiplet_energy(beta_0, J=s)
    found = (symbolic.moment(1, beta_0, n=n, s=s) - 1) / 4
    assert sp.simplify(sp.expand(found - (n * s * (s + 1) + n * (n - 1) * e_s**2))) == 0
    left, right = symbolic.values(found, n * s * (s + 1) + n * (n - 1) * e_s**2)
    assert_allclose(left, right, rtol=1e-15)


def test_moment_of_one_spin():
    """A single spin has no choice of its total spin."""
    for k in range(4):
        power = symbolic.moment(k, beta_0, n=1, s=s)
        assert_allclose(*symbolic.values(power, (2 * s + 1) ** (2 * k)), rtol=1e-14)


# What the series obey


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize("start", [oo, 0, beta_0])
def test_entropy_follows_energy(process, start):
    """dS = beta dE at constant weights, order by order."""
    options = {"n": n, "s": s, "beta_0": start}
    entropy = symbolic.entropy_series(process, beta_B, 6, **options)
    energy = symbolic.energy_series(process, beta_B, 5, **options)
    slopes = [
        k * f.coeff(beta_B, k)
        for f, first in ((entropy, 2), (energy, 1))
        for k in range(first, 7, 2)
    ]
    left, right = np.split(symbolic.values(*slopes), 2)
    assert_allclose(left, right, rtol=1e-14)


def test_radius_of_convergence():
    """The nearest pole is at N beta = 2 pi i: coefficients alternate and their ratios tend to -(2 pi/N)^2."""
    for count, size in [(2, "1/2"), (3, 1), (10, "9/2")]:
        series = symbolic.energy_series(collective, beta_B, 13, n=count, s=size)
        a = [rational(c) for c in coefficients(series, beta_B, 13)[1::2]]
        limit = -((2 * pi / float(2 * count * Fraction(size) + 1)) ** 2)
        assert_allclose(float(a[-2] / a[-1]), limit, rtol=3e-4)  # zeta(12)/zeta(14)


def test_two_orders_more_add_one_term():
    """A series of higher order begins with the one of lower order; odd and even orders come in pairs."""
    for start in (oo, 0):
        options = {"n": 3, "s": 1, "beta_0": start}
        energies = [symbolic.energy_series(collective, beta_B, k, **options) for k in range(8)]
        entropies = [symbolic.entropy_series(collective, beta_B, k, **options) for k in range(8)]
        ratios = [symbolic.work_ratio_series(beta_B, k, **options) for k in range(8)]
        for k in range(1, 7):
            for series, first in ((energies, 1), (entropies, 0), (ratios, 0)):
                added = sp.expand(series[k + 1] - series[k])
                assert (added == 0) == (k % 2 == first)
                if added != 0:
                    assert sp.Poly(added, beta_B).monoms() == [(k + 1,)]


def test_lowest_orders():
    """Order 0 is the constant, order 1 adds the slope of the energy, order 2 nothing but to the entropy."""
    options = {"n": n, "s": s}
    for process in PROCESSES:
        energy = [symbolic.energy_series(process, beta_B, k, **options) for k in range(3)]
        assert energy[0] == ns
        assert energy[1] == energy[2]
        assert energy[1] != energy[0]
        entropy = [symbolic.entropy_series(process, beta_B, k, **options) for k in range(3)]
        assert entropy[:2] == [0, 0]
        assert entropy[2] != 0
    ratio = [symbolic.work_ratio_series(beta, k, **options) for k in range(3)]
    assert ratio[0] == ratio[1] == (ns + 1) / (s + 1)
    assert ratio[2] != ratio[1]


def test_order_eight_for_any_ensemble():
    """High orders with n and s as symbols are at hand, and right: numbers put in give the exact fractions."""
    energy = symbolic.energy_series(collective, beta_B, 8, n=n, s=s)
    entropy = symbolic.entropy_series(collective, beta_B, 8, n=n, s=s)
    ratio = symbolic.work_ratio_series(beta_B, 8, n=n, s=s)
    for count, size in [(2, "1/2"), (4, "3/2")]:
        at = {n: count, s: sp.Rational(size)}
        exact = exact_energy(collective, count, size, oo, 9)
        thermal = exact_energy(independent, count, size, oo, 9)
        found = [rational(a) for a in coefficients(energy.subs(at), beta_B, 8)]
        assert found == exact[:9]
        found = [rational(a) for a in coefficients(entropy.subs(at), beta_B, 8)]
        assert found[2:] == [Fraction(p, p + 1) * exact[p] for p in range(1, 8)]
        found = [rational(a) for a in coefficients(ratio.subs(at), beta_B, 8)]
        assert found == divided(exact[1:], thermal[1:])


def test_a_single_spin_cannot_tell_the_baths_apart():
    """n = 1: both processes have one series, and the work ratio is one to all orders."""
    for start in (oo, 0, beta_0):
        options = {"n": 1, "s": s, "beta_0": start}
        series = [symbolic.energy_series(p, 1, 5, **options) for p in PROCESSES]
        assert_allclose(*symbolic.values(*series), rtol=1e-14)
        assert_allclose(symbolic.values(symbolic.work_ratio_series(1, 4, **options)), 1, rtol=1e-13)


@pytest.mark.parametrize("order", [-1, 1.0, 2.5, True, "2", None])
def test_bad_orders_are_refused(order):
    """An order is a whole number, not negative."""
    message = "Argument `order` must be a non-negative integer, but was"
    for series in (symbolic.energy_series, symbolic.entropy_series):
        with pytest.raises(ValueError, match=message):
            series(collective, beta_B, order, n=2, s=1)
    with pytest.raises(ValueError, match=message):
        symbolic.work_ratio_series(beta, order, n=2, s=1)
    with pytest.raises(ValueError, match="Argument `k` must be"):
        symbolic.moment(order, 0, n=2, s=1)


# Numbers for expressions


def test_values_are_the_same_in_every_run():
    """The same points again and again, whatever other randomness there is, shared by all expressions."""
    expressions = [symbolic.multiplet_energy(beta, J=J), n * s, beta_0]
    first = symbolic.values(*expressions)
    np.random.default_rng(1).random()
    assert_array_equal(first, symbolic.values(*expressions))
    assert first.shape == (3, 8)
    assert_array_equal(symbolic.values(*expressions, points=3), first[:, :3])
    assert len(set(first[2])) > 4


def test_values_lie_where_the_paper_needs_them():
    """Several spins, half-integer sizes, temperatures of both signs that are not zero."""
    count, size, cold = symbolic.values(n, s, beta_B, points=120)
    assert set(count) == set(range(2, 10))
    assert set(2 * size) == set(range(1, 10))
    assert cold.min() < 0 < cold.max()
    assert 0.1 < abs(cold).min()
    assert abs(cold).max() < 2


def test_values_tell_expressions_apart():
    """A coefficient that is off by one part in a billion is seen; a sum over m is done."""
    left, right = symbolic.values(symbolic.partition_sum(beta, J=J), symbolic.partition(beta, J=J))
    assert_allclose(left, right, rtol=1e-15)
    left, right = symbolic.values(n * s, n * s * (1 + sp.Rational(1, 10**9)))
    assert np.all(left != right)
    with pytest.raises(ValueError, match="real values"):
        symbolic.values(sp.sqrt(-(beta**2)))
