"""The README shows what the book computes, and its commands and those of others are there."""

import re
from pathlib import Path

import numpy as np
import pytest

from edition.__main__ import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
PROSE = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "book").glob("*.md"))]
PROSE += [ROOT / "environment.yml", ROOT / "codecheck.yml"]


def coordinates(svg):
    numbers = re.findall(r"-?(?:\d+\.?\d*|\.\d+)", svg.read_text(encoding="utf-8"))
    return np.array([float(x) for x in numbers])


def test_the_figure_of_the_readme_is_that_of_the_book(build):
    assert ".github/two-processes.svg" in (ROOT / "README.md").read_text(encoding="utf-8")
    shown = coordinates(ROOT / ".github" / "two-processes.svg")
    made = coordinates(build / "figures" / "two-processes.svg")
    assert shown.shape == made.shape
    np.testing.assert_allclose(shown, made, rtol=0, atol=0.05)


def commands(file):
    """The commands that a text gives: what stands in backquotes, and the lines of consoles."""
    text = file.read_text("utf-8")
    if file.suffix != ".md":
        return re.findall(r"`([^`\n]+)`", text)
    blocks = re.findall(r"^```(?:console|sh|bash)\n(.*?)^```", text, re.M | re.S)
    lines = [line for block in blocks for line in block.splitlines()]
    return lines + re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))


@pytest.mark.parametrize("file", PROSE, ids=lambda file: file.name)
def test_every_command_that_is_named_is_there(file):
    targets = set(re.findall(r"^\.PHONY: (\w+)", MAKEFILE, re.M))
    for command in commands(file):
        words = [w for w in command.partition("#")[0].split() if not re.match(r"[A-Z_]+=", w)]
        if words[:1] == ["make"]:
            assert set(words[1:2]) <= targets, command
        if words and re.fullmatch(r"(\.venv/bin/)?edition", words[0]):
            assert set(words[1:2]) <= set(COMMANDS), command


def test_contributing_names_the_commands_and_files_of_this_repository():
    found = commands(ROOT / "CONTRIBUTING.md")
    assert {"make lock", "make ledger", "make release TAG=v0.2.0"} < set(found)
    paths = [p for p in found if re.match(r"(lib|book|tests|\.github)/[^ *]+$", p)]
    assert len(paths) >= 6
    missing = [p for p in paths if not (ROOT / p).exists()]
    assert missing == ["book/10_my_topic.ipynb"]  # the reader's own


def test_the_book_has_the_tables_of_the_readme():
    tables = [
        re.search("<!-- benchmarks: start -->.*<!-- benchmarks: end -->", text, re.DOTALL)[0]
        for text in (
            (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "book/speed.md")
        )
    ]
    assert tables[0] == tables[1]
    assert tables[0].count("\n| ") > 10
