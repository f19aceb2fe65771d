"""Where a sweep keeps what it finds: a folder, or any storage that fsspec reaches."""

from pathlib import Path

import fsspec
from fsspec.implementations.local import LocalFileSystem

from edition.files import write_whole
from edition.project import UsageError


class Store:
    """A folder of files, here or elsewhere.

    Parameters
    ----------
    address : str
        A path, or an address such as ``s3://bucket/folder``.

    Raises
    ------
    UsageError
        If there is no such kind of storage, or its package is not installed.
    """

    def __init__(self, address: str):
        try:
            self.files, self.root = fsspec.core.url_to_fs(address)
        except (ImportError, ValueError) as error:
            raise UsageError(f"{address} cannot be used: {error}.") from None
        self.address = address

    def _place(self, name):
        return f"{self.root}/{name}"

    def names(self, folder: str = "") -> list[str]:
        """Return the names of the files and folders in a folder; of none, if it is not there."""
        self.files.invalidate_cache()
        try:
            found = self.files.ls(self._place(folder).rstrip("/"), detail=False)
        except FileNotFoundError:
            return []
        # A draft is hidden, until it is whole.
        return sorted(name for path in found if not (name := Path(path).name).startswith("."))

    def read(self, names: list[str]) -> list[bytes]:
        """Return the contents of files, many at once where the storage can do that."""
        if not names:
            return []
        places = [self._place(name) for name in names]
        found = self.files.cat(places)
        contents = found if isinstance(found, dict) else {places[0]: found}
        return [contents[place] for place in places]

    def write(self, name: str, content: bytes) -> None:
        """Write a file, whole or not at all."""
        if isinstance(self.files, LocalFileSystem):
            write_whole(self._place(name), content)
        else:  # an object appears when all of it was sent
            self.files.pipe_file(self._place(name), content)
