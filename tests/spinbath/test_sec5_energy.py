"""Section V: steady-state energy, Eqs. (17)-(31), and Appendix C."""

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from mpmath import mpf
from numpy.testing import assert_allclose

from spinbath import collective, independent, multiplet, reference, spectrum

TINY = np.finfo(float).tiny
PROCESSES = [collective, independent]
ENSEMBLES = [
    (1, "1/2"), (1, 2), (2, "1/2"), (2, "9/2"), (3, 1), (4, "3/2"), (7, "1/2"), (9, 2), (100, "1/2"),
]  # fmt: skip
MANY = [e for e in ENSEMBLES if e[0] > 1]
BATHS = [0.0, 1e-9, -1e-9, 1e-3, 0.1, -0.7, 2.0, 5.0, -40.0, 300.0, 700.0, -700.0, np.inf, -np.inf]
STARTS = [0.0, 1e-6, 0.5, -2.0, 5.0, 40.0, 700.0, np.inf]
SPACES = [(2, "1/2"), (3, "1/2"), (4, "1/2"), (2, 1), (3, 1), (2, "3/2")]


def size(n, s):
    """Return n s as a float."""
    return n * float(Fraction(s))


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize(("n", "s"), ENSEMBLES)
def test_eq17_energy_is_the_trace_over_the_steady_state(n, s, process):
    """The energy against the sum over all eigenvalues at 50 digits, for every pair of temperatures."""
    starts = STARTS if n < 100 else [5.0, 700.0]
    for beta_0 in starts:
        found = process.energy(BATHS, n=n, s=s, beta_0=beta_0)
        expected = [float(reference.energy(process, b, n=n, s=s, beta_0=beta_0)) for b in BATHS]
        assert_allclose(found, expected, rtol=1e-12, atol=TINY)


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize(("n", "s"), SPACES)
def test_eq17_energy_in_the_product_space(n, s, process, product_space):
    """The energy against density matrices of all product states."""
    space = product_space(n, s)
    for beta_B, beta_0 in [(0.0, 1.0), (0.7, -2.0), (-1.5, 0.3), (3.0, 0.0)]:
        rho = space.steady(process, beta_B, beta_0)
        found = process.energy(beta_B, n=n, s=s, beta_0=beta_0)
        assert_allclose(found, space.energy(rho), rtol=1e-12)


@pytest.mark.parametrize("name", ["collective", "thermal"])
def test_eq17_energy_matches_stored_values(name, stored):
    """Values from another program."""
    process = collective if name == "collective" else independent
    for at, value in stored(f"energy_{name}"):
        beta_B = at.pop("beta_B")
        assert_allclose(process.energy(beta_B, **at), float(value), rtol=1e-12, atol=TINY)


@pytest.mark.parametrize(("n", "s"), ENSEMBLES)
def test_eq18_energy_is_the_mean_over_the_multiplets(n, s):
    """Weights of the start, energies of the bath; (20) is the same with the bath's weights."""
    J = spectrum.total_spins(n, s)
    for beta_B in (-2.0, 0.01, 0.6):
        e_J = multiplet.energy(beta_B, J=J)
        for beta_0 in (0.0, 0.8, np.inf):
            mean = spectrum.weights(beta_0, n=n, s=s) @ e_J + size(n, s)
            assert_allclose(collective.energy(beta_B, n=n, s=s, beta_0=beta_0), mean, rtol=1e-12)
        mean = spectrum.weights(beta_B, n=n, s=s) @ e_J + size(n, s)
        assert_allclose(independent.energy(beta_B, n=n, s=s), mean, rtol=1e-12)


@pytest.mark.parametrize("J", [0.5, 1, 3.5, 50, 1000])
def test_eq19_mean_spin_is_a_sum_over_its_levels(J):
    """e_J against sum_m m exp(-m beta) / Z_J at 50 digits, from the linear regime to the last level."""
    for beta in (0.0, 1e-9, -1e-5, 1e-3, 0.03, -0.5, 2.0, 40.0, -700.0):
        with mpmath.workdps(50):
            boltzmann = [mpmath.exp(-k * abs(mpf(beta))) for k in range(int(2 * J) + 1)]
            total = mpmath.fsum((k - mpf(J)) * b for k, b in enumerate(boltzmann))
            expected = float(total / mpmath.fsum(boltzmann)) * (1 if beta >= 0 else -1)
        assert_allclose(float(multiplet.energy(beta, J=J)), expected, rtol=1e-13, atol=TINY)


