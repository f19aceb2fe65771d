"""A small book, built once as the real one is, and what must stop a build."""

import json
import re
import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from edition import mathjax, site, stage
from edition.project import BuildError
from edition.verify import CHECK

ROOT = Path(__file__).parents[2]
SVG = '<svg width="{}pt" height="9pt" xmlns="http://www.w3.org/2000/svg"/>'
WIDTHS = {"fig05": 30, "of-ours": 60, "x": 90}


def figure(name):
    alt = f"A line that rises, {name}."
    note = {"figure": name, "caption": f"About {name}.", "alt": alt}
    return {
        "output_type": "display_data",
        "data": {"image/svg+xml": SVG.format(WIDTHS[name]), "text/plain": name},
        "metadata": {"edition": note},
    }


def check(claim, equation="18"):
    record = {
        "equation": equation,
        "claim": claim,
        "relation": "==",
        "routes": ["closed form", "sum over m"],
        "residual": 1e-16,
        "tolerance": 1e-12,
        "passed": True,
    }
    return {
        "output_type": "display_data",
        "data": {"text/plain": f"✓ (18) {claim}: residual 1e-16, tolerance 1e-12", CHECK: record},
        "metadata": {},
    }


def out_of_reach(claim, because):
    return {
        "output_type": "display_data",
        "data": {
            "text/plain": f"– Sec. V B {claim}: not applicable here, {because}",
            CHECK: {"claim": f"{claim}.", "because": because, "passed": None},
        },
        "metadata": {},
    }


def markdown(name, text):
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": text}


def code(name, source, *outputs):
    return {
        "cell_type": "code",
        "id": name,
        "metadata": {},
        "execution_count": 1,
        "source": source,
        "outputs": list(outputs),
    }


