"""The figures on their pages: the picture at full size, its files, and what checks it.

Sphinx puts a copy of each picture into the site under a name of its own. Here the pictures
become the files that readers can download as well, and a line below each leads to these, to
its notebook and to its checks.
"""

import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from os.path import relpath
from pathlib import Path
from typing import NamedTuple

from edition.ledger import Check, checks_of
from edition.letters import typeset
from edition.numbering import FIGURES
from edition.project import BuildError
from edition.source import Cell, Notebook, text
from edition.verify import recorded_figures

FOLDER = "figures"
KINDS = ("svg", "pdf", "png", "csv")

_FIGURE = re.compile(
    r"(<figure\b[^>]*>\s*)(?:<a [^>]*>)?<img ([^>]*)>(?:\s*</a>)?(.*?</figure>)", re.DOTALL
)
_SOURCE = re.compile(r'src="([^"]*_images/([^"/]+))"')
_ALT = re.compile(r'alt="[^"]*"')
_SIZE = re.compile(r'width="([\d.]+)pt" height="([\d.]+)pt"')
_FENCED = re.compile(r"^(```|~~~|:::).*?^\1", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^(#{1,6}) ", re.MULTILINE)

# A page of the web counts 96 pixels to the inch, a printed one 72 points.
PIXELS = 96 / 72

Place = tuple[tuple[int, int], ...]


class Evidence(NamedTuple):
    """What is known about a figure: the notebook that draws it, and the checks around it."""

    notebook: str
    about: list[Check]
    near: list[Check]
    where: str


def place(site: Path, files: Mapping[str, Path], notebooks: Mapping[str, Notebook]) -> None:
    """Put the files of the figures into a site, and let its pages show and offer them.

    Parameters
    ----------
    site : Path
        Folder of the built site.
    files : mapping of str to Path
        The files of all figures by their names, ``fig05.svg`` for instance.
    notebooks : mapping of str to dict
        The executed notebooks by their stems.

    Raises
    ------
    BuildError
        If two figures are the same picture, so that a page cannot tell which it shows.
    """
    (site / FOLDER).mkdir()
    for name, file in files.items():
        shutil.copyfile(file, site / FOLDER / name)
    pictures = _pictures(site / FOLDER)
    known = evidence(notebooks)
    replaced: set[Path] = set()

    for page in sorted(site.rglob("*.html")):
        found = page.read_text("utf-8")

        def shown(figure: re.Match[str], page: Path = page) -> str:
            source = _SOURCE.search(figure[2])
            image = page.parent / source[1] if source else page
            name = pictures.get(_digest(image))
            if name not in known:
                return figure[0]
            replaced.add(image.resolve())
            return _shown(figure, site, page.parent, name, known[name])

        if (changed := _FIGURE.sub(shown, found)) != found:
            page.write_text(changed, "utf-8")
    for image in replaced:
        image.unlink()


def _pictures(folder: Path) -> dict[str, str]:
    """Return the names of the figures by what tells their pictures apart."""
    found: dict[str, str] = {}
    for file in sorted(folder.glob("*.svg")):
        other = found.setdefault(_digest(file), file.stem)
        if other != file.stem:
            raise BuildError(f"The figures {other} and {file.stem} are the same picture.")
    return found


def _digest(file: Path) -> str:
    """Return what tells pictures apart; a notebook's have lost the end of their last line."""
    return sha256(file.read_bytes().strip()).hexdigest()


def evidence(notebooks: Mapping[str, Notebook]) -> dict[str, Evidence]:
    """Find the checks of each figure.

    They are the checks about the figure, which name it in place of an equation, wherever
    they are, and those under the same heading as the figure; where there are none, those
    under the closest heading above that has some.

    Parameters
    ----------
    notebooks : mapping of str to dict
        The executed notebooks by their stems.

    Returns
    -------
    dict of str to Evidence
        By the names of the figures.
    """
    checks = {stem: list(checks_of(stem, notebook)) for stem, notebook in notebooks.items()}
    every = [check for some in checks.values() for check in some]
    found = {}
    for stem, notebook in notebooks.items():
        cells = list(_places(notebook))
        places = {cell["id"]: here for cell, here in cells}
        for cell, here in cells:
            for name in recorded_figures(notebook | {"cells": [cell]}):
                found[name] = _evidence(name, stem, here, places, checks[stem], every)
    return found


def _evidence(
    name: str,
    stem: str,
    here: Place,
    places: Mapping[str, Place],
    checks: Iterable[Check],
    every: Iterable[Check],
) -> Evidence:
    """Return what is known about one figure, whose cell stands at a place of its notebook."""
    about = [check for check in every if check.equation == f"Fig. {FIGURES.get(name)}"]
    for depth in range(len(here), -1, -1):
        near = [c for c in checks if places[c.cell][:depth] == here[:depth]]
        if near:
            break
    where = "section" if depth > 1 else "notebook"
    return Evidence(stem, about, [check for check in near if check not in about], where)


def _places(notebook: Notebook) -> Iterator[tuple[Cell, Place]]:
    """Yield the cells of a notebook with the headings above them: level and number of each."""
    here: Place = ()
    count = 0
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            for heading in _HEADING.findall(_FENCED.sub("", text(cell))):
                count += 1
                above = tuple(step for step in here if step[0] < len(heading))
                here = (*above, (len(heading), count))
        yield cell, here


def _shown(figure: re.Match[str], site: Path, folder: Path, name: str, known: Evidence) -> str:
    """Return the figure of a page with its picture in a box of its own and its line below."""
    up = relpath(site, folder)
    picture = f"{up}/{FOLDER}/{name}.svg"
    wide, high = _size(site / FOLDER / f"{name}.svg")
    alt = "".join(_ALT.findall(figure[2]))
    image = f'{alt} src="{picture}" width="{wide}" height="{high}" style="--natural: {wide}px"'
    return (
        f'{figure[1]}<div class="figure-picture"><a href="{picture}"><img {image}></a></div>'
        f"{figure[3]}\n{_line(name, known, up)}"
    )


def _size(picture: Path) -> tuple[int, int]:
    """Return the width and height of an SVG in pixels, so that a page keeps room for it."""
    found = _SIZE.search(picture.read_text("utf-8"))
    if not found:
        raise BuildError(f"The picture {picture.name} must give its size in points.")
    return round(PIXELS * float(found[1])), round(PIXELS * float(found[2]))


def _line(name: str, known: Evidence, up: str) -> str:
    """Return the line below a figure."""
    title = f"figure {FIGURES.get(name, name)}"
    links = [
        f'<a href="{up}/{FOLDER}/{name}.{kind}" download '
        f'aria-label="{kind.upper()} of {title}">{kind.upper()}</a>'
        for kind in KINDS
    ]
    links.append(
        f'<a href="{up}/_sources/book/{known.notebook}.ipynb" download '
        f'aria-label="notebook of {title}">notebook</a>'
    )
    return f'<div class="figure-links">{" ".join(links)} {_checks(title, known, up)}</div>'


def _checks(title: str, known: Evidence, up: str) -> str:
    """Return the list of a figure's checks, folded."""
    count = len(known.about) + len(known.near)
    if not count:
        return "<span>no check rests on it</span>"
    plural = "" if count == 1 else "s"
    lists = [
        f"<div>{lead}</div><ul>{''.join(_item(check, up) for check in checks)}</ul>"
        for lead, checks in (
            ("About this figure:", known.about),
            (f"In its {known.where}:", known.near),
        )
        if checks
    ]
    return (
        f"<details><summary>{count} check{plural}"
        f'<span class="figure-title"> of {title}</span></summary>{"".join(lists)}</details>'
    )


def _item(check: Check, up: str) -> str:
    return f'<li><a href="{up}/book/{check.link}">{typeset(check.claim)}</a></li>'
