"""Values of parameters as a person writes them: on a command line, or in a file.

A text is read by the type that the parameter declares, and never guessed: ``s=1`` is
a text where ``s`` is one, and ``n_values=[2, 6]`` a list of whole numbers.
"""

import math
import re
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

from edition.parameters import Parameter, known, mistyped, require, resolved
from edition.project import UsageError

# Several assignments may stand in one text; a value may hold spaces of its own.
NEXT = re.compile(r"\s+(?=[A-Za-z_]\w*=)")
INFINITY = re.compile(r"([+-]?)(?:\.?inf|infinity)", re.IGNORECASE)
TRUTH = {"true": True, "false": False}


def assignments(texts: Iterable[str]) -> dict[str, str]:
    """Split assignments into names and values.

    Parameters
    ----------
    texts : iterable of str
        Each ``name=value``, or several with spaces between them.

    Returns
    -------
    dict of str to str

    Raises
    ------
    UsageError
        If one is no assignment, or a name is assigned twice.
    """
    found: dict[str, str] = {}
    for assignment in (part for text in texts for part in NEXT.split(text.strip())):
        name, sign, value = assignment.partition("=")
        if not sign or not name.isidentifier():
            raise UsageError(f"A parameter must be given as name=value, but was `{assignment}`.")
        if name in found:
            raise UsageError(f"Parameter `{name}` is given twice.")
        found[name] = value.strip()
    return found


def load(path: Path) -> Any:
    """Read a YAML or JSON file, every value in it as text.

    Parameters
    ----------
    path : Path

    Returns
    -------
    object
        Dictionaries and lists of texts.

    Raises
    ------
    UsageError
        If the file cannot be read, or is neither YAML nor JSON.
    """
    import yaml

    try:
        # The base loader guesses no types; those are the parameters' to tell.
        return yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not YAML: {' '.join(str(error).split())}.") from None


def mapping(found: Any, where: object) -> dict[str, Any]:
    """Return what a file holds if it is names with values, or refuse it."""
    if not isinstance(found, dict):
        raise UsageError(f"{where} must hold names and values, but held {str(found)[:60]!r}.")
    return found


def read(declared: list[Parameter], written: dict[str, Any]) -> dict[str, Any]:
    """Return the values of parameters, of their types and within their ranges.

    Parameters
    ----------
    declared : list of Parameter
    written : dict of str to (str or list of str)
        The values as they were written.

    Returns
    -------
    dict of str to object
        Those that differ from the defaults, in the order of the notebook.

    Raises
    ------
    UsageError
        If a name is unknown, or a value has the wrong type or is out of range.
    """
    kinds = {parameter.name: parameter.type for parameter in declared}
    values = {name: value_of(name, known(kinds, name), text) for name, text in written.items()}
    require(declared, values)
    everything = resolved(declared, values)
    # What equals a default is the same run.
    return {
        parameter.name: everything[parameter.name]
        for parameter in declared
        if everything[parameter.name] != parameter.default
    }


def value_of(name: str, kind: str, text: Any) -> Any:
    """Return the value of a given type that a text writes.

    Parameters
    ----------
    name : str
        The parameter, for what is told of an error.
    kind : str
        Its type.
    text : str or list of str

    Returns
    -------
    object

    Raises
    ------
    UsageError
        If the text writes no such value.
    """
    try:
        if kind.startswith("list["):
            item = kind.removeprefix("list[").removesuffix("]")
            return [SCALARS[item](part) for part in _items(text)]
        return SCALARS[kind](text)
    except (ValueError, ArithmeticError, AttributeError):
        raise mistyped(name, kind, text) from None


def _items(text):
    """Return the texts of a list, which is written with or without brackets."""
    if isinstance(text, list):
        return text
    bare = text.strip()
    if bare.startswith("[") != bare.endswith("]"):
        raise ValueError
    bare = bare.removeprefix("[").removesuffix("]").strip()
    return [part.strip() for part in bare.split(",")] if bare else []


def _integer(text):
    if not re.fullmatch(r"[+-]?\d+", text.strip()):
        raise ValueError
    return int(text)


def _number(text):
    """Return a real number: a decimal, a fraction, or an infinity."""
    if match := INFINITY.fullmatch(text.strip()):
        return -math.inf if match[1] == "-" else math.inf
    return float(Fraction(text.strip()))


def _text(text):
    if not isinstance(text, str):
        raise ValueError
    bare = text.strip()
    quoted = len(bare) > 1 and bare[0] == bare[-1] and bare[0] in "'\""
    return bare[1:-1] if quoted else bare


def _truth(text):
    if text.strip().lower() not in TRUTH:
        raise ValueError
    return TRUTH[text.strip().lower()]


SCALARS = {"int": _integer, "float": _number, "str": _text, "bool": _truth}
