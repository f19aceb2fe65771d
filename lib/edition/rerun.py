"""Rerun a notebook with parameters of one's own, into a folder that tells all about it.

The folder holds the executed notebook, a page of it that stands alone, the figures
with their data, the checks, the parameters, and the record of the run (`edition.record`).
"""

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from threading import Thread
from typing import Any

from edition import parameters, record, source
from edition.files import whole_folder, write_whole
from edition.project import BuildError, Project, UsageError
from edition.ranges import shown

CHECKS = "checks.json"
PARAMETERS = "parameters.yml"


def default_folder(project: Project, notebook: Path, given: Mapping[str, Any]) -> Path:
    """Return the folder of a run, which its notebook and its parameters name.

    Parameters
    ----------
    project : Project
    notebook : Path
    given : mapping of str to object
        Parameters other than their defaults.

    Returns
    -------
    Path
    """
    everything = parameters.resolved(parameters.read(source.load(notebook)), given)
    text = json.dumps(record.plain(everything), sort_keys=True)
    return project.reruns / f"{notebook.stem}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def rerun(
    project: Project,
    notebook: Path,
    given: Mapping[str, Any],
    folder: Path,
    *,
    force: bool = False,
    **options: Any,
) -> list[dict[str, Any]]:
    """Run a notebook into a folder, which appears whole or not at all.

    Parameters
    ----------
    project : Project
    notebook : Path
    given : mapping of str to object
        Parameters other than their defaults, of their types and within their ranges.
    folder : Path
        Where the run goes.
    force : bool, default: False
        Whether an earlier run that stands there may be replaced.
    **options
        ``timeout`` of `edition.execute.execute`.

    Returns
    -------
    list of dict
        The checks.

    Raises
    ------
    UsageError
        If something stands in the folder.
    BuildError
        If the run failed.
    """
    _require_free(folder, force)
    try:
        with whole_folder(folder, replace=force) as draft:
            return _fill(draft, project, notebook, given, options)
    except OSError as error:
        raise BuildError(f"{folder} could not be made: {error}") from None


def _require_free(folder, force):
    """Refuse a folder that holds something, unless it is a run to be replaced."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not (folder / record.NAME).is_file():
        raise UsageError(f"{folder} exists and is no folder of a run: choose another with -o.")
    if not force:
        raise UsageError(f"{folder} exists: replace it with --force, or choose another with -o.")


def _fill(folder, project, notebook, given, options):
    """Run the notebook and put all files of its run into an empty folder."""
    from edition import page
    from edition.execute import execute
    from edition.verify import recorded_checks

    Thread(target=page.warm, daemon=True).start()
    draft = folder / "draft"
    execute(notebook, draft, cache=project.cache, lib=project.lib, values=given, **options)
    for name in (notebook.name, "figures"):
        (draft / name).rename(folder / name)
    shutil.rmtree(draft)
    executed = source.load(folder / notebook.name)
    declared = parameters.read(executed)
    checks = recorded_checks(executed)
    html = page.render(json.dumps(executed), project)
    write_whole(folder / f"{notebook.stem}.html", html.encode())
    write_whole(folder / CHECKS, record.serialise(checks))
    write_whole(folder / PARAMETERS, _yaml(parameters.resolved(declared, given)))
    about = record.describe(project, notebook, declared, given, folder)
    write_whole(folder / record.NAME, record.serialise(about))
    return checks


def _yaml(everything):
    """Return parameters for `-f`, of this press and of papermill."""
    import yaml

    return yaml.safe_dump(everything, allow_unicode=True, sort_keys=False).encode()


def summary(checks: list[dict[str, Any]]) -> str:
    """Return how many checks passed, and how many the parameters put out of reach."""
    count = Counter(check["passed"] for check in checks)
    return f"{count[True]} checks passed, {count[None]} not applicable here"


def differences(recorded: Mapping[str, str], folder: Path) -> list[str]:
    """Return the files of a repeated run that are not what they were.

    Parameters
    ----------
    recorded : mapping of str to str
        The files of the first run with their hashes.
    folder : Path
        The second.

    Returns
    -------
    list of str
    """
    found = record.hashes(folder)
    found.pop(record.NAME)
    names = sorted(recorded.keys() | found.keys())
    return [name for name in names if recorded.get(name) != found.get(name)]


def table(declared: list[parameters.Parameter]) -> str:
    """Return what can be changed in a notebook, a line for each parameter."""
    rows = [("name", "type", "default", "unit", "range", "meaning")]
    for name, kind, default, _ in declared:
        about = declared[len(rows) - 1].description
        rows.append(
            (name, kind, shown(default), about.unit or "–", about.range or "–", about.meaning)
        )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    return "\n".join(lines)
