"""Files that appear whole or not at all, and a folder that one build has to itself."""

import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from glob import escape
from pathlib import Path

# What a machine can refuse: there, a traceback would say nothing that its one line does not.
REFUSALS = {
    errno.EACCES,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EIO,
    errno.EMFILE,
    errno.ENFILE,
    errno.ENOSPC,
    errno.EPERM,
    errno.EROFS,
}
FULL = {errno.EDQUOT, errno.EFBIG, errno.ENOSPC}


def refusal(error: OSError, folder: Path) -> str:
    """Say in one line what the machine refused.

    Parameters
    ----------
    error : OSError
    folder : Path
        The folder that was worked in, for an error that names no file.

    Returns
    -------
    str
        As in "No space left on device: /home/ada/book/_build/ledger.json".

    Raises
    ------
    OSError
        That very error, if it is none of the machine's.
    """
    if error.errno not in REFUSALS:
        raise error
    return f"{error.strerror}: {error.filename2 or error.filename or folder}"


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
    try:
        _write_whole(path, content)
    except OSError as error:
        # The name of a draft, or none, as from a full disk, would not say what was written.
        error.filename = str(path)
        raise


def _write_whole(path, content):
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
    """Put a folder in the place of another, which goes."""
    old = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
    exchange(draft, target, old)
    shutil.rmtree(old, ignore_errors=True)


def exchange(draft: Path, target: Path, old: Path) -> None:
    """Put a folder in the place of another, which is put aside, or back if that fails.

    Parameters
    ----------
    draft : Path
        What shall be in the place.
    target : Path
        The place.
    old : Path
        Where what is there now goes.
    """
    target.rename(old)
    try:
        draft.rename(target)
    except BaseException:
        old.rename(target)
        raise


def remove(path: Path) -> None:
    """Remove a file, or a folder with all that is in it, if it is there.

    Parameters
    ----------
    path : Path
    """
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        # The name of a file within would not say where it is.
        error.filename = str(path)
        raise


def sweep(folder: Path, *names: str) -> None:
    """Remove the drafts that killed processes left of files and folders.

    Parameters
    ----------
    folder : Path
        Where they are.
    *names : str
        What no other process is writing now.
    """
    for name in names:
        for draft in folder.glob(f".{escape(name)}.*"):
            remove(draft)


@contextmanager
def alone_in(folder: Path, *names: str) -> Iterator[None]:
    """Hold a folder, and wait, saying so, while another process holds it.

    Parameters
    ----------
    folder : Path
        It is made if it is missing.
    *names : str
        What is written there only by who holds it: drafts of a killed one are removed.

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
            print("Waiting for another build to end ...", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        sweep(folder, *names)
        yield
