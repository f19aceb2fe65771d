"""The figures of a book against those that a person accepted: shown first, then taken over.

Only figures of the book itself are compared, never those of reruns, which have folders of
their own. A figure is taken over as one file, so a set of them may break off between two
figures, but never within one.
"""

import csv
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from edition import baseline, results, source
from edition.files import whole_folder, write_whole
from edition.project import BuildError, Project, UsageError, notebooks
from edition.verify import figure_notes

SHOWN = "shown.json"
PAGE = "index.html"


class Shown(NamedTuple):
    """A figure of the book: its picture, the words for it, and what is compared."""

    picture: Path
    alt: str
    figure: baseline.Figure


class Difference(NamedTuple):
    """A figure that is not as accepted: the accepted one, the present one, what differs."""

    name: str
    old: baseline.Record | None
    new: Shown | None
    change: baseline.Change

    @property
    def said(self) -> str:
        """One line about it."""
        if self.old is None:
            return f"{self.name}: new"
        if self.new is None:
            return f"{self.name}: gone"
        lines, shifts = self.change
        first = f"column {shifts[0].header}: {shifts[0].said}" if shifts else ""
        more = [f"{len(shifts) - 1} more columns"] if len(shifts) > 1 else []
        more += [f"{len(lines)} lines of its structure"] if lines else []
        if not first:
            old, new = lines[0]
            first = f"{old or 'nothing'} → {new or 'nothing'}"
            more = [f"{len(lines) - 1} more lines"] if len(lines) > 1 else []
        return f"{self.name}: {', and '.join([first, *more])}"

    @property
    def digest(self) -> str:
        """A hash of both sides: what a person who saw the difference has seen."""
        old = baseline.serialise(self.old).decode() if self.old else ""
        new = self.new.figure if self.new else None
        return hashlib.sha256(json.dumps([old, new]).encode()).hexdigest()


def differences(project: Project) -> list[Difference]:
    """Return the figures that are not as accepted.

    Parameters
    ----------
    project : Project
        Its figures must be up to date.

    Returns
    -------
    list of Difference
        By name.

    Raises
    ------
    BuildError
        If an accepted figure cannot be read.
    """
    accepted = {path.stem: _read(path) for path in project.accepted.glob("*.csv")}
    present = _present(project)
    found = []
    for name in sorted(accepted.keys() | present.keys()):
        old, new = accepted.get(name), present.get(name)
        change = baseline.compare(old, new.figure if new else None)
        if change.lines or change.shifts:
            found.append(Difference(name, old, new, change))
    return found


def _read(path):
    """Return an accepted figure."""
    try:
        return baseline.parse(path.read_bytes())
    except (ValueError, csv.Error) as error:
        raise BuildError(
            f"{path.name} is no accepted figure ({error}): restore it, or delete it and accept anew."
        ) from None


def _present(project):
    """Return all figures that the notebooks of the book drew."""
    notes = [
        note
        for path in source.drawing(notebooks(project))
        for note in figure_notes(source.load(project.executed / path.name))
    ]
    return {note["figure"]: _shown(project.figures, note) for note in notes}


def _shown(folder, note):
    """Return a figure from what was noted about it and its files."""
    stem = folder / note["figure"]
    with stem.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    cells = zip(*rows, strict=True)
    data = {
        name: [float(cell) for cell in column if cell]
        for name, column in zip(header, cells, strict=True)
    }
    rounding = baseline.Rounding(note["digits"], note["decimals"])
    figure = baseline.Figure(note["structure"], data, rounding)
    return Shown(stem.with_suffix(".svg"), note["alt"], figure)


def show(project: Project) -> list[Difference]:
    """Write a page of the figures that are not as accepted, and note that it shows them.

    Parameters
    ----------
    project : Project

    Returns
    -------
    list of Difference
    """
    from edition import baseline_page

    found = differences(project)
    with whole_folder(project.comparison, replace=True) as draft:
        (draft / PAGE).write_text(baseline_page.render(found), encoding="utf-8")
        shown = {difference.name: difference.digest for difference in found}
        (draft / SHOWN).write_text(json.dumps(shown, indent=1) + "\n", encoding="utf-8")
    return found


def accept(project: Project, names: Sequence[str] = ()) -> list[Difference]:
    """Take over figures whose differences were shown.

    Parameters
    ----------
    project : Project
    names : sequence of str
        Which; by default all that differ.

    Returns
    -------
    list of Difference
        What was taken over.

    Raises
    ------
    UsageError
        If one of the names is no figure that differs.
    BuildError
        If figures are not up to date, or were not shown as they are now; then nothing
        is taken over.
    """
    _require_current(project)
    found = {difference.name: difference for difference in differences(project)}
    unknown = [name for name in names if name not in found]
    if unknown:
        known = f"these do: {', '.join(found)}" if found else "none does"
        raise UsageError(f"No figure {unknown[0]} differs from what was accepted; {known}.")
    chosen = [found[name] for name in names or found]
    _require_shown(project, chosen)
    for difference in chosen:
        _take(project.accepted / f"{difference.name}.csv", difference.new)
    return chosen


def _require_current(project):
    """Refuse figures that were not made from what stands there now."""
    stale = [path.stem for path, _ in results.outdated(project, source.drawing(notebooks(project)))]
    if stale:
        raise BuildError(
            f"These notebooks were changed or failed since they were run: {', '.join(stale)}. "
            "Nothing was accepted; look at `make baseline` first."
        )


def _require_shown(project, chosen):
    """Refuse differences that nobody can have seen."""
    try:
        shown = json.loads((project.comparison / SHOWN).read_bytes())
    except (OSError, ValueError):
        shown = {}
    unseen = [item.name for item in chosen if shown.get(item.name) != item.digest]
    if unseen:
        raise BuildError(
            f"These figures were not shown as they are now: {', '.join(unseen)}. "
            "Nothing was accepted; look at `make baseline` first."
        )


def _take(path, new):
    """Write or remove the file of one accepted figure."""
    if new is None:
        path.unlink()
    else:
        write_whole(path, baseline.serialise(baseline.record(new.figure)))
