"""Drawing in the style of the book: `panels` makes axes, `curve` draws one line.

Colours are those that the paper's captions name. Their lightness differs as well
as their hue, and each carries its own sparse marker, so that curves tell apart
in print without colour and for every kind of colour vision.
"""

from pathlib import Path

import matplotlib.style
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

STYLE = Path(__file__).with_name("edition.mplstyle")

COLOURS = {
    "orange": ("#e08e00", "o"),
    "red": ("#c8281e", "s"),
    "purple": ("#5b1a85", "^"),
    "blue": ("#1f78c8", "D"),
    "grey": ("#7a7a7a", "v"),
    "black": ("#111111", "x"),
    "blue1": ("#8cc2e8", "<"),
    "blue2": ("#4a97d2", ">"),
    "blue3": ("#1c62ad", "p"),
    "blue4": ("#08306b", "h"),
}
LINE_STYLES = ("-", "--", ":", "-.")

# Inches. Margins hold tick labels, axis labels and the panel's letter.
PANEL = {1: (6.2, 3.6), 2: (4.0, 3.3)}
MARGINS = {"left": 0.85, "right": 0.25, "bottom": 0.65, "top": 0.4}
GAPS = (1.0, 1.05)

# Distance between markers, in diagonals of the axes.
MARKER_SPACING = 0.17


def panels(count=1):
    """Make a new figure with lettered panels.

    Sets matplotlib's parameters to the book's style, for this and all later
    figures of the session, whatever a personal configuration says.

    Parameters
    ----------
    count : int, default: 1
        How many panels: one is a single wide one, two stand side by side, more
        fill rows of two.

    Returns
    -------
    fig : matplotlib.figure.Figure
        The figure, to be handed to `edition.figure`. It is unknown to pyplot, so
        nothing else shows it.
    axes : list of matplotlib.axes.Axes
        The panels by rows, titled (a), (b), … when there are several.

    Raises
    ------
    ValueError
        If `count` is not a whole number from 1 to 8.
    """
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= 8:
        raise ValueError(f"Argument `count` must be a whole number from 1 to 8, but was {count!r}")
    matplotlib.style.use(["default", STYLE])
    columns = min(count, 2)
    fig, grid = _grid(rows=-(-count // columns), columns=columns)
    axes = [fig.add_subplot(grid[place]) for place in range(count)]
    for letter, ax in zip("abcdefgh", axes if count > 1 else [], strict=False):
        ax.set_title(f"({letter})", loc="left")
    return fig, axes


def _grid(rows, columns):
    """Make a figure of fixed panel size, and the grid of its panels."""
    width, height = PANEL[columns]
    across, down = GAPS
    total_width = MARGINS["left"] + columns * width + (columns - 1) * across + MARGINS["right"]
    total_height = MARGINS["bottom"] + rows * height + (rows - 1) * down + MARGINS["top"]
    fig = Figure(figsize=(total_width, total_height))
    FigureCanvasAgg(fig)
    grid = fig.add_gridspec(
        rows,
        columns,
        left=MARGINS["left"] / total_width,
        right=1 - MARGINS["right"] / total_width,
        bottom=MARGINS["bottom"] / total_height,
        top=1 - MARGINS["top"] / total_height,
        wspace=across / width,
        hspace=down / height,
    )
    return fig, grid


def curve(ax, x, y, colour, *, style="-", label=None):
    """Draw one line.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    x, y : array_like
        Finished values, one axis each, of the same length. A NaN in `y` leaves
        a gap.
    colour : str
        "orange", "red", "purple", "blue", "grey", "black", or one of a family
        from light to dark, "blue1" to "blue4". It also chooses the marker.
    style : {"-", "--", ":", "-."}, default: "-"
        The line style.
    label : str, optional
        What the legend calls it.

    Returns
    -------
    matplotlib.axes.Axes
        The same `ax`.

    Raises
    ------
    ValueError
        For an unknown colour or style, or arrays that do not form a curve.
    """
    if colour not in COLOURS:
        raise ValueError(
            f"Argument `colour` must be one of {', '.join(COLOURS)}, but was {colour!r}"
        )
    if style not in LINE_STYLES:
        raise ValueError(
            f"Argument `style` must be one of {', '.join(LINE_STYLES)}, but was {style!r}"
        )
    x, y = _points(x, y)
    shade, marker = COLOURS[colour]
    # Each colour starts its markers elsewhere, so that coinciding curves show all.
    start = MARKER_SPACING * (list(COLOURS).index(colour) % 4 + 0.5) / 4
    ax.plot(
        x,
        y,
        color=shade,
        linestyle=style,
        marker=marker,
        markevery=(start, MARKER_SPACING),
        markerfacecolor="white",
        label=label,
    )
    return ax


def _points(x, y):
    """Return the coordinates as float arrays, or say what is wrong with them."""
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if x.ndim != 1 or x.shape != y.shape or x.size == 0:
        raise ValueError(
            "Arguments `x` and `y` must have one axis of the same length, "
            f"but had shapes {x.shape} and {y.shape}"
        )
    if not np.isfinite(x).all() or np.isinf(y).any() or np.isnan(y).all():
        raise ValueError(
            "Arguments `x` and `y` must be finite (`y` may have gaps of NaN), "
            "but held infinities, or nothing else than NaN"
        )
    return x, y
