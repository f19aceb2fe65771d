"""One point of a sweep, as a worker runs it: any machine that has this press will do."""

import time
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from edition import results, source
from edition.project import LIB, BuildError, UsageError


class Task(NamedTuple):
    """All that a worker needs to run one point.

    Parameters
    ----------
    key : str
        What names the point.
    notebook : str
        The file name of the notebook.
    files : dict of str to bytes
        The notebook and the data that it reads.
    given : dict of str to object
        Parameters other than their defaults.
    outputs : dict of str to str
        Expressions to evaluate in the end, by name.
    timeout : int
        The longest time for one cell, in seconds.
    packages : tuple of str
        The hashes of the packages, which must be the same everywhere.
    cache : str
        What kernels keep between runs, if the worker is on this machine; else empty.
    """

    key: str
    notebook: str
    files: dict[str, bytes]
    given: dict[str, Any]
    outputs: dict[str, str]
    timeout: int
    packages: tuple[str, ...]
    cache: str = ""


@cache
def packages() -> tuple[str, ...]:
    """Return the hashes of the packages that this process has."""
    return tuple(results.package(LIB, name) for name in results.PACKAGES)


@cache
def _kept() -> TemporaryDirectory:
    """Make the folder of what kernels keep, for as long as this process lives."""
    return TemporaryDirectory(prefix="edition-")


def run(task: Task) -> dict[str, Any]:
    """Run one point, in a fresh kernel.

    Parameters
    ----------
    task : Task

    Returns
    -------
    dict
        Whether it was ``done`` or ``failed``, with its ``error``, its ``checks``, its
        ``outputs`` and the ``seconds`` that it took.

    Raises
    ------
    UsageError
        If the packages here are not those of the sweep.
    """
    if packages() != task.packages:
        raise UsageError("A worker has other versions of spinbath and edition than the sweep.")
    start = time.perf_counter()
    try:
        found = {"status": "done", "error": ""} | _run(task)
    except BuildError as error:
        found = {"status": "failed", "error": str(error), "checks": [], "outputs": {}}
    return found | {"seconds": round(time.perf_counter() - start, 3)}


def _run(task):
    """Run the notebook in a folder of its own, of which nothing stays."""
    from edition.execute import execute
    from edition.verify import recorded_checks

    with TemporaryDirectory(prefix="edition-") as name:
        folder = Path(name)
        for file, content in task.files.items():
            (folder / file).write_bytes(content)
        outputs = execute(
            folder / task.notebook,
            folder / "draft",
            cache=Path(task.cache or _kept().name),
            values=task.given,
            outputs=task.outputs,
            keep_figures=False,
            timeout=task.timeout,
        )
        checks = recorded_checks(source.load(folder / "draft" / task.notebook))
    return {"checks": checks, "outputs": outputs}
