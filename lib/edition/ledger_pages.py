"""The pages *Ledger*, *Errata* and *Claims*, and the marks beside the equations."""

import math
import re
from collections.abc import Iterable, Mapping
from html import escape

from edition.ledger import MARKS, VERDICTS, Check, Ledger, Row
from edition.letters import typeset
from edition.project import GENERATED
from edition.rows import Claim, Erratum, Result, Shown

# A space where a line does not end.
NO_BREAK = "\N{NO-BREAK SPACE}"

MEANINGS = {
    "confirmed": "holds as printed.",
    "corrected": "wrong or misprinted; the correct form is among the [errata](errata.md).",
    "sharpened": "holds under a condition that the paper does not give; see the [errata](errata.md).",
    "definition": "fixes a name: nothing to be shown, though its use may be checked.",
}

_LABEL = re.compile(r"^\$\$[ \t]*\((\w+)\)[ \t]*$", re.MULTILINE)


def pages(ledger: Ledger) -> dict[str, str]:
    """Return the text of each page.

    Parameters
    ----------
    ledger : Ledger

    Returns
    -------
    dict of str to str
        MyST Markdown by the name of the file in the stage.
    """
    makers = (_ledger, _errata, _claims)
    return {
        f"{name}.md": "\n\n".join(make(ledger)) + "\n"
        for name, make in zip(GENERATED, makers, strict=True)
    }


def mark(text: str, rows: Mapping[str, Row]) -> str:
    """Put the verdict behind each labelled equation of a text.

    Parameters
    ----------
    text : str
        A Markdown cell.
    rows : mapping of str to Row
        The rows of the ledger by number.

    Returns
    -------
    str
    """

    def marked(found: re.Match[str]) -> str:
        return f"{found[0]}\n\n{_badge(rows[found[1]])}\n" if found[1] in rows else found[0]

    return _LABEL.sub(marked, text)


def _badge(row: Row) -> str:
    """Return the mark beside an equation, with a link to its row."""
    told = row.verdict
    if row.verdict == "confirmed":
        told = f"confirmed by {len(row.checks)} {'check' if len(row.checks) == 1 else 'checks'}"
    return (
        f'<p class="equation-verdict {row.verdict}">'
        f'<a href="ledger.html#row-{row.equation.number}">{MARKS[row.verdict]} {told}</a></p>'
    )


def _ledger(ledger: Ledger) -> list[str]:
    """Return the page with a row for each equation."""
    parts = [
        "# Ledger",
        "Each numbered equation of the paper, what the machine found about it, and where. The rows "
        "are made from the checks that the executed notebooks recorded; nothing is entered by hand. "
        "A number in the last column leads to the very cell.",
        "We read the paper as text that a machine recognised from its printed pages (OCR), *the text "
        "at hand*. Where a sign in it cannot be right, the row says so, and whether paper or "
        "recognition is at fault, if that can be told; a mere doubt is no erratum.",
        "\n".join(f"- {MARKS[verdict]} *{verdict}*: {MEANINGS[verdict]}" for verdict in VERDICTS),
        "In sum:",
        "\n".join(f"- {line}" for line in ledger.summary()),
    ]
    for section in dict.fromkeys(row.equation.section for row in ledger.rows):
        rows = [_ledger_row(row) for row in ledger.rows if row.equation.section == section]
        head = ["Equation", "What it is", "Verdict", "Reached by", "Largest residual", "Checks"]
        parts += [f"## {section}", _table(head, rows, "12 34 14 16 14 10")]
    return parts


def _ledger_row(row: Row) -> list[str]:
    equation = row.equation
    remarks = " ".join(filter(None, (equation.reason, equation.note)))
    return [
        f'<span id="row-{equation.number}"></span>{{eq}}`{equation.number}`',
        f"{equation.what} ({equation.kind})" + (f"\n\n{remarks}" if remarks else ""),
        f"{MARKS[row.verdict]}{NO_BREAK}{row.verdict}",
        ", ".join(row.kinds) or "–",
        _worst(row.checks),
        _numbered(row.checks) or "–",
    ]


