"""Power series in the inverse temperature of the bath, to any order, for any initial state."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from types import ModuleType
from typing import Any

import sympy as sp

from .. import collective, independent
from ._multiplet import multiplet_energy, multiplet_variance
from ._reading import inverse_temperature, natural_order, size, spins
from ._states import read

# In one spin s: coth(t / 2), the mean energy e_s = <j_z>, and <j_z^2> = s (s + 1) + e_s coth(t / 2).
_c, _e, _square = sp.symbols("c e_s q_s", real=True)


def moment(k: Any, beta_0: Any, *, n: Any, s: Any) -> Any:
    """Moment ``<(2 J + 1)^(2 k)>`` of the total spin in the initial thermal state.

    Derived from ``sum_J l_J Z_J(t) = Z_s(t)^n``. Since ``Z_J(t) = sinh((2 J + 1) t / 2) / sinh(t / 2)``, the function
    ``F(t) = sinh(t / 2) Z_s(t)^n`` is a sum of ``l_J sinh((2 J + 1) t / 2)``, and two derivatives of it multiply each
    term by ``(2 J + 1)^2 / 4``: the moment is ``4^k F^(2k) / F``. The logarithmic derivative of `F` is
    ``coth(t / 2) / 2 - n e_s``, and ``e_s = <j_z>`` obeys ``de_s / dt = e_s^2 - <j_z^2>`` with
    ``<j_z^2> = s (s + 1) + e_s coth(t / 2)``, so that every moment is a rational function of these two means
    of one spin. Where ``e_s`` vanishes, at ``t = 0`` or ``s = 0``, the ratio is taken from the power series of `F`.

    Parameters
    ----------
    k : int
        Half the power, not negative.
    beta_0 : number or sympy expression
        Inverse temperature of the initial thermal state.
    n : int or sympy expression
        Number of spins.
    s : int, float, Fraction, str or sympy expression
        Size of each spin.

    Returns
    -------
    sympy.Expr
        Moment; ``(2 n s + 1)^(2 k)`` for infinite `beta_0`.

    Raises
    ------
    ValueError
        If an argument is not what it must be; the message names it.

    Examples
    --------
    >>> from spinbath.symbolic import n
    >>> moment(1, 0, n=n, s="1/2")
    3*n + 1
    """
    k, n, s = natural_order(k, "k"), spins(n), size(s)
    start = inverse_temperature(beta_0, "beta_0")
    if start.is_infinite:  # every spin is in the same extreme level: J = n s
        return (2 * n * s + 1) ** (2 * k)
    if start.is_zero or s.is_zero:
        return _tidy(sp.factor(_moment_of_random_spins(k, n, s)))
    mean = multiplet_energy(start, J=s)
    square = multiplet_variance(start, J=s) + mean**2
    even = _derivative_ratio(2 * k, n, s).subs(_c, (_square - s * (s + 1)) / _e)
    return _tidy(sp.factor(4**k * even).subs({_e: mean, _square: square}))


def _moment_of_random_spins(k: int, n: Any, s: Any) -> Any:
    """Return ``4^k F^(2k+1)(0) / F'(0)``, the limit of ``4^k F^(2k) / F`` for ``t -> 0``.

    With ``ln(sinh y / y) = sum_j b_j y^(2j)`` and ``y = t / 2``, `F` is proportional to ``y exp(sum_j a_j y^(2j))``,
    ``a_j = b_j [1 + n ((2 s + 1)^(2j) - 1)]``; the exponential `h` of a series obeys ``h' = a' h``.
    """
    a, h = [sp.Integer(0)], [sp.Integer(1)]
    for j in range(1, k + 1):
        b = 2 ** (2 * j) * sp.bernoulli(2 * j) / (2 * j * sp.factorial(2 * j))
        a.append(b * (1 + n * ((2 * s + 1) ** (2 * j) - 1)))
        h.append(sp.expand(sum(i * a[i] * h[j - i] for i in range(1, j + 1)) / j))
    return sp.factorial(2 * k + 1) * h[k]


@lru_cache(maxsize=64)
def _derivative_ratio(order: int, n: Any, s: Any) -> Any:
    """Return ``F^(order) / F`` as a polynomial in ``coth(t / 2)`` and ``<j_z>``."""
    if order == 0:
        return sp.Integer(1)
    last = _derivative_ratio(order - 1, n, s)
    change = last.diff(_e) * (_e**2 - s * (s + 1) - _e * _c) + last.diff(_c) * (1 - _c**2) / 2
    return sp.expand(change + (_c / 2 - n * _e) * last)


def _coefficients(
    process: ModuleType, order: int, n: Any, s: Any, start: Any
) -> Iterator[tuple[int, Any]]:
    """Yield ``(p, a_p)``, p = 1, 3, ... up to `order`, of ``E(beta_B) = n s + sum_p a_p beta_B^p``."""
    together, n, s, _, start = read(process, n, s, 0, start)
    for k in range(1, (order + 1) // 2 + 1):
        power = moment(k, start, n=n, s=s) if together else (2 * s + 1) ** (2 * k)
        copies = 1 if together else n
        factor = copies * sp.bernoulli(2 * k) / sp.factorial(2 * k)
        yield 2 * k - 1, factor * _tidy(1 - power)


def _tidy(expression: Any) -> Any:
    """Factor polynomials, leave the rest as it is."""
    return sp.factor(expression) if not expression.atoms(sp.Function) else expression


def energy_series(
    process: ModuleType, beta_B: Any, order: Any, *, n: Any, s: Any, beta_0: Any = sp.oo
) -> Any:
    """Steady-state energy as a power series in the inverse temperature of the bath.

    Implements Eqs. (27) and (28) to any order and, for collective dissipation, any `beta_0`: the series of
    ``coth`` in Eq. (19), averaged with `moment`.

    Parameters
    ----------
    process : module
        `spinbath.collective` or `spinbath.independent`.
    beta_B : number or sympy expression
        Inverse temperature of the bath.
    order : int
        Highest power of `beta_B`, not negative.
    n : int or sympy expression
        Number of spins.
    s : int, float, Fraction, str or sympy expression
        Size of each spin.
    beta_0 : number or sympy expression
        Inverse temperature of the initial thermal state.

    Returns
    -------
    sympy.Expr
        Polynomial in `beta_B`. The series converges for ``(2 n s + 1) |beta_B| < 2 pi``.

    Raises
    ------
    ValueError
        If an argument is not what it must be; the message names it.

    Notes
    -----
    Even powers are absent after the constant: the remainder is of order ``beta_B^3`` where Eqs. (27) and (28)
    say ``beta_B^2``, and the small parameter is ``(2 n s + 1) beta_B``.

    Examples
    --------
    >>> from spinbath import independent
    >>> from spinbath.symbolic import beta_B, n, s
    >>> energy_series(independent, beta_B, 1, n=n, s=s)
    -beta_B*n*s*(s + 1)/3 + n*s
    """
    order, x = natural_order(order), inverse_temperature(beta_B, "beta_B")
    terms = [a * x**p for p, a in _coefficients(process, order, n, s, beta_0)]
    return sp.Add(spins(n) * size(s), *terms)


def entropy_series(
    process: ModuleType, beta_B: Any, order: Any, *, n: Any, s: Any, beta_0: Any = sp.oo
) -> Any:
    """Entropy gained over the infinitely hot bath, as a power series in the inverse temperature.

    Implements Eqs. (42) and (43), without their first term, to any order and, for collective dissipation,
    any `beta_0`, by ``dS = beta_B dE`` at constant weights.

    Parameters
    ----------
    process, beta_B, order, n, s, beta_0
        As in `energy_series`.

    Returns
    -------
    sympy.Expr
        ``S(beta_B) - S(0)`` as a polynomial in `beta_B`; ``S(0)`` is `entropy` at ``beta_B = 0``.

    Raises
    ------
    ValueError
        If an argument is not what it must be; the message names it.

    Notes
    -----
    Odd powers are absent: the remainder is of order ``beta_B^4`` where Eqs. (42) and (43) say ``beta_B^3``.

    Examples
    --------
    >>> from spinbath import collective
    >>> from spinbath.symbolic import beta_B, n, s
    >>> entropy_series(collective, beta_B, 2, n=n, s=s)
    -beta_B**2*n*s*(n*s + 1)/6
    """
    order, x = natural_order(order), inverse_temperature(beta_B, "beta_B")
    found = _coefficients(process, max(order - 1, 0), n, s, beta_0)
    return sp.Add(*(sp.Rational(p, p + 1) * a * x ** (p + 1) for p, a in found))


def work_ratio_series(cold: Any, order: Any, *, n: Any, s: Any, beta_0: Any = sp.oo) -> Any:
    """Ratio of collective to independent work for an infinitely hot bath, as a power series.

    Implements Eq. (52) to any order and for any `beta_0`: the quotient of the two series of
    ``E(0) - E(lambda beta_c)``.

    Parameters
    ----------
    cold : number or sympy expression
        The product ``lambda beta_c``; the hot bath has ``beta_h = 0``.
    order : int
        Highest power of `cold`, not negative.
    n, s, beta_0
        As in `energy_series`.

    Returns
    -------
    sympy.Expr
        Polynomial in `cold`, with even powers only; its constant is the limit (52).

    Raises
    ------
    ValueError
        If an argument is not what it must be; the message names it.

    Examples
    --------
    >>> from spinbath.symbolic import n, s
    >>> work_ratio_series(0, 0, n=n, s=s)
    (n*s + 1)/(s + 1)
    """
    order, x = natural_order(order), inverse_temperature(cold, "cold")
    top, bottom = (
        [a for _, a in _coefficients(process, order + 1, n, s, beta_0)]
        for process in (collective, independent)
    )
    quotient: list[Any] = []
    for j, a in enumerate(top):
        rest = a - sum(q * bottom[j - i] for i, q in enumerate(quotient))
        quotient.append(_tidy(rest / bottom[0]))
    return sp.Add(*(q * x ** (2 * j) for j, q in enumerate(quotient)))
