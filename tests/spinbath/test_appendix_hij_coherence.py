"""Appendices H, I, J: coherence between the spins and apparent temperatures."""

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from mpmath import mpf
from numpy.testing import assert_allclose

from spinbath import collective, independent, reference, spectrum

SPACES = [(2, "1/2"), (3, "1/2"), (4, "1/2"), (2, 1), (3, 1), (2, "3/2")]
ENSEMBLES = [
    *[(1, 1), (2, "1/2"), (2, "9/2"), (3, 1), (4, "3/2"), (7, "1/2"), (8, 1)],
    pytest.param(64, "1/2", marks=pytest.mark.slow),
]
SIGNS = [
    (2, "1/2"),
    (2, 1),
    (2, "9/2"),
    (3, "3/2"),
    (5, 2),
    (10, "1/2"),
    (10, 1),
    (70, "1/2"),
    (70, 1),
]
PAIRS = [(0.0, 1.0), (0.7, -2.0), (-1.5, 0.3), (3.0, 0.1), (0.4, 30.0), (0.2, 0.0)]


def levels(s):
    return int(2 * Fraction(s)) + 1


def emission(populations):
    """Sum of p_j j (2s+1-j): <j+ j-> of one spin with these populations."""
    d = len(populations)
    return sum(p * j * (d - j) for j, p in enumerate(populations))


def absorption(populations):
    """Sum of p_j (j+1) (2s-j): <j- j+> of one spin with these populations."""
    d = len(populations)
    return sum(p * (j + 1) * (d - 1 - j) for j, p in enumerate(populations))


def collective_emission(n, s, beta_B, beta_0):
    """<J+ J-> of the steady state, as a sum over J and m."""
    total = mpf(0)
    J = [Fraction(round(2 * x), 2) for x in spectrum.total_spins(n, s)]
    for spin, weight in zip(J, reference.weights(beta_0, n=n, s=s), strict=True):
        boltzmann = [mpmath.exp(-k * mpf(beta_B)) for k in range(int(2 * spin) + 1)]
        mean = emission([b / mpmath.fsum(boltzmann) for b in boltzmann])
        total += weight * mean
    return total


@pytest.mark.parametrize(("n", "s"), SPACES)
def test_coherence_in_the_product_space(n, s, product_space):
    """Sum over k != l of <j_k+ j_l-> from density matrices of all product states."""
    space = product_space(n, s)
    for beta_B, beta_0 in PAIRS:
        expected = space.coherence(space.collective(beta_B, beta_0))
        found = collective.coherence(beta_B, n=n, s=s, beta_0=beta_0)
        assert_allclose(found, expected, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize(("n", "s"), ENSEMBLES)
def test_coherence_from_eigenvalues(n, s):
    """<J+ J-> minus what the spins emit alone, at 50 digits; exact to 1e-12 of <J+ J->."""
    for beta_B, beta_0 in [*PAIRS, (1e-9, 2.0), (0.5, 0.5 + 1e-9), (-600.0, 700.0), (1.0, np.inf)]:
        with mpmath.workdps(50):
            cold = abs(beta_B)
            total = collective_emission(n, s, cold, beta_0)
            local = reference.local_populations(collective, cold, n=n, s=s, beta_0=beta_0)
            expected = float(total - n * emission(local))
        found = collective.coherence(beta_B, n=n, s=s, beta_0=beta_0)
        assert_allclose(found, expected, rtol=0, atol=1e-12 * float(total))


def test_coherence_matches_stored_values(stored):
    """Values from another program."""
    for at, value in stored("coherence_sum"):
        beta_B = at.pop("beta_B")
        assert_allclose(collective.coherence(beta_B, **at), float(value), rtol=1e-11)


@pytest.mark.slow
@pytest.mark.parametrize("n", [1, 2, 3, 10, 63, 64, 500, 10**5])
def test_coherence_displaces_the_energy_of_spins_one_half(n):
    """E - E^th = -tanh(beta_B/2) C for s = 1/2: what Appendix H calls too complex to exhibit."""
    for beta_B in (1e-6, 0.3, -1.0, 4.0):
        for beta_0 in (0.0, 0.7, -3.0, np.inf):
            at = {"n": n, "s": 0.5, "beta_0": beta_0}
            together, alone = (p.energy(beta_B, **at) for p in (collective, independent))
            displaced = -math.tanh(beta_B / 2) * collective.coherence(beta_B, **at)
            assert_allclose(together - alone, displaced, rtol=1e-9, atol=1e-12 * together)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "s"), [(2, 1), (3, "3/2"), (4, "9/2"), (9, 1), (65, 1)])