def write_notebook(root, stem, *cells):
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = {
        "cells": list(cells),
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path = root / "_build" / "executed" / f"{stem}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), "utf-8")


def write_book(root):
    """Write a book of two notebooks, with the real configuration."""
    (root / "book").mkdir(parents=True)
    shutil.copy(ROOT / "_config.yml", root)
    shutil.copytree(ROOT / "book" / "_static", root / "book" / "_static")
    figures = root / "_build" / "figures"
    figures.mkdir(parents=True)
    for name in ("fig05", "of-ours"):
        (figures / f"{name}.svg").write_text(SVG.format(WIDTHS[name]) + "\n")
        for kind in ("pdf", "png", "csv"):
            (figures / f"{name}.{kind}").write_text(f"{kind} of {name}")
    (root / "_toc.yml").write_text(
        "format: jb-book\nroot: book/index\nchapters:\n- file: book/01_one\n- file: book/02_two\n"
    )
    (root / "book" / "references.bib").write_text(
        "@article{one, author={A. One}, title={T}, journal={J}, year=2019}\n"
    )
    (root / "book" / "index.md").write_text(
        "# Book\n\nSee {eq}`A3`, {numref}`fig05`, {cite:t}`one`.\n\n```{bibliography}\n```\n"
    )
    write_notebook(
        root,
        "01_one",
        markdown("aaaaaaaa", "# One\n\n$$\nE = 1\n$$ (18)\n\n$$\nx = 2\n$$\n"),
        code("bbbbbbbb", "draw()", figure("fig05"), check("0 < 1 & so on")),
        code("cccccccc", "draw_ours()", check("before"), figure("of-ours")),
    )
    write_notebook(
        root,
        "02_two",
        markdown("dddddddd", "# Two\n\nAs {eq}`18` says.\n\n$$\nS = 1\n$$ (A3)\n"),
        code(
            "eeeeeeee", "check()", check("first", "Fig. 5"), out_of_reach("It halves", "it is < 2.")
        ),
    )


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    root = tmp_path_factory.mktemp("a book")
    write_book(root)
    site.build(root)
    return root


@pytest.fixture
def draft(book, tmp_path):
    """A copy of the book with its good site, to be spoilt."""
    return shutil.copytree(book, tmp_path / "draft")


def page(root, name):
    html = (root / "_build" / "html" / f"{name}.html").read_text("utf-8")
    return BeautifulSoup(html, "html.parser")


def test_equations_carry_the_papers_numbers(book):
    one = page(book, "book/01_one")
    numbers = [e.find(string=True) for e in one.select(".eqno")]
    assert numbers == ["(18)"]
    assert len(one.select("div.math")) == 2  # the second has no number
    assert page(book, "book/02_two").select_one(".eqno").find(string=True) == "(A3)"


def test_references_show_the_papers_numbers(book):
    links = page(book, "book/index").select("p a.reference.internal")
    assert [link.get_text() for link in links][:2] == ["(A3)", "Fig. 5"]
    assert [link["href"] for link in links][:2] == ["02_two.html#equation-a3", "01_one.html#fig05"]


def test_only_figures_of_the_paper_are_numbered(book):
    captions = [c.get_text() for c in page(book, "book/01_one").select("figcaption p")]
    assert [c.rstrip("#") for c in captions] == ["Fig. 5 About fig05.", "About of-ours."]


def test_figures_have_alternative_text(book):
    images = page(book, "book/01_one").select("figure img")
    assert [i["alt"] for i in images] == [
        "A line that rises, fig05.",
        "A line that rises, of-ours.",
    ]


def test_a_picture_is_the_file_that_can_be_downloaded(book):
    images = page(book, "book/01_one").select("figure img")
    assert [i["src"] for i in images] == ["../figures/fig05.svg", "../figures/of-ours.svg"]
    assert [(i["width"], i["height"]) for i in images] == [("40", "12"), ("80", "12")]
    html = book / "_build" / "html"
    assert not list(html.glob("_images/*.svg"))
    for file in (book / "_build" / "figures").iterdir():
        assert (html / "figures" / file.name).read_bytes() == file.read_bytes()


def test_below_a_figure_are_its_files_its_notebook_and_its_checks(book):
    first, second = page(book, "book/01_one").select("figure + .figure-links")
    assert [link["href"] for link in first.select("a[download]")] == [
        *[f"../figures/fig05.{kind}" for kind in ("svg", "pdf", "png", "csv")],
        "../_sources/book/01_one.ipynb",
    ]
    assert first.select_one("a")["aria-label"] == "SVG of figure 5"
    assert second.select_one("a")["aria-label"] == "SVG of figure of-ours"
    assert first.summary.get_text() == "3 checks of figure 5"
    assert [link["href"] for link in first.select("li a")] == [
        "../book/02_two.html#check-eeeeeeee-1",
        "../book/01_one.html#check-bbbbbbbb-1",
        "../book/01_one.html#check-cccccccc-1",
    ]
    assert second.summary.get_text() == "2 checks of figure of-ours"


def test_what_no_browser_needs_is_not_in_the_site(book):
    static = book / "_build" / "html" / "_static"
    names = {file.name for file in static.rglob("*")}
    assert not [name for name in names if name.endswith((".map", ".ttf"))]
    assert names >= {"fa-solid-900.woff2", "pydata-sphinx-theme.css", "tex-chtml.js"}
    assert "sourceMappingURL" not in (static / "scripts" / "bootstrap.js").read_text("utf-8")
    styles = (static / "styles" / "pydata-sphinx-theme.css").read_text("utf-8")
    assert ".woff2" in styles
    assert not re.search(r"\.ttf|sourceMappingURL", styles)
    assert not page(book, "book/01_one").select("script[src*=fontawesome]")


def test_a_figure_does_not_swallow_its_neighbours(book):
    one = page(book, "book/01_one")
    assert not one.select("figure .check")
    assert [c.get_text() for c in one.select(".check")] == [
        "✓ (18) 0 < 1 & so on.closed form against sum over m: residual 1e-16, tolerance 1e-12",
        "✓ (18) before.closed form against sum over m: residual 1e-16, tolerance 1e-12",
    ]
    assert [c.get_text().strip() for c in one.select(".cell_input pre")] == [
        "draw()",
        "draw_ours()",
    ]


def test_a_check_can_be_linked_to_and_a_claim_out_of_reach_says_why(book):
    two = page(book, "book/02_two")
    assert [c["id"] for c in two.select(".check")] == ["check-eeeeeeee-1", "check-eeeeeeee-2"]
    assert two.select(".check")[1].get_text() == (
        "– Sec. V B It halves.Not applicable here: it is < 2."
    )


def test_index_opens_the_book(book):
    refresh = page(book, "index").select_one("meta[http-equiv=Refresh]")
    assert refresh["content"].endswith("url=book/index.html")


def test_the_notebook_to_download_is_the_one_that_was_run(book):
    link = page(book, "book/01_one").select_one("a[href$='01_one.ipynb']")
    sources = book / "_build" / "html" / "book"
    download = (sources / link["href"]).resolve().read_bytes()
    assert download == (book / "_build" / "executed" / "01_one.ipynb").read_bytes()


def test_mathjax_is_in_the_site(book):
    script = page(book, "book/01_one").select_one("script[src*=mathjax]")["src"]
    assert script == "../_static/mathjax/tex-chtml.js"
    fonts = book.glob("_build/html/_static/mathjax/output/chtml/fonts/woff-v2/*.woff")
    assert len(list(fonts)) >= 20


def test_nothing_is_done_when_nothing_changed(book, monkeypatch):
    monkeypatch.setattr(site, "_compile", None)
    assert site.build(book) == book / "_build" / "html" / "index.html"


@pytest.mark.parametrize("name", ["_config.yml", "_toc.yml", "book/index.md"])
def test_a_changed_source_changes_the_fingerprint(book, tmp_path, name):
    files = stage.inputs(book)
    before = site._fingerprint(files)
    changed = tmp_path / "changed"
    changed.write_bytes(files[name].read_bytes() + b"\n")
    assert site._fingerprint(files | {name: changed}) != before


def spoil(root, name, text):
    with (root / name).open("a", encoding="utf-8") as file:
        file.write(text)


def refused(root):
    """Build a spoilt book; return why it was refused, after looking at what is left."""
    public = root / "_build" / "html"
    before = {file: file.read_bytes() for file in public.rglob("*") if file.is_file()}
    with pytest.raises(site.SiteError) as error:
        site.build(root)
    after = {file: file.read_bytes() for file in public.rglob("*") if file.is_file()}
    assert after == before
    assert str(root) not in str(error.value)
    return str(error.value).splitlines()


def test_warnings_stop_the_build(draft):
    spoil(
        draft,
        "book/index.md",
        "\n$$\ny = 3\n$$ (18)\n\n$$\ny = 3\n$$ (56)\n\nSee {eq}`17`, {numref}`of-ours`."
        "\n\n![No](no.svg)\n",
    )
    path = draft / "_build" / "executed" / "01_one.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    notebook["cells"].append(markdown("eeeeeeee", "Fine.\n\nSee {eq}`19`."))
    path.write_text(json.dumps(notebook), "utf-8")

    headline, *lines = refused(draft)

    assert headline == "jupyter-book refused:"
    for problem in (
        "duplicate label of equation 18",
        "equation label '56' is not one of the paper's",
        "equation not found: 17",
        "of-ours",
        "image file not readable: book/no.svg",
        r"book/01_one\.ipynb, cell 4, line 3: WARNING: equation not found: 19",
    ):
        assert any(re.search(problem, line) for line in lines), problem
    assert len(lines) == 6


def test_a_check_that_the_page_lost_stops_the_build(draft, monkeypatch):
    monkeypatch.setattr(stage, "_dress_check", lambda *_: figure("x") | {"metadata": {}})
    with (draft / "book" / "index.md").open("a") as index:
        index.write("More.\n")
    with pytest.raises(site.SiteError, match=r"02_two.html: shows 0 checks, but .* has 2"):
        site.build(draft)


def test_faults_that_only_the_page_shows_stop_the_build(draft):
    spoil(draft, "book/index.md", '\n\\begin{align} y = 3 \\end{align}\n\n<img src="x.svg">\n')
    headline, *lines = refused(draft)
    assert headline == "the built pages have 3 faults:"
    assert [line.partition(": ")[0].strip() for line in lines] == ["book/index.html"] * 3


def test_a_site_that_was_being_replaced_is_recovered(draft, monkeypatch):
    monkeypatch.setattr(site, "_compile", None)
    public = draft / "_build" / "html"
    public.rename(public.with_name("html.old"))
    assert site.build(draft).exists()
    assert not public.with_name("html.old").exists()


def test_a_site_without_mathjax_is_refused(draft, monkeypatch):
    monkeypatch.setattr(mathjax.importlib.util, "find_spec", lambda name: None)
    spoil(draft, "book/index.md", "\nMore.\n")
    with pytest.raises(BuildError, match="sphinx-mathjax-offline"):
        site.build(draft)
