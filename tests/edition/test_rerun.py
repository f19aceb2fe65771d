"""Rerun: what a run's folder holds, that it repeats to the byte, and what is refused."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from edition import audit, page
from edition.__main__ import main
from edition.project import Project, UsageError, find_notebook

LIB = Path(__file__).parents[2] / "lib"
PARAMETERS = (
    "points: int = 5  # points of the curve, 2 .. 1000\n"
    's: str = "1/2"  # size of a spin, half-integer >= 1/2\n'
    "heights: list[float] = [1.0]  # of the curves, 1, any sign"
)
PLOT = """\
from edition import check, curve, figure, not_applicable, panels
x = [k / points for k in range(points)]
fig, axes = panels()
curve(axes[0], x, x, "orange")
figure("line", fig, {"x [1]": x}, "A line.", "A straight line rises.")
check("18", "Twice two is four.", 2 * 2, 2 + 2, 0, routes=("product", "sum"))
if points > 5:
    not_applicable("19", "Few points are few.", "there are more than five points")
else:
    check("19", "Few points are few.", points, 5, relation="<=", routes=("given", "five"))
"""
FILES = [
    "01_line.html",
    "01_line.ipynb",
    "checks.json",
    "figures/line.csv",
    "figures/line.pdf",
    "figures/line.png",
    "figures/line.svg",
    "parameters.yml",
    "run.json",
]


@pytest.fixture
def root(tmp_path, cache, make_notebook, write_book):
    """A book of four notebooks: one that draws, one that waits, one that breaks, an appendix."""
    shared = {"parameters": PARAMETERS}
    good = make_notebook(PLOT, figures=["line"], checks=["18", "19"], **shared)
    wait = (
        f"import pathlib, time\npathlib.Path({str(tmp_path / 'begun')!r}).touch()\ntime.sleep(60)"
    )
    notebooks = {
        "01_line": good,
        "02_wait": make_notebook(wait, **shared),
        "03_break": make_notebook("1 / (points - 5)", **shared),
        "appendix_d_small": make_notebook("print(s)", **shared),
    }
    project = write_book(tmp_path / "book of lines", notebooks)
    project.build.mkdir()
    project.cache.symlink_to(cache, target_is_directory=True)
    return project.root


@pytest.fixture
def edition(root, capsys):
    """Call a command and return its status, output and errors."""

    def edition(*arguments):
        status = main([*map(str, arguments), "--root", str(root)])
        told = capsys.readouterr()
        return status, told.out, told.err

    return edition


def files(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def unlike(first, second):
    """The files that differ between two folders."""
    assert files(first) == files(second)
    return [n for n in files(first) if (first / n).read_bytes() != (second / n).read_bytes()]


def test_params_lists_what_can_be_changed(edition):
    status, out, _ = edition("params", "1")
    assert status == 0
    assert out.splitlines() == [
        "name     type         default  unit  range                meaning",
        "points   int          5        –     2 .. 1000            points of the curve",
        "s        str          1/2      –     half-integer >= 1/2  size of a spin",
        "heights  list[float]  [1.0]    1     any sign             of the curves",
    ]


def test_a_run_leaves_all_that_is_to_know_about_it_and_repeats_to_the_byte(edition, root, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    status, out, err = edition("rerun", "01", "-p", "points=7 s=3/2", "-o", first)
    assert (status, err) == (0, "")
    assert "01_line: 1 checks passed, 1 not applicable here." in out
    assert files(first) == FILES
    found = json.loads((first / "run.json").read_text("utf-8"))
    assert found["notebook"] == "book/01_line.ipynb"
    assert found["parameters"] == {"points": 7, "s": "3/2", "heights": [1.0]}
    assert set(found["outputs"]) == set(FILES) - {"run.json"}
    assert {"book/01_line.ipynb", "lib/spinbath", "lib/edition"} < set(found["inputs"])
    assert found["versions"]["python"] == sys.version.split()[0]
    assert found["revision"] == "none"
    checks = json.loads((first / "checks.json").read_text("utf-8"))
    assert [(c["equation"], c["passed"]) for c in checks] == [("18", True), ("19", None)]
    status, out, _ = edition("rerun", "--from", first / "run.json", "-o", second)
    assert status == 0
    assert "Every file is the same" in out
    assert unlike(first, second) == ["run.json"]
    lines = [(folder / "run.json").read_text("utf-8").splitlines() for folder in (first, second)]
    changed = [a for a, b in zip(*lines, strict=True) if a != b]
    assert [line.split('"')[1] for line in changed] == ["date"] * len(changed)


def test_a_repeated_run_that_differs_is_told(edition, tmp_path):
    edition("rerun", "D", "-o", tmp_path / "first")
    record = tmp_path / "first" / "run.json"
    status, _, err = edition("rerun", "--from", record, "-p", "s=1", "-o", tmp_path / "second")
    assert (status, "leave out -p and -f" in err) == (2, True)
    found = json.loads(record.read_text())
    found["outputs"]["checks.json"] = "0" * 64
    record.write_text(json.dumps(found))
    status, _, err = edition("rerun", "--from", tmp_path / "first", "-o", tmp_path / "second")
    assert status == 1
    assert "these files differ: checks.json." in err


@pytest.mark.parametrize("changed", ["notebook", "versions"])
def test_a_run_is_not_repeated_from_something_else(edition, root, tmp_path, changed):
    edition("rerun", "D", "-o", tmp_path / "first")
    record = tmp_path / "first" / "run.json"
    if changed == "notebook":
        notebook = root / "book" / "appendix_d_small.ipynb"
        notebook.write_text(notebook.read_text().replace("print(s)", "print(s, s)"))
    else:
        version = f'"python": "{sys.version.split()[0]}"'
        record.write_text(record.read_text().replace(version, '"python": "3.0.1"'))
    status, _, err = edition("rerun", "--from", record, "-o", tmp_path / "second")
    assert status == 2
    assert "not what the run was made from" in err
    assert ("appendix_d_small.ipynb" if changed == "notebook" else "python") in err
    assert len(err.splitlines()) == 1
    assert not (tmp_path / "second").exists()
    parameters = tmp_path / "first" / "parameters.yml"
    assert edition("rerun", "D", "-f", parameters, "-o", tmp_path / "second")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["1", "-p", "point=3"], "did you mean `points`?"),
        (["1", "-p", "points=3.5"], "`points` must be of type int, but was 3.5"),
        (["1", "-p", "points=1"], "`points` must be 2 .. 1000, but was 1"),
        (["1", "-p", "s=2/3"], "`s` must be half-integer >= 1/2, but was 2/3"),
        (["1", "-p", "heights=[1, inf]"], "`heights` must be finite, but one item was inf"),
        (["1", "-p", "points"], "must be given as name=value, but was `points`"),
        (["1", "-f", "/nonexistent.yml"], "/nonexistent.yml cannot be read"),
        (["--from", "/nonexistent.json"], "/nonexistent.json cannot be read"),
        (["1", "-p", "points=3", "--from", "/nonexistent.json"], "cannot be read"),
        (["17"], "There is no notebook `17`"),
        (["01_lines"], "There is no notebook `01_lines`; there are: 01_line"),
        ([], "Which notebook?"),
    ],
)
def test_what_cannot_be_run_is_one_line_and_status_2_and_nothing_written(
    edition, root, arguments, complaint
):
    status, out, err = edition("rerun", *arguments)
    assert (status, out) == (2, "")
    assert err.startswith("edition rerun: ")
    assert complaint in err
    assert len(err.splitlines()) == 1
    assert [p.name for p in (root / "_build").iterdir()] == ["cache"]


def test_a_folder_is_replaced_only_when_asked_and_only_if_it_is_a_run(edition, root):
    assert edition("rerun", "d")[0] == 0
    [folder] = (root / "_build" / "reruns").iterdir()
    (folder / "mine.txt").touch()
    status, _, err = edition("rerun", "D", "-p", "s=1/2")
    assert status == 2
    assert "exists: replace it with --force" in err
    assert edition("rerun", "D", "-p", "s=1")[0] == 0
    assert edition("rerun", "D", "--force")[0] == 0
    assert not (folder / "mine.txt").exists()
    assert (folder / "run.json").is_file()
    status, _, err = edition("rerun", "D", "--force", "-o", root / "book")
    assert status == 2
    assert "is no folder of a run" in err
    assert (root / "book" / "01_line.ipynb").is_file()
    assert len(list((root / "_build" / "reruns").iterdir())) == 2


def test_a_failed_run_leaves_nothing_and_keeps_what_was(edition, root):
    folder = root / "_build" / "reruns" / "kept"
    assert edition("rerun", "3", "-p", "points=6", "-o", folder)[0] == 0
    before = {name: (folder / name).read_bytes() for name in files(folder)}
    status, _, err = edition("rerun", "3", "-o", folder, "--force")
    assert status == 1
    assert "ZeroDivisionError" in err
    assert {name: (folder / name).read_bytes() for name in files(folder)} == before
    assert list(folder.parent.iterdir()) == [folder]


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_run_leaves_nothing_that_looks_finished(root, tmp_path, kind):
    target = tmp_path / "out" / "run"
    command = [sys.executable, "-m", "edition", "rerun", "2", "-o", str(target)]
    process = subprocess.Popen(
        [*command, "--root", str(root)],
        env=os.environ | {"PYTHONPATH": str(LIB)},
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    while not (tmp_path / "begun").exists():
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(kind)
    assert process.wait(20) == (130 if kind == signal.SIGINT else -kind)
    left = [path.name for path in target.parent.iterdir()]
    if kind == signal.SIGINT:
        assert left == []
    else:
        assert [name[:5] for name in left] == [".run."]


def test_a_notebook_is_found_by_number_letter_name_and_path(root, monkeypatch):
    project = Project(root)
    line, small = (root / "book" / f"{n}.ipynb" for n in ("01_line", "appendix_d_small"))
    for name in ("1", "01", "01_line", str(line)):
        assert find_notebook(project, name) == line
    for name in ("D", "d", "appendix_d_small"):
        assert find_notebook(project, name) == small
    monkeypatch.chdir(root / "book")
    assert find_notebook(project, "appendix_d_small.ipynb") == small
    for name in ("0", "E", "appendix", "", "missing.ipynb"):
        with pytest.raises(UsageError, match="There is no notebook"):
            find_notebook(project, name)


PROSE = (
    "See {eq}`18`, {cite}`dicke1954` and [the rest](05_energy.ipynb#there).\n\n"
    "$$\nE = \\mc^2\n$$ (18)\n\n```{admonition} In print\n:class: warning\nAn error.\n```"
)


def test_the_page_needs_nothing_beside_it(edition, root, tmp_path):
    (root / "_config.yml").write_text(
        "sphinx: {config: {mathjax3_config: {tex: {macros: {mc: '</script>c'}}}}}"
    )
    notebook = root / "book" / "01_line.ipynb"
    content = json.loads(notebook.read_text("utf-8"))
    content["cells"][2]["source"] = PROSE
    notebook.write_text(json.dumps(content), "utf-8")
    edition("rerun", "1", "-p", "points=9", "-o", tmp_path / "run")
    html = BeautifulSoup((tmp_path / "run" / "01_line.html").read_text("utf-8"), "html.parser")
    assert html.title.string == "A small notebook"
    assert [*audit._check_loads(html, tmp_path, tmp_path / "x.html")] == []
    assert not html.select("[src^=http], link[href], iframe, script[src]")
    [image] = html.select("figure img")
    assert image["src"].startswith("data:image/svg+xml;base64,")
    assert image["alt"] == "A straight line rises."
    assert html.select_one("figcaption").get_text().strip() == "A line."
    prose = html.select_one("main").get_text()
    assert "See (18), [dicke1954] and the rest." in prose
    assert "\\tag{18}" in html.select_one("div.math").get_text()
    assert "points = 9" in prose
    assert "✓ (18) Twice two is four." in prose
    assert "Not applicable here: there are more than five points" in prose
    assert len(html.select("script")) == 2
    assert html.select_one(".admonition.warning .admonition-title").get_text() == "In print"
    text = html.select("script")[0].get_text()
    settings = json.loads(text.removeprefix("window.MathJax = ").removesuffix(";"))
    assert settings["tex"]["macros"] == {"mc": "</script>c"}


def test_rendering_twice_gives_the_same_page(root, make_notebook):
    executed = json.dumps(make_notebook("print(1)"))
    assert page.render(executed, Project(root)) == page.render(executed, Project(root))
