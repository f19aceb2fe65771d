"""The pages of the built site joined into one document, to be printed.

What was audited as a site is what stands on paper: the same articles, with links that
lead to a place of the same document. A place ``equation-27`` of the page ``05_energy``
is called ``05_energy:equation-27`` there, and the page itself ``05_energy``.
"""

import posixpath
import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import yaml
from bs4 import BeautifulSoup, Tag

from edition.project import BuildError

# What has no place on paper: what acts, what is hidden, and what points at itself.
SCREEN = ".figure-links, .headerlink, button, noscript, script, style"
# In its place stands where to find what a script brings to life.
NOTE = '<p class="interactive">Here the page has figures to play with: open {link}.</p>'

DOCUMENT = """\
<!DOCTYPE html>
<html lang="en" data-theme="light">
<head>
<meta charset="utf-8">
<title>{title}</title>
<link rel="stylesheet" href="/_static/pygments.css">
<style>
{style}
{heads}
</style>
{settings}
<script src="/_static/mathjax/tex-chtml.js"></script>
</head>
<body>
{cover}
{contents}
{chapters}
</body>
</html>
"""


class Chapter(NamedTuple):
    """A page of the site.

    Parameters
    ----------
    name : str
        What its address is called, without folder and suffix.
    part : str
        The caption in the table of contents above it; empty for the first page.
    article : Tag
        Its text, as it is on the site or as it shall be printed.
    """

    name: str
    part: str
    article: Tag

    @property
    def title(self) -> str:
        """Its heading, as plain text."""
        return _title(self.article)

    @property
    def sections(self) -> list[tuple[str, Tag]]:
        """The places of its sections, and their headings."""
        headings = self.article.select("section[id] > h2")
        return [(str(heading.parent["id"]), heading) for heading in headings if heading.parent]


class Book(NamedTuple):
    """What is to be printed.

    Parameters
    ----------
    html : str
        The whole book as one page of HTML; addresses begin at the folder of the site.
    chapters : list of Chapter
        As they stand in it.
    """

    html: str
    chapters: list[Chapter]


def join(site: Path, toc: Path, about: dict[str, Any], style: str, home: str = "") -> Book:
    """Join the pages of a site.

    Parameters
    ----------
    site : Path
        Folder of the built site, at which the addresses of the document begin.
    toc : Path
        The table of contents, which gives pages and parts in their order.
    about : dict
        As from `about`, for the title page.
    style : str
        The style sheet.
    home : str, optional
        Where the site is published, for links to what is not in the book.

    Returns
    -------
    Book

    Raises
    ------
    BuildError
        If a link leads to a place that is not in the document.
    """
    pages = list(_pages(toc))
    soups = [
        BeautifulSoup((site / f"{page}.html").read_bytes(), "html.parser") for page, _ in pages
    ]
    names = {page: posixpath.basename(page) for page, _ in pages}
    chapters = [
        Chapter(names[page], part, _article(soup, page, home))
        for (page, part), soup in zip(pages, soups, strict=True)
    ]
    for (page, _), chapter in zip(pages, chapters, strict=True):
        _rewrite(chapter, page, names, home)
    _require_places(chapters)
    html = DOCUMENT.format(
        title=escape(about["title"]),
        style=style,
        heads="\n".join(_running_heads(about, chapters)),
        settings=_settings(soups[0]),
        cover=_cover(about),
        contents=_contents(chapters),
        chapters="\n".join(str(chapter.article) for chapter in chapters),
    )
    return Book(html, chapters)


def _pages(toc: Path) -> Iterator[tuple[str, str]]:
    """Yield every page of a table of contents, with the part that it belongs to."""
    from sphinx_external_toc.parsing import parse_toc_yaml

    found = parse_toc_yaml(toc)

    def below(page: str, part: str) -> Iterator[tuple[str, str]]:
        yield page, part
        for tree in found[page].subtrees:
            for item in tree.items:
                if item in found:
                    yield from below(str(item), tree.caption or part)

    return below(found.root.docname, "")


def _article(soup: Tag, page: str, home: str) -> Tag:
    """Return the text of a page without what has no place on paper."""
    article = soup.find("article")
    if not isinstance(article, Tag):
        raise BuildError(f"{page}.html has no article to be printed.")
    for element in article.select(SCREEN):
        element.decompose()
    for element in article.select("[hidden]"):
        element.replace_with(_note(article, page, home))
    for element in article.select("details"):
        element["open"] = ""
    return article


def _note(article: Tag, page: str, home: str) -> Tag:
    """Say where to find what is alive on a page."""
    title = escape(_title(article))
    link = f'<a href="{home}/{page}.html">{title}</a>' if home else f"{title} on the site"
    return BeautifulSoup(NOTE.format(link=link), "html.parser")


def _title(article: Tag) -> str:
    """Return the heading of a page as plain text."""
    heading = article.find("h1")
    return plain(heading) if isinstance(heading, Tag) else ""


def plain(heading: Tag) -> str:
    """Return a heading as plain text, its formulas in Unicode.

    Parameters
    ----------
    heading : Tag

    Returns
    -------
    str
    """
    text = re.sub(r"\\[()]", "", heading.get_text())
    return re.sub(r"\\[A-Za-z]+", _symbol, text).strip()


def _symbol(command: re.Match[str]) -> str:
    """Return what a command of TeX shows, or its name."""
    from IPython.core.latex_symbols import latex_symbols

    return ({"\\pm": "±"} | latex_symbols).get(command[0], command[0][1:])