@pytest.mark.parametrize("J", [0.5, 2, 30])
def test_eq19_mean_spin_is_minus_the_slope_of_the_log_partition_function(J):
    """e_J = -d ln Z_J / d beta, the derivative taken numerically at 40 digits from (8)."""

    def log_z(beta):
        return mpmath.log(
            mpmath.fsum(mpmath.exp(-(k - mpf(J)) * beta) for k in range(int(2 * J) + 1))
        )

    for beta in (-3.0, -0.2, 0.01, 1.0):
        with mpmath.workdps(40):
            expected = float(-mpmath.diff(log_z, beta))
        assert_allclose(multiplet.energy(beta, J=J), expected, rtol=1e-13)


def test_eq19_mean_spin_in_its_limits():
    """-beta J(J+1)/3 around zero, -J and J at the ends, nothing for J = 0."""
    J = np.arange(0, 101) / 2
    assert_allclose(multiplet.energy(1e-9, J=J), -1e-9 * J * (J + 1) / 3, rtol=1e-13)
    assert np.array_equal(multiplet.energy(np.inf, J=J), -J)
    assert np.array_equal(multiplet.energy(-np.inf, J=J), J)
    assert np.all(multiplet.energy([-5.0, -1e-9, 0.0, 3.0], J=0) == 0)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "s"), MANY)
def test_eq22_energy_depends_monotonically_on_the_initial_temperature(n, s):
    """E falls with beta_0 where beta_0 beta_B > 0, rises where it is < 0: Eq. (22)."""
    beta_0 = np.linspace(0.0, 6.0, 25)
    for beta_B in (0.05, 1.0, 4.0):
        assert np.all(np.diff(collective.energy(beta_B, n=n, s=s, beta_0=beta_0)) < 0)
        assert np.all(np.diff(collective.energy(beta_B, n=n, s=s, beta_0=-beta_0)) < 0)
        assert np.all(np.diff(collective.energy(-beta_B, n=n, s=s, beta_0=beta_0)) > 0)
        assert np.all(np.diff(collective.energy(-beta_B, n=n, s=s, beta_0=-beta_0)) > 0)


@pytest.mark.parametrize(("n", "s"), MANY)
def test_eq22_energy_does_not_depend_on_the_start_for_a_bath_at_infinite_temperature(n, s):
    """At beta_B = 0 all starts end at ns."""
    found = collective.energy(0.0, n=n, s=s, beta_0=STARTS)
    assert_allclose(found, size(n, s), rtol=1e-13)


@pytest.mark.parametrize(("n", "s"), [(2, "1/2"), (5, 1), (30, "3/2")])
def test_c6_slope_in_the_initial_temperature_is_a_covariance(n, s):
    """dE/dbeta_0 = -Cov(e_J(beta_0), e_J(beta_B)) over the weights, at beta_0 = 0 in particular zero."""
    J, h = spectrum.total_spins(n, s), 1e-4
    for beta_B, beta_0 in [(1.0, 0.5), (-0.3, 2.0), (2.0, -1.0), (1.0, 0.0)]:
        weights = spectrum.weights(beta_0, n=n, s=s)
        start, bath = multiplet.energy(beta_0, J=J), multiplet.energy(beta_B, J=J)
        covariance = weights @ (start * bath) - (weights @ start) * (weights @ bath)
        above, below = (collective.energy(beta_B, n=n, s=s, beta_0=beta_0 + x) for x in (h, -h))
        assert_allclose((above - below) / (2 * h), -covariance, rtol=1e-5, atol=1e-9)


