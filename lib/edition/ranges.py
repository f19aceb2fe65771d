"""What a parameter's comment says: its meaning, its unit, and the range of its values.

The comment reads ``meaning, unit, range``. The range is one rule or several, with
commas between them, and all must hold; a rule about values holds for every item of
a list. These are the rules::

    any sign                  every finite number
    >= 2    > 0    < beta_c   a bound: a number, or an expression of other parameters
    1 .. 8                    both ends included
    in (0, 1]                 an interval, a round bracket where the end is left out
    half-integer >= 1/2       also before .. and in, or alone
    not 0    even
    may be infinite           without it every number must be finite
    "cold" or "hot"           one of these texts
    true or false             for a truth value
    any text
    2 items    at least 2 items    at most 4 items       of a list (else at least 1)
    ascending    distinct    as many as s_values         of a list
    with (2*s + 1)**n <= 27   a condition on several parameters

The unit is written as in ``1/ħω``, ``ħω``, ``1/γ``, ``k_B``, and 1 for a pure number. Whole
numbers, half-integers, texts and truth values have none, and none is written.
"""

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

# A value, the values of all parameters, and whether the rule holds.
Holds = Callable[[Any, Mapping[str, Any]], bool]

UNIT = re.compile(r"(1|ħ|ω|γ|k_B|[/·²])+")
BOUND = re.compile(r"(>=|>|<=|<)\s*(.+)")
CLOSED = re.compile(r"(.+?)\s*\.\.\s*(.+)")
INTERVAL = re.compile(r"in\s*([\[(])([^,]+),([^,]+)([\])])")
CHOICE = re.compile(r'"[^"]*"( or "[^"]*")*')
ITEMS = re.compile(r"(at least |at most |)(\d+) items?")
SAME = re.compile(r"as many as ([A-Za-z_]\w*)")
HALF = "half-integer"
INFINITE = "may be infinite"

COMPARE: dict[Any, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
}
NODES: dict[type, str] = {ast.GtE: ">=", ast.Gt: ">", ast.LtE: "<=", ast.Lt: "<"}
ARITHMETIC: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
FUNCTIONS: dict[str, Callable[..., Any]] = {"abs": abs, "max": max, "min": min}
# Powers beyond 2 to this are called infinite, before they fill the memory.
LARGEST_POWER = 4096


class Rule(NamedTuple):
    """One rule: how it is written, when it holds, and whether it is one for a whole list."""

    text: str
    holds: Holds
    whole: bool = False


class Description(NamedTuple):
    """What a comment says; `unit` and `rules` are empty where it does not say them."""

    meaning: str
    unit: str
    rules: tuple[Rule, ...]

    @property
    def range(self) -> str:
        """The rules as they are written."""
        return ", ".join(rule.text for rule in self.rules)


@cache
def describe(comment: str) -> Description:
    """Take a parameter's comment apart.

    Parameters
    ----------
    comment : str
        ``meaning, unit, range``.

    Returns
    -------
    Description
        The range is as much of the comment's end as reads as rules, the unit what
        stands before it if it reads as one, the meaning all the rest.
    """
    parts = _parts(comment)
    rules: list[Rule] = []
    while parts and (rule := read_rule(parts[-1])):
        rules.insert(0, rule)
        parts.pop()
    unit = parts.pop() if rules and parts and UNIT.fullmatch(parts[-1]) else ""
    return Description(", ".join(parts), unit, tuple(rules))


def _parts(comment: str) -> list[str]:
    """Split at the commas outside brackets."""
    parts, depth = [""], 0
    for sign in comment:
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and depth <= 0:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts if part.strip()]


def read_rule(text: str) -> Rule | None:
    """Return the rule that a text writes, or None if it writes none."""
    try:
        return next((Rule(text, *found) for reader in READERS if (found := reader(text))), None)
    except (SyntaxError, ValueError):
        return None


def broken(rules: tuple[Rule, ...], name: str, values: Mapping[str, Any]) -> str:
    """Say which rule the value of a parameter breaks.

    Parameters
    ----------
    rules : tuple of Rule
        Its range.
    name : str
    values : mapping of str to object
        The values of all parameters, of their right types.

    Returns
    -------
    str
        ``must …, but …``, or nothing if all hold or there are none.
    """
    if not rules:
        return ""
    value = values[name]
    several = isinstance(value, list)
    if several and not value:
        return "must have at least 1 item, but was []"
    if not any(rule.text == INFINITE for rule in rules):
        rules = (Rule("finite", lambda item, _: not _infinite(item)), *rules)
    for rule in rules:
        for item in value if several and not rule.whole else [value]:
            if not _holds(rule, item, {**values, name: item}):
                return _complaint(rule.text, item, whole=item is value)
    return ""


def _holds(rule, item, scope):
    """Tell whether a rule holds; where it asks for what is no number, it does not."""
    try:
        return rule.holds(item, scope)
    except (ArithmeticError, ValueError):
        return False


def _complaint(rule, item, *, whole):
    """Return what is told about a broken rule."""
    if rule.startswith("with "):
        demand = f"must respect {rule.removeprefix('with ')}"
    elif ITEMS.fullmatch(rule):
        demand = f"must have {rule}"
    else:
        demand = f"must be {rule}"
    return f"{demand}, but {'was' if whole else 'one item was'} {shown(item)}"


def shown(value: Any) -> str:
    """Return a value as a person writes it."""
    if isinstance(value, list):
        return f"[{', '.join(map(shown, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _infinite(item):
    return isinstance(item, float) and math.isinf(item)


