"""A release holds what was built, and the same content gives the same bytes."""

import hashlib
import os
from pathlib import Path
from zipfile import ZipFile

import pytest

from edition import provenance
from edition.__main__ import main
from edition.project import BuildError, Project, UsageError
from edition.release import pack

FILES = {
    "html/index.html": b"<p>a book</p>",
    "html/_static/style.css": b"p {}",
    "html/.inputs": b"digest",
    "figures/b.svg": b"<svg/>",
    "executed/01_small.ipynb": b"{}",
    "ledger.json": b"[]",
    "book.pdf": b"%PDF",
    "stage/index.md": b"a book",
} | {f"figures/fig{n * 7 % 30:02}.csv": b"x\n" for n in range(30)}
PACKED = {name for name in FILES if "/." not in name and not name.startswith("stage")}
# Another Chromium prints other bytes.
NO_HASH = {"book.pdf"}


def write(root, files):
    """A project whose book is built, written in the order given."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "pyproject.toml").write_text('[project]\nversion = "1.2.3"\n')
    (root / "_toc.yml").write_text("format: jb-book\nroot: book/index\n")
    for name, content in files.items():
        file = root / "_build" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    provenance.publish(Project(root))
    return Project(root)


def contents(folder):
    """The files of a folder, by name."""
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_an_unpacked_release_is_what_was_built_and_its_hashes_say_so(tmp_path):
    folder = pack(write(tmp_path / "project", FILES))
    archives = {"site.zip", "figures.zip", "notebooks.zip"}
    loose = {"ledger.json", "book.pdf", "SHA256SUMS", "provenance.json"}
    assert set(contents(folder)) == archives | loose
    for name in archives:
        with ZipFile(folder / name) as archive:
            assert archive.namelist() == sorted(archive.namelist())
            archive.extractall(folder)
    files = [file for file in folder.rglob("*") if file.is_file()]
    found = {file.relative_to(folder).as_posix() for file in files}
    assert found - archives - loose == PACKED - loose
    sums = [line.split("  ") for line in (folder / "SHA256SUMS").read_text().splitlines()]
    assert {name for _, name in sums} == PACKED - NO_HASH
    for digest, name in sums:
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


def test_the_same_content_gives_the_same_bytes(tmp_path):
    one = write(tmp_path / "one", FILES)
    other = write(tmp_path / "other", dict(reversed(FILES.items())))
    for file in (other.build / "html").rglob("*"):
        os.utime(file, (10**9, 10**9))
        file.chmod(0o700)
    # The two were built at two times.
    (other.build / provenance.PROVENANCE).write_bytes(
        (one.build / provenance.PROVENANCE).read_bytes()
    )
    assert contents(pack(one)) == contents(pack(other))


def test_a_release_replaces_the_one_before(tmp_path):
    project = write(tmp_path, FILES)
    first = contents(pack(project))
    (project.build / "release" / "stray.zip").touch()
    assert contents(pack(project)) == first


def test_a_tag_must_name_the_version(tmp_path):
    project = write(tmp_path, FILES)
    with pytest.raises(UsageError, match=r"must be v1\.2\.3, .* but was v1\.2\.4\."):
        pack(project, "v1.2.4")
    assert not (project.build / "release").exists()
    pack(project, "v1.2.3")


def test_what_is_not_built_cannot_be_packed(tmp_path):
    project = write(tmp_path, FILES)
    (project.build / "book.pdf").unlink()
    with pytest.raises(BuildError, match=r"no _build/book\.pdf; run `make pdf` first"):
        pack(project)
    provenance.withdraw(project.build)
    with pytest.raises(BuildError, match=r"no _build/provenance\.json; run `make book` first"):
        pack(project)
    assert not (project.build / "release").exists()


def test_the_command_says_where_the_release_is(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(write(tmp_path, FILES).root)
    assert main(["release", "--tag", "v1.2.3"]) == 0
    assert capsys.readouterr().out == f"Packed for a release: {Path('_build', 'release')}\n"
    assert main(["release", "--tag", "1.2.3"]) == 2
    assert "edition release: The tag must be v1.2.3" in capsys.readouterr().err
