"""Total spins of `n` spins of size `s`: which occur, how often, and with what weight.

Implements the decomposition (6) of the tensor product into multiplets. With ``k = n s - J`` the
multiplicities have the generating function ``sum_k l_k x^k = (1 - x) (1 + x + ... + x^(2s))^n``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import _ensemble
from ._arguments import Floats, doubled_spin, real_array, spin_count

__all__ = ["multiplicities", "total_spins", "weights"]


def total_spins(n: Any, s: Any) -> Floats:
    """Total spins that `n` spins of size `s` can have, in ascending order.

    Parameters
    ----------
    n : int
        Number of spins, at least 1.
    s : int, float, Fraction or str
        Size of each spin, a non-negative half-integer.

    Returns
    -------
    ndarray
        ``J_0, J_0 + 1, ..., n s``.

    Raises
    ------
    ValueError
        If `n` is not a positive integer or `s` not a non-negative half-integer.

    Notes
    -----
    ``J_0`` is `s` for one spin, otherwise 1/2 where ``n s`` is half-integer and 0 where it is integer.
    Section III of the paper gives 0 for every ``s >= 1``, which is wrong for an odd number of
    half-integer spins such as three spins 3/2.

    Examples
    --------
    >>> total_spins(3, "3/2").tolist()
    [0.5, 1.5, 2.5, 3.5, 4.5]
    """
    n, d = spin_count(n), doubled_spin(s) + 1
    return (n * (d - 1) - 2 * np.arange(_ensemble.count(n, d))[::-1]) / 2


def multiplicities(n: Any, s: Any) -> list[int]:
    """How often each total spin occurs among `n` spins of size `s`, as exact integers.

    The multiplicity ``l_J`` of Eqs. (5) and (6), for any `n` and `s`; Eq. (21) is its value for
    ``s = 1/2``.

    Parameters
    ----------
    n : int
        Number of spins, at least 1.
    s : int, float, Fraction or str
        Size of each spin, a non-negative half-integer.

    Returns
    -------
    list of int
        ``l_J`` in the order of `total_spins`. ``sum (2 J + 1) l_J = (2 s + 1)^n``.

    Raises
    ------
    ValueError
        If `n` is not a positive integer or `s` not a non-negative half-integer.

    Notes
    -----
    Differentiating the generating function gives, with ``d = 2 s + 1`` and ``l_0 = 1``,
    ``k l_k = (n - 1) sum_{j=1}^{d-1} l_{k-j} - (2 n s + d + 1 - k) l_{k-d}``. The integers have
    up to ``n log10(2 s + 1)`` digits each: meant for thousands of spins, not millions.

    Examples
    --------
    >>> multiplicities(4, "1/2")
    [2, 3, 1]
    """
    n, d = spin_count(n), doubled_spin(s) + 1
    return _ensemble.multiplicities(n, d, _ensemble.count(n, d))[::-1]


def weights(beta_0: Any, *, n: Any, s: Any) -> Floats:
    """Probability of each total spin in the thermal state of `n` spins of size `s`.

    Implements ``l_J p_J(beta_0)`` with ``p_J = Z_J / Z`` of Eq. (15): the weights that collective dissipation
    conserves.

    Parameters
    ----------
    beta_0 : array_like
        Initial inverse temperature, any sign, may be infinite.
    n : int
        Number of spins, at least 1.
    s : int, float, Fraction or str
        Size of each spin, a non-negative half-integer.

    Returns
    -------
    ndarray
        Shape ``beta_0.shape + (number of total spins,)``, last axis in the order of
        `total_spins`. Even in `beta_0`; 1 at ``J = n s`` for ``beta_0 = +-inf``.

    Raises
    ------
    ValueError
        If `n` or `s` is invalid, or `beta_0` is not real or is NaN.

    Notes
    -----
    Each weight has a relative error below 1e-12 for up to 10^5 spins, in the tails too, as long as it
    is a normal double. Beyond, the error of a weight `x` standard deviations from the mean grows like
    ``1e-16 x sqrt(n)``; sums over the weights are not affected.

    Examples
    --------
    >>> weights(0.0, n=2, s="1/2").round(12).tolist()
    [0.25, 0.75]
    """
    n, d = spin_count(n), doubled_spin(s) + 1
    array = real_array(beta_0, "beta_0")
    k = np.arange(_ensemble.count(n, d))[::-1]
    result = np.empty((array.size, k.size))
    for magnitude, places in _ensemble.groups(array.ravel()):
        result[places] = np.exp(_ensemble.log_weights(k, magnitude, n, d))
    return result.reshape(array.shape + k.shape)
