"""What a release holds: the site and the figures with their data, each in an archive."""

import shutil
import tomllib
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from edition.files import whole_folder
from edition.project import BuildError, Project, UsageError

ARCHIVES = {"site.zip": "html", "figures.zip": "figures"}
# The earliest date that an archive can hold: the same content gives the same bytes.
DATE = (1980, 1, 1, 0, 0, 0)


def pack(project: Project, tag: str = "") -> Path:
    """Pack what was built into ``_build/release``.

    The archives unfold into the folders that they were made from.

    Parameters
    ----------
    project : Project
        With a book that is built.
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
        If the book is not built.
    """
    _require_version(project, tag)
    missing = [name for name in ARCHIVES.values() if not (project.build / name).is_dir()]
    if missing:
        raise BuildError(f"Nothing to pack: _build/{missing[0]} is missing; run `make book` first.")
    target = project.build / "release"
    with whole_folder(target, replace=True) as folder:
        for archive, name in ARCHIVES.items():
            _archive(project.build / name, folder / archive)
    return target


def _require_version(project, tag):
    """Raise unless a tag, if there is one, names the version of the project."""
    content = (project.root / "pyproject.toml").read_text("utf-8")
    expected = f"v{tomllib.loads(content)['project']['version']}"
    if tag not in ("", expected):
        raise UsageError(f"The tag must be {expected}, as in pyproject.toml, but was {tag}.")


def _archive(source, target):
    """Pack a folder without what is hidden, in the order of names."""
    files = {file.relative_to(source.parent): file for file in source.rglob("*") if file.is_file()}
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name in sorted(files):
            if any(part.startswith(".") for part in name.parts):
                continue
            entry = ZipInfo(name.as_posix(), DATE)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            with files[name].open("rb") as content, archive.open(entry, "w") as packed:
                shutil.copyfileobj(content, packed)
