"""Files that appear whole or not at all, and a folder that one build has to itself."""

import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


def write_whole(path: str | Path, content: bytes) -> None:
    """Write a file so that a reader sees the old content or the new, never a part.

    Parameters
    ----------
    path : str or Path
        Where the file shall be. Missing folders are made.
    content : bytes
        What it shall hold.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        # mkstemp makes private files; a published one is readable like any other.
        draft.chmod(0o644)
        draft.replace(path)
    except BaseException:
        draft.unlink()
        raise


@contextmanager
def alone_in(folder: Path, announce: Callable[[str], object] = print) -> Iterator[None]:
    """Hold a folder, and wait while another process holds it.

    Parameters
    ----------
    folder : Path
        It is made if it is missing.
    announce : callable
        Told, in a sentence, if there is need to wait.

    Yields
    ------
    None
        A hold ends with its process, however that ends.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            announce("Waiting for another build to end ...")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
