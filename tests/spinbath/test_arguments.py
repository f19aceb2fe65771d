"""Bad input is refused by name; good input of every kind is read, and arrays broadcast."""

import math
import re
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from numpy.testing import assert_allclose

from spinbath import collective, independent, multiplet, otto, reference, spectrum

PROCESSES = [collective, independent]
QUANTITIES = [
    getattr(process, name)
    for process in PROCESSES
    for name in (
        "energy",
        "entropy",
        "entropy_production",
        "free_energy_change",
        "local_populations",
    )
] + [collective.coherence, collective.inverse_apparent_temperature]
STATES = QUANTITIES + [p.energy_difference for p in PROCESSES]

BAD_N = [0, -1, 2.0, 2.5, "3", None, True, np.bool_(True), [2], 1j, math.nan]
BAD_S = [-1, -0.5, 0.3, "1/3", "half", "", None, True, math.nan, math.inf, 1j, [0.5], "1/0"]
BAD_BETA = [math.nan, [1.0, math.nan], 1j, [1j], "1", None, [None], {}, True, object]


def by_name(function):
    """Return keyword arguments that make a call valid."""
    good = {"n": 3, "s": "1/2", "beta_0": 0.5}
    return good | ({"reference": 1.0} if "difference" in function.__name__ else {})


def refused(name, value):
    """Match a message with the argument's name, "must" and the value."""
    return rf"(?s)`{name}`.* must .*but was {re.escape(repr(value))}"


@pytest.mark.parametrize("n", BAD_N, ids=repr)
@pytest.mark.parametrize("function", STATES)
def test_number_of_spins(function, n):
    """`n` must be a positive integer."""
    with pytest.raises(ValueError, match=refused("n", n)):
        function(1.0, **by_name(function) | {"n": n})


@pytest.mark.parametrize("s", BAD_S, ids=repr)
@pytest.mark.parametrize("function", STATES)
def test_size_of_a_spin(function, s):
    """`s` must be a non-negative half-integer."""
    with pytest.raises(ValueError, match=refused("s", s)):
        function(1.0, **by_name(function) | {"s": s})


@pytest.mark.parametrize("beta", BAD_BETA, ids=repr)
@pytest.mark.parametrize("function", STATES)
def test_inverse_temperatures(function, beta):
    """`beta_B` and `beta_0` must be real and not NaN."""
    with pytest.raises(ValueError, match=refused("beta_B", beta)):
        function(beta, **by_name(function))
    with pytest.raises(ValueError, match=refused("beta_0", beta)):
        function(1.0, **by_name(function) | {"beta_0": beta})


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize("name", ["reference", "reference_error"])
def test_reference_of_an_energy_difference(process, name):
    """The other temperature, and its correction, must be real."""
    with pytest.raises(ValueError, match=refused(name, 1j)):
        process.energy_difference(1.0, **{"reference": 1.0, "n": 2, "s": 1} | {name: 1j})


@pytest.mark.parametrize("function", QUANTITIES)
def test_shapes_that_do_not_broadcast(function):
    """The message names both arguments and their shapes."""
    with pytest.raises(ValueError, match=r"`beta_B` \(2,\) and `beta_0` \(3,\)"):
        function([1.0, 2.0], n=2, s=1, beta_0=[1.0, 2.0, 3.0])


@pytest.mark.parametrize(
    "function", [spectrum.total_spins, spectrum.multiplicities, otto.best_beta]
)
def test_ensembles(function):
    """Functions of the ensemble alone refuse the same `n` and `s`."""
    for n in BAD_N:
        with pytest.raises(ValueError, match=refused("n", n)):
            function(n, 1)
    for s in BAD_S:
        with pytest.raises(ValueError, match=refused("s", s)):
            function(2, s)


def test_best_beta_needs_two_spins_that_are_not_trivial():
    """No advantage for one spin or for spins 0, hence no best temperature."""
    with pytest.raises(ValueError, match=refused("n", 1)):
        otto.best_beta(1, 1)
    with pytest.raises(ValueError, match=refused("s", 0)):
        otto.best_beta(2, 0)


@pytest.mark.parametrize("beta_0", BAD_BETA, ids=repr)
def test_weights(beta_0):
    """The weights refuse the same inverse temperatures."""
    with pytest.raises(ValueError, match=refused("beta_0", beta_0)):
        spectrum.weights(beta_0, n=2, s=1)


