"""Inner parts whose small changes hardly show in a result: found by `make mutants`."""

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from numpy.testing import assert_allclose

from spinbath import _clebsch_gordan, _ensemble, _enumeration, _ladder, _saddle, otto


def test_taylor_coefficients_follow_their_recipe():
    """ln(sinh y / y) = sum_k c_k y^(2k), by series inversion at 60 digits."""
    with mpmath.workdps(60):
        sinh = [1 / mpmath.factorial(2 * k + 1) for k in range(len(_ladder._C) + 1)]
        c = [mpmath.mpf(0)]
        for k in range(1, len(sinh)):  # k sinh_k = sum_j j c_j sinh_(k-j)
            c.append(sinh[k] - mpmath.fsum(j * c[j] * sinh[k - j] for j in range(1, k)) / k)
    assert_allclose(_ladder._C, [float(x) for x in c[1:]], rtol=1e-15)


@pytest.mark.parametrize("length", [1, 2, 5, 16, 24, 25, 28, 40, 56, 1000, 10**5])
def test_rule_for_a_block(length):
    """Distinct nodes in the block, symmetric, positive weights, exact for Chebyshev polynomials."""
    nodes, weights = _saddle.block_rule(length)
    assert nodes.dtype == np.int64
    assert nodes[0] >= 0
    assert np.all(np.diff(nodes) > 0)
    assert np.array_equal(nodes + nodes[::-1], np.full(len(nodes), length - 1))
    assert len(nodes) == length if length <= 24 else 18 <= len(nodes) <= 20
    assert np.all(weights > 0)
    angle = np.arccos(np.clip(2 * np.arange(length) / max(length - 1, 1) - 1, -1, 1))
    for degree in range(len(nodes)):
        f = np.cos(degree * angle)
        assert_allclose(weights @ f[nodes], f.sum(), rtol=0, atol=1e-13 * length)


def test_product_and_its_rounding_error_are_exact():
    """a b, as a sum of two doubles, against rational numbers."""
    random = np.random.default_rng(0)
    a = random.uniform(0, 1, 1000)
    b = random.normal(size=1000) * np.exp(random.uniform(-20, 7, 1000))
    product, error = otto._exact_product(a, b)
    for x, y, high, low in zip(a, b, product, error, strict=True):
        assert Fraction(x) * Fraction(y) == Fraction(high) + Fraction(low)
    assert np.all(np.abs(error) <= np.spacing(np.abs(product)) / 2)


