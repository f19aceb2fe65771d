"""Buttons that open a notebook elsewhere, and the copies that run there."""

import json
import re
import shutil
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from IPython.core.inputtransformer2 import TransformerManager

from edition import launch, lint, site
from edition.project import GENERATED, UsageError, find_project, notebooks

ROOT = Path(__file__).parents[2]
URL = "https://github.com/some-one/a.book"
HERE = launch.Repository("some-one", "a.book", "main")


@pytest.mark.parametrize("url", [URL, f"{URL}/", f"{URL}.git"])
def test_one_setting_names_the_repository(url):
    assert launch.repository({"EDITION_REPOSITORY": url}) == HERE
    assert HERE.url == URL


def test_the_revision_may_be_given():
    setting = {"EDITION_REPOSITORY": URL, "EDITION_REVISION": "v1.0"}
    assert launch.repository(setting).revision == "v1.0"


@pytest.mark.parametrize("setting", [{}, {"EDITION_REPOSITORY": ""}, {"EDITION_REVISION": "v1"}])
def test_without_the_setting_there_is_no_repository(setting):
    assert launch.repository(setting) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EDITION_REPOSITORY", "https://gitlab.com/some-one/a.book"),
        ("EDITION_REPOSITORY", "https://github.com/some-one"),
        ("EDITION_REPOSITORY", f"{URL}/tree/main"),
        ("EDITION_REPOSITORY", 'https://github.com/some-one/"x'),
        ("EDITION_REVISION", "-x y"),
    ],
)
def test_a_setting_that_is_none_is_refused(name, value):
    with pytest.raises(UsageError, match=rf"^{name} must be .*, but was {re.escape(repr(value))}"):
        launch.repository({"EDITION_REPOSITORY": URL, name: value})


def places(url):
    """Revision and path that an address of Binder or Colab names in the repository."""
    parts = urlsplit(url)
    if parts.netloc == "mybinder.org":
        kind, provider, owner, name, revision = parts.path.strip("/").split("/")
        assert (kind, provider) == ("v2", "gh")
        [(key, [path])] = parse_qs(parts.query).items()
        path = path.removeprefix({"urlpath": "notebooks/", "labpath": ""}[key])
    else:
        assert parts.netloc == "colab.research.google.com"
        host, owner, name, kind, revision, path = parts.path.strip("/").split("/", 5)
        assert (host, kind) == ("github", "blob")
    assert (owner, name) == ("some-one", "a.book")
    return unquote(revision), path


@pytest.mark.parametrize("notebook", notebooks(find_project(ROOT)), ids=lambda path: path.stem)
def test_the_buttons_of_a_notebook_name_files_that_are_there(notebook):
    where = HERE._replace(revision="fix/this")
    page = notebook.relative_to(ROOT).with_suffix("").as_posix()
    binder, lab, colab = launch.buttons(where, page)
    for button in (binder, lab):
        revision, path = places(button["url"])
        assert revision == "fix/this"
        assert ROOT / path == notebook
    assert [b["text"] for b in (binder, lab, colab)] == ["Binder", "JupyterLab", "Colab"]
    assert places(colab["url"]) == ("gh-pages", launch.copy_of(page))


@pytest.fixture(scope="module")
def published(tmp_path_factory, write_book, make_notebook):
    """The site of a small book, built with the setting."""
    root = tmp_path_factory.mktemp("published")
    project = write_book(root, {"01_small": make_notebook('open("data.json")')})
    (root / "book" / "data.json").write_text("{}", "utf-8")
    (root / "_config.yml").write_bytes((ROOT / "_config.yml").read_bytes())
    (root / "book" / "references.bib").touch()
    shutil.copytree(ROOT / "book" / "_static", root / "book" / "_static")
    project.executed.mkdir(parents=True)
    written = (root / "book" / "01_small.ipynb").read_bytes()
    (project.executed / "01_small.ipynb").write_bytes(written)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EDITION_REPOSITORY", URL)
        site.build(root)
    return root


