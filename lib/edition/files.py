"""Files that appear whole or not at all, and a folder that one build has to itself."""

import fcntl
import os
import shutil
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
def whole_folder(target: Path, *, replace: bool = False) -> Iterator[Path]:
    """Fill a folder that appears when all is in it, or not at all.

    Parameters
    ----------
    target : Path
        Where the folder shall be.
    replace : bool, default: False
        Whether it may take the place of one that is there.

    Yields
    ------
    Path
        A hidden folder beside it, to be filled. After an error it is gone; after a
        crash it stays hidden.

    Raises
    ------
    FileExistsError, OSError
        If there is such a folder, with something in it, that may not be replaced, or
        none can be made there.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
    try:
        yield draft
        # As for files: what mkdtemp makes is private.
        draft.chmod(0o755)
        if replace and target.exists():
            _exchange(draft, target)
        else:
            # This fails where a folder stands that is not empty.
            draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _exchange(draft, target):
    """Put a folder in the place of another, which goes, or comes back if that fails."""
    old = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
    target.rename(old)
    try:
        draft.rename(target)
    except BaseException:
        old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


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
