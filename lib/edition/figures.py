"""`figure`: show a figure and keep it, with its data, as files.

Files go to the folder that the environment variable ``EDITION_OUTPUT`` names.
Where it is unset, as in Jupyter or on Binder, the figure is only shown.
"""

import csv
import io
import os
import re
import sys
from functools import partial
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from edition import about, compact
from edition.digits import require, written
from edition.files import write_whole
from edition.plots import STYLE
from edition.structure import describe

OUTPUT = "EDITION_OUTPUT"

COMPACT = {"svg": compact.svg, "png": compact.png}


def figure(name, fig, data, caption, alt, *, digits=10, decimals=None):
    """Show a figure, and keep it as SVG, PDF, PNG and CSV.

    Parameters
    ----------
    name : str
        "fig01" to "fig10" for the paper's figures, any other lower-case name
        with hyphens for ours. It names the files.
    fig : matplotlib.figure.Figure
        The figure, from `panels`. It is closed afterwards.
    data : dict of str to array_like
        The plotted numbers by column. A header names the quantity and ends in
        its unit: "E_+ [ħω]", "n [1]". Columns have one axis, real and free of
        infinities; they may differ in length.
    caption : str
        What the figure shows.
    alt : str
        What is seen in it, for readers who cannot see it.
    digits : int, default: 10
        How many significant digits of the data are kept, at most: those that are the
        same on every machine.
    decimals : int, optional
        How many digits behind the decimal point are kept, at most. Give it where small
        differences of large numbers are plotted, whose leading digits are noise.

    Raises
    ------
    ValueError
        If an argument is not as described; then nothing is written or shown.
    """
    _require_name(name)
    if not isinstance(fig, Figure) or not fig.axes:
        raise ValueError(
            f"Argument `fig` must be a figure with axes, from `panels`, but was {fig!r}"
        )
    columns = _columns(data)
    require(digits, decimals)
    caption, alt = _text("caption", caption), _text("alt", alt)
    table = _table(columns, digits, decimals)
    said = partial(about.metadata, name=name, caption=caption, table=table)
    svg = _render(fig, "svg", said)
    folder = os.environ.get(OUTPUT)
    if folder:
        others = {kind: _render(fig, kind, said) for kind in ("pdf", "png")}
        _keep(Path(folder) / name, {"svg": svg, "csv": table} | others)
    note = {
        "figure": name,
        "caption": caption,
        "alt": alt,
        "digits": digits,
        "decimals": decimals,
        "structure": describe(fig),
    }
    _show(svg.decode(), note)
    _close(fig)


def _require_name(name):
    """Refuse a name that could not be a tidy file name."""
    if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise ValueError(
            "Argument `name` must be lower-case words joined by hyphens, "
            f'such as "fig05", but was {name!r}'
        )
    if re.fullmatch(r"fig[\d-]*", name) and not re.fullmatch(r"fig\d\d", name):
        raise ValueError(f'Argument `name` must write a number as in "fig05", but was {name!r}')


def _text(argument, value):
    """Return a sentence on one line, or refuse what is not one."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"Argument `{argument}` must be a sentence, but was {value!r}")
    return " ".join(value.split())


def _columns(data):
    """Return the columns as arrays of integers or floats, checked one by one."""
    if not isinstance(data, dict) or not data:
        raise ValueError(
            f"Argument `data` must be a dictionary of headers and columns, but was {data!r}"
        )
    return {_header(header): _column(header, data[header]) for header in data}


def _header(header):
    """Refuse a header without quantity or unit."""
    if not isinstance(header, str) or not re.fullmatch(r"\S.* \[[^\[\]]+\]", header):
        raise ValueError(
            "Argument `data` must have headers with quantity and unit, "
            f'such as "E_+ [ħω]" or "n [1]", but one was {header!r}'
        )
    return header


def _column(header, values):
    """Return one column as an array of integers or floats."""
    column = np.asarray(values)
    if column.dtype == object:
        column = column.astype(float)
    if column.ndim != 1 or column.size == 0 or column.dtype.kind not in "iuf":
        raise ValueError(
            f"Argument `data` must hold real columns with one axis, but {header!r} "
            f"had shape {column.shape} and type {column.dtype}"
        )
    if np.isinf(column).any() or np.isnan(column).all():
        raise ValueError(
            f"Argument `data` must be free of infinities, but {header!r} was not "
            "(or held nothing but NaN)"
        )
    return column


def _keep(stem, files):
    """Write files of one name beside each other."""
    for kind, content in files.items():
        write_whole(stem.with_suffix(f".{kind}"), content)


def _render(fig, kind, said):
    """Return the figure in one format, the same bytes for the same figure."""
    buffer = io.BytesIO()
    with matplotlib.rc_context(fname=STYLE):
        fig.savefig(buffer, format=kind, metadata=said(kind))
    return COMPACT.get(kind, bytes)(buffer.getvalue())


def _table(columns, digits, decimals):
    """Return the data as CSV."""
    rows = max(map(len, columns.values()))
    cells = [
        [*written(column, digits, decimals), *[""] * (rows - len(column))]
        for column in columns.values()
    ]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*cells, strict=True))
    return text.getvalue().encode()


def _show(svg, note):
    """Display in a notebook; elsewhere there is nothing to display on."""
    ipython = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        return
    from IPython.display import publish_display_data

    text = f"[{note['figure']}] {note['alt']}"
    publish_display_data({"image/svg+xml": svg, "text/plain": text}, {"edition": note})


def _close(fig):
    """Take the figure from pyplot, if it is there, so that it is not shown twice."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close(fig)
