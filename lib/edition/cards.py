"""What the cards of the pages tell: each numbered equation, each symbol.

A page opened from a folder may not read another page, so all cards stand in one script, which
every page loads. ``book/_static/cards.js`` shows them.
"""

import json
import re
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from edition.ledger import MARKS, Row

#: The script, by its place in the stage; jupyter-book adds it to every page.
SCRIPT = "_static/cards-data.js"

FORMULA = re.compile(r"\$([^$]+)\$")
# A minus before a symbol and the arguments behind it are no part of its name.
AROUND = re.compile(r"^-|[([].*$", re.DOTALL)
MARKUP = re.compile(
    r"\$(?P<tex>[^$]+)\$|`(?P<code>[^`]+)`|\{eq\}`(?P<number>\w+)`"
    r"|\[(?P<text>[^\]]+)\]\([^)]*\)|\*(?P<emphasis>[^*]+)\*"
)
PAGE = re.compile(r"\]\((\w+)\.(?:ipynb|md)\)")


def script(rows: Iterable[Row], notation: str) -> str:
    """Write the script.

    Parameters
    ----------
    rows : iterable of Row
        The rows of the ledger.
    notation : str
        The page of notation, with a table below ``## Symbols`` and, where a letter means
        something else on some pages, one below ``## On single pages``.

    Returns
    -------
    str
        JavaScript that sets ``EDITION_CARDS``.
    """
    cards = {
        "equations": {row.equation.number.lower(): _equation(row) for row in rows},
        "symbols": [*_local(notation), *_general(notation)],
    }
    return f"window.EDITION_CARDS = {json.dumps(cards, ensure_ascii=False, sort_keys=True)};\n"


def _equation(row: Row) -> dict[str, str]:
    tex = re.sub(r"\s*[,.]?\s*$", "", row.equation.tex)
    # As Sphinx does it where a formula has several lines.
    lines = rf"\begin{{split}}{tex}\end{{split}}" if r"\\" in tex else tex
    return {
        "head": f"({row.equation.number}) {escape(row.equation.what)}",
        "tex": rf"\[{escape(lines)}\]",
        "kind": row.verdict,
        "verdict": f"{MARKS[row.verdict]} {row.verdict}",
    }


def _general(notation: str) -> Iterator[dict[str, Any]]:
    """Yield the cards of the symbols that mean the same everywhere."""
    for paper, meaning, library, unit in _table(notation, "Symbols", 4):
        yield _symbol(paper, meaning, html(library), html(unit))


def _local(notation: str) -> Iterator[dict[str, Any]]:
    """Yield the cards of those that mean something else on some pages."""
    for paper, meaning, places in _table(notation, "On single pages", 3):
        yield _symbol(paper, meaning, "", "") | {"pages": PAGE.findall(places)}


def _symbol(paper: str, meaning: str, library: str, unit: str) -> dict[str, Any]:
    written = FORMULA.findall(paper)
    names = dict.fromkeys([*written, *(AROUND.sub("", tex) for tex in written)])
    return {
        "names": [name for name in names if name],
        "head": html(paper),
        "meaning": html(meaning),
        "library": library,
        "unit": unit,
    }


def _table(notation: str, heading: str, columns: int) -> Iterator[list[str]]:
    """Yield the rows of the table below a heading, without its head."""
    _, _, below = notation.partition(f"\n## {heading}\n")
    lines = re.findall(r"^\|(.*)\|$", below.partition("\n## ")[0], re.MULTILINE)
    for line in lines[2:]:
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) != columns:
            raise ValueError(f"A row below {heading!r} must have {columns} cells, but was {line!r}")
        yield cells


def html(text: str) -> str:
    """Return a cell of a table of MyST Markdown as HTML, with links as their text.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
    """
    parts, end = [], 0
    for found in MARKUP.finditer(text):
        parts += [escape(text[end : found.start()]), _marked(found)]
        end = found.end()
    return "".join([*parts, escape(text[end:])])


def _marked(found: re.Match[str]) -> str:
    kind, content = str(found.lastgroup), escape(found[str(found.lastgroup)])
    written = {
        "tex": r"\({}\)",
        "code": "<code>{}</code>",
        "number": "({})",
        "emphasis": "<em>{}</em>",
    }
    return written.get(kind, "{}").format(content)
