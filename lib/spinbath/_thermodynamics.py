"""What both processes share: reading arguments and free energy from entropy production."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import _ladder
from ._arguments import Floats, broadcast, doubled_spin, spin_count


def read(n: Any, s: Any, **temperatures: Any) -> tuple[Any, ...]:
    """Validate and return `n`, the number of levels ``2 s + 1`` and the inverse temperatures, broadcast."""
    return spin_count(n), doubled_spin(s) + 1, *broadcast(**temperatures)


def heat_at_infinity(beta_B: Floats, beta_0: Floats, N: Floats | float) -> Floats:
    """Energy that a ladder at `beta_0` gains on its way to the end of the spectrum that `beta_B` = +-inf selects."""
    side = np.copysign(1.0, beta_B)
    return -side * _ladder.excitation(side * beta_0, N)


def entropy_production(beta_B: Floats, relative_entropy: Floats) -> Floats:
    """Return `relative_entropy`, infinite where it is positive and `beta_B` is infinite.

    Not before the sum over the multiplets: infinity in a matrix product raises spurious warnings.
    """
    return np.where(np.isinf(beta_B) & (relative_entropy > 0), np.inf, relative_entropy)


def free_energy_change(
    beta_B: Floats, production: Floats, energy_change: Callable[[], Floats]
) -> Floats:
    """Return ``-production / beta_B``, and `energy_change` where `beta_B` is infinite."""
    with np.errstate(divide="ignore", invalid="ignore"):
        change = -production / beta_B
    change = np.where((beta_B == 0) & (production == 0), 0.0, change)
    infinite = np.isinf(beta_B)
    if infinite.any():
        change = np.where(infinite, energy_change(), change)
    return change
