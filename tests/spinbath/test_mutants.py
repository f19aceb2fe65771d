"""Inner parts whose small changes hardly show in a result: found by `make mutants`."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from numpy.testing import assert_allclose

from spinbath import _ladder, _saddle, otto


def test_taylor_coefficients_follow_their_recipe():
    """ln(sinh y / y) = sum_k c_k y^(2k), by series inversion at 60 digits."""
    with mpmath.workdps(60):
        sinh = [1 / mpmath.factorial(2 * k + 1) for k in range(len(_ladder._C) + 1)]
        c = [mpmath.mpf(0)]
        for k in range(1, len(sinh)):  # k sinh_k = sum_j j c_j sinh_(k-j)
            c.append(sinh[k] - mpmath.fsum(j * c[j] * sinh[k - j] for j in range(1, k)) / k)
    assert_allclose(_ladder._C, [float(x) for x in c[1:]], rtol=1e-15)


@pytest.mark.parametrize("length", [1, 2, 5, 16, 24, 28, 40, 56, 1000, 10**5])
def test_rule_for_a_block(length):
    """Distinct nodes in the block, symmetric, positive weights, exact for Chebyshev polynomials."""
    nodes, weights = _saddle.block_rule(length)
    assert nodes.dtype == np.int64
    assert nodes[0] >= 0
    assert np.all(np.diff(nodes) > 0)
    assert np.array_equal(nodes + nodes[::-1], np.full(len(nodes), length - 1))
    assert len(nodes) == length if length <= 24 else 18 <= len(nodes) <= 20
    assert np.all(weights > 0)
    angle = np.arccos(np.clip(2 * np.arange(length) / max(length - 1, 1) - 1, -1, 1))
    for degree in range(len(nodes)):
        f = np.cos(degree * angle)
        assert_allclose(weights @ f[nodes], f.sum(), rtol=0, atol=1e-13 * length)


def test_product_and_its_rounding_error_are_exact():
    """a b, as a sum of two doubles, against rational numbers."""
    random = np.random.default_rng(0)
    a = random.uniform(0, 1, 1000)
    b = random.normal(size=1000) * np.exp(random.uniform(-20, 7, 1000))
    product, error = otto._exact_product(a, b)
    for x, y, high, low in zip(a, b, product, error, strict=True):
        assert Fraction(x) * Fraction(y) == Fraction(high) + Fraction(low)
    assert np.all(np.abs(error) <= np.spacing(np.abs(product)) / 2)