def _rewrite(chapter: Chapter, page: str, names: dict[str, str], home: str) -> None:
    """Give places and links the names that they have in the document."""
    for element in chapter.article.select("[id]"):
        element["id"] = f"{chapter.name}:{element['id']}"
    chapter.article["id"] = chapter.name
    chapter.article["class"] = "chapter"
    chapter.article["style"] = f"page: {_page_name(chapter)}"
    for image in chapter.article.select("img"):
        image["src"] = f"/{_target(page, str(image['src']))[0]}"
    for link in chapter.article.select("a[href]"):
        _rewrite_link(link, page, names, home)


def _rewrite_link(link: Tag, page: str, names: dict[str, str], home: str) -> None:
    """Let a link lead into the document or to the web; any other becomes its text."""
    address = str(link["href"])
    if urlsplit(address).scheme in ("http", "https"):
        return
    path, place = _target(page, address)
    name = names.get(path.removesuffix(".html"))
    if name:
        link["href"] = f"#{name}:{place}" if place else f"#{name}"
    elif home and not link.find("img"):
        link["href"] = f"{home}/{path}"
    else:
        link.unwrap()


def _target(page: str, address: str) -> tuple[str, str]:
    """Return the file of the site that an address on a page names, and the place in it."""
    parts = urlsplit(address)
    path = posixpath.join(posixpath.dirname(page), unquote(parts.path))
    return posixpath.normpath(path) if parts.path else f"{page}.html", unquote(parts.fragment)


def _require_places(chapters: list[Chapter]) -> None:
    """Refuse a document with a link to a place that it has not."""
    places = {str(e["id"]) for c in chapters for e in (c.article, *c.article.select("[id]"))}
    links = [str(a["href"]) for c in chapters for a in c.article.select("a[href^='#']")]
    lost = sorted({link for link in links if link[1:] not in places})
    if lost:
        raise BuildError(f"The book has no place for these links: {', '.join(lost)}.")


def _settings(page: Tag) -> str:
    """Return the script of a page that sets up MathJax, macros included."""
    scripts = page.find_all("script", string=re.compile(r"window\.MathJax = "))
    return "\n".join(map(str, scripts))


def _page_name(chapter: Chapter) -> str:
    """Name the kind of page that carries a chapter's own running head."""
    return "page-" + re.sub(r"\W", "-", chapter.name)


def _running_heads(about: dict[str, Any], chapters: list[Chapter]) -> Iterator[str]:
    """Yield the style of the pages' tops: the title of the book, and that of the chapter."""
    yield f"@page {{ @top-left {{ content: {_quoted(about['title'].partition(': ')[0])}; }} }}"
    yield "@page cover { @top-left { content: none; } @bottom-center { content: none; } }"
    for chapter in chapters:
        title = _quoted(chapter.title)
        yield f"@page {_page_name(chapter)} {{ @top-right {{ content: {title}; }} }}"


def _quoted(text: str) -> str:
    """Return a text as CSS has it."""
    return '"' + re.sub(r"([\"\\])", r"\\\1", text).replace("\n", " ") + '"'


def _contents(chapters: list[Chapter]) -> str:
    """Return the table of contents; `edition.pdf` fills in the page numbers."""
    lines, part = [], ""
    for chapter in chapters:
        if chapter.part != part:
            part = chapter.part
            lines.append(f'<p class="part">{escape(part)}</p>')
        lines.append(_entry("chapter-entry", chapter.name, escape(chapter.title)))
        lines += [
            _entry("section-entry", place, heading.decode_contents())
            for place, heading in chapter.sections
        ]
    return "\n".join(['<nav id="contents"><h1>Contents</h1>', *lines, "</nav>"])


def _entry(kind: str, place: str, title: str) -> str:
    return f'<a class="{kind}" href="#{escape(place)}"><span>{title}</span><i></i><b></b></a>'


def _cover(about: dict[str, Any]) -> str:
    """Return the title page."""
    title, _, subtitle = about["title"].partition(": ")
    return f"""<header id="cover">
<p class="title">{escape(title)}</p>
<p class="subtitle">{escape(subtitle)}</p>
<p class="abstract">{escape(about["abstract"].strip())}</p>
{"".join(map(_reference, about.get("references", [])))}
<div class="imprint"><p>{escape(authors(about))}</p>
<p>Edition {escape(str(about["version"]))}, {about["date-released"]}</p>
<p>© {escape(about["copyright"])}; code under the {escape(about["license"])} licence</p></div>
</header>"""


def _reference(work: dict[str, Any]) -> str:
    """Return what the title page says about the paper."""
    people = ", ".join(f"{a['given-names']} {a['family-names']}" for a in work["authors"])
    return f"""<div class="paper"><p>An edition of</p>
<p>{escape(people)}<br><cite>{escape(work["title"])}</cite><br>
{escape(work["journal"])} <strong>{work["volume"]}</strong>, {work["start"]} ({work["year"]}),
<a href="https://doi.org/{work["doi"]}">doi:{work["doi"]}</a></p></div>"""


def authors(about: dict[str, Any]) -> str:
    """Return who made the edition.

    Parameters
    ----------
    about : dict
        As from `about`.

    Returns
    -------
    str
    """
    return ", ".join(author["name"] for author in about["authors"])


def about(root: Path) -> dict[str, Any]:
    """Read what the title page tells.

    Parameters
    ----------
    root : Path
        The folder of the project.

    Returns
    -------
    dict
        The content of ``CITATION.cff``, and the ``copyright`` of ``_config.yml``.
    """
    citation, config = (
        yaml.safe_load((root / name).read_text("utf-8")) for name in ("CITATION.cff", "_config.yml")
    )
    return citation | {"copyright": config["copyright"]}
