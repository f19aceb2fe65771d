"""One spin of size `J` in thermal equilibrium: the building block of every other module.

`J` may be an array that broadcasts against `beta`. Units: hbar = omega = k_B = 1.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import _ladder
from ._arguments import Floats, doubled_spins, real_array

__all__ = ["energy", "entropy", "log_partition", "variance"]


def _read(beta: Any, J: Any) -> tuple[Floats, Floats]:
    read = real_array(beta, "beta"), doubled_spins(J) + 1.0
    try:
        np.broadcast_shapes(*(array.shape for array in read))
    except ValueError:
        raise ValueError(
            "Arguments `beta` and `J` must broadcast against each other,"
            f" but their shapes were {read[0].shape} and {read[1].shape}."
        ) from None
    return read


def log_partition(beta: Any, *, J: Any) -> Floats:
    """Logarithm of the partition function of one spin.

    Implements Eq. (8), ``Z_J = sum_{m=-J}^{J} exp(-m beta)``.

    Parameters
    ----------
    beta : array_like
        Inverse temperature, any sign; infinite values give ``inf`` (0 for ``J = 0``).
    J : array_like
        Size of the spin, a non-negative half-integer; broadcasts against `beta`.

    Returns
    -------
    ndarray
        ``ln Z_J``: even in `beta`, ``ln(2 J + 1)`` at 0, growing like ``J |beta|``.

    Raises
    ------
    ValueError
        If `beta` is not real or is NaN, or `J` is not a non-negative half-integer.

    Examples
    --------
    >>> round(float(log_partition(0.0, J=1)), 12)
    1.098612288668
    """
    beta, N = _read(beta, J)
    ground = np.multiply(
        (N - 1) / 2,
        np.abs(beta),
        where=N > 1,
        out=np.zeros(np.broadcast_shapes(N.shape, beta.shape)),
    )
    return ground + _ladder.log_sum(np.abs(beta), N)


def energy(beta: Any, *, J: Any) -> Floats:
    """Mean energy of one spin, counted from the centre of its spectrum.

    Implements Eq. (19), ``e_J = <J_z> = -d ln Z_J / d beta``, odd in `beta`.

    Parameters
    ----------
    beta : array_like
        Inverse temperature, any sign, may be infinite.
    J : array_like
        Size of the spin, a non-negative half-integer; broadcasts against `beta`.

    Returns
    -------
    ndarray
        ``e_J`` in ``[-J, J]``: 0 at ``beta = 0``, ``-J`` at ``+inf``, ``J`` at ``-inf``.

    Raises
    ------
    ValueError
        If `beta` is not real or is NaN, or `J` is not a non-negative half-integer.

    Notes
    -----
    Around ``beta = 0`` this is ``-beta J (J + 1) / 3``; the closed form in print, a difference of
    two hyperbolic cotangents, loses all its digits there. Half the difference of the mean
    excitation numbers at ``beta`` and ``-beta`` keeps them.

    Examples
    --------
    >>> float(energy(float("inf"), J="3/2"))
    -1.5
    """
    beta, N = _read(beta, J)
    return _ladder.excitation_difference(beta, -beta, N) / 2


def entropy(beta: Any, *, J: Any) -> Floats:
    """Von Neumann entropy of one spin in equilibrium, in nats.

    Implements Eq. (34), ``S = ln Z_J + beta e_J``, as a sum of two non-negative terms.

    Parameters
    ----------
    beta : array_like
        Inverse temperature, any sign, may be infinite.
    J : array_like
        Size of the spin, a non-negative half-integer; broadcasts against `beta`.

    Returns
    -------
    ndarray
        Entropy: even in `beta`, ``ln(2 J + 1)`` at 0 and 0 at ``+-inf``.

    Raises
    ------
    ValueError
        If `beta` is not real or is NaN, or `J` is not a non-negative half-integer.

    Examples
    --------
    >>> float(entropy(0.0, J=0))
    0.0
    """
    return _ladder.entropy(*_read(beta, J))


def variance(beta: Any, *, J: Any) -> Floats:
    """Variance of the energy of one spin in equilibrium.

    The second derivative of Eq. (8), ``d^2 ln Z_J / d beta^2 = -d e_J / d beta``: the bracket of
    Eq. (G2) is a difference of two of these.

    Parameters
    ----------
    beta : array_like
        Inverse temperature, any sign, may be infinite.
    J : array_like
        Size of the spin, a non-negative half-integer; broadcasts against `beta`.

    Returns
    -------
    ndarray
        Variance: even in `beta`, ``J (J + 1) / 3`` at 0 and 0 at ``+-inf``.

    Raises
    ------
    ValueError
        If `beta` is not real or is NaN, or `J` is not a non-negative half-integer.

    Examples
    --------
    >>> float(variance(0.0, J="1/2"))
    0.25
    """
    return _ladder.variance(*_read(beta, J))