@pytest.mark.parametrize(("n", "s"), MANY)
def test_eq23_eq24_energy_against_thermal_equilibrium(n, s):
    """|beta_0| against |beta_B| decides; for beta_B < 0 it is |beta_0| > |beta_B| that raises the energy."""
    for beta_B in (0.2, 1.0, 3.0):
        thermal = independent.energy(beta_B, n=n, s=s)
        for sign in (1, -1):
            hotter = collective.energy(beta_B, n=n, s=s, beta_0=sign * beta_B * 0.8)
            colder = collective.energy(beta_B, n=n, s=s, beta_0=sign * beta_B * 1.2)
            assert colder < thermal < hotter
        inverted = independent.energy(-beta_B, n=n, s=s)
        for sign in (1, -1):
            hotter = collective.energy(-beta_B, n=n, s=s, beta_0=sign * beta_B * 0.8)
            colder = collective.energy(-beta_B, n=n, s=s, beta_0=sign * beta_B * 1.2)
            assert hotter < inverted < colder


@pytest.mark.parametrize(("n", "s"), ENSEMBLES)
def test_energy_is_thermal_where_start_and_bath_agree(n, s):
    """beta_0 = +-beta_B: collective dissipation changes nothing, in the tails too."""
    beta = np.array([b for b in BATHS if np.isfinite(b)])
    thermal = independent.energy(beta, n=n, s=s)
    for sign in (1, -1):
        found = collective.energy(beta, n=n, s=s, beta_0=sign * beta)
        assert_allclose(found, thermal, rtol=1e-12, atol=TINY)


@pytest.mark.parametrize("s", ["1/2", 1, "9/2", 50])
def test_one_spin_cannot_tell_the_processes_apart(s):
    """For n = 1 both processes are the same, whatever the start."""
    for beta_0 in STARTS:
        found = collective.energy(BATHS, n=1, s=s, beta_0=beta_0)
        assert_allclose(found, independent.energy(BATHS, n=1, s=s), rtol=1e-14, atol=0)


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize(("n", "s"), ENSEMBLES)
def test_energy_is_mirrored_by_a_bath_of_opposite_temperature(n, s, process):
    """E(-beta_B) = 2ns - E(beta_B), within [0, 2ns]; the sign of beta_0 has no influence."""
    baths = np.array(BATHS)
    for beta_0 in STARTS:
        found = process.energy(baths, n=n, s=s, beta_0=beta_0)
        mirrored = process.energy(-baths, n=n, s=s, beta_0=beta_0)
        assert_allclose(found + mirrored, 2 * size(n, s), rtol=1e-14)
        assert np.all((found >= 0) & (found <= 2 * size(n, s) * (1 + 1e-15)))
        assert np.array_equal(found, process.energy(baths, n=n, s=s, beta_0=-beta_0))


@pytest.mark.parametrize(("n", "s"), ENSEMBLES)
def test_eq25_eq26_energies_in_print(n, s):
    """Both closed forms, typed from the paper and evaluated at 50 digits."""

    def printed(N, beta):
        return 1 / (mpmath.exp(beta) - 1) - N / (mpmath.exp(N * beta) - 1)

    for beta in (1e-9, 1e-3, 0.4, 3.0, 50.0, 700.0, -0.2, -700.0):
        with mpmath.workdps(700):
            together = float(printed(2 * mpf(size(n, s)) + 1, mpf(beta)))
            alone = float(n * printed(2 * mpf(size(1, s)) + 1, mpf(beta)))
        for beta_0 in (np.inf, -np.inf):
            found = collective.energy(beta, n=n, s=s, beta_0=beta_0)
            assert_allclose(found, together, rtol=1e-12)
        assert_allclose(independent.energy(beta, n=n, s=s), alone, rtol=1e-12)


@pytest.mark.parametrize(("n", "s"), ENSEMBLES)
def test_eq27_eq28_energy_around_infinite_temperature(n, s):
    """E/ns = 1 - (X+1) beta/3 + (X+1)(2X^2+2X+1) beta^3/90 + O(beta^5), X = ns together and s alone."""
    beta, ns = 1e-3 / (2 * size(n, s) + 1), size(n, s)
    for process, X in ((collective, ns), (independent, size(1, s))):
        linear = (X + 1) * beta / 3
        cubic = (X + 1) * (2 * X**2 + 2 * X + 1) * beta**3 / 90
        deficit = -process.energy_difference(beta, reference=0.0, n=n, s=s) / ns
        assert_allclose(deficit, linear, rtol=1e-6)
        assert_allclose(linear - deficit, cubic, rtol=1e-6, atol=2e-16 * linear / 1e-3)
        assert abs(process.energy(beta, n=n, s=s) / ns - (1 - linear + cubic)) < 1e-15


