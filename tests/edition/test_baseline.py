"""Figures against those that a person accepted: what is found, shown and taken over."""

import csv
import json
import math
import os
import subprocess
import sys

import numpy as np
import pytest
from bs4 import BeautifulSoup

from edition import acceptance, baseline, curve, figure, panels, results, source
from edition.files import write_whole
from edition.project import LIB, BuildError, UsageError, notebooks
from edition.structure import describe

X = np.linspace(0, 1, 201)
WAVE = np.sin(7 * X)
ONE = "energy, n=2 [ħω]"


def draw(
    project,
    stem,
    name,
    monkeypatch,
    *,
    values=WAVE,
    headers=("x [1]", ONE),
    change=None,
    digits=10,
    decimals=None,
):
    """Publish a figure as a run of a notebook does, without a kernel."""
    draft = project.drafts / stem
    rounding = {"digits": digits, "decimals": decimals}
    fig, [ax] = panels()
    curve(ax, X, WAVE, "orange", label="one")
    curve(ax, X, -WAVE, "blue")
    ax.set(xlabel="x", ylabel="energy")
    if change:
        change(ax)
    monkeypatch.setenv("EDITION_OUTPUT", str(draft / "figures"))
    # Pictures are not compared.
    monkeypatch.setattr("edition.figures._render", lambda *_: b"<svg/>")
    figure(
        name,
        fig,
        dict(zip(headers, (X, values), strict=True)),
        "A wave.",
        "It <waves>.",
        **rounding,
    )
    [path] = [path for path in notebooks(project) if path.stem == stem]
    executed = source.load(path)
    note = {"figure": name, "alt": "It <waves>.", "structure": describe(fig)} | rounding
    cell = source.code_cells(executed)[-1]
    cell["outputs"] = [{"output_type": "display_data", "metadata": {"edition": note}}]
    write_whole(draft / path.name, json.dumps(executed).encode())
    inputs = results.fingerprint(project, path, results.common_inputs(project))
    results.publish(project, path, draft, inputs)


@pytest.fixture
def redraw(tmp_path, write_book, make_notebook, monkeypatch):
    """A book of two figures, both accepted; returns what draws the first one anew."""
    book = {name: make_notebook("1", figures=[figure]) for name, figure in NOTEBOOKS.items()}
    project = write_book(tmp_path / "book", book)

    def redraw(**changes):
        draw(project, "01_one", "fig01", monkeypatch, **changes)
        return project

    redraw()
    draw(project, "02_two", "a-wave", monkeypatch)
    acceptance.show(project)
    assert [item.said for item in acceptance.accept(project)] == ["a-wave: new", "fig01: new"]
    return redraw


NOTEBOOKS = {"01_one": "fig01", "02_two": "a-wave"}


def accepted(project):
    acceptance.show(project)
    acceptance.accept(project)
    return project


def said(project):
    return [item.said for item in acceptance.differences(project)]


def test_an_unchanged_figure_is_as_accepted(redraw):
    project = redraw()
    assert sorted(path.name for path in project.accepted.iterdir()) == ["a-wave.csv", "fig01.csv"]
    assert said(project) == []
    assert acceptance.show(project) == []
    assert "Every figure is as accepted." in (project.comparison / "index.html").read_text()
    assert acceptance.accept(project) == []


@pytest.mark.parametrize("row", [1, 7, 201])
@pytest.mark.parametrize(("factor", "found"), [(1 + 1e-6, True), (1 + 1e-12, False)])
def test_one_changed_number_is_found_with_its_column(redraw, row, factor, found):
    values = WAVE + 2
    accepted(redraw(values=values))
    changed = values.copy()
    changed[row - 1] *= factor
    lines = said(redraw(values=changed))
    assert len(lines) == found
    if found:
        # Row 7 is not among those kept: the mean tells.
        place = "its mean" if row == 7 else f"row {row}"
        assert lines[0].startswith(f"fig01: column {ONE}: {place} differs by ")


