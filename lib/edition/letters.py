"""Formulas in plain words, as claims and captions have them, with raised and lowered letters."""

import re
from html import escape

# One letter or a short name with an index; a longer name is one of the code's.
_INDEX = re.compile(
    r"([α-ω]|(?<![A-Za-z_])(?:beta|tau|Var|[A-Za-z]))_(\+|th|ns|[A-Za-z0-9])(?![A-Za-z0-9_])"
)
_POWER = re.compile(r"\^(-?\d+|th|[A-Za-zα-ω](?![A-Za-z]))")
_GREEK = {"beta": "β", "tau": "τ"}


def typeset(text: str) -> str:
    """Return words as HTML, with the indices and powers in them typeset.

    Parameters
    ----------
    text : str
        A sentence with formulas such as ``beta_B``, ``E_+`` or ``10^6``.

    Returns
    -------
    str

    Examples
    --------
    >>> typeset("e_J < 10^6 for beta_0 = 0, whatever n_values")
    'e<sub>J</sub> &lt; 10<sup>6</sup> for β<sub>0</sub> = 0, whatever n_values'
    """
    return _POWER.sub(r"<sup>\1</sup>", _INDEX.sub(_lowered, escape(text)))


def _lowered(found: re.Match[str]) -> str:
    return f"{_GREEK.get(found[1], found[1])}<sub>{found[2]}</sub>"
