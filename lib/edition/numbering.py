"""The paper's own numbers on the pages: a small Sphinx extension.

Sphinx counts equations and figures by itself. Here a label *is* the number: the equation labelled ``18`` is shown as
(18), ``A3`` as (A3), the figure ``fig05`` as Fig. 5. Everything of ours (figures with another name, tables, code) stays
without a number, so that a number on a page always means the paper's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

_LAST_EQUATION = {
    "": 55,
    "A": 5,
    "C": 7,
    "D": 9,
    "E": 4,
    "F": 8,
    "G": 5,
    "H": 3,
    "I": 2,
    "J": 11,
    "K": 7,
}

#: The numbers of the paper's 116 equations, as text.
EQUATIONS = frozenset(
    f"{part}{k}" for part, last in _LAST_EQUATION.items() for k in range(1, last + 1)
)

#: The number of each of the paper's figures, by the name that notebooks give it.
FIGURES = {f"fig{k:02d}": str(k) for k in range(1, 11)}


def equation_id(label: str) -> str:
    """Name of the anchor that Sphinx gives the equation with this label."""
    return f"equation-{label.lower()}"


def pin(app: Sphinx, env: BuildEnvironment) -> None:
    """Replace Sphinx's counters by the paper's numbers.

    The counters are last set when the environment is complete, so this runs on ``env-check-consistency``, the one event
    between that and the writing of the pages. A label that is no number of the paper's is a warning.
    """
    from sphinx.util import logging

    logger = logging.getLogger(__name__)
    for numbers in env.toc_fignumbers.values():
        pinned = {
            name: (FIGURES[name],)
            for name in numbers.get("figure", {})
            if name in FIGURES
        }
        numbers.clear()
        numbers["figure"] = pinned
    for label, (docname, _) in env.get_domain("math").equations.items():  # type: ignore[attr-defined]
        if label not in EQUATIONS:
            logger.warning(
                "equation label %r is not a number of the paper's",
                label,
                location=docname,
            )
        displaymath = env.toc_fignumbers.setdefault(docname, {}).setdefault(
            "displaymath", {}
        )
        displaymath[equation_id(label)] = (label,)  # type: ignore[assignment]


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension to Sphinx."""
    app.connect("env-check-consistency", lambda app, env: pin(app, env))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
