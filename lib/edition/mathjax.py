"""Ask MathJax whether it can typeset a formula, without a browser.

The copy of MathJax that the pages load runs here in a small JavaScript engine. Only
its parser is used: a formula that it refuses is one that a page shows as an error.
"""

import importlib.util
import json
from functools import cache
from pathlib import Path
from typing import Any

from edition.project import BuildError

# The parser, a document to hold its result, and every TeX package.
_PARTS = ("startup.js", "core.js", "adaptors/liteDOM.js", "input/tex-full.js")

# What a page has from the start, and what it loads when a formula asks for it. Without
# `noundefined`, which shows an unknown command as red text, such a command is an error;
# without `newcommand`, no page has macros that another lacks.
_PACKAGES = (
    "base",
    "ams",
    "configmacros",
    "amscd",
    "bbox",
    "boldsymbol",
    "braket",
    "cancel",
    "color",
    "enclose",
    "extpfeil",
    "html",
    "mhchem",
    "unicode",
    "verb",
)

_BEFORE = "globalThis.MathJax = {loader: {load: []}, startup: {ready() {}}};"
_AFTER = """
const {adaptors, handlers, input, mathjax} = MathJax._;
handlers.html_ts.RegisterHTMLHandler(adaptors.liteAdaptor.liteAdaptor());
const InputJax = new input.tex_ts.TeX({
  packages: %s, macros: %s, formatError(jax, error) { throw error; }
});
const page = mathjax.mathjax.document("", {InputJax});
const END = MathJax._.core.MathItem.STATE.COMPILED;
function refusal(tex, display) {
  try { page.convert(tex, {display, end: END}); } catch (error) { return error.message; }
  return "";
}
"""


def folder() -> Path:
    """Return the folder of the installed copy of MathJax.

    Returns
    -------
    Path

    Raises
    ------
    BuildError
        If there is none.
    """
    spec = importlib.util.find_spec("sphinx-mathjax-offline")
    if spec is None or spec.origin is None:
        raise BuildError("sphinx-mathjax-offline is not installed: run `make book`")
    return Path(spec.origin).parent / "static" / "mathjax"


@cache
def refusal(tex: str, macros: str = "{}", *, display: bool = True) -> str:
    r"""Return why MathJax cannot typeset a formula.

    Parameters
    ----------
    tex : str
        The formula, without delimiters.
    macros : str
        The macros of the page as JSON, such as ``{"Tr": "\\operatorname{Tr}"}``.
    display : bool
        Whether the formula stands on a line of its own.

    Returns
    -------
    str
        The message that the reader would see, or nothing if the formula is good.
    """
    return _engine(macros)(tex, display)


@cache
def _engine(macros: str) -> Any:
    """Start MathJax with the macros of a page."""
    import quickjs

    context = quickjs.Context()
    context.eval(_BEFORE)
    for part in _PARTS:
        context.eval((folder() / part).read_text("utf-8"))
    context.eval(_AFTER % (json.dumps(_PACKAGES), macros))
    return context.get("refusal")
