"""What a figure says of itself, read back from its files."""

import hashlib
import json
from xml.etree import ElementTree

import pytest
from PIL import Image, PdfParser

from edition import about, curve, figure, panels, results
from edition.execute import execute
from edition.project import Project

CITATION = """\
authors:
- name: The authors of the edition
references:
- doi: 10.1000/1
  license: CC-BY-4.0
"""
PLOT = """\
import numpy as np
from edition import curve, figure, panels
x = np.linspace(0, 1, points)
fig, [ax] = panels()
curve(ax, x, x**2, "blue")
figure("fig01", fig, {"x [1]": x}, "Energy at β_B, (a) and \\\\(b).", "It rises.")
"""
CAPTION = r"Energy at β_B, (a) and \(b)."


@pytest.fixture(scope="module")
def folder(tmp_path_factory, write_book, make_notebook, cache):
    """The figure of a notebook of a project that can be cited."""
    project = write_book(
        tmp_path_factory.mktemp("cited"), {"01_one": make_notebook(PLOT, figures=["fig01"])}
    )
    (project.root / "CITATION.cff").write_text(CITATION)
    (project.root / "pyproject.toml").write_text('[project]\nname = "spins"\nversion = "1.2"\n')
    execute(project.root / "book" / "01_one.ipynb", project.build / "draft", cache=cache)
    return project.build / "draft" / "figures"


def table(folder):
    digest = hashlib.sha256((folder / "fig01.csv").read_bytes()).hexdigest()
    return f"fig01.csv, sha256 {digest}"


def core(file):
    """What the Dublin Core of an SVG says, by its names."""
    [work] = ElementTree.parse(file).iter("{http://creativecommons.org/ns#}Work")
    said = {element.tag.partition("}")[2]: "".join(element.itertext()).strip() for element in work}
    return {name: text for name, text in said.items() if text}


def test_the_vector_picture(folder):
    assert core(folder / "fig01.svg") == {
        "title": "fig01",
        "description": CAPTION,
        "creator": "The authors of the edition",
        "contributor": "spins 1.2",
        "source": "book/01_one.ipynb",
        "identifier": "https://doi.org/10.1000/1",
        "relation": table(folder),
        "rights": "CC-BY-4.0",
        "format": "image/svg+xml",
    }


def test_the_printed_picture(folder):
    with PdfParser.PdfParser(str(folder / "fig01.pdf")) as pdf:
        found = {key.name_as_str(): PdfParser.decode_text(text) for key, text in pdf.info.items()}
    assert found == {
        "Title": "fig01",
        "Subject": CAPTION,
        "Author": "The authors of the edition",
        "Creator": "spins 1.2",
        "Keywords": f"data: {table(folder)}; licence: CC-BY-4.0; notebook: book/01_one.ipynb; "
        "paper: https://doi.org/10.1000/1",
    }


def test_the_picture_of_dots(folder):
    with Image.open(folder / "fig01.png") as picture:
        assert picture.text == {
            "Title": "fig01",
            "Description": CAPTION,
            "Author": "The authors of the edition",
            "Software": "spins 1.2",
            "Source": "book/01_one.ipynb",
            "Identifier": "https://doi.org/10.1000/1",
            "Relation": table(folder),
            "Copyright": "CC-BY-4.0",
        }


def test_a_table_is_nothing_but_a_table(folder):
    assert (folder / "fig01.csv").read_text("utf-8").splitlines()[:2] == ["x [1]", "0.0"]


def test_outside_a_project_a_figure_tells_no_folder(tmp_path, monkeypatch):
    said = about.variable(tmp_path / "private" / "mine.ipynb")
    assert json.loads(said[about.VARIABLE]) == {"notebook": "mine.ipynb"}
    monkeypatch.delenv(about.VARIABLE, raising=False)
    monkeypatch.setenv("EDITION_OUTPUT", str(tmp_path))
    fig, [ax] = panels()
    curve(ax, [0, 1], [0, 1], "blue")
    figure("fig01", fig, {"x [1]": [0, 1]}, CAPTION, "It rises.")
    assert core(tmp_path / "fig01.svg") == {
        "title": "fig01",
        "description": CAPTION,
        "relation": table(tmp_path),
        "format": "image/svg+xml",
    }


def test_what_figures_say_is_a_part_of_what_they_are_made_from(folder):
    project = Project(folder.parents[2])
    before = results.common_inputs(project)
    (project.root / "CITATION.cff").write_text(CITATION + "abstract: another\n")
    assert results.common_inputs(project) == before
    (project.root / "CITATION.cff").write_text(CITATION.replace("4.0", "5.0"))
    assert results.common_inputs(project) != before
