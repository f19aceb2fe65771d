"""The pages of the book as a browser gets them."""

import re
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup

from edition import audit, numbering

ROOT = Path(__file__).resolve().parents[2]
# Where the paper's numbered equations stand: letter of the appendix, first and last number.
SECTIONS = {
    "02_collective_dissipation": ("", 1, 2),
    "03_spin_ensembles": ("", 3, 9),
    "04_steady_states": ("", 10, 16),
    "05_energy": ("", 17, 31),
    "06_entropy": ("", 32, 43),
    "07_free_energy_and_entropy_production": ("", 44, 46),
    "08_applications": ("", 47, 55),
    "appendix_a_steady_state": ("A", 1, 5),
    "appendix_c_energy_derivative": ("C", 1, 7),
    "appendix_d_local_state": ("D", 1, 9),
    "appendix_e_entropy_derivative": ("E", 1, 4),
    "appendix_f_free_energy": ("F", 1, 8),
    "appendix_g_amplification": ("G", 1, 5),
    "appendix_h_coherences": ("H", 1, 3),
    "appendix_i_apparent_temperature": ("I", 1, 2),
    "appendix_j_dephased_temperature": ("J", 1, 11),
    "appendix_k_inhomogeneity_interaction": ("K", 1, 7),
}
FIGURES = {
    "05_energy": [1, 2, 3, 4],
    "06_entropy": [5, 6],
    "07_free_energy_and_entropy_production": [7, 8],
    "08_applications": [9, 10],
}


def toc():
    content = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    chapters = [c["file"] for part in content["parts"] for c in part["chapters"]]
    return [content["root"], *chapters]


@pytest.fixture(scope="session")
def pages(build):
    files = {name: build / "html" / f"{name}.html" for name in toc()}
    return {
        name.removeprefix("book/"): BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
        for name, file in files.items()
    }


def test_the_published_book_passes_the_audit(build):
    assert audit.audit(build / "html", toc()) == []


def test_the_folder_opens_at_the_landing_page(build):
    assert "book/index.html" in (build / "html" / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("section", SECTIONS)
def test_each_section_shows_its_equations_under_the_papers_numbers(pages, section):
    part, first, last = SECTIONS[section]
    shown = [
        re.sub(r"[^0-9A-Z]", "", mark.get_text()) for mark in pages[section].select("span.eqno")
    ]
    assert sorted(shown) == sorted(f"{part}{k}" for k in range(first, last + 1))


def test_every_equation_of_the_paper_has_its_section():
    placed = [f"{part}{k}" for part, a, b in SECTIONS.values() for k in range(a, b + 1)]
    assert len(placed) == len(set(placed)) == 116
    assert set(placed) == numbering.EQUATIONS


@pytest.mark.parametrize("section", FIGURES)
def test_each_figure_stands_under_the_papers_number(pages, section):
    numbers = [
        int(match[1])
        for caption in pages[section].select("figcaption .caption-number")
        if (match := re.search(r"(\d+)", caption.get_text()))
    ]
    assert numbers == FIGURES[section]


def test_every_image_tells_what_is_seen(pages):
    images = [image for page in pages.values() for image in page.select("main img, article img")]
    assert len(images) >= 10
    assert all(len(image.get("alt", "").split()) > 3 for image in images)


def test_every_check_on_the_pages_has_passed(pages):
    marks = [mark.get_text() for page in pages.values() for mark in page.select(".check .verdict")]
    assert len(marks) > 700
    assert set(marks) == {"✓"}


def test_every_equation_carries_its_verdict(pages):
    shown = [mark for page in pages.values() for mark in page.select("p.equation-verdict a")]
    assert sorted(mark["href"].partition("#row-")[2] for mark in shown) == sorted(
        numbering.EQUATIONS
    )


def test_the_ledger_has_a_row_for_every_equation(pages):
    rows = [row["id"].removeprefix("row-") for row in pages["ledger"].select("span[id^=row-]")]
    assert sorted(rows) == sorted(numbering.EQUATIONS)
