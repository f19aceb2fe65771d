"""Parameters are read from the source of a cell and checked by type."""

import math

import pytest

from edition.parameters import Parameter, fits, parse, read, require
from edition.project import BuildError


def test_a_cell_is_read_without_running_it(make_notebook):
    source = (
        "n: int = 100  # number of spins, 1, 2, …\n"
        's_values: list[str] = ["1/2", "9/2"]  # spin sizes\n'
        "beta_0: float = float('-inf')  # initial inverse temperature [1/ħω]\n"
        "beta_B: float = -5  # bath, with a # in its comment\n"
        "many: list[int] = [2, 6]  # ensembles\n"
        "wide: bool = True"
    )
    assert read(make_notebook(parameters=source)) == [
        Parameter("n", "int", 100, "number of spins, 1, 2, …"),
        Parameter("s_values", "list[str]", ["1/2", "9/2"], "spin sizes"),
        Parameter("beta_0", "float", -math.inf, "initial inverse temperature [1/ħω]"),
        Parameter("beta_B", "float", -5, "bath, with a # in its comment"),
        Parameter("many", "list[int]", [2, 6], "ensembles"),
        Parameter("wide", "bool", True, ""),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "n = 100",
        "n: int",
        "n: int = 2.0",
        "n: int = True",
        "n: bool = 1",
        "n: float = '1'",
        "n: list[int] = [1, 2.5]",
        "n: list[int] = (1, 2)",
        "n: dict = {}",
        "n: complex = 1j",
        "n: float = float('nan')",
        "n: int = 1 + 1 if True else 2",
        "n: int = open('/etc/passwd')",
        "ensemble.n: int = 3",
        "import numpy",
        "print(1)",
        "n: int =",
        "n: int = (\n    2  # number of spins\n)",
    ],
)
def test_a_line_that_declares_no_parameter_is_refused(line):
    with pytest.raises(BuildError, match=r"must read `name: type = literal|is not Python"):
        parse(line)


def test_a_parameter_is_declared_once():
    with pytest.raises(BuildError, match="declared twice among n, n"):
        parse("n: int = 1\nn: int = 2")


def test_two_parameters_cells_are_refused(make_notebook):
    notebook = make_notebook("m: int = 1", tags={"code0000": ["parameters"]})
    with pytest.raises(BuildError, match="Two cells are tagged"):
        read(notebook)


def test_a_second_statement_is_no_comment():
    [first, second] = parse("n: int = 1; m: int = 2  # the second")
    assert (first.comment, second.comment) == ("", "the second")


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (1, "int", True),
        (1.0, "int", False),
        (True, "int", False),
        (1, "float", True),
        (math.inf, "float", True),
        (math.nan, "float", False),
        (True, "bool", True),
        (1, "bool", False),
        ("1", "str", True),
        ([1, 2], "list[int]", True),
        ([1, 2], "list[float]", True),
        ([1, "2"], "list[float]", False),
        ("[1, 2]", "list[int]", False),
        (["1/2"], "list[str]", True),
        ("1/2", "list[str]", False),
        (None, "str", False),
    ],
)
def test_a_value_fits_its_type(value, kind, expected):
    assert fits(value, kind) is expected


def test_values_are_checked_against_the_cell():
    declared = parse("n: int = 2  # spins\nbeta_B: float = 1.0  # bath")
    require(declared, {"n": 3, "beta_B": -1})
    require(declared, {})
    with pytest.raises(BuildError, match=r"no parameter `N`.*; there are: n, beta_B"):
        require(declared, {"N": 3})
    with pytest.raises(BuildError, match=r"`n` must be of type int, but was 3\.0"):
        require(declared, {"n": 3.0})
    with pytest.raises(BuildError, match="no parameter `n`; there are: none"):
        require([], {"n": 3})
