"""Outputs of a run that a sweep asks for: expressions, evaluated when the notebook has ended.

They are asked for in a last cell of a copy, of which the executed notebook shows nothing.
"""

import copy
import math
from collections.abc import Mapping
from typing import Any

from edition.source import Notebook

MIME = "application/vnd.edition.outcomes+json"
CELL_ID = "outcomes"
HEADING = "# the outputs that were asked for"


def asking(notebook: Notebook, outputs: Mapping[str, str]) -> Notebook:
    """Return a copy of a notebook that tells some of its values in the end.

    Parameters
    ----------
    notebook : dict
    outputs : mapping of str to str
        Expressions in the variables of the notebook, by the names to give them.

    Returns
    -------
    dict
    """
    pairs = ", ".join(f"{name!r}: ({expression})" for name, expression in outputs.items())
    source = f"{HEADING}\nfrom edition import outcomes as _outcomes\n_outcomes.tell({{{pairs}}})"
    cell: dict[str, Any] = {
        "cell_type": "code",
        "execution_count": None,
        "id": CELL_ID,
        "metadata": {},
        "outputs": [],
        "source": source,
    }
    return copy.deepcopy(notebook) | {"cells": [*copy.deepcopy(notebook["cells"]), cell]}


def tell(values: Mapping[str, Any]) -> None:
    """Publish values, from inside the notebook.

    Parameters
    ----------
    values : mapping of str to object
        Numbers, truth values, texts, None, and arrays or lists of them.

    Raises
    ------
    ValueError
        If one is something else.
    """
    from IPython.display import publish_display_data

    publish_display_data({MIME: {name: _plain(name, value) for name, value in values.items()}})


def _plain(name, value):
    """Return a value as JSON knows it, where there is no infinity."""
    value = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(value, (list, tuple)):
        return [_plain(name, item) for item in value]
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, complex) or not hasattr(value, "__float__"):
        raise ValueError(
            f"Output `{name}` must be a real number, a truth value, a text or an array of "
            f"them, but was {value!r}"
        )
    number = float(value)
    return number if math.isfinite(number) else str(number)


def answers(run: Notebook) -> dict[str, Any]:
    """Return what a run that was asked told in the end.

    Parameters
    ----------
    run : dict
        What papermill returned.

    Returns
    -------
    dict of str to object
        Infinities and NaN are the texts "inf", "-inf" and "nan".
    """
    last = run["cells"][-1]
    return dict(last["outputs"][-1]["data"][MIME])
