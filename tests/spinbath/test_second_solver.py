"""A second solver: QuTiP solves the same master equations, in the same spaces and in its permutational one.

The comparison is shown in the book, which reads `book/second_solver.json`. The tests compute it anew, leave it in
`_build/second_solver.json`, and fail where the two disagree; a table that has changed for a good reason is copied
from there into the book.

`qutip.steadystate` is of no use here: under collective dissipation the steady state is not unique, and its linear
system is singular. States are evolved instead until nothing changes.
"""

import itertools
import json
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import qutip
from numpy.testing import assert_allclose
from qutip import piqs
from scipy.linalg import expm

from spinbath import collective, independent, spectrum
from spinbath import master_equation as me

ROOT = Path(__file__).resolve().parents[2]
SHOWN = ROOT / "book" / "second_solver.json"
WRITTEN = ROOT / "_build" / "second_solver.json"

PROCESSES = [collective, independent]
SPACES = [(2, "1/2"), (3, "1/2"), (4, "1/2"), (2, 1), (3, 1), (2, "3/2")]
COUNTS = [2, 5, 10, 15, 20]
TEMPERATURES = [(0.7, 1.5), (-0.7, 1.5), (1.3, -0.4), (-1.3, -0.4)]  # beta_B, beta_0
EARLY, LATE = 0.3, 60.0  # on the way, and when the slowest rate has brought the rest below 1e-15
AGREEMENT = 1e-10
TIGHT = {"atol": 1e-14, "rtol": 1e-12, "nsteps": 10**6, "progress_bar": ""}
QUANTITIES = ["energy at t = 0.3", "entropy at t = 0.3", "steady energy", "steady entropy"]


def rates(beta_B):
    """Return the rates of emission and absorption, the larger of them 1."""
    return min(1.0, math.exp(beta_B)), min(1.0, math.exp(-beta_B))


# QuTiP in the space of all product states


def qutip_states(process, beta_B, beta_0, n, s):
    """Density matrices at both times by `qutip.mesolve`, from QuTiP's own operators."""
    spin = float(Fraction(s))
    one = qutip.qeye(int(2 * spin) + 1)
    plus = [
        qutip.tensor([qutip.jmat(spin, "+") if k == place else one for k in range(n)])
        for place in range(n)
    ]
    jumps = [sum(plus)] if process is collective else plus
    emission, absorption = rates(beta_B)
    operators = [math.sqrt(emission) * x.dag() for x in jumps]
    operators += [math.sqrt(absorption) * x for x in jumps]
    boltzmann = (-beta_0 * qutip.jmat(spin, "z")).expm().unit()
    start = qutip.tensor([boltzmann] * n)
    options = TIGHT | {"method": "dop853"}
    solved = qutip.mesolve(0 * start, start, [0, EARLY, LATE], c_ops=operators, options=options)
    return solved.states[1:]


def our_states(process, beta_B, beta_0, n, s):
    """Return the same by `spinbath.master_equation`."""
    generator = me.liouvillian(process, beta_B, n=n, s=s)
    start = me.thermal_state(beta_0, n=n, s=s)
    return me.evolve(generator, start, EARLY), me.steady_state(generator, start)


def energy_and_entropy(states, n, s):
    """Return both quantities of both of our states, as in `QUANTITIES`."""
    z, _ = me.collective_operators(n, s)
    energies = me.expectation(z, list(states)) + n * float(Fraction(s))
    return np.column_stack([energies, me.von_neumann_entropy(list(states))]).ravel()


def qutip_energy_and_entropy(states, n, s):
    """Return the same of QuTiP's states, by its own functions."""
    spin = float(Fraction(s))
    one = qutip.qeye(int(2 * spin) + 1)
    z = sum(
        qutip.tensor([qutip.jmat(spin, "z") if k == place else one for k in range(n)])
        for place in range(n)
    )
    pairs = [(qutip.expect(z, x) + n * spin, qutip.entropy_vn(x)) for x in states]
    return np.ravel(pairs)


def full_space(process, beta_B, beta_0, n, s):
    """Our values and QuTiP's, in the order of `QUANTITIES`."""
    ours = energy_and_entropy(our_states(process, beta_B, beta_0, n, s), n, s)
    theirs = qutip_energy_and_entropy(qutip_states(process, beta_B, beta_0, n, s), n, s)
    return ours, theirs


# QuTiP's permutational solver


def piqs_solver(process, beta_B, n):
    """Return PIQS's description of the process: the same rates, all spins together or each alone."""
    prefix = "collective_" if process is collective else ""
    names = (f"{prefix}emission", f"{prefix}pumping")
    return piqs.Dicke(n, **dict(zip(names, rates(beta_B), strict=True)))


