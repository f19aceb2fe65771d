"""Results: which are up to date, how they are published, which have no notebook left.

A result is an executed notebook and its figures. A stamp beside them says what
they were made from and what they are, both as hashes of contents. A result counts
as present only if its stamp does, and the stamp is written last.
"""

import hashlib
import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from edition import about, provenance, source
from edition.files import write_whole
from edition.project import Project

PACKAGES = ("spinbath", "edition")

# Parts of the press that do not touch what a run produces.
APART = {
    "__main__.py",
    "acceptance.py",
    "audit.py",
    "baseline.css",
    "baseline.py",
    "baseline_page.py",
    "branches.py",
    "browser.py",
    "cards.py",
    "child.py",
    "citation.py",
    "cluster.py",
    "differences.py",
    "download.py",
    "grid.py",
    "launch.py",
    "ledger.py",
    "ledger_pages.py",
    "letters.py",
    "lint.py",
    "made.py",
    "mathjax.py",
    "numbering.py",
    "page.css",
    "page.py",
    "pdf.css",
    "pdf.py",
    "pictures.py",
    "point.py",
    "project.py",
    "provenance.py",
    "ranges.py",
    "record.py",
    "release.py",
    "reproduce.py",
    "rerun.py",
    "results.py",
    "rows.py",
    "runner.py",
    "site.py",
    "slim.py",
    "stage.py",
    "statics.py",
    "store.py",
    "sweep.py",
    "table.py",
    "values.py",
    "whole.py",
}


class Stamp(NamedTuple):
    """What a result was made from, and its files with their hashes."""

    inputs: str
    outputs: dict[str, str]


def fingerprint(project: Project, notebook: Path, common: str) -> str:
    """Return the hash of all that a notebook's result depends on.

    Parameters
    ----------
    project : Project
    notebook : Path
    common : str
        What all notebooks depend on, from `common_inputs`.

    Returns
    -------
    str
    """
    name = notebook.relative_to(project.root).as_posix()
    data = [path.read_bytes() for path in source.data(notebook)]
    return _hash(common.encode(), name.encode(), notebook.read_bytes(), *data)


def common_inputs(project: Project) -> str:
    """Return the hash of what every result depends on.

    That is the Python version, the lock, what figures say of the edition, the physics
    library, and the part of the press that a running notebook meets.

    Parameters
    ----------
    project : Project

    Returns
    -------
    str
    """
    lock = project.root / "requirements.txt"
    return _hash(
        sys.version.encode(),
        lock.read_bytes() if lock.is_file() else b"",
        json.dumps(about.edition(project.root)).encode(),
        *(package(project.lib, name).encode() for name in PACKAGES),
    )


def package(lib: Path, name: str) -> str:
    """Return the hash of a package, as far as it can change a result.

    Parameters
    ----------
    lib : Path
        The folder of the packages.
    name : str

    Returns
    -------
    str
    """
    parts = []
    for path in sorted((lib / name).rglob("*")):
        place = path.relative_to(lib)
        if path.is_file() and _matters(place):
            parts += [place.as_posix().encode(), path.read_bytes()]
    return _hash(*parts)


def _matters(name):
    """Tell whether a file of the packages can change a result."""
    private = any(part.startswith((".", "__pycache__")) for part in name.parts)
    apart = name.parts[0] == "edition" and name.name in APART
    return not private and not apart


def _hash(*parts):
    """Return one hash of several contents, which their lengths keep apart."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(f"{len(part)}:".encode())
        digest.update(part)
    return digest.hexdigest()


def is_current(project: Project, notebook: Path, inputs: str) -> bool:
    """Tell whether a notebook's result is complete, intact and made from these inputs.

    Parameters
    ----------
    project : Project
    notebook : Path
    inputs : str
        The present fingerprint.

    Returns
    -------
    bool
    """
    stamp = _read_stamp(project, notebook.stem)
    return (
        stamp is not None
        and stamp.inputs == inputs
        and all(
            (project.build / name).is_file()
            and _hash((project.build / name).read_bytes()) == expected
            for name, expected in stamp.outputs.items()
        )
    )


def outdated(project: Project, notebooks: Sequence[Path]) -> list[tuple[Path, str]]:
    """Return the notebooks whose results are not up to date, with what they depend on.

    Parameters
    ----------
    project : Project
    notebooks : sequence of Path

    Returns
    -------
    list of (Path, str)
        Each such notebook and its present fingerprint.
    """
    common = common_inputs(project)
    inputs = [(path, fingerprint(project, path, common)) for path in notebooks]
    return [(path, present) for path, present in inputs if not is_current(project, path, present)]


def publish(project: Project, notebook: Path, draft: Path, inputs: str) -> None:
    """Put a verified draft in the place of the previous result.

    Parameters
    ----------
    project : Project
    notebook : Path
    draft : Path
        A folder with the executed notebook and a folder ``figures``.
    inputs : str
        The fingerprint of what the draft was made from.
    """
    moves = {draft / notebook.name: project.executed / notebook.name}
    for figure in sorted((draft / "figures").glob("*")):
        moves[figure] = project.figures / figure.name
    outputs = {
        target.relative_to(project.build).as_posix(): _hash(file.read_bytes())
        for file, target in moves.items()
    }
    provenance.withdraw(project.build)
    # Without its stamp a half-replaced result counts as none.
    _stamp_path(project, notebook.stem).unlink(missing_ok=True)
    for file, target in moves.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        file.replace(target)
    stamp = Stamp(inputs, outputs)._asdict()
    text = json.dumps(stamp, indent=1, sort_keys=True) + "\n"
    write_whole(_stamp_path(project, notebook.stem), text.encode())
    shutil.rmtree(draft)


def prune(project: Project, notebooks: list[Path]) -> None:
    """Remove results that no notebook of the book produces any more.

    Parameters
    ----------
    project : Project
    notebooks : list of Path
        All notebooks of the book.
    """
    stamps = {path.stem: _read_stamp(project, path.stem) for path in notebooks}
    wanted = {_stamp_path(project, stem) for stem, stamp in stamps.items() if stamp}
    for stamp in filter(None, stamps.values()):
        wanted |= {project.build / name for name in stamp.outputs}
    for folder in (project.executed, project.figures, project.stamps):
        for path in folder.glob("*"):
            if path not in wanted:
                provenance.withdraw(project.build)
                path.unlink()


def _stamp_path(project, stem):
    return project.stamps / f"{stem}.json"


def _read_stamp(project, stem):
    """Return a stamp, or None where there is none that can be read."""
    try:
        return Stamp(**json.loads(_stamp_path(project, stem).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
