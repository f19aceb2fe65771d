"""The numbers that the figures draw, a sample of every curve, against sums at 50 digits."""

import csv
import math
import re
from fractions import Fraction

import mpmath
import pytest

from spinbath import collective, independent, reference

SAMPLE = 7  # rows of each column
# What the data are written to: significant digits, and decimals where large numbers cancel.
DIGITS, DECIMALS = 10, {"fig10": 10}
# Constants that a caption fixes and that its headers need not repeat.
FIXED = {"fig01": {"n": 100, "s": "1/2"}, "fig02": {"n": 10, "s": "1/2"}}


def collective_energy(x, p):
    return reference.energy(collective, x, **spins(p), beta_0=initial(p))


def thermal_energy(x, p):
    return reference.energy(independent, x, **spins(p))


def size(p):
    """Total spin ns of all spins together."""
    return mpmath.mpf(p["n"] * int(2 * Fraction(p["s"]))) / 2


def spins(p):
    return {"n": p["n"], "s": p["s"]}


def initial(p):
    return p.get("|beta_0|", mpmath.inf)


def entropy(process, x, p):
    return reference.entropy(process, x, **spins(p))


def heat_to_work(process, x, p):
    """Work over (1 - lambda) at beta_h = 0."""
    return size(p) - reference.energy(process, x, **spins(p))


def entropy_change(process, x, p):
    return entropy(process, x, p) - entropy(process, 0.0, p)


def swapped(route):
    """Turn a function of the bath into one of the initial temperature, the axis of Fig. 2."""
    return lambda x, p: route(p["beta_B"], {**p, "|beta_0|": abs(x)})


ROUTES = {
    "fig01": {"E^inf": collective_energy, "E^th": thermal_energy},
    "fig02": {"E^inf": swapped(collective_energy), "E^th": swapped(thermal_energy)},
    "fig03": {
        "E_+/ns": lambda x, p: collective_energy(x, p) / size(p),
        "E^th/ns": lambda x, p: thermal_energy(x, p) / size(p),
    },
    "fig04": {"E_+/E^th": lambda x, p: collective_energy(x, p) / thermal_energy(x, p)},
    "fig05": {
        "S_+": lambda x, p: entropy(collective, x, p),
        "S_th": lambda x, p: entropy(independent, x, p),
    },
    "fig06": {"S_th/S_+": lambda x, p: entropy(independent, x, p) / entropy(collective, x, p)},
    "fig07": {
        "DF_coll": lambda x, p: reference.free_energy_change(collective, x, **spins(p)),
        "DF_th": lambda x, p: reference.free_energy_change(independent, x, **spins(p)),
    },
    "fig08": {
        "Sigma_coll/n": lambda x, p: (
            reference.entropy_production(collective, x, **spins(p)) / p["n"]
        ),
        "Sigma_th/n": lambda x, p: (
            reference.entropy_production(independent, x, **spins(p)) / p["n"]
        ),
    },
    "fig09": {
        "(|W_coh|-|W_inc|)/(1-lambda)ns": lambda x, p: (
            (heat_to_work(collective, x, p) - heat_to_work(independent, x, p)) / size(p)
        ),
        "W_coh/W_inc": lambda x, p: (
            heat_to_work(collective, x, p) / heat_to_work(independent, x, p)
        ),
    },
    "fig10": {
        "S(beta_B)-S(0), collective": lambda x, p: entropy_change(collective, x, p),
        "S(beta_B)-S(0), independent": lambda x, p: entropy_change(independent, x, p),
    },
}


def parse(header):
    """Split "E_+/ns, n=4, s=1/2 [ħω]" into the name and its parameters."""
    match = re.fullmatch(r"(.+?)((?:, [^,=]+=[^,]+)*) \[[^\]]+\]", header)
    assert match, f"a header names quantity, parameters and unit, but here is {header!r}"
    pairs = (pair.split("=") for pair in match[2].split(", ")[1:])
    values = {key: value if key == "s" else float(value) for key, value in pairs}
    if "n" in values:
        values["n"] = int(values["n"])
    return match[1], values


def curves(rows):
    """Yield the header, the points and the values of every column but the first."""
    axis = [float(row[0]) for row in rows[1:]]
    for place, header in enumerate(rows[0][1:], start=1):
        pairs = [(x, row[place]) for x, row in zip(axis, rows[1:], strict=True)]
        yield header, [(x, float(y)) for x, y in pairs if y]


def sampled(points):
    """A few points from the first to the last, those at the pole x = 0 left out."""
    usable = [point for point in points if point[0] != 0]
    step = max(len(usable) // SAMPLE, 1)
    return usable[::step] + usable[-1:]


def rounding(figure, value):
    """Half a unit of the last digit that is written of a value."""
    digits = DIGITS - 1 - math.floor(math.log10(abs(value))) if value else math.inf
    return 0.5 * 10.0 ** -min(digits, DECIMALS.get(figure, math.inf))


@pytest.mark.parametrize("figure", ROUTES)
def test_every_curve_of_a_figure_agrees_with_sums_at_50_digits(build, figure):
    with (build / "figures" / f"{figure}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    seen = set()
    for header, points in curves(rows):
        name, found = parse(header)
        p = {**FIXED.get(figure, {}), **found}
        seen.add(name)
        for x, y in sampled(points):
            with mpmath.workdps(50):
                expected = float(ROUTES[figure][name](x, p))
            error = abs(y - expected)
            assert error <= rounding(figure, expected) + 1e-12 * abs(expected), (header, x)
    assert seen == set(ROUTES[figure])


@pytest.mark.parametrize("figure", ROUTES)
@pytest.mark.parametrize("kind", ["svg", "pdf", "png", "csv"])
def test_every_figure_is_kept_in_every_format(build, figure, kind):
    assert (build / "figures" / f"{figure}.{kind}").stat().st_size > 1000