def dicke_start(beta_0, n):
    """Thermal populations of PIQS's states, all copies of a multiplet together, and their energies."""
    spins = [Fraction(n, 2) - k for k in range(piqs.num_dicke_ladders(n))]
    copies = [piqs.state_degeneracy(n, float(j)) for j in spins for _ in range(int(2 * j) + 1)]
    m = piqs.jspin(n, "z").diag().real
    weight = np.array(copies) * np.exp(-beta_0 * m)
    return weight / weight.sum(), m + n / 2


def piqs_energy_and_entropy(process, beta_B, beta_0, n):
    """Both quantities at both times from the permutational generator, by a QuTiP integrator.

    `Dicke.pisolve` integrates the same equation, but at a tolerance that cannot be set and leaves 1e-7.
    """
    start, energies = dicke_start(beta_0, n)
    # d p / dt = M p is a Schroedinger equation with H = i M.
    solved = qutip.sesolve(
        1j * qutip.Qobj(piqs_solver(process, beta_B, n).coefficient_matrix()),
        qutip.Qobj(start),
        [0, EARLY, LATE],
        options=TIGHT | {"method": "bdf", "normalize_output": False},
    )
    populations = [state.full().ravel().real for state in solved.states[1:]]
    entropies = [piqs.entropy_vn_dicke(qutip.Qobj(np.diag(p))) for p in populations]
    return np.ravel([(energies @ p, x) for p, x in zip(populations, entropies, strict=True)])


def early_collective(beta_B, beta_0, n):
    """Energy and entropy on the way, from the rate equation (A1) of every multiplet."""
    energy = entropy = 0.0
    weights = spectrum.weights(beta_0, n=n, s="1/2")
    for J, count, weight in zip(
        spectrum.total_spins(n, "1/2"), spectrum.multiplicities(n, "1/2"), weights, strict=True
    ):
        m = np.arange(-J, J + 1)
        start = np.exp(-beta_0 * m)
        p = weight * expm(me.rate_equation(beta_B, J=J) * EARLY) @ (start / start.sum())
        energy += p @ (m + n / 2)
        entropy -= p @ np.log(p / count)
    return energy, entropy


def early_independent(beta_B, beta_0, n):
    """Energy and entropy on the way of `n` spins that know nothing of each other."""
    generator = me.liouvillian(independent, beta_B, n=1, s="1/2")
    state = me.evolve(generator, me.thermal_state(beta_0, n=1, s="1/2"), EARLY)
    return n * state[1, 1], n * me.von_neumann_entropy(state)


def permutational(process, beta_B, beta_0, n, s="1/2"):
    """Our values, without any large space, and those of PIQS, in the order of `QUANTITIES`."""
    early = early_collective if process is collective else early_independent
    at = {"n": n, "s": s, "beta_0": beta_0}
    ours = [*early(beta_B, beta_0, n), process.energy(beta_B, **at), process.entropy(beta_B, **at)]
    return np.array(ours, dtype=float), piqs_energy_and_entropy(process, beta_B, beta_0, n)


# The table


def rows_of(solver, compare, ensembles):
    """Yield a row for each quantity of each case."""
    for (n, s), process, (beta_B, beta_0) in itertools.product(ensembles, PROCESSES, TEMPERATURES):
        ours, theirs = compare(process, beta_B, beta_0, n, s)
        for quantity, our, their in zip(QUANTITIES, ours, theirs, strict=True):
            case = {
                "solver": solver, "process": process.__name__.rpartition(".")[2], "n": n, "s": str(s),
                "beta_B": beta_B, "beta_0": beta_0, "quantity": quantity,
            }  # fmt: skip
            yield case | {"spinbath": float(our), "qutip": float(their)}


def printed(row):
    """Return the row as it is shown: ten digits, and the power of ten below which the difference is.

    A decade, and 1e-12 at least, is left for the rounding of another machine.
    """
    difference = abs(row["spinbath"] - row["qutip"])
    bound = max(-12, math.ceil(math.log10(difference or 1e-99)) + 1)
    numbers = {name: float(f"{row[name]:.10g}") for name in ("spinbath", "qutip")}
    return row | numbers | {"difference_below": float(f"1e{bound}")}


@pytest.fixture(scope="module")
def table():
    """Every row of the comparison, computed now and written for the book."""
    rows = [
        *rows_of("qutip.mesolve", full_space, SPACES),
        *rows_of("qutip.piqs", permutational, [(n, "1/2") for n in COUNTS]),
    ]
    WRITTEN.parent.mkdir(exist_ok=True)
    lines = ",\n".join(json.dumps(printed(row)) for row in rows)
    about = "Written by tests/spinbath/test_second_solver.py, which says how."
    WRITTEN.write_text(f'{{"about": "{about}", "rows": [\n{lines}\n]}}\n', encoding="utf-8")
    return rows