def exact(value: Any) -> Any:
    """Return a number as the fraction that it is written as, "3/2" too; infinity as it is.

    Raises
    ------
    ValueError
        If a text is no number.
    """
    if isinstance(value, list):
        return [exact(item) for item in value]
    if _infinite(value):
        return value
    # 0.3 means three tenths, not the double nearest to them.
    return Fraction(repr(value) if isinstance(value, float) else value)


def _plain(text: str) -> tuple[Holds, bool] | None:
    """Read the rules that are always the same."""
    return PLAIN.get(text)


def _not_zero(value, _):
    return value != 0


def _truth(value, _):
    return isinstance(value, bool)


def _text(value, _):
    return isinstance(value, str)


def _anything(value, _):
    return not isinstance(value, (bool, str))


def _even(value, _):
    return exact(value) % 2 == 0


def _ascending(value, _):
    items = exact(value)
    return all(first < second for first, second in pairwise(items))


def _distinct(value, _):
    return len(set(value)) == len(value)


def _half_integer(value, _):
    number = exact(value)
    return isinstance(number, Fraction) and (2 * number).denominator == 1


PLAIN: dict[str, tuple[Holds, bool]] = {
    "any sign": (_anything, False),
    "any text": (_text, False),
    "true or false": (_truth, False),
    "not 0": (_not_zero, False),
    "even": (_even, False),
    INFINITE: (_anything, False),
    "ascending": (_ascending, True),
    "distinct": (_distinct, True),
}


def _numeric(text: str) -> tuple[Holds, bool] | None:
    """Read a bound or an interval, of half-integers or of any numbers."""
    found = text.removeprefix(HALF).strip()
    half = found != text
    limits = _limits(found) if found else []
    if limits is None or not (half or limits):
        return None

    def holds(value, scope):
        if half and not _half_integer(value, scope):
            return False
        number = exact(value)
        return all(COMPARE[sign](number, limit(scope)) for sign, limit in limits)

    return holds, False


def _limits(text: str) -> list[tuple[str, Callable[[Mapping[str, Any]], Any]]] | None:
    """Return the comparisons that a bound or an interval makes, or None if it is neither."""
    if match := BOUND.fullmatch(text):
        return [(match[1], expression(match[2]))]
    if match := INTERVAL.fullmatch(text):
        low, high = ">" if match[1] == "(" else ">=", "<" if match[4] == ")" else "<="
        return [(low, expression(match[2])), (high, expression(match[3]))]
    if match := CLOSED.fullmatch(text):
        return [(">=", expression(match[1])), ("<=", expression(match[2]))]
    return None


def _choice(text: str) -> tuple[Holds, bool] | None:
    """Read the texts to choose from."""
    choices = re.findall(r'"([^"]*)"', text) if CHOICE.fullmatch(text) else []
    return (lambda value, _: value in choices, False) if choices else None


def _items(text: str) -> tuple[Holds, bool] | None:
    """Read how long a list may be."""
    match, other = ITEMS.fullmatch(text), SAME.fullmatch(text)
    if other:
        return (lambda value, scope: len(value) == len(scope[other[1]]), True)
    if not match:
        return None
    compare = {"at least ": operator.ge, "at most ": operator.le, "": operator.eq}[match[1]]
    return (lambda value, _: compare(len(value), int(match[2])), True)


def _condition(text: str) -> tuple[Holds, bool] | None:
    """Read a condition on several parameters."""
    if not text.startswith("with "):
        return None
    tree = ast.parse(text.removeprefix("with ").strip(), mode="eval").body
    if not isinstance(tree, ast.Compare) or not {type(sign) for sign in tree.ops} <= set(NODES):
        return None
    sides = [_evaluator(node) for node in (tree.left, *tree.comparators)]
    signs = [COMPARE[NODES[type(sign)]] for sign in tree.ops]

    def holds(_, scope):
        numbers = [side(scope) for side in sides]
        pairs = zip(signs, numbers, numbers[1:], strict=False)
        return all(compare(left, right) for compare, left, right in pairs)

    return holds, False


READERS = (_plain, _numeric, _choice, _items, _condition)


def expression(text: str) -> Callable[[Mapping[str, Any]], Any]:
    """Return the function of the parameters that an expression writes.

    Parameters
    ----------
    text : str
        Numbers, names of parameters, + - * / **, abs, max and min.

    Returns
    -------
    callable
        Of the values of the parameters; its numbers are exact.

    Raises
    ------
    ValueError, SyntaxError
        If the text is anything else.
    """
    return _evaluator(ast.parse(text.strip(), mode="eval").body)


def _evaluator(node):
    """Return the function of the scope that a part of an expression stands for."""
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        number = exact(node.value)
        return lambda scope: number
    if isinstance(node, ast.Name):
        return lambda scope: exact(scope[node.id])
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _evaluator(node.operand)
        return lambda scope: -inner(scope)
    if isinstance(node, ast.BinOp):
        apply = ARITHMETIC.get(type(node.op)) or (_power if isinstance(node.op, ast.Pow) else None)
        if apply:
            left, right = _evaluator(node.left), _evaluator(node.right)
            return lambda scope: apply(left(scope), right(scope))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
        call, inner = FUNCTIONS[node.func.id], [_evaluator(part) for part in node.args]
        return lambda scope: call(*(part(scope) for part in inner))
    raise ValueError(f"`{ast.unparse(node)}` is no expression of numbers and parameters")


def _power(base, exponent):
    """Return a power, infinite where it is out of all proportion."""
    if base > 1 and exponent * math.log2(base) > LARGEST_POWER:
        return math.inf
    return base**exponent