def test_a_factor_in_a_whole_column_is_found_where_it_is_largest(redraw):
    project = accepted(redraw(values=WAVE * np.exp(-X)))
    values = WAVE * np.exp(-X) * (1 + 1e-6)
    redraw(values=values)
    [line] = said(project)
    row = int(np.argmax(values)) + 1
    assert line.startswith(f"fig01: column {ONE}: row {row} differs by ")
    assert line.endswith(f" → {values[row - 1]:.10f}")
    assert said(redraw(values=WAVE * np.exp(-X) * (1 + 1e-12))) == []


def test_noise_about_zero_is_none(redraw):
    noise = 1e-14 * np.cos(1e5 * X)
    assert said(redraw(values=WAVE + noise)) == []
    assert len(said(redraw(values=WAVE + 1e5 * noise))) == 1


@pytest.mark.parametrize(
    ("rounding", "unit"), [({}, 1e-9), ({"digits": 6}, 1e-5), ({"decimals": 3}, 1e-3)]
)
def test_a_number_may_fall_to_the_next_text_and_no_further(redraw, rounding, unit):
    values = np.round(1 + X, 2)
    accepted(redraw(values=values, **rounding))
    for units, found in ((0.2, False), (1, False), (2, True)):
        changed = values.copy()
        changed[0] += units * unit
        assert len(said(redraw(values=changed, **rounding))) == found, units


def test_another_accuracy_of_the_data_is_a_change(redraw):
    [line] = said(redraw(decimals=11))
    assert line == "fig01: data: 10 digits → data: 10 digits, 11 decimals"


def test_gaps_and_rows_are_counted(redraw):
    gap = WAVE.copy()
    gap[6] = math.nan
    project = redraw(values=gap)
    assert said(project) == [f"fig01: column {ONE}: it has 1 gaps, and had 0"]
    acceptance.show(project)
    acceptance.accept(project, ["fig01"])
    assert said(redraw(values=gap)) == []
    first = gap.copy()
    first[[0, 6]] = math.nan, WAVE[6]
    assert said(redraw(values=first)) == [f"fig01: column {ONE}: row 1 differs by inf: 0 → a gap"]
    assert said(redraw(values=WAVE[:-1])) == [f"fig01: column {ONE}: it has 200 rows, and had 201"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda ax: ax.lines[1].remove(), "curve: #1f78c8, line -, marker D, 201 points → nothing"),
        (lambda ax: ax.lines[0].set_label("two"), 'curve "one"'),
        (lambda ax: ax.lines[0].set_color("red"), "#ff0000"),
        (lambda ax: ax.set_xlabel("y"), 'x axis "x", linear, 0 to 1 → panel 1 x axis "y"'),
        (lambda ax: ax.set_yscale("log"), "log"),
        (lambda ax: ax.set_xlim(0, 2), "0 to 2"),
        (lambda ax: ax.legend(), 'nothing → panel 1 legend "one"'),
        (lambda ax: ax.set_title("(a)", loc="left"), "(a)"),
    ],
)
def test_a_changed_structure_is_found_line_by_line(redraw, change, expected):
    [line] = said(redraw(change=change))
    assert line.startswith("fig01: ")
    assert expected in line


def test_headers_must_agree_to_the_letter(redraw):
    assert said(redraw(headers=("x [1]", "energy, n=3 [ħω]"))) == [
        f"fig01: column {ONE} → column energy, n=3 [ħω]"
    ]
    [item] = acceptance.differences(redraw(headers=(ONE, "x [1]")))
    assert len(item.change.lines) == 2


def test_a_new_and_a_vanished_figure_are_found_and_taken_over(
    redraw, monkeypatch, make_notebook, write_notebook
):
    project = redraw()
    path = project.root / "book" / "01_one.ipynb"
    write_notebook(path, make_notebook("1", figures=["fig02"]))
    draw(project, "01_one", "fig02", monkeypatch)
    assert [item.said for item in acceptance.show(project)] == ["fig01: gone", "fig02: new"]
    acceptance.accept(project)
    assert sorted(path.name for path in project.accepted.iterdir()) == ["a-wave.csv", "fig02.csv"]
    assert said(project) == []


