"""What a figure says of itself inside its files: what it is, from where, and whose.

Nothing in it changes with the day or the revision, so that the same figure keeps the same
bytes. A table of numbers has no place for such words that every reader of CSV would
skip: instead each picture names the hash of its table.
"""

import hashlib
import json
import os
import tomllib
from pathlib import Path

VARIABLE = "EDITION_ABOUT"

# The names that each format has for what there is to say; PNG takes any.
NAMES: dict[str, dict[str, str]] = {
    "svg": {
        "title": "Title",
        "caption": "Description",
        "authors": "Creator",
        "software": "Contributor",
        "notebook": "Source",
        "paper": "Identifier",
        "data": "Relation",
        "licence": "Rights",
    },
    "pdf": {"title": "Title", "caption": "Subject", "authors": "Author", "software": "Creator"},
    "png": {
        "title": "Title",
        "caption": "Description",
        "authors": "Author",
        "software": "Software",
        "notebook": "Source",
        "paper": "Identifier",
        "data": "Relation",
        "licence": "Copyright",
    },
}

# What would make two identical runs differ, or say which machine drew.
NOTHING: dict[str, dict[str, None]] = {
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
    "png": {"Software": None},
}


def edition(root: Path) -> dict[str, str]:
    """Return what all figures of a project say.

    Parameters
    ----------
    root : Path
        The folder with its ``CITATION.cff`` and its ``pyproject.toml``, if it has them.

    Returns
    -------
    dict of str to str
        The ``authors`` of the edition, the ``paper`` and its ``licence``; the
        ``software`` with its version.
    """
    return _cited(root / "CITATION.cff") | _software(root / "pyproject.toml")


def variable(notebook: Path) -> dict[str, str]:
    """Return what tells a kernel what its figures say, as a part of its environment.

    Parameters
    ----------
    notebook : Path
        In a folder of its project.
    """
    found = edition(notebook.parent.parent)
    # Elsewhere the folder's name is nobody's business.
    name = f"{notebook.parent.name}/{notebook.name}" if found else notebook.name
    return {VARIABLE: json.dumps({"notebook": name} | found)}


def _cited(file):
    """Return what a citation file says of the edition and of the first work it refers to."""
    if not file.is_file():
        return {}
    import yaml

    found = yaml.safe_load(file.read_text("utf-8"))
    authors = [author["name"] for author in found["authors"]]
    [paper, *_] = found["references"]
    return {
        "authors": ", ".join(authors),
        "paper": f"https://doi.org/{paper['doi']}",
        "licence": paper["license"],
    }


def _software(file):
    """Return name and version of the project."""
    if not file.is_file():
        return {}
    found = tomllib.loads(file.read_text("utf-8"))["project"]
    return {"software": f"{found['name']} {found['version']}"}


def metadata(kind: str, name: str, caption: str, table: bytes) -> dict[str, str | None]:
    """Return what a figure says of itself in one of its files.

    Parameters
    ----------
    kind : {"svg", "pdf", "png"}
        The format.
    name, caption : str
        Of the figure.
    table : bytes
        Its data, as CSV.

    Returns
    -------
    dict of str to str or None
        As `matplotlib.figure.Figure.savefig` takes it.
    """
    said = json.loads(os.environ.get(VARIABLE) or "{}")
    said |= {"title": name, "caption": caption, "data": _hash(name, table)}
    names = NAMES[kind]
    found = NOTHING[kind] | {names[what]: said[what] for what in names if what in said}
    rest = [f"{what}: {said[what]}" for what in sorted(said) if what not in names]
    return found | ({"Keywords": "; ".join(rest)} if rest else {})


def _hash(name, table):
    return f"{name}.csv, sha256 {hashlib.sha256(table).hexdigest()}"