def test_coherence_displaces_the_energy_of_larger_spins(n, s):
    """For any s: E - E^th = -tanh(beta_B/2) (C - n (<j_z^2>_Loc - <j_z^2>_th))."""
    m2 = (np.arange(levels(s)) - float(Fraction(s))) ** 2
    for beta_B in (0.3, -1.0, 4.0):
        for beta_0 in (0.0, 0.7, -3.0, np.inf):
            at = {"n": n, "s": s, "beta_0": beta_0}
            together, alone = (p.energy(beta_B, **at) for p in (collective, independent))
            local, thermal = (
                p.local_populations(beta_B, **at) @ m2 for p in (collective, independent)
            )
            bracket = collective.coherence(beta_B, **at) - n * (local - thermal)
            expected = -math.tanh(beta_B / 2) * bracket
            assert_allclose(together - alone, expected, rtol=1e-9, atol=1e-11 * n)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "s"), SIGNS)
def test_sign_of_the_coherence(n, s):
    """Positive for |beta_0| > |beta_B|, negative for |beta_0| < |beta_B|, none where both agree."""
    for beta_B in (0.1, -0.9, 2.5):
        starts = np.array([-3.0, -1.2, 1.3, 4.0]) * beta_B
        assert np.all(collective.coherence(beta_B, n=n, s=s, beta_0=starts) > 0)
        starts = np.array([-0.8, 0.0, 0.5, 0.9]) * beta_B
        assert np.all(collective.coherence(beta_B, n=n, s=s, beta_0=starts) < 0)
        for beta_0 in (beta_B, -beta_B):
            found = collective.coherence(beta_B, n=n, s=s, beta_0=beta_0)
            assert abs(found) < 1e-12 * n**2 * levels(s) ** 2


def test_one_spin_has_no_coherence_with_others():
    """For n = 1 the sum over pairs is empty."""
    for s in ("1/2", 1, 20):
        found = collective.coherence([-1.0, 0.0, 2.0], n=1, s=s, beta_0=0.3)
        assert_allclose(found, 0, atol=1e-12 * levels(s) ** 2)


@pytest.mark.parametrize(("n", "s"), ENSEMBLES[1:])
def test_coherence_is_even_in_both_temperatures(n, s):
    """Neither the sign of beta_B nor that of beta_0 changes it."""
    for beta_B, beta_0 in PAIRS:
        found = collective.coherence(beta_B, n=n, s=s, beta_0=beta_0)
        for b, b_0 in [(-beta_B, beta_0), (beta_B, -beta_0), (-beta_B, -beta_0)]:
            assert collective.coherence(b, n=n, s=s, beta_0=b_0) == found


