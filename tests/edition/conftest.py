"""Small books to run: notebooks from a few lines of code, in a folder of their own."""

import json
from pathlib import Path

import pytest

from edition.project import Project

HEADER = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
PARAMETERS = (
    'points: int = 5  # points of a curve, 2 .. 1000\nkind: str = "thermal"  # state, any text'
)


def make_notebook(*sources, figures=(), checks=(), parameters=PARAMETERS, tags=()):
    """Return a notebook that obeys all rules, with these code cells."""
    cells = [_markdown("title000", "# A small notebook\n\nWhat it shows.")]
    cells += [_code("params00", parameters) | {"metadata": {"tags": ["parameters"]}}]
    for number, source in enumerate(sources):
        cells += [_markdown(f"prose{number:03}", f"Expect result {number}.")]
        cells += [_code(f"code{number:04}", source)]
    for cell in cells:
        if cell["id"] in tags:
            cell["metadata"]["tags"] = tags[cell["id"]]
    edition = {"checks": list(checks), "figures": list(figures)}
    return {
        "cells": cells,
        "metadata": {"edition": edition} | HEADER,
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _markdown(name, source):
    lines = source.splitlines(keepends=True)
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": lines}


def _code(name, source):
    cell = _markdown(name, source) | {"cell_type": "code"}
    return cell | {"execution_count": None, "outputs": []}


def write_notebook(path, notebook):
    """Write a notebook in its normal form."""
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def write_book(root, notebooks):
    """Write a project: a table of contents, a landing page and these notebooks."""
    for name, notebook in notebooks.items():
        write_notebook(root / "book" / f"{name}.ipynb", notebook)
    (root / "book").mkdir(parents=True, exist_ok=True)
    (root / "book" / "index.md").write_text("# A small book\n", encoding="utf-8")
    chapters = [f"  - file: book/{name}\n" for name in notebooks]
    contents = ["format: jb-book\nroot: book/index\nchapters:\n", *chapters]
    (root / "_toc.yml").write_text("".join(contents), encoding="utf-8")
    return Project(root)


@pytest.fixture(name="make_notebook", scope="session")
def _make_notebook():
    return make_notebook


@pytest.fixture(name="write_notebook", scope="session")
def _write_notebook():
    return write_notebook


@pytest.fixture(name="write_book", scope="session")
def _write_book():
    return write_book


@pytest.fixture(scope="session")
def cache(tmp_path_factory) -> Path:
    """Return a folder for what kernels keep, shared so that fonts are listed once."""
    return tmp_path_factory.mktemp("cache")
