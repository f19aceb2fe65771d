"""The rules of a notebook's source, each broken once, and what `--fix` puts right."""

import copy
import json
import re

import pytest

from edition import __main__
from edition import lint as rules
from edition.lint import lint, problems
from edition.parameters import read
from edition.source import load

CODE = "code0000"


@pytest.fixture
def good(make_notebook):
    return make_notebook('figure("fig05", fig, data, "A", "B")', "a = 1", figures=["fig05"])


@pytest.fixture
def told(tmp_path, write_notebook):
    """Return what is told of a notebook."""

    def told(notebook, name="05_energy"):
        return "\n".join(problems(write_notebook(tmp_path / f"{name}.ipynb", notebook)))

    return told


def cell(notebook, name):
    [found] = [cell for cell in notebook["cells"] if cell["id"] == name]
    return found


@pytest.mark.parametrize("name", ["01_introduction", "appendix_k_imperfections"])
def test_a_good_notebook_passes(told, good, name):
    assert told(good, name) == ""


@pytest.mark.parametrize(
    "name", ["energy", "5_energy", "05_Energy", "appendix_l_more", "05-energy"]
)
def test_names_have_a_number_or_a_letter(told, good, name):
    assert "its name must be NN_topic.ipynb" in told(good, name)


def broken(change):
    """Name a change for the test's id."""
    return pytest.param(change[0], change[1], id=change[1])


def edit(name, **changes):
    return lambda notebook: cell(notebook, name).update(changes)


def metadata(**changes):
    return lambda notebook: notebook["metadata"].update(changes)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        broken(change)
        for change in [
            (edit(CODE, execution_count=3), "has outputs or an execution count"),
            (
                edit(CODE, outputs=[{"output_type": "stream", "name": "stdout", "text": "a"}]),
                "has outputs or an execution count",
            ),
            (edit(CODE, source=["a\n"] * 26), "has 26 lines; more than 25 belong in lib/"),
            (edit(CODE, source="%matplotlib inline"), "is not plain Python"),
            (edit(CODE, source=""), "the cell code0000 is empty"),
            (edit(CODE, id="code"), "the cell id 'code' must have 8 characters"),
            (edit(CODE, id="CODE0000"), "the cell id 'CODE0000' must have 8 characters"),
            (edit(CODE, id="injected"), "the cell id 'injected' must have 8 characters"),
            (edit(CODE, id="code0001"), "the cell id 'code0001' is there 2 times"),
            (edit(CODE, source='check("18", "A.", f(x), f( x ), 0)'), "against itself"),
            (edit(CODE, source='figure("fig06", fig)'), "does not promise the figure 'fig06'"),
            (edit(CODE, source='check("18", "A.", 1, b)'), "does not promise the check '18'"),
            (
                edit("prose000", cell_type="code", outputs=[], execution_count=None, source="a"),
                "no prose says what to expect of it",
            ),
            (edit("title000", source="Text"), "must have one title `# …`, but has 0"),
            (edit("title000", source="Text\n\n# Title"), "must begin with its title"),
            (edit("prose000", source="# Another"), "must have one title `# …`, but has 2"),
            (edit("prose000", cell_type="raw"), "is neither prose nor code"),
            (edit("params00", metadata={}), 'one code cell tagged "parameters", but has 0'),
            (edit(CODE, metadata={"tags": ["parameters"]}), "but has 2"),
            (edit("params00", source="n = 3"), "must read `name: type = literal"),
            (edit("params00", source="n: int = 3"), "the parameter `n` needs a comment"),
            (edit("params00", source="# none"), "declares no parameter"),
            (
                metadata(kernelspec={"name": "python3", "display_name": "x"}),
                "the kernelspec python3",
            ),
            (metadata(language_info={"name": "python", "version": "3.11"}), "with the name only"),
            (metadata(papermill={}), "metadata of no use here: papermill"),
            (metadata(edition={"figures": []}), "must promise in its metadata"),
            (metadata(edition={"figures": ["a", "a"], "checks": []}), "each once"),
            (metadata(edition={"figures": [1], "checks": []}), "each once"),
            (lambda notebook: notebook.update(nbformat_minor=4), "no valid notebook"),
            (lambda notebook: cell(notebook, CODE).pop("id"), "no valid notebook"),
            (lambda notebook: notebook.update(nbformat=3), "is not a notebook of format 4"),
            (lambda notebook: notebook.pop("cells"), "is not a notebook"),
            (lambda notebook: cell(notebook, CODE).update(colour="red"), "no valid notebook"),
        ]
    ],
)
def test_a_broken_rule_is_told(told, good, change, message):
    change(good)
    assert message in told(good)


