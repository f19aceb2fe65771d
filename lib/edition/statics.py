"""Scripts and styles of the book in the order of their names.

jupyter-book lists them as the file system happens to, so pages would differ between disks.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config


def sort(config: "Config") -> None:
    """Sort the names of the files that every page loads.

    Parameters
    ----------
    config : sphinx.config.Config
        Its two lists are changed in place.
    """
    config.html_css_files.sort(key=str)
    config.html_js_files.sort(key=str)


def setup(app: "Sphinx") -> dict[str, Any]:
    """Register the extension; called by Sphinx."""
    app.connect("config-inited", lambda app, config: sort(config))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
