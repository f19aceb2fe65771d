"""Steady states of the whole ensemble: means over the multiplets."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import sympy as sp

from .. import collective, independent, spectrum
from ._multiplet import log_partition, multiplet_energy, multiplet_entropy, partition
from ._reading import inverse_temperature, is_collective, size, spins


def read(process: ModuleType, n: Any, s: Any, bath: Any, beta_0: Any) -> tuple[Any, ...]:
    return (
        is_collective(process),
        spins(n),
        size(s),
        inverse_temperature(bath, "beta_B"),
        inverse_temperature(beta_0, "beta_0"),
    )


def _mean(property_: Callable[[Any], Any], n: Any, s: Any, beta_0: Any) -> Any:
    """Mean over the multiplets, with the weights ``l_J Z_J(beta_0) / Z_s(beta_0)^n``."""
    if beta_0.is_infinite:
        return property_(n * s)
    if not (n.is_number and s.is_number):
        raise ValueError(
            "Argument `beta_0` must be infinite when `n` or `s` is a symbol, but was"
            f" {beta_0} with n = {n}, s = {s}."
        )
    counts = spectrum.multiplicities(int(n), str(s))
    spins = [n * s - k for k in reversed(range(len(counts)))]
    total = partition(beta_0, J=s) ** n
    return sp.Add(
        *(
            count * partition(beta_0, J=J) / total * property_(J)
            for J, count in zip(spins, counts, strict=True)
        )
    )


def energy(process: ModuleType, beta_B: Any, *, n: Any, s: Any, beta_0: Any = sp.oo) -> Any:
    """Steady-state energy, counted from the ground state.

    Implements Eq. (18), or Eq. (25) for infinite `beta_0`, and Eq. (26).

    Parameters
    ----------
    process : module
        `spinbath.collective` or `spinbath.independent`.
    beta_B : number or sympy expression
        Inverse temperature of the bath.
    n : int or sympy expression
        Number of spins.
    s : int, float, Fraction, str or sympy expression
        Size of each spin.
    beta_0 : number or sympy expression
        Inverse temperature of the initial thermal state. If it is finite, collective dissipation asks for
        `n` and `s` as numbers: the multiplicities are then summed one by one.

    Returns
    -------
    sympy.Expr
        Energy.

    Raises
    ------
    ValueError
        If an argument is not what it must be; the message names it.

    Examples
    --------
    >>> from spinbath.symbolic import beta_B, n
    >>> from spinbath import independent
    >>> energy(independent, beta_B, n=n, s="1/2")
    n*(coth(beta_B/2)/2 - coth(beta_B) + 1/2)
    """
    together, n, s, bath, start = read(process, n, s, beta_B, beta_0)
    if together:
        return n * s + _mean(lambda J: multiplet_energy(bath, J=J), n, s, start)
    return n * (s + multiplet_energy(bath, J=s))


def entropy(process: ModuleType, beta_B: Any, *, n: Any, s: Any, beta_0: Any = sp.oo) -> Any:
    """Steady-state von Neumann entropy, in nats.

    Implements Eqs. (32) to (35), or Eq. (40) for infinite `beta_0`, and Eq. (36).

    Parameters
    ----------
    process, beta_B, n, s, beta_0
        As in `energy`.

    Returns
    -------
    sympy.Expr
        Entropy.

    Raises
    ------
    ValueError
        If an argument is not what it must be; the message names it.

    Examples
    --------
    >>> from spinbath.symbolic import n, s
    >>> from spinbath import collective
    >>> entropy(collective, 0, n=n, s=s)
    log(2*n*s + 1)
    """
    together, n, s, bath, start = read(process, n, s, beta_B, beta_0)
    if not together:
        return n * multiplet_entropy(bath, J=s)

    def term(J: Any) -> Any:
        if start.is_infinite:  # a single multiplet of weight one: nothing to be mixed
            return multiplet_entropy(bath, J=J)
        surprise = n * log_partition(start, J=s) - log_partition(start, J=J)
        return multiplet_entropy(bath, J=J) + surprise

    return _mean(term, n, s, start)


def entropy_production(
    process: ModuleType, beta_B: Any, *, n: Any, s: Any, beta_0: Any = sp.oo
) -> Any:
    """Entropy produced on the way from the thermal state at `beta_0` to the steady state.

    Implements ``Sigma = Delta S - beta_B Delta E`` of Section VII.

    Parameters
    ----------
    process, beta_B, n, s, beta_0
        As in `energy`, but `beta_B` must be finite; here the sign of `beta_0` matters.

    Returns
    -------
    sympy.Expr
        Entropy production.

    Raises
    ------
    ValueError
        If an argument is not what it must be; the message names it.

    Examples
    --------
    >>> from spinbath.symbolic import n, s
    >>> from spinbath import collective
    >>> entropy_production(collective, 0, n=n, s=s)
    log(2*n*s + 1)
    """
    heat, gain, bath = _changes(process, beta_B, n, s, beta_0)
    return gain - bath * heat


def free_energy_change(
    process: ModuleType, beta_B: Any, *, n: Any, s: Any, beta_0: Any = sp.oo
) -> Any:
    """Free energy change on the way from the thermal state at `beta_0` to the steady state.

    Implements ``Delta F = Delta E - Delta S / beta_B`` with the free energy (44).

    Parameters
    ----------
    process, beta_B, n, s, beta_0
        As in `entropy_production`; `beta_B` must not be zero.

    Returns
    -------
    sympy.Expr
        Free energy change.

    Raises
    ------
    ValueError
        If an argument is not what it must be; the message names it.

    Examples
    --------
    >>> from spinbath import collective
    >>> round(float(free_energy_change(collective, 1, n=2, s="1/2")), 12)
    -0.407605964444
    """
    heat, gain, bath = _changes(process, beta_B, n, s, beta_0)
    if bath.is_zero:
        raise ValueError(f"Argument `beta_B` must not be zero, but was {beta_B!r}.")
    return heat - gain / bath


def _changes(process: ModuleType, bath: Any, n: Any, s: Any, beta_0: Any) -> tuple[Any, Any, Any]:
    """Return the changes of energy and entropy and the inverse temperature of the bath."""
    _, n, s, bath, start = read(process, n, s, bath, beta_0)
    if bath.is_infinite:
        raise ValueError(f"Argument `beta_B` must be finite, but was {bath}.")
    heat = energy(process, bath, n=n, s=s, beta_0=start) - energy(independent, start, n=n, s=s)
    gain = entropy(process, bath, n=n, s=s, beta_0=start) - entropy(independent, start, n=n, s=s)
    return heat, gain, bath


def local_beta(beta_B: Any, *, n: Any, beta_0: Any = sp.oo) -> Any:
    """Inverse temperature of one spin 1/2 in the collective steady state.

    Implements Eq. (30): the temperature at which one spin has its share ``E / n`` of the energy.

    Parameters
    ----------
    beta_B, n, beta_0
        As in `energy`.

    Returns
    -------
    sympy.Expr
        ``beta_Loc = ln(n / E - 1)``.

    Raises
    ------
    ValueError
        If an argument is not what it must be; the message names it.

    Examples
    --------
    >>> round(float(local_beta(1, n=2)), 12)
    1.310550090126
    """
    E = energy(collective, beta_B, n=n, s=sp.Rational(1, 2), beta_0=beta_0)
    return sp.log(spins(n) / E - 1)


def work(
    process: ModuleType,
    *,
    beta_h: Any,
    beta_c: Any,
    compression: Any,
    n: Any,
    s: Any,
    beta_0: Any = sp.oo,
) -> Any:
    """Work extracted in one Otto cycle.

    Implements Eq. (49) or (50), ``(1 - lambda) [E(beta_h) - E(lambda beta_c)]``.

    Parameters
    ----------
    process, n, s, beta_0
        As in `energy`.
    beta_h, beta_c : number or sympy expression
        Inverse temperatures of the hot and the cold bath.
    compression : number or sympy expression
        Ratio ``lambda`` of the level spacings in the cold and hot strokes.

    Returns
    -------
    sympy.Expr
        Extracted work.

    Raises
    ------
    ValueError
        If an argument is not what it must be; the message names it.

    Examples
    --------
    >>> from spinbath import collective
    >>> found = work(collective, beta_h=0, beta_c=2, compression="1/2", n=2, s="1/2")
    >>> round(float(found), 12)
    0.287605191302
    """
    hot, cold = inverse_temperature(beta_h, "beta_h"), inverse_temperature(beta_c, "beta_c")
    ratio = inverse_temperature(compression, "compression")
    if ratio.is_number and not 0 < ratio <= 1:
        raise ValueError(f"Argument `compression` must be in (0, 1], but was {compression!r}.")
    at_hot, at_cold = (energy(process, b, n=n, s=s, beta_0=beta_0) for b in (hot, ratio * cold))
    return (1 - ratio) * (at_hot - at_cold)
