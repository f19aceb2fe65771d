"""`check` passes what is true, fails what is not, and refuses what could not fail."""

import math
from fractions import Fraction

import IPython
import IPython.display
import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp, mpf

from edition import CheckFailed, check, not_applicable

ROUTES = ("closed form", "sum over m")


def holds(left, right, rtol=None, **options):
    """Tell whether a check passes."""
    try:
        check("18", "A claim.", left, right, rtol, routes=ROUTES, **options)
    except CheckFailed:
        return False
    return True


def test_a_line_tells_the_outcome(capsys):
    check("18", "Two routes\n agree.", 1.0, 1.0 + 1e-13, 1e-12, routes=ROUTES)
    assert capsys.readouterr().out == ("✓ (18) Two routes agree: residual 1e-13, tolerance 1e-12\n")
    check("Fig. 4", "It is less", [1.0, 3.0], 4.0, relation="<", routes=ROUTES)
    assert capsys.readouterr().out == "✓ Fig. 4 It is less: margin 0.25, needed 1e-12\n"


def test_a_broken_claim_raises_the_line_it_prints(capsys):
    with pytest.raises(CheckFailed) as caught:
        check("A3", "It is one.", 1.1, 1, 1e-3, routes=ROUTES)
    line = "✗ (A3) It is one: residual 0.091, tolerance 0.001"
    assert str(caught.value) == line
    assert capsys.readouterr().out == line + "\n"
    assert issubclass(CheckFailed, AssertionError)


@given(st.floats(1e-300, 1e300), st.floats(1e-15, 0.4), st.sampled_from([1, -1]))
def test_the_relative_tolerance_is_where_it_is_said_to_be(x, rtol, sign):
    x *= sign
    assert holds(x, x * (1 + 0.999 * rtol) + 0, rtol)
    assert holds(x * (1 + 0.999 * rtol) + 0, x, rtol)
    assert not holds(x, x * (1 + 2 * rtol), rtol)
    assert not holds(x, -x, rtol)


@given(st.integers(), st.integers(1, 10**9))
def test_integers_of_any_size_are_exact(n, step):
    huge = n + 10**400
    assert holds(huge, int(str(huge)), 0)
    assert not holds(huge, huge + step, 0)
    assert holds(huge, huge + step, relation="<")
    assert not holds(huge, int(str(huge)), relation="<")


def test_numbers_of_every_kind_compare():
    with mp.workdps(60):
        third, minus_third = mpf(1) / 3, -mpf(1) / 3
    assert holds(third, Fraction(1, 3), 1e-59)
    assert not holds(third, Fraction(1, 3), 1e-62)
    assert holds(minus_third, Fraction(-1, 3), 1e-59)
    assert not holds(minus_third, Fraction(1, 3), 0.4)
    assert holds(minus_third, 0, relation="<")
    assert holds([np.array(0.5), np.float64(1)], [0.5, 1.0], 0)
    assert holds(1 / 3, Fraction(1, 3), 1e-16)
    assert not holds(1 / 3, Fraction(1, 3), 0)
    assert holds(np.float64(0.5), Fraction(1, 2), 0)
    assert holds([2**70, 1], [mpf(2) ** 70, 1.0], 0)
    assert holds(np.array([1, 2]), [1.0, np.int32(2)], 0)
    assert holds(np.uint64(1), 2, relation="<")
    assert holds(1 + 1e-15j, 1, 1e-14)
    assert not holds(1 + 1e-3j, 1, 1e-14)
    assert holds(10**400, 1.0, relation=">")
    assert holds([sympy.Rational(1, 3), sympy.Integer(1)], [Fraction(1, 3), 2 - 1], 0)
    assert not holds(sympy.Rational(1, 3), Fraction(1, 3) + Fraction(1, 10**30), 0)


def test_shapes_broadcast_and_every_place_counts():
    assert holds(np.ones((3, 2)), [1.0, 1.0], 1e-15)
    one_off = np.ones((30, 20))
    one_off[17, 3] += 1e-9
    assert not holds(one_off, 1, 1e-10)
    assert holds(one_off, 1, 1e-8)


@pytest.mark.parametrize("relation", ["==", "<", "<=", ">", ">="])
@pytest.mark.parametrize("sides", [(math.nan, 1.0), (1.0, [1.0, math.nan]), (mpf("nan"), 1)])
def test_nan_fails(sides, relation):
    assert not holds(*sides, 0.4, relation=relation)


def test_infinities_equal_only_themselves():
    assert holds([math.inf], float("inf"), 0)
    assert not holds(math.inf, 1e308, 0.4)
    assert not holds(math.inf, -math.inf, 0.4)
    assert not holds([math.inf], float("inf"), relation="<")
    assert holds([math.inf], float("inf"), relation="<=")
    assert holds(1, mpf("inf"), relation="<")
    assert not holds(1, math.inf, relation=">")


def test_a_strict_relation_wants_more_than_rounding():
    assert not holds(1.0, 1.0 + 1e-13, relation="<")
    assert holds(1.0, 1.0 + 1e-11, relation="<")
    assert not holds(1.0, 1.1, 0.2, relation="<")
    assert holds(0.0, 1e-300, relation="<")
    assert holds(Fraction(1), Fraction(10**20 + 1, 10**20), relation="<")


def test_a_weak_relation_has_the_slack_that_is_given():
    assert holds(1.0, np.float64(1.0), relation="<=")
    assert not holds(1.0 + 1e-13, 1.0, relation="<=")
    assert holds(1.0 + 1e-13, 1.0, 1e-12, relation="<=")
    assert holds([3, 2], [2, 2], relation=">=")
    assert not holds([3, 1], [2, 2], relation=">=")


