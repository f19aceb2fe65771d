"""Every page for readers who see little, or who have no mouse."""

import pytest
from axe_playwright_python.sync_playwright import Axe

# The time of axe grows with the square of the elements, and nearly all of them are words of
# code and parts of formulas, which look alike: one of each kind stays.
THIN = r"""() => {
  const seen = new Set();
  for (const word of document.querySelectorAll("pre span")) {
    const box = word.closest("div.cell_output") ? "output" : "input";
    const kind = `${box} ${word.className}`;
    if (seen.has(kind) && !word.children.length) word.replaceWith(word.textContent);
    seen.add(kind);
  }
  const formulas = [...document.querySelectorAll("mjx-container")];
  formulas.slice(2).forEach(formula => formula.replaceWith("x"));
}"""
OPTIONS = {"preload": False, "resultTypes": ["violations"]}
# What the colours can change; the rest of a page is the same by day and by night.
RULES = {"light": {}, "dark": {"runOnly": ["color-contrast", "link-in-text-block"]}}

# Whatever Tab should reach, in the order of the page.
REACHABLE = r"""() => [...document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, [tabindex]")]
  .filter(e => e.tabIndex >= 0 && !e.disabled && !e.closest("[inert]")
    && e.checkVisibility({visibilityProperty: true}) && e.getClientRects().length)
  .map(e => (e.dataset.place ??= String(document.querySelectorAll("[data-place]").length)))"""
FOCUSED = "() => document.activeElement.dataset.place ?? document.activeElement.outerHTML"
# A link to skip the menus slides into the window.
SEEN = r"""() => {
  const box = document.activeElement.getBoundingClientRect();
  return box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(visit, name, scheme):
    page = visit()
    page.tab.emulate_media(color_scheme=scheme)
    page.go(f"{name}.html")
    assert page.tab.evaluate("document.documentElement.dataset.theme") == scheme
    page.tab.evaluate(THIN)
    found = Axe().run(page.tab, options=OPTIONS | RULES[scheme]).response["violations"]
    assert [
        f"{fault['id']}: {node['html'][:100]} {node['failureSummary'][:200]}"
        for fault in found
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ] == []


@pytest.mark.parametrize(
    "place", ["book/index", "book/notation", "book/03_spin_ensembles", "search"]
)
def test_tab_reaches_everything_once_in_the_order_of_the_page(visit, place):
    opened = visit()
    opened.go(f"{place}.html")
    expected = opened.tab.evaluate(REACHABLE)
    reached = []
    for _ in expected:
        opened.tab.keyboard.press("Tab")
        opened.tab.wait_for_function(SEEN, timeout=2000)
        reached.append(opened.tab.evaluate(FOCUSED))
    assert reached == expected


def test_the_first_tab_offers_to_skip_to_the_text(visit):
    opened = visit()
    opened.go("book/05_energy.html")
    opened.tab.keyboard.press("Tab")
    assert opened.tab.evaluate("document.activeElement.textContent") == "Skip to main content"
    opened.tab.keyboard.press("Enter")
    opened.tab.keyboard.press("Tab")
    assert opened.tab.evaluate("document.activeElement.closest('main') !== null")


def test_the_menu_of_a_phone_opens_and_closes_by_keyboard(visit):
    opened = visit()
    opened.go("book/05_energy.html")
    with opened.on_a_phone():
        tab = opened.tab
        tab.locator("button.primary-toggle").focus()
        tab.keyboard.press("Enter")
        tab.get_by_role("link", name="VI. Steady-state entropy").first.wait_for(state="visible")
        tab.keyboard.press("Escape")
        tab.wait_for_timeout(300)
        inside = "document.activeElement.closest('.bd-sidebar-primary, dialog') === null"
        assert tab.evaluate(inside)
