"""The whole book as one PDF, printed by Chromium from the built site.

The document is printed twice, since only a printed book knows its page numbers: they
are read from the first print and stand in the table of contents of the second.
"""

import io
import mimetypes
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Browser, Error, Page, Route
from pypdf import PdfReader, PdfWriter
from pypdf.generic import Fit

from edition import launch, whole
from edition.browser import chromium
from edition.files import write_whole
from edition.project import BuildError, Project, UsageError

# No such host can exist (RFC 2606): all that the document loads comes from `_serve`.
HOST = "http://book.invalid"
STYLE = Path(__file__).with_name("pdf.css")
# The width of the text in `pdf.css`, in pixels of 1/96 inch, in which formulas are fitted.
WIDTH = round((210 - 2 * 21) / 25.4 * 96)

# Milliseconds within which thousands of formulas are drawn, even on a busy machine.
PATIENCE = 600_000
# The table of contents follows the title page; pypdf counts from 0.
CONTENTS = 1

READY = """async () => {
  await MathJax.startup.promise;
  await document.fonts.ready;
  await Promise.all([...document.images].map(image => image.decode()));
  // A formula that is wider than the text shrinks to its width.
  for (const formula of document.querySelectorAll("mjx-container")) {
    const room = formula.closest("div.math, p, li, td, dd, .check, a, h1, h2, h3").clientWidth;
    const width = formula.querySelector("mjx-math").getBoundingClientRect().width;
    const number = formula.closest("div.math")?.querySelector(".eqno")?.offsetWidth ?? 0;
    if (width > room - 2 * number)
      formula.style.fontSize = `${(100 * (room - 2 * number)) / width}%`;
  }
}"""
NUMBER = """pages => document.querySelectorAll("#contents a").forEach(entry =>
  (entry.querySelector("b").textContent = pages[decodeURIComponent(entry.hash.slice(1))]))"""


def build(project: Project) -> Path:
    """Print the book.

    Parameters
    ----------
    project : Project
        Its site is built.

    Returns
    -------
    Path
        The PDF. The same site gives the same bytes.

    Raises
    ------
    UsageError
        If there is no site, or no Chromium to print it with.
    BuildError
        If something that the document needs is missing, or Chromium fails.
    """
    site = project.build / "html"
    if not (site / "index.html").is_file():
        raise UsageError("There is no built book to print: run `make book` first.")
    with chromium() as browser:
        about = whole.about(project.root)
        style = STYLE.read_text("utf-8")
        book = whole.join(site, project.root / "_toc.yml", about, style, _home())
        try:
            printed = _print(browser, book.html, site)
        except Error as error:
            raise BuildError(f"Chromium failed: {error.message.splitlines()[0]}") from None
    target = project.build / "book.pdf"
    write_whole(target, _finished(printed, book.chapters, about))
    return target


def _home() -> str:
    """Return where the site is published, if it is known."""
    where = launch.repository()
    return f"https://{where.owner.lower()}.github.io/{where.name}" if where else ""


def _print(browser: Browser, text: str, site: Path) -> bytes:
    """Print a document with the page numbers in its table of contents."""
    page = browser.new_page(viewport={"width": WIDTH, "height": 1000})
    page.set_default_timeout(PATIENCE)
    failed: list[str] = []
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.route("**/*", lambda route: _serve(route, text, site))
    page.emulate_media(media="print", color_scheme="light")
    page.goto(HOST)
    page.evaluate(READY)
    if failed:
        raise BuildError(f"The book cannot be printed: {', '.join(failed)}.")
    page.evaluate(NUMBER, _page_numbers(_printed(page)))
    return _printed(page)


def _serve(route: Route, text: str, site: Path) -> None:
    """Answer a request of the document: with itself, a file of the site, or a font."""
    path = unquote(urlsplit(route.request.url).path).lstrip("/")
    file = (_fonts() if path.endswith(".ttf") else site) / path
    if not path:
        route.fulfill(body=text, content_type="text/html; charset=utf-8")
    elif file.is_file():
        route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(path)[0])
    else:
        route.abort()


def _fonts() -> Path:
    """Return the folder of the fonts that come with matplotlib, the same on every machine."""
    spec = find_spec("matplotlib")
    if spec is None or spec.origin is None:
        raise UsageError("matplotlib is not installed: run `make book`.")
    return Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"


def _printed(page: Page) -> bytes:
    # Without tags: Chromium gives each token of code and each letter of a formula its own,
    # five times the size of all the rest.
    return page.pdf(tagged=False, prefer_css_page_size=True, print_background=True)


def _page_numbers(printed: bytes) -> dict[str, int]:
    """Return the page, from 1, on which each place of a printed document stands."""
    pdf = PdfReader(io.BytesIO(printed))
    pages = {page.indirect_reference: number for number, page in enumerate(pdf.pages, start=1)}
    return {name.lstrip("/"): pages[place.page] for name, place in pdf.named_destinations.items()}


def _finished(printed: bytes, chapters: list[whole.Chapter], about: dict[str, Any]) -> bytes:
    """Return a print with bookmarks, with its title and authors, and without its time."""
    pdf = PdfWriter(clone_from=io.BytesIO(printed), keep_initial_header=True)
    pdf.metadata = {
        "/Title": about["title"],
        "/Author": whole.authors(about),
        "/Subject": about["abstract"].strip(),
        "/Keywords": ", ".join(about["keywords"]),
    }
    _add_bookmarks(pdf, chapters)
    pdf.page_mode = "/UseOutlines"
    target = io.BytesIO()
    pdf.write(target)
    return target.getvalue()


def _add_bookmarks(pdf: PdfWriter, chapters: list[whole.Chapter]) -> None:
    """Add the parts of the book, in them the chapters, and in these their sections."""
    places = {name.lstrip("/"): place for name, place in pdf.named_destinations.items()}

    def add(title: str, place: str, parent: Any = None, *, is_open: bool = True) -> Any:
        at = places[place]
        number = pdf.get_destination_page_number(at)
        fit = Fit.xyz(left=at.left, top=at.top)
        return pdf.add_outline_item(
            title=title, page_number=number, parent=parent, fit=fit, is_open=is_open
        )

    pdf.add_outline_item(title="Contents", page_number=CONTENTS)
    for part, members in groupby(chapters, key=lambda chapter: chapter.part):
        group = None
        for chapter in members:
            if part and group is None:
                group = add(part, chapter.name)
            item = add(chapter.title, chapter.name, group, is_open=False)
            for place, heading in chapter.sections:
                add(whole.plain(heading), place, item)
