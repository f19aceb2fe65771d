"""Section III and IV: total spins, multiplicities, weights and partition functions, Eqs. (4)-(15)."""

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from numpy.testing import assert_allclose

from spinbath import multiplet, reference, spectrum

TINY = np.finfo(float).tiny
ENSEMBLES = [
    (1, "1/2"),
    (1, "9/2"),
    (2, "1/2"),
    (2, 1),
    (2, 50),
    (3, "1/2"),
    (3, "3/2"),
    (4, "5/2"),
    (5, 1),
    (6, 2),
    (7, "9/2"),
    (13, "1/2"),
    (25, "3/2"),
    (63, 1),
    (64, "1/2"),
    (65, "3/2"),
    (100, "1/2"),
]
BETAS = [0.0, 1e-9, -1e-4, 0.02, 0.7, -1.0, 3.0, 29.0, -300.0, 700.0, np.inf, -np.inf]


def levels(s):
    return int(2 * Fraction(s)) + 1


def coupled(n, s):
    """Multiplicities by the Clebsch-Gordan series, one spin after another, keyed by 2 J."""
    two_s = int(2 * Fraction(s))
    found = {two_s: 1}
    for _ in range(n - 1):
        grown = {}
        for two_j, count in found.items():
            for larger in range(abs(two_j - two_s), two_j + two_s + 1, 2):
                grown[larger] = grown.get(larger, 0) + count
        found = grown
    return dict(sorted(found.items()))


