"""Workers for a sweep, through Dask: processes of this machine, or a cluster that is there."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from tempfile import TemporaryDirectory
from typing import Any

from distributed import Client, Future, LocalCluster, as_completed

from edition import point
from edition.project import UsageError

ANSWER = 5  # seconds for a scheduler to answer
ARRIVAL = 20  # seconds for its first worker to arrive
# Points on their way for each worker: one runs, one waits, so that none is idle.
AHEAD = 2


@contextmanager
def workers(scheduler: str | None, count: int) -> Iterator[Client]:
    """Connect to workers.

    Parameters
    ----------
    scheduler : str or None
        Where a Dask scheduler listens, as in ``tcp://host:8786``; None for workers
        of one's own.
    count : int
        How many of one's own.

    Yields
    ------
    distributed.Client

    Raises
    ------
    UsageError
        If no scheduler answers, or its workers are not fit for notebooks.
    """
    if scheduler is None:
        with (
            TemporaryDirectory() as scratch,
            _local(count, scratch) as ours,
            Client(ours) as client,
        ):
            yield client
        return
    try:
        client = Client(scheduler, timeout=ANSWER)
    except (OSError, ValueError) as error:
        raise UsageError(f"No Dask scheduler answers at {scheduler}: {error}.") from None
    with client:
        _require_single_threads(client)
        yield client


def _local(count, scratch):
    return LocalCluster(
        n_workers=count,
        threads_per_worker=1,
        processes=True,
        dashboard_address=None,
        local_directory=scratch,
        silence_logs=logging.CRITICAL,
    )


def _require_single_threads(client):
    """Refuse workers with several threads: papermill must not run in two of one process."""
    try:
        client.wait_for_workers(1, timeout=ARRIVAL)
    except TimeoutError:
        raise UsageError("The scheduler has no workers: start some with `dask worker`.") from None
    threads = client.nthreads()
    wide = [address for address, number in threads.items() if number != 1]
    if wide:
        raise UsageError(
            f"Workers must have one thread each (`dask worker --nthreads 1`), but {wide[0]} has "
            f"{threads[wide[0]]}."
        )


def compute(
    client: Client, tasks: Iterable[point.Task]
) -> Iterator[tuple[point.Task, dict[str, Any]]]:
    """Run points, and yield each with what came out as it ends.

    A point whose worker dies is run again by another; one that kills several is failed.

    Parameters
    ----------
    client : distributed.Client
    tasks : iterable of Task

    Yields
    ------
    (Task, dict)
        As from `edition.point.run`.
    """
    waiting = iter(tasks)
    running: dict[Future, point.Task] = {}
    ready = as_completed()
    while True:
        # The cluster may grow and shrink.
        free = AHEAD * max(len(client.nthreads()), 1) - len(running)
        for task in islice(waiting, max(free, 0)):
            future = client.submit(point.run, task, key=f"point-{task.key}", pure=False)
            running[future] = task
            ready.add(future)
        if not running:
            return
        future = next(ready)
        yield running.pop(future), _outcome(future)


def _outcome(future):
    """Return what came out of a point, also where nothing could."""
    error = future.exception()
    if error is None:
        return future.result()
    if isinstance(error, UsageError):
        raise error
    message = f"{type(error).__name__}: {error}"
    return {"status": "failed", "error": message, "checks": [], "outputs": {}, "seconds": None}