@pytest.mark.parametrize(
    "function", [multiplet.log_partition, multiplet.energy, multiplet.entropy, multiplet.variance]
)
def test_multiplets(function):
    """One spin: `beta` real, `J` half-integer, shapes that broadcast."""
    for beta in BAD_BETA:
        with pytest.raises(ValueError, match=refused("beta", beta)):
            function(beta, J=1)
    for J in [-1, 0.3, "1/3", None, math.nan, math.inf, [1, 0.2], 1j, True]:
        with pytest.raises(ValueError, match=r"`J`.* must "):
            function(1.0, J=J)
    with pytest.raises(ValueError, match=r"`beta` and `J` must broadcast .*\(2,\) and \(3,\)"):
        function([1.0, 2.0], J=[1, 2, 3])


@pytest.mark.parametrize("compression", [0.0, -0.5, 1.5, math.inf, [0.5, 2.0], math.nan, "1", None])
def test_compression(compression):
    """The compression must be in (0, 1]."""
    cycle = {"beta_h": 0.1, "beta_c": 1.0, "n": 2, "s": 1}
    with pytest.raises(ValueError, match=r"`compression` must .*but was"):
        otto.work(collective, **cycle, compression=compression)
    with pytest.raises(ValueError, match=r"`compression` must .*but was"):
        otto.efficiency(compression)


def test_cycle():
    """Every other argument of the cycle is read by name as well."""
    good = {"beta_h": 0.1, "beta_c": 1.0, "compression": 0.5, "n": 2, "s": 1, "beta_0": 1.0}
    for name in ("beta_h", "beta_c", "beta_0"):
        for beta in BAD_BETA:
            with pytest.raises(ValueError, match=refused(name, beta)):
                otto.work(independent, **good | {name: beta})
    for process in (spectrum, None, "collective", collective.energy):
        with pytest.raises(ValueError, match=r"`process` must be .*but was"):
            otto.work(process, **good)


def test_local_temperature_is_for_spins_one_half():
    """Larger spins are locally not thermal."""
    for s in (1, "3/2", 0):
        with pytest.raises(ValueError, match=refused("s", s)):
            collective.local_beta(1.0, n=2, s=s)


@pytest.mark.parametrize(
    "function", [reference.energy, reference.entropy, reference.entropy_production,
                 reference.free_energy_change, reference.local_populations]
)  # fmt: skip
def test_oracle(function):
    """The oracle takes scalars and refuses the rest by name."""
    good = {"n": 2, "s": 1, "beta_0": 1}
    for n in BAD_N:
        with pytest.raises(ValueError, match=refused("n", n)):
            function(collective, 1, **good | {"n": n})
    for s in BAD_S:
        with pytest.raises(ValueError, match=refused("s", s)):
            function(collective, 1, **good | {"s": s})
    for beta in (math.nan, 1j, "1", None, [1.0], mpmath.mpf("nan"), mpmath.mpc(1, 1)):
        with pytest.raises(ValueError, match=r"`beta_B` must be a real number, but was"):
            function(collective, beta, **good)
        with pytest.raises(ValueError, match=r"`beta_0` must be a real number, but was"):
            function(collective, 1, **good | {"beta_0": beta})
    with pytest.raises(ValueError, match=r"`process` must be .*but was"):
        function(spectrum, 1, **good)


def test_oracle_of_work_and_free_energy():
    """Its compression must be in (0, 1]; its free energy needs a finite bath temperature."""
    for compression in (0, -1, 2, math.nan):
        with pytest.raises(ValueError, match=r"`compression` must .*but was"):
            reference.work(collective, beta_h=0, beta_c=1, compression=compression, n=2, s=1)
    with pytest.raises(ValueError, match=r"`beta_B` must not be zero"):
        reference.free_energy_change(collective, 0.0, n=2, s=1)
    with pytest.raises(ValueError, match=r"`beta_0` must"):
        reference.weights(math.nan, n=2, s=1)


@pytest.mark.parametrize(
    "s", [1.5, "3/2", " 3/2 ", "1.5", Fraction(3, 2), np.float64(1.5), np.float32(1.5)]
)
def test_ways_to_write_a_half_integer(s):
    """A float, text, a Fraction: the same spin."""
    assert spectrum.multiplicities(4, s) == reference.multiplicities(4, "3/2")
    assert collective.energy(0.3, n=4, s=s) == collective.energy(0.3, n=4, s="3/2")


