"""An executed notebook as one HTML file that needs nothing beside it and no network.

It is read by the same parser as the book, then figures, style and MathJax are put
into the file itself.
"""

import base64
import json
import mimetypes
import re
import tempfile
from functools import cache
from html import escape
from importlib import import_module
from pathlib import Path
from typing import Any

from edition import mathjax, stage
from edition.project import Project

STYLE = Path(__file__).with_name("page.css")
TITLE = re.compile(r"^# (.*)", re.MULTILINE)
LINK = re.compile(r"\[([^\]]+)\]\([\w./-]+\.(?:md|ipynb)(?:#[\w-]*)?\)")
LABEL = re.compile(r"\s*\$\$ \((\w+)\)")
# Only figures that the parser wrote into its folder stand in the page under such a name.
IMAGE = re.compile(r'src="[^"]*?/?([0-9a-f]{64}\.\w+)"')

PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{style}
</style>
<script>window.MathJax = {settings};</script>
<script>
{mathjax}
</script>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def render(executed: str, project: Project) -> str:
    """Return the page of an executed notebook.

    Parameters
    ----------
    executed : str
        The notebook with its outputs, as JSON.
    project : Project
        Where the settings of the book stand, with its TeX macros.

    Returns
    -------
    str
        HTML. The same notebook gives the same page.
    """
    with tempfile.TemporaryDirectory() as folder:
        body = _body(stage.dress(executed, _portable), folder)
        body = IMAGE.sub(lambda match: f'src="{_embedded(Path(folder) / match[1])}"', body)
    settings = {"tex": {"macros": _macros(project)}, "options": {"enableMenu": False}}
    return PAGE.format(
        title=escape(_title(executed)),
        style=STYLE.read_text("utf-8") + _colours(),
        settings=json.dumps(settings).replace("</", "<\\/"),
        mathjax=_mathjax(),
        body=body,
    )


def warm() -> None:
    """Import what `render` needs, which takes a second that a run can do beside its kernel."""
    import_module("docutils.writers.html5_polyglot")
    import_module("myst_nb.docutils_")


def _body(notebook: str, folder: str) -> str:
    """Return what the parser of the book makes of a notebook, without the parser of its site."""
    from docutils.core import publish_parts
    from docutils.parsers.rst.roles import register_local_role
    from myst_nb.docutils_ import Parser

    register_local_role("eq", _equation)
    register_local_role("cite", _citation)
    settings: dict[str, Any] = {
        "doctitle_xform": False,
        "math_output": "MathJax",
        "myst_enable_extensions": ["colon_fence", "deflist", "dollarmath"],
        "nb_execution_mode": "off",
        "nb_merge_streams": True,
        "nb_output_folder": folder,
        "output_encoding": "unicode",
        "report_level": 5,
        "syntax_highlight": "short",
    }
    parts = publish_parts(
        notebook, parser=Parser(), writer_name="html5", settings_overrides=settings
    )
    return parts["body"]


def _portable(text: str) -> str:
    """Return prose without what only the whole book can show.

    Links to other pages become their text, and a label behind a formula its number.
    """
    text = LINK.sub(r"\1", text)
    return LABEL.sub(r" \\tag{\1}\n$$", text)


def _equation(name, rawtext, text, lineno, inliner, options=None, content=None):
    """Show a reference to an equation as its number."""
    from docutils import nodes

    return [nodes.Text(f"({text})")], []


def _citation(name, rawtext, text, lineno, inliner, options=None, content=None):
    """Show a citation as its key, which names author, year and subject."""
    from docutils import nodes

    return [nodes.Text(f"[{text}]")], []


def _embedded(file: Path) -> str:
    """Return the address of an image that carries the image itself."""
    kind = mimetypes.guess_type(file.name)[0]
    return f"data:{kind};base64,{base64.b64encode(file.read_bytes()).decode()}"


def _title(executed: str) -> str:
    """Return the title of a notebook as plain text."""
    cells = json.loads(executed)["cells"]
    prose = ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return next((match[1] for text in prose if (match := TITLE.search(text))), "A notebook")


def _macros(project: Project) -> dict[str, Any]:
    """Return the TeX macros of the book."""
    import yaml

    file = project.root / "_config.yml"
    node = yaml.safe_load(file.read_text("utf-8")) if file.is_file() else {}
    for key in ("sphinx", "config", "mathjax3_config", "tex", "macros"):
        node = node.get(key) or {}
    return node


@cache
def _colours() -> str:
    """Return the colours of code."""
    from pygments.formatters import HtmlFormatter

    return HtmlFormatter(style="friendly").get_style_defs("pre.code")


@cache
def _mathjax() -> str:
    """Return MathJax with all its extensions; it draws formulas as SVG, without fonts."""
    file = mathjax.folder() / "tex-svg-full.js"
    return file.read_text("utf-8").replace("</script", "<\\/script")
