"""Section VIII A: the Otto cycle, Eqs. (47)-(55), and Appendix G."""

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from mpmath import mpf
from numpy.testing import assert_allclose
from scipy.optimize import brentq

from spinbath import collective, independent, multiplet, otto, reference, spectrum

TINY = np.finfo(float).tiny
PROCESSES = [collective, independent]
ENSEMBLES = [
    (1, "1/2"), (2, "1/2"), (2, "9/2"), (3, 1), (4, "3/2"), (9, 2), (64, "1/2"),
]  # fmt: skip
MANY = [e for e in ENSEMBLES if e[0] > 1]
CYCLES = [
    # beta_h, beta_c, compression: ordinary, inverted, hot limit, cold limit
    (0.1, 2.0, 0.5), (0.0, 1.0, 0.3), (-0.7, 2.0, 0.9), (1.0, 1.5, 0.2), (-2.0, -9.0, 0.4),
    (1e-9, 1e-8, 0.7), (20.0, 700.0, 0.1), (0.4, 700.0, 0.99), (-np.inf, np.inf, 0.5), (2.0, np.inf, 1e-6),
    # both strokes end at almost the same state
    (0.3, 1.0, 0.3), (0.3, 1.0 + 1e-10, 0.3), (0.3, 1.0 - 1e-15, 0.3), (-30.0, -100.0, 0.3),
    (1e-9 / 3, 1e-9, 1 / 3), (650.0, 6500.001, 0.1), (5.0, 5.0 + 1e-12, 1 - 1e-14),
]  # fmt: skip


def size(n, s):
    """Return n s as a float."""
    return n * float(Fraction(s))


def gain(n, s, beta_h, cold, beta_0=np.inf):
    """Collective minus independent work, per 1 - lambda, for lambda beta_c = cold."""
    together, alone = (
        otto.work(
            p, beta_h=beta_h, beta_c=2 * np.asarray(cold), compression=0.5, n=n, s=s, beta_0=beta_0
        )
        for p in PROCESSES
    )
    return (together - alone) / 0.5


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize(("n", "s"), ENSEMBLES)
def test_eq49_eq50_work_from_eigenvalues(n, s, process):
    """(1-lambda) [E(beta_h) - E(lambda beta_c)] against 50 digits that survive the cancellation."""
    for beta_h, beta_c, compression in CYCLES:
        cycle = {"beta_h": beta_h, "beta_c": beta_c, "compression": compression, "n": n, "s": s}
        for beta_0 in (0.0, 2.0, np.inf):
            found = otto.work(process, **cycle, beta_0=beta_0)
            expected = reference.work(process, **cycle, beta_0=beta_0)
            assert_allclose(found, float(expected), rtol=1e-12, atol=TINY)


def test_eq49_eq50_work_matches_stored_values(stored):
    """Values from another program: work, its difference and its ratio."""
    for name in ("collective", "thermal", "difference", "ratio"):
        for at, value in stored(f"work_{name}"):
            together, alone = (otto.work(p, **at) for p in PROCESSES)
            found = {
                "collective": together, "thermal": alone,
                "difference": together - alone, "ratio": together / alone,
            }[name]  # fmt: skip
            assert_allclose(found, float(value), rtol=1e-12)


@pytest.mark.parametrize(("n", "s"), [(2, "1/2"), (3, 1), (2, "3/2")])
def test_eq47_work_in_the_product_space(n, s, product_space):
    """W = Tr rho_1 (H' - H) + Tr rho_2 (H - H') with density matrices; the work extracted is -W."""
    space, (beta_h, beta_c, compression, beta_0) = product_space(n, s), (0.2, 3.0, 0.6, 1.2)
    for process in PROCESSES:
        hot = space.steady(process, beta_h, beta_0)
        cold = space.steady(process, compression * beta_c, beta_0)
        change = (compression - 1) * space.z  # H' - H
        invested = np.trace(hot @ change) - np.trace(cold @ change)
        found = otto.work(
            process, beta_h=beta_h, beta_c=beta_c, compression=compression, n=n, s=s, beta_0=beta_0
        )
        assert_allclose(found, -invested, rtol=1e-12)


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize("compression", [1e-3, 0.25, 0.5, 1.0])
def test_eq48_efficiency(process, compression):
    """Work over heat from the hot bath is 1 - lambda, at most 1 - T_c/T_h."""
    beta_h, beta_c = 0.2, 900.0
    work = otto.work(process, beta_h=beta_h, beta_c=beta_c, compression=compression, n=3, s=1)
    heat = process.energy(beta_h, n=3, s=1) - process.energy(compression * beta_c, n=3, s=1)
    assert_allclose(work / heat, otto.efficiency(compression), rtol=1e-13, atol=1e-300)
    assert otto.efficiency(compression) == 1 - compression


