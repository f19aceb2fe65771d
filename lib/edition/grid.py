"""The grid of a sweep: its points and its outputs, from a file.

It is written like this::

    product:                # every combination of these values
      n: [2, 10, 100]
      beta_0: {from: 0.5, to: 5, number: 10}
    fixed:                  # the same in every point
      points: 41
    outputs:                # expressions in the variables of the notebook, evaluated at its end
      gain: max(gains)

In place of ``product`` there may be a ``list`` of points, ``- {n: 2, s: 1/2}``.
"""

import ast
from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from edition import values
from edition.parameters import Parameter
from edition.project import UsageError
from edition.table import OWN

PARTS = ("product", "list", "fixed", "outputs")
STEPS = {"from", "to", "number"}


class Grid(NamedTuple):
    """The points of a sweep, as parameters other than their defaults, and its outputs."""

    points: list[dict[str, Any]]
    outputs: dict[str, str]


def read(path: Path, declared: list[Parameter]) -> Grid:
    """Read a grid and check every point of it.

    Parameters
    ----------
    path : Path
    declared : list of Parameter
        The parameters of the notebook.

    Returns
    -------
    Grid
        No point is there twice.

    Raises
    ------
    UsageError
        If the file is not as described, or a point is not one of the notebook.
    """
    found = values.mapping(values.load(path), path)
    if unknown := sorted(set(found) - set(PARTS)):
        raise UsageError(f"{path} has `{unknown[0]}`; its parts must be {', '.join(PARTS)}.")
    if ("product" in found) == ("list" in found):
        raise UsageError(f"{path} must have either `product` or `list`.")
    fixed = values.mapping(found.get("fixed") or {}, "`fixed`")
    points = [values.read(declared, fixed | point) for point in _written(found)]
    if not points:
        raise UsageError(f"{path} has no point.")
    unique = {repr(point): point for point in points}
    return Grid(list(unique.values()), _outputs(found.get("outputs") or {}, declared))


def _written(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the points as they are written."""
    if "product" in found:
        axes = values.mapping(found["product"], "`product`")
        for point in product(*(_axis(name, axis) for name, axis in axes.items())):
            yield dict(zip(axes, point, strict=True))
    else:
        for point in _list("list", found["list"]):
            yield values.mapping(point, "A point of `list`")


def _axis(name: str, axis: Any) -> list[Any]:
    """Return the values along one axis of a product."""
    if not isinstance(axis, dict):
        return _list(name, axis)
    try:
        if set(axis) != STEPS:
            raise ValueError
        low, high, number = Fraction(axis["from"]), Fraction(axis["to"]), int(axis["number"])
        # Exact, so that no value depends on how the axis is divided.
        return [str(low + (high - low) * step / (number - 1)) for step in range(number)]
    except (ValueError, TypeError, ArithmeticError):
        raise UsageError(
            f"`{name}` must be a list, or {{from: low, to: high, number: 2 or more}}, but was {axis}."
        ) from None


def _list(name: str, found: Any) -> list[Any]:
    if not isinstance(found, list):
        raise UsageError(f"`{name}` must be a list, but was {found!r}.")
    return found


def _outputs(found: Any, declared: list[Parameter]) -> dict[str, str]:
    """Return the expressions by their names, or refuse what is none."""
    names = {parameter.name for parameter in declared} | OWN
    for name, expression in values.mapping(found, "`outputs`").items():
        if not name.isidentifier() or name in names:
            raise UsageError(f"Output `{name}` must have a name, and none that is taken.")
        try:
            ast.parse(expression, mode="eval")
        except (SyntaxError, TypeError):
            raise UsageError(
                f"Output `{name}` must be an expression, but was {expression!r}."
            ) from None
    return dict(found)