def test_a_heading_inside_a_code_block_is_no_title(told, good):
    cell(good, "prose000")["source"] = ["Do\n", "```\n", "# comment\n", "```\n", "twice."]
    assert told(good) == ""


def test_another_form_of_the_same_notebook_is_told(tmp_path, good):
    path = tmp_path / "05_energy.ipynb"
    path.write_text(json.dumps(good))
    assert problems(path) == ["is not in normal form: run `python -m edition lint --fix`"]


@pytest.fixture
def messy(tmp_path, good, write_book):
    """Return a book with a notebook as an editor leaves it."""
    project = write_book(tmp_path, {"05_energy": good})
    notebook = copy.deepcopy(good)
    del notebook["metadata"]["kernelspec"]
    notebook["metadata"]["language_info"]["version"] = "3.99"
    notebook["metadata"]["toc"] = {}
    notebook["nbformat_minor"] = 4
    for number, found in enumerate(notebook["cells"]):
        del found["id"]
        found["source"] = "".join(found["source"]) + "\n"
        found["metadata"]["collapsed"] = True
        if found["cell_type"] == "code":
            output = {"output_type": "stream", "name": "stdout", "text": ["β\n"]}
            found |= {"execution_count": number, "outputs": [output]}
    path = tmp_path / "book" / "05_energy.ipynb"
    path.write_text(json.dumps(notebook))
    return project, path


def test_fix_writes_the_normal_form(messy, good):
    project, path = messy
    assert lint(project) != []
    assert lint(project, fix=True) == []
    fixed = load(path)
    assert fixed["metadata"] == good["metadata"]
    assert read(fixed) == read(good)
    assert [c["source"] for c in fixed["cells"]] == [c["source"] for c in good["cells"]]
    once = path.read_bytes()
    assert lint(project, fix=True) == []
    assert path.read_bytes() == once


def test_fix_gives_each_cell_an_id_of_its_own(messy, good):
    project, path = messy
    cell(good, CODE)["id"] = "code0001"
    path.write_text(json.dumps(good))
    assert lint(project, fix=True) == []
    assert [found["id"] for found in load(path)["cells"]].count("code0001") == 1


def test_fix_keeps_what_is_good(tmp_path, good, write_book):
    project = write_book(tmp_path, {"05_energy": good})
    path = tmp_path / "book" / "05_energy.ipynb"
    before = path.read_bytes(), path.stat().st_mtime_ns
    assert lint(project, fix=True) == []
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_the_command_names_each_fault_and_fails(messy, capsys, good, write_notebook):
    project, _ = messy
    write_notebook(project.root / "book" / "06_forgotten.ipynb", good)
    assert __main__.main(["lint", "--root", str(project.root)]) == 1
    told = capsys.readouterr().err
    assert "book/06_forgotten.ipynb: is not in _toc.yml" in told
    assert "book/05_energy.ipynb: " in told
    assert told.endswith("lint: failed.\n")
    (project.root / "book" / "06_forgotten.ipynb").unlink()
    assert __main__.main(["lint", "--fix", "--root", str(project.root)]) == 0


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("n: int = 2  # number of spins, >= 2", None),
        ("x: float = 2.0  # bath, 1/ħω, > 0", None),
        ("n: int = 2  # number of spins, 2 or more", "`n` needs a range"),
        ("n: int = 2", "`n` needs a range"),
        ("n: list[int] = [2]  # numbers, 2 or more, ascending", "`n` needs a range"),
        ("n: int = 2  # >= 2", "`n` needs a meaning"),
        ("x: float = 2.0  # bath, > 0", "`x` needs a unit"),
        ("x: list[float] = [2.0]  # baths, > 0", "`x` needs a unit"),
        ("n: int = 1  # number of spins, >= 2", "the default of `n` must be >= 2, but was 1"),
        (
            "n: int = 2  # number of spins, >= m",
            "the range of `n` names 'm', which is no parameter",
        ),
    ],
)
def test_a_parameter_tells_meaning_unit_and_range(make_notebook, line, complaint):
    found = list(rules._ranges(make_notebook(parameters=line)))
    assert len(found) == (complaint is not None)
    assert all(complaint in problem for problem in found)


