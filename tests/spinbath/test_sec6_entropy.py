"""Section VI: steady-state entropy, Eqs. (32)-(43), and Appendix E."""

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
BATHS = [0.0, 1e-9, -1e-3, 0.1, -0.7, 2.0, 5.0, -40.0, 300.0, 700.0, -700.0, np.inf, -np.inf]
STARTS = [0.0, 1e-6, 0.5, -2.0, 5.0, 40.0, 700.0, np.inf]
SPACES = [(2, "1/2"), (3, "1/2"), (4, "1/2"), (2, 1), (3, 1), (2, "3/2")]


def size(n, s):
    """Return n s as a float."""
    return n * float(Fraction(s))


def oscillator_entropy(beta):
    """Entropy of a harmonic oscillator at inverse temperature beta > 0, in mpmath."""
    return beta / mpmath.expm1(beta) - mpmath.log(-mpmath.expm1(-beta))


@pytest.mark.slow
@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize(("n", "s"), ENSEMBLES)
def test_eq32_entropy_is_a_sum_over_eigenvalues(n, s, process):
    """The entropy against -sum lambda ln lambda at 50 digits, for every pair of temperatures."""
    starts = STARTS if n < 100 else [5.0, 700.0]
    baths = BATHS if n < 100 else BATHS[::3]
    for beta_0 in starts:
        found = process.entropy(baths, n=n, s=s, beta_0=beta_0)
        expected = [float(reference.entropy(process, b, n=n, s=s, beta_0=beta_0)) for b in baths]
        assert_allclose(found, expected, rtol=1e-12, atol=TINY)


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize(("n", "s"), SPACES)
def test_eq32_entropy_in_the_product_space(n, s, process, product_space):
    """The entropy against the eigenvalues of density matrices of all product states."""
    space = product_space(n, s)
    for beta_B, beta_0 in [(0.0, 1.0), (0.7, -2.0), (-1.5, 0.3), (3.0, 0.0)]:
        expected = space.entropy(space.steady(process, beta_B, beta_0))
        assert_allclose(process.entropy(beta_B, n=n, s=s, beta_0=beta_0), expected, rtol=1e-12)


@pytest.mark.parametrize("name", ["collective", "thermal"])
def test_eq32_entropy_matches_stored_values(name, stored):
    """Values from another program."""
    process = collective if name == "collective" else independent
    for at, value in stored(f"entropy_{name}"):
        beta_B = at.pop("beta_B")
        assert_allclose(process.entropy(beta_B, **at), float(value), rtol=1e-12, atol=TINY)


@pytest.mark.parametrize(("n", "s"), ENSEMBLES)
def test_eq33_shannon_entropy_of_the_weights(n, s):
    """At zero temperature of the bath only the entropy of the weights is left: H(p) of Eq. (33)."""
    for beta_0 in (0.0, 0.4, 3.0):
        w = spectrum.weights(beta_0, n=n, s=s)
        log_l = [float(mpmath.log(count)) for count in spectrum.multiplicities(n, s)]
        shannon = -np.sum(w * (np.log(w) - log_l))
        for beta_B in (np.inf, -np.inf):
            found = collective.entropy(beta_B, n=n, s=s, beta_0=beta_0)
            assert_allclose(found, shannon, rtol=1e-12, atol=1e-14)


@pytest.mark.slow
@pytest.mark.parametrize("J", [0, 0.5, 1, 4.5, 60, 1000])
def test_eq34_entropy_of_one_multiplet(J):
    """ln Z_J + beta e_J from the explicit sums, cancelling at 700 digits."""
    for beta in (0.0, 1e-9, -1e-3, 0.2, 3.0, -50.0, 700.0):
        with mpmath.workdps(700 if abs(beta) > 100 else 120):
            boltzmann = [mpmath.exp(-k * abs(mpf(beta))) for k in range(int(2 * J) + 1)]
            z = mpmath.fsum(boltzmann)
            mean = mpmath.fsum(k * b for k, b in enumerate(boltzmann)) / z
            expected = float(mpmath.log(z) + abs(mpf(beta)) * mean)
        assert_allclose(float(multiplet.entropy(beta, J=J)), expected, rtol=1e-13, atol=TINY)


@pytest.mark.parametrize("J", [0.5, 1, 4.5, 60, 1000])
def test_entropy_of_a_multiplet_is_a_difference_of_oscillator_entropies(J):
    """S_J = S_o(beta) - S_o((2J+1) beta): a new identity, hence S^th/S_+ < n."""
    for beta in (1e-6, 0.01, 0.3, 2.0, 30.0):
        with mpmath.workdps(60):
            b = mpf(beta)
            expected = oscillator_entropy(b) - oscillator_entropy((2 * mpf(J) + 1) * b)
        assert_allclose(float(multiplet.entropy(beta, J=J)), float(expected), rtol=1e-13)


