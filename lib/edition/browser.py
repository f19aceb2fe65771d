"""Chromium, which tests and the printing of the book drive through Playwright."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from edition.project import UsageError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium, with an empty profile and no window, and end it afterwards.

    Yields
    ------
    playwright.sync_api.Browser

    Raises
    ------
    UsageError
        If there is no Chromium; the message says how to get it.
    """
    with sync_playwright() as playwright:
        found = _found(playwright.chromium.executable_path)
        browser = playwright.chromium.launch(executable_path=found)
        try:
            yield browser
        finally:
            browser.close()


def _found(own: str) -> str:
    """Return the Chromium of the machine, else the one that Playwright may have installed."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if not found and not Path(own).is_file():
        raise UsageError(
            "Chromium is not installed: on Debian `apt install chromium`, "
            "elsewhere `playwright install chromium`."
        )
    return found or own