def test_an_accepted_figure_is_as_accepted_and_the_others_are_not(redraw, monkeypatch):
    project = redraw(values=WAVE * 2)
    draw(project, "02_two", "a-wave", monkeypatch, values=WAVE * 3)
    acceptance.show(project)
    assert [item.name for item in acceptance.accept(project, ["fig01"])] == ["fig01"]
    assert [item.name for item in acceptance.differences(project)] == ["a-wave"]
    with pytest.raises(UsageError, match=r"No figure fig01 differs .* these do: a-wave"):
        acceptance.accept(project, ["fig01"])
    acceptance.accept(project)
    with pytest.raises(UsageError, match=r"No figure fig99 differs .* none does"):
        acceptance.accept(project, ["fig99"])


def files(project):
    return {path.name: path.read_bytes() for path in project.accepted.iterdir()}


def test_what_was_not_shown_is_not_accepted(redraw):
    project = redraw(values=WAVE * 2)
    before = files(project)
    with pytest.raises(BuildError, match="not shown as they are now: fig01"):
        acceptance.accept(project)
    acceptance.show(project)
    redraw(values=WAVE * 3)
    with pytest.raises(BuildError, match="not shown as they are now: fig01"):
        acceptance.accept(project)
    acceptance.show(project)
    # The other side of what was shown may change, too: by a pull, say.
    accepted = project.accepted / "fig01.csv"
    accepted.write_bytes(before["fig01.csv"].replace(b"gaps,0", b"gaps,1"))
    with pytest.raises(BuildError, match="not shown as they are now: fig01"):
        acceptance.accept(project)
    accepted.write_bytes(before["fig01.csv"])
    assert files(project) == before
    assert len(acceptance.accept(project)) == 1


def test_figures_that_are_not_up_to_date_are_not_accepted(redraw):
    project = redraw(values=WAVE * 2)
    before = files(project)
    acceptance.show(project)
    path = project.root / "book" / "02_two.ipynb"
    path.write_text(path.read_text("utf-8").replace("What it shows", "What else"), "utf-8")
    with pytest.raises(BuildError, match="changed or failed since they were run: 02_two"):
        acceptance.accept(project)
    assert files(project) == before


def test_a_write_that_breaks_off_leaves_each_figure_whole(redraw, monkeypatch):
    project = redraw(values=WAVE * 2)
    draw(project, "02_two", "a-wave", monkeypatch, values=WAVE * 2)
    before = files(project)
    acceptance.show(project)
    written = []

    def refuse(path, content):
        if written:
            raise OSError("no room")
        written.append(path.name)
        write_whole(path, content)

    monkeypatch.setattr(acceptance, "write_whole", refuse)
    with pytest.raises(OSError, match="no room"):
        acceptance.accept(project)
    after = files(project)
    assert written == ["a-wave.csv"]
    assert after["fig01.csv"] == before["fig01.csv"]
    assert [item.name for item in acceptance.differences(project)] == ["fig01"]
    monkeypatch.undo()
    assert [item.name for item in acceptance.accept(project)] == ["fig01"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"# panels: 1\n",
        b"row,a\nlength,1\n",
        b"row,a\nlength\ngaps\nmean\n",
        b'row,"a\n',
        b"\xff",
        b"a,b\n1,2\n",
    ],
)
def test_a_broken_baseline_is_named(redraw, content):
    project = redraw()
    (project.accepted / "fig01.csv").write_bytes(content)
    with pytest.raises(
        BuildError, match=r"fig01\.csv is no accepted figure .* restore it, or delete"
    ):
        acceptance.differences(project)


