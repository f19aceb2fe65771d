"""Read the built site as a browser would, and list what a reader must never meet.

Sphinx warns about its own sources only. A traceback inside an output, an image
without words, a number that is not the paper's, a script from another host or a
missing file, a link to no place, a formula that MathJax refuses, a figure that cannot be
downloaded and a page too heavy for a phone all pass it in silence; they are found here, in
the HTML itself.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag

from edition.mathjax import refusal
from edition.numbering import EQUATIONS, FIGURES, equation_id
from edition.source import code_cells
from edition.verify import recorded_checks

# Attributes through which an element loads something while the page loads.
LOADS = {
    "audio": ("src",),
    "embed": ("src",),
    "iframe": ("src",),
    "image": ("href", "xlink:href"),
    "img": ("src", "srcset"),
    "input": ("src",),
    "link": ("href",),
    "object": ("data",),
    "script": ("src",),
    "source": ("src", "srcset"),
    "track": ("src",),
    "use": ("href", "xlink:href"),
    "video": ("src", "poster"),
}
# A link of these kinds names another page; the browser does not fetch it.
NAMING_LINKS = {
    "alternate",
    "author",
    "canonical",
    "help",
    "index",
    "license",
    "next",
    "prev",
    "search",
}

CSS_LOAD = re.compile(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""")
CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# A formula as Sphinx writes it, and the settings that MathJax finds on its page.
FORMULA = re.compile(r"\\\((?P<inline>.*)\\\)|\\\[(?P<display>.*)\\\]", re.DOTALL)
SETTINGS = re.compile(r"window\.MathJax = (\{.*\})")
URL_IN_SCRIPT = re.compile(r"""["'`]((?:https?:|wss?:)?//\w[\w-]*\.[^"'`\s\\]+)""")
# XML namespaces are names. MathJax links to its home page from its menu, and has
# fallbacks for the speech engine that its copy in the site makes unnecessary.
HARMLESS_URL = re.compile(
    r"http://www\.w3\.org/|https://www\.mathjax\.org|"
    r"https://cdn\.jsdelivr\.net/npm/(speech-rule-engine|sre-mathmaps-ie|wicked-good-xpath)@"
)


# The most bytes of a page with what it alone loads, and of the site.
PAGE_BYTES, SITE_BYTES = 1_000_000, 25_000_000
# What all pages load is fetched once.
SHARED = ("_static/", "searchindex.js")

# Files of a figure, as its links offer them, and the fewest words that tell what is seen.
OFFERED = (".svg", ".pdf", ".png", ".csv", ".ipynb")
WORDS = 5


def audit(site: Path, pages: Iterable[str]) -> list[str]:
    """List everything that is wrong with a built site.

    Parameters
    ----------
    site : Path
        Folder of the site.
    pages : iterable of str
        The pages that must be there, relative to `site` and without ``.html``.

    Returns
    -------
    list of str
        One sentence per violation, page first; empty when the site is good.
    """
    missing = [f"{p}.html: missing" for p in pages if not (site / f"{p}.html").exists()]
    found = [
        f"{file.relative_to(site).as_posix()}: {problem}"
        for pattern, rule in (("*.html", _page), ("*.css", _sheet), ("*.js", _script))
        for file in sorted(site.rglob(pattern))
        if not _is_template(file)
        for problem in rule(site, file)
    ]
    return missing + list(dict.fromkeys(found)) + list(_check_site(site))


def _is_template(file: Path) -> bool:
    """Tell the themes' own macros, which are no pages, from the rest."""
    return file.name.endswith("webpack-macros.html")


def _page(site: Path, file: Path) -> Iterator[str]:
    """Check one page by every rule."""
    page = BeautifulSoup(file.read_bytes(), "html.parser")
    for rule in RULES:
        yield from rule(page)
    yield from _check_loads(page, site, file)
    yield from _check_links(page, site, file)
    yield from _check_whole(page, site, file)
    yield from _check_weight(page, site, file)


def _check_whole(page: Tag, site: Path, file: Path) -> Iterator[str]:
    """Every cell and every check of a notebook is on its page."""
    source = (site / "_sources" / file.relative_to(site)).with_suffix(".ipynb")
    if not source.exists():
        return
    executed = json.loads(source.read_text("utf-8"))
    for what, shown, expected in (
        ("code cells", "div.cell_input", len(code_cells(executed))),
        ("checks", "div.check", len(recorded_checks(executed))),
    ):
        if (found := len(page.select(shown))) != expected:
            yield f"shows {found} {what}, but its notebook has {expected}"