@pytest.mark.parametrize(("n", "s"), MANY)
def test_slope_at_infinite_temperature_for_any_start(n, s):
    """E/ns = 1 - (beta/3) [(s+1) + (n-1) e_s(beta_0)^2 / s]; steepest, by (ns+1)/(s+1), for beta_0 = inf."""
    s_value, beta = size(1, s), 1e-7
    for beta_0 in (0.0, 0.3, 2.0, np.inf):
        e_s = multiplet.energy(beta_0, J=s_value)
        slope = ((s_value + 1) + (n - 1) * e_s**2 / s_value) / 3
        fall = collective.energy_difference(0.0, reference=beta, n=n, s=s, beta_0=beta_0)
        assert_allclose(fall / (size(n, s) * beta), slope, rtol=1e-9)
    thermal = independent.energy_difference(0.0, reference=beta, n=n, s=s)
    assert_allclose(fall / thermal, (size(n, s) + 1) / (s_value + 1), rtol=1e-9)


@pytest.mark.parametrize("s", ["1/2", 1, "9/2"])
@pytest.mark.parametrize("n", [2, 6, 9, 100])
def test_eq29_energy_is_n_times_smaller_for_a_cold_bath(n, s):
    """E_+ -> 1/(e^beta - 1) and E_+/E^th -> 1/n; for s = 1/2 off by the factor coth(beta/2)."""
    for beta in (5.0, 12.0, 30.0):
        together, alone = (p.energy(beta, n=n, s=s) for p in PROCESSES)
        assert_allclose(together, 1 / math.expm1(beta), rtol=3 * n * math.exp(-2 * beta) + 1e-14)
        assert_allclose(n * together / alone, 1, rtol=2.1 * math.exp(-beta) + 1e-14)
        if s == "1/2":
            occupation = 1 / math.expm1(beta)
            assert_allclose(n * occupation / alone, 1 / math.tanh(beta / 2), rtol=1e-14)


def test_eq29_needs_a_start_much_colder_than_the_bath():
    """n = 100, beta_0 = 5, beta_B = 3: instead of E^th/n the energy is fifteen times as much."""
    together, alone = (p.energy(3.0, n=100, s=0.5, beta_0=5.0) for p in PROCESSES)
    assert_allclose(100 * together / alone, 15.1, atol=0.05)


def test_energy_saturates_with_the_number_of_spins():
    """Section V C: E_+ tends to the energy of one oscillator, E^th grows with n."""
    together = [float(collective.energy(0.7, n=n, s=0.5)) for n in (10, 40, 10**7)]
    assert_allclose(together[-1], 1 / math.expm1(0.7), rtol=1e-15)
    assert together[1] == pytest.approx(together[-1], rel=1e-10)
    assert_allclose(
        independent.energy(0.7, n=10**7, s=0.5), 1e6 * independent.energy(0.7, n=10, s=0.5)
    )


@pytest.mark.parametrize(
    ("n", "s", "expected"), [(4, "1/2", 1.187), (4, 5000, 1.347), (100, "1/2", 1.7457)]
)
def test_largest_amplification_by_a_bath_of_negative_temperature(n, s, expected):
    """ "Up to twice" is the limit of many spins; at fixed n large spins do not reach it."""
    beta = -np.geomspace(1e-3 / size(n, s), 3, 20_001)
    ratio = collective.energy(beta, n=n, s=s) / independent.energy(beta, n=n, s=s)
    assert_allclose(ratio.max(), expected, atol=6e-4)
    assert ratio.max() < 2


@pytest.mark.parametrize(("n", "s"), MANY)
def test_mitigation_and_amplification(n, s):
    """beta_0/beta_B < -1 amplifies the energy exchanged with the bath, beta_0/beta_B > -1 mitigates it."""
    for beta_B in (0.5, 1.5, -0.8):
        for ratio in (-4.0, -1.3, -0.7, 0.0, 0.6, 1.4, 5.0):
            start = independent.energy(ratio * beta_B, n=n, s=s)
            together, alone = (
                p.energy(beta_B, n=n, s=s, beta_0=ratio * beta_B) - start for p in PROCESSES
            )
            assert 0 < together / alone
            assert (together / alone > 1) == (ratio < -1)


