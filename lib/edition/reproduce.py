"""Build the book a second time, elsewhere, and compare every byte.

The second build is a clean one of a copy of the sources. All is different there that
should not matter: folder, home, interpreter's path, hash seed, locale, time zone, date,
umask, number of workers. Beside it the figures are made once more with all optional
instructions of the processor switched off: pictures may then differ where they draw
noise, their data may not.
"""

import hashlib
import locale
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import venv
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from edition import differences, provenance
from edition.project import BuildError, Project, UsageError

# A leap day in another time zone, a day ahead of the rest of the world.
ZONE = "Pacific/Kiritimati"
CLOCK = """\
import datetime
import time_machine
moment = datetime.datetime(2032, 2, 29, 23, 30, tzinfo=datetime.timezone.utc)
time_machine.travel(moment, tick=True).start()
"""

# Folders list what is in them backwards.
LISTING = """\
import os
class Backwards:
    def __init__(self, entries):
        with entries:
            self._entries = reversed(list(entries))
    def __iter__(self):
        return self
    def __next__(self):
        return next(self._entries)
    def __enter__(self):
        return self
    def __exit__(self, *_):
        pass
    def close(self):
        pass
def backwards(listdir, scandir):
    os.listdir = lambda path=".": listdir(path)[::-1]
    os.scandir = lambda path=".": Backwards(scandir(path))
backwards(os.listdir, os.scandir)
"""

# Linear algebra for the oldest processor of each kind.
OLDEST = {"x86_64": "Prescott", "AMD64": "Prescott", "aarch64": "ARMV8", "arm64": "ARMV8"}

# What the C library must not use: each half is unknown to some versions of it.
C_LIBRARY = "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX512F,-AVX2_Usable,-FMA_Usable,-FMA4_Usable"


class Build(NamedTuple):
    """A build that runs, in a copy of the project, and where it tells what happens."""

    project: Project
    process: subprocess.Popen
    log: Path


def reproduce(project: Project, timeout: int) -> str:
    """Build the book again and compare.

    Parameters
    ----------
    project : Project
        With a book that is built.
    timeout : int
        The longest time for one cell, in seconds.

    Returns
    -------
    str
        What was compared, and the digest that all of it has in common.

    Raises
    ------
    BuildError
        If a file differs, with the first difference; or if a build failed.
    """
    here = outputs(project)
    if not here:
        raise BuildError("There is nothing to compare with: run `make book` first.")
    with tempfile.TemporaryDirectory(prefix="édition ", ignore_cleanup_errors=True) as folder:
        places = Path(folder, "elsewhere"), Path(folder, "other instructions")
        for place in places:
            place.mkdir()
        with (
            _running(project, places[0], timeout, "book") as whole,
            _running(project, places[1], timeout, "figures", other_instructions()) as plain,
        ):
            again, figures = _finished(whole), _finished(plain)
        _require_same(project, here, outputs(again), "in another place and at another time")
        _require_same(project, _data(here), _data(outputs(figures)), "with other instructions")
        changed = _pictures(here, outputs(figures))
    digest = hashlib.sha256(provenance.sums(project.build)).hexdigest()
    return (
        f"The same bytes in another place and at another time: {len(here)} files, {digest}\n"
        f"The same data with other instructions of the processor: {len(_data(here))} tables; "
        f"pictures that draw other noise: {changed or 'none'}"
    )


def outputs(project: Project) -> dict[str, Path]:
    """Return what a build made for others.

    Parameters
    ----------
    project : Project

    Returns
    -------
    dict of str to Path
        The files by their place in the folder of the build.
    """
    found = sorted(provenance.outputs(project.build))
    return {path.relative_to(project.build).as_posix(): path for path in found}


def _data(files):
    """Return those files that hold the data of figures."""
    tables = (name for name in files if name.startswith("figures/") and name.endswith(".csv"))
    return {name: files[name] for name in tables}


def _pictures(here, there):
    """Return how many pictures differ, by their formats."""
    found = Counter(Path(name).suffix for name in differences.names(here, there) if name in there)
    kinds = [(kind, found[f".{kind}"]) for kind in ("svg", "pdf", "png")]
    return ", ".join(f"{count} {kind.upper()}" for kind, count in kinds if count)


