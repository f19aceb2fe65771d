"""Large ensembles: a second algorithm, exact identities up to ten million spins, and memory."""

import math
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import mpmath
import numpy as np
import pytest
from mpmath import mpf
from numpy.testing import assert_allclose

import spinbath
from spinbath import collective, independent, multiplet, otto, spectrum

TINY = np.finfo(float).tiny
LARGE = [(1000, "9/2"), (10**4, 1), (10**5, "1/2"), (10**6, "3/2"), (10**7, "1/2"), (10**7, "9/2")]
BATHS = np.array([-3.0, -0.01, -1e-6, 0.0, 1e-9, 1e-4, 0.02, 0.7, 2.5, 30.0, 500.0])


def by_characteristic_function(n, s, beta_0):
    """Total spins around their mean, and their weights, by a Fourier sum with a fixed origin.

    The law of the total excitation number of n thermal spins, minus its copy shifted by one
    (which is done on the transform, so that nothing cancels), at 40 digits for each frequency.
    """
    d = int(2 * Fraction(s)) + 1
    with mpmath.workdps(40):
        q = mpmath.exp(-mpf(beta_0))
        z = mpmath.fsum(q**j for j in range(d))
        p = [q**j / z for j in range(d)]
        mean = mpmath.fsum(j * x for j, x in enumerate(p))
        variance = mpmath.fsum((j - mean) ** 2 * x for j, x in enumerate(p))
        sigma, centre = float(mpmath.sqrt(n * variance)), int(n * mean)
        reach = int(12 * sigma + 60)
        period = 2 * reach + 1
        k = np.arange(max(centre - reach, 0), min(centre + reach, n * (d - 1) // 2) + 1)
        law = np.zeros(len(k))
        for f in range(period // 2 + 1):
            t = 2 * mpmath.pi * f / period
            phi = mpmath.fsum(x * mpmath.expj(t * j) for j, x in enumerate(p))
            if phi == 0 or n * mpmath.log(abs(phi)) < -45:
                break
            bell = mpmath.exp(n * mpmath.log(phi) - 1j * t * centre) * (1 - q * mpmath.expj(t))
            bell = complex(bell * (1 if f == 0 else 2) / period)
            law += np.real(bell * np.exp(-1j * float(t) * (k - centre)))
    J = n * float(Fraction(s)) - k
    degeneracy = 2 * J + 1 if beta_0 == 0 else np.expm1(-beta_0 * (2 * J + 1)) / math.expm1(-beta_0)
    return J, law * degeneracy


@pytest.mark.parametrize("beta_0", [0.0, 1e-3, 0.3, 2.0, 9.0])
@pytest.mark.parametrize(("n", "s"), [(1000, 1), (10**5, "1/2"), (10**5, "9/2")])
def test_sums_over_the_total_spin_by_a_second_algorithm(n, s, beta_0):
    """Energy, entropy and their like from weights at all total spins in a window, without short cuts."""
    J, w = by_characteristic_function(n, s, beta_0)
    assert_allclose(w.sum(), 1, rtol=1e-12)
    keep = w > 0
    J, w = J[keep], w[keep]
    ns = n * float(Fraction(s))
    log_p = multiplet.log_partition(beta_0, J=J) - n * multiplet.log_partition(beta_0, J=ns / n)
    for beta_B in (1e-4, 0.05, 1.0, -2.0):
        at = {"n": n, "s": s, "beta_0": beta_0}
        energy = w @ (ns - J) + w @ (multiplet.energy(beta_B, J=J) + J)
        assert_allclose(collective.energy(beta_B, **at), energy, rtol=1e-12)
        entropy = w @ (multiplet.entropy(beta_B, J=J) - log_p)
        assert_allclose(collective.entropy(beta_B, **at), entropy, rtol=1e-11)
        found = collective.energy_difference(beta_B, reference=0.3, **at)
        difference = w @ (multiplet.energy(beta_B, J=J) - multiplet.energy(0.3, J=J))
        assert_allclose(found, difference, rtol=1e-11, atol=1e-15 * ns)


@pytest.mark.parametrize("beta_0", [0.0, 0.3, 9.0])
@pytest.mark.parametrize(("n", "s"), [(1000, 1), (10**5, "1/2")])
def test_weights_by_a_second_algorithm(n, s, beta_0):
    """Single weights within three standard deviations, where the second algorithm has digits."""
    J, w = by_characteristic_function(n, s, beta_0)
    place = np.rint(J - spectrum.total_spins(n, s)[0]).astype(int)
    found = spectrum.weights(beta_0, n=n, s=s)[place]
    assert_allclose(found, w, rtol=1e-11, atol=1e-14 * w.max())


@pytest.mark.parametrize("beta_0", [0.0, 0.05, 1.0, 20.0])
def test_weights_of_a_thousand_spins_nine_halves(beta_0):
    """Every weight that is a normal double, from exact integers of a thousand digits."""
    n, s = 1000, 4.5
    J, counts = spectrum.total_spins(n, s), spectrum.multiplicities(n, s)
    expected = []
    with mpmath.workdps(30):
        q = mpmath.exp(-mpf(beta_0))
        z = mpmath.fsum(q**j for j in range(10)) ** n
        for j, count in zip(J, counts, strict=True):
            width = int(2 * j) + 1
            series = (1 - q**width) / (1 - q) if beta_0 else width
            expected.append(float(count * q ** int(n * s - j) * series / z))
    assert_allclose(spectrum.weights(beta_0, n=n, s=s), expected, rtol=1e-12, atol=TINY)


@pytest.mark.slow
@pytest.mark.parametrize("n", [1000, 10**5, 10**6])
def test_weights_of_spins_one_half_by_factorials(n):
    """Single weights from (21) and log-gamma at 40 digits, out to twenty standard deviations."""
    J = spectrum.total_spins(n, 0.5)
    for beta_0 in (0.0, 0.4, 6.0):
        found = spectrum.weights(beta_0, n=n, s=0.5)
        mean, sigma = n / 2 * math.tanh(beta_0 / 2), math.sqrt(n) / 2 / math.cosh(beta_0 / 2)
        chosen = [0, 1, 10] + [
            min(max(round(mean + x * sigma - J[0]), 0), len(J) - 1) for x in range(-20, 21, 4)
        ]
        for place in chosen:
            with mpmath.workdps(40):
                j = mpf(J[place])
                log_w = mpmath.loggamma(n + 1) - mpmath.loggamma(mpf(n) / 2 + j + 2)
                log_w += mpmath.log(2 * j + 1) - mpmath.loggamma(mpf(n) / 2 - j + 1)
                q = mpmath.exp(-mpf(beta_0))
                series = (1 - q ** int(2 * j + 1)) / (1 - q) if beta_0 else 2 * j + 1
                log_w += mpmath.log(series) - (n / 2 - j) * beta_0 - n * mpmath.log1p(q)
                expected = float(mpmath.exp(log_w))
            deviations = abs(J[place] - mean) / sigma
            rtol = 1e-12 if n <= 10**5 else 1e-12 + 1e-16 * deviations * math.sqrt(n)
            assert_allclose(found[place], expected, rtol=rtol, atol=TINY)


@pytest.mark.parametrize(("n", "s"), LARGE)
def test_weights_add_up(n, s):
    """At beta_B = 0 the energy is ns times the sum of the weights."""
    beta_0 = np.array([0.0, 1e-6, 1e-3, 0.2, 3.0, 17.0, 300.0, np.inf])
    found = collective.energy(0.0, n=n, s=s, beta_0=beta_0)
    assert_allclose(found, n * float(Fraction(s)), rtol=1e-12)


@pytest.mark.parametrize(("n", "s"), LARGE)
def test_mean_square_of_the_total_spin(n, s):
    """The slope of E at beta_B = 0 is -<J^2>/3, and <J^2> = n s(s+1) + n(n-1) e_s(beta_0)^2."""
    s_value, tiny = float(Fraction(s)), 1e-8 / n
    for beta_0 in (0.0, 1e-6, 1e-3, 0.2, 3.0, 17.0, 300.0, np.inf):
        fall = collective.energy_difference(0.0, reference=tiny, n=n, s=s, beta_0=beta_0)
        local = multiplet.energy(beta_0, J=s_value)
        expected = n * s_value * (s_value + 1) + n * (n - 1) * local**2
        assert_allclose(3 * fall / tiny, expected, rtol=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "s"), LARGE)
def test_equilibrium_is_kept(n, s):
    """beta_0 = +-beta_B: energy, entropy and entropy production are the thermal ones."""
    at = {"n": n, "s": s}
    for sign in (1, -1):
        found = collective.energy(BATHS, **at, beta_0=sign * BATHS)
        assert_allclose(found, independent.energy(BATHS, **at), rtol=1e-12)
        found = collective.entropy(BATHS, **at, beta_0=sign * BATHS)
        assert_allclose(found, independent.entropy(BATHS, **at), rtol=1e-12)
    moved = BATHS[BATHS != 0]
    found = collective.entropy_production(moved, **at, beta_0=-moved)
    expected = independent.entropy_production(moved, **at, beta_0=-moved)
    assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize(("n", "s"), LARGE)
def test_largest_spin_alone(n, s):
    """beta_0 = inf leaves one multiplet of spin ns, whatever its size: (25) in print, at 700 digits."""
    N, expected = 2 * n * Fraction(s) + 1, []
    for beta in BATHS[BATHS != 0]:
        with mpmath.workdps(300):
            b = abs(mpf(beta))
            energy = float(1 / mpmath.expm1(b) - int(N) / mpmath.expm1(int(N) * b))
        expected.append(energy if beta > 0 else int(N) - 1 - energy)
    # no other multiplet is left once |beta_0| >> ln n
    for beta_0 in (np.inf, -np.inf, 700.0):
        found = collective.energy(BATHS[BATHS != 0], n=n, s=s, beta_0=beta_0)
        assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize("n", [10**4, 10**6, 10**7])
def test_energy_of_many_spins_at_a_bath_of_zero_temperature(n):
    """E = ns - <J>, and <J> -> |<J_z>| + 1/(e^beta_0 - 1), up to exponentially rare total spins near zero."""
    for beta_0 in (0.5, 2.0):
        bottom = collective.energy(np.inf, n=n, s=0.5, beta_0=beta_0)
        polarisation = n / 2 * math.tanh(beta_0 / 2)
        # <J> exceeds |<J_z>| by the mean excitation of one oscillator
        expected = n / 2 - polarisation - 1 / math.expm1(beta_0)
        assert_allclose(bottom, expected, rtol=1e-13)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "s"), [(1000, "9/2"), (10**4, 1), (10**5, "1/2"), (10**7, "1/2")])