def page(root, name):
    html = (root / "_build" / "html" / f"{name}.html").read_text("utf-8")
    return BeautifulSoup(html, "html.parser")


def test_a_site_with_the_setting_has_all_buttons(published):
    links = page(published, "book/01_small").select(".article-header-buttons a[href^=https]")
    addresses = {link.get_text().strip(): link["href"] for link in links}
    opened = ["Binder", "JupyterLab", "Colab"]
    assert list(addresses) == [*opened, "Repository", "Show source", "Open issue"]
    binder, lab, colab = (places(addresses[name]) for name in opened)
    assert binder == lab == ("main", "book/01_small.ipynb")
    assert (published / binder[1]).is_file()
    assert (published / "_build" / "html" / colab[1]).is_file()
    assert addresses["Repository"] == URL
    source = addresses["Show source"].removeprefix(f"{URL}/blob/main/").partition("?")[0]
    assert (published / source).is_file()
    assert addresses["Open issue"].startswith(f"{URL}/issues/new?")


def test_a_page_without_code_is_not_launched(published):
    links = page(published, "book/index").select(".article-header-buttons a[href^=https]")
    assert [link.get_text().strip() for link in links] == [
        "Repository",
        "Show source",
        "Open issue",
    ]


def test_a_page_that_no_file_holds_has_no_source_to_show():
    group = {"type": "group", "buttons": [{"label": "source-file-button"}, {"label": "other"}]}
    for name, kept in [(GENERATED[0], ["other"]), ("book/index", ["source-file-button", "other"])]:
        context = {"header_buttons": [dict(group)], "page_source_suffix": ".md"}
        launch._add_buttons(HERE, name, context)
        assert [b["label"] for b in context["header_buttons"][0]["buttons"]] == kept


def test_the_setting_makes_the_site_anew(published, monkeypatch):
    monkeypatch.setenv("EDITION_REPOSITORY", URL)
    monkeypatch.setattr(site, "_compile", None)
    site.build(published)  # nothing to do
    monkeypatch.setenv("EDITION_REVISION", "v1")
    with pytest.raises(TypeError):  # it compiles
        site.build(published)


def copied(published):
    file = published / "_build" / "html" / "notebooks" / "01_small.ipynb"
    return json.loads(file.read_text("utf-8"))


def test_a_copy_is_the_notebook_with_two_cells_below_its_title(published):
    copy = copied(published)
    written = json.loads((published / "book" / "01_small.ipynb").read_text("utf-8"))
    title, install, fetch, *rest = copy["cells"]
    assert copy | {"cells": [title, *rest]} == written
    assert '"spinbath[notebooks] @ git+https://github.com/some-one/a.book@main"' in "".join(
        install["source"]
    )
    assert f'"{URL}/raw/main/book/data.json"' in "".join(fetch["source"])
    assert lint._schema_problems(copy) == []
    assert list(lint._ids(copy)) == []


class Shell:
    """What a notebook asks of its shell."""

    def __init__(self):
        self.asked = []

    def run_line_magic(self, name, line, **_):
        self.asked.append((name, line))


def run_first_cell(published, module):
    shell = Shell()
    cell = "".join(copied(published)["cells"][1]["source"])
    code = TransformerManager().transform_cell(cell.replace('"spinbath"', f'"{module}"'))
    exec(code, {"get_ipython": lambda: shell})
    return shell.asked


def test_a_copy_installs_the_library_only_where_it_is_missing(published):
    assert run_first_cell(published, "spinbath") == []
    [(magic, line)] = run_first_cell(published, "no_such_module")
    assert magic == "pip"
    assert line.startswith("install -q ")


def test_a_copy_fetches_data_only_where_they_are_missing(published, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    asked = []
    monkeypatch.setattr("urllib.request.urlretrieve", lambda *given: asked.append(given))
    cell = "".join(copied(published)["cells"][2]["source"])
    exec(cell, {})
    assert asked == [(f"{URL}/raw/main/book/data.json", "data.json")]
    (tmp_path / "data.json").touch()
    exec(cell, {})
    assert len(asked) == 1