@pytest.fixture
def checking(make_notebook):
    """Return a notebook from code in which CHECK and TOLD stand for the two calls."""

    def checking(*sources):
        calls = {
            "CHECK": 'check("1", "A.", f(n), g(n), 0)',
            "TOLD": 'not_applicable("1", "A.", "of n")',
        }
        for short, call in calls.items():
            sources = [source.replace(short, call) for source in sources]
        return make_notebook(*sources, checks=["1"])

    return checking


@pytest.mark.parametrize(
    "code",
    [
        "if n > 2:\n    CHECK",
        "if n > 2:\n    CHECK\nelse:\n    print(n)",
        "if n > 2:\n    print(n)\nelse:\n    CHECK",
        "if n > 2:\n    CHECK\nelif n > 1:\n    pass\nelse:\n    TOLD",
        "if n > 2:\n    CHECK\nelif n > 1:\n    TOLD",
        "if n > 2:\n    print(n)\nelif n > 1:\n    CHECK",
        "if n > 2:\n    TOLD\nelse:\n    print(n)\n    if n:\n        CHECK",
        "if n > 2:\n    for k in range(n):\n        CHECK",
        "for k in range(n):\n    if k:\n        if n:\n            CHECK\n    else:\n        TOLD",
        "for k in range(n):\n    if k < 2:\n        print(k)\n        continue\n    print(n)\n    CHECK",
        "def f():\n    if n < 2:\n        return\n    CHECK",
        "for k in range(n):\n    if k > 2:\n        print(k)\n    else:\n        break\n    CHECK",
        "CHECK if n > 2 else None",
        "n > 2 and CHECK",
        "[CHECK for k in range(n) if k > 2]",
    ],
)
def test_no_way_leads_past_a_check_in_silence(told, checking, code):
    [place] = told(checking(code)).splitlines()[1:]
    assert re.fullmatch(r"  line \d+ leads past a check: say not_applicable.*", place)


@pytest.mark.parametrize(
    "code",
    [
        "CHECK",
        "if n > 2:\n    CHECK\nelse:\n    TOLD",
        "if n > 2:\n    CHECK\nelse:\n    CHECK",
        "if n > 2:\n    CHECK\nelif n > 1:\n    TOLD\nelse:\n    print(n)\n    TOLD",
        "for k in range(n):\n    if k > 2:\n        TOLD\n        continue\n    CHECK",
        'if n < 2:\n    raise ValueError("n")\nCHECK',
        'if n > 2:\n    CHECK\nelse:\n    raise ValueError("n")',
        "if n > 2:\n    print(n)\nCHECK",
        "few = [k for k in range(n) if k > 2]\nif not few:\n    TOLD\nfor k in few:\n    CHECK",
        "few = [k for k in range(n)]\nfor k in few:\n    CHECK",
        "few = [k for k in range(n) if k > 2]\nCHECK",
    ],
)
def test_a_claim_may_be_told_out_of_reach(told, checking, code):
    assert told(checking(code)) == ""


@pytest.mark.parametrize("loop", ["few", "sorted(few)", "(k for k in range(n) if k > 2)"])
def test_picked_items_may_be_none(told, checking, loop):
    found = told(checking("few = [k for k in range(n) if k > 2]", f"for k in {loop}:\n    CHECK"))
    assert "line 1 checks items that were picked: say not_applicable" in found
