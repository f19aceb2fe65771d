"""Every page, as it loads from a server and from a folder."""

from functools import cache
from urllib.parse import unquote, urldefrag

import pytest
from bs4 import BeautifulSoup

# Text that a reader sees and that is TeX, where neither code nor a formula stands.
RAW_TEX = r"""() => {
  const tex = /\\[a-zA-Z]+|\\[()[\]]|\$[^$\n]+\$|\$\$/, found = [];
  const skip = "pre, code, script, style, noscript, textarea, mjx-container";
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode())
    if (tex.test(walk.currentNode.data) && !walk.currentNode.parentElement.closest(skip))
      found.push(walk.currentNode.data.trim().slice(0, 80));
  for (const attribute of ["alt", "title", "aria-label"])
    for (const element of document.querySelectorAll(`[${attribute}]`))
      if (tex.test(element.getAttribute(attribute)) && !element.closest("mjx-container"))
        found.push(element.getAttribute(attribute).slice(0, 80));
  return found;
}"""
# A formula that is not drawn, drawn as an error, or with a name that MathJax does not know.
BAD_FORMULAS = r"""() => [...document.querySelectorAll(".math")].filter(formula => {
  const drawn = formula.querySelector("mjx-container");
  return !drawn || (drawn.checkVisibility() && !drawn.getBoundingClientRect().width)
    || drawn.querySelector("mjx-merror, [data-mjx-error], [mathcolor], [style*='color: red']");
}).map(formula => formula.textContent.slice(0, 80))"""
# What reaches beyond the screen, unless it stands in a box that scrolls by itself.
WIDER_THAN_THE_SCREEN = r"""() => {
  const width = document.documentElement.clientWidth, found = [];
  const scrolls = e => e && e !== document.body
    && (/auto|scroll/.test(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
  const hidden = e => e.closest("mjx-assistive-mml, button")
    || !e.checkVisibility({visibilityProperty: true});
  for (const e of document.querySelectorAll("main *"))
    if (e.getBoundingClientRect().right > width + 1 && !hidden(e) && !scrolls(e))
      found.push(`${e.localName} ${e.textContent.slice(0, 40)}`);
  if (document.documentElement.scrollWidth > width) found.push("the page itself scrolls");
  return found.slice(0, 5);
}"""


@pytest.fixture(scope="module", params=["http", "file"])
def page(request, visit, name):
    opened = visit(request.param)
    opened.go(f"{name}.html")
    return opened


def test_a_page_loads_without_an_error(page):
    assert page.errors == []
    assert page.failed == []


def test_a_page_asks_no_other_host(page):
    assert page.foreign == []


def test_every_formula_is_drawn(page):
    assert page.tab.evaluate(BAD_FORMULAS) == []


def test_no_tex_is_left_in_the_text(page):
    assert page.tab.evaluate(RAW_TEX) == []


def test_every_image_is_shown(page):
    broken = "() => [...document.images].filter(i => i.complete && !i.naturalWidth).map(i => i.src)"
    assert page.tab.evaluate(broken) == []


@cache
def names(file):
    """The anchors of a page."""
    elements = BeautifulSoup(file.read_bytes(), "html.parser").select("[id], a[name]")
    return {element.get("id") or element.get("name") for element in elements}


def test_every_link_into_the_site_leads_somewhere(page, site):
    links = page.tab.evaluate("() => [...document.links].map(link => link.href)")
    own = set(page.tab.evaluate("() => [...document.querySelectorAll('[id]')].map(e => e.id)"))
    here = urldefrag(page.tab.url).url
    dead = []
    for link in {link for link in links if link.startswith(page.address)}:
        place, anchor = urldefrag(link)
        file = site / unquote(place.removeprefix(page.address)).lstrip("/").partition("?")[0]
        known = own if place == here else names(file) if file.suffix == ".html" else {""}
        if not file.is_file() or (anchor and unquote(anchor) not in known):
            dead.append(link.removeprefix(page.address))
    assert dead == []


def test_nothing_reaches_beyond_the_screen_of_a_phone(page):
    with page.on_a_phone():
        assert page.tab.evaluate(WIDER_THAN_THE_SCREEN) == []
