"""The audit finds each thing that a reader must never meet, and nothing else."""

import pytest

from edition import audit as rules
from edition.audit import audit

LINE = """<div class="figure-links">
<a href="figures/a.svg" download>SVG</a> <a href="figures/a.pdf" download>PDF</a>
<a href="figures/a.png" download>PNG</a> <a href="figures/a.csv" download>CSV</a>
<a href="figures/a.ipynb" download>notebook</a>
<details><summary>1 check</summary><ul><li><a href="#here">a claim</a></li></ul></details></div>"""
FIGURE = """<figure id="fig05"><img src="_static/a.svg" alt="A curve that rises and falls.">
<figcaption><p><span class="caption-number">Fig. 5 </span>Energy.</p></figcaption></figure>"""

GOOD = """<!DOCTYPE html>
<html><head>
<link rel="stylesheet" href="_static/a.css?v=1">
<link rel="canonical" href="https://example.org/page.html">
<link rel="next" href="https://example.org/next.html">
<script src="_static/a.js"></script>
<script>window.MathJax = {"tex": {"macros": {"Tr": "\\\\operatorname{Tr}"}}}</script>
<script>let names = "http://www.w3.org/2000/svg"; // a comment</script>
</head><body>
<div class="math" id="equation-18"><span class="eqno">(18)<a href="#equation-18">#</a>
</span>\\[\\begin{split} E \\end{split}\\]</div>
<div class="math">\\[S\\]</div> <span class="math">\\(\\Tr \\rho\\)</span>
<p><a class="reference internal" href="other.html#equation-a3">(A3)</a>
<a class="reference internal" href="#equation-18">the energy</a>
<a href="https://doi.org/10.1103/x">paper</a> <a href="mailto:a@b.org">post</a>
<a href="#here">here</a> <a name="here"></a><a href="other.html#%C3%A9">there</a>
<a href="#">top</a> <a href="data/a%20b.csv#row=1">row</a> <a href="data/a%20b.csv">data</a></p>
FIGURE
LINE
<figure id="of-ours"><a href="other.html">
<img src="data:image/png;base64,AA==" alt="Another line, which falls only."></a>
<figcaption><p>Entropy.</p></figcaption></figure>
<div class="figure-links"><a href="figures/a.svg" download>SVG</a>
<a href="figures/a.pdf" download>PDF</a> <a href="figures/a.png" download>PNG</a>
<a href="figures/a.csv" download>CSV</a> <a href="figures/a.ipynb" download>notebook</a>
<span>no check rests on it</span></div>
<svg aria-hidden="true"></svg><svg><title>Named</title></svg>
<pre>$$ and \\begin{align} are code here</pre>
</body></html>
""".replace("FIGURE", FIGURE).replace("LINE", LINE)


@pytest.fixture
def site(tmp_path):
    files = {
        "page.html": GOOD,
        "other.html": "<p id='equation-a3'>Other</p><p id='é'>There</p>",
        "_static/a.css": "/* url(gone.png) */ a { background: url('a.svg') }",
        "_static/a.js": "fetch('a.svg'); const ns = 'http://www.w3.org/1999/xhtml';",
        "_static/a.svg": "<svg/>",
        "_static/webpack-macros.html": "{% macro %}<img src='gone.png'>",
        "data/a b.csv": "1",
        **{f"figures/a.{kind}": "1" for kind in ("svg", "pdf", "png", "csv", "ipynb")},
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, "utf-8")
    return tmp_path


def spoil(site, html):
    (site / "page.html").write_text(GOOD.replace("</body>", html + "</body>"), "utf-8")
    return audit(site, ["page", "other"])


def test_a_good_site_has_no_faults(site):
    assert audit(site, ["page", "other"]) == []


