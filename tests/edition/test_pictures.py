"""Which checks stand below a figure, and which picture is which."""

import pytest

from edition import pictures
from edition.project import BuildError
from edition.verify import CHECK


def text(source):
    return {"cell_type": "markdown", "id": "text", "metadata": {}, "source": source}


def code(name, *outputs):
    return {
        "cell_type": "code",
        "id": name,
        "metadata": {},
        "source": "draw()",
        "execution_count": 1,
        "outputs": list(outputs),
    }


def figure(name):
    note = {"figure": name, "caption": "A.", "alt": "B."}
    return {"output_type": "display_data", "data": {}, "metadata": {"edition": note}}


def check(claim, equation="18", passed=True):
    record = {
        "equation": equation,
        "claim": claim,
        "relation": "==",
        "routes": ["a", "b"],
        "residual": 0.0,
        "tolerance": 0.0,
        "passed": passed,
    }
    return {"output_type": "display_data", "data": {CHECK: record}, "metadata": {}}


def found(*cells, **more):
    """The figures with the claims about them, those near them, and where these are."""
    notebooks = {"05": {"cells": list(cells)}} | {k: {"cells": v} for k, v in more.items()}
    return {
        name: ([c.claim for c in known.about], [c.claim for c in known.near], known.where)
        for name, known in pictures.evidence(notebooks).items()
    }


def test_checks_under_the_heading_of_a_figure_are_near_it():
    assert found(
        text("# T"),
        code("a", check("above")),
        text("## One\n\nSome text."),
        code("b", check("before")),
        text("More text."),
        code("c", figure("fig05"), check("behind")),
        text("### Part of one"),
        code("d", check("in a part")),
        text("## Two"),
        code("e", check("elsewhere")),
    ) == {"fig05": ([], ["before", "behind", "in a part"], "section")}


def test_without_any_the_next_heading_above_counts():
    cells = [
        text("# T"),
        code("a", check("in the notebook")),
        text("## One"),
        code("b", check("in the section")),
        text("### Part"),
        code("c", figure("of-ours")),
        text("### Another part"),
        code("d", check("in another part")),
    ]
    assert found(*cells) == {"of-ours": ([], ["in the section", "in another part"], "section")}
    del cells[6:], cells[3]
    assert found(*cells) == {"of-ours": ([], ["in the notebook"], "notebook")}


def test_a_heading_in_code_is_none():
    assert found(
        text("# T\n\n## One"),
        code("a", check("same section")),
        text("```\n# a comment\n```\n"),
        code("b", figure("of-ours")),
    ) == {"of-ours": ([], ["same section"], "section")}


def test_checks_that_name_the_figure_come_first_wherever_they_are():
    assert found(
        text("# T"),
        code("a", check("near"), check("here", "Fig. 5"), figure("fig05"), figure("fig06")),
        other=[code("b", check("there", "Fig. 5"), check("of another", "Fig. 15"))],
    ) == {
        "fig05": (["here", "there"], ["near"], "notebook"),
        "fig06": ([], ["near", "here"], "notebook"),
    }


def test_what_does_not_apply_is_no_check():
    cells = [text("# T"), code("a", figure("of-ours"), check("out of reach", passed=None))]
    assert found(*cells) == {"of-ours": ([], [], "notebook")}
    known = pictures.evidence({"05": {"cells": cells}})["of-ours"]
    line = pictures._line("of-ours", known, "..")
    assert "no check rests on it" in line
    assert "<details" not in line


def test_words_of_a_claim_are_no_html():
    known = pictures.evidence(
        {"05": {"cells": [code("a", figure("fig01"), check("0 < x & so on"))]}}
    )["fig01"]
    line = pictures._line("fig01", known, "..")
    assert '<a href="../book/05.html#check-a-1">0 &lt; x &amp; so on</a>' in line
    assert "1 check<span" in line


def test_two_figures_that_are_one_picture_are_refused(tmp_path):
    (tmp_path / "one.svg").write_text("<svg/>")
    (tmp_path / "two.svg").write_text("<svg/>\n")
    with pytest.raises(BuildError, match="The figures one and two are the same picture"):
        pictures._pictures(tmp_path)
