"""The symbols of the paper, and the reading of arguments that may be symbols."""

from __future__ import annotations

import math
from fractions import Fraction
from numbers import Rational
from types import ModuleType
from typing import Any

import sympy as sp

from .. import collective, independent
from .._arguments import doubled_spin, spin_count

n = sp.Symbol("n", integer=True, positive=True)
s = sp.Symbol("s", positive=True)
J = sp.Symbol("J", nonnegative=True)
beta, beta_B, beta_0, beta_h, beta_c = sp.symbols("beta beta_B beta_0 beta_h beta_c", real=True)
compression = sp.Symbol("lambda", positive=True)


def spins(n: Any) -> Any:
    """Return the number of spins, or the expression that stands for it."""
    return n if isinstance(n, sp.Expr) and not n.is_number else sp.Integer(spin_count(n))


def size(s: Any, name: str = "s") -> Any:
    """Return the size of a spin as an exact fraction, or the expression that stands for it."""
    symbolic = isinstance(s, sp.Expr) and not s.is_number
    return s if symbolic else sp.Rational(doubled_spin(s, name), 2)


def _number(value: Any) -> Any:
    """Return a number exactly as it stands: a float is a binary fraction."""
    if isinstance(value, bool):
        raise TypeError
    if isinstance(value, (str, Rational)):
        return sp.Rational(Fraction(value))
    value = float(value)
    return sp.sign(value) * sp.oo if math.isinf(value) else sp.Rational(Fraction(value))


def inverse_temperature(value: Any, name: str) -> Any:
    """Return a real number, an infinity or a real expression."""
    try:
        read = value if isinstance(value, sp.Expr) else _number(value)
    except (TypeError, ValueError, OverflowError, ZeroDivisionError):
        read = sp.nan
    if read is sp.nan or read.is_extended_real is False:
        raise ValueError(
            f"Argument `{name}` must be a real number or sympy expression, but was {value!r}."
        )
    return read


def natural_order(order: Any, name: str = "order") -> int:
    """Return a power of a series as an ``int >= 0``."""
    if isinstance(order, bool) or not isinstance(order, (int, sp.Integer)) or order < 0:
        raise ValueError(f"Argument `{name}` must be a non-negative integer, but was {order!r}.")
    return int(order)


def is_collective(process: ModuleType) -> bool:
    """Tell the two processes apart."""
    if process not in (collective, independent):
        raise ValueError(
            "Argument `process` must be spinbath.collective or spinbath.independent,"
            f" but was {process!r}."
        )
    return process is collective
