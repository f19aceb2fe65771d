"""What a parameter's comment says is read by machine: meaning, unit, range."""

import math

import pytest

from edition.ranges import broken, describe, read_rule


@pytest.mark.parametrize(
    ("comment", "meaning", "unit", "rules"),
    [
        ("number of spins, >= 2", "number of spins", "", ">= 2"),
        ("spins, panels (a), (b), > 0", "spins, panels (a), (b)", "", "> 0"),
        ("λ, spacing, cold over hot, 1, in (0, 1]", "λ, spacing, cold over hot", "1", "in (0, 1]"),
        (
            "initial inverse temperature, 1/ħω, any sign, may be infinite",
            "initial inverse temperature",
            "1/ħω",
            "any sign, may be infinite",
        ),
        ("size, half-integer 1/2 .. 3, ascending", "size", "", "half-integer 1/2 .. 3, ascending"),
        ('kind, "cold" or "hot"', "kind", "", '"cold" or "hot"'),
        ("rates, γ, > 0, at least 2 items", "rates", "γ", "> 0, at least 2 items"),
        ("spins, 2 or more", "spins, 2 or more", "", ""),
        ("", "", "", ""),
    ],
)
def test_a_comment_is_meaning_unit_and_range(comment, meaning, unit, rules):
    found = describe(comment)
    assert (found.meaning, found.unit, found.range) == (meaning, unit, rules)


@pytest.mark.parametrize(
    ("rules", "good", "bad"),
    [
        (">= 2", [2, 3.0], [1, -math.inf]),
        ("> 0", [1e-300], [0, -1]),
        ("<= 0.3", [0.3, -5], [0.30000000000000004]),
        (">= 3/10", [0.3], [0.29]),
        ("< 0", [-0.1], [0.0]),
        ("1 .. 8", [1, 8.0], [0, 9]),
        ("-3 .. 1/3", [-3, 0.3], [0.34]),
        ("in (0, 1]", [0.5, 1], [0, 1.1]),
        ("in [0, 1)", [0], [1, -0.1]),
        ("half-integer", ["1/2", "-3", 2, 1.5], ["1/3", "0.3", "two", "", "1/0"]),
        ("half-integer >= 1/2", ["1/2", "7/2"], ["0", "1/4"]),
        ("half-integer 1 .. 3", ["1", "3/2"], ["1/2", "7/2"]),
        ("half-integer in (0, 2]", ["1/2", "2"], ["0", "5/2"]),
        ("not 0", [1, -1.0], [0, -0.0]),
        ("even", [4, 0], [3]),
        ("any sign", [-1, 0, 1.5], [math.inf, -math.inf]),
        ("any sign, may be infinite", [math.inf, 0], []),
        ("> 0, may be infinite", [math.inf, 1], [-math.inf, 0]),
        ('"cold" or "hot"', ["cold", "hot"], ["warm"]),
        ("any text", ["", "x"], []),
        ("true or false", [True, False], []),
        (">= 2, at least 2 items", [[2, 3]], [[2], [1, 2], []]),
        ("> 0, at most 2 items", [[2], [2, 3]], [[1, 2, 3], []]),
        ("> 0, 2 items", [[2, 3]], [[2], [1, 2, 3]]),
        ("half-integer, ascending", [["1/2", "1", "9/2"]], [["1", "1/2"], ["1", "1"]]),
        ("> 0, distinct", [[2, 1]], [[1, 1]]),
        ("> 0, as many as others", [[1, 2, 3]], [[1, 2]]),
        ("> other", [2.5], [2, 1]),
        ("> 2*other - 1/2", [3.6], [3.5]),
        (">= abs(-other)", [2], [1]),
        (">= max(others)", [3], [2]),
        ("> -other**2 + 1", [-2], [-3]),
        ("with (2*s + 1)**x <= 27", [3], [4, 10**9]),
        ("with 0 < x <= other", [2], [0, 3]),
        ("with 1/x > 0", [1], [0, -1]),
    ],
)
def test_a_range_tells_good_from_bad(rules, good, bad):
    found = describe(f"something, {rules}").rules
    assert ", ".join(rule.text for rule in found) == rules
    scope = {"other": 2, "others": [1, 2, 3], "s": "1"}
    for value in good:
        assert broken(found, "x", scope | {"x": value}) == "", value
    for value in bad:
        assert broken(found, "x", scope | {"x": value}).startswith("must "), value


def test_what_is_broken_is_said_with_the_value():
    def said(comment, value):
        return broken(describe(f"it, {comment}").rules, "x", {"x": value})

    assert said(">= 2", 1) == "must be >= 2, but was 1"
    assert said(">= 2", [4, 1]) == "must be >= 2, but one item was 1"
    assert said("any sign", math.inf) == "must be finite, but was inf"
    assert said("> 0, 2 items", [1]) == "must have 2 items, but was [1]"
    assert said("> 0, ascending", [2, 1]) == "must be ascending, but was [2, 1]"
    assert said("with x**2 <= 4", 3) == "must respect x**2 <= 4, but was 3"
    assert said("> 0", []) == "must have at least 1 item, but was []"


def test_without_a_range_everything_goes():
    assert broken((), "x", {"x": math.inf}) == ""


@pytest.mark.parametrize(
    "text",
    [
        "2 or more",
        "> ",
        ">= import os",
        "> __import__('os')",
        "> other.real",
        "> open('x')",
        "> 1 and < 2",
        "with x",
        "with x == 2",
        "in 0, 1",
        "from 1 to 2",
        "half-integers",
    ],
)
def test_what_is_no_rule_is_none(text):
    assert read_rule(text) is None


def test_a_name_that_is_no_parameter_is_not_passed_over():
    with pytest.raises(KeyError):
        broken(describe("it, > other").rules, "x", {"x": 1})
