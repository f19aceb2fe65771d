"""Accuracy over the whole domain: random ensembles and temperatures against 30 digits or more.

Every result that is a normal double has a relative error below 1e-12. The examples are the same on
every run; the temperatures are chosen where it hurts.
"""

import math
from fractions import Fraction
from functools import lru_cache

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from mpmath import mpf
from numpy.testing import assert_allclose

from spinbath import collective, independent, otto, reference, spectrum

ACCURATE = {"rtol": 1e-12, "atol": np.finfo(float).tiny}
PROCESSES = [collective, independent]
QUANTITIES = ["energy", "entropy", "entropy_production", "free_energy_change"]
HALVES = ["1/2", "1", "3/2", "2", "5/2", "3", "7/2", "4", "9/2"]

magnitudes = st.floats(math.log(1e-9), math.log(700)).map(math.exp).map(lambda b: min(b, 700.0))
specials = st.sampled_from([0.0, math.inf, 700.0, 1e-9, 1.0])
temperatures = st.builds(math.copysign, magnitudes | specials, st.sampled_from([1.0, -1.0]))
few_spins = (
    st.tuples(st.integers(1, 8), st.sampled_from(HALVES))
    | st.tuples(st.integers(1, 40), st.sampled_from(["1/2", "1"]))
    | st.tuples(st.integers(1, 3), st.sampled_from(["20", "41/2", "50"]))
).filter(lambda e: e[0] * Fraction(e[1]) <= 60)
many_spins = st.tuples(
    st.sampled_from([62, 63, 64, 65, 66, 80, 100, 150, 256, 400]), st.sampled_from(["1/2", "1", "3/2"])
) | st.sampled_from([(63, "9/2"), (64, "9/2"), (70, "5/2"), (100, "3"), (64, "20")])  # fmt: skip


@st.composite
def pairs(draw):
    """Two inverse temperatures, often equal, opposite or nearly so."""
    one = draw(temperatures)
    related = [
        one,
        -one,
        one * (1 + 1e-8),
        one * (1 - 1e-8),
        one * (1 + 1e-15),
        one * 1.1,
        -one * 0.8,
    ]
    other = draw(temperatures | st.sampled_from(related))
    return one, min(max(other, -700.0), 700.0) if math.isfinite(other) else other


@settings(max_examples=150)
@pytest.mark.parametrize("quantity", QUANTITIES)
@pytest.mark.parametrize("process", PROCESSES)
@given(ensemble=few_spins, betas=pairs())
def test_few_spins(process, quantity, ensemble, betas):
    """Energy, entropy, entropy production and free energy change against sums over eigenvalues."""
    (n, s), (beta_B, beta_0) = ensemble, betas
    assume(quantity != "free_energy_change" or beta_B != 0)
    found = getattr(process, quantity)(beta_B, n=n, s=s, beta_0=beta_0)
    expected = getattr(reference, quantity)(process, beta_B, n=n, s=s, beta_0=beta_0, digits=30)
    assert_allclose(found, float(expected), **ACCURATE)


@settings(max_examples=300)
@given(ensemble=few_spins, beta_0=temperatures)
def test_weights_of_few_spins(ensemble, beta_0):
    """Every single weight against sums over levels."""
    n, s = ensemble
    expected = [float(w) for w in reference.weights(beta_0, n=n, s=s, digits=30)]
    assert_allclose(spectrum.weights(beta_0, n=n, s=s), expected, **ACCURATE)


@settings(max_examples=150)
@given(ensemble=few_spins.filter(lambda e: e[0] * Fraction(e[1]) <= 10), betas=pairs())
def test_local_populations(ensemble, betas):
    """Every single level against exact Clebsch-Gordan coefficients."""
    (n, s), (beta_B, beta_0) = ensemble, betas
    at = {"n": n, "s": s, "beta_0": beta_0}
    for process in PROCESSES:
        p = reference.local_populations(process, beta_B, **at, digits=30)
        found = process.local_populations(beta_B, **at)
        assert_allclose(found, [float(x) for x in p], **ACCURATE)


