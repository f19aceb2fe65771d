"""Figures as numbers and words, and what tells two versions of one apart.

An accepted figure is kept as one small CSV file: its structure in lines that begin with
``#``, then for each column how many rows and gaps it has, its mean, which every row
enters, and a sample of its rows with the smallest and the largest number among them.
"""

import csv
import io
import math
from collections.abc import Iterable
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import NamedTuple

from edition.digits import unit

# Rows of a column that are kept, beside those of its smallest and largest number.
ROWS = 40

# What may differ between processors. Data are rounded above their noise, so a number may
# fall to the next text, one unit of its last digit away. Only where it is next to nothing
# beside the others of its column, a small difference of large numbers, is that not enough.
UNITS = 1.5
FLOOR = 1e-12

COMMENT = "# "
LABELS = ("length", "gaps", "mean")


class Column(NamedTuple):
    """A column: its length, how many of its rows hold no number, its mean, and some rows."""

    length: int
    gaps: int
    mean: float
    rows: dict[int, float]


class Record(NamedTuple):
    """A figure: the lines of its structure, and its columns by their headers."""

    structure: list[str]
    columns: dict[str, Column]


class Rounding(NamedTuple):
    """How the data of a figure are rounded, as `edition.figure` was told."""

    digits: int
    decimals: int | None


class Figure(NamedTuple):
    """A figure as it is now: its structure, and all of its data."""

    structure: list[str]
    data: dict[str, list[float]]
    rounding: Rounding


class Shift(NamedTuple):
    """A column whose numbers changed: what is said about it, and both versions."""

    header: str
    said: str
    old: Column
    new: Column


class Change(NamedTuple):
    """How a figure differs: lines of its structure, old beside new, and columns."""

    lines: list[tuple[str, str]]
    shifts: list[Shift]


def record(figure: Figure) -> Record:
    """Return what is kept of a figure.

    Parameters
    ----------
    figure : Figure

    Returns
    -------
    Record
    """
    return Record(
        _structure(figure), {header: column(values) for header, values in figure.data.items()}
    )


def _structure(figure):
    """Return the lines of the structure, with one on the accuracy of the data."""
    digits, decimals = figure.rounding
    behind = "" if decimals is None else f", {decimals} decimals"
    return [*figure.structure, f"data: {digits} digits{behind}"]


def column(values: list[float], rows: Iterable[int] = ()) -> Column:
    """Return what is kept of a column.

    Parameters
    ----------
    values : list of float
        All its rows; NaN is a gap.
    rows : iterable of int
        Which rows to keep, from 1; by default evenly spaced ones and the extremes.

    Returns
    -------
    Column
    """
    numbers = [value for value in values if not math.isnan(value)]
    mean = math.fsum(numbers) / len(numbers) if numbers else math.nan
    chosen = sorted(rows or _sample(values))
    kept = {row: values[row - 1] for row in chosen if row <= len(values)}
    return Column(len(values), len(values) - len(numbers), mean, kept)


def _sample(values):
    """Return the numbers of evenly spaced rows, first and last included, and of the extremes."""
    last = len(values) - 1
    steps = min(ROWS - 1, last)
    even = {round(last * step / steps) for step in range(steps + 1)} if steps else {0}
    present = [place for place, value in enumerate(values) if not math.isnan(value)]
    extremes = {pick(present, key=values.__getitem__) for pick in (min, max) if present}
    return {place + 1 for place in even | extremes}


def serialise(record: Record) -> bytes:
    """Return a record as CSV.

    Parameters
    ----------
    record : Record

    Returns
    -------
    bytes
        Numbers have twelve digits, so that the file does not follow the noise.
    """
    columns = record.columns.values()
    rows = sorted({row for column in columns for row in column.rows})
    text = io.StringIO()
    text.writelines(f"{COMMENT}{line}\n" for line in record.structure)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["row", *record.columns])
    writer.writerows(
        [label, *(getattr(column, label) for column in columns)] for label in LABELS[:2]
    )
    writer.writerow(["mean", *(f"{column.mean:.12g}" for column in columns)])
    for row in rows:
        cells = (f"{column.rows[row]:.12g}" if row in column.rows else "" for column in columns)
        writer.writerow([row, *cells])
    return text.getvalue().encode()


