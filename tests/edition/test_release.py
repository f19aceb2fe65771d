"""The archives of a release hold what was built, and the same content gives the same bytes."""

import os
from pathlib import Path
from zipfile import ZipFile

import pytest

from edition.__main__ import main
from edition.project import BuildError, Project, UsageError
from edition.release import pack

FILES = {
    "html/index.html": b"<p>a book</p>",
    "html/_static/style.css": b"p {}",
    "html/.inputs": b"digest",
    "figures/b.svg": b"<svg/>",
    "figures/a.csv": b"x,y\n1,2\n",
} | {f"figures/fig{n * 7 % 30:02}.csv": b"x\n" for n in range(30)}


def write(root, files):
    """A project whose book is built, written in the order given."""
    (root / "pyproject.toml").parent.mkdir(parents=True, exist_ok=True)
    (root / "pyproject.toml").write_text('[project]\nversion = "1.2.3"\n')
    (root / "_toc.yml").write_text("format: jb-book\nroot: book/index\n")
    for name, content in files.items():
        file = root / "_build" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return Project(root)


def contents(folder):
    """Every file of every archive in a folder, by its name."""
    found = {}
    for file in folder.iterdir():
        with ZipFile(file) as archive:
            found |= {name: archive.read(name) for name in archive.namelist()}
    return found


def test_a_release_holds_what_was_built_but_not_what_is_hidden(tmp_path):
    folder = pack(write(tmp_path, FILES))
    assert {file.name for file in folder.iterdir()} == {"site.zip", "figures.zip"}
    assert contents(folder) == {k: v for k, v in FILES.items() if "/." not in k}


def test_the_same_content_gives_the_same_bytes(tmp_path):
    one = pack(write(tmp_path / "one", FILES))
    other = write(tmp_path / "other", dict(reversed(FILES.items())))
    for file in (other.build / "html").rglob("*"):
        os.utime(file, (10**9, 10**9))
        file.chmod(0o700)
    two = pack(other)
    with ZipFile(two / "figures.zip") as archive:
        assert archive.namelist() == sorted(archive.namelist())
    assert {f.name: f.read_bytes() for f in one.iterdir()} == {
        f.name: f.read_bytes() for f in two.iterdir()
    }


def test_a_release_replaces_the_one_before(tmp_path):
    project = write(tmp_path, FILES)
    pack(project)
    (project.figures / "a.csv").unlink()
    (project.build / "release" / "stray.zip").touch()
    assert sorted(contents(pack(project))) == [
        "figures/b.svg",
        *(f"figures/fig{n:02}.csv" for n in range(30)),
        "html/_static/style.css",
        "html/index.html",
    ]


def test_a_tag_must_name_the_version(tmp_path):
    project = write(tmp_path, FILES)
    with pytest.raises(UsageError, match=r"must be v1\.2\.3, .* but was v1\.2\.4\."):
        pack(project, "v1.2.4")
    assert not (project.build / "release").exists()
    pack(project, "v1.2.3")


@pytest.mark.parametrize("missing", ["html", "figures"])
def test_what_is_not_built_cannot_be_packed(tmp_path, missing):
    project = write(tmp_path, {k: v for k, v in FILES.items() if not k.startswith(missing)})
    with pytest.raises(BuildError, match=f"_build/{missing} is missing; run `make book`"):
        pack(project)
    assert not (project.build / "release").exists()


def test_the_command_says_where_the_release_is(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(write(tmp_path, FILES).root)
    assert main(["release", "--tag", "v1.2.3"]) == 0
    assert capsys.readouterr().out == f"Packed for a release: {Path('_build', 'release')}\n"
    assert main(["release", "--tag", "1.2.3"]) == 2
    assert "edition release: The tag must be v1.2.3" in capsys.readouterr().err