@pytest.mark.parametrize(("n", "s"), SPACES)
def test_i2_steady_state_has_the_temperature_of_the_bath(n, s, product_space):
    """<J- J+>/<J+ J-> = exp(beta_B) for every start, in the product space."""
    space = product_space(n, s)
    for beta_B, beta_0 in PAIRS:
        found = collective.inverse_apparent_temperature(beta_B, n=n, s=s, beta_0=beta_0)
        rho = space.collective(beta_B, beta_0)
        assert_allclose(found, space.inverse_apparent_temperature(rho), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(("n", "s"), SPACES)
def test_j3_dephased_temperature_in_the_product_space(n, s, product_space):
    """Without the coherences between product states the apparent temperature is another one."""
    space = product_space(n, s)
    for beta_B, beta_0 in PAIRS:
        found = collective.inverse_apparent_temperature(
            beta_B, n=n, s=s, beta_0=beta_0, dephased=True
        )
        diagonal = np.diag(np.diag(space.collective(beta_B, beta_0)))
        expected = space.inverse_apparent_temperature(diagonal)
        assert_allclose(found, expected, rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize(("n", "s"), ENSEMBLES)
def test_dephased_temperature_from_exact_local_populations(n, s):
    """ln of absorption over emission of single spins, at 400 digits, in the tails too."""
    for beta_B, beta_0 in [*PAIRS[1:], (1e-9, 2.0), (700.0, np.inf), (-700.0, 1.0), (30.0, 31.0)]:
        found = collective.inverse_apparent_temperature(
            beta_B, n=n, s=s, beta_0=beta_0, dephased=True
        )
        with mpmath.workdps(400):
            p = reference.local_populations(collective, beta_B, n=n, s=s, beta_0=beta_0, digits=400)
            expected = float(mpmath.log(absorption(p) / emission(p)))
        assert_allclose(found, expected, rtol=1e-12)


def test_dephased_temperature_matches_stored_values(stored):
    """Values from another program."""
    for at, value in stored("inverse_apparent_temperature_dephased"):
        beta_B = at.pop("beta_B")
        found = collective.inverse_apparent_temperature(beta_B, **at, dephased=True)
        assert_allclose(found, float(value), rtol=1e-12)


@pytest.mark.parametrize("n", [1, 2, 9, 64, 1000])
def test_dephased_temperature_of_spins_one_half_is_the_local_one(n):
    """For s = 1/2 it is beta_Loc, for every start."""
    beta_B = np.array([-40.0, -1.0, -1e-9, 0.0, 0.02, 3.0, 700.0, np.inf, -np.inf])
    for beta_0 in (0.0, 1.0, np.inf):
        found = collective.inverse_apparent_temperature(
            beta_B, n=n, s=0.5, beta_0=beta_0, dephased=True
        )
        assert_allclose(found, collective.local_beta(beta_B, n=n, beta_0=beta_0), rtol=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("n", "s"), [(2, "1/2"), (2, 1), (3, 1), (6, "5/2"), (50, "3/2"), (300, 1)]
)
def test_dephased_temperature_for_the_coldest_start(n, s):
    """e^{1/T_D} = (A - C - z)/(A - C + z) with C_{ns,m} = 2s(n-1)/(2ns-1) (n^2 s^2 - m^2)."""
    two_s, ns = levels(s) - 1, n * Fraction(s)
    for beta in (1e-6, 0.1, 0.7, 3.0, 40.0):
        with mpmath.workdps(60):
            m = [mpf(k) - mpf(ns.numerator) / ns.denominator for k in range(int(2 * ns) + 1)]
            boltzmann = [mpmath.exp(-mpf(beta) * (x - m[0])) for x in m]
            p = [b / mpmath.fsum(boltzmann) for b in boltzmann]
            z, z2 = (mpmath.fsum(q * x**k for q, x in zip(p, m, strict=True)) for k in (1, 2))
            A = m[0] ** 2 - m[0] - z2
            C = mpf(two_s) * (n - 1) / (n * two_s - 1) * (m[0] ** 2 - z2)
            expected = float(mpmath.log((A - C - z) / (A - C + z)))
        found = collective.inverse_apparent_temperature(beta, n=n, s=s, dephased=True)
        assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("n", "exact", "in_print"), [(2, 1.018090, 1.061196), (3, 1.293310, 1.354758)]
)
def test_j6_in_print_fails_for_spins_one(n, exact, in_print):
    """(J6) and (J7) as printed, at beta_B = 0.7 and beta_0 = inf, against the correct value (E1)."""
    J, counts = spectrum.total_spins(n, 1), spectrum.multiplicities(n, 1)
    degeneracy = {m: sum(np.array(counts)[abs(m) <= J]) for m in range(-n, n + 1)}
    traces = [0.0, 0.0]
    for j, count in zip(J, counts, strict=True):
        for m in np.arange(-j, j + 1):
            share = count * math.exp(-0.7 * m) / degeneracy[int(m)]
            traces[0] += share * (j - m) * (j + m + 1)
            traces[1] += share * (j + m) * (j - m + 1)
    assert_allclose(math.log(traces[0] / traces[1]), in_print, atol=5e-7)
    found = collective.inverse_apparent_temperature(0.7, n=n, s=1, dephased=True)
    assert_allclose(found, exact, atol=5e-7)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "s"), SIGNS)
def test_j11_coherence_keeps_the_ensemble_apparently_hotter(n, s):
    """|1/T_D| > |beta_B| for |beta_0| > |beta_B|: dephasing would cool; for |beta_0| < |beta_B| it would heat."""
    for beta_B in (0.1, 1.0, -2.0):
        for ratio in (-1.3, 1.5, 4.0, np.inf):
            found = collective.inverse_apparent_temperature(
                beta_B, n=n, s=s, beta_0=ratio * beta_B, dephased=True
            )
            assert found / beta_B > 1
        for ratio in (-0.8, 0.0, 0.5):
            found = collective.inverse_apparent_temperature(
                beta_B, n=n, s=s, beta_0=ratio * beta_B, dephased=True
            )
            assert 0 < found / beta_B < 1


def test_apparent_temperature_is_odd_and_has_limits():
    """Zero at beta_B = 0, +-inf at +-inf, odd between; a spin 0 has none."""
    beta_B = np.array([0.0, 1e-9, 0.5, 7.0, np.inf])
    for dephased in (False, True):
        at = {"n": 5, "s": 1, "dephased": dephased}
        found = collective.inverse_apparent_temperature(beta_B, **at)
        assert np.array_equal(-found, collective.inverse_apparent_temperature(-beta_B, **at))
        assert found[0] == 0
        assert found[-1] == np.inf
        assert np.isnan(collective.inverse_apparent_temperature(1.0, n=5, s=0, dephased=dephased))
