"""Builds that are killed, that a disk or a folder refuses, and that meet: the next is as any."""

import ctypes
import json
import os
import random
import re
import resource
import runpy
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from edition.kernel import list_fonts
from edition.project import LIB

ROOT = Path(__file__).parents[2]
STEPS = Path(__file__).with_name("steps.py")
damage, differences, tree = (
    runpy.run_path(str(STEPS))[name] for name in ("damage", "differences", "tree")
)

BEFORE, AFTER = "before", "after"
PLOT = """\
from edition import curve, figure, panels
x = [k / points for k in range(points)]
fig, [ax] = panels(1)
curve(ax, x, x, "orange")
figure("NAME", fig, {"x [1]": x}, "A line.", "A straight line rises to the right.")
"""
CHECK = """\
from edition import check
check("18", "One is one.", 1 / points * points, 1, 1e-15, routes=("quotient", "one"))
"""
PROGRAM = "import sys, pathlib\npathlib.Path(sys.argv[1], 'note.txt').write_text({edition!r})\n"


@pytest.fixture(scope="module")
def write(write_book, make_notebook):
    """Return what writes a small book, in one of two editions."""

    def write(root, edition):
        points = {BEFORE: "5", AFTER: "6"}[edition]
        first = make_notebook(
            PLOT.replace("NAME", "fig01"),
            CHECK,
            figures=["fig01"],
            checks=["18"],
            parameters=f"points: int = {points}  # points of a curve, 2 .. 1000",
        )
        second = make_notebook(
            PLOT.replace("NAME", "a-line").replace("points", "9"), figures=["a-line"]
        )
        write_book(root, {"01_first": first, "02_second": second})
        shutil.copy(ROOT / "_config.yml", root)
        (root / "book" / "references.bib").write_text("")
        (root / "book" / "index.md").write_text(f"# A book\n\nThe edition {edition}.\n")
        (root / "book" / "page").mkdir(exist_ok=True)
        (root / "book" / "page" / "make.py").write_text(PROGRAM.format(edition=edition))
        shutil.copytree(ROOT / "book" / "_static", root / "book" / "_static", dirs_exist_ok=True)
        return root

    return write


