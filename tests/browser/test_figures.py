"""Every figure of every page: it can be read, taken away, and traced to its checks."""

import csv
import io
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest
from PIL import Image

# Letters of the press are at least so high in the file, in points (a tick's exponent is 7),
# and may shrink on the screen to so many pixels.
TICK, LEGIBLE = 10, 9

FIGURES = r"""() => [...document.querySelectorAll("article figure")].map(figure => {
  const [image] = figure.querySelectorAll("img");
  const line = figure.nextElementSibling;
  const box = figure.querySelector(".figure-picture");
  const [content, shown] = [image.getBoundingClientRect(), box.getBoundingClientRect()];
  return {
    id: figure.id,
    alt: image.alt,
    caption: figure.querySelector("figcaption p").textContent,
    source: image.src,
    drawn: image.complete && image.naturalWidth > 0,
    steady: image.width / image.height - image.getAttribute("width") / image.getAttribute("height"),
    scale: content.width / image.naturalWidth,
    reachable: box.scrollWidth >= Math.floor(content.width),
    inside: shown.left >= 0 && shown.right <= document.documentElement.clientWidth,
    files: [...line.querySelectorAll("a[download]")].map(a => [a.ariaLabel, a.textContent, a.href]),
    checks: [...line.querySelectorAll("li a")].map(a => a.href),
    counted: line.querySelector("summary")?.textContent,
    stray: !!line.textContent.match(/no check/),
  };
})"""


@pytest.fixture(scope="module")
def figures(visit, name):
    """The figures of a page, and the tab that shows it."""
    opened = visit()
    opened.go(f"{name}.html")
    return opened.tab, opened.tab.evaluate(FIGURES)


def test_a_figure_is_drawn_and_told(figures):
    _, found = figures
    for figure in found:
        assert figure["drawn"], figure["id"]
        assert figure["source"].endswith(".svg")
        assert abs(figure["steady"]) < 0.02, "the room that is kept for it has another shape"
        assert len(figure["alt"].split()) >= 5, figure["id"]
        assert len(figure["caption"].split()) >= 3, figure["id"]


def test_its_files_are_what_their_names_say(figures):
    tab, found = figures
    for figure in found:
        for (label, text, url), kind in zip(figure["files"], READERS, strict=True):
            answer = tab.request.get(url)
            assert answer.ok, url
            assert text.lower() == kind
            assert label.lower().startswith(f"{kind} of figure ")
            READERS[kind](answer.body())
        assert figure["files"][0][2] == figure["source"]


def svg(content):
    assert ElementTree.fromstring(content).tag == "{http://www.w3.org/2000/svg}svg"


def pdf(content):
    assert content.startswith(b"%PDF-")
    assert content.rstrip().endswith(b"%%EOF")


def png(content):
    image = Image.open(io.BytesIO(content))
    image.load()
    assert image.format == "PNG"
    assert image.width > 1000
    assert len(image.getcolors()) > 10


def table(content):
    header, *rows = csv.reader(io.StringIO(content.decode(), newline=""))
    assert len(header) > 1
    assert all(column.endswith("]") and " [" in column for column in header)
    assert len(rows) > 1
    assert {len(row) for row in rows} == {len(header)}
    assert all(any(row[k] for row in rows) for k in range(len(header)))
    assert [float(cell) for row in rows for cell in row if cell]


def notebook(content):
    assert content.lstrip().startswith(b"{")
    assert b'"image/svg+xml"' in content


READERS = {"svg": svg, "pdf": pdf, "png": png, "csv": table, "notebook": notebook}


def test_its_checks_are_there(figures):
    tab, found = figures
    pages = {}
    for figure in found:
        assert figure["checks"] or figure["stray"], figure["id"]
        assert len(set(figure["checks"])) == len(figure["checks"])
        if figure["checks"]:
            assert figure["counted"].split()[0] == str(len(figure["checks"]))
        for url in figure["checks"]:
            page, _, place = url.partition("#")
            text = pages.setdefault(page, tab.request.get(page).text())
            assert f'class="check" id="{place}"' in text, url


