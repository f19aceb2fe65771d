"""Break off a build of a small book before its every step, and tell what came of it.

A program of its own, for ``test_faults``: ``python steps.py FOLDER``. A step is a change in
``_build`` that the system is asked for: a file opened to be written, moved or removed, a folder
made or removed. The steps are those of the press itself, taken in a process that ends in the
midst of them; what runs in other processes (notebooks, jupyter-book, programs of the book) is
replaced here by a few lines, so that hundreds of builds take seconds.
"""

import errno
import hashlib
import json
import os
import shutil
import signal
import sys
from concurrent import futures
from contextlib import redirect_stdout
from itertools import count
from pathlib import Path
from types import SimpleNamespace

from edition import ledger, ledger_pages, made, provenance, results, runner, site, source
from edition.__main__ import main
from edition.files import write_whole

MOVES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir"}
WRITING = os.O_WRONLY | os.O_RDWR

NOTEBOOK = {
    "cells": [],
    "metadata": {"edition": {"figures": ["fig01"], "checks": []}},
    "nbformat": 4,
    "nbformat_minor": 5,
}
# In the folder of a build, but no result: filled anew where needed, or kept for speed.
SCRATCH = {"cache", "lock", "reruns", "stage"}

# What a person writes: the book as it was, and as it is when a build breaks off.
BEFORE, AFTER = "before", "after"


def write_book(root, edition):
    """Write everything a build reads, in one of two editions."""
    files = {
        "_config.yml": "title: A book\n",
        "_toc.yml": "format: jb-book\nroot: book/index\nchapters:\n- file: book/01_one\n- file: book/02_two\n",
        "requirements.txt": "numpy==2.0\n",
        "book/_static/book.css": "/* the look */",
        "book/index.md": f"# A book\n\n{edition}\n",
        "book/equations.yml": edition,
        "book/page/make.py": f"# {edition}",
        "book/01_one.ipynb": json.dumps(NOTEBOOK | {"cells": [cell(edition)]}),
        "book/02_two.ipynb": json.dumps(NOTEBOOK | {"metadata": {}}),
    }
    if edition == BEFORE:  # a page that goes
        files["book/03_three.ipynb"] = json.dumps(NOTEBOOK | {"metadata": {}})
        files["_toc.yml"] += "- file: book/03_three\n"
    shutil.rmtree(root / "book", ignore_errors=True)
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return root


def cell(text):
    return {"cell_type": "markdown", "id": "aaaaaaaa", "metadata": {}, "source": text}


class Now(futures.Executor):
    """Do at once, in this process, what a pool would do in another."""

    def __init__(self, *_):
        pass

    def submit(self, function, *arguments):
        future = futures.Future()
        try:
            future.set_result(function(*arguments))
        except Exception as error:
            future.set_exception(error)
        return future


def run_notebook(project, job, options):
    """Write what a run would leave: the executed copy and, if promised, a figure."""
    text = job.path.read_text("utf-8")
    for name in source.promises(json.loads(text)).figures:
        for kind in ("svg", "csv"):
            content = hashlib.sha256(f"{kind}{text}".encode()).hexdigest()
            write_whole(job.draft / "figures" / f"{name}.{kind}", content.encode())
    write_whole(job.draft / job.path.name, text.encode())
    return 0.0


def run_program(project, program, folder):
    (folder / "data.json").write_text(json.dumps(program.read_text("utf-8")), "utf-8")


def compile_stage(stage, target):
    """Write a page for each file of the stage."""
    shutil.rmtree(target, ignore_errors=True)
    pages = target / "_build" / "html"
    for file in sorted(path for path in stage.rglob("*") if path.is_file()):
        page = pages / f"{file.relative_to(stage).as_posix()}.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(hashlib.sha256(file.read_bytes()).hexdigest(), "utf-8")
    return pages


def complete_ledger(book, executed):
    text = (book / "equations.yml").read_text("utf-8")
    return SimpleNamespace(rows=[], as_data=lambda: {"equations": text})


def replace_other_processes():
    futures.ProcessPoolExecutor = Now
    runner._work = run_notebook
    made._run = run_program
    site._compile = compile_stage
    site._complete = lambda *_: None
    site._require_sound = lambda *_: None
    ledger.complete = complete_ledger
    ledger_pages.pages = lambda _: {}
    # The same packages all along: hashing them is most of the time of such a build.
    package = {name: results.package(made.Project(Path()).lib, name) for name in results.PACKAGES}
    results.package = made.package = lambda _, name: package[name]
    provenance.describe = lambda _, content: {"sums": hashlib.sha256(content).hexdigest()}


