"""The structure of a figure tells whatever a reader can see apart from the numbers."""

import numpy as np
import pytest

from edition import curve, panels
from edition.structure import describe

X = np.linspace(0, 1, 11)


def drawn(change=None):
    """Two panels with a bit of everything, and one change to them."""
    fig, [left, right] = panels(2)
    curve(left, X, X**2, "orange", label="$n=2$")
    curve(left, X, X, "blue", style="--")
    left.axhline(0, color="#7a7a7a", alpha=0.5)
    left.fill_between(X, X, X**2, color="0.9")
    left.set(xlabel="time", ylabel="energy", xlim=(0, 1), ylim=(-0.5, 2))
    left.legend()
    right.axvspan(0.2, 0.4, color="#fbeed8")
    right.text(0.5, 0.5, "in the\nmiddle")
    right.set(yscale="log", xlim=(0, 1), ylim=(1e-5, 1))
    if change:
        change(left, right)
    return describe(fig)


def test_every_mark_has_a_line():
    assert drawn() == [
        "panels: 2",
        '(a) x axis "time", linear, 0 to 1',
        '(a) y axis "energy", linear, -0.5 to 2',
        '(a) curve "$n=2$": #e08e00, line -, marker o, 11 points',
        "(a) curve: #1f78c8, line --, marker D, 11 points",
        "(a) curve: #7a7a7a80, line -, marker None, 2 points",
        "(a) FillBetweenPolyCollection: 1 paths, faces #e6e6e6, edges #e6e6e6",
        '(a) legend "$n=2$"',
        '(b) x axis "", linear, 0 to 1',
        '(b) y axis "", log, 1e-05 to 1',
        "(b) Rectangle: face #fbeed8",
        '(b) text "in the middle"',
    ]


@pytest.mark.parametrize(
    ("change", "old", "new"),
    [
        (
            lambda a, b: a.lines[1].remove(),
            ["(a) curve: #1f78c8, line --, marker D, 11 points"],
            [],
        ),
        (
            lambda a, b: a.lines[1].set(color="#c8281e", linestyle=":", marker="s"),
            ["(a) curve: #1f78c8, line --, marker D, 11 points"],
            ["(a) curve: #c8281e, line :, marker s, 11 points"],
        ),
        (
            lambda a, b: b.set_yscale("linear"),
            ['(b) y axis "", log, 1e-05 to 1'],
            ['(b) y axis "", linear, 1e-05 to 1'],
        ),
        (
            lambda a, b: a.set(ylabel="heat", ylim=(-0.5, 2.00001)),
            ['(a) y axis "energy", linear, -0.5 to 2'],
            ['(a) y axis "heat", linear, -0.5 to 2.00001'],
        ),
        (lambda a, b: a.get_legend().remove(), ['(a) legend "$n=2$"'], []),
        (lambda a, b: b.scatter(X, X), [], ["(b) PathCollection: 1 paths"]),
        (lambda a, b: b.imshow(np.eye(3)), [], ["(b) AxesImage: (3, 3)"]),
        (lambda a, b: b.figure.suptitle("Above"), [], ['text "Above"']),
        (lambda a, b: b.set_title("centre"), [], ['(b) title "centre"']),
        (
            lambda a, b: b.set_title("(c)", loc="left"),
            ['(b) text "in the middle"'],
            ["(c) Rectangle"],
        ),
        (
            lambda a, b: a.inset_axes([0, 0, 0.2, 0.2]),
            ["panels: 2"],
            ["panels: 3", "panel 3 x axis"],
        ),
    ],
)
def test_a_visible_change_changes_its_line(change, old, new):
    before, after = drawn(), drawn(change)
    assert set(old) <= set(before) - set(after)
    gained = [line for line in after if line not in before]
    assert before != after
    assert all(any(line.startswith(part) for line in gained) for part in new)


def test_the_last_digits_of_limits_are_left_out():
    noisy = drawn(lambda a, b: a.set(xlim=(1e-17, 1), ylim=(-0.5, 2 + 1e-12)))
    assert noisy == drawn()
