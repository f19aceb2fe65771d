"""Compile the executed notebooks and the pages of ``book/`` into a static site.

`build` copies what the site is made from into ``_build/stage``, has jupyter-book
compile it there, reads the result (`edition.audit`) and only then publishes it as
``_build/html``. A build that fails leaves the site of the last good one in place.
"""

import hashlib
import json
import os
import re
import shutil
from pathlib import Path

from edition import child, download, launch, made, mathjax, provenance, slim, source, stage
from edition.files import FULL, exchange, remove
from edition.project import BuildError, Project

STAMP = ".inputs"
LEDGER = "ledger.json"
# Where the site of before is while the new one takes its place.
ASIDE = "html.old"
# The modules that shape the pages: a change in them makes the site anew.
MAKERS = (
    "audit.py",
    "cards.py",
    "citation.py",
    "download.py",
    "launch.py",
    "ledger.py",
    "ledger_pages.py",
    "letters.py",
    "mathjax.py",
    "numbering.py",
    "pictures.py",
    "rows.py",
    "site.py",
    "slim.py",
    "stage.py",
    "statics.py",
)
# Where the stage has the files of the figures.
FIGURES = "book/figures/"
LIBRARY = Path(__file__).parents[1]

# Of MathJax: the bundle, its fonts, the TeX extensions that it loads when a formula
# asks for them, and the speech that a reader can turn on in its menu.
MATHJAX = (
    "tex-chtml.js",
    "output/chtml/fonts/woff-v2/*.woff",
    "input/tex/extensions/*.js",
    "a11y/*.js",
    "sre/mathmaps/base.json",
    "sre/mathmaps/en.json",
)


class SiteError(BuildError):
    """The site could not be built; the message says why, in a few lines."""


def build(root: Path) -> Path:
    """Bring the site up to date.

    Parameters
    ----------
    root : Path
        Folder of the project, with ``_config.yml``, ``_toc.yml``, ``book/`` and, in
        ``_build/executed``, the notebooks that the press ran.

    Returns
    -------
    Path
        The page that opens the book.

    Raises
    ------
    SiteError
        If jupyter-book gave a warning or the audit found a fault. The site that was
        there before is left as it was.
    """
    where = launch.repository()
    work = root.resolve() / "_build"
    public = work / "html"
    _recover(work)
    inputs = stage.inputs(root.resolve()) | made.bring_up_to_date(Project(root.resolve()))
    fingerprint = _fingerprint(inputs, where)
    if _stamp(public) != _expected(fingerprint, _content(work / LEDGER)):
        found = _lay_out(root.resolve(), inputs, work)
        site = _compile(work / "stage", work / "site")
        _complete(site, inputs)
        if where:
            launch.add_copies(site, _sources(root.resolve(), inputs), where)
        _require_sound(site, _pages(root / "_toc.yml"))
        (site / STAMP).write_text(_expected(fingerprint, found), "utf-8")
        _publish(site, found, work)
        remove(work / "site")
    return public / "index.html"


def _lay_out(root: Path, inputs: dict[str, Path], work: Path) -> bytes:
    """Fill the stage, and return the ledger, with its pages there, if the book keeps one."""
    if "book/equations.yml" not in inputs:
        stage.lay_out(inputs, work / "stage")
        return b""
    from edition import cards, ledger, ledger_pages

    executed = [file for name, file in inputs.items() if name.endswith(".ipynb")]
    found = ledger.complete(root / "book", executed)
    marks = {row.equation.number: row for row in found.rows}
    notation = inputs.get("book/notation.md")
    told = cards.script(found.rows, notation.read_text("utf-8") if notation else "")
    stage.lay_out(
        inputs,
        work / "stage",
        pages=ledger_pages.pages(found) | {cards.SCRIPT: told},
        mark=lambda text: ledger_pages.mark(text, marks),
    )
    return ledger.serialise(found)


def _fingerprint(inputs: dict[str, Path], where: launch.Repository | None = None) -> str:
    """Return a digest of everything that the site depends on."""
    digest = hashlib.sha256(f"{where}\0".encode())
    tools = {name: Path(__file__).with_name(name) for name in MAKERS}
    lock = {"lock": inputs["_toc.yml"].with_name("requirements.txt")}
    for name, file in (inputs | tools | lock).items():
        content = file.read_bytes() if file.exists() else b""
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _expected(fingerprint: str, ledger: bytes) -> str:
    """Return the stamp of a site: what it was built from, and the ledger that goes with it."""
    return f"{fingerprint} {hashlib.sha256(ledger).hexdigest()}"


def _stamp(public: Path) -> str:
    """Return the stamp of the published site, if there is one."""
    return _content(public / STAMP).decode("utf-8")


