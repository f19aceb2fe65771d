"""The live figures: what a slider draws is what the library computes."""

import csv
import io
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from spinbath import collective, independent, multiplet, otto, spectrum, symbolic

ROOT = Path(__file__).resolve().parents[2]
RTOL = 1e-9
DRAWN = "() => document.querySelector('[data-drawn]')?.dataset.drawn === location.hash"
# The ticks of the vertical axis, as numbers and places, and the heights of the first curve.
HEIGHTS = """() => {
  const svg = document.querySelector(".panels > svg"), number = text => Number(text.replace("−", "-"));
  const labels = [...svg.querySelectorAll(":scope > text[text-anchor=end]")];
  const line = svg.querySelector("path.curve").getAttribute("d").slice(1).split("L");
  return [labels.map(label => [number(label.textContent), Number(label.getAttribute("y"))]),
    line.map(point => Number(point.split(" ")[1]))];
}"""


def write(folder):
    program = ROOT / "book" / "explore" / "make.py"
    subprocess.run([sys.executable, str(program), str(folder)], check=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The live part of the page as the book's program writes it, as a page of its own."""
    folder = tmp_path_factory.mktemp("explore")
    write(folder)
    head = "<!doctype html><html lang='en'><meta charset='utf-8'><title>Explore</title><body>"
    (folder / "page.html").write_text(head + (folder / "figures.html").read_text("utf-8"), "utf-8")
    return folder


@pytest.fixture
def tab(context, folder):
    tab = context.new_page()
    errors = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    tab.goto(f"{folder.as_uri()}/page.html")
    tab.wait_for_function(DRAWN)
    yield tab
    tab.close()
    assert errors == []


def view(tab, address):
    """Open a view by its address and return the columns of its table."""
    tab.goto(f"{tab.url.split('#')[0]}#{address}")
    tab.wait_for_function(DRAWN)
    return columns(tab)


def columns(tab):
    rows = list(csv.reader(io.StringIO(tab.evaluate("() => explore.table()"))))
    return rows[0], np.array(rows[1:], dtype=float).T


def read_header(header):
    """Return the name of a curve and what it was drawn for."""
    name = header.partition(", n=")[0]
    found = dict(re.findall(r"(n|s|beta_\w|lambda)=([^,\s]+)", header))
    return name, {key: read_number(text) for key, text in found.items()}


def read_number(text):
    return float(text) if "inf" in text else float(Fraction(text))


def ratio(top, bottom):
    with np.errstate(invalid="ignore"):
        return top / bottom


def works(x, given, size):
    """Extracted work of both processes, for levels that are compressed by `lambda`."""
    shrink = given["lambda"]
    cycle = {"beta_h": given["beta_h"], "beta_c": x / shrink, "compression": shrink, **size}
    return [otto.work(process, **cycle) for process in (collective, independent)]


def gain(process, x, size):
    return process.entropy(x, **size) - process.entropy(0.0, **size)


# The name of a curve -> the library's value, from functions of the process, n s and n.
LIBRARY = {
    "E": lambda f, ns, n: f("energy", collective),
    "E^th": lambda f, ns, n: f("energy", independent),
    "E/ns": lambda f, ns, n: f("energy", collective) / ns,
    "E^th/ns": lambda f, ns, n: f("energy", independent) / ns,
    "E/E^th": lambda f, ns, n: f("energy", collective) / f("energy", independent),
    "S": lambda f, ns, n: f("entropy", collective),
    "S^th": lambda f, ns, n: f("entropy", independent),
    "S^th/S": lambda f, ns, n: f("entropy", independent) / f("entropy", collective),
    "ΔF": lambda f, ns, n: f("free_energy_change", collective),
    "ΔF^th": lambda f, ns, n: f("free_energy_change", independent),
    "ΔF/n": lambda f, ns, n: f("free_energy_change", collective) / n,
    "ΔF^th/n": lambda f, ns, n: f("free_energy_change", independent) / n,
    "Σ/n": lambda f, ns, n: f("entropy_production", collective) / n,
    "Σ^th/n": lambda f, ns, n: f("entropy_production", independent) / n,
}


def expected(name, x, given):
    """The column of the library that a column of the page must equal."""
    n, s = int(given["n"]), given["s"]
    size = {"n": n, "s": s, "beta_0": given.get("beta_0", np.inf)}
    if "W^" in name:
        together, apart = works(x, given, size)
        more = abs(together) - abs(apart)
        share = (1 - given["lambda"]) * n * s if name.startswith("(") else 1
        return ratio(together, apart) if name.startswith("W") else more / share
    if name.startswith("S("):
        return gain(collective if name.endswith("together") else independent, x, size)
    if "beta_B" in given:
        size["beta_0"], x = x, given["beta_B"]
    plain = name.replace("_+", "").replace("^∞", "")  # of a cold or of any start
    return LIBRARY[plain](lambda f, process: getattr(process, f)(x, **size), n * s, n)


def agree(header, values):
    """Compare every column with the library."""
    for title, column in zip(header[1:], values[1:], strict=True):
        name, given = read_header(title)
        right = expected(name, values[0], given)
        # A difference of entropies has the digits that the library's subtraction leaves it.
        atol = 1e-12 * given["n"] if name.startswith(("S(", "(|W", "|W")) else 0.0
        keep = np.isfinite(right)
        assert keep.sum() > 100, title
        np.testing.assert_allclose(column[keep], right[keep], RTOL, atol, err_msg=title)


VIEWS = [
    "", "&beta_0=0", "&beta_0=0.1", "&beta_0=-2.5", "&beta_0=7&beta_max=40", "&beta_max=0.5&n=1",
    "&beta_max=40", "&n=100&s=9/2", "&n=37&s=3/2&beta_0=1.5", "&beta_0=-inf&s=1&n_4=3&s_1=4",
]  # fmt: skip


@pytest.mark.parametrize("figure", range(1, 11))
def test_the_drawn_numbers_are_those_of_the_library(tab, figure):
    for more in VIEWS:
        header, values = view(tab, f"fig={figure}{more}")
        assert len(values[0]) == 241
        agree(header, values)


CYCLES = ["&beta_h=0.5&lambda=0.25&normalised=0", "&beta_h=-1&beta_0=1", "&beta_h=2"]


@pytest.mark.parametrize("more", CYCLES)
def test_work_for_other_cycles(tab, more):
    agree(*view(tab, f"fig=9{more}"))


def test_the_work_ratio_at_its_end_is_its_limit(tab):
    header, values = view(tab, "fig=9&s=3/2")
    for title, column in zip(header[1:], values[1:], strict=True):
        name, given = read_header(title)
        if name.startswith("W"):
            limit = symbolic.work_ratio_series(0, 0, n=int(given["n"]), s=given["s"])
            assert column[0] == pytest.approx(float(limit), rel=1e-13)


BETAS = [0.0, 1e-9, 1e-4, 0.02, 0.3, 1.0, 7.0, 45.0, 600.0]


@pytest.mark.parametrize("sign", [1, -1])
def test_a_multiplet_keeps_its_digits_at_every_temperature(tab, sign):
    J = np.array([0.0, 0.5, 1.0, 4.5, 50.0, 450.0])
    beta = sign * np.array(BETAS)[:, None]
    script = "([name, betas, sizes]) => betas.map(b => sizes.map(N => explore[name](b, N)))"

    def drawn(name):
        return np.array(tab.evaluate(script, [name, beta.ravel().tolist(), (2 * J + 1).tolist()]))

    # The library counts the energy of one spin s from its ground state; a multiplet is one.
    energies = np.array([independent.energy(beta.ravel(), n=1, s=j) for j in J]).T
    np.testing.assert_allclose(drawn("excitation"), energies, 1e-13, 1e-300)
    np.testing.assert_allclose(drawn("entropy"), multiplet.entropy(beta, J=J), 1e-13, 1e-300)
    np.testing.assert_allclose(drawn("variance"), multiplet.variance(beta, J=J), 1e-12, 1e-300)


@pytest.mark.parametrize("gap", [0.0, 1e-12, -1e-6, 1e-3, 0.3, -2.0, 30.0])
def test_two_temperatures_are_compared_without_cancellation(tab, gap):
    J = np.array([0.5, 1.0, 4.5, 50.0, 450.0])
    a = np.array([-3.0, -0.01, 0.0, 0.2, 1.0, 12.0])
    b = a + gap
    script = """([name, a, b, sizes]) =>
        sizes.map(N => a.map((value, i) => explore[name](value, b[i], N)))"""
    sizes = (2 * J + 1).tolist()
    distance, slope = (
        np.array(tab.evaluate(script, [name, a.tolist(), b.tolist(), sizes]))
        for name in ("relativeEntropy", "meanVariance")
    )
    produced = [independent.entropy_production(b, n=1, s=j, beta_0=a) for j in J]
    np.testing.assert_allclose(distance, produced, 1e-11, 1e-300)
    if gap:
        gained = [independent.energy_difference(a, reference=b, n=1, s=j) for j in J]
        np.testing.assert_allclose(slope * (b - a), gained, 1e-11, 1e-300)
    else:
        varied = [multiplet.variance(a, J=j) for j in J]
        np.testing.assert_allclose(slope, varied, 1e-12, 1e-300)


@pytest.mark.parametrize(("n", "s"), [(1, "9/2"), (2, "1/2"), (3, "3/2"), (40, "1"), (100, "9/2")])
def test_multiplicities_are_exact(tab, n, s):
    script = "([n, s]) => explore.multiplicities(n, s).map(String)"
    counted = tab.evaluate(script, [n, float(Fraction(s))])
    assert [int(text) for text in counted][::-1] == spectrum.multiplicities(n, s)


def slide(tab, name, steps):
    """Move a slider by the keyboard."""
    tab.locator(f"input[name={name}]").focus()
    for _ in range(abs(steps)):
        tab.keyboard.press("ArrowRight" if steps > 0 else "ArrowLeft")


def test_a_slider_redraws_and_the_address_keeps_the_view(tab):
    view(tab, "fig=3")
    slide(tab, "n", 3)
    slide(tab, "beta_0", -7)
    slide(tab, "s_2", 1)
    tab.wait_for_function(DRAWN)
    assert tab.url.endswith("#fig=3&n=7&beta_0=9.4&s_2=2")
    header, values = columns(tab)
    assert header[3] == "E^∞/ns, n=7, s=2, beta_0=9.4 [ħω]"
    agree(header, values)
    other = tab.context.new_page()
    other.goto(tab.url)
    other.wait_for_function(DRAWN)
    assert columns(other)[0] == header
    other.close()


def test_a_change_holds_for_all_figures_and_the_button_takes_it_back(tab):
    view(tab, "fig=4&n=5")
    tab.locator("input[name=figure]").nth(4).check(force=True)
    assert tab.url.endswith("#fig=5&n=5")
    tab.wait_for_function(DRAWN)
    assert "n=5" in columns(tab)[0][1]
    tab.locator("button.reset").click()
    tab.wait_for_function(DRAWN)
    assert tab.url.endswith("#fig=5")


def test_a_bad_address_is_read_as_far_as_it_makes_sense(tab):
    header, values = view(tab, "fig=77&n=1e9&s=0.7&beta_max=x&lambda=-3&nonsense=1")
    assert header[1].startswith("E^∞, n=100, s=1/2")
    agree(header, values)


def test_the_drawing_is_where_the_numbers_are(tab):
    _, values = view(tab, "fig=8")
    ticks, line = tab.evaluate(HEIGHTS)
    slope, start = np.polyfit(*np.array(ticks).T, 1)
    np.testing.assert_allclose(line, start + slope * values[1], atol=0.15)  # pixels


def test_values_are_read_under_the_pointer_and_by_keyboard(tab):
    _, values = view(tab, "fig=8")
    box = tab.locator(".panels > svg").first.bounding_box()
    tab.mouse.move(box["x"] + box["width"] - 13, box["y"] + 60)
    first = tab.locator(".readings td").first
    assert float(first.inner_text().replace("−", "-")) == pytest.approx(values[1][-1], rel=1e-5)
    tab.locator("input.reader").focus()
    tab.keyboard.press("Home")
    assert float(first.inner_text().replace("−", "-")) == pytest.approx(values[1][0], rel=1e-5)


def test_data_and_picture_download(tab):
    view(tab, "fig=2")
    head = '"beta_0 [1/ħω]","E^∞, n=10, s=1/2, beta_B=1 [ħω]"'
    for kind, begins in (("csv", head), ("svg", "<svg")):
        with tab.expect_download() as download:
            tab.locator(f"a[data-kind={kind}]").click()
        assert download.value.suggested_filename == f"fig02.{kind}"
        assert Path(download.value.path()).read_text("utf-8").startswith(begins)


def test_the_program_writes_the_same_bytes_again(folder, tmp_path):
    write(tmp_path)
    for name in ("figures.html", "formulas.md.txt"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()
