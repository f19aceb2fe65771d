"""Pages of a site joined into one document, and what is said when they cannot be printed."""

import os
import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from edition import whole
from edition.__main__ import main
from edition.project import BuildError

ROOT = Path(__file__).parents[2]
PAGE = """<html><head><script>window.MathJax = {}</script></head><body><nav>site</nav>
<article class="bd-article"><section id="top"><h1>%s<a class="headerlink" href="#top">#</a></h1>%s
</section></article></body></html>"""
FIRST = """<p>See <a href="02_two.html#equation-18">(18)</a>, <a href="02_two.html">Two</a>,
<a href="#here">here</a><b id="here"></b>, <a href="https://example.org/">the web</a> and
<a href="../_sources/x.ipynb">a notebook</a>.</p>
<a href="../_images/x.svg"><img alt="x" src="../_images/x.svg"></a>
<details><summary>More</summary>kept</details>
<button>Copy</button><section hidden id="live">sliders</section>"""
SECOND = r'<section id="s"><h2>If \(\beta_0=\pm n\)</h2><div class="math" id="equation-18">E</div></section>'


@pytest.fixture
def root(tmp_path):
    """A project with a built site of two pages."""
    for name in ("CITATION.cff", "_config.yml"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "_toc.yml").write_text(
        "format: jb-book\nroot: book/01_one\nparts:\n"
        "- caption: A part\n  chapters:\n  - file: book/02_two\n"
    )
    write(tmp_path, "01_one", PAGE % ("One", FIRST))
    write(tmp_path, "02_two", PAGE % ("Two", SECOND))
    write(tmp_path, "../index", "")
    return tmp_path


def write(root, name, text):
    file = root / "_build" / "html" / "book" / f"{name}.html"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def joined(root, home=""):
    book = whole.join(root / "_build" / "html", root / "_toc.yml", whole.about(root), "p {}", home)
    return BeautifulSoup(book.html, "html.parser"), book.chapters


def targets(document):
    return [link["href"] for link in document.select("article a")]


def test_links_lead_to_places_of_the_one_document(root):
    document, _ = joined(root)
    assert targets(document) == [
        "#02_two:equation-18",
        "#02_two",
        "#01_one:here",
        "https://example.org/",
    ]
    for place in ("02_two:equation-18", "02_two", "01_one:here"):
        assert document.find(id=place)


def test_what_is_not_in_the_book_is_linked_where_the_site_is_published(root):
    document, _ = joined(root, "https://me.github.io/book")
    assert "https://me.github.io/book/_sources/x.ipynb" in targets(document)
    assert "https://me.github.io/book/book/01_one.html" in targets(document)


def test_what_acts_or_is_hidden_gives_way_to_a_note(root):
    document, _ = joined(root)
    article = document.find(id="01_one")
    assert "sliders" not in article.get_text()
    assert "open One on the site" in article.get_text()
    assert article.select("button, .headerlink") == []
    assert article.details.has_attr("open")
    assert article.img["src"] == "/_images/x.svg"


def test_chapters_know_their_parts_and_sections(root):
    document, (one, two) = joined(root)
    assert (one.part, one.title, two.part, two.title) == ("", "One", "A part", "Two")
    [(place, heading)] = two.sections
    assert (place, whole.plain(heading)) == ("02_two:s", "If β_0=± n")
    entries = [link["href"] for link in document.select("#contents a")]
    assert entries == ["#01_one", "#02_two", "#02_two:s"]


def test_the_title_page_tells_paper_edition_and_licence(root):
    cover = joined(root)[0].find(id="cover").get_text()
    for words in ("Thermodynamics from indistinguishability", "a living edition", "C. L. Latune",
                  "doi:10.1103/PhysRevResearch.1.033192", "Edition 0.", "CC BY 4.0", "MIT"):  # fmt: skip
        assert words in cover


def test_a_link_to_no_place_stops_the_print(root):
    write(root, "02_two", PAGE % ("Two", "nothing"))
    with pytest.raises(BuildError, match=r"no place for these links: #02_two:equation-18\."):
        joined(root)


def said(root, capsys):
    """What `edition pdf` says, when it fails for something that the person can do."""
    before = sorted(root.rglob("*"))
    assert main(["pdf", "--root", str(root)]) == 2
    left = set(root.rglob("*")) - {*before, root / "_build", root / "_build" / "lock"}
    assert left == set()
    return capsys.readouterr().err


def test_without_a_site_nothing_is_printed(root, capsys):
    shutil.rmtree(root / "_build")
    assert said(root, capsys) == (
        "edition pdf: There is no built book to print: run `make book` first.\n"
    )


def test_without_chromium_it_says_what_to_install(root, capsys, monkeypatch, tmp_path_factory):
    nowhere = str(tmp_path_factory.mktemp("empty"))
    monkeypatch.setenv("PATH", nowhere)
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", nowhere)
    assert said(root, capsys) == (
        "edition pdf: Chromium is not installed: on Debian `apt install chromium`, "
        "elsewhere `playwright install chromium`.\n"
    )


@pytest.mark.parametrize("missing", ["playwright", "pypdf"])
def test_without_a_package_it_says_which_extra_to_install(root, missing, tmp_path_factory):
    import subprocess
    import sys

    run = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.modules['{missing}'] = None\n"
         f"from edition.__main__ import main; sys.exit(main(['pdf', '--root', {str(root)!r}]))"],
        env=os.environ | {"PYTHONPATH": str(ROOT / "lib")}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 2
    assert run.stderr.startswith(f"edition pdf: {missing}")
    assert run.stderr.endswith("is not installed: install the extra `browser`.\n")
    assert not (root / "_build" / "book.pdf").exists()
