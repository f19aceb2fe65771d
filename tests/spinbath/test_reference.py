"""The oracle itself, against density matrices, closed forms and its own promise of digits."""

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from mpmath import mpf
from numpy.testing import assert_allclose

from spinbath import collective, independent, reference

PROCESSES = [collective, independent]
SPACES = [(2, "1/2"), (3, "1/2"), (4, "1/2"), (2, 1), (3, 1), (2, "3/2")]
PAIRS = [(0.0, 1.0), (0.7, -2.0), (-1.5, 0.3), (3.0, 0.0), (0.5, 0.5), (1.0, -1.0)]
HARD = [
    (1e-9, math.inf), (700, -700), (-700, 1e-9), (700, 699.9999), (0.5, 0.5 * (1 + 1e-15)), (0, 1e-9),
    (math.inf, 700), (-math.inf, 3), (Fraction(1, 3), Fraction(1, 3) + Fraction(1, 10**40)),
]  # fmt: skip


def agree(a, b, digits):
    """Whether two mpmath numbers agree to so many digits."""
    with mpmath.workdps(2 * digits):
        return a == b or abs(mpf(a) / mpf(b) - 1) < mpf(10) ** (1 - digits)


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize(("n", "s"), SPACES)
def test_every_quantity_in_the_product_space(n, s, process, product_space):
    """J_z and J^2 diagonalised on all product states, each eigenspace thermalised."""
    space = product_space(n, s)
    for beta_B, beta_0 in PAIRS:
        at, rho = {"n": n, "s": s, "beta_0": beta_0}, space.steady(process, beta_B, beta_0)
        found = float(reference.energy(process, beta_B, **at))
        assert_allclose(found, space.energy(rho), rtol=1e-12)
        found = float(reference.entropy(process, beta_B, **at))
        assert_allclose(found, space.entropy(rho), rtol=1e-12)
        found = [float(p) for p in reference.local_populations(process, beta_B, **at)]
        assert_allclose(found, np.diag(space.reduced(rho)), rtol=1e-11)
        produced = space.entropy_production(process, beta_B, beta_0)
        found = float(reference.entropy_production(process, beta_B, **at))
        assert_allclose(found, produced, rtol=1e-11, atol=1e-13)
        if beta_B:
            found = float(reference.free_energy_change(process, beta_B, **at))
            assert_allclose(found, -produced / beta_B, rtol=1e-11, atol=1e-13)
        cold = space.steady(process, 0.6 * 2.5, beta_0)
        found = reference.work(process, beta_h=beta_B, beta_c=2.5, compression=0.6, **at)
        expected = 0.4 * (space.energy(rho) - space.energy(cold))
        assert_allclose(float(found), expected, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize(("n", "s"), SPACES)
def test_multiplicities_and_weights_in_the_product_space(n, s, product_space):
    """Dimensions of the eigenspaces of J^2, and the weight of the thermal state in them."""
    space = product_space(n, s)
    counts = [round(np.trace(P) / (2 * J + 1)) for J, P in space.projectors.items()]
    assert reference.multiplicities(n, s) == counts
    for beta_0 in (0.0, 0.4, -2.0):
        found = [float(w) for w in reference.weights(beta_0, n=n, s=s)]
        assert_allclose(found, space.weights(beta_0), rtol=1e-12)


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize(("n", "s"), [(1, 1), (2, "3/2"), (5, "1/2")])
@pytest.mark.parametrize(("beta_B", "beta_0"), HARD)
def test_digits_are_what_they_promise(n, s, process, beta_B, beta_0):
    """Fifty digits agree with the first fifty of a hundred and forty, whatever cancels."""
    at = {"n": n, "s": s, "beta_0": beta_0}
    functions = [reference.energy, reference.entropy, reference.entropy_production]
    for function in functions + [reference.free_energy_change] * (beta_B != 0):
        few, many = (function(process, beta_B, **at, digits=digits) for digits in (50, 140))
        assert agree(few, many, 50)
    few, many = (
        reference.local_populations(process, beta_B, **at, digits=digits) for digits in (50, 140)
    )
    assert all(agree(a, b, 50) for a, b in zip(few, many, strict=True))
    cycle = {"beta_h": beta_0, "beta_c": beta_B, "compression": Fraction(999, 1000)}
    few, many = (reference.work(process, **cycle, n=n, s=s, digits=digits) for digits in (50, 140))
    assert agree(few, many, 50)


def test_energies_match_the_closed_forms_in_print():
    """(25) and (26) at a hundred digits: another route, by geometric series."""

    def printed(N, beta):
        return 1 / mpmath.expm1(beta) - N / mpmath.expm1(N * beta)

    for n, s in [(1, "1/2"), (4, "3/2"), (30, 1)]:
        ns = n * Fraction(s)
        for beta in (Fraction(1, 10**9), Fraction(-7, 10), Fraction(40)):
            with mpmath.workdps(160):
                b = mpf(beta.numerator) / beta.denominator
                together = printed(int(2 * ns) + 1, b)
                alone = n * printed(int(2 * Fraction(s)) + 1, b)
            found = reference.energy(collective, beta, n=n, s=s, digits=100)
            assert agree(found, together, 100)
            found = reference.energy(independent, beta, n=n, s=s, digits=100)
            assert agree(found, alone, 100)


@pytest.mark.parametrize(
    "quantity", ["energy", "entropy", "entropy_production", "free_energy_change"]
)
@pytest.mark.parametrize("name", ["collective", "thermal"])
def test_stored_values_to_all_their_digits(name, quantity, stored):
    """Thirty digits from another program, at exactly the decimal temperatures that it was given."""
    process = collective if name == "collective" else independent
    for at, value in stored(f"{quantity}_{name}", Fraction):
        beta_B = at.pop("beta_B")
        if at["n"] * Fraction(at["s"]) < 150 and not beta_B == value == 0:
            found = getattr(reference, quantity)(process, beta_B, **at)
            assert agree(found, value, 28)


def test_stored_work_and_weights_to_all_their_digits(stored):
    """The same for work and weights."""
    for name, process in (("collective", collective), ("thermal", independent)):
        for at, value in stored(f"work_{name}", Fraction):
            if at["n"] < 150:
                assert agree(reference.work(process, **at), value, 28)
    for at, value in stored("weight_lJ_pJ", Fraction):
        if at["n"] * Fraction(at["s"]) < 150:
            place = -1 - int(at["n"] * Fraction(at["s"]) - Fraction(at["J"]))
            found = reference.weights(at["beta_0"], n=at["n"], s=at["s"])[place]
            assert agree(found, value, 28)


@pytest.mark.parametrize(("n", "s"), [(1, "5/2"), (2, 1), (4, "3/2"), (3, "9/2")])
def test_clebsch_gordan_coefficients_reproduce_the_hypergeometric_law(n, s):
    """For beta_0 = inf each |ns, m> shares its excitations like balls drawn from n urns of 2s."""
    d, top = int(2 * Fraction(s)) + 1, int(2 * n * Fraction(s))
    with mpmath.workdps(80):
        boltzmann = [mpmath.exp(-mpf(k) / 3) for k in range(top + 1)]
        expected = []
        for j in range(d):
            shares = (
                math.comb(d - 1, j) * math.comb(top - d + 1, k - j) if k >= j else 0
                for k in range(top + 1)
            )
            counts = (mpf(x) / math.comb(top, k) for k, x in enumerate(shares))
            total = mpmath.fsum(b * c for b, c in zip(boltzmann, counts, strict=True))
            expected.append(total / mpmath.fsum(boltzmann))
    found = reference.local_populations(collective, Fraction(1, 3), n=n, s=s)
    assert all(agree(a, b, 49) for a, b in zip(found, expected, strict=True))


@pytest.mark.parametrize(("n", "s"), [(2, 2), (5, "1/2"), (4, 1)])
def test_reduced_state_has_trace_one_and_carries_the_energy(n, s):
    """Sum p = 1 and n sum j p_j = E, to fifty digits, for a finite start."""
    at = {"n": n, "s": s, "beta_0": Fraction(5, 4)}
    p = reference.local_populations(collective, -2, **at, digits=60)
    with mpmath.workdps(60):
        assert agree(mpmath.fsum(p), mpf(1), 55)
        energy = n * mpmath.fsum(j * x for j, x in enumerate(p))
        assert agree(energy, reference.energy(collective, -2, **at, digits=60), 55)


def test_numbers_are_taken_exactly():
    """0.1 is a double, not one tenth; integers, Fractions, mpf and infinities are themselves."""

    def energy(beta):
        return reference.energy(collective, beta, n=3, s=1)

    assert energy(0.1) != energy(Fraction(1, 10))
    assert energy(0.1) == energy(Fraction(0.1)) == energy(mpf(0.1)) == energy(np.float64(0.1))
    with mpmath.workdps(60):
        tenth = mpf(1) / 10
    assert agree(energy(tenth), energy(Fraction(1, 10)), 50)
    assert energy(2) == energy(2.0) == energy(np.int64(2))
    assert energy(math.inf) == energy(mpmath.inf) == energy(np.inf) == 0
    assert energy(-math.inf) == 6


def test_limits():
    """An infinite bath gives the end of the spectrum; equal temperatures produce nothing."""
    at = {"n": 3, "s": 1, "beta_0": 1}
    assert agree(
        reference.energy(collective, math.inf, **at), reference.energy(collective, 900, **at), 50
    )
    assert reference.entropy_production(collective, math.inf, **at) == mpmath.inf
    assert reference.entropy_production(collective, 1, **at) == 0
    assert reference.free_energy_change(collective, 1, **at) == 0
    assert reference.entropy_production(independent, math.inf, n=2, s=1) == 0
    assert reference.weights(math.inf, n=4, s="1/2") == [0, 0, 1]
    cooled = reference.free_energy_change(collective, math.inf, **at)
    before, after = (
        reference.energy(p, b, **at) for p, b in ((independent, 1), (collective, math.inf))
    )
    with mpmath.workdps(60):
        assert agree(cooled, after - before, 50)
    assert (
        reference.work(
            collective, beta_h=Fraction(1, 3), beta_c=1, compression=Fraction(1, 3), n=2, s=1
        )
        == 0
    )


def test_the_reader_keeps_her_precision():
    """The oracle works at its own precision and leaves mpmath's as it was."""
    before = mpmath.mp.dps
    reference.local_populations(collective, 700, n=3, s=1, beta_0=-699, digits=80)
    assert mpmath.mp.dps == before
