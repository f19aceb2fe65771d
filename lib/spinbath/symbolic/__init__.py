"""The quantities of the paper as `sympy` expressions, derived from their definitions.

Nothing here is typed in but three definitions: the sum over `m` in Eq. (8), ``E = -d ln Z / d beta`` and
``S = ln Z + beta E``. What the other functions return is derived from them, with `n` and `s` as symbols wherever the
answer is one formula for all ensembles. The functions have the names and the arguments of the numerical
modules; the process comes first, as in `spinbath.reference`:

>>> from spinbath import collective
>>> energy_series(collective, beta_B, 1, n=n, s=s)
-beta_B*n*s*(n*s + 1)/3 + n*s

An inverse temperature may be any real `sympy` expression or number, and ``sympy.oo`` or ``-sympy.oo``; `n` and `s` may
be numbers or expressions. ``import spinbath`` loads neither this module nor `sympy`.

The powers of ``beta`` come from one series, ``y coth y = sum_k B_2k (2 y)^(2k) / (2k)!``. With ``y = N beta / 2`` and
``N = 2 J + 1`` the energy (19) of one multiplet is ``sum_k B_2k (1 - N^2k) beta^(2k-1) / (2k)!``: a polynomial
in ``N^2`` at every order. Its mean over the multiplets needs the moments ``<N^2k>`` only, which `moment` gives for any
`n`, `s` and `beta_0`. So a single derivation covers Eqs. (27), (28), (42), (43) and initial states that
the paper leaves out.
"""

from ._multiplet import (
    log_partition,
    multiplet_energy,
    multiplet_entropy,
    multiplet_variance,
    partition,
    partition_sum,
)
from ._reading import J, beta, beta_0, beta_B, beta_c, beta_h, compression, n, s
from ._series import energy_series, entropy_series, moment, work_ratio_series
from ._states import energy, entropy, entropy_production, free_energy_change, local_beta, work
from ._values import values

__all__ = [
    "J",
    "beta",
    "beta_0",
    "beta_B",
    "beta_c",
    "beta_h",
    "compression",
    "energy",
    "energy_series",
    "entropy",
    "entropy_production",
    "entropy_series",
    "free_energy_change",
    "local_beta",
    "log_partition",
    "moment",
    "multiplet_energy",
    "multiplet_entropy",
    "multiplet_variance",
    "n",
    "partition",
    "partition_sum",
    "s",
    "values",
    "work",
    "work_ratio_series",
]
