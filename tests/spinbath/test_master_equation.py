"""The master equation by brute force: Section II, Appendices A, B and K, and every steady state."""

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import linalg, sparse

from spinbath import collective, independent, reference, spectrum
from spinbath import master_equation as me

PROCESSES = [collective, independent]
SPACES = [(2, "1/2"), (3, "1/2"), (4, "1/2"), (2, 1), (3, 1), (2, "3/2")]
BATHS = [0.0, 0.7, -1.3, 6.0, np.inf, -np.inf]
STARTS = [0.0, 0.5, -2.0, 5.0, np.inf, -np.inf]
SHIFTS = (0.3, -0.2)

spaces = pytest.mark.parametrize(("n", "s"), SPACES)
processes = pytest.mark.parametrize("process", PROCESSES)


def size(n, s):
    """Return n s as a float."""
    return n * float(Fraction(s))


def random_state(n, s, seed=1):
    """Return a density matrix with every coherence."""
    rng = np.random.default_rng(seed)
    dimension = (int(2 * Fraction(s)) + 1) ** n
    a = rng.normal(size=(dimension, dimension)) + 1j * rng.normal(size=(dimension, dimension))
    return a @ a.conj().T / np.sum(np.abs(a) ** 2)


def dagger(matrix):
    return matrix.conj().swapaxes(-1, -2)


# Operators


@pytest.mark.parametrize("s", [0, "1/2", 1, "3/2", 4])
def test_eq4_operators_of_one_spin(s):
    """The angular momentum algebra holds, and the spin squared is s (s + 1)."""
    z, plus = (x.toarray() for x in me.spin_operators(s))
    assert_allclose(plus @ plus.T - plus.T @ plus, 2 * z, atol=1e-14)
    assert_allclose(z @ plus - plus @ z, plus, atol=1e-14)
    squared = plus @ plus.T + z @ z - z
    assert_allclose(squared, size(1, s) * (size(1, s) + 1) * np.eye(len(z)), atol=1e-13)


@spaces
def test_eq3_operators_of_many_spins(n, s, product_space):
    """Local and collective operators against Kronecker products of dense matrices."""
    space = product_space(n, s)
    for (_, plus), expected in zip(me.local_operators(n, s), space.local_plus, strict=True):
        assert_allclose(plus.toarray(), expected, atol=1e-14)
    z, plus = me.collective_operators(n, s)
    assert_allclose(z.toarray(), space.z, atol=1e-14)
    assert_allclose(plus.toarray(), space.plus, atol=1e-14)


@spaces
def test_k1_uniform_coupling_is_collective(n, s):
    """With all couplings equal, H_int is J_+ J_- without its local parts."""
    found = me.interaction(0.3 * (1 - np.eye(n)), n=n, s=s)
    _, total = me.collective_operators(n, s)
    own = sum(plus @ plus.T for _, plus in me.local_operators(n, s))
    assert_allclose(found.toarray(), 0.3 * (total @ total.T - own).toarray(), atol=1e-14)


def test_k1_couplings_and_detunings_act_on_their_own_spins():
    """One excitation hops between the two spins that are coupled, and costs its own detuning."""
    couplings = np.zeros((3, 3))
    couplings[0, 2] = couplings[2, 0] = 0.7
    hop = me.interaction(couplings, n=3, s="1/2").toarray()
    assert hop[0b100, 0b001] == hop[0b001, 0b100] == 0.7
    assert np.count_nonzero(hop) == 4
    levels = me.inhomogeneity([1.0, 10.0, 100.0], n=3, s=1).diagonal().reshape(3, 3, 3)
    assert (levels[2, 1, 1], levels[1, 2, 1], levels[1, 1, 0]) == (1.0, 10.0, -100.0)