def test_effect_on_the_energy_of_four_spins_at_beta_2():
    """Fig. 3 (a) at a fixed temperature: (E^th - E_+)/ns falls with s; only its maximum grows."""
    beta = np.append(np.geomspace(1e-3, 5, 2001), 2.0)
    effect = []
    for s in ("1/2", "3/2", "9/2"):
        together, alone = (p.energy(beta, n=4, s=s) for p in PROCESSES)
        effect.append((alone - together) / size(4, s))
    assert_allclose([e[-1] for e in effect], [0.160, 0.077, 0.026], atol=5e-4)
    assert np.all(np.diff([e.max() for e in effect]) > 0)


@pytest.mark.parametrize("n", [2, 3, 10, 100, 10_000])
def test_eq30_local_temperature_of_a_hot_bath(n):
    """beta_Loc = beta_B (n+2)/3 around beta_B = 0, for the coldest start."""
    for beta_B in (1e-9, -1e-7):
        assert_allclose(
            collective.local_beta(beta_B / n, n=n), beta_B / n * (n + 2) / 3, rtol=1e-12
        )


@pytest.mark.parametrize("n", [2, 3, 10, 100])
def test_eq31_local_temperature_of_a_cold_bath(n):
    """beta_Loc -> beta_B + sgn(beta_B) ln n; the sign is missing in print."""
    for beta_B in (40.0, -40.0, 650.0, -650.0):
        expected = beta_B + math.copysign(math.log(n), beta_B)
        assert_allclose(collective.local_beta(beta_B, n=n), expected, rtol=1e-14)


def test_eq31_sign():
    """Two spins at beta_B = -30: -30.693, where print gives -29.307."""
    assert_allclose(collective.local_beta(-30.0, n=2), -30.693147, atol=1e-6)


@pytest.mark.parametrize("n", [1, 2, 5, 64, 1000])
def test_local_temperature_and_energy_of_spins_one_half_are_one_to_one(n):
    """E/n = 1/(1 + exp(beta_Loc)): the local state is thermal at beta_Loc, for any start."""
    for beta_0 in (0.0, 0.4, -3.0, 50.0, np.inf):
        beta_B = np.array([-20.0, -1.0, -1e-6, 0.0, 1e-3, 0.5, 4.0, 100.0])
        local = collective.local_beta(beta_B, n=n, beta_0=beta_0)
        expected = independent.energy(local, n=n, s=0.5)
        assert_allclose(
            collective.energy(beta_B, n=n, s=0.5, beta_0=beta_0), expected, rtol=2e-14 * 100
        )


def test_local_temperature_matches_stored_values(stored):
    """Values from another program."""
    for at, value in stored("beta_loc"):
        beta_B = at.pop("beta_B")
        assert_allclose(collective.local_beta(beta_B, **at), float(value), rtol=1e-12)


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize(
    ("n", "s"), [(1, 2), (3, "1/2"), (4, "3/2"), pytest.param(80, "1/2", marks=pytest.mark.slow)]
)
def test_energy_difference_keeps_its_digits(n, s, process):
    """E(beta) - E(beta') against 50 digits, from far apart to the last bit of beta."""
    for beta, other in [
        (0.5, 0.5 * (1 + 1e-15)), (0.5, 0.5 + 1e-9), (1e-9, 2e-9), (3.0, 3.4), (0.0, 5.0), (-1e-3, 1e-3),
        (30.0, 30.0001), (-600.0, -600.5), (-38.0, -40.0), (2.0, -2.0), (0.1, np.inf), (np.inf, -np.inf),
    ]:  # fmt: skip
        for beta_0 in (0.0, 1.0, np.inf):
            found = process.energy_difference(beta, reference=other, n=n, s=s, beta_0=beta_0)
            high, low = (
                reference.energy(process, b, n=n, s=s, beta_0=beta_0, digits=350)
                for b in (beta, other)
            )
            with mpmath.workdps(350):
                expected = float(high - low)
            assert_allclose(found, expected, rtol=1e-12)
            swapped = process.energy_difference(other, reference=beta, n=n, s=s, beta_0=beta_0)
            assert_allclose(swapped, -found, rtol=1e-14)