def alternating(n, s, J):
    """Multiplicity by inclusion and exclusion (n >= 2): our closed form for any n and s."""
    d, below = levels(s), int(n * Fraction(s) - Fraction(J))
    return sum(
        (-1) ** k * math.comb(n, k) * math.comb(below - d * k + n - 2, n - 2)
        for k in range(below // d + 1)
    )


@pytest.mark.parametrize(("n", "s"), ENSEMBLES)
def test_eq6_total_spins_and_multiplicities_follow_from_coupling_one_spin_at_a_time(n, s):
    """The decomposition of the tensor product is the repeated addition of angular momenta."""
    expected = coupled(n, s)
    assert [int(2 * J) for J in spectrum.total_spins(n, s)] == list(expected)
    assert spectrum.multiplicities(n, s) == list(expected.values())


@pytest.mark.parametrize(("n", "s"), ENSEMBLES)
def test_eq6_multiplets_fill_the_product_space(n, s):
    """No state is lost: the dimensions of all multiplets add up to (2s+1)^n."""
    found = zip(spectrum.total_spins(n, s), spectrum.multiplicities(n, s), strict=True)
    assert sum((int(2 * J) + 1) * count for J, count in found) == levels(s) ** n


@pytest.mark.parametrize(("n", "s"), [c for c in ENSEMBLES if c[0] > 1])
def test_multiplicities_equal_the_alternating_sum(n, s):
    """What the paper calls difficult has a closed form for any n and s."""
    expected = [alternating(n, s, J) for J in spectrum.total_spins(n, s)]
    assert spectrum.multiplicities(n, s) == expected


@pytest.mark.parametrize(("n", "s"), ENSEMBLES)
def test_multiplicities_equal_differences_of_counts(n, s):
    """l_J = I_J - I_{J+1}, with I_m counted."""
    assert spectrum.multiplicities(n, s) == reference.multiplicities(n, s)


def test_multiplicities_of_a_thousand_spins_nine_halves():
    """Exact integers of a thousand digits: dimension, and single values by the alternating sum."""
    n, s = 1000, Fraction(9, 2)
    J, found = spectrum.total_spins(n, s), spectrum.multiplicities(n, s)
    assert sum((int(2 * x) + 1) * count for x, count in zip(J, found, strict=True)) == 10**n
    for place in (0, 1, 17, 800, 3000, 4400, 4498, 4499, 4500):
        assert found[place] == alternating(n, s, J[place])


@pytest.mark.parametrize("n", [1, 2, 3, 10, 63, 64, 101, 1000])
def test_eq21_multiplicities_of_spins_one_half(n):
    """For s = 1/2 the multiplicities are ballot numbers."""
    fall = math.factorial
    for J, count in zip(spectrum.total_spins(n, 0.5), spectrum.multiplicities(n, 0.5), strict=True):
        above, below = (n + int(2 * J)) // 2, (n - int(2 * J)) // 2
        assert count * fall(above + 1) * fall(below) == int(2 * J + 1) * fall(n)


@pytest.mark.parametrize("s", ["1/2", 1, "3/2", 2, "9/2", 20])
@pytest.mark.parametrize("n", [2, 3, 6, 9, 40])
def test_multiplicities_of_the_largest_total_spins(n, s):
    """l_ns = 1 and l_{ns-1} = n - 1, as stated; l_{ns-2} = n(n-1)/2 for s >= 1, n(n-3)/2 for s = 1/2."""
    found = spectrum.multiplicities(n, s)[::-1]
    assert found[:2] == [1, n - 1]
    if len(found) > 2:
        assert found[2] == (n * (n - 3) // 2 if s == "1/2" else n * (n - 1) // 2)


@pytest.mark.parametrize(
    ("n", "s", "lowest"),
    [(1, 2, 2), (1, "1/2", 0.5), (2, "3/2", 0), (3, "3/2", 0.5), (3, 1, 0), (4, "1/2", 0)],
)
def test_smallest_total_spin(n, s, lowest):
    """J_0 is s for one spin, else 1/2 where ns is half-integer: print has 0 for all s >= 1."""
    assert spectrum.total_spins(n, s)[0] == lowest


@pytest.mark.parametrize(("n", "s"), [c for c in ENSEMBLES if c[0] > 1])
def test_number_of_pairs_of_eigenvalues(n, s):
    """(ns+1/2)(ns+3/2) pairs (J, m) wherever ns is half-integer, not for s = 1/2 only; else (ns+1)^2."""
    ns = n * Fraction(s)
    half = Fraction(1, 2)
    expected = (ns + 1) ** 2 if ns.denominator == 1 else (ns + half) * (ns + 3 * half)
    assert np.sum(2 * spectrum.total_spins(n, s) + 1) == expected


def test_number_of_pairs_of_three_spins_three_halves():
    """The rule in print gives 30.25 pairs where there are 30."""
    assert np.sum(2 * spectrum.total_spins(3, "3/2") + 1) == 30
    assert (3 * 1.5 + 1) ** 2 == 30.25


def test_multiplicities_match_stored_values(stored):
    """Values from another program."""
    for at, value in stored("multiplicity_l_J"):
        J = spectrum.total_spins(at["n"], at["s"]).tolist()
        place = J.index(float(Fraction(at["J"])))
        assert spectrum.multiplicities(at["n"], at["s"])[place] == value
    for at, value in stored("log_multiplicity_l_J"):
        J = spectrum.total_spins(at["n"], at["s"]).tolist()
        found = spectrum.multiplicities(at["n"], at["s"])[J.index(float(Fraction(at["J"])))]
        assert_allclose(math.log(found), float(value), rtol=1e-13)


@pytest.mark.parametrize(
    ("n", "s"), [(2, "1/2"), (3, "1/2"), (4, "1/2"), (2, 1), (3, 1), (2, "3/2")]
)
def test_total_spins_and_weights_in_the_product_space(n, s, product_space):
    """Diagonalising J^2 on all product states finds the same total spins, counts and weights."""
    space = product_space(n, s)
    assert list(space.projectors) == spectrum.total_spins(n, s).tolist()
    counts = [round(np.trace(P) / (2 * J + 1)) for J, P in space.projectors.items()]
    assert counts == spectrum.multiplicities(n, s)
    for beta_0 in (0.0, 0.4, -2.0):
        assert_allclose(spectrum.weights(beta_0, n=n, s=s), space.weights(beta_0), rtol=1e-12)


@pytest.mark.parametrize("beta", BETAS)
@pytest.mark.parametrize("J", [0, 0.5, 1, 7.5, 50, 2000])
def test_eq8_partition_function_is_a_sum_of_boltzmann_factors(J, beta):
    """ln Z_J against the sum over m at 50 digits, and its limits."""
    found = multiplet.log_partition(beta, J=J)
    if math.isinf(beta):
        assert found == (np.inf if J else 0.0)
        return
    with mpmath.workdps(50):
        terms = [mpmath.exp(-(m - J) * mpmath.mpf(beta)) for m in range(int(2 * J) + 1)]
        assert_allclose(float(found), float(mpmath.log(mpmath.fsum(terms))), rtol=1e-14, atol=0)


@pytest.mark.parametrize(("n", "s"), ENSEMBLES)
def test_eq12_partition_function_of_the_ensemble_factorises(n, s):
    """Sum_J l_J Z_J = Z_s^n: counting by multiplets and by single spins is the same."""
    for beta in (0.0, 1e-3, 0.6, 4.0):
        log_l = [float(mpmath.log(count)) for count in spectrum.multiplicities(n, s)]
        log_terms = log_l + multiplet.log_partition(beta, J=spectrum.total_spins(n, s))
        total = np.logaddexp.reduce(log_terms)
        one = multiplet.log_partition(beta, J=float(Fraction(s)))
        assert_allclose(total, n * one, rtol=1e-13)


@pytest.mark.parametrize("beta_0", BETAS)
@pytest.mark.parametrize(("n", "s"), ENSEMBLES)
def test_eq15_weights_equal_the_sums_over_levels(n, s, beta_0):
    """l_J Z_J / Z, term by term at 50 digits, down to the smallest normal double."""
    expected = [float(w) for w in reference.weights(beta_0, n=n, s=s)]
    assert_allclose(spectrum.weights(beta_0, n=n, s=s), expected, rtol=1e-12, atol=TINY)


@pytest.mark.parametrize(("n", "s"), ENSEMBLES)
def test_eq15_weights_are_even_and_normalised(n, s):
    """The initial weights add up to 1 and do not know the sign of the temperature."""
    found = spectrum.weights(BETAS, n=n, s=s)
    assert_allclose(found.sum(axis=-1), 1, rtol=1e-13)
    assert np.array_equal(found, spectrum.weights(np.negative(BETAS), n=n, s=s))


@pytest.mark.parametrize(("n", "s"), ENSEMBLES)
def test_eq15_weights_at_infinite_and_zero_temperature(n, s):
    """At beta_0 = 0 a weight is a share of the dimension; at beta_0 = +-inf only J = ns is left."""
    J, count = spectrum.total_spins(n, s), spectrum.multiplicities(n, s)
    shares = [
        float(Fraction((int(2 * j) + 1) * c, levels(s) ** n)) for j, c in zip(J, count, strict=True)
    ]
    assert_allclose(spectrum.weights(0.0, n=n, s=s), shares, rtol=1e-12)
    for beta_0 in (np.inf, -np.inf):
        assert spectrum.weights(beta_0, n=n, s=s).tolist() == [0.0] * (len(J) - 1) + [1.0]


def test_eq15_weights_match_stored_values(stored):
    """Values from another program, with the multiplicity and without."""
    for name, alone in (("weight_lJ_pJ", False), ("p_J", True)):
        for at, value in stored(name):
            n, s = at["n"], at["s"]
            place = spectrum.total_spins(n, s).tolist().index(float(Fraction(at["J"])))
            found = spectrum.weights(at["beta_0"], n=n, s=s)[place]
            share = spectrum.multiplicities(n, s)[place] if alone else 1
            assert_allclose(found, float(value * share), rtol=1e-12)


def test_weight_of_the_largest_spin_of_a_hundred_spins_at_beta_5():
    """In Fig. 1 |beta_0| = 5 is called large, yet half the weight is outside J = ns: |beta_0| >> ln n is needed."""
    assert_allclose(spectrum.weights(5.0, n=100, s=0.5)[-1], 0.514, atol=5e-4)


@pytest.mark.parametrize("s", ["1/2", 1, "9/2"])
@pytest.mark.parametrize("n", [2, 10, 100, 1000])
def test_weight_outside_the_largest_spin_is_n_minus_1_boltzmann_factors(n, s):
    """1 - p_ns -> (n-1) exp(-|beta_0|) once |beta_0| >> ln n."""
    beta_0 = math.log(n) + 25
    outside = spectrum.weights(beta_0, n=n, s=s)[:-1].sum()
    assert_allclose(outside, (n - 1) * math.exp(-beta_0), rtol=1e-9)


@pytest.mark.parametrize(("n", "s"), ENSEMBLES)
def test_mean_square_of_the_total_spin(n, s):
    """<J^2> = n s(s+1) + n(n-1) e_s(beta_0)^2: independent spins are correlated by their means only."""
    J, s_value = spectrum.total_spins(n, s), float(Fraction(s))
    for beta_0 in (0.0, 1e-5, 0.3, 2.0, 40.0):
        mean = spectrum.weights(beta_0, n=n, s=s) @ (J * (J + 1))
        local = multiplet.energy(beta_0, J=s_value)
        expected = n * s_value * (s_value + 1) + n * (n - 1) * local**2
        assert_allclose(mean, expected, rtol=1e-13)


@pytest.mark.parametrize("s", ["1/2", 1, "5/2"])
def test_weights_are_continuous_where_the_algorithm_changes(s):
    """Below 64 spins from exact integers, from 64 on by a saddle-point sum: both against counting."""
    for n in (63, 64):
        for beta_0 in (0.0, 0.05, 1.3, 12.0):
            log_z = multiplet.log_partition(beta_0, J=spectrum.total_spins(n, s))
            log_l = [float(mpmath.log(count)) for count in reference.multiplicities(n, s)]
            log_p = log_l + log_z - n * multiplet.log_partition(beta_0, J=float(Fraction(s)))
            found = spectrum.weights(beta_0, n=n, s=s)
            assert_allclose(found, np.exp(log_p), rtol=2e-12, atol=TINY)


def test_trivial_spins_have_one_state():
    """Spins of size 0: one total spin, once, with certainty."""
    assert spectrum.total_spins(5, 0).tolist() == [0.0]
    assert spectrum.multiplicities(5, 0) == [1]
    assert spectrum.weights(1.0, n=5, s=0).tolist() == [1.0]


def test_a_list_of_multiplicities_may_be_changed_by_its_owner():
    """Results are cached inside; what is handed out is a copy."""
    spectrum.multiplicities(4, 1)[0] = -1
    assert spectrum.multiplicities(4, 1)[0] == 3
