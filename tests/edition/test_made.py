"""Programs of the book that write parts of its pages."""

import pytest

from edition import made
from edition.project import BuildError, Project

WRITES = """
import sys
from pathlib import Path
import spinbath
folder = Path(sys.argv[1])
(folder / "deep").mkdir()
(folder / "part.md.txt").write_text("what the program wrote")
(folder / "deep" / "data.json").write_text("{}")
"""


@pytest.fixture
def project(tmp_path):
    (tmp_path / "book" / "page").mkdir(parents=True)
    (tmp_path / "book" / "no_program").mkdir()
    return Project(tmp_path)


def write(project, text):
    (project.root / "book" / "page" / "make.py").write_text(text, "utf-8")


def test_what_a_program_writes_stands_beside_the_pages(project):
    write(project, WRITES)
    found = made.bring_up_to_date(project)
    assert list(found) == ["book/page/deep/data.json", "book/page/part.md.txt"]
    assert found["book/page/part.md.txt"].read_text("utf-8") == "what the program wrote"
    assert sorted(path.name for path in (project.root / "book").rglob("*")) == [
        "make.py",
        "no_program",
        "page",
    ]


def test_a_program_runs_again_only_when_something_changed(project):
    write(project, WRITES)
    first = made.bring_up_to_date(project)["book/page/part.md.txt"].stat()
    again = made.bring_up_to_date(project)["book/page/part.md.txt"].stat()
    assert again.st_ino == first.st_ino
    (project.root / "book" / "page" / "words.txt").write_text("new", "utf-8")
    changed = made.bring_up_to_date(project)["book/page/part.md.txt"].stat()
    assert changed.st_ino != first.st_ino


def test_a_file_that_is_not_written_any_more_is_gone(project):
    write(project, WRITES)
    made.bring_up_to_date(project)
    write(project, WRITES.replace("data.json", "other.json"))
    assert "book/page/deep/data.json" not in made.bring_up_to_date(project)


def test_a_program_that_fails_says_why_and_leaves_nothing(project):
    write(project, WRITES + "raise SystemExit('no such formula')")
    with pytest.raises(BuildError, match=r"book/page/make\.py failed:\n  no such formula"):
        made.bring_up_to_date(project)
    assert list((project.build / "made").iterdir()) == []
