"""The hashes of a build and what it was made from: complete, last, and never stale."""

import hashlib
import json
import platform
import shutil
import subprocess

import pytest

from edition import ledger, provenance, results, runner, site
from edition.__main__ import main
from edition.project import notebooks

PLOT = """\
import numpy as np
from edition import curve, figure, panels
x = np.linspace(0, 1, points)
fig, [ax] = panels()
curve(ax, x, x**2, "blue")
figure("fig01", fig, {"x [1]": x, "y [1]": x**2}, "A parabola.", "It rises.")
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory, write_book, make_notebook):
    """A book whose notebooks ran, and a site, without the time that a true one takes."""
    notebook = make_notebook(PLOT, figures=["fig01"])
    project = write_book(tmp_path_factory.mktemp("made"), {"01_one": notebook})
    (project.root / "requirements.txt").write_text("numpy==2.0\n")
    runner.run(project, notebooks(project))
    (project.build / "html" / "deep").mkdir(parents=True)
    (project.build / "html" / "deep" / "page.html").write_text("<p>ħω</p>", "utf-8")
    (project.build / "html" / ".inputs").write_text("a note of the build to itself")
    (project.build / "ledger.json").write_text("{}")
    return project


@pytest.fixture
def project(made, tmp_path, monkeypatch):
    monkeypatch.setattr(site, "build", lambda root: root / "_build" / "html" / "index.html")
    shutil.copytree(made.root, tmp_path / "book of one")
    return type(made)(tmp_path / "book of one")


def book(project, *arguments):
    return main(["book", "--root", str(project.root), *arguments])


def pair(project):
    return project.build / "SHA256SUMS", project.build / "provenance.json"


def there(project):
    return [path.exists() for path in pair(project)]


def change(project):
    """Edit the notebook so that it makes another curve."""
    path = project.root / "book" / "01_one.ipynb"
    path.write_text(path.read_text("utf-8").replace("x**2", "x**3"), "utf-8")


def test_every_file_that_is_made_for_others_has_its_line(project):
    assert book(project) == 0
    lines = pair(project)[0].read_text("utf-8").splitlines()
    found = {line[66:]: line[:64] for line in lines}
    assert list(found) == [
        "executed/01_one.ipynb",
        "figures/fig01.csv",
        "figures/fig01.pdf",
        "figures/fig01.png",
        "figures/fig01.svg",
        "html/deep/page.html",
        "ledger.json",
    ]
    for line, (name, digest) in zip(lines, found.items(), strict=True):
        assert line == f"{digest}  {name}"
        assert digest == hashlib.sha256((project.build / name).read_bytes()).hexdigest()


def test_the_provenance_says_what_made_them(project):
    book(project)
    sums, file = pair(project)
    found = json.loads(file.read_bytes())
    assert found["sums"] == hashlib.sha256(sums.read_bytes()).hexdigest()
    assert found["files"] == 7
    assert found["lock"] == hashlib.sha256(b"numpy==2.0\n").hexdigest()
    assert found["python"].endswith(platform.python_version())
    assert found["versions"]["numpy"] == __import__("numpy").__version__
    assert found["revision"] == "none"


def test_the_provenance_names_the_revision_and_whether_files_differ_from_it(project):
    def git(*arguments):
        settings = ["-c", "user.name=a", "-c", "user.email=a@b"]
        command = ["git", "-C", str(project.root), *settings, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    git("init", "--quiet")
    git("add", "book")
    git("commit", "--quiet", "--message", "a book")
    assert provenance.describe(project, b"")["revision"] == git("rev-parse", "HEAD")
    change(project)
    assert (
        provenance.describe(project, b"")["revision"] == f"{git('rev-parse', 'HEAD')} and changes"
    )


def test_a_build_with_nothing_to_do_leaves_them_as_they_are(project):
    book(project)
    before = [path.stat() for path in pair(project)]
    # Damage is not blessed with a new hash: it stays visible.
    (project.build / "html" / "deep" / "page.html").write_text("spoilt")
    assert book(project) == 0
    assert [path.stat() for path in pair(project)] == before


def test_a_change_renews_them(project):
    book(project)
    before = [path.read_bytes() for path in pair(project)]
    change(project)
    assert book(project) == 0
    after = [path.read_bytes() for path in pair(project)]
    assert all(old != new for old, new in zip(before, after, strict=True))


def test_a_notebook_that_fails_changes_nothing_and_leaves_them(project):
    book(project)
    path = project.root / "book" / "01_one.ipynb"
    path.write_text(path.read_text("utf-8").replace("x**2", "x**oops"), "utf-8")
    assert book(project) == 1
    assert there(project) == [True, True]


def test_they_go_when_only_figures_are_made(project):
    book(project)
    change(project)
    assert main(["figures", "--root", str(project.root)]) == 0
    assert there(project) == [False, False]


def test_they_go_before_a_result_is_replaced(project, monkeypatch):
    book(project)
    change(project)

    def fail(self, target):
        assert there(project) == [False, False]
        raise KeyboardInterrupt

    monkeypatch.setattr(type(project.root), "replace", fail)
    assert book(project) == 130
    assert there(project) == [False, False]


def test_they_go_with_a_result_that_no_notebook_makes(project):
    book(project)
    results.prune(project, notebooks(project))
    assert there(project) == [True, True]
    (project.figures / "stray.svg").write_text("<svg/>")
    results.prune(project, notebooks(project))
    assert there(project) == [False, False]


def test_they_go_before_a_site_is_replaced(project, monkeypatch):
    def look(*_, **__):
        assert there(project) == [False, False]

    book(project)
    monkeypatch.setattr(site, "exchange", look)
    (project.build / "site").mkdir()
    site._publish(project.build / "site", b"", project.build)
    assert there(project) == [False, False]


def test_they_go_before_a_ledger_changes(project):
    ledger.write(b"one", project.build / "ledger.json")
    book(project)
    ledger.write(b"one", project.build / "ledger.json")
    assert there(project) == [True, True]
    ledger.write(b"two", project.build / "ledger.json")
    assert there(project) == [False, False]


@pytest.mark.parametrize("interrupted", ["SHA256SUMS", "provenance.json"])
def test_a_broken_off_pair_is_completed(project, monkeypatch, interrupted):
    def write(path, content, write=provenance.write_whole):
        if path.name == interrupted:
            raise KeyboardInterrupt
        write(path, content)

    with monkeypatch.context() as patch:
        patch.setattr(provenance, "write_whole", write)
        assert book(project) == 130
    assert there(project) == [interrupted == "provenance.json", False]
    assert book(project) == 0
    assert there(project) == [True, True]


def test_a_hash_without_its_provenance_is_not_trusted(project):
    book(project)
    sums, file = pair(project)
    file.unlink()
    (project.build / "html" / "deep" / "page.html").write_text("another")
    sums.write_text("stale")
    assert book(project) == 0
    assert hashlib.sha256(b"another").hexdigest() in sums.read_text()


def test_a_provenance_does_not_outlive_its_hashes(project, monkeypatch):
    def write(path, content, write=provenance.write_whole):
        assert path.name == "SHA256SUMS"
        write(path, content)

    book(project)
    pair(project)[0].unlink()
    monkeypatch.setattr(provenance, "write_whole", write)
    with pytest.raises(AssertionError):
        book(project)
    assert there(project) == [True, False]