def _require_same(project, here, there, how):
    """Raise if files differ; keep those from there, to be looked at."""
    kept = project.build / "different"
    shutil.rmtree(kept, ignore_errors=True)
    found = differences.names(here, there)
    if not found:
        return
    for name in found:
        if name in there:
            (kept / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(there[name], kept / name)
    first = differences.told(found[0], here.get(found[0]), there.get(found[0]))
    raise BuildError(
        "\n".join(
            [
                f"{len(found)} of {len(here)} files differ when they are made {how}. The first:",
                *first,
                f"What was made there is in {kept}",
            ]
        )
    )


@contextmanager
def _running(project, folder, timeout, what, others=None) -> Iterator[Build]:
    """Start a build of a copy of a project; end it if it is not waited for."""
    copy = Project(folder / "book", _library(project, folder / "book"))
    copy_sources(project.root, copy.root)
    command = [str(interpreter(folder / "python")), "-m", "edition"]
    command += [what, "--jobs", "1", "--timeout", str(timeout)]
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=copy.root,
            env=surroundings(folder) | (others or {}) | {"PYTHONPATH": str(copy.lib)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            umask=0o077,
        )
    try:
        yield Build(copy, process, log)
    finally:
        process.terminate()
        process.wait()


def _finished(build: Build) -> Project:
    """Wait for a build and return its project."""
    if build.process.wait():
        said = build.log.read_text("utf-8", "replace").splitlines()[-15:]
        raise BuildError("\n  ".join(["The second build failed:", *said]))
    return build.project


def _library(project, root):
    """Return where a copy of a project has its packages."""
    inside = project.lib.is_relative_to(project.root)
    return root / project.lib.relative_to(project.root) if inside else project.lib


def copy_sources(root: Path, target: Path) -> None:
    """Copy a project as it would be checked out now: nothing that is made or ignored.

    Parameters
    ----------
    root : Path
        The project. Without git, all that is not hidden and not made is its source.
    target : Path
        A folder to be made.
    """
    for name in _sources(root):
        if (root / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / name, target / name)


def _sources(root):
    """Return the names of all source files."""
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others"]
    try:
        done = subprocess.run([*command, "--exclude-standard"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        files = (path.relative_to(root) for path in root.rglob("*") if path.is_file())
        return [name for name in files if not _made(name)]
    return list(map(os.fsdecode, filter(None, done.stdout.split(b"\0"))))


def _made(name):
    """Tell whether a file is no source."""
    return any(part.startswith((".", "_build", "__pycache__")) for part in name.parts)


def interpreter(folder: Path) -> Path:
    """Make an environment with the packages of this one, on another day and another disk.

    Parameters
    ----------
    folder : Path
        Where it shall be.

    Returns
    -------
    Path
        Its Python. All that it starts by its own name meets the same day and disk.
    """
    try:
        import time_machine  # noqa: F401
    except ImportError:
        raise UsageError("time-machine is not installed: install the extra `reproduce`.") from None
    venv.create(folder, symlinks=True)
    [packages] = folder.glob("lib/python*/site-packages")
    others = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
    (packages / "packages.pth").write_text("\n".join(others) + "\n", "utf-8")
    (packages / "sitecustomize.py").write_text(CLOCK + LISTING, "utf-8")
    return folder / "bin" / "python"


def surroundings(folder: Path) -> dict[str, str]:
    """Return an environment in which all is different that should not matter.

    Parameters
    ----------
    folder : Path
        Where its home is made.

    Returns
    -------
    dict of str to str
    """
    home = folder / "home"
    home.mkdir()
    seed = "1" if os.environ.get("PYTHONHASHSEED") == "4242" else "4242"
    other = {"HOME": str(home), "TZ": ZONE, "LC_ALL": _other_locale(), "PYTHONHASHSEED": seed}
    gone = ("LANG", "LANGUAGE", "XDG_", "PYTHONPATH", "MAKEFLAGS")
    return {name: text for name, text in os.environ.items() if not name.startswith(gone)} | other


def _other_locale():
    """Return a locale of this machine that writes numbers or letters in another way."""
    before = locale.setlocale(locale.LC_CTYPE)
    for name in ("tr_TR.UTF-8", "de_DE.UTF-8", "fr_FR.UTF-8"):
        with suppress(locale.Error):
            locale.setlocale(locale.LC_CTYPE, name)
            locale.setlocale(locale.LC_CTYPE, before)
            return name
    here = os.environ.get("LC_ALL") or os.environ.get("LANG") or "C"
    return "C.UTF-8" if here in ("C", "POSIX") else "C"


def other_instructions() -> dict[str, str]:
    """Return the settings that switch optional instructions of the processor off.

    Returns
    -------
    dict of str to str
        For numpy, for its linear algebra, and for the C library where it is GNU's.
    """
    found = provenance.kernels()["numpy"]
    settings = {"NPY_DISABLE_CPU_FEATURES": " ".join(found), "GLIBC_TUNABLES": C_LIBRARY}
    oldest = OLDEST.get(platform.machine())
    return settings | ({"OPENBLAS_CORETYPE": oldest} if oldest else {})
