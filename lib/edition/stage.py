"""Lay out what jupyter-book compiles: pages as they are, notebooks dressed for a page.

A notebook in Jupyter shows a figure and a check as plain outputs. On a page a figure
has a caption, a name to refer to and words for those who cannot see it, and a check
is a sentence with its two routes and its residual.
"""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from html import escape
from itertools import count
from pathlib import Path
from typing import Any

from edition.files import remove
from edition.letters import typeset
from edition.verify import CHECK

Cell = dict[str, Any]


def inputs(root: Path) -> dict[str, Path]:
    """Find every file that the site is made from.

    Parameters
    ----------
    root : Path
        Folder of the project.

    Returns
    -------
    dict of str to Path
        The files by their place in the stage.
    """
    named = ("_config.yml", "_toc.yml", "CITATION.cff")
    found = {name: root / name for name in named if (root / name).is_file()}
    for folder, place, pattern in (
        (root / "book", "book", "*.md"),
        (root / "book", "book", "*.bib"),
        (root / "book", "book", "*.yml"),
        (root / "book" / "_static", "_static", "**/*"),
        (root / "_build" / "figures", "book/figures", "*"),
        (root / "_build" / "executed", "book", "*.ipynb"),
    ):
        for file in sorted(folder.glob(pattern)):
            if file.is_file():
                found[f"{place}/{file.relative_to(folder).as_posix()}"] = file
    return found


def lay_out(
    files: Mapping[str, Path],
    stage: Path,
    *,
    pages: Mapping[str, str] | None = None,
    mark: Callable[[str], str] = str,
) -> None:
    """Fill a folder, from nothing, with what jupyter-book compiles.

    Parameters
    ----------
    files : mapping of str to Path
        As from `inputs`.
    stage : Path
        The folder; what it held is removed.
    pages : mapping of str to str, optional
        Pages that stand in no file, by their place in the stage.
    mark : callable, optional
        What is done to the text of each notebook's Markdown cells.
    """
    remove(stage)
    for name, file in files.items():
        target = stage / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.suffix == ".ipynb":
            target.write_text(dress(file.read_text("utf-8"), mark), "utf-8")
        else:
            shutil.copyfile(file, target)
    for name, text in (pages or {}).items():
        (stage / name).write_text(text, "utf-8")


def dress(text: str, mark: Callable[[str], str] = str) -> str:
    """Dress the figures and checks of an executed notebook.

    Parameters
    ----------
    text : str
        The notebook, as JSON.
    mark : callable, optional
        What is done to the text of its Markdown cells.

    Returns
    -------
    str
        The notebook for the stage. Cells that were added are marked ``staged``.
    """
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = mark("".join(cell["source"]))
    notebook["cells"] = [part for cell in notebook["cells"] for part in _split(cell)]
    return json.dumps(notebook, ensure_ascii=False, indent=1)


def _split(cell: Cell) -> Iterator[Cell]:
    """Yield a cell in parts, so that a figure has one to itself.

    myst-nb takes a caption from the cell and gives it to each of its outputs.
    """
    groups: list[list[Any]] = [[]]
    for output in _dress_checks(cell):
        if groups[-1] and (_figure(output) or _figure(groups[-1][-1])):
            groups.append([])
        groups[-1].append(output)
    for place, outputs in enumerate(groups):
        yield _part(cell, place, outputs) if outputs else cell


def _part(cell: Cell, place: int, outputs: list[Any]) -> Cell:
    """Return a cell with some of its outputs; its code is shown in the first part."""
    metadata = dict(cell["metadata"])
    if place:
        metadata["tags"] = [*metadata.get("tags", []), "remove-input"]
        metadata["staged"] = True
    if figure := _figure(outputs[0]):
        shown = {"caption": typeset(figure["caption"]), "name": figure["figure"]}
        metadata["mystnb"] = {"figure": shown, "image": {"alt": figure["alt"]}}
    name = f"{cell['id']}-{place}" if place else cell["id"]
    return cell | {"id": name, "metadata": metadata, "outputs": outputs}


def _figure(output: dict[str, Any]) -> dict[str, str]:
    """Return what the press noted about an output that is a figure, else nothing."""
    note = output.get("metadata", {}).get("edition", {})
    return note if "figure" in note else {}


def _dress_checks(cell: Cell) -> list[dict[str, Any]]:
    """Return the outputs of a cell, its checks dressed and numbered."""
    numbers = count(1)
    return [
        _dress_check(output, anchor(cell["id"], next(numbers))) if _is_check(output) else output
        for output in cell.get("outputs", [])
    ]


def _is_check(output: dict[str, Any]) -> bool:
    return CHECK in output.get("data", {})


def anchor(cell: str, number: int) -> str:
    """Name the place of a check on its page.

    Parameters
    ----------
    cell : str
        The id of its cell.
    number : int
        Which of the cell's checks it is, from 1.

    Returns
    -------
    str
    """
    return f"check-{cell}-{number}"


def _dress_check(output: dict[str, Any], name: str) -> dict[str, Any]:
    """Return a check as two lines of a page, with a name to link to."""
    record = output["data"][CHECK]
    line = "".join(output["data"]["text/plain"])
    mark = line.partition(" ")[0]
    claim = record["claim"].rstrip(".")
    place = line.removeprefix(mark).partition(claim)[0].strip()
    page = (
        f'<div class="check" id="{name}"><span class="verdict">{mark}</span> '
        f'<span class="place">{escape(place)}</span> {typeset(claim)}.'
        f'<div class="routes">{_grounds(record, line)}</div></div>'
    )
    return output | {"data": {"text/html": page}}


def _grounds(record: dict[str, Any], line: str) -> str:
    """Return what a check rests on: two routes and a residual, or why it does not apply."""
    if record["passed"] is None:
        return f"Not applicable here: {typeset(record['because'])}"
    routes, measure = " against ".join(record["routes"]), line.rpartition(": ")[2]
    return f'{typeset(routes)}: <span class="measure">{escape(measure)}</span>'
