"""Steady-state energies of the library against QuTiP's permutational solver, in one run."""

import resource
import subprocess
import sys
import time
import tracemalloc

import numpy as np

from benchmarks.library import BETA_0, TEMPERATURES, bath_temperatures, seconds
from spinbath import collective

TITLE = "Against QuTiP"
COUNTS = (4, 8, 16, 32)
# The solver takes each temperature by itself: so many are enough to know its pace.
SAMPLE = 10
AT_REST = 30.0  # in units of the inverse rate: what is left of the start is below 1e-12


def steady_energies(n):
    """Energy of n spins 1/2 at a sample of bath temperatures, by `qutip.piqs`."""
    import qutip
    from qutip import piqs

    m = piqs.jspin(n, "z").diag().real
    spins = [n / 2 - k for k in range(piqs.num_dicke_ladders(n))]
    copies = [piqs.state_degeneracy(n, j) for j in spins for _ in range(int(2 * j) + 1)]
    start = np.array(copies) * np.exp(-BETA_0 * m)
    start = qutip.Qobj(np.diag(start / start.sum()))
    found = []
    for beta in bath_temperatures()[:: TEMPERATURES // SAMPLE]:
        emission, absorption = min(1.0, np.exp(beta)), min(1.0, np.exp(-beta))
        system = piqs.Dicke(n, collective_emission=emission, collective_pumping=absorption)
        state = system.pisolve(start, [0.0, AT_REST]).states[-1]
        found.append(state.diag().real @ (m + n / 2))
    return np.array(found)


def measure(n):
    """Print time, memory above the import and error for QuTiP, in a process of its own."""
    import qutip  # noqa: F401

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    theirs = steady_energies(n)
    spent = (time.perf_counter() - start) * TEMPERATURES / SAMPLE
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    ours = energies(n)[:: TEMPERATURES // SAMPLE]
    print(spent, peak / 2**10, np.abs(theirs / ours - 1).max())


def energies(n):
    """Return the same at all bath temperatures, by the library."""
    return collective.energy(bath_temperatures(), n=n, s="1/2", beta_0=BETA_0)


def peak_memory(n):
    """Return the memory that the library needs for it, in megabytes."""
    tracemalloc.start()
    energies(n)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20


def rows():
    """Rows of the table: time for each number of spins, its growth, and the memory."""
    first = None
    for n in COUNTS:
        command = [sys.executable, "-m", "benchmarks.second_solver", str(n)]
        run = subprocess.run(command, capture_output=True, text=True, check=True)
        theirs, memory, error = map(float, run.stdout.split())
        ours = seconds(lambda n=n: energies(n))
        first = first or (ours, theirs)
        yield (
            f"steady energy at {TEMPERATURES} bath temperatures, n = {n}, s = 1/2",
            f"{1e3 * ours:.2f} ms",
            f"QuTiP, permutational (paced on {SAMPLE} of them); differs by {error:.0e}",
            f"{theirs:.1f} s",
            f"{theirs / ours:.0f}",
        )
    grown = f"{ours / first[0]:.1f} ×", "the same", f"{theirs / first[1]:.0f} ×", ""
    yield (f"its growth from n = {COUNTS[0]} to {n}", *grown)
    yield ("its peak memory", f"{peak_memory(n):.2f} MB", "the same", f"{memory:.0f} MB", "")


if __name__ == "__main__":
    measure(int(sys.argv[1]))
