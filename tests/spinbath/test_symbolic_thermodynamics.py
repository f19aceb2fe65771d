"""Expressions of `spinbath.symbolic`: the numbers of the numerical modules, their limits, their arguments."""

import math
import random
import re
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy as sp
from numpy.testing import assert_allclose

import spinbath.symbolic as sym
from spinbath import collective, independent, multiplet, otto, reference

PROCESSES = [collective, independent]
ENSEMBLES = [
    (1, "1/2"),
    (1, "2"),
    (2, "1/2"),
    (2, "9/2"),
    (3, "1"),
    (4, "3/2"),
    (7, "1/2"),
    (9, "2"),
]
FEW = [(1, "3/2"), (2, "1/2"), (2, "3/2"), (3, "1"), (5, "1/2")]
QUANTITIES = ["energy", "entropy", "entropy_production", "free_energy_change"]
ACCURATE = {"rtol": 1e-12, "atol": np.finfo(float).tiny}

_draw = random.Random(20191)
BETAS = [
    math.copysign(math.exp(_draw.uniform(math.log(1e-3), math.log(30))), sign)
    for sign in (1, -1)
    for _ in range(4)
]
PAIRS = [
    (_draw.choice((-1, 1)) * _draw.uniform(0.05, 6), _draw.choice((-1, 1)) * _draw.uniform(0.05, 6))
    for _ in range(6)
]


def number(expression, **values):
    """Value of an expression at 60 digits, as a float."""
    symbols = [getattr(sym, name) for name in values]
    function = sp.lambdify(symbols, expression, "mpmath")
    with mpmath.workdps(60):
        read = (
            mpmath.mpf(Fraction(v).numerator) / Fraction(v).denominator for v in values.values()
        )
        return float(function(*read))


@pytest.mark.parametrize("J", ["1/2", "1", "3/2", "9/2", "20"])
def test_eq8_partition_function_is_the_sum_over_levels(J):
    """Z_J against the sum over m, ln Z_J against the numerical module."""
    Z, log_Z = (f(sym.beta, J=sym.J) for f in (sym.partition, sym.log_partition))
    with mpmath.workdps(60):
        levels = mpmath.arange(-float(Fraction(J)), float(Fraction(J)) + 1)
        for beta in BETAS:
            expected = mpmath.fsum(mpmath.exp(-m * mpmath.mpf(beta)) for m in levels)
            assert_allclose(number(Z, beta=beta, J=J), float(expected), rtol=1e-14)
    found = [number(log_Z, beta=beta, J=J) for beta in BETAS]
    assert_allclose(found, multiplet.log_partition(BETAS, J=J), **ACCURATE)


def test_eq8_the_geometric_sum_is_a_ratio_of_hyperbolic_sines():
    """The sum over m with symbolic J adds up to sinh((2J+1)beta/2)/sinh(beta/2), and to 2J+1 at beta = 0."""
    hot, general = sym.partition_sum(sym.beta, J=sym.J).doit().args
    assert hot.cond.subs(sym.beta, 0) == sp.true
    assert sp.expand(hot.expr - sym.partition(0, J=sym.J)) == 0
    difference = general.expr - sym.partition(sym.beta, J=sym.J)
    assert sp.simplify(difference.rewrite(sp.exp)) == 0


@pytest.mark.parametrize("J", ["0", "1/2", "2"])
def test_eq8_the_sum_over_levels_for_a_given_spin(J):
    """Term by term for a number J."""
    found = sym.partition_sum(sym.beta, J=J).doit() - sym.partition(sym.beta, J=J)
    assert sp.simplify(found.rewrite(sp.exp)) == 0


@pytest.mark.parametrize("J", ["1/2", "1", "3/2", "9/2", "20"])
@pytest.mark.parametrize("name", ["energy", "entropy", "variance"])
def test_eq19_eq34_derivatives_of_the_partition_function(name, J):
    """Energy, entropy and variance of one multiplet as derivatives of ln Z_J."""
    expression = getattr(sym, f"multiplet_{name}")(sym.beta, J=sym.J)
    found = [number(expression, beta=beta, J=J) for beta in BETAS]
    assert_allclose(found, getattr(multiplet, name)(BETAS, J=J), **ACCURATE)


