"""Section V D and Appendix D: the state of one spin, with the correct Eqs. (D4)-(D9)."""

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from mpmath import mpf
from numpy.testing import assert_allclose

from spinbath import collective, independent, reference

TINY = np.finfo(float).tiny
SPACES = [(2, "1/2"), (3, "1/2"), (4, "1/2"), (2, 1), (3, 1), (2, "3/2")]
ENSEMBLES = [
    (1, "1/2"), (1, "5/2"), (2, "1/2"), (2, "9/2"), (3, 1), (4, "3/2"), (7, "1/2"), (8, 1), (3, 2),
]  # fmt: skip
BATHS = [0.0, 1e-9, -1e-3, 0.1, -0.7, 2.0, -30.0, 300.0, 700.0, -700.0, np.inf, -np.inf]
STARTS = [0.0, 1e-6, 0.5, -2.0, 5.0, 40.0, 700.0, np.inf]


def levels(s):
    return int(2 * Fraction(s)) + 1


def level_sums(n, d):
    """Number of product states of n spins by number of excitations, as exact integers."""
    counts = [1]
    for _ in range(n):
        counts = [sum(counts[max(0, k - d + 1) : k + 1]) for k in range(len(counts) + d - 1)]
    return counts


def coldest_start(n, s, beta, weight):
    """Populations Z_ns^-1 sum_M e^{-M beta} weight(level, M) for beta_0 = +-inf, at 60 digits."""
    d = levels(s)
    top = n * (d - 1)
    with mpmath.workdps(60):
        boltzmann = [mpmath.exp(-k * mpf(beta)) for k in range(top + 1)]
        found = []
        for j in range(d):
            shares = [(k, weight(j, k)) for k in range(j, top - (d - 1) + j + 1)]
            total = mpmath.fsum(boltzmann[k] * x.numerator / x.denominator for k, x in shares)
            found.append(float(total / mpmath.fsum(boltzmann)))
    return found


def correct(n, s):
    """Share of level j in |ns, m>: a hypergeometric law, C(2s, j) C(2(n-1)s, k-j) / C(2ns, k)."""
    d = levels(s)
    top = n * (d - 1)
    return lambda j, k: Fraction(
        math.comb(d - 1, j) * math.comb(top - d + 1, k - j), math.comb(top, k)
    )


def printed(n, s):
    """The same as (D5), (D6) have it: every product state alike, K_{m-m1} / I_m."""
    d = levels(s)
    others, everyone = level_sums(n - 1, d), level_sums(n, d)
    return lambda j, k: Fraction(others[k - j], everyone[k])


@pytest.mark.parametrize(("n", "s"), SPACES)
def test_d1_populations_in_the_product_space(n, s, product_space):
    """The diagonal of the partial trace over all spins but one; nothing is off the diagonal."""
    space = product_space(n, s)
    for beta_B, beta_0 in [(0.0, 1.0), (0.7, -2.0), (-1.5, 0.3), (3.0, 0.0), (0.4, 30.0)]:
        reduced = space.reduced(space.collective(beta_B, beta_0))
        found = collective.local_populations(beta_B, n=n, s=s, beta_0=beta_0)
        assert_allclose(found, np.diag(reduced), rtol=1e-11)
        assert_allclose(reduced - np.diag(np.diag(reduced)), 0, atol=1e-13)


@pytest.mark.parametrize("process", [collective, independent])
@pytest.mark.parametrize(("n", "s"), ENSEMBLES)
def test_d1_populations_by_racahs_formula(n, s, process):
    """Every level, however rare, against exact Clebsch-Gordan coefficients at 50 digits."""
    for beta_0 in STARTS:
        found = process.local_populations(BATHS, n=n, s=s, beta_0=beta_0)
        for row, beta_B in zip(found, BATHS, strict=True):
            at = {"n": n, "s": s, "beta_0": beta_0}
            expected = [float(p) for p in reference.local_populations(process, beta_B, **at)]
            assert_allclose(row, expected, rtol=1e-12, atol=TINY)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "s"), [(64, "1/2"), (66, 1)])