def test_a_missing_page_is_found(site):
    assert audit(site, ["page", "gone"]) == ["gone.html: missing"]


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        # outputs
        ('<div class="output traceback">Oh</div>', "a cell shows an error"),
        ('<div class="output stderr">Oh</div>', "a cell shows an error or a warning"),
        ("<pre>Traceback (most recent call last):</pre>", "shows a traceback"),
        # images
        ('<img src="_static/a.svg">', "<img> _static/a.svg has no alternative text"),
        ('<img src="_static/a.svg" alt=" ">', "has no alternative text"),
        ("<svg><path/></svg>", "<svg>  has no alternative text"),
        ('<object type="image/svg+xml" data="_static/a.svg"></object>', "<object>"),
        # numbers
        (
            '<div class="math" id="equation-19"><span class="eqno">(1)</span>\\[E\\]</div>',
            "equation number (1) stands at another equation",
        ),
        (
            '<div class="math" id="equation-1"><span class="eqno">(56)</span>\\[E\\]</div>',
            "equation number (56) is not one of the paper's",
        ),
        (
            '<div class="math" id="equation-a3"><span class="eqno">(a3)</span>\\[E\\]</div>',
            "equation number (a3) is not one of the paper's",
        ),
        (
            '<div class="math" id="equation-1"><span class="eqno">()</span>\\[E\\]</div>',
            "equation number () is not one of the paper's",
        ),
        (
            '<a class="reference internal" href="#equation-18">(17)</a>',
            "reference (17) leads to #equation-18",
        ),
        (
            '<figure id="fig06"><span class="caption-number">Fig. 1 </span></figure>',
            "fig06 is numbered 'Fig. 1'",
        ),
        (
            '<figure id="ours"><span class="caption-number">Fig. 1 </span></figure>',
            "ours is numbered 'Fig. 1'",
        ),
        (
            '<table id="t"><caption><span class="caption-number">Table 1</span>',
            "t is numbered 'Table 1'",
        ),
        ('<div class="math">\\[E \\tag{7}\\]</div>', "\\tag{7} inside a formula"),
        # what a figure offers
        (FIGURE, "fig05 does not offer .svg, .pdf, .png, .csv, .ipynb"),
        (FIGURE + LINE.replace(".pdf", ".svg"), "fig05 does not offer .pdf"),
        (FIGURE + LINE.replace('.csv" download', '.csv"'), "fig05 does not offer .csv"),
        (FIGURE + LINE.replace("details", "div"), "fig05 does not tell its checks"),
        (FIGURE + LINE.replace("figures/a.png", "figures/b.png"), "links to figures/b.png"),
        (FIGURE.replace("that rises and", "") + LINE, "fig05 tells in fewer than 5 words"),
        (
            "<figure><img src='_static/a.svg' alt='A curve that rises and falls.'></figure>" + LINE,
            "a figure has no caption",
        ),
        # TeX
        ("<p>\\begin{align} E \\end{align}</p>", "TeX that is not typeset"),
        ("<p>$$ E $$</p>", "TeX that is not typeset: '$$ E $$'"),
        # formulas
        (
            '<div class="math">\\[\\frac{1}\\]</div>',
            "Missing argument for \\frac: '\\\\[\\\\frac{1}",
        ),
        ('<span class="math">\\(\\tr \\rho\\)</span>', "Undefined control sequence \\tr"),
        ('<span class="math">\\({a\\)</span>', "Extra open brace or missing close brace"),
        ('<div class="math">\\[\\left( a\\]</div>', "Extra \\left or missing \\right"),
        ('<div class="math">\\[\\begin{split} a\\]</div>', "Missing \\end{split}"),
        ('<span class="math">a</span>', "a formula without delimiters: 'a'"),
        # other hosts
        ('<script src="https://h.org/a.js"></script>', "from another host"),
        ('<script src="//h.org/a.js"></script>', "//h.org/a.js from another host"),
        ('<link rel="stylesheet" href="https://h.org/a.css">', "from another host"),
        ('<link rel="preconnect" href="https://h.org">', "from another host"),
        ('<img alt="a" src="https://h.org/a.png">', "from another host"),
        (
            '<img alt="a" src="_static/a.svg" srcset="_static/a.svg 1x, //h.org/b 2x">',
            "loads //h.org/b from another host",
        ),
        ('<iframe src="https://h.org"></iframe>', "from another host"),
        ('<object data="https://h.org/a.svg"></object>', "from another host"),
        ('<video poster="https://h.org/a.png"></video>', "from another host"),
        ('<svg aria-hidden="true"><use href="https://h.org/a#b"/></svg>', "h.org/a#b"),
        ('<p style="background: url(https://h.org/a.png)">', "from another host"),
        ("<style>@import 'https://h.org/a.css'</style>", "from another host"),
        (
            '<meta http-equiv="Refresh" content="0; url=https://h.org/">',
            "loads https://h.org/ from another host",
        ),
        ('<script>load("https://h.org/a.js")</script>', "a script contains https://h"),
        ("<script>load('//h.org/a.js')</script>", "a script contains //h.org/a.js"),
        ("<script>connect(`wss://h.org/s`)</script>", "a script contains wss://h.org"),
        # missing files
        ('<img alt="a" src="gone.png">', "loads gone.png, which is missing"),
        ('<script src="gone.js"></script>', "loads gone.js, which is missing"),
        ('<a href="gone.html#here">gone</a>', "links to gone.html#here, which is"),
        ('<a href="other.html#gone">x</a>', "other.html#gone, a place that is not there"),
        ('<a href="#gone">x</a>', "links to #gone, a place that is not there"),
        ('<a href="page.html#gone">x</a>', "links to page.html#gone, a place"),
        ('<a href="/page.html">page</a>', "links to /page.html, which is missing"),
        ('<a href="../outside.html">out</a>', "../outside.html, which is missing"),
        ("<p style=\"background: url('gone.png')\">", "loads gone.png"),
    ],
)
def test_a_fault_in_a_page_is_found(site, html, fault):
    found = spoil(site, html)
    assert len(found) == 1
    assert found[0].startswith("page.html: ")
    assert fault in found[0]


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("b.css", "@import url(https://h.org/a.css);", "loads https://h.org/a.css from"),
        ("b.css", "@font-face { src: url(//h.org/f.woff2) }", "from another host"),
        ("b.css", "a { background: url(gone.png) }", "loads gone.png, which is missing"),
        ("b.js", 'import("https://cdn.h.org/a.mjs")', "https://cdn.h.org/a.mjs"),
        ("b.js", 'const URL = "https://unpkg.com/thebe@1/i.js"', "https://unpkg.com"),
    ],
)
def test_a_fault_in_a_style_or_script_is_found(site, name, content, fault):
    (site / "_static" / name).write_text(content, "utf-8")
    found = audit(site, ["page", "other"])
    assert len(found) == 1
    assert found[0].startswith(f"_static/{name}: ")
    assert fault in found[0]