def test_a_baseline_is_small_and_comes_back():
    data = {"x [1]": [0.1] * 9999 + [math.nan], 'of "n", one [1]': [3.0, 1.0], "n [1]": [5.0]}
    figure = baseline.Figure(['a curve "x, y"', "# b"], data, baseline.Rounding(12, None))
    record = baseline.record(figure)
    content = baseline.serialise(record)
    assert len(content) < 1500
    assert repr(baseline.parse(content)) == repr(record)
    assert baseline.compare(baseline.parse(content), figure) == baseline.Change([], [])


def test_extremes_are_kept():
    values = list(np.sin(np.arange(1000.0)))
    kept = baseline.column(values).rows
    assert {min(values), max(values), values[0], values[-1]} <= set(kept.values())
    assert len(kept) <= baseline.ROWS + 2


def test_the_page_shows_old_new_and_difference(redraw):
    project = redraw(values=WAVE * 1.5, change=lambda ax: ax.set_xlabel("<y>"))
    acceptance.show(project)
    page = (project.comparison / "index.html").read_text(encoding="utf-8")
    soup = BeautifulSoup(page, "html.parser")
    assert [item["id"] for item in soup.find_all("section")] == ["fig01"]
    assert soup.find("img")["alt"] == "It <waves>."
    assert [cell.text for cell in soup.find_all("td")] == [
        'panel 1 x axis "x", linear, 0 to 1',
        'panel 1 x axis "<y>", linear, 0 to 1',
    ]
    plots = soup.find_all("svg")
    assert [plot.parent.figcaption.text for plot in plots] == ["Old", "New", "New − old"]
    low, high = (f"{1.5 * extreme:.6g}" for extreme in (WAVE.min(), WAVE.max()))
    assert plots[1]["aria-label"] == f"New: between {low} and {high}, rows 1 to 201"
    assert not soup.find_all(src=lambda src: src and not src.startswith("data:"))
    acceptance.show(project)
    assert (project.comparison / "index.html").read_text(encoding="utf-8") == page


NOTEBOOK = """\
from edition import curve, figure, panels
fig, axes = panels()
x = [k / points for k in range(points)]
curve(axes[0], x, x, "orange")
figure("fig01", fig, {"x [1]": x}, "A line.", "It rises.")
"""


def test_from_the_command_line(tmp_path, write_book, make_notebook, write_notebook):
    project = write_book(tmp_path, {"01_one": make_notebook(NOTEBOOK, figures=["fig01"])})

    def press(*arguments):
        command = [sys.executable, "-m", "edition", *arguments]
        env = os.environ | {"PYTHONPATH": str(LIB)}
        done = subprocess.run(
            command, cwd=project.root, env=env, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr

    status, told = press("accept")
    assert (status, "01_one" in told, project.accepted.exists()) == (1, True, False)
    status, told = press("baseline")
    assert status == 1
    assert "\nfig01: new\n" in told
    assert "_build/baseline/index.html" in told
    assert press("accept") == (0, "accepted fig01: new\n")
    assert press("baseline") == (0, "Every figure is as accepted.\n")
    # A rerun is the reader's own and has no baseline.
    assert press("rerun", "01", "-p", "points=9")[0] == 0
    assert press("baseline") == (0, "Every figure is as accepted.\n")
    changed = NOTEBOOK.replace("orange", "blue").replace("k / points", "k / points * 1.000001")
    path = project.root / "book" / "01_one.ipynb"
    write_notebook(path, make_notebook(changed, figures=["fig01"]))
    status, told = press("baseline")
    assert status == 1
    assert "fig01: column x [1]: row 5 differs by 8e-07: 0.8 → 0.8000008, and 3 lines" in told
    # A notebook that fails leaves its figures out of date, however often they were shown.
    write_notebook(path, make_notebook(changed, "1 / 0", figures=["fig01"]))
    assert "ZeroDivisionError" in press("baseline")[1]
    status, told = press("accept", "fig01")
    assert (status, "changed or failed since they were run: 01_one" in told) == (1, True)
    assert press("accept", "fig02")[0] == 1
    with (project.accepted / "fig01.csv").open(encoding="utf-8", newline="") as file:
        assert [row[1] for row in csv.reader(file) if row[0] == "5"] == ["0.8"]