def test_both_solvers_agree(table):
    """Energy and entropy on the way and at rest: both processes, both signs of both temperatures."""
    assert_allclose(
        [row["spinbath"] for row in table], [row["qutip"] for row in table], rtol=0, atol=AGREEMENT
    )
    assert len(table) == (len(SPACES) + len(COUNTS)) * 2 * len(TEMPERATURES) * len(QUANTITIES)


def test_the_book_shows_this_table(table):
    """The numbers in the book are those computed now, and its differences bound those found now."""
    shown = json.loads(SHOWN.read_text(encoding="utf-8"))["rows"]
    measured = ("spinbath", "qutip", "difference_below")
    cases = [{k: v for k, v in row.items() if k not in measured} for row in table]
    assert [{k: v for k, v in row.items() if k not in measured} for row in shown] == cases, (
        f"copy {WRITTEN.relative_to(ROOT)} to {SHOWN.relative_to(ROOT)}"
    )
    for row, now in zip(shown, table, strict=True):
        assert row["spinbath"] == pytest.approx(now["spinbath"], rel=1e-9, abs=AGREEMENT)
        assert row["qutip"] == pytest.approx(now["qutip"], rel=1e-9, abs=AGREEMENT)
        assert abs(now["spinbath"] - now["qutip"]) < row["difference_below"] <= 10 * AGREEMENT


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize(("n", "s"), SPACES)
def test_density_matrices_agree(n, s, process):
    """Not only means: every element of the state, on the way and at rest."""
    for beta_B, beta_0 in TEMPERATURES[1:3]:
        ours = our_states(process, beta_B, beta_0, n, s)
        theirs = qutip_states(process, beta_B, beta_0, n, s)
        for our, their in zip(ours, theirs, strict=True):
            # QuTiP counts m downwards.
            assert_allclose(our, their.full()[::-1, ::-1], rtol=0, atol=AGREEMENT)


@pytest.mark.parametrize("process", PROCESSES)
def test_permutational_solver_as_it_comes(process):
    """`Dicke.pisolve` itself, at its own tolerance, for 16 spins."""
    n, (beta_B, beta_0) = 16, TEMPERATURES[0]
    start, energies = dicke_start(beta_0, n)
    solved = piqs_solver(process, beta_B, n).pisolve(
        qutip.Qobj(np.diag(start)), np.array([0, LATE])
    )
    expected = process.energy(beta_B, n=n, s="1/2", beta_0=beta_0)
    assert_allclose(energies @ solved.states[-1].diag().real, expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize(("n", "s"), [(2, "1/2"), (2, 1)])
def test_hamiltonians_agree(n, s):
    """Inhomogeneity and interaction of Eq. (K1), with their signs, seen in coherences on the way."""
    spin, rng = float(Fraction(s)), np.random.default_rng(3)
    d = int(2 * spin) + 1
    a = rng.normal(size=(d**n, d**n)) + 1j * rng.normal(size=(d**n, d**n))
    rho = a @ a.conj().T / np.sum(np.abs(a) ** 2)
    hamiltonian = me.inhomogeneity([0.5, -0.2], n=n, s=s)
    hamiltonian = hamiltonian + me.interaction([[0, 0.3], [0.3, 0]], n=n, s=s)
    generator = me.liouvillian(collective, 0.7, n=n, s=s, hamiltonian=hamiltonian)
    ours = me.evolve(generator, rho, EARLY)

    one, z, plus = qutip.qeye(d), qutip.jmat(spin, "z"), qutip.jmat(spin, "+")
    hop = qutip.tensor(plus, plus.dag())
    energy = 0.5 * qutip.tensor(z, one) - 0.2 * qutip.tensor(one, z) + 0.3 * (hop + hop.dag())
    total = qutip.tensor(plus, one) + qutip.tensor(one, plus)
    emission, absorption = rates(0.7)
    jumps = [math.sqrt(emission) * total.dag(), math.sqrt(absorption) * total]
    start = qutip.Qobj(rho[::-1, ::-1], dims=energy.dims)
    options = TIGHT | {"method": "dop853"}
    theirs = qutip.mesolve(energy, start, [0, EARLY], c_ops=jumps, options=options).states[-1]
    assert_allclose(ours, theirs.full()[::-1, ::-1], rtol=0, atol=AGREEMENT)