@pytest.mark.parametrize(("n", "d"), [(1000, 2), (10**5, 2), (10**7, 2), (10**7, 10)])
@pytest.mark.parametrize("beta", [0.0, 1e-3, 0.3, 2.0, 9.0])
def test_the_list_of_total_spins_is_short(n, d, beta):
    """A few hundred total spins stand for all, and their factors count those in the window."""
    k, factor = _saddle.nodes(beta, n, d, n * (d - 1) // 2 + 1)
    assert len(k) <= 500
    assert_allclose(factor.sum(), k[-1] - k[0] + 1, rtol=0.01)


@pytest.mark.parametrize(
    ("n", "d", "beta"),
    [(1000, 2, 3.0), (1000, 3, 1.5), (300, 10, 2.0), (10**4, 2, 0.5), (10**4, 5, 0.7)],
)
def test_window_of_total_spins_by_bernsteins_inequality(n, d, beta):
    """So wide that all weights outside it, bounded one by one, are negligible together; no wider."""
    k, factor = _saddle.nodes(beta, n, d, n * (d - 1) // 2 + 1)
    first, last = k[0], k[0] + round(factor.sum()) - 1
    j = np.arange(d)
    p = np.exp(-beta * j) / np.exp(-beta * j).sum()
    mean, variance = n * (p @ j), n * (p @ j**2 - (p @ j) ** 2)

    def cost(distance):
        return distance**2 / 2 / (variance + (d - 1) * distance / 3)

    negligible = 39 + math.log(n * (d - 1) + 1)
    assert cost(last - mean) >= negligible > cost(last - mean - 1)
    if first > 0:
        assert cost(mean - first + 1) >= negligible > cost(mean - first - 1)


@pytest.mark.parametrize(
    ("n", "d", "beta"), [(60, 50, 1.3), (10**4, 2, 1.0), (2000, 10, 2.0), (2000, 10, 0.9)]
)
def test_no_more_total_spins_than_can_carry_weight(n, d, beta):
    """By Chernoff's bound on the number of excitations, all weights beyond add up to exp(-750)."""
    stop = _ensemble._occupied(beta, n, d)
    assert stop < _ensemble.count(n, d)
    cold, warm = (np.exp(-b * np.arange(d)).sum() for b in (beta, beta / 2))

    def rarity(k):
        return k * beta / 2 - n * math.log(warm / cold)

    assert rarity(stop - 1) < 750 < rarity(stop)


@pytest.mark.parametrize(("n", "d"), [(1000, 2), (10**4, 2), (2000, 10)])
@pytest.mark.parametrize("beta", [0.0, 0.1, 2.0])
def test_the_short_list_of_total_spins_stands_for_all(n, d, beta):
    """Mean energy of the steady state, from the list and from every total spin."""
    everything = np.arange(n * (d - 1) // 2 + 1)
    all_weights = np.exp(_ensemble.log_weights(everything, beta, n, d))
    k, weights = _ensemble.quadrature(beta, n, d)
    for bath in (0.3, 3.0):
        energy = everything + _ladder.excitation(bath, n * (d - 1) + 1.0 - 2 * everything)
        assert_allclose(weights @ energy[k], all_weights @ energy, rtol=5e-15)


@pytest.mark.parametrize("n", [1000, 10**5])
def test_weights_of_the_smallest_total_spins(n):
    """Of spins 1/2 at infinite temperature, from binomial coefficients at 40 digits."""
    k = n // 2 - np.array([0, 1, 5])
    with mpmath.workdps(40):
        exact = [
            float(mpmath.log(mpmath.binomial(n, i)) - n * mpmath.log(2))
            + math.log((n - 2 * i + 1) ** 2 / (n - i + 1))
            for i in k.tolist()
        ]
    assert_allclose(_ensemble.log_weights(k, 0.0, n, 2), exact, rtol=0, atol=2e-14)


@pytest.mark.parametrize(
    ("n", "d", "beta"), [(200, 51, 0.1), (100, 31, 0.2), (1000, 11, 0.05), (10**4, 5, 0.01)]
)
def test_populations_of_one_large_spin_among_many(n, d, beta):
    """In the largest total spin, which shares its excitations by Vandermonde's identity."""
    levels, top = n * (d - 1) + 1, d - 1
    x, i = np.arange(levels, dtype=float), np.arange(float(top))
    here = np.vstack([np.ones(levels), np.cumprod(np.maximum(x - i[:, None], 0), axis=0)])
    ways = np.array([math.comb(top, j) for j in range(d)]) / np.prod(levels - 1 - i)
    boltzmann = np.exp(-beta * x)
    exact = (ways[:, None] * here * here[::-1, ::-1]) @ boltzmann / boltzmann.sum()
    found = _clebsch_gordan.populations(np.array([beta]), 800.0, n, d)[0]
    assert exact[-1] < 1e-8
    assert_allclose(found, exact, rtol=2e-14)


@pytest.mark.parametrize(
    ("N", "coldest", "d", "most"),
    [(10**7, 1.0, 2, 100), (10**7, 1e-3, 2, 800), (10**6, 0.0, 51, 7000)],
)
def test_the_list_of_levels_is_short(N, coldest, d, most):
    """No level without weight, and blocks no shorter than they must be."""
    assert len(_clebsch_gordan._excitation_nodes(N, coldest, d)[0]) <= most


@pytest.mark.parametrize(("others", "d"), [(101, 51), (31, 41), (3, 20)])
def test_clebsch_gordan_coefficients_of_large_spins(others, d):
    """From the recurrence, against Racah's formula with exact integers."""
    x = np.array([0, 1, 6, (others + d) // 2 - 1, others + d - 3])
    count = min(d, others)
    squares = _clebsch_gordan._clebsch_gordan_squared(x, count, others, d)
    for r in {0, 1, count // 2, count - 1}:
        two_j = others + d - 2 - 2 * r
        for level, found in zip(x.tolist(), squares[r], strict=True):
            if level <= two_j:
                exact = np.array([racah(others - 1, d - 1, two_j, level, j) for j in range(d)])
                assert_allclose(found[exact > 0], exact[exact > 0], rtol=1e-12)
                assert np.all(found[exact == 0] < 1e-30)


def racah(two_j1, two_j2, two_j, level, j):
    """Squared Clebsch-Gordan coefficient of level `j` of the second spin in a level of the whole."""
    two_m2 = 2 * j - two_j2
    two_m1 = 2 * level - two_j - two_m2
    if abs(two_m1) > two_j1:
        return 0.0
    return float(_enumeration._clebsch_gordan_squared(two_j1, two_j2, two_j, two_m1, two_m2))


def test_clebsch_gordan_coefficients_beyond_the_range_of_doubles():
    """The largest total spin of two spins 1000: squares from 1e-1202 to 1e-2, a hypergeometric law."""
    top, x = 2000, 2000
    found = _clebsch_gordan._clebsch_gordan_squared(np.array([x]), 1, top + 1, top + 1)[0, 0]
    all_ways = math.comb(2 * top, x)
    exact = [
        float(Fraction(math.comb(top, j) * math.comb(top, x - j), all_ways)) for j in range(top + 1)
    ]
    assert_allclose(found, exact, rtol=1e-11, atol=1e-300)


def test_sine_deficit_keeps_its_digits():
    """x - sin x, one by one and together, where the series hands over to the difference and before."""
    x = np.array([1e-9, 1e-3, 0.3, 0.9, 0.999999, 1.0, 1.3, 3.0, 50.0])
    with mpmath.workdps(50):
        exact = np.array([float(mpmath.mpf(y) - mpmath.sin(mpmath.mpf(y))) for y in x])
    assert_allclose(_saddle._sine_deficit(x), exact, rtol=2e-15)
    assert_allclose(
        [_saddle._sine_deficit(x[i : i + 1])[0] for i in range(len(x))], exact, rtol=2e-15
    )


@pytest.mark.parametrize("d", [2, 5, 40, 101])
@pytest.mark.parametrize("theta", [0.0, 0.05, 3.0])
def test_characteristic_function_of_one_spin(d, theta):
    """Modulus and phase of <exp(i t (j - <j>))> against a sum of complex numbers, also where it vanishes."""
    t = np.array([0.0, 1e-6, 0.01, 0.1, 0.7, np.pi])
    modulus, phase = _saddle._log_characteristic(np.array([t]), np.array([theta]), d)
    j = np.arange(d)
    p = np.exp(-theta * j)
    p /= p.sum()
    exact = np.exp(1j * np.outer(t, j - p @ j)) @ p
    assert_allclose(np.exp(modulus + 1j * phase)[0, :-1], exact[:-1], rtol=0, atol=1e-13)
    assert_allclose(np.exp(64 * modulus[0, -1]), abs(exact[-1]) ** 64, rtol=1e-12, atol=1e-100)


@pytest.mark.parametrize("n", [64, 10**3, 10**6])
def test_number_of_frequencies(n):
    """As many as the bound on the characteristic function asks for, and no more."""
    sigma = math.sqrt(n) / 2
    period = 2 * math.floor(9 * sigma + 10) + 1
    count = _saddle._frequencies(np.array([sigma]), np.array([float(period)]), n)

    def bound(frequency):
        return -n / 2 * math.log1p(4 * sigma**2 * math.sin(math.pi * frequency / period) ** 2 / n)

    assert bound(count) < -39 or count > period / 2
    assert bound(count - 2) > -39


@pytest.mark.parametrize("N", [2, 10**3, 10**6])
def test_difference_of_excitations_keeps_its_digits_on_both_sides(N):
    """Far apart, where few of very many levels are filled, from the bottom or from the top."""
    with mpmath.workdps(40):
        cold, warm = (
            1 / mpmath.expm1(b) - N / mpmath.expm1(N * b)
            for b in (mpmath.mpf(0.5), mpmath.mpf(0.125))
        )
        exact = float(warm - cold)
    assert_allclose(_ladder.excitation_difference(0.125, 0.5, N), exact, rtol=1e-14)
    assert_allclose(_ladder.excitation_difference(-0.5, -0.125, N), exact, rtol=1e-14)
