"""`run.json`: what a run was made from and what came out, enough to repeat it.

Of all files of a run only this one says when it was made, and only in its lines
``date`` and ``revision``.
"""

import hashlib
import json
import platform
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from edition import results, source, values
from edition.parameters import Parameter, resolved
from edition.project import Project, UsageError

NAME = "run.json"
FORMAT = "1"

# What shapes the page, of which the other results do not depend.
PAGE = ("page.css", "page.py", "stage.py")

# Packages that can change a number, a figure or a page.
TOOLS = (
    "docutils",
    "ipykernel",
    "ipython",
    "matplotlib",
    "mpmath",
    "myst-nb",
    "nbclient",
    "numpy",
    "papermill",
    "pygments",
    "scipy",
    "sphinx-mathjax-offline",
    "sympy",
)


def describe(
    project: Project,
    notebook: Path,
    declared: list[Parameter],
    given: Mapping[str, Any],
    folder: Path,
) -> dict[str, Any]:
    """Return the record of a run.

    Parameters
    ----------
    project : Project
    notebook : Path
        The notebook that was run.
    declared : list of Parameter
    given : mapping of str to object
        Parameters other than their defaults.
    folder : Path
        What came out.

    Returns
    -------
    dict
        As it stands in the file.
    """
    return {
        "format": FORMAT,
        "notebook": place(project, notebook),
        "parameters": plain(resolved(declared, given)),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "revision": revision(project.root),
        **origin(project, notebook),
        "outputs": hashes(folder),
    }


def place(project: Project, notebook: Path) -> str:
    """Return where a notebook stands, within the project if it is there."""
    inside = notebook.is_relative_to(project.root)
    return (notebook.relative_to(project.root) if inside else notebook).as_posix()


def plain(value: Any) -> Any:
    """Return values as JSON knows them: infinities, which it does not, as text."""
    if isinstance(value, Mapping):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return str(value) if value in (float("inf"), -float("inf")) else value


def origin(project: Project, notebook: Path) -> dict[str, dict[str, str]]:
    """Return what decides the bytes of a run, besides its parameters.

    Parameters
    ----------
    project : Project
    notebook : Path

    Returns
    -------
    dict
        The hashes of the ``inputs``, and the ``versions`` of Python and of packages.
    """
    names = ("CITATION.cff", "_config.yml", "pyproject.toml", "requirements.txt")
    common = [project.root / name for name in names]
    files = [notebook, *source.data(notebook), *filter(Path.is_file, common)]
    inputs = {place(project, file): _hash(file) for file in files}
    inputs |= {f"lib/{name}": results.package(project.lib, name) for name in results.PACKAGES}
    inputs |= {f"lib/edition/{name}": _hash(Path(__file__).with_name(name)) for name in PAGE}
    here = {
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
    }
    return {"inputs": inputs, "versions": here | versions()}


def versions() -> dict[str, str]:
    """Return the versions of the packages that can change a number, a figure or a page."""
    return {name: _version(name) for name in TOOLS}


def hashes(folder: Path) -> dict[str, str]:
    """Return the hashes of all files in a folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): _hash(path) for path in files}


def _hash(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _version(name):
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def revision(root: Path) -> str:
    """Return the git revision of a folder.

    Parameters
    ----------
    root : Path

    Returns
    -------
    str
        With "and changes" behind it where files differ from it; "none" without git.
    """
    try:
        head = _git(root, "rev-parse", "HEAD")
        changed = _git(root, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.CalledProcessError):
        return "none"
    return f"{head} and changes" if changed else head


def _git(root, *arguments):
    command = ["git", "-C", str(root), *arguments]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    return done.stdout.strip()


def serialise(record: Any) -> bytes:
    """Return a record, or any other JSON, in a form that differs only where it differs."""
    return (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode()


def load(path: Path) -> dict[str, Any]:
    """Read a record.

    Parameters
    ----------
    path : Path
        ``run.json``, or the folder with it.

    Returns
    -------
    dict
        Its values are texts.

    Raises
    ------
    UsageError
        If it is no record of a run.
    """
    path = path / NAME if path.is_dir() else path
    found = values.mapping(values.load(path), path)
    parts = {"format", "notebook", "parameters", "inputs", "versions", "outputs"}
    if not parts <= set(found) or found["format"] != FORMAT:
        raise UsageError(f"{path} is no record of a run.")
    return found


def require_unchanged(record: Mapping[str, Any], project: Project, notebook: Path) -> None:
    """Refuse to repeat a run from something else than it was made from.

    Parameters
    ----------
    record : mapping
    project : Project
    notebook : Path

    Raises
    ------
    UsageError
        That names what has changed, and the revision that it was made from.
    """
    now = origin(project, notebook)
    changed = [
        name
        for part in ("inputs", "versions")
        for name in sorted(record[part].keys() | now[part].keys())
        if record[part].get(name) != now[part].get(name)
    ]
    if changed:
        raise UsageError(
            f"This is not what the run was made from: {', '.join(changed)} changed since "
            f"(git revision {record.get('revision')}). Its parameters alone: -f parameters.yml."
        )
