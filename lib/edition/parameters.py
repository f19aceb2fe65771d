"""The parameters of a notebook, read from its parameters cell without running it.

Each line of the cell reads ``name: type = literal  # meaning, unit, range``; what may
stand behind the sign is told in `edition.ranges`.
"""

import ast
import math
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple

from edition.project import BuildError, UsageError
from edition.ranges import Description, broken, describe, shown
from edition.source import Notebook, tagged, text

SCALARS: dict[str, tuple[type, ...]] = {
    "int": (int,),
    "float": (int, float),
    "str": (str,),
    "bool": (bool,),
}
TYPES = (*SCALARS, "list[int]", "list[float]", "list[str]")


class Parameter(NamedTuple):
    """One parameter: what it is called, its type, its default and what it means."""

    name: str
    type: str
    default: Any
    comment: str

    @property
    def description(self) -> Description:
        """Meaning, unit and range, as far as the comment tells them."""
        return describe(self.comment)


def read(notebook: Notebook) -> list[Parameter]:
    """Return the parameters of a notebook, in order.

    Parameters
    ----------
    notebook : dict

    Returns
    -------
    list of Parameter
        Empty if there is no parameters cell.

    Raises
    ------
    BuildError
        If there are two such cells, or a line is not as it should be.
    """
    cells = tagged(notebook, "parameters")
    if len(cells) > 1:
        raise BuildError("Two cells are tagged as parameters.")
    return parse(text(cells[0])) if cells else []


def parse(source: str) -> list[Parameter]:
    """Return the parameters that a cell's source declares.

    Parameters
    ----------
    source : str

    Returns
    -------
    list of Parameter

    Raises
    ------
    BuildError
        If a line is not ``name: type = literal  # comment``, or a name comes twice.
    """
    try:
        statements = ast.parse(source).body
    except SyntaxError as error:
        raise BuildError(f"The parameters cell is not Python: {error}") from None
    lines = source.splitlines()
    found = [_parameter(statement, lines) for statement in statements]
    names = [parameter.name for parameter in found]
    if len(set(names)) < len(names):
        raise BuildError(f"A parameter is declared twice among {', '.join(names)}.")
    return found


def _parameter(statement: Any, lines: list[str]) -> Parameter:
    """Return the parameter that one statement declares."""
    line = lines[statement.lineno - 1]
    if (
        not isinstance(statement, ast.AnnAssign)
        or not isinstance(statement.target, ast.Name)
        or statement.value is None
        or statement.end_lineno != statement.lineno
    ):
        raise _malformed(line)
    kind = ast.unparse(statement.annotation)
    try:
        default = _literal(statement.value)
    except ValueError:
        raise _malformed(line) from None
    if kind not in TYPES or not fits(default, kind):
        raise _malformed(line)
    comment = _comment(statement.value, lines)
    return Parameter(statement.target.id, kind, default, comment)


def _comment(value: Any, lines: list[str]) -> str:
    """Return the comment behind a value, without its sign."""
    # Positions count bytes.
    tail = lines[value.end_lineno - 1].encode()[value.end_col_offset :]
    mark, _, comment = tail.decode().strip().partition("#")
    return "" if mark else comment.strip()


def _malformed(line):
    return BuildError(
        "A parameter must read `name: type = literal  # meaning, unit, range` on one line, with a "
        f"type of {', '.join(TYPES)}, but was `{line.strip()}`."
    )


def _literal(node):
    """Return the value of a literal; infinity, which has none, is float("inf")."""
    infinities = {f"float('{sign}inf')": float(f"{sign}inf") for sign in ("", "-", "+")}
    written = ast.unparse(node)
    if written in infinities:
        return infinities[written]
    return ast.literal_eval(node)


def fits(value: Any, kind: str) -> bool:
    """Tell whether a value has a parameter's type.

    Parameters
    ----------
    value : object
    kind : str
        One of `TYPES`.

    Returns
    -------
    bool
        An integer also fits where a float is asked for; NaN fits nothing, and a
        truth value is no number.
    """
    if kind.startswith("list["):
        item = kind.removeprefix("list[").removesuffix("]")
        return isinstance(value, list) and all(fits(entry, item) for entry in value)
    if isinstance(value, bool) or (isinstance(value, float) and math.isnan(value)):
        return kind == "bool" and isinstance(value, bool)
    return isinstance(value, SCALARS[kind])


def require(declared: list[Parameter], values: Mapping[str, Any]) -> None:
    """Refuse values of parameters that do not exist, of the wrong type, or out of range.

    Parameters
    ----------
    declared : list of Parameter
    values : mapping of str to object
        Those that differ from the defaults.

    Raises
    ------
    UsageError
        One line that names the parameter, what it must be and what it was.
    """
    kinds = {parameter.name: parameter.type for parameter in declared}
    for name, value in values.items():
        known(kinds, name)
        if not fits(value, kinds[name]):
            raise mistyped(name, kinds[name], value)
    everything = resolved(declared, values)
    for parameter in declared:
        # What a default breaks is the fault of those that were given.
        complaint = values and broken(parameter.description.rules, parameter.name, everything)
        if complaint:
            raise UsageError(f"Parameter `{parameter.name}` {complaint}.")


def known(kinds: Mapping[str, str], name: str) -> str:
    """Return the type of a parameter, or refuse a name that there is not."""
    if name in kinds:
        return kinds[name]
    near = get_close_matches(name, kinds, n=1)
    guess = f" (did you mean `{near[0]}`?)" if near else ""
    names = ", ".join(kinds) or "none"
    raise UsageError(f"There is no parameter `{name}`{guess}; there are: {names}.")


def mistyped(name: str, kind: str, value: Any) -> UsageError:
    """Return the refusal of a value that has not its parameter's type."""
    return UsageError(f"Parameter `{name}` must be of type {kind}, but was {shown(value)}.")


def resolved(declared: list[Parameter], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the value of every parameter: the one given, or else its default."""
    return {parameter.name: parameter.default for parameter in declared} | dict(values)
