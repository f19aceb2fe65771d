"""The ledger: what the executed notebooks found about every equation and claim.

The tables of the book (`edition.rows`) say what there is; the checks that the notebooks
recorded say whether it holds. Nothing is copied by hand from one to the other, so that
the pages made from a ledger (`edition.ledger_pages`) cannot be out of date.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from edition import parameters, rows, source, stage
from edition.numbering import EQUATIONS, FIGURES
from edition.project import BuildError
from edition.rows import Claim, Equation, Erratum, Result, Shown, Tables
from edition.verify import CHECK

VERDICTS = ("confirmed", "corrected", "sharpened", "definition")
MARKS = {"confirmed": "✓", "corrected": "✗", "sharpened": "±", "definition": "≔"}

# The fewest kinds of route by which a result must be reached, and what a route may be
# compared with that is none itself: a number, a sign, zero.
ROUTES = 2
BOUND = "bound"

# As many gaps as a person reads at once.
GAPS = 30

# What is between the dollars of one formula, never text between two of them.
_LABELLED = re.compile(
    r"^\$\$[ \t]*\n((?:(?!\$\$).)*?)\n\$\$[ \t]*\((\w+)\)[ \t]*$", re.DOTALL | re.MULTILINE
)
_PLACE = re.compile(r"Abstract|Sec\. [IVX]+( [A-D])?|App. [A-K]|Table [IVX]+|Fig\. (?P<figure>\d+)")


class Check(NamedTuple):
    """One check of one executed notebook."""

    notebook: str
    cell: str
    anchor: str
    equation: str
    claim: str
    relation: str
    routes: list[str]
    residual: float
    tolerance: float

    @property
    def link(self) -> str:
        """The place of the check, seen from a page of the book."""
        return f"{self.notebook}.html#{self.anchor}"

    @property
    def used(self) -> float:
        """The part of the tolerance that the residual uses up; 0 where none is left to chance."""
        return abs(self.residual / self.tolerance) if self.tolerance else math.inf * self.residual


class Row(NamedTuple):
    """An equation and what was found about it."""

    equation: Equation
    verdict: str
    kinds: list[str]
    checks: list[Check]


class Ledger:
    """Tables and checks, joined.

    Parameters
    ----------
    tables : Tables
        As from `edition.rows.read`.
    notebooks : sequence of Path
        The executed notebooks.
    """

    def __init__(self, tables: Tables, notebooks: Sequence[Path]):
        self.tables = tables
        self.notebooks = {path.stem: source.load(path) for path in notebooks}
        self.checks = [
            check
            for stem, notebook in self.notebooks.items()
            for check in checks_of(stem, notebook)
        ]

    @cached_property
    def rows(self) -> list[Row]:
        """One row for each equation, in the order of the paper."""
        return [self._row(equation) for equation in self.tables.equations]

    def _row(self, equation: Equation) -> Row:
        checks = [check for check in self.checks if check.equation == equation.number]
        phrases = [route for check in checks for route in check.routes]
        kinds = sorted({kind for kind in map(self.kind, phrases) if kind and kind != BOUND})
        return Row(equation, self._verdict(equation), kinds, checks)

    def _verdict(self, equation: Equation) -> str:
        wrong = {e.kind for e in self.tables.errata if equation.number in e.equations}
        if wrong & {"wrong", "misprint"}:
            return "corrected"
        if wrong:
            return "sharpened"
        return "definition" if equation.kind == "definition" else "confirmed"

    def kind(self, route: str) -> str:
        """Return the kind of a route, or nothing if no expression knows it."""
        return next((k for k, pattern in self.tables.routes.items() if pattern.search(route)), "")

    def find(self, shown: Shown) -> list[Check]:
        """Return the checks that state a claim in a notebook."""
        return [
            check
            for check in self.checks
            if check.notebook == shown.notebook and _same(check.claim, shown.claim)
        ]

    def problems(self) -> list[str]:
        """Return what keeps the ledger from being complete, one readable line each."""
        return [
            *self._unknown_places(),
            *self._incomplete_tables(),
            *self._unchecked_rows(),
            *self._formulas(),
            *self._lost_evidence(),
        ]

    def _unknown_places(self) -> Iterator[str]:
        for check in self.checks:
            if not _is_place(check.equation):
                yield f"{check.notebook}: a check names {check.equation}, which the paper lacks"

    def _incomplete_tables(self) -> Iterator[str]:
        numbers = {equation.number for equation in self.tables.equations}
        for number in sorted(EQUATIONS - numbers):
            yield f"equations.yml: ({number}) has no row"
        for number in sorted(numbers - EQUATIONS):
            yield f"equations.yml: ({number}) is no equation of the paper"
        listed: list[Erratum | Result] = [*self.tables.errata, *self.tables.results]
        for row in listed:
            for number in sorted(set(row.equations) - EQUATIONS):
                yield f"{row.id} names ({number}), which is no equation of the paper"

    def _unchecked_rows(self) -> Iterator[str]:
        for row in self.rows:
            number, kind, reason = row.equation.number, row.equation.kind, row.equation.reason
            if not row.checks and not reason:
                yield f"({number}) has no check, and equations.yml gives no reason"
            if kind != "definition" and len(row.kinds) < ROUTES:
                found = ", ".join(row.kinds) or "none"
                yield f"({number}), a {kind}, needs {ROUTES} kinds of route, but has: {found}"
            for route in dict.fromkeys(r for check in row.checks for r in check.routes):
                if not self.kind(route):
                    yield f"routes.yml knows no kind for “{route}”, a route to ({number})"

    def _formulas(self) -> Iterator[str]:
        """Compare the formulas of the table with those that the notebooks typeset."""
        typeset = formulas(self.notebooks.values())
        for equation in self.tables.equations:
            shown = typeset.get(equation.number)
            if shown is None:
                yield f"({equation.number}) is typeset in no notebook"
            elif _squeeze(shown) != _squeeze(equation.tex):
                yield f"equations.yml: the formula of ({equation.number}) is not the notebook's"

    def _lost_evidence(self) -> Iterator[str]:
        tables = self.tables
        listed: list[Erratum | Claim | Result] = [*tables.errata, *tables.claims, *tables.results]
        for row in listed:
            if not row.shown_by and getattr(row, "verdict", "") != "not checked":
                yield f"{row.id} names no check that shows it"
            for shown in row.shown_by:
                if not self.find(shown):
                    yield f"{row.id}: no check of {shown.notebook} says “{shown.claim}”"

    def summary(self) -> list[str]:
        """Return the few lines that say how things stand."""
        verdicts = Counter(row.verdict for row in self.rows)
        told = ", ".join(f"{v} {verdicts[v]}" for v in VERDICTS if verdicts[v])
        claims = Counter(claim.verdict for claim in self.tables.claims)
        said = ", ".join(f"{verdict} {count}" for verdict, count in claims.items())
        return [
            f"{len(self.rows)} equations: {told}",
            f"{len(self.tables.claims)} claims: {said}",
            f"{len(self.tables.errata)} errata, {len(self.tables.results)} new results, "
            f"{len(self.checks)} checks in {len(self.notebooks)} notebooks",
        ]

    def table(self) -> list[str]:
        """Return a line for each equation: number, verdict, checks, kinds of route."""
        return [
            f"{'(' + row.equation.number + ')':6} {row.verdict:10} {len(row.checks):3}  "
            f"{', '.join(row.kinds)}".rstrip()
            for row in self.rows
        ]

    def as_data(self) -> dict[str, Any]:
        """Return the ledger as JSON holds it; ``ledger.schema.json`` describes it."""
        return {
            "schema": 1,
            "equations": [_row_data(row) for row in self.rows],
            "errata": [self._evidence(row) for row in self.tables.errata],
            "claims": [self._evidence(row) for row in self.tables.claims],
            "results": [self._evidence(row) for row in self.tables.results],
            "checks": [_check_data(check) for check in self.checks],
            "parameters": {
                stem: {p.name: p.default for p in parameters.read(notebook)}
                for stem, notebook in self.notebooks.items()
            },
        }

    def _evidence(self, row: Erratum | Claim | Result) -> dict[str, Any]:
        links = [check.link for shown in row.shown_by for check in self.find(shown)]
        return row._asdict() | {"shown_by": links}


def checks_of(stem: str, notebook: source.Notebook) -> Iterator[Check]:
    """Yield the checks of an executed notebook that apply.

    Parameters
    ----------
    stem : str
        The name of its file.
    notebook : dict

    Yields
    ------
    Check
    """
    for cell in source.code_cells(notebook):
        records = [o["data"][CHECK] for o in cell["outputs"] if CHECK in o.get("data", {})]
        for number, record in enumerate(records, start=1):
            if record["passed"]:
                yield Check(
                    stem,
                    cell["id"],
                    stage.anchor(cell["id"], number),
                    record["equation"],
                    record["claim"],
                    record["relation"],
                    record["routes"],
                    float(record["residual"]),
                    float(record["tolerance"]),
                )


def _is_place(text: str) -> bool:
    """Tell whether the paper has such an equation, section or figure."""
    if text in EQUATIONS:
        return True
    found = _PLACE.fullmatch(text)
    return found is not None and found["figure"] in (None, *FIGURES.values())


def _same(left: str, right: str) -> bool:
    return left.rstrip(".") == right.rstrip(".")


def _squeeze(formula: str) -> str:
    return "".join(formula.split())


def formulas(notebooks: Iterable[source.Notebook]) -> dict[str, str]:
    """Return the formula of each labelled equation, as the notebooks typeset it.

    Parameters
    ----------
    notebooks : iterable of dict

    Returns
    -------
    dict of str to str
        TeX by label.
    """
    texts = (
        source.text(cell)
        for notebook in notebooks
        for cell in notebook["cells"]
        if cell["cell_type"] == "markdown"
    )
    return {label: tex.strip() for text in texts for tex, label in _LABELLED.findall(text)}


def _row_data(row: Row) -> dict[str, Any]:
    found = row.equation._asdict() | {"verdict": row.verdict, "routes": row.kinds}
    return found | {"checks": [check.link for check in row.checks]}


def _check_data(check: Check) -> dict[str, Any]:
    """Return a check for JSON, which knows no infinity."""
    numbers = {key: getattr(check, key) for key in ("residual", "tolerance")}
    texts = {key: value if math.isfinite(value) else str(value) for key, value in numbers.items()}
    return check._asdict() | texts | {"link": check.link}


def complete(book: Path, notebooks: Sequence[Path]) -> Ledger:
    """Join the tables of a book with its executed notebooks.

    Parameters
    ----------
    book : Path
        The folder of the tables.
    notebooks : sequence of Path
        The executed notebooks.

    Returns
    -------
    Ledger

    Raises
    ------
    BuildError
        That lists the gaps, if there are any.
    """
    found = Ledger(rows.read(book), notebooks)
    if gaps := found.problems():
        more = [f"… and {len(gaps) - GAPS} more"] if len(gaps) > GAPS else []
        raise BuildError("\n  ".join([f"The ledger has {len(gaps)} gaps:", *gaps[:GAPS], *more]))
    return found


def serialise(ledger: Ledger) -> bytes:
    """Return a ledger as JSON.

    Parameters
    ----------
    ledger : Ledger

    Returns
    -------
    bytes
    """
    return (json.dumps(ledger.as_data(), indent=1, ensure_ascii=False) + "\n").encode()


def write(content: bytes, path: Path) -> None:
    """Write a ledger, unless it is there.

    Parameters
    ----------
    content : bytes
        From `serialise`.
    path : Path
    """
    from edition import provenance
    from edition.files import write_whole

    if not path.is_file() or path.read_bytes() != content:
        provenance.withdraw(path.parent)
        write_whole(path, content)