def _check_weight(page: Tag, site: Path, file: Path) -> Iterator[str]:
    """A page is light, with all that it alone loads."""
    loaded = ((file.parent / unquote(urlsplit(url).path)).resolve() for url in _loads(page))
    own = {path for path in loaded if path.is_file() and path.is_relative_to(site.resolve())}
    shared = {p for p in own if p.relative_to(site.resolve()).as_posix().startswith(SHARED)}
    weight = sum(path.stat().st_size for path in {file.resolve()} | own - shared)
    if weight > PAGE_BYTES:
        yield f"weighs {weight / 1e6:.2f} MB with its figures, more than {PAGE_BYTES / 1e6:.0f} MB"


def _check_site(site: Path) -> Iterator[str]:
    """The site is small."""
    weight = sum(file.stat().st_size for file in site.rglob("*") if file.is_file())
    if weight > SITE_BYTES:
        yield f"the site weighs {weight / 1e6:.1f} MB, more than {SITE_BYTES / 1e6:.0f} MB"


def _sheet(site: Path, file: Path) -> Iterator[str]:
    """Check what a style sheet loads."""
    for url in _css_loads(file.read_text("utf-8")):
        yield from _check_load(url, site, file)


def _script(site: Path, file: Path) -> Iterator[str]:
    """Check the addresses that a script contains."""
    return _check_script(file.read_text("utf-8"))


def check_outputs(page: Tag) -> Iterator[str]:
    """No cell shows an error."""
    text = page.get_text()
    if page.select(".cell_output .traceback, .output.traceback, .output.stderr"):
        yield "a cell shows an error or a warning"
    elif "Traceback (most recent call last)" in text:
        yield "shows a traceback"


def check_images(page: Tag) -> Iterator[str]:
    """Every image says in words what is seen."""
    for image in page.select("img, svg, object[type^='image/']"):
        words = _text(image, "alt") or _text(image, "aria-label")
        if image.name == "svg" and (_text(image, "aria-hidden") or image.title):
            continue
        if not words.strip():
            yield f"<{image.name}> {_text(image, 'src')[:80]} has no alternative text"


def check_equations(page: Tag) -> Iterator[str]:
    """An equation's number is its label, and one of the paper's."""
    for number in page.select(".eqno"):
        label = _own_text(number).strip("() \n")
        anchor = number.find_parent(id=True)
        if label not in EQUATIONS:
            yield f"equation number ({label}) is not one of the paper's"
        elif anchor is None or anchor["id"] != equation_id(label):
            yield f"equation number ({label}) stands at another equation"
    for link in page.select("a.reference[href*='#equation-']"):
        shown = re.fullmatch(r"\((\w+)\)", link.get_text().strip())
        if shown and not _text(link, "href").endswith("#" + equation_id(shown[1])):
            yield f"reference ({shown[1]}) leads to {link['href']}"


def check_figures(page: Tag) -> Iterator[str]:
    """A figure's number is the paper's, and figures of ours have none."""
    for number in page.select(".caption-number"):
        name = _text(number.find_parent(id=True) or number, "id")
        shown = number.get_text().strip()
        if shown != f"Fig. {FIGURES.get(name)}":
            yield f"{name or 'something'} is numbered {shown!r}"


def check_offers(page: Tag) -> Iterator[str]:
    """A figure tells what is seen, and below it are its files and its checks."""
    for figure in page.select("figure:has(img)"):
        name = _text(figure, "id") or "a figure"
        line = figure.find_next_sibling()
        below = line if line and "figure-links" in _text(line, "class") else Tag(name="div")
        offered = {
            Path(urlsplit(_text(a, "href")).path).suffix for a in below.select("a[download]")
        }
        if missing := [kind for kind in OFFERED if kind not in offered]:
            yield f"{name} does not offer {', '.join(missing)}"
        elif not below.select("details li a[href]") and "no check" not in below.get_text():
            yield f"{name} does not tell its checks"
        if any(len(_text(image, "alt").split()) < WORDS for image in figure.select("img")):
            yield f"{name} tells in fewer than {WORDS} words what is seen"
        if not any(caption.get_text(strip=True) for caption in figure.select("figcaption p")):
            yield f"{name} has no caption"


def check_tex(page: Tag) -> Iterator[str]:
    """TeX stands where MathJax finds it, and brings no number of its own."""
    for formula in page.select(".math"):
        tag = re.search(r"\\(?:tag|label)\b\*?\{[^}]*\}", formula.get_text())
        if tag:
            yield f"{tag[0]} inside a formula: number it by a label after its $$"
    for text in page.find_all(string=re.compile(r"\$\$|\\begin\{|\\end\{")):
        if not text.find_parent(["pre", "code", "script", "style"]) and not (
            text.find_parent(class_="math")
        ):
            yield f"TeX that is not typeset: {text.strip()[:60]!r}"


