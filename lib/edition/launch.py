"""Where readers run a notebook themselves: Binder, JupyterLab on Binder, Colab.

One setting says where the book is published from, the environment variable
``EDITION_REPOSITORY`` (``https://github.com/OWNER/NAME``); ``EDITION_REVISION`` may name a
branch, tag or commit of it. Without the first, no page has a button that would lead nowhere.

Binder takes a notebook from the repository and builds the environment that the repository
describes. Colab has an environment of its own, so it gets a copy whose first cell of code
installs what is missing. These copies belong to the site, which is published on a branch of
the repository, `PUBLISHED`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from edition import source
from edition.files import write_whole
from edition.project import GENERATED, UsageError
from edition.sanitise import serialise
from edition.source import Cell, Notebook

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

REPOSITORY, REVISION = "EDITION_REPOSITORY", "EDITION_REVISION"

#: The branch that holds the built site, and its folder of notebooks to open.
PUBLISHED, COPIES = "gh-pages", "notebooks"

ADDRESS = re.compile(r"https://github\.com/([A-Za-z0-9-]+)/([A-Za-z0-9._-]+?)(?:\.git)?/?")
NAME = re.compile(r"[A-Za-z0-9][\w./-]*")

_INSTALL = """\
from importlib.util import find_spec

if find_spec("spinbath") is None:  # as on Colab
    %pip install -q "spinbath[notebooks] @ git+{url}@{revision}"
"""
_FETCH = """\
from pathlib import Path
from urllib.request import urlretrieve

if not Path("{name}").exists():
    urlretrieve("{url}/raw/{revision}/book/{name}", "{name}")
"""


class Repository(NamedTuple):
    """Where the book is published from."""

    owner: str
    name: str
    revision: str

    @property
    def url(self) -> str:
        """Its address."""
        return f"https://github.com/{self.owner}/{self.name}"


def repository(environment: Mapping[str, str] = os.environ) -> Repository | None:
    """Read the setting.

    Parameters
    ----------
    environment : mapping of str to str, optional
        By default, that of the process.

    Returns
    -------
    Repository or None
        None where the setting is absent or empty.

    Raises
    ------
    UsageError
        If it is no address of a repository, or no name of a revision.
    """
    url, revision = environment.get(REPOSITORY, ""), environment.get(REVISION) or "main"
    if not url:
        return None
    found = ADDRESS.fullmatch(url)
    if not found:
        raise UsageError(f"{REPOSITORY} must be https://github.com/OWNER/NAME, but was {url!r}.")
    if not NAME.fullmatch(revision):
        raise UsageError(f"{REVISION} must be a branch, tag or commit, but was {revision!r}.")
    return Repository(found[1], found[2], revision)


def buttons(where: Repository, page: str) -> list[dict[str, str]]:
    """Return the buttons of a notebook's page, as the theme draws them.

    Parameters
    ----------
    where : Repository
    page : str
        The page, ``book/05_energy`` for instance; its notebook has the same name.

    Returns
    -------
    list of dict of str to str
    """
    binder = f"https://mybinder.org/v2/gh/{where.owner}/{where.name}/{quote(where.revision, '')}"
    blob = f"github/{where.owner}/{where.name}/blob/{PUBLISHED}/{copy_of(page)}"
    return [
        _button("Binder", f"{binder}?urlpath=notebooks/{page}.ipynb", "logo_binder.svg"),
        _button("JupyterLab", f"{binder}?labpath={page}.ipynb", "logo_jupyterhub.svg"),
        _button("Colab", f"https://colab.research.google.com/{blob}", "logo_colab.png"),
    ]


def copy_of(page: str) -> str:
    """Return where in the site the copy of a page's notebook is."""
    return f"{COPIES}/{page.rpartition('/')[2]}.ipynb"


def _button(text: str, url: str, logo: str) -> dict[str, str]:
    return {
        "type": "link",
        "text": text,
        "tooltip": f"Open in {text}",
        "icon": f"_static/images/{logo}",
        "url": url,
        "label": f"launch-{text.lower()}",
    }


def copy(notebook: Notebook, where: Repository, data: Iterable[str] = ()) -> Notebook:
    """Return a notebook that runs where nothing of the book is installed.

    Parameters
    ----------
    notebook : dict
        The notebook as it is written.
    where : Repository
    data : iterable of str, optional
        Names of the files beside the notebook that it reads.

    Returns
    -------
    dict
        The same below its title, after cells that install the library and fetch the data,
        each where it is missing.
    """
    place = {"url": where.url, "revision": where.revision}
    sources = [_INSTALL.format(**place), *(_FETCH.format(name=name, **place) for name in data)]
    added = [_cell(f"first-{k:02}", text) for k, text in enumerate(sources, start=1)]
    title, *rest = notebook["cells"]
    return notebook | {"cells": [title, *added, *rest]}


def _cell(name: str, text: str) -> Cell:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": name,
        "metadata": {},
        "outputs": [],
        "source": text.strip().splitlines(keepends=True),
    }


def add_copies(site: Path, notebooks: Iterable[Path], where: Repository) -> None:
    """Write the copies of notebooks into the site.

    Parameters
    ----------
    site : Path
        Its folder.
    notebooks : iterable of Path
        The notebooks as they are written.
    where : Repository
    """
    for file in notebooks:
        data = [path.name for path in source.data(file)]
        text = serialise(copy(source.load(file), where, data))
        write_whole(site / copy_of(file.stem), text.encode())


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension; called by Sphinx."""
    where = repository()
    if where:
        app.connect("config-inited", lambda app, config: _tell_theme(where, config))
        # The theme adds its own buttons at 501.
        app.connect(
            "html-page-context",
            lambda app, page, template, context, tree: _add_buttons(where, page, context),
            priority=600,
        )
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _tell_theme(where: Repository, config: Config) -> None:
    """Let the theme link to the repository, the source of a page and a new issue."""
    config.html_theme_options |= {
        "repository_url": where.url,
        "repository_branch": where.revision,
        "use_issues_button": True,
        "use_repository_button": True,
        "use_source_button": True,
    }


def _add_buttons(where: Repository, page: str, context: dict[str, Any]) -> None:
    """Add the buttons of a notebook; a page that no file holds loses that to its source."""
    groups = context["header_buttons"]
    if page in GENERATED:
        for group in groups:
            kept = [b for b in group.get("buttons", []) if b.get("label") != "source-file-button"]
            group["buttons"] = kept
    if context.get("page_source_suffix") == ".ipynb":
        groups.insert(
            0,
            {
                "type": "group",
                "tooltip": "Run this notebook",
                "icon": "fas fa-rocket",
                "buttons": buttons(where, page),
                "label": "launch-buttons",
            },
        )