def test_local_state_of_one_spin_among_many(n, s):
    """Each of many spins carries its share of the energy; for the coldest start at beta_B = 0 all levels alike."""
    d = int(2 * Fraction(s)) + 1
    for beta_B, beta_0 in [(0.3, 1.0), (2.0, 0.5), (0.0, np.inf), (1.0, np.inf)]:
        p = collective.local_populations(beta_B, n=n, s=s, beta_0=beta_0)
        energy = collective.energy(beta_B, n=n, s=s, beta_0=beta_0)
        assert_allclose(p.sum(), 1, rtol=1e-12)
        assert_allclose(n * p @ np.arange(d), energy, rtol=1e-11)
        if beta_B == 0:
            assert_allclose(p, 1 / d, rtol=1e-12)


def test_work_of_ten_million_spins():
    """The work ratio for small beta, 1 + (n-1) e_s^2 / (s(s+1)), where both works are differences."""
    n, s = 10**7, 4.5
    for beta_0 in (0.01, 1.0, np.inf):
        at = {"beta_h": 0.0, "beta_c": 2e-15, "compression": 0.5, "n": n, "s": s, "beta_0": beta_0}
        together, alone = (otto.work(p, **at) for p in (collective, independent))
        expected = 1 + (n - 1) * multiplet.energy(beta_0, J=s) ** 2 / (s * (s + 1))
        assert_allclose(together / alone, expected, rtol=1e-12)