@pytest.mark.parametrize("beta_B", [-1.3, 0.0, 0.7, 30.0])
def test_eq2_rates_obey_detailed_balance(beta_B):
    """The ratio of the two rates is the Boltzmann factor of the bath, whatever the level shifts."""
    down, up = me.bath_rates(beta_B, rate=2.0, shifts=SHIFTS)
    assert_allclose(up.real, down.real * math.exp(-beta_B), rtol=1e-14)
    assert max(down.real, up.real) == 1.0
    assert (down.imag, up.imag) == SHIFTS


# The collective basis


@spaces
def test_eq5_collective_basis(n, s):
    """Columns are orthonormal eigenvectors, and J_+ acts alike in every copy of a multiplet."""
    basis = me.multiplet_basis(n, s)
    z, plus = me.collective_operators(n, s)
    inside = [basis.vectors.T @ (x @ basis.vectors) for x in (z, plus)]
    assert_allclose(basis.vectors.T @ basis.vectors, np.eye(len(basis.J)), atol=1e-13)
    assert_allclose(inside[0], np.diag(basis.m), atol=1e-13)
    raised = np.sqrt((basis.J - basis.m) * (basis.J + basis.m + 1))
    assert_allclose(inside[1], np.diag(raised[:-1], -1), atol=1e-13)


@pytest.mark.parametrize(("n", "s"), [*SPACES, (1, 0), (3, 0), (1, 2), (6, "1/2"), (4, 1)])
def test_eq6_multiplets_and_their_copies(n, s):
    """Each total spin occurs l_J times, and the projectors resolve the identity."""
    basis = me.multiplet_basis(n, s)
    labels = sorted(set(zip(basis.J, basis.copy, strict=True)))
    found = [sum(J == total for J, _ in labels) for total in spectrum.total_spins(n, s)]
    assert found == spectrum.multiplicities(n, s)
    assert labels == list(dict.fromkeys(zip(basis.J, basis.copy, strict=True)))
    assert min(basis.copy) == 1
    projectors = me.multiplet_projectors(n, s)
    assert_allclose(list(projectors), spectrum.total_spins(n, s))
    assert_allclose(sum(projectors.values()), np.eye(len(basis.J)), atol=1e-12)


@spaces
def test_eq14_weights_of_a_thermal_state(n, s):
    """The trace with a projector is the weight l_J p_J of the fast library."""
    for beta_0 in STARTS:
        state = me.thermal_state(beta_0, n=n, s=s)
        found = [me.expectation(P, state) for P in me.multiplet_projectors(n, s).values()]
        assert_allclose(found, spectrum.weights(beta_0, n=n, s=s), atol=1e-13)


# Eq. (1) and Eq. (A1)


@spaces
@pytest.mark.parametrize("beta_B", [0.7, -1.3, np.inf])
def test_a1_every_element_of_the_liouvillian_in_a_multiplet(n, s, beta_B):
    """Each diagonal of each copy of J obeys (A1), feeds nothing else, and shifts enter as they stand."""
    basis = me.multiplet_basis(n, s)
    change = np.kron(basis.vectors, basis.vectors)
    generator = me.liouvillian(collective, beta_B, n=n, s=s, shifts=SHIFTS)
    inside = change.T @ (generator @ change)
    dimension = len(basis.J)
    for J, copy in set(zip(basis.J, basis.copy, strict=True)):
        states = np.flatnonzero((basis.J == J) & (basis.copy == copy))
        for offset in range(1 - len(states), len(states)):
            rows = states[max(0, -offset) : len(states) - max(0, offset)]
            elements = rows * dimension + rows + offset
            expected = me.rate_equation(beta_B, J=J, offset=offset, shifts=SHIFTS)
            assert_allclose(inside[np.ix_(elements, elements)], expected, atol=1e-12)
            fed = np.delete(inside[:, elements], elements, axis=0)
            assert_allclose(fed, 0, atol=1e-12)


