"""Speed, memory and error of the library against the obvious way, in one run."""

import subprocess
import sys
import time

import mpmath
import numpy as np
from scipy.special import gammaln

from spinbath import collective

TITLE = "The library"
TEMPERATURES = 400
BETA_0 = 1.0


def seconds(call, repeat=5):
    """Return the best time of `repeat` calls, after one to warm up."""
    call()
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def bath_temperatures():
    """Return bath temperatures of both signs, without zero."""
    return np.linspace(-3.0, 3.0, TEMPERATURES)


def log_gamma_sum(beta_B, n, beta_0):
    """Energy of n spins 1/2 by Eqs. (18), (19) and (21), summed over every J, with log-gamma."""
    J = np.arange(n % 2, n + 1, 2) / 2
    log_l = np.log(2 * J + 1) + gammaln(n + 1) - gammaln(n / 2 + J + 2) - gammaln(n / 2 - J + 1)
    log_z = J * beta_0 + np.log1p(-np.exp(-(2 * J + 1) * beta_0)) - np.log1p(-np.exp(-beta_0))
    weight = np.exp(log_l + log_z - n * np.logaddexp(beta_0 / 2, -beta_0 / 2))
    energy = np.empty(len(beta_B))
    for i, beta in enumerate(beta_B):
        with np.errstate(over="ignore"):
            m = 1 / np.expm1(beta) - (2 * J + 1) / np.expm1((2 * J + 1) * beta)
        energy[i] = weight @ (m + n / 2 - J)
    return energy


def exact_energy(beta_B, n, beta_0, digits=50):
    """Return the energy of n spins 1/2 with `digits` digits, summed over 12 standard deviations of J."""
    with mpmath.workdps(digits + 15):
        beta_0, beta_B = mpmath.mpf(beta_0), mpmath.mpf(beta_B)
        p = 1 / (mpmath.exp(beta_0) + 1)
        reach = int(12 * mpmath.sqrt(n * p * (1 - p))) + 60
        centre = int(n * p)
        ks = range(max(0, centre - reach), min(n // 2, centre + reach) + 1)
        multiplicity = mpmath.binomial(n, ks[0]) * (n + 1 - 2 * ks[0]) / (n + 1 - ks[0])
        total = energy = mpmath.mpf(0)
        for k in ks:
            N = n + 1 - 2 * k
            weight = multiplicity * mpmath.exp(-k * beta_0) * (1 - mpmath.exp(-N * beta_0))
            total += weight
            m = 1 / mpmath.expm1(beta_B) - N / mpmath.expm1(N * beta_B)
            energy += weight * (k + m)
            multiplicity *= mpmath.mpf(n - k + 1) * (N - 2) / ((k + 1) * N)
        return energy / total


def worst_error(values, beta_B, n, sample):
    """Return the largest relative error of `values` at every `sample`-th temperature."""
    pairs = list(zip(values, beta_B, strict=True))[::sample]
    return max(abs(float(value / exact_energy(beta, n, BETA_0) - 1)) for value, beta in pairs)


def against_log_gamma(n=10**6):
    """Rows of the table: the energy of n spins 1/2 by the library and by a log-gamma sum."""
    beta = bath_temperatures()
    ours = seconds(lambda: collective.energy(beta, n=n, s=0.5, beta_0=BETA_0))
    theirs = seconds(lambda: log_gamma_sum(beta, n, BETA_0), repeat=1)
    sample = TEMPERATURES // 5
    error = worst_error(collective.energy(beta, n=n, s=0.5, beta_0=BETA_0), beta, n, sample)
    their_error = worst_error(log_gamma_sum(beta, n, BETA_0), beta, n, sample)
    what = f"energy at {TEMPERATURES} bath temperatures, n = {n:.0e}, s = 1/2"
    yield (
        what,
        f"{1e3 * ours:.1f} ms",
        "sum over all J, log-gamma",
        f"{theirs:.2f} s",
        f"{theirs / ours:.0f}",
    )
    yield ("its largest relative error", f"{error:.0e}", "the same", f"{their_error:.0e}", "")


def growth():
    """Rows of the table: time against the number of spins, relative to a thousand."""
    beta = bath_temperatures()
    for s in ("1/2", "9/2"):
        base = None
        for n in (10**3, 10**5, 10**7):
            spent = seconds(lambda n=n, s=s: collective.energy(beta, n=n, s=s, beta_0=BETA_0))
            base = base or spent
            what = f"energy at {TEMPERATURES} bath temperatures, n = {n:.0e}, s = {s}"
            yield (
                what,
                f"{1e3 * spent:.1f} ms",
                "n = 1e+03",
                f"{1e3 * base:.1f} ms",
                f"{base / spent:.2f}",
            )


def grid(n=10**5):
    """Row of the table: a grid of initial and bath temperatures against one row of it."""
    beta, beta_0 = bath_temperatures(), np.linspace(-5.0, 5.0, TEMPERATURES)[:, None]
    whole = seconds(lambda: collective.energy(beta, n=n, s=0.5, beta_0=beta_0), repeat=2)
    what = f"energy on a {TEMPERATURES} × {TEMPERATURES} grid of beta_0 and beta_B, n = {n:.0e}, s = 1/2"
    yield what, f"{whole:.2f} s", "", "", ""


MEMORY = """
import tracemalloc, numpy as np
from spinbath import collective
tracemalloc.start()
collective.energy(np.linspace(-3, 3, 400), n=10**7, s="9/2", beta_0=1.0)
print(tracemalloc.get_traced_memory()[1] / 2**20)
"""


def memory():
    """Row of the table: peak memory above the import for ten million spins 9/2."""
    found = subprocess.run(
        [sys.executable, "-c", MEMORY], capture_output=True, text=True, check=True
    )
    yield ("its peak memory above the import", f"{float(found.stdout):.1f} MB", "", "", "")


def importing():
    """Row of the table: the time to import the library against numpy alone."""

    def run(module):
        return seconds(
            lambda: subprocess.run([sys.executable, "-c", f"import {module}"], check=True)
        )

    ours, theirs = run("spinbath"), run("numpy")
    yield (
        "import spinbath (whole process)",
        f"{ours:.2f} s",
        "import numpy",
        f"{theirs:.2f} s",
        f"{theirs / ours:.2f}",
    )


def rows():
    """All rows: what, ours, the alternative, its figure, ratio."""
    for part in (against_log_gamma, growth, memory, grid, importing):
        yield from part()