def start(root, *arguments, limit=None):
    """Start the press in a folder, in a group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "edition", *arguments],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(LIB)},
        start_new_session=True,
        preexec_fn=limit,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def ended(child):
    """Wait for the press; return its exit status and what it said."""
    said, _ = child.communicate(timeout=300)
    return child.returncode, said


def build(root):
    """Build a book undisturbed and return all that was made."""
    status, said = ended(start(root, "book"))
    assert status == 0, said
    assert not left(root)
    return tree(root / "_build")


def left(root):
    """Return the processes that work in the folder of a book."""
    return [
        process
        for process in psutil.process_iter(["cwd"])
        if Path(process.info["cwd"] or "/").is_relative_to(root)
    ]


def wait_until(condition):
    """Wait up to a minute until something holds."""
    for _ in range(600):
        if condition():
            return
        time.sleep(0.1)
    raise TimeoutError


@pytest.fixture(scope="module")
def built(tmp_path_factory, write):
    """The folder of a book that is built, and what two clean builds of both editions made."""
    root = write(tmp_path_factory.mktemp("books") / BEFORE, BEFORE)
    other = write(root.with_name(AFTER), AFTER)
    return root, {BEFORE: build(root), AFTER: build(other)}


@pytest.fixture
def good(built):
    return built[1]


@pytest.fixture
def book(built, tmp_path):
    """A copy of the book that is built, to be edited."""
    return shutil.copytree(built[0], tmp_path / "book")


@pytest.fixture(scope="module")
def duration(built, tmp_path_factory, write):
    """How long a build takes after an edit, in seconds."""
    root = shutil.copytree(built[0], tmp_path_factory.mktemp("timed") / "book")
    write(root, AFTER)
    begin = time.monotonic()
    assert differences(build(root), built[1][AFTER]) == []
    return time.monotonic() - begin


def both(good):
    return list(good.values())


def moments(count):
    """Return moments spread over a build, each with the way in which it is broken off then."""
    draw = random.Random(33192)
    places = draw.sample(range(count), count)
    ways = [(signal.SIGKILL, True), (signal.SIGKILL, False), (signal.SIGTERM, True)]
    ways += [(signal.SIGINT, True)]
    return [((place + draw.random()) / count, *draw.choice(ways)) for place in places]


MOMENTS = moments(20)


@pytest.mark.parametrize("lane", range(4))
def test_builds_killed_at_random_moments_do_no_harm(lane, book, good, duration, write):
    if lane == 0:  # from nothing
        shutil.rmtree(book / "_build")
    for number, (moment, signum, group) in enumerate(MOMENTS[lane::4]):
        edition = (AFTER, BEFORE)[number % 2]
        write(book, edition)
        child = start(book, "book")
        try:
            child.wait(moment * duration)
        except subprocess.TimeoutExpired:
            (os.killpg if group else os.kill)(child.pid, signum)
        _, said = ended(child)
        wait_until(lambda: not left(book))
        assert "Traceback" not in said
        assert list(damage(book / "_build", both(good))) == []
    assert differences(build(book), good[edition]) == []


@pytest.fixture(scope="module")
def steps(tmp_path_factory):
    """What came of builds that broke off at each of their steps, in both ways."""
    programs = {
        how: subprocess.Popen(
            [sys.executable, str(STEPS), str(tmp_path_factory.mktemp(how)), how],
            env=os.environ | {"PYTHONPATH": str(LIB)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for how in ("killed", "full")
    }
    said = {how: program.communicate() for how, program in programs.items()}
    assert [program.returncode for program in programs.values()] == [0, 0], said
    return {how: [json.loads(line) for line in out.splitlines()] for how, (out, _) in said.items()}


@pytest.mark.parametrize("how", ["killed", "full"])
def test_no_step_of_a_build_can_do_harm(steps, how):
    assert len(steps[how]) > 100
    assert steps[how][-1]["status"] == 0
    for report in steps[how]:
        assert report["damage"] == report[BEFORE] == report[AFTER] == [], report


def test_a_build_is_killed_before_each_step(steps):
    assert {report["status"] for report in steps["killed"][:-1]} == {-signal.SIGKILL}


def test_a_full_disk_is_told_in_a_line_with_the_place(steps):
    failed = [report["said"] for report in steps["full"] if report["status"]]
    assert len(failed) > 100
    for said in failed:
        *_, reason, _, end = said.splitlines()
        assert re.fullmatch(
            r"(01_one\.ipynb: )?No space left on device: /.*/book/_build\b.*", reason
        )
        assert end == "book: failed."
        assert "Traceback" not in said


def test_fonts_whose_listing_was_broken_off_are_listed_anew(tmp_path):
    kept = tmp_path / "kept"
    torn = tmp_path / "python"
    torn.write_text(
        '#!/bin/sh\nmkdir -p "$MPLCONFIGDIR"\ncd "$MPLCONFIGDIR"\n'
        "echo '{' > fontlist-v0.json\ntouch fontlist-v0.json.matplotlib-lock\n"
        "kill -9 $$\n"
    )
    torn.chmod(0o755)
    settings = os.environ | {"MPLCONFIGDIR": str(kept)}
    list_fonts(str(torn), settings, tmp_path / "first")
    assert not kept.exists()
    list_fonts(sys.executable, settings, tmp_path / "second")
    [made] = kept.iterdir()
    assert json.loads(made.read_bytes())["ttflist"]


def test_what_a_killed_build_was_running_ends_with_it(tmp_path):
    mark = tmp_path / "mark"
    inner = f"import os, pathlib\npathlib.Path({str(mark)!r}).touch()\nwhile True: pass"
    outer = f"from pathlib import Path; from edition import child; child.run(Path({str(LIB)!r}), {inner!r})"
    parent = subprocess.Popen(
        [sys.executable, "-c", outer], cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(LIB)}
    )
    wait_until(mark.exists)
    assert len(left(tmp_path)) == 2
    parent.kill()
    parent.wait()
    wait_until(lambda: not left(tmp_path))


def test_a_build_that_cannot_write_says_so_and_keeps_the_site(book, good, write):
    write(book, AFTER)
    for size in (2_000, 1_000_000):  # a figure is larger, and a file of the site

        def limit(size=size):
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

        status, said = ended(start(book, "book", limit=limit))
        assert status == 1
        assert "File too large: " in said
        assert "Traceback" not in said
        assert len(said.splitlines()) < 13
        assert list(damage(book / "_build", both(good))) == []
        assert html(tree(book / "_build")) == html(good[BEFORE])
    assert differences(build(book), good[AFTER]) == []


def html(found):
    return {name: content for name, content in found.items() if name.startswith("html")}


def obey_permissions():
    """Let even root obey the permissions of files, in the process that is started."""
    capability, drop = 1, 24  # CAP_DAC_OVERRIDE, PR_CAPBSET_DROP
    if os.geteuid() == 0 and LIBC.prctl(drop, capability, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "cannot give up the right to override permissions")


LIBC = ctypes.CDLL(None, use_errno=True)


def protect(folder):
    """Make a folder read-only, with all in it."""
    for path in [folder, *folder.rglob("*")]:
        path.chmod(path.stat().st_mode & ~0o222)


def test_a_build_writes_nothing_where_its_sources_are(book, good, write):
    write(book, AFTER)
    before = tree(book / "book")
    protect(book / "book")
    (book / "_config.yml").chmod(0o444)
    book.chmod(0o555)
    status, said = ended(start(book, "book", limit=obey_permissions))
    book.chmod(0o755)
    assert status == 0, said
    assert tree(book / "book") == before
    assert differences(tree(book / "_build"), good[AFTER]) == []


def test_a_folder_that_cannot_be_written_is_named(book, good, write):
    write(book, AFTER)
    for name in ("_build", "_build/figures", "_build/html"):
        (book / name).chmod(0o555)
        status, said = ended(start(book, "book", limit=obey_permissions))
        (book / name).chmod(0o755)
        assert status == 1
        assert f"Permission denied: {book / name}" in said
        assert "Traceback" not in said
        assert len(said.splitlines()) < 6
        assert list(damage(book / "_build", both(good))) == []
    # The site of before, which could be put aside but not be removed.
    (book / "_build" / "html.old").chmod(0o755)
    assert differences(build(book), good[AFTER]) == []


def test_a_build_that_waits_goes_on_when_the_other_is_killed(book, good, write):
    write(book, AFTER)
    first = start(book, "book")
    wait_until((book / "_build" / "drafts").exists)
    os.killpg(first.pid, signal.SIGSTOP)
    second = start(book, "book")
    assert second.stdout.readline() == "Waiting for another build to end ...\n"
    os.killpg(first.pid, signal.SIGKILL)
    ended(first)
    status, said = ended(second)
    assert status == 0, said
    assert differences(tree(book / "_build"), good[AFTER]) == []


def test_all_that_is_started_at_once_succeeds(book, good, write):
    write(book, AFTER)
    commands = [["book"], ["book"], ["figures"], ["rerun", "01"], ["rerun", "02"]]
    found = [ended(child) for child in [start(book, *command) for command in commands]]
    assert [status for status, _ in found] == [0] * len(commands), found
    assert differences(tree(book / "_build"), good[AFTER]) == []
    for name in ("fig01", "a-line"):
        for kind in ("svg", "pdf", "png", "csv"):
            [file] = (book / "_build" / "reruns").glob(f"*/figures/{name}.{kind}")
            assert file.read_bytes() == good[AFTER][f"figures/{name}.{kind}"]