def test_it_is_legible_on_a_phone(figures):
    tab, _ = figures
    size = tab.viewport_size
    tab.set_viewport_size({"width": 375, "height": 812})
    found = tab.evaluate(FIGURES)
    for figure in found:
        pixels = TICK * 96 / 72 * figure["scale"]
        assert pixels >= LEGIBLE, f"{figure['id']}: letters of {pixels:.1f} px"
        assert figure["inside"]
        assert figure["reachable"]
    tab.set_viewport_size(size)


@pytest.fixture(params=["http", "file"])
def opened(request, visit):
    opened = visit(request.param)
    opened.go("book/06_entropy.html")
    return opened


def test_the_keyboard_unfolds_the_checks_and_follows_one(opened):
    line = opened.tab.locator("#fig05 + .figure-links")
    line.locator("a").last.evaluate("a => a.blur()")
    line.locator("a[download]").last.focus()
    opened.tab.keyboard.press("Tab")
    assert opened.tab.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert not line.locator("li a").first.is_visible()
    opened.tab.keyboard.press("Enter")
    first = line.locator("li a").first
    first.wait_for(state="visible")
    place = first.get_attribute("href").partition("#")[2]
    opened.tab.keyboard.press("Tab")
    opened.tab.keyboard.press("Enter")
    opened.tab.wait_for_url(f"**#{place}")
    assert opened.tab.evaluate("id => document.getElementById(id).className", place) == "check"


def test_a_figure_opens_at_full_size(opened):
    opened.tab.locator("#fig05 .figure-picture a").click()
    opened.tab.wait_for_url("**/figures/fig05.svg")
    assert opened.tab.evaluate("document.documentElement.tagName") == "svg"
    assert opened.failed == []


def test_a_download_keeps_its_name(visit):
    opened = visit()
    opened.go("book/06_entropy.html")
    for link in opened.tab.locator("#fig05 + .figure-links a[download]").all():
        with opened.tab.expect_download() as download:
            link.click()
        expected = unquote(urlsplit(link.get_attribute("href")).path).rpartition("/")[2]
        assert download.value.suggested_filename == expected


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_the_notebook_is_kept(visit, site, scheme):
    """From a folder too, where a browser would show it as text."""
    opened = visit(scheme)
    opened.go("book/06_entropy.html")
    with opened.tab.expect_download() as started:
        opened.tab.locator("#fig06 + .figure-links a[href$='.ipynb']").click()
    assert started.value.suggested_filename == "06_entropy.ipynb"
    kept = (site / "_sources" / "book" / "06_entropy.ipynb").read_bytes()
    assert started.value.path().read_bytes() == kept


def test_from_a_folder_every_file_is_where_the_links_lead(visit, site):
    opened = visit("file")
    opened.go("book/06_entropy.html")
    links = opened.tab.locator(".figure-links a[download]")
    addresses = links.evaluate_all("links => links.map(a => a.href)")
    assert len(addresses) == 5 * 5
    for address in addresses:
        assert address.startswith(site.as_uri())
        assert Path(unquote(urlsplit(address).path)).is_file()


def test_paper_has_no_line_of_links(opened):
    opened.tab.emulate_media(media="print")
    assert not opened.tab.locator(".figure-links").first.is_visible()
    assert opened.tab.locator("#fig05 img").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_curves_can_be_told_apart_by_day_and_by_night(visit, scheme):
    """The colours of the caption stay: orange, red and purple, on a light ground."""
    opened = visit()
    opened.tab.emulate_media(color_scheme=scheme)
    opened.go("book/08_applications.html")
    picture = opened.tab.locator("#fig09 img")
    image = Image.open(io.BytesIO(picture.screenshot())).convert("RGB")
    pixels = image.getcolors(image.width * image.height)
    ground = max(pixels)[1]
    assert min(ground) > 200
    for colour in ((224, 142, 0), (200, 40, 30), (91, 26, 133), (17, 17, 17)):
        near = [count for count, pixel in pixels if distance(pixel, colour) < 60]
        assert sum(near) > 50, colour
        assert contrast(ground, colour) > 1.8


def distance(one, other):
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5


def contrast(one, other):
    """The contrast of two colours as WCAG defines it."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour):
    parts = [c / 255 for c in colour]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