def check_formulas(page: Tag) -> Iterator[str]:
    """MathJax can typeset every formula."""
    macros = _macros(page)
    for element in page.select(".math"):
        found = FORMULA.search(element.get_text())
        display = element.name == "div"
        if not found:
            yield f"a formula without delimiters: {element.get_text().strip()[:60]!r}"
        elif message := refusal(found["inline"] or found["display"], macros, display=display):
            yield f"{message}: {found[0].strip()[:60]!r}"


def _macros(page: Tag) -> str:
    """Return the TeX macros of a page as JSON."""
    settings = (SETTINGS.search(script.get_text()) for script in page.select("script"))
    for found in filter(None, settings):
        return json.dumps(json.loads(found[1]).get("tex", {}).get("macros", {}))
    return "{}"


RULES: tuple[Callable[[Tag], Iterator[str]], ...] = (
    check_outputs,
    check_images,
    check_equations,
    check_figures,
    check_offers,
    check_tex,
    check_formulas,
)


def _check_loads(page: Tag, site: Path, file: Path) -> Iterator[str]:
    """Nothing that loads with the page comes from elsewhere or is missing."""
    for url in _loads(page):
        yield from _check_load(url, site, file)
    for script in page.select("script:not([src])"):
        yield from _check_script(script.get_text())


def _loads(page: Tag) -> Iterator[str]:
    """Yield the address of everything that loads with the page."""
    for element in page.select(",".join(LOADS)):
        if NAMING_LINKS.intersection(element.get("rel") or ()):
            continue
        for attribute in LOADS[element.name]:
            value = _text(element, attribute)
            parts = value.split(",") if attribute == "srcset" else [value]
            yield from (part.split()[0] for part in parts if part.strip())
    for element in page.select("[style]"):
        yield from _css_loads(_text(element, "style"))
    for element in page.select("style"):
        yield from _css_loads(element.get_text())
    for element in page.select("meta[http-equiv=refresh i]"):
        yield _text(element, "content").partition("url=")[2]


def _css_loads(css: str) -> Iterator[str]:
    """Yield the address of everything that a piece of CSS loads."""
    for url, imported in CSS_LOAD.findall(CSS_COMMENT.sub("", css)):
        yield (url or imported).strip()


def _check_load(url: str, site: Path, file: Path) -> Iterator[str]:
    """What a page loads comes from a file of the site."""
    parts = urlsplit(url)
    if parts.netloc or parts.scheme not in ("", "data"):
        yield f"loads {url} from another host"
    elif not parts.scheme and not _exists(url, site, file):
        yield f"loads {url}, which is missing"


def _check_script(code: str) -> Iterator[str]:
    """A script contains no address that it could fetch."""
    for url in URL_IN_SCRIPT.findall(code):
        if not HARMLESS_URL.match(url):
            yield f"a script contains {url}"


def _check_links(page: Tag, site: Path, file: Path) -> Iterator[str]:
    """Every link into the site leads to a file, and to a place in it if it names one."""
    for link in page.select("a[href]"):
        url = _text(link, "href")
        if any(urlsplit(url)[:2]):
            continue
        if not _exists(url, site, file):
            yield f"links to {url}, which is missing"
        elif not _has_place(url, file):
            yield f"links to {url}, a place that is not there"


def _has_place(url: str, file: Path) -> bool:
    """Tell whether the part of an address behind the # is an anchor of its page."""
    parts = urlsplit(url)
    target = (file.parent / unquote(parts.path)).resolve() if parts.path else file
    if parts.fragment in ("", "top") or target.suffix != ".html":
        return True
    return unquote(parts.fragment) in _anchors(target, target.stat().st_mtime_ns)


@cache
def _anchors(file: Path, changed: int) -> frozenset[str]:
    """Return the places of a page that a link can name; `changed` is when it was written."""
    reader = _Anchors()
    reader.feed(file.read_text("utf-8"))
    return frozenset(reader.found)


class _Anchors(HTMLParser):
    """Collect the anchors of a page, several times faster than by way of a tree."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = ("id", "name") if tag == "a" else ("id",)
        self.found.update(value for key, value in attrs if key in names and value)


def _exists(url: str, site: Path, file: Path) -> bool:
    """Tell whether an address without a host leads to a file of the site."""
    path = unquote(urlsplit(url).path)
    if not path:
        return True
    target = (file.parent / path).resolve()
    inside = target.is_relative_to(site.resolve()) and not path.startswith("/")
    return inside and target.is_file()


def _text(element: Tag, attribute: str) -> str:
    """Return an attribute as text, empty when it is absent."""
    value = element.get(attribute, "")
    return value if isinstance(value, str) else " ".join(value or ())


def _own_text(element: Tag) -> str:
    """Return an element's text without that of its children."""
    return "".join(element.find_all(string=True, recursive=False))
