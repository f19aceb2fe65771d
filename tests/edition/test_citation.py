"""Citations made from CITATION.cff, read again by another reader, and the page that shows them."""

from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from pybtex.database import parse_file, parse_string

from edition import citation

ROOT = Path(__file__).parents[2]
FILE = ROOT / "CITATION.cff"
CFF = yaml.safe_load(FILE.read_text("utf-8"))
URL = "https://github.com/some-one/a.book"


@pytest.fixture
def works():
    return citation.works(FILE.read_text("utf-8"), URL)


def test_the_paper_is_cited_in_the_style_of_the_apa(works):
    assert citation.reference(works["paper"]) == (
        "Latune, C. L., Sinayskiy, I., & Petruccione, F. (2019). Thermodynamics from "
        "indistinguishability: Mitigating and amplifying the effects of the bath. "
        "*Physical Review Research*, *1*, Article 033192. "
        "<https://doi.org/10.1103/PhysRevResearch.1.033192>"
    )


def test_the_edition_is_cited_with_its_version(works):
    year, version = CFF["date-released"].year, CFF["version"]
    assert citation.reference(works["edition"]) == (
        f"The authors of the living edition. ({year}). *{CFF['title']}* (Version {version}) "
        f"[Computer software]. <{URL}>"
    )


def test_an_edition_without_an_address_names_none():
    edition = citation.works(FILE.read_text("utf-8"))["edition"]
    assert citation.reference(edition).endswith("[Computer software].")
    assert "url" not in citation.bibtex(edition)


def test_the_address_in_the_file_comes_first():
    text = f"{FILE.read_text('utf-8')}\nrepository-code: https://example.org/x\n"
    assert citation.works(text, URL)["edition"]["url"] == "https://example.org/x"


def entry(text):
    [(key, found)] = parse_string(text, "bibtex").entries.items()
    return key, found


def test_bibtex_reads_the_paper_as_the_list_of_references_has_it(works):
    key, found = entry(citation.bibtex(works["paper"]))
    listed = parse_file(ROOT / "book" / "references.bib").entries[key]
    assert found.persons == listed.persons
    assert found.type == listed.type == "article"
    for name in ("journal", "volume", "pages", "year", "doi"):
        assert found.fields[name] == listed.fields[name], name
    assert found.fields["title"].strip("{}") == listed.fields["title"]


def test_bibtex_keeps_the_name_of_a_group_whole(works):
    key, found = entry(citation.bibtex(works["edition"]))
    [author] = found.persons["author"]
    assert author.last_names == ["{The authors of the living edition}"]
    assert (key, found.fields["url"]) == ("edition2026thermodynamics", URL)
    assert found.fields["note"] == f"Version {CFF['version']}"


def test_pages_can_name_the_citations(tmp_path, works, monkeypatch):
    monkeypatch.setenv("EDITION_REPOSITORY", URL)
    config = SimpleNamespace(myst_substitutions={"other": "kept"})
    citation._substitute(tmp_path, config)
    assert set(config.myst_substitutions) == {"other"}
    (tmp_path / "CITATION.cff").write_bytes(FILE.read_bytes())
    citation._substitute(tmp_path, config)
    assert config.myst_substitutions["cite_edition"] == citation.reference(works["edition"])
    assert config.myst_substitutions["bibtex_paper"].startswith("```bibtex\n@article{latune2019")
