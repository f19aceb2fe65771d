"""The manifest names every figure of the paper, what makes it, and what is made."""

import re
from pathlib import Path

import yaml

from edition import source
from edition.numbering import FIGURES

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = yaml.safe_load((ROOT / "codecheck.yml").read_text("utf-8"))["manifest"]


def test_every_figure_of_the_paper_is_there():
    named = {Path(entry["file"]).stem for entry in MANIFEST if entry["file"].endswith(".svg")}
    assert named == set(FIGURES)


def test_each_figure_comes_from_the_notebook_that_is_named():
    for entry in MANIFEST:
        if found := re.search(r"made by (book/\w+\.ipynb)", entry["comment"]):
            assert Path(entry["file"]).stem in source.promises(source.load(ROOT / found[1])).figures


def test_every_file_is_made(build):
    assert [e["file"] for e in MANIFEST if not (build.parent / e["file"]).is_file()] == []
