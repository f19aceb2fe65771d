"""Measure everything in one run and keep the table in the README: ``python -m benchmarks``."""

import os
import platform
import sys
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"
START, END = "<!-- benchmarks: start -->", "<!-- benchmarks: end -->"
HEADER = ("What", "Here", "Against", "Theirs", "Theirs / here")


def table(rows):
    """Return the rows as a Markdown table."""
    lines = [HEADER, ("---",) * len(HEADER), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def keep(text):
    """Replace what stands between the markers in the README."""
    readme = README.read_text(encoding="utf-8")
    before, _, rest = readme.partition(START)
    _, marker, after = rest.partition(END)
    if not marker:
        sys.exit(f"README.md must contain {START} and {END}.")
    README.write_text(f"{before}{START}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def main():
    """Run all parts, print the rows as they come, and write the README."""
    from benchmarks import build, library, rerun, second_solver

    rows = []
    for part in (library, second_solver, build, rerun):
        for row in part.rows():
            rows.append(row)
            print("  ".join(cell for cell in row if cell), flush=True)
    machine = f"Measured in one run by `make bench` on {os.cpu_count()} cores, Python {platform.python_version()}."
    keep(f"{machine}\n\n{table(rows)}")


if __name__ == "__main__":
    main()