@pytest.mark.parametrize("process", PROCESSES)
def test_work_is_delivered_only_from_hot_to_cold(process):
    """Positive for beta_h < lambda beta_c, zero at equality or without compression, else negative."""
    at = {"n": 4, "s": 1, "beta_0": 3.0}
    assert otto.work(process, beta_h=0.2, beta_c=1.0, compression=0.5, **at) > 0
    assert otto.work(process, beta_h=0.5, beta_c=1.0, compression=0.5, **at) == 0
    assert otto.work(process, beta_h=0.2, beta_c=1.0, compression=1.0, **at) == 0
    assert otto.work(process, beta_h=0.8, beta_c=1.0, compression=0.5, **at) < 0
    assert otto.work(process, beta_h=np.inf, beta_c=np.inf, compression=0.5, **at) == 0


@pytest.mark.parametrize("J", [0.5, 1, 4.5, 60, 1000])
def test_variance_is_a_sum_over_levels(J):
    """The variance of one multiplet at 50 digits; J(J+1)/3 at beta = 0."""
    for beta in (0.0, 1e-9, -1e-3, 0.2, 3.0, -50.0, 700.0):
        with mpmath.workdps(50):
            boltzmann = [mpmath.exp(-k * abs(mpf(beta))) for k in range(int(2 * J) + 1)]
            z = mpmath.fsum(boltzmann)
            mean = mpmath.fsum(k * b for k, b in enumerate(boltzmann)) / z
            expected = mpmath.fsum((k - mean) ** 2 * b for k, b in enumerate(boltzmann)) / z
        assert_allclose(
            float(multiplet.variance(beta, J=J)), float(expected), rtol=1e-12, atol=TINY
        )
    assert_allclose(multiplet.variance(0.0, J=J), J * (J + 1) / 3, rtol=1e-14)


@pytest.mark.parametrize(("n", "s"), MANY)
def test_g2_g4_slope_of_the_displacement_is_a_difference_of_variances(n, s):
    """d(E^th - E_+)/d beta as printed in (G4), at 60 digits, down to beta = 1e-9 where doubles fail."""
    for beta in (1e-9, 1e-3, 0.3, 2.0, -0.5):
        with mpmath.workdps(60):
            x, N, d = mpf(beta) / 2, 2 * mpf(size(n, s)) + 1, 2 * mpf(size(1, s)) + 1
            ratio = [k**2 * mpmath.sinh(x) ** 2 / mpmath.sinh(k * x) ** 2 for k in (d, N)]
            printed = (n * ratio[0] - n - ratio[1] + 1) / (4 * mpmath.sinh(x) ** 2)
        whole, one = multiplet.variance(beta, J=size(n, s)), multiplet.variance(beta, J=size(1, s))
        assert_allclose(whole - n * one, float(printed), rtol=1e-12)


@pytest.mark.parametrize(("n", "s"), MANY)
def test_g3_slope_at_infinite_temperature(n, s):
    """n(n-1) e_s(beta_0)^2/3 > 0 for every beta_0 != 0: the gain is never confined to cold starts."""
    J = spectrum.total_spins(n, s)
    for beta_0 in (0.0, 0.01, 0.5, 3.0, np.inf):
        mean = spectrum.weights(beta_0, n=n, s=s) @ multiplet.variance(0.0, J=J)
        slope = mean - n * multiplet.variance(0.0, J=size(1, s))
        expected = n * (n - 1) * multiplet.energy(beta_0, J=size(1, s)) ** 2 / 3
        assert_allclose(slope, expected, rtol=1e-10, atol=1e-12 * n)
        if beta_0:
            assert gain(n, s, 0.0, 1e-5, beta_0) > 0


