"""The script of the cards: each equation, each symbol, each on its pages."""

import json

import pytest

from edition import cards
from edition.ledger import Row
from edition.rows import Equation

NOTATION = r"""# Notation

## Symbols

| paper | meaning | library | unit, range |
|---|---|---|---|
| $n$ | number of *spins* | `n` | 1, 2, … |
| $p_J(\beta_0)$, $-W^{\mathrm{coh}}$ | of {eq}`A1`, as [there](there.md) & $x<1$ | | |

## On single pages

| paper | meaning | where |
|---|---|---|
| $n$ | a count | [One](01_one.ipynb), [Two](two.md) |

## More

| not | these |
|---|---|
"""


def told(rows=(), notation=NOTATION):
    text = cards.script(rows, notation)
    assert text.startswith("window.EDITION_CARDS = ")
    return json.loads(text.removeprefix("window.EDITION_CARDS = ").removesuffix(";\n"))


def row(number, tex, verdict="confirmed"):
    return Row(
        equation=Equation(number, "Section I", "result", "What <it> is", tex),
        verdict=verdict,
        **{name: [] for name in Row._fields if name not in ("equation", "verdict")},
    )


def test_an_equation_is_found_by_its_anchor():
    assert told([row("A1", "E < 1 .", "corrected")])["equations"] == {
        "a1": {
            "head": "(A1) What &lt;it&gt; is",
            "kind": "corrected",
            "tex": r"\[E &lt; 1\]",
            "verdict": "✗ corrected",
        }
    }


def test_several_lines_stay_lines():
    equation = told([row("1", r"a &= b \\ &= c ,")])["equations"]["1"]
    assert equation["tex"] == r"\[\begin{split}a &amp;= b \\ &amp;= c\end{split}\]"


def test_a_symbol_goes_by_its_name_without_sign_and_arguments():
    symbols = told()["symbols"]
    assert [symbol["names"] for symbol in symbols] == [
        ["n"],
        ["n"],
        [r"p_J(\beta_0)", r"-W^{\mathrm{coh}}", "p_J", r"W^{\mathrm{coh}}"],
    ]


def test_what_a_symbol_means_on_single_pages_comes_first():
    local, everywhere, _ = told()["symbols"]
    assert (local["meaning"], local["pages"]) == ("a count", ["01_one", "two"])
    assert everywhere["meaning"] == "number of <em>spins</em>"
    assert "pages" not in everywhere


def test_a_cell_is_text_without_links():
    *_, last = told()["symbols"]
    assert last["meaning"] == r"of (A1), as there &amp; \(x&lt;1\)"
    assert (last["library"], last["unit"]) == ("", "")


def test_a_book_without_the_page_has_no_symbols():
    assert told(notation="")["symbols"] == []


def test_a_row_of_another_length_is_refused():
    with pytest.raises(ValueError, match=r"below 'Symbols' must have 4 cells, but was"):
        cards.script([], NOTATION.replace("| `n` |", "|"))