def test_what_vanishes_has_an_absolute_tolerance():
    assert holds(1e-15, 0, atol=1e-12)
    assert not holds(1e-11, 0, atol=1e-12)
    assert not holds(1e-15, 0, 0.4)
    assert holds([0.0, 5.0], [1e-14, 5.0], atol=1e-12)


@pytest.mark.parametrize(
    ("sides", "options", "message"),
    [
        ((1.0, 2.0), {}, "`rtol` must be given"),
        ((1.0, 2.0), {"rtol": 0.5}, "`rtol` must be a number from 0 to below 0.5"),
        ((1.0, 2.0), {"rtol": -1e-9}, "`rtol` must be"),
        ((1.0, 2.0), {"rtol": math.nan}, "`rtol` must be"),
        ((1.0, 2.0), {"rtol": True}, "`rtol` must be"),
        ((1.0, 2.0), {"atol": 1.0}, "`atol` must be non-negative and below half"),
        ((1.0, 2.0), {"rtol": 0, "atol": -1.0}, "`atol` must be"),
        ((1.0, 2.0), {"atol": math.inf}, "`atol` must be"),
        ((1.0, 0.0), {"atol": 0.6}, "`atol` must be"),
        ((1.0, 2.0), {"rtol": 0, "relation": "="}, "`relation` must be one of"),
        (([], []), {"rtol": 0}, "must hold numbers to compare"),
        (([], 1.0), {"rtol": 0}, "must hold numbers to compare"),
        ((np.ones(2), np.ones(3)), {"rtol": 0}, r"must broadcast.*\(2,\) and \(3,\)"),
        ((True, 1), {"rtol": 0}, "`left` must be numbers, but held True"),
        ((np.array([True]), 1), {"rtol": 0}, "`left` must be numbers, but held True"),
        ((1, "1"), {"rtol": 0}, "`right` must be numbers, but held '1'"),
        ((None, 1), {"rtol": 0}, "`left` must be numbers, but held None"),
        ((1j, 1), {"relation": "<"}, "`left` must be real numbers"),
        ((sympy.pi, 2), {"rtol": 0}, "`left` must be numbers, but held pi"),
        ((1, 2), {"rtol": 0, "routes": None}, "`routes` must name the two routes"),
        ((1, 2), {"rtol": 0, "routes": ("sum", " sum ")}, "two different routes"),
        ((1, 2), {"rtol": 0, "routes": ("sum", "")}, "`routes` must be text"),
        ((1, 2), {"rtol": 0, "routes": "ab"}, "`routes` must name"),
        ((1, 2), {"rtol": 0, "equation": "(18)"}, "without parentheses"),
        ((1, 2), {"rtol": 0, "equation": 18}, "`equation` must be text"),
        ((1, 2), {"rtol": 0, "claim": " "}, "`claim` must be text"),
    ],
)
def test_a_check_that_says_or_tests_nothing_is_refused(sides, options, message):
    arguments = {"equation": "18", "claim": "A claim.", "routes": ROUTES} | options
    with pytest.raises(ValueError, match=message):
        check(left=sides[0], right=sides[1], **arguments)


def test_one_object_on_both_sides_is_refused():
    values = np.linspace(0, 1, 5)
    for left, right in [(values, values), (values, values[:]), (0.5, 0.5)]:
        with pytest.raises(ValueError, match="are the same object"):
            check("18", "A claim.", left, right, 0, routes=ROUTES)
    # Neighbours in one array, and the one object that stands for a small integer.
    assert holds(values[:-1], values[1:], relation="<")
    assert holds(2, 1 + 1, 0)


@pytest.mark.parametrize(("left", "passed"), [(3, True), (4, False), (math.nan, False)])
def test_a_notebook_keeps_the_record_even_of_a_broken_check(monkeypatch, left, passed):
    shown = []
    monkeypatch.setattr(IPython, "get_ipython", lambda: object())
    monkeypatch.setattr(IPython.display, "publish_display_data", shown.append)
    assert holds(left, 3, 0, relation="<=") is passed
    [bundle] = shown
    record = bundle.pop("application/vnd.edition.check+json")
    assert bundle["text/plain"][0] == "✓✗"[not passed]
    assert record["passed"] is passed
    assert record["residual"] == {3: 0.0, 4: 0.25}.get(left, "nan")
    assert record["relation"] == "<="
    assert record["routes"] == list(ROUTES)


def test_a_claim_out_of_reach_is_said_and_recorded(monkeypatch, capsys):
    not_applicable("52", "The ratio tends to 2.", "which needs more than one spin.")
    line = "– (52) The ratio tends to 2: not applicable here, which needs more than one spin\n"
    assert capsys.readouterr().out == line
    shown = []
    monkeypatch.setattr(IPython, "get_ipython", lambda: object())
    monkeypatch.setattr(IPython.display, "publish_display_data", shown.append)
    not_applicable("52", "The ratio tends to 2.", "which needs more than one spin.")
    record = shown[0]["application/vnd.edition.check+json"]
    assert record == {
        "equation": "52",
        "claim": "The ratio tends to 2.",
        "because": "which needs more than one spin.",
        "passed": None,
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("(52)", "A claim.", "n = 1"), "without parentheses"),
        (("52", " ", "n = 1"), "`claim` must be text"),
        (("52", "A claim.", ""), "`because` must be text"),
    ],
)
def test_a_claim_out_of_reach_needs_its_reason(arguments, message):
    with pytest.raises(ValueError, match=message):
        not_applicable(*arguments)
