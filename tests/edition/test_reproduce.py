"""A second build, elsewhere, finds out what depends on place, time and processor."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from edition import differences, reproduce
from edition.__main__ import main
from edition.project import BuildError, Project

ROOT = Path(__file__).parents[2]

PLOT = """\
import os
import numpy as np
from edition import curve, figure, panels
x = np.linspace(0, 1, points)
y = VALUES
fig, [ax] = panels()
curve(ax, x, y, "blue")
figure("fig01", fig, {"x [1]": x, "y [1]": y}, "A curve.", "It rises from left to right.")
"""
# Hash seeds, locale and zone of a notebook are fixed; those of a program are the person's.
PROGRAM = """\
import sys
from pathlib import Path
words = {"one", "two", "three", "four", "five", "six", "seven", "eight"}
Path(sys.argv[1], "order.txt").write_text(" ".join(ORDER(words)))
"""
INDEX = "# A small book\n\n```{include} words/order.txt\n```\n\n```{bibliography}\n```\n"


@pytest.fixture
def build(tmp_path, write_book, make_notebook, monkeypatch):
    """Make a book and build it, as a person would."""

    def make(values="x**2", print_="points", order="sorted"):
        plot = PLOT.replace("VALUES", values)
        notebook = make_notebook(plot, f"import datetime\nprint({print_})", figures=["fig01"])
        project = write_book(tmp_path / "here", {"01_one": notebook})
        shutil.copy(ROOT / "_config.yml", project.root)
        shutil.copytree(ROOT / "book" / "_static", project.root / "book" / "_static")
        (project.root / "book" / "references.bib").write_text("")
        (project.root / "book" / "words").mkdir()
        (project.root / "book" / "words" / "make.py").write_text(PROGRAM.replace("ORDER", order))
        (project.root / "book" / "index.md").write_text(INDEX)
        command = [sys.executable, "-m", "edition", "book"]
        settings = os.environ | {"PYTHONHASHSEED": "0", "PYTHONPATH": str(project.lib)}
        done = subprocess.run(
            command, cwd=project.root, env=settings, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return project

    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(reproduce.tempfile, "tempdir", str(tmp_path / "temporary"))
    yield make
    assert list((tmp_path / "temporary").iterdir()) == []


def again(project, capsys):
    status = main(["reproduce", "--root", str(project.root)])
    return status, "".join(capsys.readouterr())


def test_a_good_book_is_the_same_elsewhere(build, capsys):
    project = build()
    status, said = again(project, capsys)
    assert status == 0, said
    sums = (project.build / "SHA256SUMS").read_bytes()
    digest = reproduce.hashlib.sha256(sums).hexdigest()
    files = sums.count(b"\n")
    assert f"The same bytes in another place and at another time: {files} files, {digest}" in said
    assert "The same data with other instructions of the processor: 1 tables; " in said
    assert "pictures that draw other noise: none" in said


def test_the_day_and_the_order_of_hashes_are_found_out(build, capsys):
    project = build(print_="datetime.date.today().year", order="list")
    status, said = again(project, capsys)
    assert status == 1
    assert "executed/01_one.ipynb differs from byte" in said
    assert "2032" in said
    assert "+++ there" in said
    kept = project.build / "different"
    assert "2032" in (kept / "executed" / "01_one.ipynb").read_text("utf-8")
    assert "seven" in (kept / "html" / "book" / "index.html").read_text("utf-8")


def test_data_that_depend_on_the_processor_are_found_out(build, capsys):
    project = build(values='x**(2 + ("GLIBC_TUNABLES" in os.environ))')
    status, said = again(project, capsys)
    assert status == 1
    assert "1 of 1 files differ when they are made with other instructions" in said
    assert "figures/fig01.csv differs from byte 28 on, line 3, column 9" in said
    assert "  -0.25,0.0625" in said
    assert "  +0.25,0.015625" in said


def test_a_second_build_that_fails_is_told(build, capsys):
    project = build(print_="1 / (datetime.date.today().year < 2032)")
    status, said = again(project, capsys)
    assert status == 1
    assert "The second build failed" in said
    assert "ZeroDivisionError" in said


def test_pictures_that_differ_are_counted(tmp_path):
    names = ["figures/a.svg", "figures/a.png", "figures/b.svg", "figures/c.svg", "html/a.html"]
    here = {name: pair(tmp_path / name, b"1", b"2")[0] for name in names}
    there = {name: pair(tmp_path / name, b"1", b"2")[name[8] != "c"] for name in names[:4]}
    assert reproduce._pictures(here, there) == "2 SVG, 1 PNG"
    assert reproduce._pictures(here, here) == ""


def test_all_that_should_not_matter_is_different_elsewhere(tmp_path, monkeypatch):
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    monkeypatch.setenv("LANG", "C.UTF-8")
    found = reproduce.surroundings(first)
    names = ("HOME", "TZ", "LC_ALL", "PYTHONHASHSEED")
    assert all(found[name] != os.environ.get(name) for name in names)
    assert "LANG" not in found
    assert found["PATH"] == os.environ["PATH"]
    # Even a person who happens to have the same settings gets others.
    monkeypatch.setenv("PYTHONHASHSEED", found["PYTHONHASHSEED"])
    monkeypatch.setenv("LC_ALL", "C")
    again = reproduce.surroundings(second)
    assert again["PYTHONHASHSEED"] != found["PYTHONHASHSEED"]
    assert again["LC_ALL"] != "C"


def test_in_another_python_it_is_another_day(tmp_path):
    code = "import datetime, time; print(time.gmtime().tm_year, datetime.date.today().year)"
    python = reproduce.interpreter(tmp_path / "python")
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["2032", "2032"]


def test_in_another_python_folders_are_listed_in_another_order(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in ("one", "two", "three"):
        (folder / name).touch()
    names = "[path.name for path in Path().glob('*')]"
    code = f"import os; from pathlib import Path; print(*os.listdir(), *{names}, *next(os.walk('.'))[2])"
    found = [
        subprocess.run([python, "-c", code], cwd=folder, capture_output=True, text=True, check=True)
        for python in (sys.executable, reproduce.interpreter(tmp_path / "python"))
    ]
    here, there = (done.stdout.split() for done in found)
    assert len(here) == 9
    assert there == here[:3][::-1] * 3


def test_without_a_build_there_is_nothing_to_compare(tmp_path):
    with pytest.raises(BuildError, match="nothing to compare with: run `make book`"):
        reproduce.reproduce(Project(tmp_path), 10)


def test_what_makes_another_day_must_be_installed(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "time_machine", None)
    with pytest.raises(
        BuildError, match="time-machine is not installed: install the extra `reproduce`"
    ):
        reproduce.interpreter(tmp_path / "python")


def write(root, files):
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def copied(root):
    reproduce.copy_sources(root, root.with_name("copy"))
    files = root.with_name("copy").rglob("*")
    return sorted(f.relative_to(root.with_name("copy")).as_posix() for f in files if f.is_file())


SOURCES = {"_toc.yml": "", "book/ä b.md": "", "lib/a.py": "", "_build/html/a": "", ".venv/a": ""}


def test_a_folder_is_copied_without_what_is_made_or_hidden(tmp_path):
    root = write(tmp_path / "root", SOURCES | {"lib/__pycache__/a.pyc": ""})
    assert copied(root) == ["_toc.yml", "book/ä b.md", "lib/a.py"]


def test_a_checkout_is_copied_as_git_sees_it_with_its_changes(tmp_path):
    root = write(tmp_path / "root", SOURCES | {".gitignore": "/_build/\n/.venv/\n", "gone": ""})
    for arguments in (["init", "--quiet"], ["add", "lib", "_toc.yml", "gone"]):
        subprocess.run(["git", "-C", str(root), *arguments], check=True)
    (root / "gone").unlink()
    (root / "lib" / "a.py").write_text("changed")
    assert copied(root) == [".gitignore", "_toc.yml", "book/ä b.md", "lib/a.py"]
    assert (tmp_path / "copy" / "lib" / "a.py").read_text() == "changed"


def pair(tmp_path, one, other):
    files = tmp_path / "one", tmp_path / "other"
    tmp_path.mkdir(parents=True, exist_ok=True)
    for file, content in zip(files, (one, other), strict=True):
        file.write_bytes(content)
    return files


def test_a_text_is_compared_by_lines(tmp_path):
    here, there = pair(tmp_path, "a\nβ = 1.25\nc\n".encode(), "a\nβ = 1.26\nc\n".encode())
    assert differences.told("x.txt", here, there) == [
        "x.txt differs from byte 10 on, line 2, column 8",
        "  here:  'β = 1.25'",
        "  there: 'β = 1.26'",
        "  --- here",
        "  +++ there",
        "  @@ -1,3 +1,3 @@",
        "   a",
        "  -β = 1.25",
        "  +β = 1.26",
        "   c",
    ]


def test_a_long_line_is_shown_around_its_difference(tmp_path):
    here, there = pair(tmp_path, b"x" * 10_000 + b"1" + b"y" * 99, b"x" * 10_000 + b"2" + b"y" * 99)
    place, one, other, *diff = differences.told("x.svg", here, there)
    assert place == "x.svg differs from byte 10000 on, line 1, column 10001"
    assert one == f"  here:  '{'x' * 60}1{'y' * 59}'"
    assert other == f"  there: '{'x' * 60}2{'y' * 59}'"
    assert max(map(len, diff)) <= 2 + differences.WIDTH


def test_what_is_no_text_is_compared_by_bytes(tmp_path):
    here, there = pair(tmp_path, b"\x89PNG\xff\x00", b"\x89PNG\xff\x01")
    assert differences.told("x.png", here, there) == [
        "x.png differs from byte 5 on",
        r"  here:  b'\x89PNG\xff\x00'",
        r"  there: b'\x89PNG\xff\x01'",
    ]


def test_a_file_that_goes_on_or_has_another_end_of_line_differs(tmp_path):
    here, there = pair(tmp_path, b"a\n", b"a\nb\n")
    assert differences.told("x", here, there)[:3] == [
        "x differs from byte 2 on, line 2, column 1",
        "  here:  ''",
        "  there: 'b'",
    ]
    here, there = pair(tmp_path, b"a\n", b"a\r\n")
    assert differences.told("x", here, there)[0] == "x differs from byte 1 on, line 1, column 2"


def test_a_file_that_only_one_build_makes_is_named(tmp_path):
    here, there = pair(tmp_path, b"a", b"a")
    assert differences.names({"a": here, "b": here}, {"a": there, "c": there}) == ["b", "c"]
    assert differences.told("b", here, None) == ["b was made only here"]
    assert differences.told("c", None, there) == ["c was made only there"]
