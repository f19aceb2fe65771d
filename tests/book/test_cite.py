"""The page that says how to cite, and whose work is in the site; the list of references."""

import re
from fnmatch import fnmatch
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from pybtex.database import parse_file

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def page(build):
    return BeautifulSoup((build / "html" / "book" / "cite.html").read_bytes(), "html.parser")


def test_both_works_are_there_to_be_copied(page):
    entries = [block.get_text() for block in page.select("div.highlight-bibtex pre")]
    assert [entry.partition("{")[0] for entry in entries] == ["@article", "@misc"]
    assert "10.1103/PhysRevResearch.1.033192" in entries[0]
    prose = " ".join(part.get_text() for part in page.select("article p"))
    assert "Latune, C. L., Sinayskiy, I., & Petruccione, F. (2019)." in prose
    assert "The authors of the living edition. (" in prose
    assert "{{" not in prose


def test_whoever_made_a_file_of_the_site_is_named(build, page):
    """Every file that is not the book's own stands in the table, and nothing else does."""
    static = build / "html" / "_static"
    own = {file.name for file in (ROOT / "book" / "_static").iterdir()} | {"cards-data.js"}
    files = {f.relative_to(static).as_posix() for f in static.rglob("*") if f.is_file()} - own
    table = page.select("table")[-1]
    patterns = [code.get_text() for code in table.select("td:nth-of-type(2) code")]
    assert [f for f in sorted(files) if not any(fnmatch(f, p) for p in patterns)] == []
    assert [p for p in patterns if not any(fnmatch(f, p) for f in files)] == []


def test_mathjax_is_the_version_that_the_page_names(build, page):
    version = re.search(r"MathJax (\d+\.\d+\.\d+)", page.select_one("article").get_text())[1]
    assert f'"{version}"' in (build / "html/_static/mathjax/tex-chtml.js").read_text("utf-8")


def test_every_work_is_cited_and_can_be_found(build):
    html = (build / "html" / "book" / "notation.html").read_bytes()
    shown = BeautifulSoup(html, "html.parser").select(".citation")
    links = {a["href"] for work in shown for a in work.select("a[href^=https]")}
    listed = parse_file(ROOT / "book" / "references.bib").entries
    assert len(shown) == len(listed)
    for key, entry in listed.items():
        if "doi" in entry.fields:
            assert f"https://doi.org/{entry.fields['doi']}" in links, key
        elif "eprint" in entry.fields:
            assert f"https://arxiv.org/abs/{entry.fields['eprint']}" in links, key
        else:
            assert entry.type == "book", key
