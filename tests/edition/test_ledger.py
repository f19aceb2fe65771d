"""The ledger joins what the book says of the paper with what its notebooks found."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from edition import ledger, ledger_pages, rows
from edition.ledger import Ledger
from edition.project import GENERATED, BuildError
from edition.verify import CHECK

SCHEMA = Path(ledger.__file__).with_name("ledger.schema.json")

EQUATIONS = [
    {"number": "18", "section": "Section V", "kind": "result", "what": "Energy", "tex": "E = 1"},
    {
        "number": "A3",
        "section": "Appendix A",
        "kind": "definition",
        "what": "Populations",
        "tex": "p = 2",
        "reason": "It fixes a name.",
    },
]
SHOWN = [{"notebook": "05_energy", "claim": "The energy is one."}]
TABLES = {
    "equations": EQUATIONS,
    "claims": [
        {
            "id": "C1",
            "place": "Abstract",
            "claim": "Up to n.",
            "verdict": "holds",
            "comment": "It does.",
            "shown_by": SHOWN,
        }
    ],
    "errata": [
        {
            "id": "E1",
            "title": "A slip",
            "place": "Eq. (A3)",
            "equations": ["A3"],
            "kind": "misprint",
            "printed": "$p = 3$",
            "correct": "$p = 2$",
            "effect": "None.",
            "shown_by": SHOWN,
        }
    ],
    "results": [
        {
            "id": "R1",
            "title": "A bound",
            "statement": "At least 1/n.",
            "equations": ["18"],
            "shown_by": SHOWN,
        }
    ],
    "routes": {"closed form": ["closed"], "defining sum": [r"\bsum over"]},
}


def output(equation, claim, **changes):
    record = {
        "equation": equation,
        "claim": claim,
        "relation": "==",
        "routes": ["closed form", "sum over m"],
        "residual": 1e-15,
        "tolerance": 1e-12,
        "passed": True,
    }
    return {"output_type": "display_data", "data": {CHECK: record | changes}, "metadata": {}}


def notebook(*outputs):
    texts = "# V\n\n$$\nE = 1\n$$ (18)\n\n$$\nq\n$$\n\nThen\n\n$$\np\n  = 2\n$$ (A3)\n"
    return {
        "cells": [
            {"cell_type": "markdown", "id": "aaaaaaaa", "metadata": {}, "source": texts},
            {
                "cell_type": "code",
                "id": "pppppppp",
                "metadata": {"tags": ["parameters"]},
                "source": "n: int = 4  # number of spins",
                "outputs": [],
            },
            {
                "cell_type": "code",
                "id": "bbbbbbbb",
                "metadata": {},
                "source": "check()",
                "outputs": [{"output_type": "stream", "text": "x"}, *outputs],
            },
        ],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Return what writes a book of two equations and one notebook, and joins them."""
    monkeypatch.setattr(ledger, "EQUATIONS", frozenset({"18", "A3"}))

    def joined(*outputs, **tables):
        for name, content in (TABLES | tables).items():
            (tmp_path / f"{name}.yml").write_text(yaml.safe_dump(content), "utf-8")
        path = tmp_path / "05_energy.ipynb"
        found = outputs or (output("18", "The energy is one."),)
        path.write_text(json.dumps(notebook(*found)), "utf-8")
        return Ledger(rows.read(tmp_path), [path])

    return joined


def changed(table, **changes):
    """Return a table whose first row is changed; None takes a key away."""
    first = {k: v for k, v in (TABLES[table][0] | changes).items() if v is not None}
    return {table: [first, *TABLES[table][1:]]}


def test_a_complete_ledger_has_no_gaps(write):
    assert write().problems() == []


def test_a_row_tells_the_verdict_and_the_kinds_of_route(write):
    energy, populations = write().rows
    assert (energy.verdict, energy.kinds) == ("confirmed", ["closed form", "defining sum"])
    assert (populations.verdict, populations.kinds) == ("corrected", [])


@pytest.mark.parametrize(
    ("kind", "verdict"), [("wrong", "corrected"), ("condition missing", "sharpened")]
)
def test_an_erratum_decides_the_verdict(write, kind, verdict):
    found = write(**changed("errata", kind=kind, equations=["18"]))
    assert [row.verdict for row in found.rows] == [verdict, "definition"]


def test_a_check_is_found_where_it_stands_on_the_page(write):
    [_, second] = write(output("18", "First."), output("18", "The energy is one")).checks
    assert second.link == "05_energy.html#check-bbbbbbbb-2"


def test_a_claim_that_does_not_apply_proves_nothing(write):
    found = write(output("18", "The energy is one.", passed=None))
    assert found.checks == []
    assert any("no check" in problem for problem in found.problems())


