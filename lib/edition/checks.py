"""`check`: state a claim, compare two routes to it, record the outcome, fail aloud.

The comparison is exact: whole numbers of any size, fractions and numbers of many
digits are compared as fractions, so that the comparison itself never rounds.
What would make a check that cannot fail is refused.
"""

import math
import operator
import sys
from fractions import Fraction
from numbers import Rational
from typing import NamedTuple

import numpy as np

MIME = "application/vnd.edition.check+json"

RELATIONS = {
    "==": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

# A strict inequality between rounded numbers must exceed what rounding could make.
ROUNDING = 1e-12


class CheckFailed(AssertionError):  # noqa: N818, the name says it
    """A claim of the book does not hold."""


class Outcome(NamedTuple):
    """The worst place of a comparison: how far off, how far allowed, whether that holds."""

    residual: float
    tolerance: float
    passed: bool


def check(equation, claim, left, right, rtol=None, *, atol=0.0, relation="==", routes=None):
    r"""State a claim and compare two different routes to it.

    Prints one line, records the outcome with the output, and raises when the
    claim fails. With x, y the two values at one place, M = max(\|x\|, \|y\|) and
    t = atol + rtol·M,

    - ``==`` holds when \|x − y\| ≤ t; the residual is \|x − y\|/M, or
      \|x − y\| when `atol` is given;
    - ``<`` holds when y − x > t, ``<=`` when y − x ≥ −t, and ``>``, ``>=``
      with the sides exchanged; the residual is (x − y)/M, negative where the
      relation holds, or x − y when `atol` is given.

    It must hold at every place, and the residual of the worst one is told.

    Parameters
    ----------
    equation : str
        The paper's number, "18" or "A3", or a place without number, "Fig. 4".
    claim : str
        One sentence of physics.
    left, right : number or array_like
        The two sides, which broadcast: integers of any size, floats, fractions,
        mpmath numbers; for "==" complex numbers too.
    rtol : float, optional
        Relative tolerance, 0 ≤ rtol < 0.5. For "==" give it, or `atol`. Else it
        defaults to 1e-12 for strict relations of rounded numbers, and to 0.
    atol : float, default: 0.0
        Absolute tolerance, less than half of the largest `right`; for claims that
        something vanishes, right = 0, less than 0.5.
    relation : {"==", "<", "<=", ">", ">="}
        How left stands to right.
    routes : (str, str)
        The two routes in words, for instance ("closed form", "sum over m").

    Raises
    ------
    CheckFailed
        If the claim does not hold somewhere, or a value is NaN.
    ValueError
        If an argument is not as described, or the check could not fail: one
        object on both sides, nothing to compare, a tolerance that passes all.
    """
    record = {
        "equation": _place(equation),
        "claim": _text("claim", claim),
        "relation": relation,
        "routes": _routes(routes),
    }
    pairs = _pairs(left, right, relation)
    rtol = _rtol(rtol, atol, relation, pairs)
    _require_atol(atol, pairs)
    outcome = compare(pairs, rtol, atol, relation)
    record |= _plain(outcome)
    line = _line(record)
    _publish(line, record)
    if not outcome.passed:
        raise CheckFailed(line)


def not_applicable(equation, claim, because):
    """State a claim that the parameters of this run put out of reach.

    Prints one line and records it, so that a claim which holds only in a limit is
    never dropped in silence.

    Parameters
    ----------
    equation, claim : str
        As in `check`.
    because : str
        What the claim needs and the parameters do not give.

    Raises
    ------
    ValueError
        If an argument is not as described.
    """
    record = {
        "equation": _place(equation),
        "claim": _text("claim", claim),
        "because": _text("because", because),
        "passed": None,
    }
    claim, because = (record[key].rstrip(".") for key in ("claim", "because"))
    line = f"– {_shown(record['equation'])} {claim}: not applicable here, {because}"
    _publish(line, record)


def compare(pairs, rtol, atol, relation):
    """Return the outcome at the worst of all places.

    Parameters
    ----------
    pairs : list of (number, number)
        Left and right at every place.
    rtol, atol : float
        The tolerances as in `check`.
    relation : str
        One of `RELATIONS`.

    Returns
    -------
    Outcome
        NaN on either side is worst of all.
    """
    outcomes = [_compare_one(x, y, rtol, atol, relation) for x, y in pairs]
    return max(outcomes, key=_badness)


def _badness(outcome):
    residual, tolerance, passed = outcome
    excess = math.inf if math.isnan(residual) else residual - tolerance
    return (not passed, excess, residual)


def _compare_one(x, y, rtol, atol, relation):
    """Compare two numbers."""
    if x != x or y != y:
        return Outcome(math.nan, atol or rtol, False)
    if relation in (">", ">="):
        x, y = y, x
    if _infinite(x) or _infinite(y):
        return _compare_infinite(x, y, rtol, atol, relation)
    x, y = _commensurable(x, y)
    difference = abs(x - y) if relation == "==" else x - y
    scale = max(abs(x), abs(y))
    kind = type(scale)
    allowed = kind(atol) + kind(rtol) * scale
    if relation in ("<", ">"):
        passed = -difference > allowed
        allowed = -allowed
    else:
        passed = difference <= allowed
    # Without an absolute tolerance all is told in units of the larger side.
    unit = scale if scale and not atol else 1
    return Outcome(_float(difference / unit), _float(allowed / unit), bool(passed))


def _compare_infinite(x, y, rtol, atol, relation):
    """Compare where an infinity is on either side: tolerances mean nothing there."""
    if x == y:
        return Outcome(0.0, atol or rtol, relation not in ("<", ">"))
    passed = bool(relation != "==" and x < y)
    return Outcome(-math.inf if passed else math.inf, atol or rtol, passed)


def _infinite(x):
    return not isinstance(x, Rational) and abs(x) == math.inf


def _commensurable(x, y):
    """Return both as floats, both as complex, or else both as exact fractions."""
    for kind in (float, complex):
        if isinstance(x, kind) and isinstance(y, kind):
            return x, y
    if isinstance(x, complex) or isinstance(y, complex):
        return complex(x), complex(y)
    return _fraction(x), _fraction(y)


def _fraction(x):
    """Return a finite real number as the fraction that it is."""
    if hasattr(x, "man_exp"):  # mpmath: mantissa times a power of two
        mantissa, exponent = x.man_exp  # without the sign
        sign = -1 if x < 0 else 1
        return sign * abs(int(mantissa)) * Fraction(2) ** int(exponent)
    if isinstance(x, Rational):
        return Fraction(int(x.numerator), int(x.denominator))
    return Fraction(*x.as_integer_ratio())


def _float(x):
    """Return a number as float, infinite where it is too large for one."""
    try:
        return float(x)
    except OverflowError:
        return math.copysign(math.inf, x)


def _pairs(left, right, relation):
    """Return the two sides place by place, or refuse what cannot be compared."""
    if relation not in RELATIONS:
        raise ValueError(
            f"Argument `relation` must be one of {', '.join(RELATIONS)}, but was {relation!r}"
        )
    if _same(left, right):
        raise ValueError(
            "Arguments `left` and `right` must come by two different routes, "
            "but are the same object"
        )
    left, right = _numbers("left", left, relation), _numbers("right", right, relation)
    try:
        pairs = list(np.broadcast(left, right))
    except ValueError:
        raise ValueError(
            "Arguments `left` and `right` must broadcast, "
            f"but had shapes {left.shape} and {right.shape}"
        ) from None
    if not pairs:
        raise ValueError(
            "Arguments `left` and `right` must hold numbers to compare, "
            f"but had shapes {left.shape} and {right.shape}"
        )
    return pairs


def _same(left, right):
    """Tell whether both sides are one object, or views of the same numbers."""
    if isinstance(left, np.ndarray) and isinstance(right, np.ndarray):
        return left.__array_interface__ == right.__array_interface__
    # Python keeps one object for each small integer, however it was computed.
    return left is right and not isinstance(left, int)


def _numbers(argument, values, relation):
    """Return the values as an array of Python's own or mpmath's numbers."""
    # Objects keep integers exact that numpy would round or overflow.
    array = np.array(values, dtype=object)
    array = np.vectorize(_number, otypes=[object])(array) if array.size else array
    wrong = [x for x in array.flat if not _comparable(x, relation)]
    if wrong:
        kind = "numbers" if relation == "==" else "real numbers"
        raise ValueError(f"Argument `{argument}` must be {kind}, but held {wrong[0]!r}")
    return array


def _number(x):
    """Return numpy's scalars, and its arrays without axes, as Python's own."""
    return x.item() if isinstance(x, (np.generic, np.ndarray)) and not x.ndim else x


def _comparable(x, relation):
    """Tell whether something is a number fit for the relation."""
    if isinstance(x, (bool, np.ndarray)):
        return False
    if hasattr(x, "man_exp"):
        return True
    real = hasattr(x, "as_integer_ratio") or isinstance(x, Rational)
    return real or (relation == "==" and isinstance(x, complex))


def _rtol(rtol, atol, relation, pairs):
    """Return the relative tolerance, its default chosen, or refuse it."""
    if rtol is None:
        if relation == "==" and not atol:
            raise ValueError('Argument `rtol` must be given for the relation "==", but was None')
        rounded = any(not isinstance(x, Rational) for pair in pairs for x in pair)
        strict = relation in ("<", ">")
        return ROUNDING if strict and rounded else 0.0
    if not _is_real(rtol) or not 0 <= rtol < 0.5:
        raise ValueError(f"Argument `rtol` must be a number from 0 to below 0.5, but was {rtol!r}")
    return float(rtol)


def _require_atol(atol, pairs):
    """Refuse an absolute tolerance that zero would pass in place of the right side."""
    sizes = [_float(abs(y)) for _, y in pairs] if atol else []
    largest = max(filter(math.isfinite, sizes), default=0) or 1
    if not _is_real(atol) or not 0 <= atol < largest / 2:
        raise ValueError(
            "Argument `atol` must be non-negative and below half of the largest right "
            f"side, or 0.5 where that is 0, but was {atol!r}"
        )


def _is_real(x):
    return isinstance(x, (int, float)) and not isinstance(x, bool)


def _text(argument, value):
    """Return a text on one line, or refuse what is not one."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"Argument `{argument}` must be text, but was {value!r}")
    return " ".join(value.split())


def _place(equation):
    """Return the place of a claim in the paper, without parentheses."""
    place = _text("equation", equation)
    if place.startswith("("):
        raise ValueError(
            f'Argument `equation` must be as in "18", without parentheses, but was {equation!r}'
        )
    return place


def _shown(place):
    """Return a place as the reader sees it: an equation's number in parentheses."""
    return place if " " in place or place.isalpha() else f"({place})"


def _routes(routes):
    """Return the two routes, or refuse what does not tell them apart."""
    if not isinstance(routes, (tuple, list)) or len(routes) != 2:
        raise ValueError(f"Argument `routes` must name the two routes in words, but was {routes!r}")
    first, second = (_text("routes", route) for route in routes)
    if first == second:
        raise ValueError(f"Argument `routes` must name two different routes, but was {routes!r}")
    return [first, second]


def _plain(outcome):
    """Return the outcome for JSON, which knows neither NaN nor infinity."""
    numbers = {"residual": outcome.residual, "tolerance": outcome.tolerance}
    texts = {name: value if math.isfinite(value) else str(value) for name, value in numbers.items()}
    return texts | {"passed": outcome.passed}


def _line(record):
    """Return the one line that the reader sees."""
    place = _shown(record["equation"])
    residual, tolerance = (float(record[key]) for key in ("residual", "tolerance"))
    if record["relation"] == "==":
        measure = f"residual {residual:.2g}, tolerance {tolerance:.2g}"
    else:  # adding 0 turns -0 into 0
        measure = f"margin {0 - residual:.2g}, needed {0 - tolerance:.2g}"
    mark = "✓" if record["passed"] else "✗"
    return f"{mark} {place} {record['claim'].rstrip('.')}: {measure}"


def _publish(line, record):
    """Show the line, and in a notebook keep the record in the same output."""
    ipython = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        print(line)
        return
    from IPython.display import publish_display_data

    publish_display_data({"text/plain": line, MIME: record})
