"""What a release holds: all that a build made for others, its folders as archives, and the PDF."""

import shutil
import tomllib
from collections import defaultdict
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from edition.files import whole_folder
from edition.project import BuildError, Project, UsageError
from edition.provenance import PROVENANCE, SUMS, outputs

#: What the archive of a folder is called, where the folder's name would not tell.
NAMES = {"html": "site", "executed": "notebooks"}
# Not among `outputs`: its bytes depend on the Chromium that printed it.
PRINTED = "book.pdf"
# The earliest date that an archive can hold: the same content gives the same bytes.
DATE = (1980, 1, 1, 0, 0, 0)


def pack(project: Project, tag: str = "") -> Path:
    """Pack what was built into ``_build/release``.

    Unpacked in one folder, all of it is as it was built, so that there
    ``sha256sum --check SHA256SUMS`` finds every file.

    Parameters
    ----------
    project : Project
        With a book that is built, and printed.
    tag : str, optional
        The tag that the release is for.

    Returns
    -------
    Path
        The folder, which replaces that of an earlier release.

    Raises
    ------
    UsageError
        If the tag is not that of the version in ``pyproject.toml``.
    BuildError
        If the book is not built, or not printed.
    """
    _require_version(project, tag)
    for name, made_by in {PROVENANCE: "book", PRINTED: "pdf"}.items():
        if not (project.build / name).is_file():
            raise BuildError(f"Cannot pack: no _build/{name}; run `make {made_by}` first.")
    target = project.build / "release"
    with whole_folder(target, replace=True) as folder:
        _fill(folder, project.build)
    return target


def _require_version(project, tag):
    """Raise unless a tag, if there is one, names the version of the project."""
    content = (project.root / "pyproject.toml").read_text("utf-8")
    expected = f"v{tomllib.loads(content)['project']['version']}"
    if tag not in ("", expected):
        raise UsageError(f"The tag must be {expected}, as in pyproject.toml, but was {tag}.")


def _fill(folder, build):
    """Copy the files of a build, and make an archive of each of its folders."""
    parts = defaultdict(list)
    for path in sorted([*outputs(build), build / SUMS, build / PROVENANCE, build / PRINTED]):
        name = path.relative_to(build)
        parts[name.parts[0]].append(name)
    for part, names in parts.items():
        if (build / part).is_file():
            shutil.copyfile(build / part, folder / part)
        else:
            _archive(build, names, folder / f"{NAMES.get(part, part)}.zip")


def _archive(build, names, target):
    """Pack files, in the order given."""
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name in names:
            entry = ZipInfo(name.as_posix(), DATE)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            with (build / name).open("rb") as content, archive.open(entry, "w") as packed:
                shutil.copyfileobj(content, packed)