def break_off(build, number, how, reached):
    """Let something happen before a step of this process."""
    steps = count(1)
    state = {"over": False}

    def listen(event, arguments):
        if state["over"] or not _is_step(event, arguments, build):
            return
        step = next(steps)
        if step == number:
            reached.touch()
        if step == number and how == "killed":
            state["over"] = True
            _tear(event, arguments)
            os.kill(os.getpid(), signal.SIGKILL)
        if step >= number and how == "full" and event in ("open", "os.mkdir"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    sys.addaudithook(listen)


def _is_step(event, arguments, build):
    if event == "open":
        path, _, flags = arguments
        return isinstance(path, str) and path.startswith(build) and bool(flags & WRITING)
    if event not in MOVES:
        return False
    place = os.fspath(arguments[0])
    return not place.startswith("/") or place.startswith(build)


def _tear(event, arguments):
    """Leave a file that was being written when the end came half written."""
    if event == "open" and not arguments[0].endswith("/lock"):
        Path(arguments[0]).write_bytes(b"\0 half of a file")


def build_apart(root, said, number=0, how="", reached=None):
    """Build in a process of its own, and return its exit status."""
    child = os.fork()
    if not child:
        with said.open("wb") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
        if how:
            break_off(str(root / "_build") + "/", number, how, reached)
        status = 70
        try:
            status = main(["book", "--root", str(root)])
            sys.stdout.flush()
            sys.stderr.flush()
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def tree(folder):
    """Return everything that a build made, its files with their contents but for the date."""
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
        if path.relative_to(folder).parts[0] not in SCRATCH
    }
    if "provenance.json" in found:
        content = json.loads(found["provenance.json"])
        found["provenance.json"] = content | {"date": ""}
    return found


def damage(build, good):
    """Tell what is wrong with what a broken-off build left for others to see."""
    found = tree(build)
    sites = [part(edition, "html/") for edition in good]
    if part(found, "html/") not in [*sites, {}]:
        yield "a site that is not whole"
    for name, content in found.items():
        if name.startswith(("executed/", "figures/", "ledger.json")) and not any(
            edition.get(name) == content for edition in good
        ):
            yield f"{name} is torn"
    if "SHA256SUMS" in found and found["SHA256SUMS"] != provenance.sums(build):
        yield "SHA256SUMS does not fit"
    if "provenance.json" in found and "SHA256SUMS" not in found:
        yield "provenance.json without SHA256SUMS"


def part(found, prefix):
    return {name: content for name, content in found.items() if name.startswith(prefix)}


def differences(found, wanted):
    """Return the names under which two folders differ."""
    return sorted(
        name for name in found.keys() | wanted.keys() if found.get(name, 0) != wanted.get(name, 0)
    )


def try_steps(work, how):
    """Yield, step by step, what went wrong."""
    said, reached = work / "said", work / "reached"
    good = {edition: build_here(write_book(work / edition, edition)) for edition in (BEFORE, AFTER)}
    for number in count(1):
        root = shutil.copytree(work / BEFORE, work / "book")
        write_book(root, AFTER)
        status = build_apart(root, said, number, how, reached)
        report = {"step": number, "status": status, "said": said.read_text("utf-8")}
        report["damage"] = list(damage(root / "_build", good.values()))
        shutil.copytree(root, work / "again")
        for edition, place in ((AFTER, root), (BEFORE, work / "again")):
            again = build_apart(write_book(place, edition), said)
            report[edition] = [] if again == 0 else [said.read_text("utf-8")]
            report[edition] += differences(tree(place / "_build"), good[edition])
            shutil.rmtree(place)
        yield report
        if not reached.exists():
            return
        reached.unlink()


def build_here(root):
    """Build in this process, so that what a build imports is there for all that follow."""
    with redirect_stdout(sys.stderr):
        assert main(["book", "--root", str(root)]) == 0
    return tree(root / "_build")


if __name__ == "__main__":
    replace_other_processes()
    for report in try_steps(Path(sys.argv[1]).resolve(), sys.argv[2]):
        print(json.dumps(report), flush=True)
