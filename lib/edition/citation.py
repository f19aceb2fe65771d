"""How to cite: ``CITATION.cff`` in the words of a reference list, and as BibTeX.

A Sphinx extension lets a page write ``{{ cite_edition }}``, ``{{ cite_paper }}`` and, for
BibTeX, ``{{ bibtex_edition }}``, ``{{ bibtex_paper }}``. Nothing is typed twice.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from edition import launch

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

FILE = "CITATION.cff"

Work = dict[str, Any]


def works(text: str, repository: str = "") -> dict[str, Work]:
    """Read what is to be cited.

    Parameters
    ----------
    text : str
        A citation file, with one article among its references.
    repository : str, optional
        Address of the edition where the file names none.

    Returns
    -------
    dict of str to dict
        The ``edition`` and the ``paper``, in the terms of the Citation File Format.
    """
    import yaml

    edition = yaml.safe_load(text)
    [paper] = [work for work in edition["references"] if work["type"] == "article"]
    edition["year"] = edition["date-released"].year
    edition["url"] = edition.get("repository-code", repository)
    return {"edition": edition, "paper": paper}


def reference(work: Work) -> str:
    """Return an entry of a reference list in the style of the APA, as Markdown.

    Parameters
    ----------
    work : dict

    Returns
    -------
    str
    """
    head = f"{_listed(work)} ({work['year']})."
    if work["type"] == "article":
        place = f"*{work['journal']}*, *{work['volume']}*, Article {work['start']}."
        return f"{head} {work['title']}. {place} <https://doi.org/{work['doi']}>"
    what = f"*{work['title']}* (Version {work['version']}) [Computer software]."
    return f"{head} {what}" + (f" <{work['url']}>" if work["url"] else "")


def _listed(work: Work) -> str:
    """Return the authors as a reference list begins with them, with a stop at the end."""
    names = [_name(author) for author in work["authors"]]
    together = ", ".join(names[:-1]) + ", & " + names[-1] if names[1:] else names[0]
    return together if together.endswith(".") else f"{together}."


def _name(author: dict[str, str]) -> str:
    return author.get("name") or f"{author['family-names']}, {author['given-names']}"


def bibtex(work: Work) -> str:
    """Return an entry for BibTeX.

    Parameters
    ----------
    work : dict

    Returns
    -------
    str
    """
    # A name that is no person's is kept whole by a second pair of braces.
    names = [_name(a) if "family-names" in a else f"{{{_name(a)}}}" for a in work["authors"]]
    fields = {"author": " and ".join(names), "title": f"{{{work['title']}}}"}
    if work["type"] == "article":
        fields |= {key: work[key] for key in ("journal", "volume")}
        fields |= {"pages": work["start"], "year": work["year"], "doi": work["doi"]}
    else:
        fields |= {"year": work["year"], "note": f"Version {work['version']}", "url": work["url"]}
    kind = "article" if work["type"] == "article" else "misc"
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@{kind}{{{_key(work)},\n" + ",\n".join(lines) + "\n}"


def _key(work: Work) -> str:
    """Return a name for the entry: author, year, first word of the title."""
    first = _name(work["authors"][0]).partition(",")[0].split()[-1]
    word = re.findall(r"\w+", work["title"])[0]
    return f"{first}{work['year']}{word}".lower()


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension; called by Sphinx."""
    app.connect("config-inited", lambda app, config: _substitute(Path(app.srcdir), config))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _substitute(folder: Path, config: Config) -> None:
    """Let pages name the citations, if the project has a citation file."""
    file = folder / FILE
    if not file.is_file():
        return
    where = launch.repository()
    for name, work in works(file.read_text("utf-8"), where.url if where else "").items():
        config.myst_substitutions |= {
            f"cite_{name}": reference(work),
            f"bibtex_{name}": f"```bibtex\n{bibtex(work)}\n```",
        }
