"""The executed copy: the notebook as written, with the outputs of a run and no more.

It is made by putting outputs into the source, not by taking things away from what
papermill returns: so timings, paths and identities of a run cannot slip through.
"""

import copy
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from edition.source import Cell, Notebook, code_cells, text

# Views of widgets live only as long as the kernel that made them.
TRANSIENT = {"application/vnd.jupyter.widget-view+json"}

INJECTED = "injected-parameters"
INJECTED_ID = "injected"

ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{4,}")


def executed_copy(source: Notebook, run: Notebook) -> Notebook:
    """Return the source with the outputs of a run.

    Parameters
    ----------
    source : dict
        The notebook as written.
    run : dict
        What papermill returned for it.

    Returns
    -------
    dict
        The same for every run that gave the same outputs.
    """
    notebook = copy.deepcopy(source)
    outcomes = {cell.get("id"): cell for cell in run["cells"]}
    cells = []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell |= _outcome(outcomes[cell["id"]])
        cells.append(cell)
        if "parameters" in cell.get("metadata", {}).get("tags", []):
            cells += _injected(run)
    notebook["cells"] = cells
    return notebook


def _injected(run):
    """Return the cell of passed parameters, if there is one, with a stable id."""
    return [
        {
            "cell_type": "code",
            "id": INJECTED_ID,
            "metadata": {"tags": [INJECTED]},
            "source": text(cell).splitlines(keepends=True),
        }
        | _outcome(cell)
        for cell in run["cells"]
        if INJECTED in cell["metadata"].get("tags", [])
    ]


def _outcome(cell: Cell) -> dict[str, Any]:
    """Return what a run added to a cell."""
    outputs = [_plain(output) for output in cell.get("outputs", [])]
    return {"execution_count": cell.get("execution_count"), "outputs": outputs}


def _plain(output):
    """Return one output without what lives only as long as its kernel."""
    kept = {key: value for key, value in output.items() if key != "transient"}
    if "data" in kept:
        kept["data"] = {
            mime: content for mime, content in output["data"].items() if mime not in TRANSIENT
        }
    return kept


def unstable_outputs(notebook: Notebook, folders: Sequence[Path]) -> list[tuple[Cell, str]]:
    """Return the cells whose outputs would differ from run to run.

    Parameters
    ----------
    notebook : dict
        An executed copy.
    folders : sequence of Path
        Folders of this machine, which no output may name.

    Returns
    -------
    list of (dict, str)
        Each such cell, with the line of its output and what is wrong with it.
    """
    found = []
    for cell in code_cells(notebook):
        for line in "\n".join(map(_readable, cell["outputs"])).splitlines():
            if ADDRESS.search(line):
                found.append((cell, f"shows an address in memory: {line.strip()}"))
            elif any(str(folder) in line for folder in folders):
                found.append((cell, f"shows a folder of this machine: {line.strip()}"))
    return found


def _readable(output):
    """Return all text of an output."""
    parts = [output.get("text", ""), *output.get("data", {}).values()]
    return "\n".join(_joined(part) for part in parts)


def _joined(part):
    if isinstance(part, list):
        return "".join(map(str, part))
    return part if isinstance(part, str) else json.dumps(part)


def serialise(notebook: Notebook) -> str:
    """Return a notebook in the normal form of its format.

    Parameters
    ----------
    notebook : dict

    Returns
    -------
    str
        JSON with sorted keys, one space per level, and texts by lines, so that
        differences between versions stay small.
    """
    notebook = copy.deepcopy(notebook)
    for cell in notebook["cells"]:
        cell["source"] = text(cell).splitlines(keepends=True)
        for output in cell.get("outputs", []):
            _by_lines(output)
    ordered = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True)
    return ordered + "\n"


def _by_lines(output):
    """Split the texts of an output into lines, as notebook files keep them."""
    if isinstance(output.get("text"), str):
        output["text"] = output["text"].splitlines(keepends=True)
    for mime, content in output.get("data", {}).items():
        if isinstance(content, str):
            output["data"][mime] = content.splitlines(keepends=True)
