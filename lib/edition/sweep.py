"""Sweeps: one notebook at many points, on many cores or machines, into one table.

A sweep's folder holds ``sweep.json``, which says what is swept, a file for each point
in ``points``, written when the point has ended, and the table of all. So it goes on
where it was interrupted.
"""

import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from edition import cluster, grid, parameters, point, record, source, table
from edition.project import Project, UsageError
from edition.ranges import shown
from edition.store import Store

ABOUT = "sweep.json"
LINES = 100  # of progress, where it is not shown as a bar


class Summary(NamedTuple):
    """How a sweep ended: its points, those of them that failed, and its table."""

    points: int
    failed: list[dict[str, Any]]
    table: str


def sweep(
    project: Project,
    notebook: Path,
    file: Path,
    store: Store,
    *,
    scheduler: str | None = None,
    workers: int = 1,
    timeout: int = 300,
    retry: bool = False,
    as_csv: bool = False,
) -> Summary:
    """Run a notebook at every point of a grid that has not been run.

    Parameters
    ----------
    project : Project
    notebook : Path
    file : Path
        The grid (`edition.grid`).
    store : Store
        Where the results go.
    scheduler : str, optional
        Where a Dask scheduler listens; by default the sweep has workers of its own.
    workers : int, default: 1
        How many of its own.
    timeout : int, default: 300
        The longest time for one cell, in seconds.
    retry : bool, default: False
        Whether to run again what failed before.
    as_csv : bool, default: False
        Whether the table shall be CSV, as it also is without pyarrow.

    Returns
    -------
    Summary

    Raises
    ------
    UsageError
        If the grid, the folder or the workers will not do; then nothing was run.
    """
    declared = parameters.read(source.load(notebook))
    _require_own_names(declared)
    swept = grid.read(file, declared)
    about = record.origin(project, notebook) | {"notebook": record.place(project, notebook)}
    _require_same(store, about["notebook"])
    cache = "" if scheduler else str(project.cache)
    tasks = _tasks(notebook, swept, about, (timeout, point.packages(), cache))
    todo = [task for task in tasks if task.key not in _ended(store, tasks, failed=not retry)]
    if todo:
        _run(store, todo, declared, about, (scheduler, min(workers, len(todo))), len(tasks))
    return _collect(store, tasks, as_csv=as_csv)


def _require_own_names(declared):
    """Refuse parameters that are called like columns of the table."""
    taken = table.OWN.intersection(parameter.name for parameter in declared)
    if taken:
        raise UsageError(f"A parameter of a sweep must not be called {', '.join(sorted(taken))}.")


def _require_same(store, notebook):
    """Refuse a folder that holds something else, or the sweep of another notebook."""
    names = store.names()
    if ABOUT not in names:
        if names:
            raise UsageError(f"{store.address} exists and is no folder of a sweep.")
        return
    swept = json.loads(store.read([ABOUT])[0])["notebook"]
    if swept != notebook:
        raise UsageError(f"{store.address} holds a sweep of {swept}, not of {notebook}.")


def _tasks(notebook, swept, about, options):
    """Return the tasks of all points; a point's key changes with all that it depends on."""
    files = {file.name: file.read_bytes() for file in (notebook, *source.data(notebook))}
    tasks = []
    for given in swept.points:
        parts = [about["inputs"], about["versions"], record.plain(given), swept.outputs]
        key = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]
        tasks.append(point.Task(key, notebook.name, files, given, swept.outputs, *options))
    return tasks


def _file(task):
    return f"points/{task.key}.json"


def _ended(store, tasks, *, failed):
    """Return the keys of the points that have ended, also by failure or only well."""
    names = set(store.names("points"))
    there = [task for task in tasks if f"{task.key}.json" in names]
    if failed:
        return {task.key for task in there}
    records = map(json.loads, store.read([_file(task) for task in there]))
    return {found["point"] for found in records if found["status"] == "done"}


def _run(store, todo, declared, about, where, total):
    """Run points and write each as it ends."""
    with cluster.workers(*where) as client:
        store.write(ABOUT, record.serialise(about))
        with progress(total, total - len(todo)) as advance:
            for task, found in cluster.compute(client, todo):
                everything = record.plain(parameters.resolved(declared, task.given))
                whole = {"point": task.key, "parameters": everything} | found
                store.write(_file(task), record.serialise(whole))
                advance()


def _collect(store, tasks, *, as_csv):
    """Write the table of all points and return how the sweep ended."""
    records = [json.loads(text) for text in store.read([_file(task) for task in tasks])]
    rows = table.rows(records)
    if as_csv or find_spec("pyarrow") is None:
        name, content = "table.csv", table.comma_separated(rows)
    else:
        name, content = "table.parquet", table.parquet(rows)
    store.write(name, content)
    failed = [found for found in records if found["status"] == "failed"]
    return Summary(len(records), failed, f"{store.address.rstrip('/')}/{name}")


@contextmanager
def progress(total: int, done: int) -> Iterator[Any]:
    """Show how far a sweep is, at which rate, and how long it will take.

    Parameters
    ----------
    total : int
        The number of points.
    done : int
        Those that need not be run.

    Yields
    ------
    callable
        To be called after each point.
    """
    from tqdm import tqdm  # type: ignore[import-untyped]

    bar = sys.stderr.isatty()
    # In a log, a line now and then; the bar itself is drawn over the same line.
    often = {} if bar else {"miniters": max((total - done) // LINES, 1), "mininterval": 0}
    with tqdm(total=total, initial=done, unit="point", file=_Lines(bar), **often) as line:
        yield line.update


class _Lines:
    """Standard error, with lines in place of a bar that is drawn over itself."""

    def __init__(self, bar):
        self.bar = bar

    def write(self, text):
        sys.stderr.write(text if self.bar else text.replace("\r", "\n"))

    def flush(self):
        sys.stderr.flush()


def told(failed: Sequence[dict[str, Any]], most: int = 5) -> str:
    """Return what is told of failed points: how many, and the errors of the first."""
    lines = [f"{len(failed)} points failed:"]
    for found in failed[:most]:
        values = " ".join(f"{name}={shown(value)}" for name, value in found["parameters"].items())
        lines += [f"  {values}", *(f"    {line}" for line in found["error"].splitlines()[:2])]
    more = (
        [f"  … and {len(failed) - most} more; all are in the table."] if len(failed) > most else []
    )
    return "\n".join([*lines, *more])
