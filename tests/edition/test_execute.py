"""One run of one notebook: what a run may do wrong, and what is said about it."""

import json
import sys

import pytest

from edition.execute import execute
from edition.project import BuildError

PLOT = """\
from edition import curve, figure, panels
x = [k / points for k in range(points)]
fig, axes = panels()
curve(axes[0], x, x, "orange")
figure("fig01", fig, {"x [1]": x}, "A line.", "A straight line rises.")
"""
CHECK = """\
from edition import check
check("18", "Twice two is four.", 2 * 2, 2 + 2, 0, routes=("product", "sum"))
"""


@pytest.fixture
def run(tmp_path, cache, make_notebook, write_notebook):
    """Run a notebook of these cells and return its executed copy."""

    def run(*sources, values=None, python=sys.executable, timeout=60, **promised):
        path = tmp_path / "book" / "01_small.ipynb"
        write_notebook(path, make_notebook(*sources, **promised))
        draft = tmp_path / "draft"
        options = {"cache": cache, "values": values, "python": python}
        execute(path, draft, timeout=timeout, **options)
        return json.loads((draft / path.name).read_text(encoding="utf-8"))

    return run


def refused(run, *sources, **options):
    """Return the message of a run that must fail."""
    with pytest.raises(BuildError) as caught:
        run(*sources, **options)
    message = str(caught.value)
    assert message.startswith("01_small.ipynb: ")
    assert len(message.splitlines()) <= 10
    assert "\x1b" not in message
    return message


def test_a_run_keeps_outputs_figure_and_check(run, tmp_path):
    notebook = run("print(points)\nprint(kind)", PLOT, CHECK, figures=["fig01"], checks=["18"])
    shown = [cell["outputs"] for cell in notebook["cells"] if cell.get("outputs")]
    assert shown[0] == [{"name": "stdout", "output_type": "stream", "text": ["5\n", "thermal\n"]}]
    edition = {"alt": "A straight line rises.", "caption": "A line.", "figure": "fig01"}
    note = shown[1][0]["metadata"]["edition"]
    assert edition.items() <= note.items()
    assert set(note) - set(edition) == {"digits", "decimals", "structure"}
    figures = tmp_path / "draft" / "figures"
    assert "".join(shown[1][0]["data"]["image/svg+xml"]) == (figures / "fig01.svg").read_text()
    assert sorted(path.name for path in figures.iterdir()) == [
        "fig01.csv",
        "fig01.pdf",
        "fig01.png",
        "fig01.svg",
    ]
    record = shown[2][0]["data"]["application/vnd.edition.check+json"]
    assert record == {
        "claim": "Twice two is four.",
        "equation": "18",
        "passed": True,
        "relation": "==",
        "residual": 0.0,
        "routes": ["product", "sum"],
        "tolerance": 0.0,
    }


def test_the_kernel_is_this_python_alone_with_one_thread(run, monkeypatch):
    monkeypatch.setenv("PYTHONSTARTUP", "/nonexistent.py")
    monkeypatch.setenv("IPYTHONDIR", "/nonexistent")
    monkeypatch.setenv("PYTHONHASHSEED", "77")
    monkeypatch.setenv("OMP_NUM_THREADS", "8")
    monkeypatch.setenv("JUPYTER_PATH", "/nonexistent")
    source = (
        "import os, sys\n"
        "names = 'OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'PYTHONHASHSEED', 'TZ'\n"
        "print(os.path.basename(sys.executable), sys.version_info[:3])\n"
        "print(*(os.environ[name] for name in names), 'PYTHONSTARTUP' in os.environ)"
    )
    lines = run(source)["cells"][3]["outputs"][0]["text"]
    assert lines[0].split(" ", 1)[1] == f"{sys.version_info[:3]}\n"
    assert lines[1] == "1 1 0 UTC False\n"


def test_passed_parameters_replace_the_defaults(run):
    notebook = run("print(points, kind)", values={"points": 7})
    injected = notebook["cells"][2]
    assert injected["id"] == "injected"
    assert injected["source"][1:] == ["points = 7\n"]
    assert notebook["cells"][4]["outputs"][0]["text"] == ["7 thermal\n"]


def test_an_error_is_told_with_cell_and_place(run):
    message = refused(run, "a = 1", "b = a\nb / 0")
    assert "code cell 3 (id code0001): b = a" in message
    assert "ZeroDivisionError: division by zero" in message
    assert "----> 2 b / 0" in message


