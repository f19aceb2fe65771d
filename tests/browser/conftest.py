"""A browser, a server, and one page of the built site after the other."""

import functools
import http.server
import re
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from playwright.sync_api import Page

from edition.browser import chromium

SITE = Path(__file__).resolve().parents[2] / "_build" / "html"
WIDE, PHONE = {"width": 1300, "height": 900}, {"width": 375, "height": 812}


def pytest_addoption(parser):
    parser.addoption("--site", type=Path, default=SITE, help="the folder of the built site")


def built(config):
    """The folder of the built site."""
    return Path(config.getoption("--site", SITE)).resolve()


def pytest_generate_tests(metafunc):
    """Let each test that takes a `name` visit every page, all tests of a page in a row."""
    if "name" in metafunc.fixturenames:
        toc = built(metafunc.config).parents[1] / "_toc.yml"
        metafunc.parametrize("name", pages(toc), scope="module")


def pages(toc):
    """Every page of the site, by its name without the suffix."""
    content = yaml.safe_load(toc.read_text("utf-8"))
    chapters = [chapter["file"] for part in content["parts"] for chapter in part["chapters"]]
    return [content["root"], *chapters, "genindex", "search"]


@pytest.fixture(scope="session")
def site(request):
    folder = built(request.config)
    assert (folder / "index.html").is_file(), f"no site in {folder.name}: run `make book` first"
    return folder


@pytest.fixture(scope="session")
def addresses(site):
    """Where the site begins, by scheme: served on a free port, and as plain files."""
    handler = functools.partial(Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield {"http": f"http://127.0.0.1:{server.server_port}", "file": site.as_uri()}
        server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="session")
def context():
    """One browser for all tests, with an empty profile."""
    with chromium() as browser:
        context = browser.new_context(viewport=WIDE, reduced_motion="reduce")
        context.set_default_timeout(20_000)
        yield context


class Visit(NamedTuple):
    """A page that is open, and what went wrong while it was being loaded."""

    tab: Page
    address: str
    errors: list[str]
    failed: list[str]
    foreign: list[str]

    def go(self, place):
        """Open a place of the site and wait until its formulas are drawn."""
        self.tab.goto(f"{self.address}/{place}")
        self.settle()

    @contextmanager
    def on_a_phone(self):
        """Look at the page on a narrow screen."""
        self.tab.set_viewport_size(PHONE)
        yield
        self.tab.set_viewport_size(WIDE)

    def settle(self):
        self.tab.wait_for_load_state("load")
        self.tab.evaluate("window.MathJax?.startup?.promise.then(() => document.fonts.ready)")


@pytest.fixture(scope="session")
def visit(context, addresses):
    """Open a tab that notes what goes wrong in it; the one before is closed."""

    def visit(scheme="http"):
        for old in context.pages:
            old.close()
        note = Visit(context.new_page(), addresses[scheme], [], [], [])
        listen(note)
        return note

    return visit


def listen(note):
    tab = note.tab

    def request(asked):
        if not re.match(rf"{re.escape(note.address)}/|data:|blob:", asked.url):
            note.foreign.append(asked.url)

    def response(answer):
        if answer.status >= 400:
            note.failed.append(f"{answer.status} {answer.url}")

    def console(message):
        if message.type in ("error", "warning"):
            note.errors.append(message.text)

    tab.on("request", request)
    tab.on("requestfailed", lambda asked: note.failed.append(asked.url))
    tab.on("response", response)
    tab.on("console", console)
    tab.on("pageerror", lambda error: note.errors.append(str(error)))
    # A dialog would wait for ever.
    tab.on("dialog", lambda dialog: (note.errors.append(dialog.message), dialog.dismiss()))