@pytest.mark.parametrize("end", [sp.Integer(0), sp.oo, -sp.oo], ids=str)
@pytest.mark.parametrize("J", ["1/2", "1", "7/2"])
@pytest.mark.parametrize(
    "name",
    ["partition", "log_partition", "multiplet_energy", "multiplet_entropy", "multiplet_variance"],
)
def test_limits_of_one_multiplet(name, J, end):
    """What stands for the formula where it reads 0/0 or oo - oo is its limit, for each J."""
    function = getattr(sym, name)
    assert sp.limit(function(sym.beta, J=J), sym.beta, end) == function(end, J=J)


@pytest.mark.parametrize("end", [0, 2, math.inf, "-1/3", -math.inf])
def test_a_spin_of_size_zero_has_one_level(end):
    """Z = 1 at every temperature, and nothing that depends on it."""
    assert sym.partition(end, J=0) == 1
    for name in ("log_partition", "multiplet_energy", "multiplet_entropy", "multiplet_variance"):
        assert getattr(sym, name)(end, J=0) == 0


@pytest.mark.parametrize("quantity", QUANTITIES)
@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize("beta_0", [math.inf, -math.inf])
def test_pure_start_with_symbolic_n_and_s(quantity, process, beta_0):
    """One formula for all ensembles: its numbers are those of the numerical module."""
    formula = getattr(sym, quantity)(process, sym.beta_B, n=sym.n, s=sym.s, beta_0=beta_0)
    for n, s in ENSEMBLES:
        found = [number(formula, beta_B=beta, n=n, s=s) for beta in BETAS]
        expected = getattr(process, quantity)(BETAS, n=n, s=s, beta_0=beta_0)
        assert_allclose(found, expected, **ACCURATE)


@pytest.mark.parametrize("quantity", QUANTITIES)
@pytest.mark.parametrize("process", PROCESSES)
def test_finite_start(quantity, process):
    """Sums over the multiplets, both temperatures symbolic, at random values of either sign."""
    for n, s in FEW:
        formula = getattr(sym, quantity)(process, sym.beta_B, n=n, s=s, beta_0=sym.beta_0)
        for beta_B, beta_0 in PAIRS:
            found = number(formula, beta_B=beta_B, beta_0=beta_0)
            expected = getattr(process, quantity)(beta_B, n=n, s=s, beta_0=beta_0)
            assert_allclose(found, expected, **ACCURATE)


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_independent_spins_with_everything_symbolic(quantity):
    """Independent spins need no multiplicities: n, s and both temperatures may be symbols."""
    formula = getattr(sym, quantity)(independent, sym.beta_B, n=sym.n, s=sym.s, beta_0=sym.beta_0)
    for (n, s), (beta_B, beta_0) in zip(ENSEMBLES, PAIRS, strict=False):
        found = number(formula, beta_B=beta_B, beta_0=beta_0, n=n, s=s)
        expected = getattr(independent, quantity)(beta_B, n=n, s=s, beta_0=beta_0)
        assert_allclose(found, expected, **ACCURATE)


