"""One run of one notebook: execute through papermill, verify, write the executed copy."""

import json
import logging
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError

from edition import about, outcomes, parameters, sanitise, source, verify
from edition.files import write_whole
from edition.kernel import environment, kernel_class, list_fonts
from edition.project import LIB, BuildError

ATTEMPTS = 3
START_TIMEOUT = 60
CELL_TIMEOUT = 300

# A traceback longer than this is not a few readable lines.
FRAMES = 6
ANSI = re.compile(r"\x1b\[[0-9;]*m")

# Without a handler of their own, these would write to the terminal what is told anyway.
for _chatty in ("papermill", "asyncio"):
    logging.getLogger(_chatty).addHandler(logging.NullHandler())


class KernelExitError(Exception):
    """A cell asked its kernel to exit."""


class Watch:
    """What happens during a run: whether the kernel started, and where it is."""

    def __init__(self):
        self.started = False
        self.cell: source.Cell = {}

    def kernel_started(self, notebook):
        """Note that the kernel answers."""
        self.started = True

    def cell_started(self, cell, cell_index):
        """Note which cell runs."""
        self.cell = cell

    def cell_answered(self, cell, cell_index, execute_reply):
        """Stop where a cell called exit(), which papermill takes for success."""
        payload = execute_reply["content"].get("payload", [])
        if any(entry.get("source") == "ask_exit" for entry in payload):
            raise KernelExitError


def execute(
    path: Path,
    draft: Path,
    *,
    cache: Path,
    values: Mapping[str, Any] | None = None,
    outputs: Mapping[str, str] | None = None,
    keep_figures: bool = True,
    lib: Path = LIB,
    timeout: int = CELL_TIMEOUT,
    python: str = sys.executable,
) -> dict[str, Any]:
    """Run a notebook and verify what it produced.

    Parameters
    ----------
    path : Path
        The notebook.
    draft : Path
        The folder that receives the executed copy, under the same name, and a
        folder ``figures``. It is emptied first.
    cache : Path
        What kernels keep between runs.
    values : mapping of str to object, optional
        Parameters other than their defaults.
    outputs : mapping of str to str, optional
        Expressions to evaluate when the notebook has ended, by the names to give them.
    keep_figures : bool, default: True
        Whether figures go to files, too; else they are only shown in the copy.
    lib : Path
        The folder of the packages.
    timeout : int, default: 300
        The longest time for one cell, in seconds.
    python : str, optional
        The interpreter; by default the one that asks.

    Returns
    -------
    dict of str to object
        What the outputs came to, as plain JSON.

    Raises
    ------
    BuildError
        With a few readable lines that say which cell went wrong, and how.
    """
    path, draft, cache = path.resolve(), draft.resolve(), cache.resolve()
    written = source.load(path)
    parameters.require(parameters.read(written), values or {})
    shutil.rmtree(draft, ignore_errors=True)
    (draft / "figures").mkdir(parents=True)
    figures = draft / "figures" if keep_figures else None
    settings = environment(lib, cache, figures) | about.variable(path)
    list_fonts(python, settings, draft)
    options = {
        "cwd": str(path.parent),
        "execution_timeout": timeout,
        "kernel_manager_class": kernel_class(python, settings, draft),
        "parameters": dict(values or {}),
    }
    file, asked = _asked(path, written, outputs, draft)
    run = _run(file, asked, draft / "kernel.log", options)
    executed = sanitise.executed_copy(written, run)
    found = verify.problems(executed, figures, (path.parent, lib))
    if found:
        raise BuildError(_told(path, *found[:5]))
    write_whole(draft / path.name, sanitise.serialise(executed).encode())
    return outcomes.answers(run) if outputs else {}


def _asked(path, written, outputs, draft):
    """Return the notebook to run, file and content: a copy if there are outputs to ask for."""
    if not outputs:
        return path, written
    copy = outcomes.asking(written, outputs)
    file = draft / "asked" / path.name
    write_whole(file, json.dumps(copy).encode())
    return file, copy


def _run(path, written, log, options):
    """Run through papermill, again where the kernel failed to start."""
    for _ in range(ATTEMPTS):
        watch = Watch()
        try:
            return _papermill(path, watch, options)
        except PapermillExecutionError as error:
            reason = [_summary(error), *_frames(error.traceback)]
        except CellTimeoutError:
            reason = [f"did not end within {options['execution_timeout']} s"]
        except DeadKernelError:
            reason = ["killed its kernel: a crash, a signal or no memory left"]
        except KernelExitError:
            reason = ["called exit(), which would leave the rest of the notebook out"]
        except (RuntimeError, OSError) as error:
            if watch.started:
                raise
            failure = error
            continue
        raise BuildError(_told(path, _lines(source.place(written, watch.cell), *reason)))
    silent = f"its kernel did not start in {ATTEMPTS} attempts: {failure}"
    raise BuildError(_told(path, _lines(silent, *_tail(log))))


def _papermill(path, watch, options):
    """Run once and return the notebook with its outputs; write no file."""
    return papermill.execute_notebook(
        # papermill fills in braces, which a folder's name may contain.
        str(path).replace("{", "{{").replace("}", "}}"),
        None,
        kernel_name="python3",
        progress_bar=False,
        start_timeout=START_TIMEOUT,
        coalesce_streams=True,
        shutdown_kernel="immediate",
        on_notebook_start=watch.kernel_started,
        on_cell_start=watch.cell_started,
        on_cell_executed=watch.cell_answered,
        **options,
    )


def _told(path, *paragraphs):
    return "\n".join(f"{path.name}: {paragraph}" for paragraph in paragraphs)


def _lines(first, *rest):
    return "\n  ".join([first, *rest])


def _summary(error):
    """Return the error of a cell on one line."""
    return " ".join(f"{error.ename}: {ANSI.sub('', error.evalue)}".split())


def _frames(traceback):
    """Return where an error came from: places and the lines that arrows point at."""
    lines = ANSI.sub("", "\n".join(traceback)).splitlines()
    frames = [line.strip() for line in lines if re.match(r"(File |Cell In|-+> )", line)]
    return frames[-FRAMES:]


def _tail(log):
    """Return the last words of a kernel."""
    lines = log.read_text(errors="replace").splitlines() if log.is_file() else []
    return [line.strip() for line in lines if line.strip()][-3:]
