"""The page of the figures that are not as accepted: old, new and difference side by side.

It needs nothing beside it and no network, so that it can be kept by itself.
"""

import base64
import math
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from edition.baseline import Shift

if TYPE_CHECKING:
    from edition.acceptance import Difference, Shown

STYLE = Path(__file__).with_name("baseline.css")

# A plot in units of its own, with room for the limits of its axes around the curve.
WIDTH, HEIGHT = 300, 170
LEFT, RIGHT, TOP, BOTTOM = 8, 8, 24, 24

# Positive numbers that span more than this are drawn by their logarithms.
DECADES = 3

PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Figures and those accepted</title>
<style>
{style}</style>
</head>
<body>
<main>
<h1>Figures and those accepted</h1>
{body}
</main>
</body>
</html>
"""


def render(found: "Sequence[Difference]") -> str:
    """Return the page.

    Parameters
    ----------
    found : sequence of Difference
        The figures to show.

    Returns
    -------
    str
        HTML, the same for the same differences.
    """
    if not found:
        body = "<p>Every figure is as accepted.</p>"
    else:
        links = "\n".join(
            f'<li><a href="#{item.name}">{item.name}</a>{escape(item.said.removeprefix(item.name))}</li>'
            for item in found
        )
        intro = (
            "<p>These figures are not as accepted. Curves are drawn from the rows that were "
            "kept. Where the new ones are right, <code>make accept</code> takes them over; "
            "<code>make accept FIGURE=name</code> takes one.</p>"
        )
        body = "\n".join([intro, f"<ul>\n{links}\n</ul>", *map(_section, found)])
    return PAGE.format(style=STYLE.read_text("utf-8"), body=body)


def _section(item: "Difference") -> str:
    """Return what is to be seen about one figure."""
    parts = [f'<section id="{item.name}">', f"<h2>{item.name}</h2>"]
    if item.new:
        parts.append(_picture(item.new))
    if item.change.lines:
        parts.append(_table(item.change.lines))
    parts += [_plots(shift) for shift in item.change.shifts]
    return "\n".join([*parts, "</section>"])


def _picture(new: "Shown") -> str:
    """Return the present picture, put into the page itself."""
    content = base64.b64encode(new.picture.read_bytes()).decode()
    return f'<img alt="{escape(new.alt)}" src="data:image/svg+xml;base64,{content}">'


def _table(lines: Sequence[tuple[str, str]]) -> str:
    """Return the lines that differ, old beside new."""
    rows = "\n".join(
        f'<tr><td class="old"><code>{escape(old)}</code></td>'
        f'<td class="new"><code>{escape(new)}</code></td></tr>'
        for old, new in lines
    )
    return f'<table>\n<tr><th scope="col">Old</th><th scope="col">New</th></tr>\n{rows}\n</table>'


def _plots(shift: Shift) -> str:
    """Return the plots of one column."""
    old, new = shift.old.rows, shift.new.rows
    both = [*old.values(), *new.values()]
    logarithmic = _spans_decades(both)
    limits = _limits(both)
    plots = [
        _plot("Old", "old", old, limits, logarithmic),
        _plot("New", "new", new, limits, logarithmic),
    ]
    if old.keys() == new.keys():
        difference = {row: new[row] - old[row] for row in old}
        plots.append(_plot("New − old", "", difference, _limits(difference.values()), False))
    return (
        f"<h3>{escape(shift.header)}</h3>\n<p>{escape(_capital(shift.said))}.</p>\n"
        f'<div class="plots">\n{"".join(plots)}</div>'
    )


def _capital(text):
    return text[:1].upper() + text[1:]


def _limits(values):
    """Return the smallest and the largest number, however few there are."""
    numbers = [value for value in values if not math.isnan(value)] or [0.0]
    return min(numbers), max(numbers)


def _spans_decades(values):
    low, high = _limits(values)
    return low > 0 and high > low * 10**DECADES


def _plot(title, kind, points, limits, logarithmic):
    """Return one curve over the numbers of its rows, with its limits written beside it."""
    low, high = (f"{value:.6g}" for value in limits)
    first, last = min(points), max(points)
    scale = ", logarithmic" if logarithmic else ""
    alt = f"{title}: between {low} and {high}, rows {first} to {last}{scale}"
    if logarithmic:
        points = {row: math.log(value) for row, value in points.items()}
        limits = tuple(map(math.log, limits))
    base = HEIGHT - 8
    return (
        f'<figure>\n<svg class="{kind}" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(alt)}">\n'
        f'<path d="{_path(points, limits)}"/>\n'
        f'<text x="{LEFT}" y="16">{high}{scale}</text>\n<text x="{LEFT}" y="{base}">{low}</text>\n'
        f'<text x="{WIDTH - RIGHT}" y="{base}" text-anchor="end">rows {first} to {last}</text>\n'
        f"</svg>\n<figcaption>{title}</figcaption>\n</figure>\n"
    )


def _path(points, limits):
    """Return the path of a curve, which begins anew behind each gap."""
    low, high = limits
    first, last = min(points), max(points)
    parts, pen = [], "M"
    for row, value in sorted(points.items()):
        if math.isnan(value):
            pen = "M"
            continue
        x = LEFT + (WIDTH - LEFT - RIGHT) * _share(row, first, last)
        y = HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * _share(value, low, high)
        # A point by itself is seen only where the path has some length.
        parts.append(f"{pen}{x:.1f} {y:.1f}" + ("h0" if pen == "M" else ""))
        pen = "L"
    return "".join(parts)


def _share(value, low, high):
    """Return how far a value is on the way from one to the other."""
    return (value - low) / (high - low) if high > low else 0.5