@pytest.mark.parametrize("quantity", ["energy", "entropy"])
@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize("beta_0", [0, 0.7, -2.0, math.inf, -math.inf])
def test_baths_at_zero_and_at_infinity(quantity, process, beta_0):
    """Infinite and zero temperature of the bath are put in as limits, for any start."""
    for n, s in FEW:
        for beta_B in (0, math.inf, -math.inf):
            found = getattr(sym, quantity)(process, beta_B, n=n, s=s, beta_0=beta_0)
            expected = getattr(process, quantity)(beta_B, n=n, s=s, beta_0=beta_0)
            assert_allclose(float(found), expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize("beta_0", [0, 0.7, math.inf, -math.inf])
def test_infinitely_hot_bath_produces_entropy(process, beta_0):
    """Sigma at beta_B = 0 is the entropy gained, also from a start at infinite temperature."""
    for n, s in FEW:
        found = sym.entropy_production(process, 0, n=n, s=s, beta_0=beta_0)
        expected = process.entropy_production(0.0, n=n, s=s, beta_0=beta_0)
        assert_allclose(float(sp.N(found, 30)), expected, rtol=1e-12, atol=1e-14)


def test_random_numbers_against_eigenvalues():
    """Numbers put in from the start, against the states themselves at 50 digits."""
    for (n, s), (beta_B, beta_0) in zip(FEW, PAIRS, strict=False):
        for process in PROCESSES:
            for quantity in QUANTITIES:
                found = getattr(sym, quantity)(process, beta_B, n=n, s=s, beta_0=beta_0)
                expected = getattr(reference, quantity)(process, beta_B, n=n, s=s, beta_0=beta_0)
                with mpmath.workdps(50):
                    assert abs(mpmath.mpf(str(sp.N(found, 60))) / expected - 1) < 1e-40


@pytest.mark.parametrize("beta_0", [math.inf, 0.8, -3.0, 0])
def test_eq30_local_temperature(beta_0):
    """beta_Loc of one spin 1/2 in the ensemble, for n = 1 the bath's own."""
    for n in (1, 2, 3, 6):
        formula = sym.local_beta(sym.beta_B, n=n, beta_0=beta_0)
        found = [number(formula, beta_B=beta) for beta in BETAS]
        assert_allclose(found, collective.local_beta(BETAS, n=n, beta_0=beta_0), **ACCURATE)


def test_eq30_local_temperature_with_symbolic_n():
    """One formula for any number of spins from the ground state."""
    formula = sym.local_beta(sym.beta_B, n=sym.n)
    for n in (1, 2, 30):
        found = [number(formula, beta_B=beta, n=n) for beta in BETAS]
        assert_allclose(found, collective.local_beta(BETAS, n=n), **ACCURATE)


@pytest.mark.parametrize("process", PROCESSES)
def test_eq49_eq50_work_with_symbolic_n_and_s(process):
    """Work of the Otto cycle, from a pure start, all six arguments symbols."""
    names = {"beta_h": 0.2, "beta_c": 1.7, "compression": 0.4}
    formula = sym.work(process, n=sym.n, s=sym.s, **{name: getattr(sym, name) for name in names})
    for n, s in ENSEMBLES:
        for beta_h in (-0.3, 0.2, 1.0):
            at = names | {"beta_h": beta_h}
            found = number(formula, **at, n=n, s=s)
            assert_allclose(found, otto.work(process, **at, n=n, s=s), **ACCURATE)


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize("beta_0", [0.6, -2.5])
def test_eq49_eq50_work_from_a_finite_start(process, beta_0):
    """Work with the weights of a hot start, also for a bath at infinite temperature."""
    for n, s in FEW:
        for beta_h in (0, 0.3, -1.1):
            at = {"beta_h": beta_h, "beta_c": 1.9, "compression": 0.75}
            at |= {"n": n, "s": s, "beta_0": beta_0}
            found = sp.N(sym.work(process, **at), 40)
            assert_allclose(float(found), otto.work(process, **at), **ACCURATE)


def test_arguments_are_read_as_the_numerical_modules_read_them():
    """Text, fractions, floats, numpy's numbers and sympy's say the same."""
    sizes = ["3/2", 1.5, Fraction(3, 2), sp.Rational(3, 2), np.float64(1.5)]
    counts = [3, np.int64(3), sp.Integer(3)]
    baths = ["1/4", 0.25, Fraction(1, 4), sp.Rational(1, 4), np.float32(0.25)]
    expected = sym.energy(collective, sp.Rational(1, 4), n=3, s="3/2", beta_0=sp.Rational(1, 2))
    for s in sizes:
        assert sym.energy(collective, "1/4", n=3, s=s, beta_0=0.5) == expected
    for n in counts:
        assert sym.energy(collective, "1/4", n=n, s="3/2", beta_0=0.5) == expected
    for bath in baths:
        assert sym.energy(collective, bath, n=3, s="3/2", beta_0=0.5) == expected
    for infinity in (math.inf, np.inf, sp.oo):
        assert sym.multiplet_energy(infinity, J=sym.J) == -sym.J


def refused(name, value, must):
    """Match a message with the argument's name, what it must be and what it was."""
    return rf"(?s)`{name}` must .*{must}.*but was {re.escape(str(value))}"


BAD_N = [0, -1, 2.0, "3", None, True, sp.Rational(1, 2), sp.Integer(0), sp.pi, sp.oo]
BAD_S = [-1, 0.3, "1/3", "half", None, True, math.nan, math.inf, sp.Rational(1, 3), sp.pi, sp.oo]
BAD_BETA = ["x", "", None, [1], True, 1j, math.nan, "1/0", sp.I, sp.nan, sp.zoo]
BAD_BETA += [sp.Symbol("y", imaginary=True)]
BAD_ORDER = [-1, 1.0, 0.5, "2", None, True, sp.Rational(1, 2), sym.n]
ONE_LADDER = [
    sym.partition_sum,
    sym.partition,
    sym.log_partition,
    sym.multiplet_energy,
    sym.multiplet_entropy,
    sym.multiplet_variance,
]
STATES = [getattr(sym, name) for name in QUANTITIES]


@pytest.mark.parametrize("n", BAD_N, ids=repr)
def test_number_of_spins(n):
    """`n` must be a positive integer or an expression."""
    calls = [lambda f=f: f(independent, 1, n=n, s=1) for f in STATES]
    calls += [lambda: sym.local_beta(1, n=n), lambda: sym.moment(1, 1, n=n, s=1)]
    calls += [lambda: sym.energy_series(collective, 1, 2, n=n, s=1)]
    for call in calls:
        with pytest.raises(ValueError, match=refused("n", repr(n), "be a positive integer")):
            call()


@pytest.mark.parametrize("s", BAD_S, ids=repr)
def test_size_of_a_spin(s):
    """`s` and `J` must be non-negative half-integers or expressions."""
    calls = [("s", lambda f=f: f(collective, 1, n=2, s=s)) for f in STATES]
    calls += [("J", lambda f=f: f(1, J=s)) for f in ONE_LADDER]
    calls += [("s", lambda: sym.moment(1, 1, n=2, s=s))]
    for name, call in calls:
        with pytest.raises(ValueError, match=refused(name, repr(s), "non-negative half-integer")):
            call()


@pytest.mark.parametrize("beta", BAD_BETA, ids=repr)
def test_inverse_temperatures(beta):
    """Every temperature must be real; the message has its name."""
    spins = {"n": 2, "s": 1}
    cycle = {"beta_h": 0, "beta_c": 1, "compression": 0.5}
    calls = [("beta", lambda f=f: f(beta, J=1)) for f in ONE_LADDER]
    calls += [("beta_B", lambda f=f: f(collective, beta, **spins)) for f in STATES]
    calls += [("beta_0", lambda f=f: f(collective, 1, **spins, beta_0=beta)) for f in STATES]
    calls += [("beta_B", lambda: sym.local_beta(beta, n=2))]
    calls += [
        (name, lambda name=name: sym.work(collective, **spins, **cycle | {name: beta}))
        for name in cycle
    ]
    calls += [
        ("beta_0", lambda: sym.moment(1, beta, **spins)),
        ("beta_B", lambda: sym.energy_series(collective, beta, 2, **spins)),
        ("beta_B", lambda: sym.entropy_series(collective, beta, 2, **spins)),
        ("cold", lambda: sym.work_ratio_series(beta, 2, **spins)),
    ]
    for name, call in calls:
        with pytest.raises(ValueError, match=refused(name, repr(beta), "real number or sympy")):
            call()


@pytest.mark.parametrize("process", [None, "collective", otto], ids=repr)
def test_process(process):
    """`process` must be one of the two modules."""
    for call in (*STATES, lambda *a, **k: sym.energy_series(*a, 2, **k)):
        with pytest.raises(ValueError, match=refused("process", repr(process), "spinbath")):
            call(process, 1, n=2, s=1)


@pytest.mark.parametrize("order", BAD_ORDER, ids=repr)
def test_order_of_a_series(order):
    """`order` and `k` must be non-negative integers."""
    calls = [
        ("order", lambda: sym.energy_series(collective, 1, order, n=2, s=1)),
        ("order", lambda: sym.entropy_series(independent, 1, order, n=2, s=1)),
        ("order", lambda: sym.work_ratio_series(1, order, n=2, s=1)),
        ("k", lambda: sym.moment(order, 1, n=2, s=1)),
    ]
    for name, call in calls:
        with pytest.raises(ValueError, match=refused(name, repr(order), "non-negative integer")):
            call()


@pytest.mark.parametrize("ensemble", [{"n": sym.n, "s": 1}, {"n": 2, "s": sym.s}], ids=str)
def test_a_finite_start_asks_for_numbers(ensemble):
    """Multiplicities of symbolic n or s cannot be summed one by one; independent spins have none."""
    for f in STATES:
        with pytest.raises(ValueError, match=refused("beta_0", sym.beta_0, "be infinite when")):
            f(collective, 1, **ensemble, beta_0=sym.beta_0)
        f(independent, 1, **ensemble, beta_0=sym.beta_0)


def test_baths_that_make_no_sense():
    """Entropy production needs a finite bath, the free energy one that is not infinitely hot, too."""
    for f in (sym.entropy_production, sym.free_energy_change):
        for bath in (math.inf, -sp.oo):
            with pytest.raises(ValueError, match=refused("beta_B", sp.S(bath), "be finite")):
                f(collective, bath, n=2, s=1)
    for bath in (0, 0.0, sp.Integer(0)):
        with pytest.raises(ValueError, match=refused("beta_B", repr(bath), "not be zero")):
            sym.free_energy_change(independent, bath, n=2, s=1)


@pytest.mark.parametrize("ratio", [0, -0.5, 1.5, math.inf, sp.Integer(2)], ids=repr)
def test_compression(ratio):
    """`compression` must be in (0, 1]."""
    with pytest.raises(ValueError, match=refused("compression", repr(ratio), r"in \(0, 1\]")):
        sym.work(collective, beta_h=0, beta_c=1, compression=ratio, n=2, s=1)
    assert sym.work(collective, beta_h=0, beta_c=1, compression=1, n=2, s=1) == 0


def test_values_are_the_same_in_every_call_and_tell_expressions_apart():
    """Random points, but always the same; integers, half-integers and temperatures of both signs."""
    n, s, beta = sym.values(sym.n, sym.s, sym.beta, points=40)
    assert_allclose(sym.values(sym.n, sym.s, sym.beta, points=40), [n, s, beta], rtol=0)
    assert set(n) <= set(range(2, 10))
    assert set(2 * s) <= set(range(1, 10))
    assert beta.min() < -0.1
    assert beta.max() > 0.1
    assert np.all(np.abs(beta) < 2)
    left, right = sym.values(
        sym.multiplet_energy(sym.beta, J=sym.J), -sym.beta * sym.J * (sym.J + 1) / 3
    )
    assert np.all(np.abs(left - right) > 1e-4)
    assert sym.values(1).shape == (1, 8)


def test_values_are_correct_to_double_precision():
    """Cancellation of 300 digits is noticed and overcome."""
    tiny = sym.beta / 10**150
    assert_allclose(*sym.values(sp.exp(tiny) - 1 - tiny, tiny**2 / 2), rtol=1e-15)


@pytest.mark.parametrize("points", [0, -1, 2.0, "3", None, True], ids=repr)
def test_number_of_points(points):
    """`points` must be a positive integer."""
    with pytest.raises(ValueError, match=refused("points", repr(points), "positive integer")):
        sym.values(sym.beta, points=points)


@pytest.mark.parametrize("expression", [sp.sqrt(-sym.s), sp.log(-sym.n), sp.I, sp.nan], ids=str)
def test_expressions_without_a_real_value(expression):
    """A complex value, or none, is refused with the place where it was met."""
    with pytest.raises(ValueError, match=r"`expressions` must have real values, but .* was .* at "):
        sym.values(expression)