def parse(content: bytes) -> Record:
    """Read a record back.

    Parameters
    ----------
    content : bytes

    Returns
    -------
    Record

    Raises
    ------
    ValueError, csv.Error
        If it is none.
    """
    lines = content.decode().splitlines(keepends=True)
    structure = [line for line in lines if line.startswith(COMMENT)]
    header, *rows = [*csv.reader(lines[len(structure) :], strict=True)] or [[]]
    labels = [row[0] for row in rows]
    if header[:1] != ["row"] or tuple(labels[:3]) != LABELS:
        raise ValueError("its first rows are not " + ", ".join(("row", *LABELS)))
    if any(len(row) != len(header) for row in rows):
        raise ValueError("not every row has as many cells as the header")
    columns = {
        name: _parsed(labels[3:], cells)
        for name, *cells in zip(header[1:], *(row[1:] for row in rows), strict=True)
    }
    return Record([line.removeprefix(COMMENT).rstrip("\n") for line in structure], columns)


def _parsed(labels, cells):
    """Return one column from its cells."""
    length, gaps, mean, *values = cells
    rows = {int(row): float(cell) for row, cell in zip(labels, values, strict=True) if cell}
    return Column(int(length), int(gaps), float(mean), rows)


def compare(old: Record | None, new: Figure | None) -> Change:
    """Return what differs between an accepted figure and the present one.

    Parameters
    ----------
    old : Record or None
        What was accepted; None if nothing was.
    new : Figure or None
        The present figure; None if there is none any more.

    Returns
    -------
    Change
        Its two lists are empty if nothing differs.
    """
    before = _lines(old.structure, old.columns) if old else []
    after = _lines(_structure(new), new.data) if new else []
    return Change(_line_by_line(before, after), _shifts(old, new) if old and new else [])


def _shifts(old, new):
    """Return the columns that both have, and whose numbers differ."""
    shifts = [
        _shift(header, column, new.data[header], new.rounding)
        for header, column in old.columns.items()
        if header in new.data
    ]
    return [shift for shift in shifts if shift]


def _lines(structure, columns):
    """Return structure and headers, which must both agree to the letter."""
    return [*structure, *(f"column {header}" for header in columns)]


def _line_by_line(old, new):
    """Return what is not in both lists, old beside new."""
    found: list[tuple[str, str]] = []
    for kind, first, last, start, end in SequenceMatcher(None, old, new, False).get_opcodes():
        if kind != "equal":
            found += zip_longest(old[first:last], new[start:end], fillvalue="")
    return found


def _shift(header, old, values, rounding):
    """Return how the numbers of a column changed, or None if they did not."""
    if len(values) != old.length:
        said = f"it has {len(values)} rows, and had {old.length}"
        return Shift(header, said, old, column(values))
    new = column(values, old.rows)
    scale = max((abs(value) for value in old.rows.values() if not math.isnan(value)), default=0)
    room = FLOOR * scale
    differing = [
        row
        for row, value in old.rows.items()
        if _differ(value, new.rows[row], max(_room(value, rounding), room))
    ]
    if differing:
        row = max(differing, key=lambda row: _distance(old.rows[row], new.rows[row]))
        return Shift(header, _said(f"row {row}", old.rows[row], new.rows[row]), old, new)
    if new.gaps != old.gaps:
        return Shift(header, f"it has {new.gaps} gaps, and had {old.gaps}", old, new)
    if _differ(old.mean, new.mean, max(_room(scale, rounding), room)):
        return Shift(header, _said("its mean", old.mean, new.mean), old, new)
    return None


def _room(value, rounding):
    """Return how far a number may move by rounding alone."""
    return 0.0 if math.isnan(value) else UNITS * unit(value, *rounding)


def _differ(old, new, room):
    """Tell whether two numbers differ by more than they may, or one of them is a gap."""
    if math.isnan(old) or math.isnan(new):
        return math.isnan(old) != math.isnan(new)
    return abs(new - old) > room


def _distance(old, new):
    """Return how far two different numbers are apart; a gap is infinitely far from any."""
    return math.inf if math.isnan(old) or math.isnan(new) else abs(new - old)


def _said(place, old, new):
    """Say by how much a number changed, and where."""
    return f"{place} differs by {_distance(old, new):.2g}: {_digits(old)} → {_digits(new)}"


def _digits(number):
    return "a gap" if math.isnan(number) else f"{number:.12g}"