@pytest.mark.slow
def test_monotonic_in_the_start_for_ten_million_spins():
    """(22) to the last digit: 200 initial temperatures, strictly falling energies."""
    found = collective.energy(1.0, n=10**7, s=4.5, beta_0=np.geomspace(1e-3, 10, 200))
    assert np.all(np.diff(found) < 0)


@pytest.mark.slow
def test_memory_stays_small():
    """Ten million spins 9/2 at 400 bath temperatures take less than 50 MB on top of the import."""
    code = """if True:
        import tracemalloc
        import numpy as np
        from spinbath import collective
        tracemalloc.start()
        for beta_0 in (1.0, 1e-6):
            energy = collective.energy(np.linspace(-2, 2, 400), n=10**7, s=4.5, beta_0=beta_0)
        assert energy.shape == (400,)
        print(tracemalloc.get_traced_memory()[1])
    """
    home = str(Path(spinbath.__file__).parents[1])
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {home!r})\n{code}"]
    peak = int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert 400 * 8 < peak < 50e6


@pytest.mark.parametrize("gap", [1e-2, 1e-4, 1e-6, 1e-9, 1e-13])
def test_nearby_temperatures_of_large_ensembles_keep_their_digits(gap):
    """A typical multiplet of many spins is an oscillator, whatever its J: differences in closed form."""
    beta, near = 1.0, 1.0 + gap
    with mpmath.workdps(60):
        a, b = mpf(near), mpf(beta)
        difference = 1 / mpmath.expm1(b) - 1 / mpmath.expm1(a)
        produced = mpmath.log(mpmath.expm1(-a) / mpmath.expm1(-b)) + (b - a) / mpmath.expm1(a)
    for n, s in [(10**5, "1/2"), (10**7, "9/2")]:
        at = {"n": n, "s": s, "beta_0": near}
        found = collective.energy_difference(beta, reference=near, **at)
        assert_allclose(found, float(difference), rtol=1e-12)
        found = collective.entropy_production(beta, **at)
        assert_allclose(found, float(produced), rtol=1e-12)