def test_d1_populations_of_many_spins_by_racahs_formula(n, s):
    """The same where the library uses short sums instead of all total spins."""
    for beta_B, beta_0 in [(0.05, 0.3), (1.0, 2.0)]:
        found = collective.local_populations(beta_B, n=n, s=s, beta_0=beta_0)
        expected = reference.local_populations(collective, beta_B, n=n, s=s, beta_0=beta_0)
        assert_allclose(found, [float(p) for p in expected], rtol=1e-12)


def test_d1_populations_match_stored_values(stored):
    """Values from another program."""
    for at, value in stored("p_loc"):
        beta_B, m = at.pop("beta_B"), at.pop("m")
        found = collective.local_populations(beta_B, **at)
        assert_allclose(found[int(m + float(Fraction(at["s"])))], float(value), rtol=1e-12)


def test_d4_two_spins_one_are_not_uniformly_superposed(product_space):
    """|2,0> of two spins 1 is (1, 2, 1)/sqrt 6 on |-1,1>, |0,0>, |1,-1>, not (1, 1, 1)/sqrt 3."""
    space = product_space(2, 1)
    symmetric = space.projectors[2.0]
    shares = np.diag(symmetric)[np.diag(space.z) == 0]
    assert_allclose(shares, [1 / 6, 4 / 6, 1 / 6], atol=1e-14)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("n", "s"),
    [(2, "1/2"), (9, "1/2"), (2, 1), (3, 1), (5, "9/2"), (2, 50), (100, "3/2"), (64, "9/2")],
)
def test_d6_corrected(n, s):
    """For beta_0 = +-inf the levels follow a mean of hypergeometric laws, exactly."""
    for beta in (0.0, 1e-6, 0.1, 0.7, 3.0, 25.0):
        found = collective.local_populations(beta, n=n, s=s)
        assert_allclose(found, coldest_start(n, s, beta, correct(n, s)), rtol=1e-12, atol=TINY)


def test_d6_in_print_holds_for_spins_one_half_only():
    """(D6) in print agrees for s = 1/2 and errs by 4e-2 for two spins 1 at beta = 0.7 (E1)."""
    found = collective.local_populations(0.7, n=5, s=0.5)
    assert_allclose(found, coldest_start(5, 0.5, 0.7, printed(5, 0.5)), rtol=1e-13)
    error = collective.local_populations(0.7, n=2, s=1) - coldest_start(2, 1, 0.7, printed(2, 1))
    assert_allclose(np.abs(error).max(), 4e-2, atol=5e-3)


@pytest.mark.parametrize("s", [1, "3/2", "9/2"])
@pytest.mark.parametrize("n", [2, 3, 10])
def test_d9_corrected(n, s):
    """p_0 p_2/p_1^2 -> n(2s-1)/(2ns-1) < 1 for a cold bath; print has 2n/(n+1) > 1, the other way."""
    p = collective.local_populations(60.0, n=n, s=s)
    two_s = levels(s) - 1
    expected = n * (two_s - 1) / (n * two_s - 1)
    assert expected < 1
    assert_allclose(p[0] * p[2] / p[1] ** 2, expected, rtol=1e-12)
    q = coldest_start(n, s, 60.0, printed(n, s))
    assert_allclose(q[0] * q[2] / q[1] ** 2, 2 * n / (n + 1), rtol=1e-9)