def test_a_broken_check_stops_the_run(run):
    broken = CHECK.replace("2 + 2", "2 + 3")
    message = refused(run, broken, checks=["18"])
    assert "CheckFailed: ✗ (18) Twice two is four: residual 0.2, tolerance 0" in message


def test_a_broken_check_cannot_be_swallowed(run):
    lines = CHECK.replace("2 + 2", "2 + 3").splitlines()
    swallowed = f"{lines[0]}\ntry:\n    {lines[1]}\nexcept AssertionError:\n    ..."
    message = refused(run, swallowed, checks=["18"])
    assert "went on after a broken check of 18: Twice two is four." in message


@pytest.mark.parametrize("last", [True, False])
def test_exit_is_no_success(run, last):
    message = refused(run, "exit()", *([] if last else ["print(1)"]))
    assert "code cell 2 (id code0000): exit()" in message
    assert "called exit()" in message


def test_a_quiet_system_exit_is_no_success(run):
    message = refused(run, "import sys\nsys.exit(0)", "print(1)")
    assert "code cell 2 (id code0000): import sys\n  SystemExit: 0" in message


def test_a_killed_kernel_is_told_as_such(run):
    message = refused(run, "import os\nos.kill(os.getpid(), 9)")
    assert "code cell 2 (id code0000): import os" in message
    assert "killed its kernel" in message


def test_an_endless_cell_ends(run):
    message = refused(run, "while True:\n    pass", timeout=1)
    assert "code cell 2 (id code0000): while True:" in message
    assert "did not end within 1 s" in message


def test_many_faults_of_one_quiet_run_are_told_together(run):
    message = refused(
        run,
        "import warnings\nwarnings.warn('mind the gap')",
        "object()",
        "import os\nprint(os.getcwd())",
        CHECK,
        figures=["fig01"],
        checks=["19"],
    )
    assert "wrote to stderr" in message
    assert "mind the gap" in message
    assert "shows an address in memory: <object at 0x" in message
    assert "shows a folder of this machine" in message
    assert "promises figures fig01, but did not produce it" in message
    assert "promises checks 19, but did not produce it" in message


def test_what_is_not_promised_must_not_appear(run):
    message = refused(run, PLOT, CHECK)
    assert "produced figures fig01, which its metadata does not promise" in message
    assert "produced checks 18, which its metadata does not promise" in message


def test_a_skipped_cell_is_told(run):
    message = refused(run, "print(1)", tags={"code0000": ["skip-execution"]})
    assert "code cell 2 (id code0000): print(1)\n  was not executed" in message


def test_an_expected_error_is_an_error(run):
    message = refused(run, "1 / 0", tags={"code0000": ["raises-exception"]})
    assert "ZeroDivisionError: division by zero" in message


def test_unknown_and_mistyped_parameters_stop_before_anything_runs(run, tmp_path):
    with pytest.raises(
        BuildError, match=r"no parameter `point` \(did you mean `points`\?\); there are"
    ):
        run("print(points)", values={"point": 7})
    with pytest.raises(BuildError, match="`points` must be of type int, but was 7"):
        run("print(points)", values={"points": "7"})
    assert not (tmp_path / "draft").exists()


def _python(path, lines):
    path.write_text("\n".join(["#!/bin/sh", *lines]) + "\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_a_kernel_that_will_not_start_is_tried_again(run, tmp_path):
    count = tmp_path / "count"
    dead = _python(tmp_path / "dead", [f"echo x >> {count}", "echo no luck >&2", "exit 3"])
    message = refused(run, "print(1)", python=dead)
    assert "its kernel did not start in 3 attempts" in message
    assert "no luck" in message
    # The first call lists fonts; the others are attempts.
    assert 3 <= len(count.read_text().split()) <= 4


def test_a_kernel_that_starts_late_is_enough(run, tmp_path):
    mark = tmp_path / "mark"
    late = [f"[ -e {mark} ] || {{ touch {mark}; exit 3; }}", f'exec "{sys.executable}" "$@"']
    notebook = run("print(1)", python=_python(tmp_path / "late", late))
    assert notebook["cells"][3]["outputs"][0]["text"] == ["1\n"]


def test_a_missing_interpreter_is_told(run):
    message = refused(run, "print(1)", python="/nonexistent/python")
    assert "its kernel did not start in 3 attempts" in message
