"""What a build made, and from what: ``SHA256SUMS`` and ``provenance.json`` in ``_build``.

Both are written when all else is done, the second one last; and before anything that
they tell of is changed both are removed, the second one first. So where there is a
``provenance.json``, the build it tells of was complete, and nobody has built since.
"""

import hashlib
import json
import os
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from edition.files import write_whole
from edition.project import Project

SUMS = "SHA256SUMS"
PROVENANCE = "provenance.json"
FORMAT = "1"

# What a build makes for others, in its folder: all else is its own business.
OUTPUTS = ("executed", "figures", "html", "ledger.json")


def outputs(build: Path) -> Iterator[Path]:
    """Find what a build made for others.

    Parameters
    ----------
    build : Path
        Its folder.

    Yields
    ------
    Path
        Every file but hidden ones, which are notes of the build to itself.
    """
    for name in OUTPUTS:
        if (build / name).is_file():
            yield build / name
        for folder, _, files in os.walk(build / name):
            yield from (Path(folder, file) for file in files if not file.startswith("."))


def sums(build: Path) -> bytes:
    """Return the hashes of what a build made, as ``sha256sum --check`` reads them.

    Parameters
    ----------
    build : Path
        Its folder, from which the paths start.

    Returns
    -------
    bytes
        A line for each file, in the order of their paths.
    """
    found = {path.relative_to(build).as_posix(): path for path in outputs(build)}
    return "".join(f"{_hash(found[name])}  {name}\n" for name in sorted(found)).encode()


def _hash(file):
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def withdraw(build: Path) -> None:
    """Remove both files, as what they tell of is going to change.

    Parameters
    ----------
    build : Path
    """
    (build / PROVENANCE).unlink(missing_ok=True)
    (build / SUMS).unlink(missing_ok=True)


def publish(project: Project) -> None:
    """Write both files, unless they are there.

    Parameters
    ----------
    project : Project
        With a book that is built.
    """
    if (project.build / PROVENANCE).is_file() and (project.build / SUMS).is_file():
        return
    withdraw(project.build)
    content = sums(project.build)
    found = describe(project, content)
    write_whole(project.build / SUMS, content)
    text = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    write_whole(project.build / PROVENANCE, text.encode())


def describe(project: Project, content: bytes) -> dict[str, Any]:
    """Tell what a build was made from, on what machine, and when.

    Parameters
    ----------
    project : Project
    content : bytes
        The hashes of what it made, from `sums`.

    Returns
    -------
    dict
        As it stands in the file.
    """
    from datetime import UTC, datetime

    from edition import record

    lock = project.root / "requirements.txt"
    return {
        "format": FORMAT,
        "revision": record.revision(project.root),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "lock": _hash(lock) if lock.is_file() else "none",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "platform": platform.platform(),
        "kernels": kernels(),
        "versions": record.versions(),
        "files": content.count(b"\n"),
        "sums": hashlib.sha256(content).hexdigest(),
    }


def kernels() -> dict[str, Any]:
    """Return what the last digits of a number depend on.

    Returns
    -------
    dict
        The instruction sets that numpy found beyond those it needs, and its linear algebra.
    """
    import numpy as np

    config: Any = np.show_config(mode="dicts")
    blas = config["Build Dependencies"]["blas"]
    found = config["SIMD Extensions"].get("found", [])
    return {"numpy": found, "blas": f"{blas['name']} {blas['version']}"}