@pytest.mark.parametrize(("n", "s"), [(2, 1), (3, 1), (2, "9/2"), (10, "3/2"), (100, 1)])
def test_d2_local_state_is_not_thermal(n, s):
    """For n >= 2 and s >= 1 the ratio of neighbours varies, except at beta_B = 0 and beta_0 = +-beta_B."""

    def bend(beta_B, beta_0):
        p = np.log(collective.local_populations(beta_B, n=n, s=s, beta_0=beta_0))
        return np.abs(np.diff(p, 2)).max()

    for beta_B, beta_0 in [(0.7, np.inf), (-1.0, 3.0), (2.0, 0.5), (0.3, 0.0)]:
        assert bend(beta_B, beta_0) > 1e-6
    for beta_B, beta_0 in [(0.0, np.inf), (0.0, 0.4), (0.7, 0.7), (-1.0, 1.0), (2.0, -2.0)]:
        assert bend(beta_B, beta_0) < 1e-10


@pytest.mark.slow
@pytest.mark.parametrize(
    ("n", "s"),
    [(1, 2), (2, 1), (3, "9/2"), (12, "3/2"), (64, "1/2"), (65, 1), (80, "5/2"), (300, "1/2")],
)
def test_populations_add_up_and_carry_the_energy(n, s):
    """Sum p = 1 and n sum j p_j = E: each spin carries its share of the energy."""
    for beta_0 in (0.0, 0.3, -2.0, np.inf):
        beta_B = np.array([0.0, 1e-9, 0.04, 1.0, 9.0, 300.0])
        p = collective.local_populations(beta_B, n=n, s=s, beta_0=beta_0)
        assert_allclose(p.sum(axis=-1), 1, rtol=1e-12)
        energy = collective.energy(beta_B, n=n, s=s, beta_0=beta_0)
        assert_allclose(n * p @ np.arange(levels(s)), energy, rtol=1e-12)
        mirrored = collective.local_populations(-beta_B, n=n, s=s, beta_0=-beta_0)
        assert_allclose(mirrored[1:], p[1:, ::-1], rtol=1e-14)


@pytest.mark.parametrize("beta_B", [0.2, 0.5, 3.0])
def test_populations_at_one_bath_temperature(beta_B):
    """The same where the levels that count are far fewer than all, and the sum over them ends early."""
    for n, s in [(500, "1/2"), (200, 1)]:
        p = collective.local_populations(beta_B, n=n, s=s)
        assert_allclose(
            n * p @ np.arange(levels(s)), collective.energy(beta_B, n=n, s=s), rtol=1e-12
        )
        assert_allclose(p.sum(), 1, rtol=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("n", "s"), [(1, 50), (2, 20), (2, "1/2"), (7, "9/2"), (64, 1), (70, "3/2"), (200, "1/2")]
)
def test_local_state_is_thermal_where_start_and_bath_agree(n, s):
    """One spin, or beta_0 = +-beta_B: the populations of thermal equilibrium."""
    for beta in (0.0, 1e-4, 0.3, -2.0, 30.0):
        thermal = independent.local_populations(beta, n=n, s=s)
        for beta_0 in (beta, -beta):
            found = collective.local_populations(beta, n=n, s=s, beta_0=beta_0)
            assert_allclose(found, thermal, rtol=1e-12, atol=TINY)
        if n == 1:
            found = collective.local_populations(beta, n=n, s=s, beta_0=[0.0, 1.0, np.inf])
            assert_allclose(found, [thermal] * 3, rtol=1e-12, atol=TINY)


@pytest.mark.parametrize("process", [collective, independent])
def test_populations_at_zero_temperature(process):
    """A bath at beta_B = +-inf leaves only the end of the spectrum for the coldest start."""
    found = process.local_populations([np.inf, -np.inf], n=3, s=1)
    assert found.tolist() == [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]


def test_eq11_thermal_populations():
    """Independent spins: Boltzmann factors over their sum, at 50 digits."""
    for s in ("1/2", 1, 20):
        for beta in (0.0, 1e-9, -0.3, 5.0, 700.0):
            with mpmath.workdps(50):
                boltzmann = [mpmath.exp(-k * mpf(beta)) for k in range(levels(s))]
                expected = [float(b / mpmath.fsum(boltzmann)) for b in boltzmann]
            found = independent.local_populations(beta, n=4, s=s)
            assert_allclose(found, expected, rtol=1e-12, atol=TINY)