def test_a1_as_printed():
    """One row of (A1), for J = 2, m = 0, m' = 1, written out with numbers."""
    down, up = me.bath_rates(0.7, rate=1.5, shifts=SHIFTS)
    row = me.rate_equation(0.7, J=2, offset=1, rate=1.5, shifts=SHIFTS)[2]
    lost = down * 2 * 3 + down.conjugate() * 3 * 2 + up * 2 * 3 + up.conjugate() * 1 * 4
    gained = 2 * up.real * math.sqrt(6 * 6), -lost, 2 * down.real * math.sqrt(2 * 3 * 1 * 4)
    assert_allclose(row, [0, *gained], rtol=1e-14)


@pytest.mark.parametrize("J", [0, "1/2", 1, "5/2", 7])
@pytest.mark.parametrize("beta_B", [0.0, 0.7, -1.3])
def test_a2_populations_come_to_rest_at_boltzmann_factors(J, beta_B):
    """Populations conserve their sum and rest at exp(-m beta_B); no coherence rests."""
    generator = me.rate_equation(beta_B, J=J)
    boltzmann = np.exp(-np.arange(len(generator)) * beta_B)
    assert generator.dtype == float
    assert_allclose(generator.sum(axis=0), 0, atol=1e-12)
    assert_allclose(generator @ boltzmann / boltzmann.sum(), 0, atol=1e-13)
    for offset in range(1, len(generator)):
        rates = np.linalg.eigvals(me.rate_equation(beta_B, J=J, offset=offset)).real
        assert rates.max() < -0.1


@processes
@spaces
def test_eq1_written_as_a_commutator_and_a_dissipator(n, s, process, product_space):
    """Eq. (1) of dense matrices, its Hermitian conjugate added, for a state with every coherence."""
    space, rho = product_space(n, s), random_state(n, s)
    hamiltonian = me.inhomogeneity(np.arange(n) / 7, n=n, s=s)
    hamiltonian = hamiltonian + me.interaction(0.2 * (1 - np.eye(n)), n=n, s=s)
    found = me.liouvillian(process, 0.7, n=n, s=s, shifts=SHIFTS, hamiltonian=hamiltonian)
    down, up = me.bath_rates(0.7, shifts=SHIFTS)
    half = -1j * hamiltonian.toarray() @ rho
    for plus in [space.plus] if process is collective else space.local_plus:
        half = half + down * (plus.T @ rho @ plus - plus @ plus.T @ rho)
        half = half + up * (plus @ rho @ plus.T - plus.T @ plus @ rho)
    assert_allclose((found @ rho.ravel()).reshape(rho.shape), half + dagger(half), atol=1e-14)


@pytest.mark.parametrize("beta_B", BATHS)
def test_one_spin_does_not_know_which_process(beta_B):
    """For one spin both processes have the same generator."""
    alone, together = (me.liouvillian(p, beta_B, n=1, s="3/2", shifts=SHIFTS) for p in PROCESSES)
    assert abs(alone - together).max() == 0


@spaces
@pytest.mark.parametrize("beta_B", [0.0, 0.7, -1.3])
def test_the_null_space_has_a_steady_state_for_each_pair_of_copies(n, s, beta_B):
    """Under collective dissipation it has dimension sum_J l_J^2, under independent dissipation 1."""
    pairs = sum(count**2 for count in spectrum.multiplicities(n, s))
    for process, expected in [(collective, pairs), (independent, 1)]:
        generator = me.liouvillian(process, beta_B, n=n, s=s).toarray()
        assert len(generator) - np.linalg.matrix_rank(generator, tol=1e-10) == expected


@spaces
def test_at_zero_temperature_all_lowest_states_are_dark(n, s):
    """Coherences between any two |J, -J> survive, also of different J: dimension (sum_J l_J)^2."""
    generator = me.liouvillian(collective, np.inf, n=n, s=s).toarray()
    dark = sum(spectrum.multiplicities(n, s))
    assert len(generator) - np.linalg.matrix_rank(generator, tol=1e-10) == dark**2


# Steady states


