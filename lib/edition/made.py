"""Run the programs of the book that write parts of its pages.

A folder ``book/NAME`` with a program ``make.py`` is run as ``python make.py FOLDER``; what it
writes there stands beside the pages as ``NAME/…``, to be included by them. A program runs again
only when a file of its folder, the physics library or the lock changed.
"""

import hashlib
from pathlib import Path

from edition import child
from edition.files import sweep, whole_folder, write_whole
from edition.project import BuildError, Project
from edition.results import package

PROGRAM = "make.py"


def bring_up_to_date(project: Project) -> dict[str, Path]:
    """Run the programs whose results are not up to date.

    Parameters
    ----------
    project : Project

    Returns
    -------
    dict of str to Path
        What they wrote, by its place in the stage.

    Raises
    ------
    BuildError
        If a program fails; the message ends with what it said.
    """
    found: dict[str, Path] = {}
    for program in sorted((project.root / "book").glob(f"*/{PROGRAM}")):
        name = program.parent.name
        target = project.build / "made" / name
        _make(project, program, target)
        found |= {
            f"book/{name}/{file.relative_to(target).as_posix()}": file
            for file in sorted(target.rglob("*"))
            if file.is_file()
        }
    return found


def _make(project: Project, program: Path, target: Path) -> None:
    """Run one program, unless what it wrote is up to date."""
    inputs = _inputs(project, program)
    stamp = target.with_name(f"{target.name}.inputs")
    sweep(target.parent, target.name, stamp.name)
    if target.is_dir() and stamp.is_file() and stamp.read_text("utf-8") == inputs:
        return
    with whole_folder(target, replace=True) as draft:
        _run(project, program, draft)
        # It tells of what is replaced now.
        stamp.unlink(missing_ok=True)
    write_whole(stamp, inputs.encode())


def _inputs(project: Project, program: Path) -> str:
    """Return a digest of all that the result of a program depends on."""
    digest = hashlib.sha256(package(project.lib, "spinbath").encode())
    own = [file for file in program.parent.rglob("*") if "__pycache__" not in file.parts]
    for file in [*sorted(own), project.root / "requirements.txt"]:
        if file.is_file():
            content = file.read_bytes()
            name = file.relative_to(project.root).as_posix()
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


# As `python make.py FOLDER` would: with the program's own folder to import from.
RUN = """
import runpy, sys
sys.argv = sys.argv[1:]
sys.path[0] = sys.argv[0].rpartition("/")[0]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def _run(project: Project, program: Path, folder: Path) -> None:
    run = child.run(project.lib, RUN, str(program), str(folder))
    if run.returncode:
        said = "\n  ".join(run.stdout.splitlines()[-8:])
        raise BuildError(f"{program.relative_to(project.root).as_posix()} failed:\n  {said}")