@pytest.mark.parametrize("s", ["1/2", 1, "9/2", 20])
@pytest.mark.parametrize("n", [2, 3, 9, 100, 10_000])
def test_g5_best_beta_is_where_the_gain_is_largest(n, s):
    """Var_ns = n Var_s there; nearby temperatures gain less, and 0 < beta_h < lambda beta_c <= beta_l gains."""
    best = otto.best_beta(n, s)
    whole, one = multiplet.variance(best, J=size(n, s)), multiplet.variance(best, J=size(1, s))
    assert_allclose(whole, n * one, rtol=1e-10)
    at_best = gain(n, s, 0.0, best)
    assert np.all(gain(n, s, 0.0, best * np.array([0.5, 0.99, 1.01, 2.0])) < at_best)
    assert gain(n, s, 0.3 * best, 0.9 * best) > 0
    assert gain(n, s, 1.1 * best, 1.5 * best) < 0


def test_g5_best_beta_matches_stored_values(stored):
    """Values from another program."""
    for at, value in stored("beta_l"):
        assert_allclose(otto.best_beta(at["n"], at["s"]), float(value), rtol=1e-11)


@pytest.mark.parametrize("s", ["1/2", 1, "9/2"])
@pytest.mark.parametrize("n", [10**3, 10**5, 10**7])
def test_best_beta_of_many_spins(n, s):
    """(2s+1) sinh x / sinh((2s+1) x) = sqrt((n-1)/n), x = beta_l/2, as exp(-2ns beta_l) vanishes."""
    d, best = 2 * size(1, s) + 1, otto.best_beta(n, s)

    def equation(beta):
        return d * np.sinh(beta / 2) / np.sinh(d * beta / 2) - math.sqrt((n - 1) / n)

    assert_allclose(best, brentq(equation, best / 2, best * 2, xtol=1e-18), rtol=1e-7)
    if s == "1/2":
        root = math.sqrt(n)
        assert_allclose(best, math.log1p(1 / root) - math.log1p(-1 / root), rtol=1e-13)
        assert_allclose(gain(n, s, 0.0, best) / (n / 2), (1 - 1 / root) ** 2, rtol=1e-9)


@pytest.mark.parametrize(
    ("n", "expected"), [(2, 0.23536), (3, 0.35964), (4, 0.43889), (10, 0.63859), (100, 0.88465)]
)
def test_eq51_needs_many_spins_not_large_ones(n, expected):
    """For s -> inf at fixed n the largest gain per ns stays below max_y [L(ny) - L(y)] < 1."""
    s = 10**6
    assert_allclose(gain(n, s, 0.0, otto.best_beta(n, s)) / (n * s), expected, atol=1e-5)


def test_eq51_hundred_spins_one_half():
    """The largest gain is 0.81 ns; with n it tends to ns like 1 - 2 sqrt((s+1)/(3ns))."""
    assert_allclose(gain(100, "1/2", 0.0, otto.best_beta(100, "1/2")) / 50, 0.8100, atol=5e-5)
    for s in (0.5, 1, 4.5):
        n = 10**7
        largest = gain(n, s, 0.0, otto.best_beta(n, s)) / (n * s)
        assert_allclose(1 - largest, 2 * math.sqrt((s + 1) / (3 * n * s)), rtol=1e-2)


def test_inverted_hot_bath_doubles_the_largest_gain():
    """E^th - E_+ is odd in beta: beta_h = -beta_l gains twice as much as beta_h = 0."""
    for n, s in MANY:
        best = otto.best_beta(n, s)
        assert_allclose(gain(n, s, -best, best), 2 * gain(n, s, 0.0, best), rtol=1e-12)


@pytest.mark.parametrize(("n", "s"), MANY)
def test_eq52_work_ratio_for_small_beta(n, s):
    """(ns+1)/(s+1) from the coldest start; in general 1 + (n-1) e_s(beta_0)^2/(s(s+1))."""
    s_value = size(1, s)
    for beta_0 in (0.0, 0.2, 1.5, np.inf):
        at = {"beta_h": 0.0, "beta_c": 1e-6 / size(n, s), "compression": 0.5, "n": n, "s": s}
        together, alone = (otto.work(p, **at, beta_0=beta_0) for p in PROCESSES)
        e_s = multiplet.energy(beta_0, J=s_value)
        expected = 1 + (n - 1) * e_s**2 / (s_value * (s_value + 1))
        assert_allclose(together / alone, expected, rtol=1e-11)
    assert_allclose(together / alone, (size(n, s) + 1) / (s_value + 1), rtol=1e-11)


