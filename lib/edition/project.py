"""Where things are: the project's folders, and the notebooks of its table of contents."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

CONTENTS = "_toc.yml"

# Pages that no file holds: they are made from what the notebooks found.
GENERATED = ("book/ledger", "book/errata", "book/claims")

# The folder that holds the packages `spinbath` and `edition`.
LIB = Path(__file__).resolve().parents[1]


class BuildError(Exception):
    """Something that only the person at the keyboard can put right, said readably."""


class UsageError(BuildError):
    """What was asked for is not possible; nothing was run and nothing written."""


@dataclass(frozen=True)
class Project:
    """A book and the folders of its results.

    Parameters
    ----------
    root : Path
        The folder with the table of contents, absolute.
    lib : Path
        The folder of the two packages.
    """

    root: Path
    lib: Path = LIB

    @property
    def build(self) -> Path:
        """Everything that a build writes."""
        return self.root / "_build"

    @property
    def executed(self) -> Path:
        """The executed notebooks."""
        return self.build / "executed"

    @property
    def figures(self) -> Path:
        """The figures and their data."""
        return self.build / "figures"

    @property
    def accepted(self) -> Path:
        """The figures as a person last accepted them; committed, and written by no build."""
        return self.root / "tests" / "baseline"

    @property
    def comparison(self) -> Path:
        """What differs from them, as a page."""
        return self.build / "baseline"

    @property
    def stamps(self) -> Path:
        """What each result was made from."""
        return self.build / "stamps"

    @property
    def drafts(self) -> Path:
        """Results that are not verified yet."""
        return self.build / "drafts"

    @property
    def reruns(self) -> Path:
        """Runs with parameters of the reader's own, and sweeps."""
        return self.build / "reruns"

    @property
    def cache(self) -> Path:
        """What kernels keep between runs: fonts found, and an empty profile."""
        return self.build / "cache"


def find_project(start: Path) -> Project:
    """Return the project that a folder belongs to.

    Parameters
    ----------
    start : Path
        The folder with the table of contents, or one inside it.

    Returns
    -------
    Project

    Raises
    ------
    BuildError
        If there is none.
    """
    start = Path(start).resolve()
    for folder in (start, *start.parents):
        if (folder / CONTENTS).is_file():
            return Project(folder)
    raise BuildError(f"There is no book here: no {CONTENTS} in {start} or above it.")


def notebooks(project: Project) -> list[Path]:
    """Return the notebooks of the table of contents, in its order.

    Parameters
    ----------
    project : Project

    Returns
    -------
    list of Path

    Raises
    ------
    BuildError
        If the table of contents names a page that does not exist, or two
        notebooks of the same file name.
    """
    pages = [_page(project.root, entry) for entry in _entries(project)]
    found = [page for page in pages if page.suffix == ".ipynb"]
    names = [page.name for page in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BuildError(f"{CONTENTS} names twice: {', '.join(twice)}")
    return found


def find_notebook(project: Project, name: str) -> Path:
    """Return the notebook that a person means.

    Parameters
    ----------
    project : Project
    name : str
        The number of a section or the letter of an appendix ("05", "5", "D"), the
        name of a notebook of the book without its ending, or the path of any.

    Returns
    -------
    Path

    Raises
    ------
    UsageError
        If there is none, with the names that come nearest.
    """
    book = {path.stem: path for path in notebooks(project)}
    short = f"{int(name):02}" if re.fullmatch(r"[0-9]{1,2}", name) else f"appendix_{name.lower()}"
    found = [path for stem, path in book.items() if stem == name or stem.startswith(f"{short}_")]
    if len(found) == 1:
        return found[0]
    if name.endswith(".ipynb") and Path(name).is_file():
        return Path(name).resolve()
    near = get_close_matches(name, book, n=3, cutoff=0.4) or sorted(book)
    raise UsageError(f"There is no notebook `{name}`; there are: {', '.join(near)}.")


def _entries(project):
    """Return every page that the table of contents names."""
    import yaml

    text = (project.root / CONTENTS).read_text(encoding="utf-8")
    return list(_files(yaml.safe_load(text)))


def _files(node):
    """Walk the table of contents, whatever its depth."""
    if isinstance(node, list):
        for item in node:
            yield from _files(item)
    elif isinstance(node, dict):
        yield from (node[key] for key in ("root", "file") if key in node)
        for item in node.values():
            yield from _files(item)


def _page(root, entry):
    """Return the file of one entry, which may lack its ending."""
    for candidate in (entry, f"{entry}.ipynb", f"{entry}.md"):
        if (root / candidate).is_file():
            return root / candidate
    if entry in GENERATED:
        return root / f"{entry}.md"
    raise BuildError(f"{CONTENTS} names {entry}, but there is no such page.")
