"""One multiplet of total spin `J`: the formulas of which all others are sums."""

from __future__ import annotations

from typing import Any

import sympy as sp

from ._reading import inverse_temperature, size

_x = sp.Dummy("x", real=True)


def _put(value: Any, expression: Any, zero: Any, infinity: Any) -> Any:
    """Put `value` for the variable, or the limit where the formula itself reads 0/0 or inf - inf."""
    if value.is_zero:
        return zero
    return infinity if value.is_infinite else expression.subs(_x, value)


def partition_sum(beta: Any, *, J: Any) -> sp.Sum:
    """Partition function of one multiplet, as the paper defines it.

    Implements the first line of Eq. (8): ``Z_J = sum_m exp(-m beta)``, not evaluated.

    Parameters
    ----------
    beta : number or sympy expression
        Inverse temperature.
    J : number or sympy expression
        Total spin.

    Returns
    -------
    sympy.Sum
        The sum; its method ``doit`` adds the geometric series up.

    Raises
    ------
    ValueError
        If an argument is not what it must be; the message names it.

    Examples
    --------
    >>> from spinbath.symbolic import beta
    >>> partition_sum(beta, J=1).doit()
    exp(beta) + 1 + exp(-beta)
    """
    J, m = size(J, "J"), sp.Symbol("m")
    return sp.Sum(sp.exp(-m * inverse_temperature(beta, "beta")), (m, -J, J))


def partition(beta: Any, *, J: Any) -> Any:
    """Partition function of one multiplet, summed.

    Implements the last line of Eq. (8).

    Parameters
    ----------
    beta, J
        As in `partition_sum`.

    Returns
    -------
    sympy.Expr
        ``sinh((2 J + 1) beta / 2) / sinh(beta / 2)``: ``2 J + 1`` at ``beta = 0``, ``oo`` at ``+-oo``
        (1 for ``J = 0``).

    Raises
    ------
    ValueError
        If an argument is not what it must be; the message names it.

    Examples
    --------
    >>> from spinbath.symbolic import beta
    >>> partition(beta, J="1/2")
    sinh(beta)/sinh(beta/2)
    """
    N, value = 2 * size(J, "J") + 1, inverse_temperature(beta, "beta")
    ends = sp.Integer(1) if N == 1 else sp.oo  # a single level has nowhere to go
    return _put(value, sp.sinh(N * _x / 2) / sp.sinh(_x / 2), N, ends)


def log_partition(beta: Any, *, J: Any) -> Any:
    """Logarithm of `partition`.

    Parameters
    ----------
    beta, J
        As in `partition_sum`.

    Returns
    -------
    sympy.Expr
        ``ln Z_J``.

    Raises
    ------
    ValueError
        If an argument is not what it must be; the message names it.

    Examples
    --------
    >>> from spinbath.symbolic import J
    >>> log_partition(0, J=J)
    log(2*J + 1)
    """
    return sp.log(partition(beta, J=J))


def _minus_derivative(order: int, J: Any) -> Any:
    """Return ``(-d/dx)^order ln Z_J(x)``, every cosh written as coth times sinh."""
    argument = sp.Wild("argument")
    first = -sp.diff(log_partition(_x, J=J), _x)
    first = sp.expand(
        first.replace(sp.cosh(argument), sp.coth(argument) * sp.sinh(argument)), deep=False
    )
    return (-1) ** (order - 1) * sp.diff(first, _x, order - 1)


def multiplet_energy(beta: Any, *, J: Any) -> Any:
    """Energy of one multiplet in its thermal state, from the middle of the ladder.

    Implements Eq. (19) as the derivative ``-d ln Z_J / d beta``.

    Parameters
    ----------
    beta, J
        As in `partition_sum`.

    Returns
    -------
    sympy.Expr
        ``e_J``: odd in `beta`, ``-+J`` at ``+-oo``.

    Raises
    ------
    ValueError
        If an argument is not what it must be; the message names it.

    Examples
    --------
    >>> from spinbath.symbolic import beta
    >>> multiplet_energy(beta, J=1)
    coth(beta/2)/2 - 3*coth(3*beta/2)/2
    """
    J, value = size(J, "J"), inverse_temperature(beta, "beta")
    return _put(value, _minus_derivative(1, J), sp.Integer(0), -sp.sign(value) * J)


def multiplet_variance(beta: Any, *, J: Any) -> Any:
    """Energy variance of one multiplet in its thermal state.

    Implements ``d^2 ln Z_J / d beta^2``: minus the derivative of Eq. (19), the terms of Eqs. (G2) and (G4).

    Parameters
    ----------
    beta, J
        As in `partition_sum`.

    Returns
    -------
    sympy.Expr
        Variance; ``J (J + 1) / 3`` at ``beta = 0``.

    Raises
    ------
    ValueError
        If an argument is not what it must be; the message names it.

    Examples
    --------
    >>> from spinbath.symbolic import J
    >>> multiplet_variance(0, J=J)
    J*(J + 1)/3
    """
    J, value = size(J, "J"), inverse_temperature(beta, "beta")
    return _put(value, _minus_derivative(2, J), J * (J + 1) / 3, sp.Integer(0))


def multiplet_entropy(beta: Any, *, J: Any) -> Any:
    """Entropy of one multiplet in its thermal state, in nats.

    Implements Eq. (34), ``ln Z_J + beta e_J``.

    Parameters
    ----------
    beta, J
        As in `partition_sum`.

    Returns
    -------
    sympy.Expr
        Entropy; ``ln(2 J + 1)`` at ``beta = 0`` and 0 at ``+-oo``.

    Raises
    ------
    ValueError
        If an argument is not what it must be; the message names it.

    Examples
    --------
    >>> from spinbath.symbolic import J
    >>> multiplet_entropy(0, J=J)
    log(2*J + 1)
    """
    J, value = size(J, "J"), inverse_temperature(beta, "beta")
    expression = log_partition(_x, J=J) + _x * _minus_derivative(1, J)
    return _put(value, expression, sp.log(2 * J + 1), sp.Integer(0))
