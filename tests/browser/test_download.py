"""The notebook of a page can be kept, from a server and from a folder."""

import os

import pytest


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_the_notebook_is_downloaded(visit, site, scheme):
    opened = visit(scheme)
    opened.go("book/05_energy.html")
    opened.tab.locator(".dropdown-download-buttons > button").click()
    with opened.tab.expect_download() as started:
        opened.tab.locator("a.btn-download-source-button").click()
    assert started.value.suggested_filename == "05_energy.ipynb"
    kept = (site / "_sources" / "book" / "05_energy.ipynb").read_bytes()
    assert started.value.path().read_bytes() == kept
    assert opened.tab.url.endswith("book/05_energy.html")
    assert opened.errors == opened.foreign == []


def test_a_page_is_launched_only_from_where_it_is_published(visit):
    opened = visit()
    opened.go("book/05_energy.html")
    texts = opened.tab.locator(".article-header-buttons a").all_text_contents()
    launched = {"Binder", "JupyterLab", "Colab", "Repository"} & {text.strip() for text in texts}
    assert len(launched) == (4 if os.environ.get("EDITION_REPOSITORY") else 0)
