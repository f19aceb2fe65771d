"""The structure of a figure in words: its panels, axes, legends, curves and other marks.

`edition.figure` notes it beside the picture, and `edition.baseline` compares it line by
line with what was accepted. It holds no data: those are compared as numbers.
"""

from collections.abc import Iterable, Iterator

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import Collection
from matplotlib.colors import to_hex, to_rgba
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text

# Limits often follow the data, whose last digits differ between processors.
DIGITS = 6
NEGLIGIBLE = 1e-9


def describe(fig: Figure) -> list[str]:
    """Return the structure of a figure.

    Parameters
    ----------
    fig : matplotlib.figure.Figure

    Returns
    -------
    list of str
        One line for each fact that a reader could see, panel by panel.
    """
    insets = (inset for ax in fig.axes for inset in ax.child_axes if isinstance(inset, Axes))
    panels = [*fig.axes, *insets]
    lines = [f"panels: {len(panels)}"]
    lines += [_mark(artist) for artist in (*fig.texts, *fig.legends)]
    for number, ax in enumerate(panels, start=1):
        name = ax.get_title(loc="left") or f"panel {number}"
        lines += [f"{name} {line}" for line in _panel(ax)]
    return [" ".join(line.split()) for line in lines]


def _panel(ax: Axes) -> Iterator[str]:
    """Yield the lines about one panel."""
    yield from (
        f'title "{title}"' for place in ("center", "right") if (title := ax.get_title(place))
    )
    yield f'x axis "{ax.get_xlabel()}", {ax.get_xscale()}, {_range(ax.get_xlim())}'
    yield f'y axis "{ax.get_ylabel()}", {ax.get_yscale()}, {_range(ax.get_ylim())}'
    yield from map(_mark, (*ax.lines, *ax.collections, *ax.patches, *ax.images, *ax.texts))
    if legend := ax.get_legend():
        yield _mark(legend)


def _range(limits: tuple[float, float]) -> str:
    """Return the limits of an axis, to the digits that do not depend on rounding."""
    span = abs(limits[1] - limits[0])
    first, last = (0.0 if abs(x) < NEGLIGIBLE * span else x for x in limits)
    return f"{first:.{DIGITS}g} to {last:.{DIGITS}g}"


def _mark(artist: Artist) -> str:
    """Return one line about something drawn."""
    match artist:
        case Line2D():
            return _curve(artist)
        case Collection():
            faces, edges = _colours(artist.get_facecolor()), _colours(artist.get_edgecolor())
            return f"{_kind(artist)}: {len(artist.get_paths())} paths, faces {faces}, edges {edges}"
        case Patch():
            return f"{_kind(artist)}: face {_hex(artist.get_facecolor())}"
        case AxesImage():
            return f"{_kind(artist)}: {artist.get_array().shape}"  # type: ignore[union-attr]
        case Text():
            return f'text "{artist.get_text()}"'
        case Legend():
            return "legend " + ", ".join(f'"{text.get_text()}"' for text in artist.get_texts())
    return _kind(artist)


def _curve(line: Line2D) -> str:
    """Return what tells a curve from others."""
    label = str(line.get_label())
    # matplotlib gives curves without a label one that begins so.
    name = "" if label.startswith("_") else f' "{label}"'
    points = len(np.atleast_1d(line.get_xdata()))
    colour = _hex(to_rgba(line.get_color(), line.get_alpha()))
    style = f"line {line.get_linestyle()}, marker {line.get_marker()}"
    return f"curve{name}: {colour}, {style}, {points} points"


def _kind(artist: Artist) -> str:
    return type(artist).__name__


def _colours(colours: Iterable) -> str:
    """Return the different colours of many marks, in order."""
    return " ".join(dict.fromkeys(map(_hex, colours))) or "none"


def _hex(colour) -> str:
    text = to_hex(colour, keep_alpha=True)
    return text[:7] if text[7:] == "ff" else text
