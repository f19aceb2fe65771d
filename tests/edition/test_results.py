"""A result is up to date when its contents and those it was made from are."""

import os
import shutil
import sys

import pytest

from edition import results
from edition.project import BuildError, Project, find_project, notebooks


@pytest.fixture
def project(tmp_path, write_book, make_notebook):
    """Return a book of two notebooks with a library of its own."""
    write_book(tmp_path, {"01_one": make_notebook("a = 1"), "02_two": make_notebook("a = 2")})
    for name in ("spinbath/energy.py", "spinbath/table.csv", "edition/plots.py", "edition/site.py"):
        path = tmp_path / "lib" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("old")
    (tmp_path / "requirements.txt").write_text("numpy==2.0")
    return Project(tmp_path, tmp_path / "lib")


def stale(project):
    """Return the notebooks whose results are not up to date."""
    common = results.common_inputs(project)
    return [
        path.stem
        for path in notebooks(project)
        if not results.is_current(project, path, results.fingerprint(project, path, common))
    ]


def publish(project, stem, figures=("fig01.svg",), content="new"):
    """Publish a made-up result."""
    [path] = [path for path in notebooks(project) if path.stem == stem]
    draft = project.drafts / stem
    (draft / "figures").mkdir(parents=True)
    (draft / path.name).write_text(content)
    for name in figures:
        (draft / "figures" / name).write_text(content)
    common = results.common_inputs(project)
    results.publish(project, path, draft, results.fingerprint(project, path, common))


@pytest.fixture
def built(project):
    publish(project, "01_one")
    publish(project, "02_two", figures=["fig02.svg", "fig02.csv"])
    assert stale(project) == []
    return project


def test_what_was_never_run_is_stale(project):
    assert stale(project) == ["01_one", "02_two"]
    publish(project, "02_two")
    assert stale(project) == ["01_one"]
    assert not list(project.drafts.iterdir())


def test_a_changed_notebook_alone_is_stale(built):
    path = built.root / "book" / "01_one.ipynb"
    path.write_text(path.read_text().replace("a = 1", "a = 3"))
    assert stale(built) == ["01_one"]


@pytest.mark.parametrize(
    "name",
    [
        "lib/spinbath/energy.py",
        "lib/spinbath/table.csv",
        "lib/edition/plots.py",
        "requirements.txt",
    ],
)
def test_a_changed_library_or_lock_makes_all_stale(built, name):
    path = built.root / name
    path.write_text("new")
    assert stale(built) == ["01_one", "02_two"]
    path.write_text("numpy==2.0" if name == "requirements.txt" else "old")
    assert stale(built) == []


def test_changed_data_make_the_notebooks_that_name_them_stale(project, make_notebook, write_book):
    write_book(project.root, {"01_one": make_notebook("open('t.json')"), "02_two": make_notebook()})
    data = project.root / "book" / "t.json"
    data.write_text("1")
    publish(project, "01_one")
    publish(project, "02_two")
    assert stale(project) == []
    data.write_text("2")
    assert stale(project) == ["01_one"]


def test_a_new_a_renamed_and_a_removed_module_make_all_stale(built):
    energy = built.lib / "spinbath" / "energy.py"
    entropy = energy.with_name("entropy.py")
    entropy.write_text("")
    assert len(stale(built)) == 2
    entropy.unlink()
    assert stale(built) == []
    energy.rename(entropy)
    assert len(stale(built)) == 2
    entropy.unlink()
    assert len(stale(built)) == 2


def test_another_python_makes_all_stale(built, monkeypatch):
    monkeypatch.setattr(sys, "version", "4.0")
    assert stale(built) == ["01_one", "02_two"]


def test_dates_bytecode_and_the_site_change_nothing(built):
    os.utime(built.root / "book" / "01_one.ipynb", (0, 0))
    os.utime(built.lib / "spinbath" / "energy.py", (0, 0))
    (built.lib / "edition" / "site.py").write_text("new")
    (built.lib / "spinbath" / "__pycache__").mkdir()
    (built.lib / "spinbath" / "__pycache__" / "energy.pyc").write_text("")
    (built.lib / "spinbath" / ".energy.py.swp").write_text("")
    assert stale(built) == []


def test_one_file_cannot_pass_for_two(built):
    # The same characters in the same order, names included.
    table = built.lib / "spinbath" / "table.csv"
    (built.lib / "spinbath" / "energy.py").write_text(f"oldspinbath/table.csv{table.read_text()}")
    table.unlink()
    assert len(stale(built)) == 2


@pytest.mark.parametrize("damage", ["remove", "edit"])
@pytest.mark.parametrize("name", ["figures/fig02.csv", "executed/02_two.ipynb"])
def test_a_damaged_result_is_stale(built, name, damage):
    path = built.build / name
    path.unlink() if damage == "remove" else path.write_text("by hand")
    assert stale(built) == ["02_two"]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"inputs": "x"}', None])
def test_a_damaged_stamp_is_stale(built, content):
    path = built.stamps / "02_two.json"
    path.unlink() if content is None else path.write_text(content)
    assert stale(built) == ["02_two"]


def test_a_publication_that_breaks_off_leaves_no_stamp(built, monkeypatch):
    path = built.root / "book" / "02_two.ipynb"
    path.write_text(path.read_text().replace("a = 2", "a = 3"))

    def refuse(*_):
        raise OSError("no room")

    monkeypatch.setattr(type(path), "replace", refuse)
    with pytest.raises(OSError, match="no room"):
        publish(built, "02_two")
    monkeypatch.undo()
    path.write_text(path.read_text().replace("a = 3", "a = 2"))
    assert stale(built) == ["02_two"]


def test_what_no_notebook_makes_is_removed(built):
    shutil.rmtree(built.drafts, ignore_errors=True)
    publish(built, "02_two", figures=["fig03.svg"])
    results.prune(built, notebooks(built))
    assert {path.name for path in built.figures.iterdir()} == {"fig01.svg", "fig03.svg"}
    results.prune(built, notebooks(built)[:1])
    assert {path.name for path in built.figures.iterdir()} == {"fig01.svg"}
    assert [path.name for path in built.executed.iterdir()] == ["01_one.ipynb"]
    assert [path.name for path in built.stamps.iterdir()] == ["01_one.json"]


def test_the_table_of_contents_names_the_notebooks_at_any_depth(
    tmp_path, write_book, make_notebook
):
    project = write_book(tmp_path, {"01_one": make_notebook(), "02_two": make_notebook()})
    (tmp_path / "_toc.yml").write_text(
        "format: jb-book\nroot: book/index\nparts:\n- caption: A\n  chapters:\n"
        "  - file: book/02_two.ipynb\n    sections:\n    - file: book/01_one\n"
        "  - url: somewhere\n    title: else\n"
    )
    assert [path.stem for path in notebooks(project)] == ["02_two", "01_one"]
    assert find_project(tmp_path / "book").root == tmp_path
    (tmp_path / "_toc.yml").write_text("root: book/index\nchapters:\n- file: book/03_three\n")
    with pytest.raises(BuildError, match="names book/03_three, but there is no such page"):
        notebooks(project)
    (tmp_path / "_toc.yml").write_text("chapters:\n- file: book/01_one\n- file: book/01_one\n")
    with pytest.raises(BuildError, match=r"names twice: 01_one\.ipynb"):
        notebooks(project)
