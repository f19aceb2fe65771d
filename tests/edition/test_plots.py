"""`panels` and `curve` draw in the book's style, whatever the machine says."""

import subprocess
import sys

import matplotlib as mpl
import numpy as np
import pytest

from edition import curve, panels
from edition.plots import COLOURS

X = np.linspace(0, 1, 101)


@pytest.mark.parametrize(("count", "shape"), [(1, (1, 1)), (2, (1, 2)), (3, (2, 2)), (4, (2, 2))])
def test_panels_are_lettered_and_laid_out(count, shape):
    fig, axes = panels(count)
    assert list(axes) == fig.axes
    letters = [ax.get_title(loc="left") for ax in axes]
    assert letters == ([""] if count == 1 else [f"({x})" for x in "abcd"[:count]])
    grid = axes[0].get_subplotspec().get_gridspec()
    assert (grid.nrows, grid.ncols) == shape


@pytest.mark.parametrize("count", [1, 2, 4])
def test_labels_fit_into_the_margins(count):
    fig, axes = panels(count)
    for ax in axes:
        curve(ax, 20 * X - 10, X * 1234, "blue")
        ax.set_xlabel(r"$\hbar\omega\beta_B$")
        ax.set_ylabel(r"$E_+/\hbar\omega$")
    box = fig.get_tightbbox()
    width, height = fig.get_size_inches()
    assert box.x0 >= 0
    assert box.y0 >= 0
    assert box.x1 <= width
    assert box.y1 <= height


def test_panels_undo_a_personal_style():
    mpl.rcParams["lines.linewidth"] = 9
    mpl.rcParams["font.family"] = "serif"
    _, [ax] = panels()
    curve(ax, X, X, "red")
    assert ax.lines[0].get_linewidth() == 1.8
    assert mpl.rcParams["font.family"] == ["DejaVu Sans"]


@pytest.mark.parametrize("count", [0, 9, 2.0, True, "2"])
def test_a_count_of_panels_is_a_small_number(count):
    with pytest.raises(ValueError, match=f"Argument `count` must .*{count!r}"):
        panels(count)


def test_every_colour_has_its_own_shade_and_marker():
    assert len({shade for shade, _ in COLOURS.values()}) == len(COLOURS)
    assert len({marker for _, marker in COLOURS.values()}) == len(COLOURS)


def test_the_papers_colours_differ_in_lightness():
    names = "orange", "red", "blue", "purple"
    red, green, blue = (
        np.array([mpl.colors.to_rgb(COLOURS[name][0])[k] for name in names]) for k in range(3)
    )
    lightness = 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2
    family = [sum(mpl.colors.to_rgb(COLOURS[f"blue{k}"][0])) for k in range(1, 5)]
    assert sorted(family, reverse=True) == family
    assert lightness.max() / lightness.min() > 8


def test_a_curve_has_colour_style_label_and_sparse_markers():
    _, [ax] = panels()
    assert curve(ax, list(X), X**2, "purple", style="-.", label="n = 9") is ax
    [line] = ax.lines
    assert (line.get_color(), line.get_marker()) == COLOURS["purple"]
    assert (line.get_linestyle(), line.get_label()) == ("-.", "n = 9")
    assert line.get_markevery()[1] > 0.1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((X, X, "pink"), "`colour` must be one of orange, .*'pink'"),
        ((X, X[:-1], "red"), r"the same length, but had shapes \(101,\) and \(100,\)"),
        (([], [], "red"), "one axis of the same length"),
        ((X[None], X[None], "red"), "one axis"),
        ((X, X + np.inf, "red"), "must be finite"),
        ((X * np.nan, X, "red"), "must be finite"),
        ((X, X * np.nan, "red"), "must be finite"),
    ],
)
def test_what_is_no_curve_is_refused(arguments, message):
    _, [ax] = panels()
    with pytest.raises(ValueError, match=message):
        curve(ax, *arguments)
    with pytest.raises(ValueError, match="`style` must be one of"):
        curve(ax, X, X, "red", style="dotted")


def test_a_gap_is_drawn_as_a_gap():
    _, [ax] = panels()
    curve(ax, X, np.where(X > 0.5, X, np.nan), "red")
    assert np.isnan(ax.lines[0].get_ydata()[:50]).all()


def test_the_names_of_the_press_load_what_they_need_and_no_more():
    code = (
        "import sys, edition\n"
        "assert 'numpy' not in sys.modules\n"
        "from edition import check\n"
        "assert 'matplotlib' not in sys.modules\n"
        "from edition import curve, figure, panels\n"
        "assert 'matplotlib' in sys.modules and 'matplotlib.pyplot' not in sys.modules\n"
        "assert dir(edition) == sorted(edition.__all__)\n"
        "try: edition.nonsense\n"
        "except AttributeError as error: assert 'nonsense' in str(error)\n"
        "else: raise AssertionError\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
