"""The cards of the book tell what its pages say."""

import json
import re
from collections import Counter
from html import unescape
from itertools import chain

import pytest
from bs4 import BeautifulSoup

from edition.numbering import EQUATIONS


@pytest.fixture(scope="session")
def cards(build):
    text = (build / "html" / "_static" / "cards-data.js").read_text("utf-8")
    return json.loads(text.removeprefix("window.EDITION_CARDS = ").removesuffix(";\n"))


@pytest.fixture(scope="session")
def pages(build):
    files = sorted((build / "html" / "book").glob("*.html"))
    return {file.stem: BeautifulSoup(file.read_bytes(), "html.parser") for file in files}


def bare(tex):
    """A formula without blanks, delimiters and the punctuation behind it."""
    inside = re.sub(r"\\\[|\\\]|\\(?:begin|end)\{split\}|\s", "", tex)
    return inside.rstrip(",.")


def test_each_card_has_the_formula_of_the_page(cards, pages):
    shown = {}
    for page in pages.values():
        for formula in page.select("div.math[id^=equation-]"):
            formula.select_one(".eqno").extract()
            shown[formula["id"].removeprefix("equation-")] = bare(formula.get_text())
    assert set(shown) == {number.lower() for number in EQUATIONS}
    assert {
        number: bare(unescape(card["tex"])) for number, card in cards["equations"].items()
    } == shown


def test_each_card_has_the_verdict_of_the_page(cards, pages):
    shown = {
        link["href"].partition("#row-")[2].lower(): link.parent["class"][-1]
        for page in pages.values()
        for link in page.select("p.equation-verdict a")
    }
    assert {number: card["kind"] for number, card in cards["equations"].items()} == shown


def test_a_symbol_has_one_meaning_on_a_page(cards, pages):
    for name in pages:
        local = [s["names"] for s in cards["symbols"] if name in s.get("pages", [])]
        assert max(Counter(chain(*local)).values(), default=1) == 1, name
    general = [s["names"] for s in cards["symbols"] if "pages" not in s]
    assert len(general) > 25
    assert max(Counter(chain(*general)).values()) == 1


def test_what_is_special_to_a_page_is_on_it(cards, pages):
    special = [symbol for symbol in cards["symbols"] if "pages" in symbol]
    assert len(special) >= 5
    for symbol in special:
        for name in symbol["pages"]:
            formulas = " ".join(f.get_text() for f in pages[name].select("article .math"))
            assert any(tex in formulas for tex in symbol["names"]), (name, symbol["names"])