@processes
@spaces
def test_eq17_eq32_steady_energy_and_entropy(n, s, process):
    """Energy and entropy reached by the dynamics against the formulas, every pair of temperatures."""
    z, _ = me.collective_operators(n, s)
    for beta_B in BATHS:
        generator = me.liouvillian(process, beta_B, n=n, s=s)
        states = [me.steady_state(generator, me.thermal_state(b, n=n, s=s)) for b in STARTS]
        at = {"n": n, "s": s, "beta_0": STARTS}
        energies = me.expectation(z, states) + size(n, s)
        assert_allclose(energies, process.energy(beta_B, **at), atol=1e-12)
        assert_allclose(me.von_neumann_entropy(states), process.entropy(beta_B, **at), atol=1e-11)
        found = me.reduced_state(states, n=n, s=s).diagonal(axis1=1, axis2=2)
        assert_allclose(found, process.local_populations(beta_B, **at), atol=1e-12)


@processes
@spaces
def test_steady_states_against_the_oracle(n, s, process):
    """Energy, entropy and local populations against sums at 50 digits."""
    z, _ = me.collective_operators(n, s)
    for beta_B, beta_0 in [(0.7, 1.5), (-0.7, 1.5), (0.7, -0.4), (-2.0, -0.4), (np.inf, 0.3)]:
        generator = me.liouvillian(process, beta_B, n=n, s=s)
        state = me.steady_state(generator, me.thermal_state(beta_0, n=n, s=s))
        at = {"n": n, "s": s, "beta_0": beta_0}
        energy = me.expectation(z, state) + size(n, s)
        entropy = me.von_neumann_entropy(state)
        populations = [me.reduced_state(state, n=n, s=s, spin=k).diagonal() for k in range(n)]
        assert_allclose(energy, float(reference.energy(process, beta_B, **at)), atol=1e-12)
        assert_allclose(entropy, float(reference.entropy(process, beta_B, **at)), atol=1e-11)
        expected = np.array(reference.local_populations(process, beta_B, **at), dtype=float)
        assert_allclose(populations, np.broadcast_to(expected, (n, len(expected))), atol=1e-12)


@processes
@spaces
def test_eq16_every_element_of_the_steady_state(n, s, process, product_space):
    """The whole density matrix against the projectors of Eq. (16)."""
    space = product_space(n, s)
    for beta_B, beta_0 in [(0.0, 1.0), (0.7, -2.0), (-1.5, 0.3), (3.0, 0.0)]:
        generator = me.liouvillian(process, beta_B, n=n, s=s)
        found = me.steady_state(generator, me.thermal_state(beta_0, n=n, s=s))
        assert_allclose(found, space.steady(process, beta_B, beta_0), atol=1e-13)


@pytest.mark.parametrize(("n", "s"), [(5, "1/2"), (6, "1/2"), (4, 1), (3, "3/2")])
def test_eq17_larger_spaces(n, s):
    """Steady energies where a thousand elements of the density matrix are coupled."""
    z, _ = me.collective_operators(n, s)
    generator = me.liouvillian(collective, 0.7, n=n, s=s)
    state = me.steady_state(generator, me.thermal_state(-1.2, n=n, s=s))
    expected = collective.energy(0.7, n=n, s=s, beta_0=-1.2)
    assert_allclose(me.expectation(z, state) + size(n, s), expected, rtol=1e-11)


