"""Time of a rerun and of a sweep, against plain papermill of the same notebook."""

import sys
import tempfile
from pathlib import Path

from benchmarks.build import ROOT, spent
from edition.reproduce import copy_sources

TITLE = "Reruns"
# Where most goes into the notebook, and where most goes into what is around it.
NOTEBOOKS = ("05_energy", "01_introduction")
SWEPT = "01_introduction"
POINTS = 100
REPEAT = 3


def papermill(folder, name, *options):
    """Return the seconds that papermill takes for a notebook."""
    target = folder / "papermill" / "out.ipynb"
    command = [sys.executable, "-m", "papermill", "--no-progress-bar"]
    return spent([*command, str(folder / "book" / f"{name}.ipynb"), str(target), *options], folder)


def rerun(folder, name):
    """Return the seconds that a rerun takes, with all that its folder holds."""
    command = [sys.executable, "-m", "edition", "rerun", name, "--force"]
    return spent([*command, "-o", str(folder / "rerun")], folder)


def one(folder, name):
    """Row of the table: one rerun, by turns with papermill so that both meet the same machine."""
    pairs = [(rerun(folder, name), papermill(folder, name)) for _ in range(REPEAT)]
    ours, theirs = (min(times) for times in zip(*pairs, strict=True))
    what = f"edition rerun {name[:2]}, with page and record"
    return what, f"{ours:.1f} s", "papermill", f"{theirs:.1f} s", f"{theirs / ours:.2f}"


def many(folder):
    """Row of the table: a sweep on two cores against the same points one after another."""
    grid = folder / "grid.yml"
    grid.write_text(
        f"product: {{n: {{from: 2, to: {POINTS + 1}, number: {POINTS}}}}}\n"
        "fixed: {points: 21}\noutputs: {best: best}\n"
    )
    command = [sys.executable, "-m", "edition", "sweep", SWEPT, str(grid), "--workers", "2"]
    ours = spent([*command, "-o", str(folder / "sweep")], folder)
    theirs = sum(
        papermill(folder, SWEPT, "-p", "n", str(n), "-p", "points", "21")
        for n in range(2, POINTS + 2)
    )
    what = f"edition sweep {SWEPT[:2]}, {POINTS} points, 2 workers"
    against = "papermill, one after another"
    return what, f"{ours:.1f} s", against, f"{theirs:.1f} s", f"{theirs / ours:.2f}"


def rows():
    """All rows: what, ours, the alternative, its figure, ratio."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_sources(ROOT, folder)
        (folder / "papermill").mkdir()
        rerun(folder, SWEPT)  # the first of all lists the fonts
        for notebook in NOTEBOOKS:
            yield one(folder, notebook)
        yield many(folder)
