"""Many notebooks: pool, publication, failure, and the command line around them."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from edition import __main__, results, runner
from edition.files import alone_in
from edition.project import LIB, BuildError, notebooks

PLOT = """\
from edition import curve, figure, panels
x = [k / points for k in range(points)]
fig, axes = panels(2)
curve(axes[0], x, x, "orange", label="one")
curve(axes[1], x, x[::-1], "blue", style="--", label=r"$\\beta_B$")
axes[1].legend()
figure("NAME", fig, {"x [1]": x}, "A line.", "A straight line rises.")
"""
CHECK = """\
from edition import check
check("18", "One is one.", 1 / points * points, 1, 1e-15, routes=("quotient", "one"))
print({kind, "set", "order", "hash"}, id(None) > 0)
"""


@pytest.fixture(scope="module")
def two(make_notebook):
    """Return two notebooks, each with a figure, one with a check."""
    first = make_notebook(PLOT.replace("NAME", "fig01"), CHECK, figures=["fig01"], checks=["18"])
    second = make_notebook(PLOT.replace("NAME", "a-line"), figures=["a-line"])
    return {"01_first": first, "02_second": second}


def press(root, *arguments, **settings):
    """Run the command line in a folder, as a person would."""
    command = [sys.executable, "-m", "edition", *arguments]
    env = os.environ | {"PYTHONPATH": str(LIB)} | settings
    return subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)


def contents(project):
    """Return every published file with its contents."""
    folders = project.executed, project.figures
    return {path.name: path.read_bytes() for folder in folders for path in folder.iterdir()}


@pytest.fixture(scope="module")
def built(tmp_path_factory, write_book, two):
    """Build a book from the command line and return project and what was said."""
    project = write_book(tmp_path_factory.mktemp("built"), two)
    return project, press(project.root, "figures", PYTHONHASHSEED="1")


@pytest.fixture
def copy(built, tmp_path):
    """Return a copy of the built book, to be damaged."""
    project = type(built[0])(tmp_path / "copy")
    shutil.copytree(built[0].root, project.root)
    return project


def bring_up_to_date(project, **options):
    return [path.stem for path in runner.run(project, notebooks(project), **options)]


def test_the_first_build_makes_everything_and_says_where(built):
    project, said = built
    assert said.returncode == 0, said.stderr
    assert not said.stderr
    lines = said.stdout.splitlines()
    assert [line[:6] for line in lines[:2]] == ["[1/2] ", "[2/2] "]
    assert lines[-1] == "The figures and their data are in _build/figures"
    kinds = "csv", "pdf", "png", "svg"
    figures = {f"{name}.{kind}" for name in ("fig01", "a-line") for kind in kinds}
    assert set(contents(project)) == figures | {"01_first.ipynb", "02_second.ipynb"}
    assert not project.drafts.exists()


def test_sources_stay_without_outputs(built, two, write_notebook, tmp_path):
    source = built[0].root / "book" / "01_first.ipynb"
    pristine = write_notebook(tmp_path / "pristine.ipynb", two["01_first"])
    assert source.read_bytes() == pristine.read_bytes()
    assert {path.name for path in source.parent.iterdir()} == {
        "01_first.ipynb",
        "02_second.ipynb",
        "index.md",
    }


def test_two_runs_elsewhere_with_another_seed_give_the_same_bytes(built, two, tmp_path, write_book):
    again = write_book(tmp_path / "a {folder} with spaces", two)
    said = press(again.root, "figures", "--jobs", "1", PYTHONHASHSEED="2", TZ="Asia/Tokyo")
    assert said.returncode == 0, said.stderr
    assert contents(again) == contents(built[0])


def test_a_second_build_does_nothing(built):
    project, _ = built
    before = {path: path.stat().st_mtime_ns for path in project.build.rglob("*")}
    assert bring_up_to_date(project) == []
    assert before == {path: path.stat().st_mtime_ns for path in project.build.rglob("*")}


def test_a_build_with_nothing_to_do_loads_nothing_heavy(built):
    code = (
        "import sys\n"
        "from edition.__main__ import main\n"
        f"assert main(['figures', '--root', {str(built[0].root)!r}]) == 0\n"
        "heavy = {'papermill', 'nbformat', 'matplotlib', 'numpy', 'asyncio'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    env = os.environ | {"PYTHONPATH": str(LIB)}
    command = [sys.executable, "-c", code]
    said = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr


def test_a_touched_file_is_no_change_and_an_edited_one_is(copy):
    path = copy.root / "book" / "02_second.ipynb"
    os.utime(path)
    assert bring_up_to_date(copy) == []
    path.write_text(path.read_text().replace("A straight", "The straight"))
    assert bring_up_to_date(copy) == ["02_second"]


def test_a_failure_stops_the_build_and_keeps_the_previous_result(
    copy, two, make_notebook, write_notebook
):
    before = contents(copy)
    write_notebook(
        copy.root / "book" / "01_first.ipynb",
        make_notebook(PLOT.replace("NAME", "fig01"), "1 / 0", figures=["fig01"]),
    )
    said = press(copy.root, "book")
    assert said.returncode == 1
    assert "01_first.ipynb: code cell 3 (id code0001): 1 / 0" in said.stderr
    assert "ZeroDivisionError: division by zero" in said.stderr
    assert said.stderr.endswith("book: failed.\n")
    assert len(said.stderr.splitlines()) < 12
    assert contents(copy) == before
    write_notebook(copy.root / "book" / "01_first.ipynb", two["01_first"])
    assert bring_up_to_date(copy) == []


def test_after_a_failure_nothing_more_starts(tmp_path, write_book, make_notebook):
    names = [f"{number:02}_small" for number in range(1, 5)]
    project = write_book(tmp_path, {name: make_notebook("1 / 0") for name in names})
    with pytest.raises(BuildError) as caught:
        runner.run(project, notebooks(project), workers=1)
    told = str(caught.value)
    assert "01_small.ipynb: code cell 2" in told
    assert "02_small.ipynb" not in told
    assert not project.executed.exists()


def test_results_without_a_notebook_disappear(copy):
    (copy.root / "_toc.yml").write_text("root: book/index\nchapters:\n- file: book/02_second\n")
    (copy.figures / "forgotten.svg").write_text("")
    assert __main__.main(["figures", "--root", str(copy.root)]) == 0
    kinds = "csv", "pdf", "png", "svg"
    assert set(contents(copy)) == {"02_second.ipynb"} | {f"a-line.{kind}" for kind in kinds}
    assert [path.name for path in copy.stamps.iterdir()] == ["02_second.json"]


def test_two_notebooks_cannot_promise_one_figure(tmp_path, write_book, make_notebook):
    notebook = make_notebook("pass", figures=["fig01"])
    project = write_book(tmp_path, {"01_one": notebook, "02_two": notebook})
    with pytest.raises(BuildError, match=r"01_one.ipynb and 02_two.ipynb both promise"):
        runner.run(project, notebooks(project))


def test_only_notebooks_with_figures_are_run_for_figures(
    tmp_path, write_book, make_notebook, monkeypatch
):
    project = write_book(
        tmp_path,
        {"01_with": make_notebook("pass", figures=["fig01"]), "02_without": make_notebook("pass")},
    )
    asked = []
    monkeypatch.setattr(runner, "run", lambda project, paths, **_: asked.extend(paths))
    assert __main__.main(["figures", "--root", str(project.root)]) == 0
    assert [path.name for path in asked] == ["01_with.ipynb"]


def test_the_number_of_workers_is_that_of_cores_at_most(
    tmp_path, write_book, make_notebook, monkeypatch
):
    project = write_book(tmp_path, {f"0{k}_small": make_notebook("pass") for k in range(1, 6)})
    used = []
    monkeypatch.setattr(runner, "cores", lambda: 3)
    monkeypatch.setattr(
        runner, "_run_all", lambda project, jobs, workers, options: used.append(workers)
    )
    for workers in (None, 2, 40):
        runner.run(project, notebooks(project), workers=workers)
    runner.run(project, notebooks(project)[:1])
    assert used == [3, 2, 3, 1]


def test_a_dead_worker_is_told(tmp_path, write_book, make_notebook):
    project = write_book(
        tmp_path,
        {"01_small": make_notebook("import os, signal\nos.kill(os.getppid(), signal.SIGKILL)")},
    )
    with pytest.raises(BuildError, match=r"01_small.ipynb: the process that ran it died"):
        runner.run(project, notebooks(project))


@pytest.mark.parametrize("how", ["interrupt", "kill"])
def test_a_broken_off_build_leaves_no_kernel_and_no_result(
    tmp_path, write_book, make_notebook, how
):
    mark = tmp_path / "mark"
    source = f"import os, pathlib\npathlib.Path({str(mark)!r}).write_text(str(os.getpid()))\n"
    cells = f"{source}while True:\n    pass"
    project = write_book(tmp_path / "book", {"01_endless": make_notebook(cells)})
    command = [sys.executable, "-m", "edition", "book"]
    env = os.environ | {"PYTHONPATH": str(LIB)}
    with subprocess.Popen(
        command, cwd=project.root, env=env, start_new_session=True, stderr=subprocess.PIPE
    ) as child:
        _await(lambda: mark.exists() and mark.read_text())
        if how == "interrupt":  # as a terminal does: to all processes of the build
            os.killpg(child.pid, signal.SIGINT)
        else:
            child.kill()
        said = child.stderr.read().decode()
    assert child.returncode == {"interrupt": 130, "kill": -signal.SIGKILL}[how]
    assert how == "kill" or said.strip() == "book: interrupted."
    assert not project.executed.exists()
    _await(lambda: not _alive(int(mark.read_text())))


def _await(condition):
    """Wait up to 20 seconds until something holds."""
    for _ in range(200):
        if condition():
            return
        time.sleep(0.1)
    raise TimeoutError


def _alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_two_builds_of_one_book_take_turns(built):
    with alone_in(built[0].build):
        command = [sys.executable, "-m", "edition", "figures"]
        env = os.environ | {"PYTHONPATH": str(LIB), "PYTHONUNBUFFERED": "1"}
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        second = subprocess.Popen(command, cwd=built[0].root, env=env, **options)
        assert second.stdout.readline() == "Waiting for another build to end ...\n"
        assert second.poll() is None
    said, _ = second.communicate(timeout=60)
    assert second.returncode == 0
    assert said.splitlines()[-1].startswith("The figures and their data are in")


def test_a_folder_without_a_book_is_told(tmp_path, capsys):
    assert __main__.main(["book", "--root", str(tmp_path)]) == 1
    assert "There is no book here" in capsys.readouterr().err


def test_the_book_is_found_from_a_folder_inside(built, monkeypatch, capsys):
    monkeypatch.chdir(built[0].root / "book")
    assert __main__.main(["figures"]) == 0
    shown = Path(capsys.readouterr().out.split(" are in ")[1].strip())
    assert shown == built[0].figures


def test_book_ends_by_saying_where_to_open_it(built, monkeypatch, capsys):
    from edition import site

    monkeypatch.setattr(site, "build", lambda root: root / "_build" / "html" / "index.html")
    monkeypatch.chdir(built[0].root)
    assert __main__.main(["book"]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == f"The book is ready: open {Path('_build/html/index.html')}"


def test_a_site_that_fails_fails_the_book(built, monkeypatch, capsys):
    from edition import site

    def refuse(root):
        raise site.SiteError("a fault")

    monkeypatch.setattr(site, "build", refuse)
    assert __main__.main(["book", "--root", str(built[0].root)]) == 1
    assert "a fault" in capsys.readouterr().err


def test_progress_is_plain_lines_without_a_terminal(capsys):
    with runner.progress(2) as report:
        report("one")
        report("two")
    assert capsys.readouterr().out == "[1/2] one\n[2/2] two\n"
    assert results.APART <= {path.name for path in (LIB / "edition").iterdir()}
