"""Measure everything in one run and keep the tables in the README and the book: `make bench`."""

import os
import platform
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLACES = (ROOT / "README.md", ROOT / "book" / "speed.md")
START, END = "<!-- benchmarks: start -->", "<!-- benchmarks: end -->"
NO_BREAK = "\N{NO-BREAK SPACE}"
HEADER = ("What", "Here", "Against", "Theirs", "Theirs / here")


def main():
    """Run all parts, print the rows as they come, and write both places."""
    from benchmarks import build, library, reading, rerun, second_solver

    pages = {place: around(place) for place in PLACES}
    parts = (library, second_solver, build, rerun, reading)
    tables = [f"**{part.TITLE}**\n\n{table(shown(part.rows()))}" for part in parts]
    text = "\n\n".join([START, opening(), *tables, END])
    for place, (before, after) in pages.items():
        place.write_text(f"{before}{text}{after}", encoding="utf-8")


def around(place):
    """Return what stands before and after the markers of a file."""
    before, _, rest = place.read_text(encoding="utf-8").partition(START)
    _, marker, after = rest.partition(END)
    if not marker:
        sys.exit(f"{place.name} must contain {START} and {END}.")
    return before, after


def opening():
    """Say where and how all that follows was measured."""
    python = platform.python_version()
    return f"Measured in one run by `make bench` on {os.cpu_count()} cores, Python {python}."


def shown(rows):
    """Yield the rows, and print them as they come."""
    for row in rows:
        print("  ".join(cell for cell in row if cell), flush=True)
        yield row


def table(rows):
    """Return the rows as a Markdown table."""
    lines = [HEADER, ("---",) * len(HEADER), *map(measured, rows)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def measured(row):
    """Return a row with no line break between a number and its unit."""
    what, here, against, theirs, ratio = row
    return what, here.replace(" ", NO_BREAK), against, theirs.replace(" ", NO_BREAK), ratio


if __name__ == "__main__":
    main()
