"""Python in a process of its own that ends with the build, however that ends."""

import os
import subprocess
import sys
from pathlib import Path
from threading import Thread


def run(lib: Path, code: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run a few lines of Python and wait until they end.

    Parameters
    ----------
    lib : Path
        The folder of the packages, which the lines can import.
    code : str
    *arguments : str
        What they find in ``sys.argv``, from the second place on.

    Returns
    -------
    subprocess.CompletedProcess
        With all that was written, errors too, as ``stdout``.
    """
    # Nobody writes to this pipe: what reads from it waits until this process is gone.
    reading, writing = os.pipe()
    try:
        return subprocess.run(
            [sys.executable, "-B", "-c", f"{_GUARD}({reading})\n{code}", *arguments],
            env=os.environ | {"PYTHONPATH": _path(lib), "NO_COLOR": "1"},
            pass_fds=[reading],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            check=False,
        )
    finally:
        os.close(reading)
        os.close(writing)


_GUARD = "from edition.child import end_with_parent; end_with_parent"


def _path(lib):
    return os.pathsep.join(filter(None, [str(lib), os.environ.get("PYTHONPATH")]))


def end_with_parent(pipe: int) -> None:
    """Let this process end as soon as the other end of a pipe is closed.

    Parameters
    ----------
    pipe : int
        The end that is read from.
    """

    def watch():
        os.read(pipe, 1)
        os._exit(1)

    Thread(target=watch, daemon=True).start()
