"""Formulas in claims and captions read as they are written by hand."""

import pytest

from edition.letters import typeset


@pytest.mark.parametrize(
    ("plain", "typed"),
    [
        ("beta_0/beta_B", "β<sub>0</sub>/β<sub>B</sub>"),
        ("ħω|β_B|", "ħω|β<sub>B</sub>|"),
        ("exp(-2sβ_0)", "exp(-2sβ<sub>0</sub>)"),
        ("e_J(β)", "e<sub>J</sub>(β)"),
        ("β_c²", "β<sub>c</sub>²"),
        ("Var_ns", "Var<sub>ns</sub>"),
        ("Z_s^n", "Z<sub>s</sub><sup>n</sup>"),
        ("E^th/ns", "E<sup>th</sup>/ns"),
        ("(2J + 1)^2", "(2J + 1)<sup>2</sup>"),
        ("10^-6", "10<sup>-6</sup>"),
    ],
)
def test_indices_are_lowered_and_powers_raised(plain, typed):
    assert typeset(plain) == typed


@pytest.mark.parametrize(
    "name", ["n_values", "beta_min", "second_solver", "_n", "x_1_y", "local_beta"]
)
def test_names_of_the_code_stay(name):
    assert typeset(name) == name


def test_what_html_would_take_for_itself_is_shown():
    assert typeset("<J> & β_B < 0") == "&lt;J&gt; &amp; β<sub>B</sub> &lt; 0"
