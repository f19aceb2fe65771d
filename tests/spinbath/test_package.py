"""The package as a whole: what it loads, what it documents, and that its examples are true."""

import doctest
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import spinbath

MODULES = sorted(m.name for m in pkgutil.walk_packages(spinbath.__path__, "spinbath."))
PUBLIC = [m for m in MODULES if not m.split(".")[-1].startswith("_")]
FUNCTIONS = [
    (module, name)
    for module in PUBLIC
    for name in importlib.import_module(module).__all__
    if inspect.isfunction(getattr(importlib.import_module(module), name))
]


def run(code):
    """Run code in a fresh interpreter that finds the package where this one did."""
    home = Path(spinbath.__file__).parents[1]
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(home)!r})\n{code}"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_import_loads_numpy_and_little_else():
    """A reader who wants one number does not wait for scipy or matplotlib."""
    loaded = set(run("import spinbath\nprint(*sys.modules)").split())
    assert "numpy" in loaded
    assert "spinbath.otto" in loaded
    heavy = {"scipy", "sympy", "mpmath", "matplotlib", "pandas", "IPython", "edition"}
    assert not heavy & {module.split(".")[0] for module in loaded}
    assert not {"spinbath.reference", "spinbath.symbolic"} & loaded


def test_public_modules():
    """The names that notebooks and users rely on."""
    expected = [
        "collective",
        "independent",
        "multiplet",
        "otto",
        "reference",
        "spectrum",
        "symbolic",
    ]
    assert {f"spinbath.{name}" for name in expected} <= set(PUBLIC)
    for name in spinbath.__all__:
        assert inspect.ismodule(getattr(spinbath, name))


def test_both_processes_share_one_interface():
    """Every function of `independent` has a namesake in `collective` with the same arguments."""
    for name in spinbath.independent.__all__:
        alone, together = (
            inspect.signature(getattr(p, name)) for p in (spinbath.independent, spinbath.collective)
        )
        assert alone == together


@pytest.mark.parametrize("module", MODULES)
def test_examples_in_docstrings(module):
    """Every doctest gives what it shows."""
    failed, _ = doctest.testmod(importlib.import_module(module))
    assert failed == 0


@pytest.mark.parametrize("module", MODULES)
def test_modules_are_documented_and_short(module):
    """Each module says what it is and stays below 400 lines."""
    imported = importlib.import_module(module)
    assert len(imported.__doc__.splitlines()[0]) > 20
    assert len(Path(imported.__file__).read_text(encoding="utf-8").splitlines()) < 400


@pytest.mark.parametrize(("module", "name"), FUNCTIONS)
def test_public_functions_are_documented(module, name):
    """Summary, Parameters (each of them), Returns, Raises and an example."""
    function = getattr(importlib.import_module(module), name)
    text = inspect.getdoc(function)
    assert text.splitlines()[0].endswith(".")
    sections = dict(re.findall(r"\n(\w+)\n-{3,}\n(.*?)(?=\n\w+\n-{3,}\n|\Z)", text, re.DOTALL))
    assert {"Parameters", "Returns", "Raises", "Examples"} <= set(sections)
    heads = re.findall(r"^(\S.*?)(?: :.*)?$", sections["Parameters"], re.MULTILINE)
    documented = {x.lstrip("*") for head in heads for x in head.split(", ")}
    assert documented == set(inspect.signature(function).parameters)
    assert "ValueError" in sections["Raises"]
    assert ">>> " in sections["Examples"]
    assert f"{name}(" in sections["Examples"]