@pytest.mark.parametrize("n", [4, np.int64(4), np.uint8(4)])
def test_ways_to_write_an_integer(n):
    """Integers of numpy are integers."""
    assert spectrum.multiplicities(n, 1) == [3, 6, 6, 3, 1]
    assert collective.energy(0.3, n=n, s=np.int64(1)) == collective.energy(0.3, n=4, s=1)


@pytest.mark.parametrize(
    "beta", [2, 2.0, np.float32(2), Fraction(2), mpmath.mpf(2), np.array(2), np.array(Fraction(2))]
)
def test_ways_to_write_a_temperature(beta):
    """Scalars of every kind; lists and tuples of them are arrays."""
    expected = collective.energy(2.0, n=3, s=1, beta_0=2.0)
    assert collective.energy(beta, n=3, s=1, beta_0=beta) == expected
    assert collective.energy([beta, 2.0], n=3, s=1, beta_0=(beta,)).tolist() == [expected] * 2


@pytest.mark.parametrize("function", QUANTITIES)
def test_arrays_broadcast(function):
    """beta_B against beta_0, elementwise like numpy; scalars give 0-d results; no input is changed."""
    beta_B, beta_0 = np.array([[-0.5], [0.3], [2.0]]), np.array([0.0, 0.7, -1.1, np.inf])
    kept = beta_B.copy(), beta_0.copy()
    found = function(beta_B, n=3, s=1, beta_0=beta_0)
    last = (3,) if function.__name__ == "local_populations" else ()
    assert found.shape == (3, 4, *last)
    assert found.dtype == np.float64
    for i, j in np.ndindex(3, 4):
        one = function(float(beta_B[i, 0]), n=3, s=1, beta_0=float(beta_0[j]))
        assert np.shape(one) == last
        assert_allclose(found[i, j], one, rtol=1e-13, atol=1e-13)
    assert function(np.empty((0, 3)), n=3, s=1).shape == (0, 3, *last)
    assert np.array_equal(kept[0], beta_B)
    assert np.array_equal(kept[1], beta_0)


def test_other_arrays_broadcast():
    """Weights get one more axis; multiplets broadcast against J; a cycle broadcasts everything."""
    assert spectrum.weights(1.0, n=4, s=1).shape == (5,)
    assert spectrum.weights(np.ones((2, 3)), n=4, s=1).shape == (2, 3, 5)
    assert spectrum.weights([], n=4, s=1).shape == (0, 5)
    for function in (multiplet.log_partition, multiplet.energy, multiplet.entropy):
        assert function(np.ones((2, 1)), J=[0, 1, 2]).shape == (2, 3)
        assert function([1.0, 2.0], J=1).shape == (2,)
    assert np.shape(multiplet.entropy(1.0, J="1/2")) == ()
    found = otto.work(
        collective,
        beta_h=[[0.1], [0.2]],
        beta_c=[1.0, 2.0, 3.0],
        compression=0.5,
        n=2,
        s=1,
        beta_0=2.0,
    )
    assert found.shape == (2, 3)
    assert collective.local_beta([[1.0]], n=2, beta_0=[1.0, 2.0]).shape == (1, 2)
    at = {"n": 2, "s": 1, "beta_0": [1.0, 2.0]}
    assert collective.energy_difference([[1.0]], reference=0.5, **at).shape == (1, 2)


@pytest.mark.parametrize("process", PROCESSES)
def test_trivial_spins(process):
    """Spins of size 0 have one state: no energy, no entropy, no work, up to rounding."""
    for name in ("energy", "entropy", "entropy_production", "free_energy_change"):
        found = getattr(process, name)([-2.0, 1e-9, 0.5, 700.0], n=5, s=0, beta_0=0.3)
        assert_allclose(found, 0, atol=1e-15)
    assert process.local_populations(1.0, n=5, s=0).tolist() == [1.0]
    found = otto.work(process, beta_h=0.1, beta_c=3.0, compression=0.5, n=5, s=0)
    assert_allclose(found, 0, atol=1e-15)


def test_strict_floating_point_is_on():
    """The tests of this folder run with numpy errors raised."""
    with pytest.raises(FloatingPointError):
        np.float64(1.0) / np.float64(0.0)
