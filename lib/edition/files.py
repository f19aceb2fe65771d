"""Files that appear whole or not at all."""

import os
import tempfile
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
