"""Survivors need reasons, and reasons survivors."""

import pytest

from .__main__ import caches_last
from .report import Survivor, explanations, report, survivor

DIFFERENCE = """# spinbath._ladder.x__close__mutmut_3: survived
--- src/spinbath/_ladder.py
+++ src/spinbath/_ladder.py
@@ -1,3 +1,3 @@
 def _close(a, b, N):
-    return np.abs(b - a) <= (
-        2 / N)
+    return np.abs(b - a) < (
+        2 / N)
"""
CLOSE = Survivor(
    "_ladder._close", "return np.abs(b - a) <= ( 2 / N)", "return np.abs(b - a) < ( 2 / N)"
)
OTHER = Survivor("otto.work", "a + b", "a - b")
STATUS = {f"m{i}": "killed" for i in range(98)} | {"endless": "timeout", "alive": "survived"}


def test_a_survivor_is_named_by_its_function_and_change():
    assert survivor("spinbath._ladder.x__close__mutmut_3", DIFFERENCE) == CLOSE


def test_survivors_with_a_reason_will_do():
    text, passed = report(STATUS, [CLOSE], {CLOSE: "Both branches agree there."})
    assert passed
    assert text == (
        "Both branches agree there.\n"
        "  _ladder._close\n"
        "    - return np.abs(b - a) <= ( 2 / N)\n"
        "    + return np.abs(b - a) < ( 2 / N)\n\n"
        "100 of 100 mutants tried: 98 killed, 1 timeout, 1 survived. 99.0% died."
    )


@pytest.mark.parametrize(
    ("survivors", "reasons", "told"),
    [
        ([CLOSE], {}, "NOT EXPLAINED"),
        ([], {OTHER: "Never seen."}, "NO SURVIVOR"),
        ([CLOSE], {CLOSE: "Good.", OTHER: "Never seen."}, "NO SURVIVOR"),
    ],
)
def test_reasons_and_survivors_must_fit(survivors, reasons, told):
    text, passed = report(STATUS, survivors, reasons)
    assert not passed
    assert told in text


@pytest.mark.parametrize(("dead", "enough"), [(95, True), (94, False)])
def test_enough_mutants_must_die_whatever_the_reasons(dead, enough):
    status = {i: "killed" if i < dead else "survived" for i in range(100)}
    _, passed = report(status, [CLOSE], {CLOSE: "Good."})
    assert passed == enough


def test_what_was_not_tried_is_not_judged_but_does_not_pass():
    text, passed = report(STATUS | {"rest": None}, [CLOSE], {CLOSE: "Good.", OTHER: "Later."})
    assert not passed
    assert "NO SURVIVOR" not in text
    assert "100 of 101 mutants tried" in text


@pytest.mark.parametrize("became", ["suspicious", "segfault", "no tests", "skipped"])
def test_only_a_failing_test_kills(became):
    status = dict.fromkeys(range(100), became)
    assert not report(status, [CLOSE], {CLOSE: "Good."})[1]


def test_a_survivor_has_one_reason(tmp_path):
    path = tmp_path / "survivors.toml"
    change = '["_ladder._close", "a", "b"]'
    entry = '[[reason]]\nbecause = "Good."\nchanges = [{}]\n'
    path.write_text(entry.format(change))
    assert explanations(path) == {Survivor("_ladder._close", "a", "b"): "Good."}
    path.write_text(entry.format(f"{change}, {change}"))
    with pytest.raises(ValueError, match="explains twice"):
        explanations(path)


def test_a_cached_function_can_be_mutated_and_stays_cached():
    """mutmut passes decorated functions by."""
    source = "from functools import lru_cache\n\n@lru_cache(maxsize=4)\ndef f(x):\n    return [x]\n"
    module = {}
    exec(caches_last(source), module)
    assert "@" not in caches_last(source)
    assert module["f"](1) is module["f"](1)
    assert module["f"].cache_info().maxsize == 4
