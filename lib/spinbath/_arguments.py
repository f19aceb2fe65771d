"""Reading of arguments: every public function passes through here once."""

from __future__ import annotations

import operator
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]

# Beyond this inverse temperature every Boltzmann factor of a gap is zero in double
# precision, even times the largest multiplicity: it stands in for infinity.
COLD = 800.0


def spin_count(n: Any) -> int:
    """Return the number of spins as an ``int >= 1``."""
    try:
        count = operator.index(n)
    except TypeError:
        count = 0
    if count < 1 or isinstance(n, (bool, np.bool_)):
        raise ValueError(f"Argument `n` must be a positive integer, but was {n!r}.")
    return count


def doubled_spin(s: Any, name: str = "s") -> int:
    """Return ``2 s`` as an exact integer ``>= 0``; `s` may be a number or text."""
    try:
        doubled = 2 * Fraction(s if isinstance(s, (str, int, Fraction)) else float(s))
    except (TypeError, ValueError, OverflowError, ZeroDivisionError):
        doubled = Fraction(-1)
    if doubled < 0 or doubled.denominator != 1 or isinstance(s, (bool, np.bool_)):
        raise ValueError(
            f"Argument `{name}` must be a non-negative half-integer"
            f" (0, 1/2, 1, ... or text such as '3/2'), but was {s!r}."
        )
    return int(doubled)


def doubled_spins(J: Any, name: str = "J") -> Floats:
    """Return ``2 J`` as a float array of non-negative integers; `J` may be an array."""
    if isinstance(J, (str, Fraction)):
        return np.asarray(float(doubled_spin(J, name)))
    doubled = 2 * real_array(J, name)
    if not (
        np.all(np.isfinite(doubled))
        and np.all(doubled >= 0)
        and np.all(doubled == np.rint(doubled))
    ):
        raise ValueError(f"Argument `{name}` must hold non-negative half-integers, but was {J!r}.")
    return doubled


def real_array(value: Any, name: str) -> Floats:
    """Return `value` as a float array without NaN; infinities are allowed."""
    try:
        array = np.asarray(value)
        if array.dtype == object:
            array = np.array([float(x) for x in array.flat]).reshape(array.shape)
        if array.dtype.kind not in "iuf":
            raise TypeError
        array = array.astype(np.float64)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(
            f"Argument `{name}` must be real (a number or an array of numbers), but was {value!r}."
        ) from None
    if np.any(np.isnan(array)):
        raise ValueError(f"Argument `{name}` must not contain NaN, but was {value!r}.")
    return array


def broadcast(**arrays: Any) -> tuple[Floats, ...]:
    """Read inverse temperatures by name and broadcast them against each other."""
    read = [real_array(value, name) for name, value in arrays.items()]
    try:
        return tuple(np.broadcast_arrays(*read))
    except ValueError:
        shapes = " and ".join(
            f"`{name}` {array.shape}" for name, array in zip(arrays, read, strict=True)
        )
        raise ValueError(
            f"Arguments must broadcast against each other, but their shapes were {shapes}."
        ) from None