def test_a_heavy_page_is_found(site):
    (site / "heavy.svg").write_text("<svg/>" + " " * 600_000, "utf-8")
    (site / "_static" / "b.js").write_text(" " * 2_000_000, "utf-8")
    heavy = '<img src="heavy.svg" alt="A"><script src="_static/b.js"></script>'
    assert spoil(site, heavy + heavy + " " * 300_000) == []
    [fault] = spoil(site, heavy + " " * 399_000)
    assert fault == "page.html: weighs 1.00 MB with its figures, more than 1 MB"


def test_a_heavy_site_is_found(site, monkeypatch):
    weight = sum(file.stat().st_size for file in site.rglob("*") if file.is_file())
    monkeypatch.setattr(rules, "SITE_BYTES", weight)
    assert audit(site, ["page"]) == []
    monkeypatch.setattr(rules, "SITE_BYTES", weight - 1)
    assert [fault[:16] for fault in audit(site, ["page"])] == ["the site weighs "]


def test_the_limits_are_those_of_a_phone():
    assert (rules.PAGE_BYTES, rules.SITE_BYTES) == (1_000_000, 25_000_000)


def test_all_faults_are_reported_at_once(site):
    found = spoil(site, '<img src="gone.png"><p>$$</p><a href="gone.html">x</a>')
    assert len(found) == 4
