"""Many notebooks at once: those whose results are out of date, each in its own process."""

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from edition import results, source
from edition.files import refusal
from edition.project import BuildError, Project

if TYPE_CHECKING:
    from concurrent.futures import Future

Report = Callable[[str], None]


class Job(NamedTuple):
    """A notebook to run, where its draft goes, and the fingerprint of its inputs."""

    path: Path
    draft: Path
    inputs: str


def run(
    project: Project, notebooks: Sequence[Path], *, workers: int | None = None, **options: Any
) -> list[Path]:
    """Bring the results of notebooks up to date.

    A result is published as soon as it is verified. After a failure nothing more
    is started, what is running is let finish, and the failed notebook's previous
    result stays as it was.

    Parameters
    ----------
    project : Project
    notebooks : sequence of Path
        Which of the book's notebooks to bring up to date.
    workers : int, optional
        How many at once; by default, and at most, as many as there are cores.
    **options
        ``timeout`` and ``python`` of `edition.execute.execute`.

    Returns
    -------
    list of Path
        The notebooks that had to be run.

    Raises
    ------
    BuildError
        If a notebook failed, or two promise the same figure.
    """
    _require_own_figures(notebooks)
    shutil.rmtree(project.drafts, ignore_errors=True)
    # Never a folder of an earlier build, which may have left a process behind.
    drafts = project.drafts / str(os.getpid())
    jobs = [
        Job(path, drafts / path.stem, inputs)
        for path, inputs in results.outdated(project, notebooks)
    ]
    try:
        if jobs:
            _run_all(project, jobs, min(len(jobs), workers or cores(), cores()), options)
    finally:
        shutil.rmtree(project.drafts, ignore_errors=True)
    return [job.path for job in jobs]


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _require_own_figures(notebooks):
    """Refuse two notebooks that would write the same figure."""
    owners: dict[str, Path] = {}
    for path in notebooks:
        for name in source.promises(source.load(path)).figures:
            if owners.setdefault(name, path) != path:
                raise BuildError(
                    f"{owners[name].name} and {path.name} both promise the figure {name}."
                )


def _run_all(project, jobs, workers, options):
    """Run the jobs in a pool of processes and publish each as it ends."""
    from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
    from multiprocessing import get_context

    waiting = iter(jobs)
    running: dict[Future[float], Job] = {}
    failures: list[str] = []
    # A fresh process inherits no threads and no state of this one.
    pool = ProcessPoolExecutor(workers, get_context("spawn"), _end_with_parent)
    with pool, progress(len(jobs)) as report:
        while True:
            # The pool's own queue cannot be called back, so it is never filled.
            free = 0 if failures else workers - len(running)
            for job in islice(waiting, free):
                running[pool.submit(_work, project, job, options)] = job
            if not running:
                break
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                failures += _conclude(project, running.pop(future), future, report)
    if failures:
        raise BuildError("\n".join(failures))


def _conclude(project, job, future, report):
    """Publish what a job produced, or return what its failure says."""
    from concurrent.futures.process import BrokenProcessPool

    try:
        seconds = future.result()
    except BuildError as error:
        return [str(error)]
    except BrokenProcessPool:
        return [f"{job.path.name}: the process that ran it died."]
    except OSError as error:
        return [f"{job.path.name}: {refusal(error, project.build)}"]
    results.publish(project, job.path, job.draft, job.inputs)
    report(f"{job.path.stem}  {seconds:.1f} s")
    return []


def _end_with_parent():
    """Let a process of the pool end when a killed build leaves it behind.

    Its kernel then ends by itself.
    """
    from multiprocessing import parent_process
    from threading import Thread

    def watch(build):
        build.join()
        os._exit(1)

    Thread(target=watch, args=[parent_process()], daemon=True).start()


def _work(project, job, options):
    """Run one notebook, in a process of the pool, and return the time it took."""
    from edition.execute import execute

    start = time.perf_counter()
    execute(job.path, job.draft, cache=project.cache, lib=project.lib, **options)
    return time.perf_counter() - start


@contextmanager
def progress(total: int) -> Iterator[Report]:
    """Show how far a build is: a bar on a terminal, else a line for each step.

    Parameters
    ----------
    total : int
        The number of steps.

    Yields
    ------
    callable
        To be called with a text after each step.
    """
    if sys.stderr.isatty() and not os.environ.get("CI"):
        from tqdm import tqdm  # type: ignore[import-untyped]

        with tqdm(total=total, unit="notebook", leave=False) as bar:

            def advance(text):
                bar.update()
                bar.write(f"  {text}")

            yield advance
    else:
        steps = iter(range(1, total + 1))
        yield lambda text: print(f"[{next(steps)}/{total}] {text}", flush=True)
