"""The README shows what the book computes."""

import re
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]


def coordinates(svg):
    return np.array([float(x) for x in re.findall(r"-?\d+\.\d+", svg.read_text(encoding="utf-8"))])


def test_the_figure_of_the_readme_is_that_of_the_book(build):
    assert ".github/two-processes.svg" in (ROOT / "README.md").read_text(encoding="utf-8")
    shown = coordinates(ROOT / ".github" / "two-processes.svg")
    made = coordinates(build / "figures" / "two-processes.svg")
    assert shown.shape == made.shape
    np.testing.assert_allclose(shown, made, rtol=0, atol=0.05)
