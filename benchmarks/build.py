"""Time to build the book, against its notebooks run one after another by papermill."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from edition.reproduce import copy_sources

TITLE = "The book"
ROOT = Path(__file__).resolve().parent.parent


def spent(command, folder):
    """Return the seconds that `command` takes in `folder`, importing the copy of the library."""
    environment = os.environ | {
        "PYTHONPATH": str(folder / "lib"),
        "EDITION_OUTPUT": str(folder / "papermill"),
    }
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stdout}\n{done.stderr}")
    return time.perf_counter() - start


def edit(notebook):
    """Add a sentence to the first cell of the notebook."""
    content = json.loads(notebook.read_text(encoding="utf-8"))
    content["cells"][0]["source"].append("\n\nOne more sentence.")
    notebook.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def rows():
    """All rows: what, ours, the alternative, its figure, ratio."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_sources(ROOT, folder)
        (folder / "papermill").mkdir()
        notebooks = sorted((folder / "book").glob("*.ipynb"))
        book = [sys.executable, "-m", "edition", "book"]
        run = [sys.executable, "-m", "papermill", "--no-progress-bar"]
        each = [
            spent([*run, str(path), str(folder / "papermill" / path.name)], folder)
            for path in notebooks
        ]
        clean = spent(book, folder)
        edit(notebooks[0])
        edited = spent(book, folder)
        idle = spent(book, folder)
    many = f"{len(notebooks)} notebooks by papermill, one after another"
    yield (
        "make book, clean",
        f"{clean:.1f} s",
        many,
        f"{sum(each):.1f} s",
        f"{sum(each) / clean:.2f}",
    )
    yield (
        "make book, one notebook edited",
        f"{edited:.1f} s",
        "that notebook by papermill",
        f"{each[0]:.1f} s",
        "",
    )
    yield "make book, nothing to do", f"{idle:.2f} s", "", "", ""