@pytest.mark.parametrize(("n", "s"), ENSEMBLES)
def test_eq35_entropy_in_print(n, s):
    """beta_B (E - ns) + sum_J l_J p_J ln(Z_J(beta_B) / p_J(beta_0)), from the library's own pieces."""
    J = spectrum.total_spins(n, s)
    log_l = np.array([float(mpmath.log(count)) for count in spectrum.multiplicities(n, s)])
    for beta_B, beta_0 in [(0.3, 1.0), (-1.0, 0.2), (2.0, -2.0)]:
        w = spectrum.weights(beta_0, n=n, s=s)
        log_ratio = multiplet.log_partition(beta_B, J=J) - (np.log(w) - log_l)
        centred = collective.energy(beta_B, n=n, s=s, beta_0=beta_0) - size(n, s)
        expected = beta_B * centred + w @ log_ratio
        found = collective.entropy(beta_B, n=n, s=s, beta_0=beta_0)
        assert_allclose(found, expected, rtol=1e-11)


@pytest.mark.parametrize(("n", "s"), ENSEMBLES)
def test_eq36_eq40_entropies_in_print(n, s):
    """beta E + ln[(1 - e^{-N beta}) / (1 - e^{-beta})], together and alone, at 50 digits."""
    for beta in (1e-3, 0.4, 3.0, -0.2, 50.0):
        for process, X, copies in ((collective, size(n, s), 1), (independent, size(1, s), n)):
            with mpmath.workdps(80):
                energy = reference.energy(process, beta, n=n, s=s, digits=80)
                b, N = mpf(beta), 2 * mpf(X) + 1
                log_z = mpmath.log(mpmath.expm1(-N * b) / mpmath.expm1(-b))
                expected = float(b * energy + copies * log_z)
            assert_allclose(process.entropy(beta, n=n, s=s), expected, rtol=1e-12)


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize(("n", "s"), ENSEMBLES)
def test_entropy_is_even_in_both_temperatures_and_bounded(n, s, process):
    """0 <= S <= n ln(2s+1), whatever the signs; the maximum only from and to infinite temperature."""
    for beta_0 in STARTS:
        found = process.entropy(BATHS, n=n, s=s, beta_0=beta_0)
        for signs in ((-1, 1), (1, -1), (-1, -1)):
            baths = np.multiply(signs[0], BATHS)
            mirrored = process.entropy(baths, n=n, s=s, beta_0=signs[1] * beta_0)
            assert np.array_equal(found, mirrored)
        largest = n * math.log(2 * size(1, s) + 1)
        assert np.all((found >= 0) & (found <= largest * (1 + 1e-14)))
    assert_allclose(process.entropy(0.0, n=n, s=s, beta_0=0.0), largest, rtol=1e-14)


@pytest.mark.parametrize(("n", "s"), ENSEMBLES)
def test_entropy_in_its_limits(n, s):
    """ln(2ns+1) and n ln(2s+1) at beta_B = 0 from the coldest start; 0 at beta_B = +-inf."""
    assert_allclose(collective.entropy(0.0, n=n, s=s), math.log(2 * size(n, s) + 1), rtol=1e-15)
    assert_allclose(
        independent.entropy(0.0, n=n, s=s), n * math.log(2 * size(1, s) + 1), rtol=1e-14
    )
    for process in PROCESSES:
        assert process.entropy([np.inf, -np.inf], n=n, s=s).tolist() == [0.0, 0.0]


@pytest.mark.parametrize(("n", "s"), ENSEMBLES)
def test_entropy_is_thermal_where_start_and_bath_agree(n, s):
    """beta_0 = +-beta_B: collective dissipation changes nothing."""
    beta = np.array([b for b in BATHS if np.isfinite(b)])
    for sign in (1, -1):
        found = collective.entropy(beta, n=n, s=s, beta_0=sign * beta)
        assert_allclose(found, independent.entropy(beta, n=n, s=s), rtol=1e-12, atol=TINY)


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize(("n", "s"), ENSEMBLES)
def test_entropy_and_energy_change_together(n, s, process):
    """dS = beta_B dE at fixed weights: Clausius' relation for a slowly changing bath."""
    nodes, weights = np.polynomial.legendre.leggauss(40)
    for beta_0 in (0.0, 1.0, np.inf):
        for low, high in ((0.1, 0.4), (-2.0, -1.5), (1.0, 1.5)):
            beta = (low + high) / 2 + (high - low) / 2 * nodes
            energy = process.energy(beta, n=n, s=s, beta_0=beta_0)
            start, end = (process.energy(b, n=n, s=s, beta_0=beta_0) for b in (low, high))
            by_parts = high * end - low * start - (high - low) / 2 * (weights @ energy)
            first, last = (process.entropy(b, n=n, s=s, beta_0=beta_0) for b in (low, high))
            assert_allclose(last - first, by_parts, rtol=1e-9)