def test_eq52_needs_small_ns_beta():
    """n = 100, s = 9/2: the limit 82 has fallen to 42.5 at lambda beta_c = 0.01 and 10.5 at 0.05."""

    def ratio(cold):
        together, alone = (
            otto.work(p, beta_h=0.0, beta_c=2 * cold, compression=0.5, n=100, s=4.5)
            for p in PROCESSES
        )
        return together / alone

    assert_allclose([ratio(c) for c in (1e-9, 0.01, 0.05)], [82, 42.5, 10.5], atol=0.05)
    first = (2 * 450**2 + 2 * 450 + 1 - (2 * 4.5**2 + 2 * 4.5 + 1)) / 30
    assert_allclose((1 - ratio(1e-5) / 82) / 1e-10, first, rtol=1e-3)


@pytest.mark.parametrize(("n", "s"), ENSEMBLES)
def test_entropy_produced_in_a_cycle(n, s):
    """Sigma_cyc = (lambda beta_c - beta_h) Delta E: it rises by exactly the factor of the work (E9)."""
    beta_h, cold = 0.2, 0.9
    J = spectrum.total_spins(n, s)
    for beta_0 in (0.3, np.inf):
        at = {"beta_h": beta_h, "beta_c": 2 * cold, "compression": 0.5, "n": n, "s": s}
        heat = otto.work(collective, **at, beta_0=beta_0) / 0.5
        both = []
        for j in J:
            m = np.arange(-j, j + 1)
            hot, cool = (np.exp(-b * m - multiplet.log_partition(b, J=j)) for b in (beta_h, cold))
            both.append(np.sum((hot - cool) * np.log(hot / cool)))
        produced = spectrum.weights(beta_0, n=n, s=s) @ both
        assert_allclose((cold - beta_h) * heat, produced, rtol=1e-11)


def test_eq55_below_the_crossing_of_fig_10_is_not_sufficient():
    """n = 2, s = 1/2: both baths below the crossing 2.0186 of Fig. 10, yet (55) fails by 0.0120 (E8)."""

    def amplified(beta_h, cold):
        together, alone = (p.entropy([beta_h, cold], n=2, s=0.5) for p in PROCESSES)
        return together[0] - together[1] - (alone[0] - alone[1])

    assert_allclose(brentq(lambda b: amplified(0.0, b), 1.5, 3), 2.0186, atol=5e-5)
    assert_allclose(amplified(1.25, 1.6), -0.0120, atol=5e-5)
    best = otto.best_beta(2, 0.5)
    assert amplified(0.2 * best, best) > 0


@pytest.mark.parametrize(("n", "s"), MANY)
def test_eq55_holds_for_hot_baths_and_every_start(n, s):
    """(55) is always met near infinite temperature, for every beta_0 != 0."""
    beta = 0.02 / size(n, s)
    for beta_0 in (0.1, 1.0, -4.0, np.inf):
        together, alone = (p.entropy([0.0, beta], n=n, s=s, beta_0=beta_0) for p in PROCESSES)
        assert together[0] - together[1] > alone[0] - alone[1]


@pytest.mark.parametrize(
    ("s", "smallest"), [("1/2", 401), (1, 151), ("3/2", 81), ("9/2", 13), (10, 4)]
)
def test_number_of_spins_beyond_which_nothing_is_gained(s, smallest):
    """At beta_h = 0.1 the gain ends at an n that is not a function of ns (E10)."""
    cold = 0.1 * (1 + np.geomspace(1e-6, 100, 400))
    assert np.any(gain(smallest - 1, s, 0.1, cold) > 0)
    assert np.all(gain(smallest, s, 0.1, cold) < 0)
    if s == "1/2":
        assert smallest == math.ceil(1 / math.tanh(0.05) ** 2)


def test_gain_at_infinite_temperature_of_the_hot_bath_needs_a_cold_start():
    """beta_h = 0 gains for any beta_c only while |beta_0| > lambda beta_c."""
    for beta_0 in (0.5, -2.0):
        cold = np.abs(beta_0) * np.array([0.01, 0.5, 0.99])
        assert np.all(gain(5, 1, 0.0, cold, beta_0) > 0)
        assert np.all(gain(5, 1, 0.0, 1.01 * abs(beta_0) + cold, beta_0) < 0)
