"""Cards that say what an equation is and what a symbol means, by mouse, keyboard and touch."""

import pytest
from axe_playwright_python.sync_playwright import Axe

SHOWN = "#edition-card:not(.measured)"
REFERENCE = "article p a[href='05_energy.html#equation-19']"


@pytest.fixture(params=["http", "file"])
def opened(request, visit):
    return visit(request.param)


@pytest.fixture
def page(visit):
    return visit()


def card(visit):
    """Wait for the card; return its text without what MathJax draws."""
    visit.tab.wait_for_selector(SHOWN, state="visible")
    return visit.tab.locator(SHOWN).evaluate(
        """card => {
          const copy = card.cloneNode(true);
          copy.querySelectorAll("mjx-container").forEach(e => e.replaceWith("·"));
          return copy.textContent;
        }"""
    )


def gone(visit):
    visit.tab.wait_for_selector("#edition-card", state="hidden")
    assert visit.tab.locator("[aria-describedby='edition-card']").count() == 0


def spoken(visit, place):
    """A formula as it is read aloud."""
    return visit.tab.locator(f"{place} mjx-assistive-mml").first.inner_html()


def point_at_reference(visit):
    visit.go("book/06_entropy.html")
    visit.tab.locator(REFERENCE).first.hover()


def test_a_reference_shows_the_equation_of_another_page(opened):
    point_at_reference(opened)
    assert card(opened).startswith("(19) ")
    assert "✓ confirmed" in card(opened)
    formula = spoken(opened, SHOWN)
    opened.go("book/05_energy.html")
    assert spoken(opened, "#equation-19") == formula
    assert opened.errors == opened.failed == opened.foreign == []


def test_the_card_describes_the_link_and_goes_with_escape(page):
    point_at_reference(page)
    card(page)
    link = page.tab.locator("[aria-describedby='edition-card']")
    assert link.get_attribute("href").endswith("#equation-19")
    assert page.tab.locator(SHOWN).get_attribute("role") == "tooltip"
    page.tab.keyboard.press("Escape")
    gone(page)


def test_the_pointer_may_move_onto_the_card_and_away(page):
    point_at_reference(page)
    card(page)
    page.tab.locator(SHOWN).hover()
    page.tab.wait_for_timeout(500)  # longer than a card stays without the pointer
    card(page)
    page.tab.mouse.move(700, 5)
    gone(page)


def test_a_link_that_has_the_focus_shows_its_equation(page):
    page.go("book/06_entropy.html")
    link = page.tab.locator(REFERENCE).first
    link.focus()
    page.tab.keyboard.press("Shift+Tab")
    page.tab.keyboard.press("Tab")
    assert card(page).startswith("(19) ")
    page.tab.keyboard.press("Tab")
    page.tab.wait_for_function(
        "link => !link.hasAttribute('aria-describedby')", arg=link.element_handle()
    )


def test_a_formula_that_has_the_focus_lists_its_symbols(page):
    page.go("book/05_energy.html")
    page.tab.locator("#equation-18 a.headerlink").focus()
    page.tab.keyboard.press("Tab")
    text = card(page)
    for meaning in (
        "energy after collective dissipation",
        "number of multiplets",
        "number of spins",
    ):
        assert meaning in text
    assert text.count("number of spins") == 1


def pointed(visit, place, formula, part):
    """What the card says of a part of a formula."""
    visit.go(f"book/{place}.html")
    visit.tab.locator(f"{formula} mjx-container {part}").first.hover()
    return card(visit)


@pytest.mark.parametrize(
    ("place", "formula", "part", "meaning"),
    [
        ("05_energy", "#equation-18", "mjx-msubsup", "energy after collective dissipation"),
        # Its index by itself is a symbol, too; the whole counts.
        ("05_energy", "#equation-18", "mjx-msubsup mjx-script", "energy after collective"),
        ("05_energy", "#equation-25", "mjx-mi:has(> .mjx-c1D460)", "size of each spin"),
        ("08_applications", "#equation-49", "mjx-mi:has(> .mjx-c1D706)", "level spacing"),
        ("appendix_i_apparent_temperature", "p", "mjx-mi:has(> .mjx-c1D706)", "mixed in"),
    ],
)
def test_a_symbol_says_what_it_means_on_its_page(page, place, formula, part, meaning):
    assert meaning in pointed(page, place, formula, part)


def test_a_letter_with_a_prime_is_another_symbol(page):
    page.go("book/appendix_c_energy_derivative.html")
    letter = page.tab.locator("#equation-c5 mjx-msup:has(.mjx-c2032) > mjx-mi").first
    assert letter.locator(".mjx-c1D43D").count() == 1  # J, of which there is a card elsewhere
    letter.hover()
    page.tab.wait_for_timeout(500)
    assert not page.tab.locator("#edition-card").is_visible()
    assert "total spin" in pointed(
        page, "appendix_c_energy_derivative", "p", "mjx-math > mjx-mi:only-child:has(.mjx-c1D43D)"
    )


def test_a_tap_on_a_symbol_shows_its_card(page):
    page.go("book/05_energy.html")
    with page.on_a_phone():
        symbol = page.tab.locator("article p mjx-container mjx-msub").first
        symbol.scroll_into_view_if_needed()
        symbol.dispatch_event("click")
        card(page)


def test_only_formulas_on_their_own_line_are_stops_of_the_tab_key(page):
    page.go("book/05_energy.html")
    stops = "document.querySelectorAll('mjx-container[tabindex]')"
    lone = "document.querySelectorAll('mjx-container[display]')"
    assert page.tab.evaluate(f"[...{stops}].every(e => e.hasAttribute('display'))")
    assert page.tab.evaluate(f"{stops}.length === {lone}.length")


def test_a_card_stays_on_the_screen_of_a_phone(page):
    page.go("book/06_entropy.html")
    with page.on_a_phone():
        page.tab.locator(REFERENCE).first.hover()
        card(page)
        left, right = page.tab.locator(SHOWN).evaluate(
            "e => [e.getBoundingClientRect().left, e.getBoundingClientRect().right]"
        )
        assert 0 <= left < right <= 375
        assert page.tab.evaluate("document.documentElement.scrollWidth") == 375


def test_paper_has_no_cards(page):
    point_at_reference(page)
    card(page)
    page.tab.emulate_media(media="print")
    assert not page.tab.locator("#edition-card").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_a_card(page, scheme):
    page.tab.emulate_media(color_scheme=scheme)
    point_at_reference(page)
    card(page)
    found = Axe().run(page.tab, context="#edition-card").response["violations"]
    assert [fault["id"] for fault in found if fault["impact"] in ("serious", "critical")] == []