@pytest.mark.parametrize("shifts", [(0.0, 0.0), SHIFTS])
@spaces
def test_appendix_b_steady_state_from_any_state(n, s, shifts):
    """Within each J the spin is thermal and what tells the copies apart is as it was; no J-J' is left."""
    basis, rho = me.multiplet_basis(n, s), random_state(n, s)
    generator = me.liouvillian(collective, 0.7, n=n, s=s, shifts=shifts)
    inside = basis.vectors.T @ me.steady_state(generator, rho) @ basis.vectors
    start = basis.vectors.T @ rho @ basis.vectors
    expected = np.zeros_like(inside)
    for J in spectrum.total_spins(n, s):
        block = np.ix_(basis.J == J, basis.J == J)
        levels = round(2 * J + 1)
        copies = np.einsum(
            "ambm->ab", start[block].reshape([len(start[block]) // levels, levels] * 2)
        )
        boltzmann = np.exp(-0.7 * np.arange(levels))
        expected[block] = np.kron(copies, np.diag(boltzmann / boltzmann.sum()))
    assert_allclose(inside, expected, atol=1e-12)


def test_dark_states_keep_their_coherence_at_zero_temperature():
    """Between the singlet and the lowest triplet state of a pair."""
    basis = me.multiplet_basis(2, "1/2")
    singlet, lowest = basis.vectors[:, 0], basis.vectors[:, 1]
    state = np.outer(singlet + lowest, singlet + lowest) / 2
    cold, warm = (me.liouvillian(collective, b, n=2, s="1/2") for b in (np.inf, 3.0))
    assert_allclose(me.steady_state(cold, state), state, atol=1e-15)
    assert_allclose(singlet @ me.steady_state(warm, state) @ lowest, 0, atol=1e-15)


# Evolution


@pytest.mark.parametrize("beta_B", BATHS)
def test_one_spin_half_relaxes_exponentially(beta_B):
    """Its populations at the rate G(omega) + G(-omega), its coherence at half of it, turned by the shifts."""
    down, up = me.bath_rates(beta_B, shifts=SHIFTS)
    total, t = 2 * (down + up).real, np.array([0.0, 0.1, 1.0, 7.0])
    start = np.array([[0.2, 0.1 - 0.3j], [0.1 + 0.3j, 0.8]])
    hamiltonian = me.inhomogeneity([0.5], n=1, s="1/2")
    for process in PROCESSES:
        generator = me.liouvillian(
            process, beta_B, n=1, s="1/2", shifts=SHIFTS, hamiltonian=hamiltonian
        )
        found = me.evolve(generator, start, t)
        rest = 2 * up.real / total
        assert_allclose(found[:, 1, 1], rest + (0.8 - rest) * np.exp(-total * t), atol=1e-14)
        turned = np.exp(-(down + up.conjugate() + 0.5j) * t)
        assert_allclose(found[:, 1, 0], start[1, 0] * turned, atol=1e-14)
        assert_allclose(found[:, 0, 1], found[:, 1, 0].conj(), atol=1e-15)


def test_superradiant_pair_where_eigenvectors_are_missing():
    """Two excited atoms at zero temperature: exp(-2t) and 2t exp(-2t), from a generator with a Jordan block."""
    t = np.logspace(-5, 2, 30)
    z, _ = me.collective_operators(2, "1/2")
    up = me.thermal_state(-np.inf, n=2, s="1/2")
    energies = [
        me.expectation(z, me.evolve(me.liouvillian(p, np.inf, n=2, s="1/2"), up, t)) + 1
        for p in PROCESSES
    ]
    assert_allclose(energies[0], 2 * (1 + t) * np.exp(-2 * t), atol=1e-14)
    assert_allclose(energies[1], 2 * np.exp(-t), atol=1e-14)


@pytest.mark.parametrize(("beta_B", "detuning"), [(1.0, 0.01), (-0.5, 0.1), (30.0, 0.3)])
def test_k1_evolution_over_many_decades(beta_B, detuning):
    """Until long after a slow rate of 1e-5, against an exponential at 50 digits."""
    hamiltonian = me.inhomogeneity([detuning, 0.0], n=2, s="1/2")
    generator = me.liouvillian(collective, beta_B, n=2, s="1/2", hamiltonian=hamiltonian)
    start = me.thermal_state(-0.8, n=2, s="1/2")
    times = [1e-4, 3.0, 1e3, 1e5]
    coupled = [0, 5, 6, 9, 10, 15]  # the elements with m = m'
    with mpmath.workdps(50):
        block = mpmath.matrix(generator[coupled][:, coupled].toarray().tolist())
        vector = mpmath.matrix(start.ravel()[coupled].tolist())
        exact = [exponential(block, t) * vector for t in times]
        expected = [[complex(x) for x in column] for column in exact]
    found = me.evolve(generator, start, times).reshape(len(times), -1)
    assert_allclose(found[:, coupled], expected, atol=1e-11)
    assert np.count_nonzero(np.delete(found, coupled, axis=1)) == 0


def exponential(matrix, t):
    """Return exp(matrix t) by halving the time until the series converges at once."""
    halvings = max(0, math.ceil(math.log2(t))) + 6
    found = mpmath.expm(matrix * mpmath.mpf(t) / 2**halvings, method="taylor")
    for _ in range(halvings):
        found = found * found
    return found


@processes
@spaces
def test_evolution_ends_in_the_steady_state(n, s, process):
    """From a state with every coherence, at both signs of temperature and with level shifts."""
    rho = random_state(n, s)
    for beta_B in (0.7, -1.3):
        generator = me.liouvillian(process, beta_B, n=n, s=s, shifts=SHIFTS)
        late = me.evolve(generator, rho, 1e3)
        assert_allclose(late, me.steady_state(generator, rho), atol=1e-12)


@spaces
def test_evolution_stays_in_the_steady_state_for_ever(n, s):
    """At t = 1e12 nothing has leaked by rounding: the conserved part is not multiplied by exponentials."""
    generator, rho = me.liouvillian(collective, 0.7, n=n, s=s), random_state(n, s)
    late = me.evolve(generator, rho, 1e12)
    assert_allclose(late, me.steady_state(generator, rho), rtol=0, atol=1e-14)


@processes
@pytest.mark.parametrize("s", ["1/2", 1])
def test_evolution_by_blocks_is_evolution_as_a_whole(process, s):
    """The blocks against one exponential of the whole generator; a Hamiltonian alone couples some of them."""
    hamiltonian = me.interaction([[0, 0.8], [0.8, 0]], n=2, s=s)
    generator = me.liouvillian(process, 0.7, n=2, s=s, shifts=SHIFTS, hamiltonian=hamiltonian)
    rho = random_state(2, s)
    expected = linalg.expm(0.9 * generator.toarray()) @ rho.ravel()
    assert_allclose(me.evolve(generator, rho, 0.9).ravel(), expected, atol=1e-13)


@processes
def test_evolution_is_a_semigroup(process):
    """Two steps one after the other make one step, whatever the order of the times."""
    generator = me.liouvillian(process, 0.7, n=3, s="1/2", shifts=SHIFTS)
    rho = random_state(3, "1/2")
    late, start, early = me.evolve(generator, rho, [1.3, 0.0, 0.5])
    assert_allclose(start, rho, atol=1e-15)
    assert_allclose(me.evolve(generator, early, 0.8), late, atol=1e-14)


@processes
@spaces
def test_evolution_keeps_a_state_a_state(n, s, process):
    """Trace one, Hermitian and positive at all times, with shifts, inhomogeneity and interaction."""
    hamiltonian = me.inhomogeneity(np.arange(n) / 5, n=n, s=s)
    hamiltonian = hamiltonian + me.interaction(0.4 * (1 - np.eye(n)), n=n, s=s)
    generator = me.liouvillian(process, -0.5, n=n, s=s, shifts=SHIFTS, hamiltonian=hamiltonian)
    found = me.evolve(generator, random_state(n, s), [0.0, 0.02, 0.3, 2.0, 1e4])
    assert_allclose(np.trace(found, axis1=1, axis2=2), 1, atol=1e-11)
    assert_allclose(found, dagger(found), atol=1e-12)
    assert np.linalg.eigvalsh(found).min() > -1e-12


@spaces
def test_weights_of_the_copies_are_conserved(n, s):
    """Collective dissipation keeps p_{J,i}, also from a state with every coherence; independent mixes them."""
    basis, rho = me.multiplet_basis(n, s), random_state(n, s)
    t = [0.0, 0.1, 1.0, 10.0]
    for process in PROCESSES:
        states = me.evolve(me.liouvillian(process, 0.7, n=n, s=s, shifts=SHIFTS), rho, t)
        changes = []
        for J, copy in set(zip(basis.J, basis.copy, strict=True)):
            inside = basis.vectors[:, (basis.J == J) & (basis.copy == copy)]
            weight = me.expectation(inside @ inside.T, states)
            changes.append(np.max(np.abs(weight - weight[0])))
        assert (max(changes) < 1e-13) if process is collective else (max(changes) > 1e-3)


# Inhomogeneity and interaction


def test_k1_unequal_spins_end_at_the_thermal_energy():
    """However small the inhomogeneity, a pair forgets its start."""
    hamiltonian = me.inhomogeneity([0.02, 0.0], n=2, s="1/2")
    generator = me.liouvillian(collective, 1.0, n=2, s="1/2", hamiltonian=hamiltonian)
    z, _ = me.collective_operators(2, "1/2")
    state = me.steady_state(generator, me.thermal_state(4.0, n=2, s="1/2"))
    assert_allclose(me.expectation(z, state) + 1, independent.energy(1.0, n=2, s="1/2"), rtol=1e-10)
    assert_allclose(state, me.thermal_state(1.0, n=2, s="1/2"), atol=1e-10)


def test_k1_uniform_interaction_leaves_the_steady_state():
    """Equal coupling of all pairs commutes with the total spin of spins 1/2."""
    start = me.thermal_state(4.0, n=4, s="1/2")
    hamiltonian = me.interaction(0.3 * (1 - np.eye(4)), n=4, s="1/2")
    with_it, without = (
        me.liouvillian(collective, 1.0, n=4, s="1/2", hamiltonian=h) for h in (hamiltonian, None)
    )
    expected = me.steady_state(without, start)
    assert_allclose(me.steady_state(with_it, start), expected, atol=1e-13)


# Reading states


def test_d1_reduced_state_of_a_product():
    """Each spin of a product of three different states gets its own back, also in a stack of states."""
    parts = [random_state(1, 1, seed) for seed in (1, 2, 3)]
    whole = np.kron(np.kron(parts[0], parts[1]), parts[2])
    for k, part in enumerate(parts):
        assert_allclose(me.reduced_state(whole, n=3, s=1, spin=k), part, atol=1e-15)
        stack = me.reduced_state([[whole, 2 * whole]], n=3, s=1, spin=k)
        assert_allclose(stack, [[part, 2 * part]], atol=1e-15)


def test_expectation_and_entropy_of_a_stack():
    """Expectation is Tr(O rho), complex for an operator that is not Hermitian; pure states have no entropy."""
    rho = random_state(2, 1)
    operator = np.random.default_rng(5).normal(size=rho.shape)
    expected = np.trace(operator @ rho)
    assert_allclose(me.expectation(operator, [rho, 2 * rho]), [expected, 2 * expected])
    assert np.isrealobj(me.expectation(operator + operator.T, rho))
    assert me.expectation(sparse.csr_array(rho.shape), rho) == 0
    pure, mixed = np.diag([0.0, 1.0]), np.eye(2) / 2
    assert_allclose(me.von_neumann_entropy([pure, mixed]), [0, math.log(2)], atol=1e-15)


@pytest.mark.parametrize(("beta", "place"), [(np.inf, 0), (-np.inf, -1)])
def test_eq11_coldest_and_hottest_states(beta, place):
    """All the weight is in the lowest, or in the highest, product state."""
    populations = me.thermal_state(beta, n=3, s=1).diagonal()
    assert populations[place] == populations.sum() == 1


# Errors

RHO = np.eye(4) / 4
PAIR = {"n": 2, "s": "1/2"}
GENERATOR = me.liouvillian(collective, 1.0, **PAIR)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: me.spin_operators(0.3), "`s` must be a non-negative half-integer"),
        (lambda: me.local_operators(0, 1), "`n` must be a positive integer"),
        (lambda: me.bath_rates(np.nan), "`beta_B` must not contain NaN"),
        (lambda: me.bath_rates([1.0, 2.0]), "`beta_B` must be a single number"),
        (lambda: me.bath_rates(1.0, rate=0.0), "`rate` must be positive and finite"),
        (lambda: me.bath_rates(1.0, shifts=(1.0,)), "`shifts` must hold two finite numbers"),
        (lambda: me.liouvillian(spectrum, 1.0, **PAIR), "`process` must be spinbath.collective or"),
        (lambda: me.liouvillian(collective, 1.0, **PAIR, hamiltonian=np.eye(3)), "`hamiltonian` must be a"),
        (
            lambda: me.liouvillian(collective, 1.0, **PAIR, hamiltonian=np.diag([1j, 0, 0, 0])),
            "`hamiltonian` must be a finite Hermitian",
        ),
        (
            lambda: me.liouvillian(collective, 1.0, **PAIR, hamiltonian=np.ones((4, 4))),
            "`hamiltonian` must commute with J_z",
        ),
        (lambda: me.inhomogeneity([0.1], **PAIR), "`detunings` must hold 2 finite numbers"),
        (lambda: me.interaction([[0, 1], [2, 0]], **PAIR), "`couplings` must be a finite symmetric"),
        (lambda: me.interaction(np.eye(2), **PAIR), "zero diagonal"),
        (lambda: me.rate_equation(1.0, J=1, offset=3), "`offset` must be an integer from -2 to 2"),
        (lambda: me.rate_equation(1.0, J=1, offset=0.5), "`offset` must be an integer"),
        (lambda: me.evolve(GENERATOR, RHO, [-1.0]), "`times` must be finite and not negative"),
        (lambda: me.evolve(GENERATOR, RHO, np.inf), "`times` must be finite and not negative"),
        (lambda: me.evolve(GENERATOR, np.eye(3), 1.0), r"`state` must have shape \(D, D\)"),
        (lambda: me.steady_state(GENERATOR, [RHO]), r"`state` must have shape \(D, D\)"),
        (lambda: me.steady_state(GENERATOR, RHO * np.nan), "`state` must be a finite square matrix"),
        (lambda: me.reduced_state(RHO, n=3, s="1/2"), "`state` must have last axes of length 8"),
        (lambda: me.reduced_state(RHO, **PAIR, spin=2), "`spin` must be from 0 to 1"),
        (lambda: me.expectation(np.eye(3), RHO), "`operator` must have shape"),
        (lambda: me.von_neumann_entropy(np.diag([1.5, -0.5])), "`state` must be positive"),
        (lambda: me.liouvillian(collective, 1.0, n=30, s="1/2"), r"were 30 and 1/2: 2\^30 dimensions, whose L"),
        (lambda: me.liouvillian(independent, 1.0, n=12, s="1/2"), "whose Liouvillian needs about"),
        (lambda: me.thermal_state(1.0, n=10**9, s=9), "whose density matrix needs about"),
        (lambda: me.local_operators(10**6, "3/2"), "whose operator needs about"),
    ],
)  # fmt: skip
def test_errors_name_the_argument(call, message):
    """A wrong argument, or a space too large, is refused at once with what is wrong."""
    with pytest.raises(ValueError, match=message):
        call()


def test_a_block_too_large_is_refused_before_it_is_built():
    """Eight spins 1/2 couple 12870 elements; the message says what they would need."""
    generator = me.liouvillian(collective, 1.0, n=8, s="1/2")
    with pytest.raises(ValueError, match=r"12870 elements of the state are coupled.*bytes"):
        me.steady_state(generator, me.thermal_state(1.0, n=8, s="1/2"))


def test_a_generator_without_steady_state_is_refused():
    """A Jordan block at zero grows for ever."""
    growing = sparse.csr_array(([1.0], ([0], [1])), shape=(16, 16))
    with pytest.raises(ValueError, match="must have a steady state"):
        me.steady_state(growing, RHO)
