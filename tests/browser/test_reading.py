"""What a reader does: search, follow an equation, change the light, print."""

import re
from io import BytesIO

import pytest
from pypdf import PdfReader


@pytest.fixture(params=["http", "file"])
def opened(request, visit):
    return visit(request.param)


def test_search_finds_entropy_production(opened):
    opened.go("book/index.html")
    opened.tab.keyboard.press("Control+k")
    opened.tab.keyboard.type("entropy production")
    opened.tab.keyboard.press("Enter")
    opened.tab.wait_for_url("**/search.html?q=entropy+production*")
    # The results are listed one after another.
    section = "07_free_energy_and_entropy_production.html"
    opened.tab.locator(f"#search-results li a[href*='{section}']").first.wait_for()
    opened.tab.wait_for_load_state("networkidle")
    assert opened.errors == []
    assert opened.failed == []


def in_view(tab, place):
    """Wait for an element to stand in the window, below the bar at its top."""
    tab.wait_for_function(
        """id => {
          const box = document.getElementById(id).getBoundingClientRect();
          const bar = document.querySelector(".bd-header-article").getBoundingClientRect();
          return box.top >= bar.bottom - 1 && box.top < innerHeight;
        }""",
        arg=place,
        timeout=5000,
    )


@pytest.mark.parametrize(
    "link", ["05_energy.html#equation-27", "appendix_k_inhomogeneity_interaction.html#equation-k3"]
)
def test_a_link_to_an_equation_shows_it(opened, link):
    opened.go(f"book/{link}")
    in_view(opened.tab, link.partition("#")[2])


def test_an_equation_offers_its_own_address(opened):
    opened.go("book/05_energy.html")
    opened.tab.locator("#equation-27").hover()
    opened.tab.locator("#equation-27 a.headerlink").click()
    assert opened.tab.url.endswith("05_energy.html#equation-27")


def test_a_reference_leads_to_the_equation_on_its_page(opened):
    opened.go("book/06_entropy.html")
    link = opened.tab.locator("article p a[href*='.html#equation-']").first
    place = link.get_attribute("href")
    link.click()
    opened.settle()
    assert opened.tab.url.endswith(place)
    in_view(opened.tab, place.partition("#")[2])


def test_the_folder_opens_at_the_landing_page(opened):
    opened.tab.goto(f"{opened.address}/index.html")
    opened.tab.wait_for_url("**/book/index.html")
    assert opened.failed == []


def test_the_reader_can_choose_the_light(opened):
    opened.go("book/index.html")
    seen = set()
    for _ in range(3):
        opened.tab.locator("button.theme-switch-button:visible").first.click()
        seen.add(opened.tab.evaluate("document.documentElement.dataset.theme"))
    assert seen == {"light", "dark"}


def brightness(tab, selector):
    """Red, green and blue behind an element's picture, summed; at most 765."""
    colour = tab.locator(selector).first.evaluate("e => getComputedStyle(e).backgroundColor")
    return sum(map(int, re.findall(r"\d+", colour)[:3]))


def test_figures_stand_on_a_light_card_in_the_dark(opened):
    opened.tab.emulate_media(color_scheme="dark")
    opened.go("book/05_energy.html")
    assert brightness(opened.tab, "figure img") == 765
    assert brightness(opened.tab, "body") < 200


def test_paper_has_the_text_alone(opened):
    opened.go("book/05_energy.html")
    opened.tab.emulate_media(media="print")
    for part in ("sidebar-primary", "sidebar-secondary", "header-article"):
        assert not opened.tab.locator(f".bd-{part}").first.is_visible(), part
    assert not opened.tab.locator("a.headerlink:visible").count()
    assert opened.tab.locator("figure img").first.is_visible()


def test_names_of_the_code_are_whole_in_tables(opened):
    opened.go("book/notation.html")
    names = opened.tab.locator("td code.literal .pre")
    assert names.count() > 20
    broken = "all => all.filter(e => e.getClientRects().length > 1).map(e => e.textContent)"
    assert names.evaluate_all(broken) == []


def test_a_long_table_begins_on_the_page_of_its_heading(opened):
    opened.go("book/claims.html")
    first = PdfReader(BytesIO(opened.tab.pdf())).pages[0]
    assert "What was found" in first.extract_text()


def test_code_that_was_unfolded_is_whole_on_paper(opened):
    opened.go("book/explore.html")
    opened.tab.locator("details:has(pre)").evaluate_all("all => all.map(e => (e.open = true))")
    opened.tab.emulate_media(media="print")
    code = opened.tab.locator("details pre:visible")
    assert code.count()
    assert code.evaluate_all("all => all.filter(e => e.scrollHeight > e.clientHeight)") == []


def test_paper_is_printed_as_by_day(opened):
    opened.tab.emulate_media(color_scheme="dark")
    opened.go("book/05_energy.html")
    opened.tab.evaluate(
        "addEventListener('beforeprint', () => window.printed = document.documentElement.dataset.theme)"
    )
    opened.tab.pdf()
    assert opened.tab.evaluate("window.printed") == "light"
    assert opened.tab.evaluate("document.documentElement.dataset.theme") == "dark"
