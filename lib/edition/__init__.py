"""The press: what turns notebooks into the book. It contains no physics.

A notebook uses five names of it::

    from edition import check, curve, figure, not_applicable, panels

`panels` and `curve` draw in the style of the book, `figure` shows a figure and
keeps it with its data, `check` states a claim and compares two routes to it,
`not_applicable` says why a claim is out of reach of the parameters chosen.
The rest runs notebooks, verifies and cleans what they produced, and compiles
the book: ``python -m edition --help``.

The names are loaded when first used, so that a build with nothing to do
never imports numpy or matplotlib.
"""

from importlib import import_module

_HOMES = {
    "CheckFailed": "checks",
    "check": "checks",
    "curve": "plots",
    "figure": "figures",
    "not_applicable": "checks",
    "panels": "plots",
}

__all__ = ["CheckFailed", "check", "curve", "figure", "not_applicable", "panels"]


def __getattr__(name):
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted(__all__)