def _worst(checks: list[Check]) -> str:
    """Return the residual of the equality that comes nearest to its tolerance."""
    equalities = [check for check in checks if check.relation == "=="]
    if not equalities:
        return "inequality" if checks else "–"
    worst = max(equalities, key=lambda check: check.used)
    if not worst.tolerance:
        return "exact"
    return f'{worst.residual:.1g} <span class="measure">(≤ {worst.tolerance:.1g})</span>'


def _numbered(checks: Iterable[Check]) -> str:
    links = (
        f'<a href="{check.link}" title="{escape(check.claim)}">{number}</a>'
        for number, check in enumerate(checks, start=1)
    )
    return " ".join(links)


def _errata(ledger: Ledger) -> list[str]:
    """Return the page that tells each error in print."""
    parts = [
        "# Errata",
        "What is wrong in print, with the number that proves it. An error stays on this page only as "
        "long as its checks run and show it.",
    ]
    for row in ledger.tables.errata:
        parts += [f"## {row.id}. {row.title}", *_erratum(ledger, row)]
    return parts


def _erratum(ledger: Ledger, row: Erratum) -> list[str]:
    return [
        f"*{row.place}*: {row.kind}.{_mentioned(row.equations)}",
        f"**In print:** {row.printed}",
        f"**Correct:** {row.correct}",
        f"**Effect:** {row.effect}",
        _evidence(ledger, row.shown_by),
    ]


def _mentioned(equations: list[str]) -> str:
    return " Concerns " + ", ".join(f"{{eq}}`{n}`" for n in equations) + "." if equations else ""


def _evidence(ledger: Ledger, shown_by: list[Shown]) -> str:
    """Return the checks that show something, each with its number and link."""
    found = [check for shown in shown_by for check in ledger.find(shown)]
    return "\n".join(
        f'- <a href="{check.link}">{typeset(check.claim)}</a> '
        f"({typeset(' against '.join(check.routes))}: {_measure(check)})"
        for check in found
    )


def _measure(check: Check) -> str:
    """Return how a check came out, in words."""
    if check.relation == "==":
        return f"residual {check.residual:.2g}"
    size = abs(check.residual)
    return f"margin {size:.2g}" if math.isfinite(size) else "one side infinite"


def _claims(ledger: Ledger) -> list[str]:
    """Return the page about the prose, and about what the paper does not have."""
    head = ["Where", "What is said", "Verdict", "What was found"]
    rows = [_claim_row(ledger, row) for row in ledger.tables.claims]
    parts = [
        "# Claims",
        "The quantitative sentences of the abstract, the text and the captions, in our words.",
        _table(head, rows, "14 34 14 38"),
        "## What the paper does not have",
    ]
    for row in ledger.tables.results:
        parts += [f"### {row.id}. {row.title}", *_result(ledger, row)]
    return parts


def _claim_row(ledger: Ledger, row: Claim) -> list[str]:
    found = [check for shown in row.shown_by for check in ledger.find(shown)]
    links = f"\n\nChecks: {_numbered(found)}" if found else ""
    return [row.place, row.claim, row.verdict, f"{row.comment}{links}"]


def _result(ledger: Ledger, row: Result) -> list[str]:
    return [f"{row.statement}{_mentioned(row.equations)}", _evidence(ledger, row.shown_by)]


def _table(head: list[str], rows: list[list[str]], widths: str) -> str:
    """Return a table of MyST, whose cells may hold paragraphs."""
    lines = ["```{list-table}", ":header-rows: 1", f":widths: {widths}", ":class: ledger", ""]
    for row in [head, *rows]:
        for place, cell in enumerate(row):
            lead = "* - " if place == 0 else "  - "
            lines.append(lead + cell.replace("\n", "\n    "))
    return "\n".join([*lines, "```"])
