"""The paper's own numbers on the pages: a small Sphinx extension.

Sphinx counts equations and figures by itself. Here a label *is* the number: the
equation labelled ``18`` is shown as (18), ``A3`` as (A3), the figure ``fig05`` as
Fig. 5. Everything of ours (figures of another name, tables, code) stays without a
number, so that a number on a page always means the paper's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.domains.math import MathDomain
    from sphinx.environment import BuildEnvironment

# The last equation of the main text ("") and of each appendix that has any.
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

#: The number of each figure of the paper, by the name that notebooks give it.
FIGURES = {f"fig{k:02d}": str(k) for k in range(1, 11)}


def equation_id(label: str) -> str:
    """Name of the anchor that Sphinx gives to the equation with this label."""
    return f"equation-{label.lower()}"


def pin(env: BuildEnvironment) -> None:
    """Replace Sphinx's counters by the paper's numbers.

    An equation label that is no number of the paper's gives a warning, which the
    build turns into a failure.

    Parameters
    ----------
    env : sphinx.environment.BuildEnvironment
        The complete environment; its ``toc_fignumbers`` are changed in place.
    """
    from sphinx.util.logging import getLogger

    counters: dict[str, dict[str, Any]] = env.toc_fignumbers
    for page, numbers in counters.items():
        shown = {k: (FIGURES[k],) for k in numbers.get("figure", ()) if k in FIGURES}
        counters[page] = {"figure": shown}
    for label, page in _equations(env).items():
        counters.setdefault(page, {}).setdefault("displaymath", {})
        counters[page]["displaymath"][equation_id(label)] = (label,)
        if label not in EQUATIONS:
            getLogger(__name__).warning(
                "equation label %r is not one of the paper's", label, location=page
            )


def _equations(env: BuildEnvironment) -> dict[str, str]:
    """Return the page of each labelled equation."""
    domain: MathDomain = env.get_domain("math")  # type: ignore[assignment]
    return {label: page for label, (page, _) in domain.equations.items()}


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension; called by Sphinx."""
    # Sphinx counts until the environment is complete, and writes pages right after
    # this event: it is the one place between the two.
    app.connect("env-check-consistency", lambda app, env: pin(env))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
