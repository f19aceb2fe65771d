"""Values are read by the type that a parameter declares, never guessed."""

import math

import pytest

from edition.parameters import parse
from edition.project import UsageError
from edition.values import assignments, load, mapping, read, value_of

DECLARED = parse(
    "n: int = 100  # number of spins, >= 2\n"
    's: str = "1/2"  # size of each spin, half-integer >= 1/2\n'
    "beta_0: float = float('inf')  # start, 1/ħω, any sign, may be infinite\n"
    "beta_c: float = 2.0  # cold bath, 1/ħω, > 0\n"
    "beta_h: float = 1.0  # hot bath, 1/ħω, > 0, < beta_c\n"
    "n_values: list[int] = [2, 6]  # numbers of spins, >= 1\n"
    's_values: list[str] = ["1/2"]  # sizes, half-integer >= 1/2\n'
    "wide: bool = False  # whether the figure is wide, true or false"
)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("int", "50", 50),
        ("int", " -3 ", -3),
        ("float", "50", 50.0),
        ("float", ".5", 0.5),
        ("float", "1e-3", 0.001),
        ("float", "1/3", 1 / 3),
        ("float", "inf", math.inf),
        ("float", "-Infinity", -math.inf),
        ("float", "-.inf", -math.inf),
        ("str", "3/2", "3/2"),
        ("str", "'3/2'", "3/2"),
        ("str", "1", "1"),
        ("bool", "True", True),
        ("bool", "false", False),
        ("list[int]", "[2, 50]", [2, 50]),
        ("list[int]", "2,50", [2, 50]),
        ("list[int]", "7", [7]),
        ("list[int]", "[]", []),
        ("list[float]", "[1, -inf]", [1.0, -math.inf]),
        ("list[str]", '["1/2", 1]', ["1/2", "1"]),
        ("list[int]", ["2", "50"], [2, 50]),
    ],
)
def test_a_text_is_read_by_its_type(kind, text, value):
    found = value_of("it", kind, text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("int", "2.0"),
        ("int", "1e3"),
        ("int", "two"),
        ("int", "[2]"),
        ("int", ["2"]),
        ("int", {"a": "1"}),
        ("float", "nan"),
        ("float", "1/0"),
        ("float", "1e999"),
        ("float", "0x10"),
        ("bool", "1"),
        ("list[int]", "[2, 50"),
        ("list[int]", "[2,, 3]"),
        ("list[int]", [["2"]]),
        ("list[float]", "[1 2]"),
        ("str", ["1"]),
    ],
)
def test_a_text_of_another_type_is_refused(kind, text):
    with pytest.raises(UsageError, match=f"`it` must be of type {kind.replace('[', '.')}"):
        value_of("it", kind, text)


def test_assignments_may_stand_in_one_text():
    texts = ["n_values=[2, 50] s=3/2", "beta_0=-inf", " wide = "]
    assert assignments(texts[:2]) == {"n_values": "[2, 50]", "s": "3/2", "beta_0": "-inf"}
    for wrong in (["n"], ["=3"], ["n=1 2=3"], ["5=3"], texts[2:]):
        with pytest.raises(UsageError, match="must be given as name=value"):
            assignments([*wrong, "3x"])
    with pytest.raises(UsageError, match="`n` is given twice"):
        assignments(["n=1", "n=2"])


def test_only_what_differs_from_the_defaults_is_kept_in_the_notebooks_order():
    found = read(DECLARED, {"n_values": ["2", "6"], "s": "1/2", "wide": "true", "n": "3"})
    assert list(found.items()) == [("n", 3), ("wide", True)]


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ({"n_value": "[2]"}, r"no parameter `n_value` \(did you mean `n_values`\?\)"),
        ({"zzz": "2"}, r"no parameter `zzz`; there are: n, s, beta_0"),
        ({"n": "1"}, "`n` must be >= 2, but was 1"),
        ({"n": "2.5"}, r"`n` must be of type int, but was 2\.5"),
        ({"s": "1/3"}, "`s` must be half-integer >= 1/2, but was 1/3"),
        ({"s": "abc"}, "`s` must be half-integer >= 1/2, but was abc"),
        ({"s_values": "1/2, 0"}, "`s_values` must be half-integer >= 1/2, but one item was 0"),
        ({"beta_c": "inf"}, "`beta_c` must be finite, but was inf"),
        ({"beta_c": "0.5"}, r"`beta_h` must be < beta_c, but was 1\.0"),
        ({"n_values": "[]"}, "`n_values` must have at least 1 item"),
    ],
)
def test_each_refusal_is_one_clear_line(written, complaint):
    with pytest.raises(UsageError, match=complaint) as caught:
        read(DECLARED, written)
    assert len(str(caught.value).splitlines()) == 1


def test_a_file_is_read_as_texts(tmp_path):
    file = tmp_path / "params.yml"
    file.write_text("n: 3\ns: 1\nbeta_0: .inf\nn_values: [2, 50]\n")
    assert load(file) == {"n": "3", "s": "1", "beta_0": ".inf", "n_values": ["2", "50"]}
    found = read(DECLARED, mapping(load(file), file))
    assert found == {"n": 3, "s": "1", "n_values": [2, 50]}
    assert type(found["s"]) is str


@pytest.mark.parametrize(
    ("content", "complaint"),
    [("n: [2", "is not YAML"), ("- 3", "must hold names and values"), (None, "cannot be read")],
)
def test_a_file_that_is_none_is_refused(tmp_path, content, complaint):
    file = tmp_path / "params.yml"
    if content:
        file.write_text(content)
    with pytest.raises(UsageError, match=complaint):
        mapping(load(file), file)