def _content(file: Path) -> bytes:
    """Return the content of a file, or nothing where there is none."""
    return file.read_bytes() if file.is_file() else b""


def _compile(source: Path, target: Path) -> Path:
    """Run jupyter-book on the stage and return the folder of the site."""
    remove(target)
    # jupyter-book's module has no door of its own, and its script may be off the PATH.
    book = "import sys; from jupyter_book.cli.main import main; sys.exit(main())"
    options = ["--path-output", str(target), "-W", "-n", "--keep-going", "--all", "-q"]
    run = child.run(LIBRARY, book, "build", str(source), *options)
    if run.returncode:
        _require_space(run.stdout, target)
        raise SiteError(_report("jupyter-book refused", _explain(run.stdout, source)))
    return target / "_build" / "html"


def _require_space(output: str, target: Path) -> None:
    """Say it once if there was no space, where jupyter-book warns of every file."""
    for reason in map(os.strerror, FULL):
        if reason in output:
            raise SiteError(f"{reason}: {target}")


def _explain(output: str, source: Path) -> list[str]:
    """Return the lines of jupyter-book's output that say what is wrong."""
    lines = re.sub(r"\x1b\[[0-9;]*m", "", output).replace(f"{source}/", "").splitlines()
    wrong = [line for line in lines if re.search(r"\b(WARNING|ERROR|CRITICAL)\b", line)]
    return [_locate(line, source) for line in dict.fromkeys(wrong)] or lines[-15:]


def _locate(line: str, source: Path) -> str:
    """Say cell and line where myst-nb writes one number for both, one line too far."""
    found = re.match(r"([\w/]+\.ipynb):(\d+): (.*)", line)
    if not found:
        return line
    index, row = divmod(int(found[2]), 10_000)
    cells = json.loads((source / found[1]).read_text("utf-8"))["cells"][:index]
    count = sum("staged" not in cell["metadata"] for cell in cells)
    return f"{found[1]}, cell {count}, line {max(row - 1, 1)}: {found[3]}"


def _report(headline: str, lines: list[str], most: int = 30) -> str:
    """Return a headline and the first lines below it."""
    more = [f"… and {len(lines) - most} more"] if len(lines) > most else []
    return "\n  ".join([f"{headline}:", *lines[:most], *more])


def _complete(site: Path, inputs: dict[str, Path]) -> None:
    """Add MathJax, and the notebooks and figures for readers to download; drop the unused."""
    from edition import pictures

    folder = mathjax.folder()
    for pattern in MATHJAX:
        for file in folder.glob(pattern):
            _copy(file, site / "_static" / "mathjax" / file.relative_to(folder))
    executed = {name: file for name, file in inputs.items() if name.endswith(".ipynb")}
    for name, file in executed.items():
        _copy(file, site / "_sources" / name)
        packed = download.script(file.name, file.read_bytes())
        (site / "_sources" / f"{name}.js").write_text(packed, "utf-8")
    pictures.place(
        site,
        {file.name: file for name, file in inputs.items() if name.startswith(FIGURES)},
        {file.stem: source.load(file) for file in executed.values()},
    )
    slim.down(site)


def _sources(root: Path, inputs: dict[str, Path]) -> list[Path]:
    """Return the notebooks as they are written."""
    return [root / name for name in inputs if name.endswith(".ipynb")]


def _copy(file: Path, target: Path) -> None:
    """Copy a file, with the folders that lead to it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, target)


def _require_sound(site: Path, pages: list[str]) -> None:
    """Refuse a site in which the audit finds a fault."""
    from edition.audit import audit

    faults = audit(site, pages)
    if faults:
        raise SiteError(_report(f"the built pages have {len(faults)} faults", faults))


def _pages(toc: Path) -> list[str]:
    """Return the pages that the table of contents names, and the one before them."""
    from sphinx_external_toc.parsing import parse_toc_yaml

    return ["index", *parse_toc_yaml(toc)]


def _publish(site: Path, ledger: bytes, work: Path) -> None:
    """Put a finished site and its ledger in the place of those before.

    Killed in the midst of it, this leaves the site of before or the one of now, under its
    own name or aside; and no stamp that fits, unless both are there.
    """
    from edition.ledger import write

    provenance.withdraw(work)
    if ledger:
        write(ledger, work / LEDGER)
    else:
        remove(work / LEDGER)
    public = work / "html"
    if public.exists():
        exchange(site, public, work / ASIDE)
    else:
        site.rename(public)
    remove(work / ASIDE)


def _recover(work: Path) -> None:
    """Bring back the site of a build that was killed while publishing, and tidy up after it."""
    public, old = work / "html", work / ASIDE
    if old.exists() and not public.exists():
        old.rename(public)
    remove(old)
    remove(work / "site")
