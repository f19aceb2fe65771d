"""A compact picture is the same picture."""

import io
import re

import numpy as np
import pytest
from PIL import Image

from edition import compact
from edition.plots import curve, panels

NUMBER = r"-?(?:\d+\.?\d*|\.\d+)"
X = np.linspace(-3, 3, 301)


def picture(kind):
    fig, axes = panels(2)
    for ax, colour in zip(axes, ("orange", "blue4"), strict=True):
        curve(ax, X, np.sin(5 * X) / 3, colour, label=r"$\beta_B^{-1}$")
        ax.fill_between(X, 0, X / 9, alpha=0.3)
        ax.scatter(X[::40], X[::40] / 7, alpha=0.5)
        ax.legend()
    buffer = io.BytesIO()
    note = {"png": {"Title": "Energie Δ", "Software": None}, "svg": {"Date": None}}[kind]
    fig.savefig(buffer, format=kind, metadata=note, dpi=200)
    return buffer.getvalue()


def corners(outline):
    """The points of a path, by the rules of SVG."""
    points, here, start = [], np.zeros(2), np.zeros(2)
    for command, text in re.findall(r"([A-Za-z])([^A-Za-z]*)", outline):
        numbers = np.array([float(x) for x in re.findall(NUMBER, text)]).reshape(-1, 2)
        size = {"m": 1, "l": 1, "q": 2, "c": 3, "z": 1}[command.lower()]
        for step in numbers.reshape(-1, size, 2):
            reached = step + here if command.islower() else step
            points.extend(reached)
            here = reached[-1]
            start = here if command in "Mm" else start
        here = start if command in "Zz" else here
    return np.array(points)


def outlines(svg):
    return re.findall(r' d="([^"]*)"', svg.decode())


def commands(outline):
    """The commands of a path, without those that follow from the one before."""
    return re.sub(r"([mlqc])\1+", r"\1", re.sub(r"[^a-z]", "", outline.lower()))


def test_no_corner_of_a_path_moves_by_more_than_rounding():
    before = picture("svg")
    after = compact.svg(before)
    pairs = list(zip(outlines(before), outlines(after), strict=True))
    assert len(pairs) > 50
    assert {c for old, _ in pairs for c in old if c.isalpha()} >= {"M", "L", "Q", "C", "z"}
    for old, new in pairs:
        assert commands(old) == commands(new)
        np.testing.assert_allclose(corners(new), corners(old), rtol=0, atol=0.00501)


def markers(svg):
    """What is drawn where in which style, whether its own or that of its group."""
    found, group = [], ""
    for tag, attributes in re.findall(r"<(/?g|use)\b([^>]*)>", svg.decode()):
        style = "".join(re.findall(r' style="([^"]*)"', attributes))
        if tag == "g":
            group = style
        elif tag == "use":
            place = [float(x) for x in re.findall(rf' [xy]="({NUMBER})"', attributes)]
            name = re.search(r'href="([^"]*)"', attributes)[1]
            found.append((name, place, style or group))
    return found


def test_every_marker_keeps_its_place_and_style():
    before = picture("svg")
    after = compact.svg(before)
    old, new = markers(before), markers(after)
    assert [(name, style) for name, _, style in old] == [(name, style) for name, _, style in new]
    for (_, was, _), (_, now, _) in zip(old, new, strict=True):
        np.testing.assert_allclose(now, was, rtol=0, atol=0.00501)
    assert after.count(b"fill: #ffffff; stroke: #e08e00") < before.count(
        b"fill: #ffffff; stroke: #e08e00"
    )


def test_opacity_which_would_count_once_for_a_group_stays_with_each_marker():
    before = picture("svg")
    assert b"opacity: 0.5" in before
    for style in re.findall(rb'<use [^>]*style="[^"]*opacity[^"]*"', before):
        text = re.search(rb'style="[^"]*"', style)[0]
        assert compact.svg(before).count(text) == before.count(text)


def test_what_is_no_path_stays():
    before = picture("svg")
    after = compact.svg(before)
    for part in (r"<clipPath[^>]*>", r'viewBox="[^"]*"', r'transform="[^"]*"', r"<!--.*?-->"):
        found = re.findall(part, before.decode())
        assert found
        assert found == re.findall(part, after.decode())
    assert len(after) < 0.75 * len(before)


@pytest.mark.parametrize(
    ("number", "text"),
    [("0.004", "0"), ("-0.004", "0"), ("-0.25", "-.25"), ("10", "10"), ("100.999", "101")],
)
def test_a_number_is_written_shortly(number, text):
    assert compact._written(compact._hundredths(number)) == text


def test_a_png_keeps_its_size_its_notes_and_its_colours():
    before = picture("png")
    after = compact.png(before)
    old, new = Image.open(io.BytesIO(before)), Image.open(io.BytesIO(after))
    assert new.size == old.size
    assert new.text == old.text == {"Title": "Energie Δ"}
    assert new.info["dpi"] == pytest.approx((200, 200), abs=0.1)
    assert new.getcolors() is not None  # few enough to be counted
    change = np.abs(np.asarray(old.convert("RGB"), int) - np.asarray(new.convert("RGB"), int))
    assert change.max() < 32
    assert change.mean() < 1
    assert new.convert("RGB").getpixel((0, 0)) == (255, 255, 255)
    assert len(after) < 0.5 * len(before)
