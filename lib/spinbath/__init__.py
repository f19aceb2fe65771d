"""Spins that a bath cannot tell apart: energy, entropy and work of their steady state.

A thin library of the formulas of C. L. Latune, I. Sinayskiy and F. Petruccione,
"Thermodynamics from indistinguishability: Mitigating and amplifying the effects of the bath",
Phys. Rev. Research 1, 033192 (2019).

Two processes share one interface, `collective` and `independent`; `spectrum` holds the total
spins of an ensemble, `multiplet` the thermodynamics of one spin, `otto` the heat engine.

Units are hbar = omega = k_B = 1 throughout. An energy is counted from the ground state unless said
otherwise. An inverse temperature may be positive, negative, zero or infinite.
"""

from . import collective, independent, multiplet, otto, spectrum

__all__ = ["collective", "independent", "multiplet", "otto", "spectrum"]
__version__ = "0.1.0"
