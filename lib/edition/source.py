"""A notebook as it is written: its cells, its promises, its name.

Notebooks are read as plain JSON, so that finding out that nothing is to be done
needs no library.
"""

import json
from pathlib import Path
from typing import Any, NamedTuple

from edition.project import BuildError

Notebook = dict[str, Any]
Cell = dict[str, Any]


class Promises(NamedTuple):
    """What a run of a notebook must produce."""

    figures: list[str]
    checks: list[str]


def load(path: Path) -> Notebook:
    """Read a notebook.

    Parameters
    ----------
    path : Path

    Returns
    -------
    dict
        The notebook as it stands in the file.

    Raises
    ------
    BuildError
        If the file is not a notebook of format 4.
    """
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        readable = notebook["nbformat"] == 4 and isinstance(notebook["cells"], list)
    except (ValueError, KeyError, TypeError) as error:
        raise BuildError(f"{path.name} is not a notebook: {error!r}") from None
    if not readable:
        raise BuildError(f"{path.name} is not a notebook of format 4.")
    return notebook


def data(path: Path) -> list[Path]:
    """Return the files of data beside a notebook that it names, in order."""
    written = path.read_bytes()
    beside = sorted(path.parent.glob("*.json"))
    return [file for file in beside if file.name.encode() in written]


def text(cell: Cell) -> str:
    """Return the source of a cell, which files keep by lines."""
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def code_cells(notebook: Notebook) -> list[Cell]:
    """Return the cells that a run must execute, in order."""
    return [
        cell for cell in notebook["cells"] if cell.get("cell_type") == "code" and text(cell).strip()
    ]


def tagged(notebook: Notebook, tag: str) -> list[Cell]:
    """Return the cells that carry a tag, in order."""
    return [cell for cell in notebook["cells"] if tag in cell.get("metadata", {}).get("tags", [])]


def promises(notebook: Notebook) -> Promises:
    """Return what the notebook's metadata promises."""
    edition = notebook.get("metadata", {}).get("edition", {})
    return Promises(list(edition.get("figures", [])), list(edition.get("checks", [])))


def drawing(notebooks: list[Path]) -> list[Path]:
    """Return the notebooks that promise figures, in order."""
    return [path for path in notebooks if promises(load(path)).figures]


def place(notebook: Notebook, cell: Cell) -> str:
    """Return where a code cell stands, as a person finds it.

    Parameters
    ----------
    notebook : dict
    cell : dict
        One of its cells, or a copy with the same id.

    Returns
    -------
    str
        Its number among the code cells, its id and its first line.
    """
    ids = [candidate.get("id") for candidate in code_cells(notebook)]
    number = ids.index(cell.get("id")) + 1 if cell.get("id") in ids else "?"
    first = next((line for line in text(cell).splitlines() if line.strip()), "")
    return f"code cell {number} (id {cell.get('id')}): {first.strip()}"
