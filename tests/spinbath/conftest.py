"""What the tests of the physics share: strict floating point, stored values, brute force."""

import json
import math
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import mpmath
import numpy as np
import pytest


@pytest.fixture(autouse=True)
def _strict_floating_point():
    """An overflow, a division by zero or a NaN out of the blue fails the test."""
    with np.errstate(all="raise", under="ignore"):
        yield


@pytest.fixture(scope="session")
def stored():
    """Return the stored values of one quantity as (arguments, value)."""
    path = Path(__file__).with_name("reference_values.json")
    values = json.loads(path.read_text(encoding="utf-8"))["values"]

    def stored(quantity, number=lambda text: float(Fraction(text))):
        found = [v for v in values if v["quantity"] == quantity]
        assert found
        return [(_arguments(v, number), _value(v["value"])) for v in found]

    return stored


def _value(text):
    with mpmath.workdps(40):
        return int(text) if text.isdigit() else mpmath.mpf(text)


def _arguments(record, number):
    ensemble = {k: record[k] for k in ("n", "s", "J") if k in record}
    rest = {k: v for k, v in record.items() if k not in ("quantity", "value", *ensemble)}
    return ensemble | {k: float(v) if "inf" in v else number(v) for k, v in rest.items()}


class ProductSpace:
    """All (2s+1)^n product states, and the collective operators as matrices between them."""

    def __init__(self, n, two_s):
        self.n, self.d = n, two_s + 1
        m = np.arange(self.d) - two_s / 2
        j = two_s / 2
        raising = np.diag(np.sqrt(j * (j + 1) - m[:-1] * (m[:-1] + 1)), -1)
        self.local_plus = [self._embed(raising, k) for k in range(n)]
        self.plus = sum(self.local_plus)
        self.z = sum(self._embed(np.diag(m), k) for k in range(n))
        self.ns = n * j
        self.projectors = self._projectors()

    def _embed(self, operator, place):
        left, right = np.eye(self.d**place), np.eye(self.d ** (self.n - place - 1))
        return np.kron(np.kron(left, operator), right)

    def _projectors(self):
        """Projectors on the eigenspaces of the total spin squared, by total spin."""
        squared = self.plus @ self.plus.T + self.z @ self.z - self.z
        values, vectors = np.linalg.eigh(squared)
        two_j = np.rint(np.sqrt(4 * values.clip(0) + 1) - 1).astype(int)
        return {
            int(J) / 2: vectors[:, two_j == J] @ vectors[:, two_j == J].T for J in np.unique(two_j)
        }

    def thermal(self, beta):
        """Return Eq. (10)."""
        boltzmann = np.exp(-beta * np.diag(self.z))
        return np.diag(boltzmann / boltzmann.sum())

    def weights(self, beta_0):
        """Weight of each total spin in the thermal state, ascending."""
        return [np.trace(P @ self.thermal(beta_0)) for P in self.projectors.values()]

    def collective(self, beta_B, beta_0):
        """Return Eq. (16): every eigenspace thermalised, its weight kept."""
        state = 0
        for P, weight in zip(self.projectors.values(), self.weights(beta_0), strict=True):
            block = P @ self.thermal(beta_B) @ P
            state = state + weight * block / np.trace(block)
        return state

    def steady(self, process, beta_B, beta_0):
        collective = process.__name__ == "spinbath.collective"
        return self.collective(beta_B, beta_0) if collective else self.thermal(beta_B)

    def energy(self, rho):
        """Return Eq. (17)."""
        return np.trace(self.z @ rho) + self.ns

    def entropy(self, rho):
        eigenvalues = np.linalg.eigvalsh(rho)
        occupied = eigenvalues[eigenvalues > 1e-300]
        return -np.sum(occupied * np.log(occupied))

    def entropy_production(self, process, beta_B, beta_0):
        before, after = self.thermal(beta_0), self.steady(process, beta_B, beta_0)
        gain = self.entropy(after) - self.entropy(before)
        return gain - beta_B * (self.energy(after) - self.energy(before))

    def reduced(self, rho):
        """State of the first spin."""
        rest = self.d ** (self.n - 1)
        return np.einsum("ikjk->ij", rho.reshape(self.d, rest, self.d, rest))

    def coherence(self, rho):
        """Sum over k != l of <j_k+ j_l->."""
        own = sum(plus @ plus.T for plus in self.local_plus)
        return np.trace((self.plus @ self.plus.T - own) @ rho)

    def inverse_apparent_temperature(self, rho):
        """Return Eq. (H2)."""
        absorbed, emitted = self.plus.T @ self.plus, self.plus @ self.plus.T
        return math.log(np.trace(absorbed @ rho) / np.trace(emitted @ rho))


@pytest.fixture(scope="session")
def product_space():
    """Return the (cached) product space of n spins of size s."""

    @lru_cache
    def product_space(n, s):
        return ProductSpace(n, int(2 * Fraction(s)))

    return product_space