@settings(max_examples=200)
@pytest.mark.parametrize("process", PROCESSES)
@given(
    ensemble=few_spins,
    hot=temperatures,
    beta_0=temperatures,
    compression=st.floats(1e-6, 1) | st.sampled_from([1.0, 0.5, 1 / 3, 1 - 1e-12]),
    nearly=st.sampled_from([None, 1, 1 + 1e-15, 1 - 1e-13, 1 + 1e-10, 1.01, 2.0]),
    cold=temperatures,
)
def test_work(process, ensemble, hot, beta_0, compression, nearly, cold):
    """Work against a difference of sums, the baths often almost alike: lambda beta_c near beta_h."""
    n, s = ensemble
    if nearly and abs(hot) < 300:
        cold = hot / compression * nearly
    cycle = {"beta_h": hot, "beta_c": cold, "compression": compression, "n": n, "s": s}
    found = otto.work(process, **cycle, beta_0=beta_0)
    expected = reference.work(process, **cycle, beta_0=beta_0, digits=30)
    assert_allclose(found, float(expected), **ACCURATE)


def ladder(beta, N):
    """Logarithm of the partition function and mean excitation of N levels, in closed form."""
    if beta == 0:
        return mpmath.log(N), mpf(N - 1) / 2
    log_z = mpmath.log(mpmath.expm1(-N * beta) / mpmath.expm1(-beta))
    return log_z, 1 / mpmath.expm1(beta) - N / mpmath.expm1(N * beta)


@lru_cache
def counts(n, s):
    return reference.multiplicities(n, s)[::-1]


def by_multiplets(n, s, beta_B, beta_0):
    """Weights, energy, entropy and entropy production from counted integers and closed forms."""
    d, bath, start = int(2 * Fraction(s)) + 1, mpf(beta_B), abs(mpf(beta_0))
    weights, energy, entropy, produced = [], mpf(0), mpf(0), mpf(0)
    log_z = n * ladder(start, d)[0]
    for k, count in enumerate(counts(n, s)):
        N = n * (d - 1) + 1 - 2 * k
        log_start, mean_start = ladder(mpf(beta_0), N)
        log_p = (ladder(start, N)[0] if beta_0 < 0 else log_start) - k * start - log_z
        log_bath, mean = ladder(bath, N)
        w = count * mpmath.exp(log_p)
        weights.append(w)
        energy += w * (k + mean)
        entropy += w * (log_bath + bath * mean - log_p)
        produced += w * (log_bath - log_start + (bath - mpf(beta_0)) * mean_start)
    return weights, energy, entropy, produced


@settings(max_examples=60)
@given(ensemble=many_spins, betas=pairs())
def test_many_spins(ensemble, betas):
    """The same across the change of algorithm at 64 spins, weights included."""
    (n, s), (beta_B, beta_0) = ensemble, (max(-700.0, min(b, 700.0)) for b in betas)
    coldest, gap = max(abs(beta_B), abs(beta_0)), abs(mpf(beta_B) - mpf(beta_0))
    lost = -2 * min(mpmath.log10(gap), 0) if gap else 0
    with mpmath.workdps(int(50 + coldest / 2.3 + lost)):
        weights, *expected = by_multiplets(n, s, beta_B, beta_0)
    found = spectrum.weights(beta_0, n=n, s=s)[::-1]
    assert_allclose(found, [float(w) for w in weights], **ACCURATE)
    for quantity, value in zip(QUANTITIES[:3], expected, strict=True):
        found = getattr(collective, quantity)(beta_B, n=n, s=s, beta_0=beta_0)
        assert_allclose(found, float(value) if gap or quantity != QUANTITIES[2] else 0, **ACCURATE)


@settings(max_examples=40)
@given(
    ensemble=st.sampled_from(
        [(64, "1/2"), (65, "1"), (90, "1/2"), (128, "1"), (64, "9/2"), (20, "20"), (500, "1")]
    ),
    beta_B=temperatures,
)
def test_local_populations_for_the_coldest_start(ensemble, beta_B):
    """Many spins, all levels down to the smallest double: the hypergeometric law, exactly."""
    n, s = ensemble
    d, top = int(2 * Fraction(s)) + 1, int(2 * n * Fraction(s))
    with mpmath.workdps(40):
        cold = mpmath.exp(-abs(mpf(beta_B)))
        boltzmann = [cold**k for k in range(top + 1)]
        total = mpmath.fsum(boltzmann)
        expected = []
        for j in range(d):
            terms = [
                b * mpf(math.comb(d - 1, j) * math.comb(top - d + 1, k - j)) / math.comb(top, k)
                for k, b in enumerate(boltzmann)
                if j <= k
            ]
            expected.append(float(mpmath.fsum(terms) / total))
    found = collective.local_populations(beta_B, n=n, s=s)
    assert_allclose(found if beta_B >= 0 else found[::-1], expected, **ACCURATE)