@pytest.mark.parametrize(("n", "s"), MANY)
def test_eq37_eq38_eq39_entropy_against_thermal_equilibrium(n, s):
    """Below the thermal value for |beta_0| > |beta_B|, above it for |beta_0| < |beta_B|, always nearer the start."""
    for beta_B in (0.3, -1.0, 2.5):
        thermal = independent.entropy(beta_B, n=n, s=s)
        for ratio in (-3.0, -1.1, 1.2, 2.0):
            assert collective.entropy(beta_B, n=n, s=s, beta_0=ratio * beta_B) < thermal
        for ratio in (-0.9, 0.0, 0.5):
            assert collective.entropy(beta_B, n=n, s=s, beta_0=ratio * beta_B) > thermal
        for ratio in (-3.0, -0.9, 0.0, 0.5, 2.0):
            start = independent.entropy(ratio * beta_B, n=n, s=s)
            found = collective.entropy(beta_B, n=n, s=s, beta_0=ratio * beta_B)
            assert abs(found - start) < abs(thermal - start)


@pytest.mark.parametrize(("n", "s"), MANY)
def test_appendix_e_entropy_falls_with_a_colder_start(n, s):
    """For every bath S rises with beta_0 < 0 and falls with beta_0 > 0."""
    for beta_B in (0.0, 0.3, -2.0):
        found = collective.entropy(beta_B, n=n, s=s, beta_0=np.linspace(0, 6, 25))
        assert np.all(np.diff(found) < 0)


@pytest.mark.parametrize("s", ["1/2", 1, "9/2"])
@pytest.mark.parametrize("n", [1, 2, 6, 9, 100, 10_000])
def test_entropy_is_reduced_by_up_to_n(n, s):
    """1 <= S^th/S_+ < n, tending to n for a cold bath."""
    beta = np.array([1e-6, 0.01, 0.3, 2.0, 8.0, 30.0, 300.0])
    ratio = independent.entropy(beta, n=n, s=s) / collective.entropy(beta, n=n, s=s)
    assert np.all(ratio >= 1 - 1e-14)
    assert np.all(ratio <= n * (1 + 1e-14))
    if n > 1:
        assert np.all(ratio[:4] < n)
    assert_allclose(ratio[-2:], n, rtol=1e-12)


def test_eq41_needs_the_magnitude_of_beta():
    """At beta_B = -10 the entropy is 0.000499; print, without the magnitude, gives a complex number."""
    for beta_B in (10.0, -10.0):
        assert_allclose(collective.entropy(beta_B, n=5, s=1), 0.000499, atol=5e-7)
        assert_allclose(
            collective.entropy(beta_B, n=5, s=1), float(oscillator_entropy(mpf(10))), rtol=1e-12
        )
    with mpmath.workdps(15):
        printed = oscillator_entropy(mpf(-10))
    assert abs(abs(mpmath.im(printed)) - math.pi) < 1e-12


@pytest.mark.parametrize(("n", "s"), ENSEMBLES)
def test_eq42_eq43_entropy_around_infinite_temperature(n, s):
    """S = S(0) - X(X+1) beta^2/6 + X(X+1)(2X^2+2X+1) beta^4/120 + O(beta^6), X = ns or n times X = s."""
    for process, X, copies in ((collective, size(n, s), 1), (independent, size(1, s), n)):
        beta = Fraction(1, 1000) / Fraction(2 * X + 1)
        with mpmath.workdps(50):
            b = mpf(beta.numerator) / beta.denominator
            top = reference.entropy(process, 0, n=n, s=s)
            fall = (top - reference.entropy(process, beta, n=n, s=s)) / copies
            series = X * (X + 1) * (b**2 / 6 - (2 * X**2 + 2 * X + 1) * b**4 / 120)
            assert abs(fall / series - 1) < 1e-11
            assert abs(fall / (X * (X + 1) * b**2 / 6) - 1) > 1e-8
        found = process.entropy(float(beta), n=n, s=s)
        assert_allclose(found, float(top - copies * series), rtol=1e-14)
        found = process.entropy(0.0, n=n, s=s) - process.entropy(1e-3, n=n, s=s)
        leading = copies * X * (X + 1) * 1e-6 / 6
        assert_allclose(found, leading, rtol=1e-6 * (2 * X + 1) ** 2, atol=1e-12)


def test_one_spin_cannot_tell_the_processes_apart():
    """For n = 1 both entropies are the same, whatever the start."""
    for s in ("1/2", 1, "9/2", 50):
        for beta_0 in (0.0, 0.5, -2.0, 40.0, np.inf):
            found = collective.entropy(BATHS, n=1, s=s, beta_0=beta_0)
            assert_allclose(found, independent.entropy(BATHS, n=1, s=s), rtol=1e-13, atol=TINY)
