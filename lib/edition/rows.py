"""What the book says by hand about the paper, read from the tables in ``book/*.yml``.

``equations.yml`` has a row for each numbered equation, ``claims.yml`` for each
quantitative sentence, ``errata.yml`` for each error in print, ``results.yml`` for each
result that the paper does not have, ``routes.yml`` the words by which the kind of a
route is known. What the checks found is not in them: `edition.ledger` adds it.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from edition.project import BuildError

EQUATION_KINDS = ("definition", "result", "approximation", "inequality")
ERRATUM_KINDS = ("wrong", "condition missing", "misprint")
CLAIM_VERDICTS = ("holds", "holds with a condition", "does not hold", "not checked")


class Equation(NamedTuple):
    """A numbered equation: what it is, as the book typesets it."""

    number: str
    section: str
    kind: str
    what: str
    tex: str
    reason: str = ""
    note: str = ""


class Shown(NamedTuple):
    """A check, by its notebook and the sentence that it states."""

    notebook: str
    claim: str


class Erratum(NamedTuple):
    """An error in print."""

    id: str
    title: str
    place: str
    equations: list[str]
    kind: str
    printed: str
    correct: str
    effect: str
    shown_by: list[Shown]


class Claim(NamedTuple):
    """A quantitative sentence of the paper, in our words."""

    id: str
    place: str
    claim: str
    verdict: str
    comment: str
    shown_by: list[Shown]


class Result(NamedTuple):
    """Something that the paper does not have."""

    id: str
    title: str
    statement: str
    equations: list[str]
    shown_by: list[Shown]


class Tables(NamedTuple):
    """All tables of the book."""

    equations: list[Equation]
    claims: list[Claim]
    errata: list[Erratum]
    results: list[Result]
    routes: dict[str, re.Pattern[str]]


def read(book: Path) -> Tables:
    """Read all tables.

    Parameters
    ----------
    book : Path
        The folder that holds them.

    Returns
    -------
    Tables

    Raises
    ------
    BuildError
        That names the file, the row and what is wrong with it.
    """
    return Tables(
        _rows(book / "equations.yml", Equation, {"kind": EQUATION_KINDS}),
        _rows(book / "claims.yml", Claim, {"verdict": CLAIM_VERDICTS}),
        _rows(book / "errata.yml", Erratum, {"kind": ERRATUM_KINDS}),
        _rows(book / "results.yml", Result, {}),
        _patterns(book / "routes.yml"),
    )


def _load(path):
    """Return what a YAML file holds."""
    import yaml

    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError:
        raise BuildError(f"There is no {path.name} in {path.parent.name}/.") from None
    except yaml.YAMLError as error:
        raise BuildError(f"{path.name} is not YAML: {error}") from None


def _rows(path: Path, kind: Any, choices: Mapping[str, tuple[str, ...]]) -> list[Any]:
    """Return the rows of one table, or say which is not as it should be."""
    entries = _load(path)
    if not isinstance(entries, list):
        raise BuildError(f"{path.name} must be a list of rows.")
    rows = [_row(path.name, entry, kind, choices) for entry in entries]
    names = [row[0] for row in rows]
    for name in sorted({name for name in names if names.count(name) > 1}):
        raise BuildError(f"{path.name}: {name} stands twice.")
    return rows


def _row(file: str, entry: Any, kind: Any, choices: Mapping[str, tuple[str, ...]]) -> Any:
    """Return one row."""
    first = kind._fields[0]
    name = entry.get(first, "?") if isinstance(entry, dict) else entry
    fields, needed = set(kind._fields), set(kind._fields) - set(kind._field_defaults)
    if not isinstance(entry, dict) or not needed <= set(entry) <= fields:
        raise BuildError(f"{file}, {name}: a row must have {', '.join(kind._fields)}.")
    read = {key: _value(file, name, key, value) for key, value in entry.items()}
    for key, allowed in choices.items():
        if read[key] not in allowed:
            raise BuildError(
                f"{file}, {name}: {key} must be one of {', '.join(allowed)}, but was {read[key]!r}."
            )
    return kind(**read)


def _value(file: str, name: Any, key: str, value: Any) -> Any:
    """Return one value of a row in its type."""
    if key == "equations" and isinstance(value, list):
        return [str(number) for number in value]
    if key == "shown_by" and isinstance(value, list):
        if all(isinstance(item, dict) and set(item) == {"notebook", "claim"} for item in value):
            return [Shown(item["notebook"], " ".join(item["claim"].split())) for item in value]
    elif key not in ("equations", "shown_by") and isinstance(value, (str, int)):
        return str(value).strip()
    raise BuildError(f"{file}, {name}: {key} is not as it should be: {value!r}.")


def _patterns(path: Path) -> dict[str, re.Pattern[str]]:
    """Return the expression by which each kind of route is known."""
    found = _load(path)
    lists = list(found.values()) if isinstance(found, dict) else [None]
    if not all(
        isinstance(words, list) and all(isinstance(w, str) for w in words) for words in lists
    ):
        raise BuildError(f"{path.name} must map each kind of route to a list of expressions.")
    try:
        return {
            kind: re.compile("|".join(f"(?:{word})" for word in words), re.IGNORECASE)
            for kind, words in found.items()
        }
    except re.error as error:
        raise BuildError(f"{path.name}: not a regular expression: {error}") from None
