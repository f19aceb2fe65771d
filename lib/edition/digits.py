"""Numbers as text, without the digits that are noise.

The last digits of a result depend on the processor: on which instructions numpy, the
linear algebra and the C library find there. What is written down ends before them, so
that the text is the same everywhere, but for the rare number that lies so close to the
middle between two texts that its noise decides.
"""

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

# A double holds no more.
MOST = 17


def require(digits: int, decimals: int | None) -> None:
    """Refuse what no number can be rounded to.

    Parameters
    ----------
    digits, decimals : object
        As for `written`.

    Raises
    ------
    ValueError
    """
    if not _whole(digits) or not 1 <= digits <= MOST:
        raise ValueError(
            f"Argument `digits` must be a whole number from 1 to {MOST}, but was {digits!r}"
        )
    if decimals is not None and not _whole(decimals):
        raise ValueError(f"Argument `decimals` must be a whole number, but was {decimals!r}")


def _whole(value):
    return isinstance(value, int) and not isinstance(value, bool)


def written(column: "np.ndarray", digits: int, decimals: int | None = None) -> Iterable[str]:
    """Return numbers as the shortest texts that tell them to a number of digits.

    Parameters
    ----------
    column : ndarray
        Integers, which are written as they are, or floats.
    digits : int
        How many significant digits to keep, at most.
    decimals : int, optional
        How many digits to keep behind the decimal point, at most.

    Returns
    -------
    iterable of str
    """
    numbers = column.tolist()
    if column.dtype.kind != "f":
        return map(repr, numbers)
    if decimals is not None:
        numbers = [round(x, decimals) for x in numbers]
    # Adding 0 turns -0 into 0: what is left of noise has no sign.
    return (repr(float(f"{x:.{digits - 1}e}") + 0.0) for x in numbers)


def unit(value: float, digits: int, decimals: int | None = None) -> float:
    """Return one unit of the last digit that `written` keeps of a number.

    Parameters
    ----------
    value : float
    digits, decimals : int
        As for `written`.

    Returns
    -------
    float
        Zero for the number zero, of which all decimals are kept.
    """
    behind = digits - 1 - math.floor(math.log10(abs(value))) if value else math.inf
    if decimals is not None:
        behind = min(behind, decimals)
    return 10.0**-behind