@pytest.mark.parametrize(
    ("tables", "problem"),
    [
        ({"equations": EQUATIONS[:1]}, "equations.yml: (A3) has no row"),
        (changed("equations", number="B9"), "(B9) is no equation of the paper"),
        (changed("equations", tex="E = 2"), "the formula of (18) is not the notebook's"),
        ({"routes": {"closed form": ["closed"]}}, "knows no kind for “sum over m”"),
        (
            {"routes": {"closed form": ["closed", "sum"]}},
            "(18), a result, needs 2 kinds of route, but has: closed form",
        ),
        (changed("errata", equations=["Z1"]), "E1 names (Z1), which is no equation"),
        (
            changed("errata", shown_by=[{"notebook": "05_energy", "claim": "It is two."}]),
            "E1: no check of 05_energy says “It is two.”",
        ),
        (changed("claims", shown_by=[]), "C1 names no check that shows it"),
        (
            {"equations": [EQUATIONS[0], {**EQUATIONS[1], "reason": ""}]},
            "(A3) has no check, and equations.yml gives no reason",
        ),
    ],
)
def test_a_gap_is_told(write, tables, problem):
    assert any(problem in found for found in write(**tables).problems())


@pytest.mark.parametrize("place", ["56", "a3", "Sec. 5", "Fig. 11", "Fig.1", "Appendix K"])
def test_a_check_of_what_the_paper_lacks_is_told(write, place):
    found = write(output("18", "The energy is one."), output(place, "More."))
    assert found.problems() == [f"05_energy: a check names {place}, which the paper lacks"]


@pytest.mark.parametrize("place", ["A3", "Sec. V B", "Fig. 10", "App. K", "Abstract"])
def test_places_of_the_paper_are_known(write, place):
    assert write(output("18", "The energy is one."), output(place, "More.")).problems() == []


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        (changed("equations", kind="theorem"), "equations.yml, 18: kind must be one of"),
        (changed("equations", what=None), "equations.yml, 18: a row must have"),
        (changed("claims", verdict="maybe"), "claims.yml, C1: verdict must be one of"),
        (changed("errata", shown_by=["x"]), "errata.yml, E1: shown_by is not as it should be"),
        (changed("errata", equations="A3"), "errata.yml, E1: equations is not as"),
        ({"equations": [EQUATIONS[0]] * 2}, "equations.yml: 18 stands twice"),
        ({"results": {}}, "results.yml must be a list"),
        ({"routes": []}, "routes.yml must map"),
        ({"routes": {"sum": [{"a": "b"}]}}, "routes.yml must map"),
        ({"routes": {"sum": ["("]}}, "routes.yml: not a regular expression"),
    ],
)
def test_a_table_that_is_not_as_it_should_be_is_refused(write, tables, message):
    with pytest.raises(BuildError) as caught:
        write(**tables)
    assert message in str(caught.value)


def test_a_missing_table_is_named(tmp_path):
    with pytest.raises(BuildError, match=r"There is no equations\.yml"):
        rows.read(tmp_path)


def test_the_data_follow_their_schema(write, tmp_path):
    found = write(output("18", "The energy is one.", residual="inf"))
    ledger.write(ledger.serialise(found), tmp_path / "ledger.json")
    data = json.loads((tmp_path / "ledger.json").read_text("utf-8"))
    jsonschema.validate(data, json.loads(SCHEMA.read_text("utf-8")))
    assert data["parameters"] == {"05_energy": {"n": 4}}
    assert data["errata"][0]["shown_by"] == ["05_energy.html#check-bbbbbbbb-1"]
    assert data["checks"][0]["residual"] == "inf"


def test_the_summary_counts(write):
    assert write().summary() == [
        "2 equations: confirmed 1, corrected 1",
        "1 claims: holds 1",
        "1 errata, 1 new results, 1 checks in 1 notebooks",
    ]


def test_a_line_for_each_equation_is_told(write):
    assert write().table() == [
        "(18)   confirmed    1  closed form, defining sum",
        "(A3)   corrected    0",
    ]


def test_gaps_stop_a_build(write, tmp_path):
    write(**changed("equations", tex="E = 2"))
    with pytest.raises(BuildError, match=r"The ledger has 1 gaps:\n  equations.yml: the formula"):
        ledger.complete(tmp_path, [tmp_path / "05_energy.ipynb"])


def test_a_bound_is_no_route(write):
    found = write(routes={"bound": ["closed"], "defining sum": ["sum over"]})
    assert found.rows[0].kinds == ["defining sum"]
    assert any("needs 2 kinds of route" in problem for problem in found.problems())


def test_the_pages_link_to_every_check_and_equation(write):
    pages = ledger_pages.pages(write())
    assert list(pages) == [f"{name}.md" for name in GENERATED]
    for text in pages.values():
        assert "05_energy.html#check-bbbbbbbb-1" in text
    assert "{eq}`18`" in pages["book/ledger.md"]
    assert '1e-15 <span class="measure">(≤ 1e-12)</span>' in pages["book/ledger.md"]
    assert "**In print:** $p = 3$" in pages["book/errata.md"]
    assert "### R1. A bound" in pages["book/claims.md"]


def test_a_mark_stands_behind_each_equation(write):
    marks = {row.equation.number: row for row in write().rows}
    text = ledger_pages.mark("$$\nE = 1\n$$ (18)\n\nand $$x$$\n\n$$\np\n$$ (A3)\n", marks)
    assert text.index("(18)") < text.index("✓ confirmed by 1 check") < text.index("and $$x$$")
    assert text.rstrip().endswith('<a href="ledger.html#row-A3">✗ corrected</a></p>')
    assert ledger_pages.mark("no equation", marks) == "no equation"
