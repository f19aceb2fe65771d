"""Numbers for expressions, so that two derivations can be compared."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import sympy as sp

from .._arguments import Floats


def _drawn(symbol: sp.Symbol, draw: random.Random) -> Any:
    if symbol.is_integer:
        return sp.Integer(draw.randint(2, 9))
    if symbol.is_nonnegative:
        return sp.Rational(draw.randint(1, 9), 2)
    return sp.Rational(draw.choice((-1, 1)) * draw.randint(10, 190), 97)


def values(*expressions: Any, points: int = 8) -> Floats:
    """Values of expressions at the same random points, the same in every run.

    Two expressions are equal only if their values agree at every point: what a symbolic simplification
    claims can so be tested by a number.

    Parameters
    ----------
    *expressions : sympy expressions
        Expressions in any symbols. An integer symbol such as `n` is drawn from 2 ... 9, a non-negative one
        such as `s` or `J` from 1/2, 1, ... 9/2, and any other, such as an inverse temperature, from
        fractions between -2 and 2.
    points : int
        Number of points, at least 1.

    Returns
    -------
    ndarray
        One row for each expression, one column for each point, correct to double precision.

    Raises
    ------
    ValueError
        If `points` is not a positive integer or an expression has no real value at a point.

    Examples
    --------
    >>> from spinbath.symbolic import beta
    >>> left, right = values(sp.sinh(2 * beta), 2 * sp.sinh(beta) * sp.cosh(beta))
    >>> bool(np.allclose(left, right, rtol=1e-15))
    True
    """
    if isinstance(points, bool) or not isinstance(points, int) or points < 1:
        raise ValueError(f"Argument `points` must be a positive integer, but was {points!r}.")
    read = [sp.sympify(expression) for expression in expressions]
    symbols = sorted(set().union(*(f.free_symbols for f in read)), key=str)
    draw = random.Random(0)
    places = [{symbol: _drawn(symbol, draw) for symbol in symbols} for _ in range(points)]
    return np.array([[_value(f, place) for place in places] for f in read])


def _value(expression: Any, place: dict[Any, Any]) -> float:
    found = sp.N(expression.subs(place).doit(), 30, maxn=1000, strict=False)
    if not found.is_real:
        raise ValueError(
            f"Argument `expressions` must have real values, but {expression} was {found} at {place}."
        )
    return float(found)
