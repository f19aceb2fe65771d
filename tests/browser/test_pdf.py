"""The whole book, printed: what a reader of the PDF meets."""

import json
import re
import subprocess
import sys

import pytest
import yaml
from bs4 import BeautifulSoup
from pypdf import PdfReader

from edition.project import Project


@pytest.fixture(scope="module")
def project(site):
    return Project(site.parents[1])


def press(project):
    """Print the book in a process of its own: in this one a browser may be open."""
    command = [sys.executable, "-m", "edition", "pdf", "--root", project.root]
    subprocess.run(command, check=True)
    return (project.build / "book.pdf").read_bytes()


@pytest.fixture(scope="module")
def printed(project):
    return press(project)


@pytest.fixture(scope="module")
def book(project, printed):
    return PdfReader(project.build / "book.pdf")


@pytest.fixture(scope="module")
def texts(book):
    """The text of each page, in words; a line may be broken anywhere."""
    return [" ".join(page.extract_text().split()) for page in book.pages]


@pytest.fixture(scope="module")
def chapters(project, site):
    """The article of each page of the site, by its name, as the site has it."""
    toc = yaml.safe_load((project.root / "_toc.yml").read_text("utf-8"))
    files = [c["file"] for part in toc["parts"] for c in part["chapters"]]
    names = [toc["root"], *files]
    return {
        name: BeautifulSoup((site / f"{name}.html").read_bytes(), "html.parser").article
        for name in names
    }


def titles(article, level):
    """The headings of a page without formulas, which paper spells with its own letters."""
    found = [heading for heading in article.select(level) if not heading.select(".math")]
    return [heading.get_text().removesuffix("#").strip() for heading in found]


def marks(entries):
    """Every bookmark, whatever its depth."""
    for entry in entries:
        if isinstance(entry, list):
            yield from marks(entry)
        else:
            yield entry


def annotations(book):
    return [link.get_object() for page in book.pages for link in page.get("/Annots", [])]


def spaceless(text):
    return re.sub(r"\s", "", text)


def test_the_same_site_gives_the_same_bytes(project, printed):
    assert press(project) == printed


def test_bookmarks_have_every_chapter_and_section_where_it_begins(book, texts, chapters):
    found = [(mark.title, book.get_destination_page_number(mark)) for mark in marks(book.outline)]
    assert found[0] == ("Contents", 1)
    assert [number for _, number in found] == sorted(number for _, number in found)
    for article in chapters.values():
        for title in [*titles(article, "h1"), *titles(article, "h2")]:
            pages = [texts[number] for mark, number in found if mark == title]
            assert pages, title
            assert all(spaceless(title) in spaceless(page) for page in pages), title


def test_the_table_of_contents_has_the_numbers_of_the_pages(book, texts, chapters):
    first = {mark.title: book.get_destination_page_number(mark) + 1 for mark in marks(book.outline)}
    contents = " ".join(texts[1 : first["Spins that a bath cannot tell apart"] - 1])
    for article in chapters.values():
        [title] = titles(article, "h1")
        assert f"{title} {first[title]} " in f"{contents} ", title


def test_pages_are_numbered_and_name_their_chapter(book, texts):
    assert len(texts) > 100
    place = {mark.title: book.get_destination_page_number(mark) for mark in marks(book.outline)}
    energy = place["V. Steady-state energy"]
    for number in range(energy, place["VI. Steady-state entropy"]):
        assert "V. Steady-state energy" in texts[number]
        assert re.search(rf"\b{number + 1}\b", texts[number])


def test_every_equation_is_there_under_its_number(project, texts):
    whole = " ".join(texts)
    rows = json.loads((project.build / "ledger.json").read_text("utf-8"))["equations"]
    assert len(rows) == 116
    assert [row["number"] for row in rows if f"({row['number']})" not in whole] == []


def test_formulas_are_typeset(texts, chapters):
    """TeX stands where it is quoted, in code, and nowhere else."""
    tex = re.compile(r"\\(?:frac|beta|sum|begin|mathrm|langle)|\\\(|\\\[")
    whole = spaceless("".join(texts))
    code = [block.get_text() for a in chapters.values() for block in a.select("pre, p code")]
    assert sorted(tex.findall(whole)) == sorted(tex.findall(spaceless("".join(code))))
    assert "Math input error" not in whole
    assert "ℏω" in whole


def test_nothing_is_lost(texts, chapters):
    """All checks of all pages, and the code that is folded on the screen."""
    whole = spaceless("".join(texts))
    claims = [check for article in chapters.values() for check in article.select(".check .routes")]
    assert len(claims) > 700
    # A claim that runs over the end of a page has head and number between its words.
    lost = [c for c in claims if spaceless(c.get_text()) not in whole]
    assert lost == []
    for block in chapters["book/explore"].select("details pre"):
        lines = [line for line in block.get_text().splitlines() if line.startswith("function")]
        assert lines
        assert [line for line in lines if spaceless(line) not in whole] == []


def test_links_within_the_book_lead_to_places_of_it(book, chapters):
    places = {name.lstrip("/") for name in book.named_destinations}
    leads = [str(link["/Dest"]).lstrip("/") for link in annotations(book) if "/Dest" in link]
    assert set(leads) <= places
    links = [
        link
        for article in chapters.values()
        for link in article.select("a[href]:not(.headerlink, .figure-links a)")
        if ".html" in link["href"]
    ]
    # The links of the table of contents come on top, those of the figures do not.
    assert len(links) > 1500
    assert len(leads) > len(links)
    for place in ("05_energy:equation-27", "ledger:row-27", "notation:id13"):
        assert place in leads


def test_other_links_lead_to_the_web(book):
    leads = [link["/A"]["/URI"] for link in annotations(book) if "/Dest" not in link]
    assert "https://doi.org/10.1103/PhysRevResearch.1.033192" in leads
    assert [lead for lead in leads if not lead.startswith("https://")] == []


def test_figures_are_drawn_not_painted(book, chapters):
    kinds = [
        form.get_object()["/Subtype"]
        for page in book.pages
        for form in page["/Resources"].get("/XObject", {}).values()
    ]
    assert "/Image" not in kinds
    assert sum(len(article.select("figure img")) for article in chapters.values()) > 50


def test_all_letters_are_in_the_file(book):
    fonts = [
        font.get_object()
        for page in book.pages
        for font in page["/Resources"].get("/Font", {}).values()
    ]
    assert fonts
    for font in fonts:
        if font["/Subtype"] == "/Type0":
            [inner] = font["/DescendantFonts"]
            assert "/FontFile2" in inner.get_object()["/FontDescriptor"]
        else:
            assert font["/Subtype"] == "/Type3"


def test_it_tells_nothing_of_the_machine_and_the_hour(project, printed, book):
    for trace in (b"file:", b"book.invalid", b"127.0.0.1", bytes(project.root), b"CreationDate"):
        assert trace not in printed, trace
    assert book.metadata.title == "Thermodynamics from indistinguishability: a living edition"
    assert book.metadata.author == "The authors of the living edition"
