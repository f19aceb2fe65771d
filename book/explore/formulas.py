"""The formulas of the page Explore, for two readers: as JavaScript and as TeX.

Both are printed from the same expressions, and these come from `spinbath.symbolic`. The closed forms of one multiplet
cancel for small inverse temperatures and overflow for large ones, so each is rewritten in Boltzmann factors,
and where ``N |beta| < 2`` its power series takes over. With ``q = exp(-|beta|)`` and ``N = 2 J + 1`` energies
count from the end of the spectrum that the temperature selects.
"""

import re
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.codegen.cfunctions import expm1, log1p

from spinbath import independent, symbolic
from spinbath.symbolic import beta_0, beta_B, beta_h, compression, n, s

# Terms of the power series: the last is below 1e-16 of the first where N |beta| < 2.
ORDER = 33

x, N, k = sp.symbols("x N k", positive=True)
J = (N - 1) / 2
a, b = sp.symbols("a b", real=True)
q = sp.Symbol("q", positive=True)
# q^N and q^(N - 1), held apart from q until a form is found.
_whole, _top = sp.symbols("q_N q_M", positive=True)


def _function(name: str, tex: str, hidden: bool = False) -> Any:
    """Return a function known to both printers. TeX shows its last argument below, or not at all."""

    def latex(self: Any, printer: Any, exp: str | None = None) -> str:
        *inner, last = [printer._print(argument) for argument in self.args]
        head = tex if hidden else f"{tex}_{{{last}}}"
        power = f"^{{{exp}}}" if exp else ""
        return rf"{head}\left({', '.join(inner)}\right){power}"

    _OWN[name] = name
    return type(name, (sp.Function,), {"_latex": latex, "is_real": True})


_OWN: dict[str, str] = {"expm1": "Math.expm1", "log1p": "Math.log1p"}


excitation = _function("excitation", r"\varepsilon")
log_sum = _function("logSum", r"\mathcal{L}")
entropy = _function("entropy", r"\mathcal{S}")
entropy_change = _function("entropyChange", r"\Delta\mathcal{S}")
divergence = _function("relativeEntropy", r"\mathcal{D}")
mean_variance = _function("meanVariance", r"\overline{\mathrm{Var}}")


@dataclass(frozen=True)
class Form:
    """One function of a multiplet: what it means, and how it is computed without loss of digits."""

    name: str
    tex: str
    meaning: str
    closed: Any  # in q, q^N and q^(N - 1)
    series: Any  # in x = |beta|
    mirrored: Any  # value at -x in terms of the value y at x

    def shown(self) -> str:
        """Return the closed form in TeX, with ``1 - q`` where sympy prefers ``q - 1``."""
        powers = {q: q, _whole: q**N, _top: q ** (N - 1)}
        rests = {factor: sp.Symbol(f"(1 - {tex(power)})") for factor, power in powers.items()}
        form = self.closed.replace(log1p, lambda w: sp.log(1 + w))
        form = form.subs({factor - 1: -rest for factor, rest in rests.items()}).subs(powers)
        return re.sub(r"\{\((1 - [^()]*)\)\}", r"{\1}", sp.latex(form, order="rev-lex"))

    def script(self) -> str:
        """Return the function in JavaScript."""
        stable = _without_cancellation(self.closed)
        mirrored = "y" if self.mirrored == _y else f"beta < 0 ? {javascript(self.mirrored)} : y"
        return (
            f"function {self.name}(beta, N) {{\n"
            "  const x = Math.abs(beta), t = x * x;\n"
            f"  const y = N * x < 2\n    ? {_horner(self.series)}\n    : {javascript(stable)};\n"
            f"  return {mirrored};\n}}"
        )


_y = sp.Symbol("y")


def _without_cancellation(form: Any) -> Any:
    """Put exponentials for the Boltzmann factors, and expm1 for ``exp - 1``."""
    rates = {q: x, _whole: N * x, _top: (N - 1) * x}
    form = form.replace(
        lambda e: e.is_Add and len(e.args) == 2 and 1 in e.args and -(e - 1) in rates,
        lambda e: -expm1(-rates[1 - e]),
    ).replace(
        lambda e: e.is_Add and len(e.args) == 2 and -1 in e.args and e + 1 in rates,
        lambda e: expm1(-rates[e + 1]),
    )
    return form.subs({factor: sp.exp(-rate) for factor, rate in rates.items()})


def javascript(expression: Any) -> str:
    """Return an expression as JavaScript."""
    return str(sp.jscode(expression, user_functions=_OWN))


def tex(expression: Any) -> str:
    """Return an expression as TeX."""
    return str(sp.latex(expression, symbol_names={k: "n s - J", log_p: r"\ln p_J(\beta_0)"}))


def _horner(series: Any) -> str:
    """Return a polynomial in x, its even and its odd powers each nested in t = x^2."""
    terms = sp.Poly(series, x, domain=sp.EX).as_dict()
    even, odd = (
        _nested([terms.get((power,), sp.S.Zero) for power in range(first, max(terms)[0] + 1, 2)])
        for first in (0, 1)
    )
    return javascript(even + x * odd)


def _nested(coefficients: list[Any]) -> Any:
    total = sp.S.Zero
    for coefficient in reversed(coefficients):
        plain = sp.sympify(coefficient)
        total = total * sp.Symbol("t") + sp.factor_terms(sp.expand(getattr(plain, "ex", plain)))
    return total


def _boltzmann(expression: Any) -> Any:
    """Write hyperbolic functions of x / 2 and N x / 2 in q and q^N."""
    factor = {-x: q, -N * x: _whole}
    waves = expression.replace(sp.coth, lambda y: (1 + sp.exp(-2 * y)) / (1 - sp.exp(-2 * y)))
    waves = waves.replace(sp.sinh, lambda y: sp.exp(y) * (1 - sp.exp(-2 * y)) / 2)
    return sp.powsimp(waves).replace(sp.exp, lambda y: factor.get(sp.expand(y), sp.exp(y)))


def _separated(expression: Any) -> Any:
    """Split a function of q and q^N that vanishes at zero into one of each: nothing cancels for small q."""
    together = sp.together(_boltzmann(expression))
    parts = [sp.factor(together.subs(other, 0)) for other in (_whole, q)]
    if together.subs({q: 0, _whole: 0}) != 0 or sp.simplify(together - sum(parts)) != 0:
        raise ArithmeticError(f"{expression} is no sum of a function of q and one of q^N")
    return sp.Add(*parts)


def _even(expression: Any) -> Any:
    if sp.simplify(expression - expression.subs(x, -x)) != 0:
        raise ArithmeticError(f"{expression} is not even")
    return _y


def forms() -> list[Form]:
    """Return the functions of one multiplet, derived from `spinbath.symbolic`."""
    energy = symbolic.multiplet_energy(x, J=J)
    if sp.simplify(energy + energy.subs(x, -x)) != 0:
        raise ArithmeticError("the energy of a multiplet is not odd")
    variance = symbolic.multiplet_variance(x, J=J)
    ratio = _boltzmann(symbolic.partition(x, J=J) * sp.exp(sp.expand(-J * x)))
    excited = sp.factor(sp.expand(sp.cancel(ratio.subs(_whole, q * _top)) - 1))
    low, total = _separated(energy + J), log1p(excited)
    rise = sp.expand(symbolic.energy_series(independent, x, ORDER, n=1, s=J))
    fall = sp.expand(symbolic.entropy_series(independent, x, ORDER + 1, n=1, s=J))
    zero = symbolic.entropy(independent, 0, n=1, s=J)
    return [
        Form("excitation", r"\varepsilon_N(\beta) = e_J + J", "energy above the lowest level",
             low, rise, N - 1 - _y),
        Form("logSum", r"\mathcal{L}_N(\beta) = \ln Z_J - J\beta", "logarithm of the sum over levels",
             total, zero + fall - sp.expand(x * rise), _y + (N - 1) * sp.Symbol("x", positive=True)),
        Form("entropy", r"\mathcal{S}_N(\beta) = \mathcal{L}_N + \beta\,\varepsilon_N", "entropy",
             total + x * low, zero + fall, _y),
        Form("entropyChange", r"\Delta\mathcal{S}_N(\beta) = \mathcal{S}_N(\beta) - \mathcal{S}_N(0)",
             "entropy relative to an infinitely hot bath", total + x * low - zero, fall, _y),
        Form("variance", r"\mathrm{Var}_N(\beta) = -\mathrm{d}\varepsilon_N/\mathrm{d}\beta", "energy variance",
             _separated(variance), -sp.diff(rise, x), _even(variance)),
    ]  # fmt: skip


def relative_entropy() -> Any:
    """Return the relative entropy of a multiplet at `a` to one at `b`, the entropy it produces on its way."""

    def state(beta: Any) -> tuple[Any, Any]:
        return log_sum(beta, N) + beta * excitation(beta, N), excitation(beta, N)

    (before, start), (after, end) = state(a), state(b)
    production = sp.expand(after - before - b * (end - start))
    return sp.collect(production, start)


def log_probability() -> Any:
    """Return ``ln p_J(beta_0)`` at ``J = n s - k``, the weight of one multiplet in the initial state."""

    def log_partition(J: Any, N: Any) -> Any:
        return log_sum(beta_0, N) + J * beta_0

    return sp.expand(log_partition(n * s - k, N) - n * log_partition(s, 2 * s + 1))


@dataclass(frozen=True)
class Quantity:
    """A property of the ensemble: the mean over its multiplets, and the same for spins on their own."""

    name: str
    symbol: str
    term: Any

    def together(self, beta: Any = beta_B) -> Any:
        """Return the value under collective dissipation, as a name."""
        tex = rf"{self.symbol}^\infty_{{\beta_0}}"
        return _function(f"{self.name}Together", tex, hidden=True)(beta, _context)

    def apart(self, beta: Any = beta_B) -> Any:
        """Return the value under independent dissipation, as a name."""
        tex = rf"{self.symbol}^{{\rm th}}"
        return _function(f"{self.name}Apart", tex, hidden=True)(beta, _context)

    @property
    def one_by_one(self) -> Any:
        """The value for spins on their own: `n` times that of a multiplet ``J = s``."""
        return n * self.term.subs({k: 0, N: 2 * s + 1, log_p: 0})

    def shown(self, beta: Any = beta_B) -> list[str]:
        """Return both definitions in TeX, at the bath's inverse temperature `beta`."""
        at = {beta_B: beta}
        inner = tex(self.term.subs(at | {N: 2 * _J + 1}))
        mean = rf"\sum_J l_J\,p_J(\beta_0)\left[{inner}\right]"
        return [
            f"{tex(self.together(beta))} = {mean}",
            f"{tex(self.apart(beta))} = {tex(self.one_by_one.subs(at))}",
        ]

    def script(self) -> str:
        """Return both as JavaScript."""
        head = "(beta_B, c) {\n  const { n, s, beta_0, beta_h } = c;\n  return "
        mean = f"mean(c, (k, N, logProbability) => {javascript(self.term)})"
        return (
            f"function {self.name}Together{head}{mean};\n}}\n"
            f"function {self.name}Apart{head}{javascript(self.one_by_one)};\n}}"
        )


_context = sp.Symbol("c")
_J = sp.Symbol("J")
log_p = sp.Symbol("logProbability")
ENERGY = Quantity("energy", "E", k + excitation(beta_B, N))
ENTROPY = Quantity("entropy", "S", entropy(beta_B, N) - log_p)
GAIN = Quantity("entropyGain", r"\Delta S", entropy_change(beta_B, N))
PRODUCTION = Quantity("production", r"\Sigma", divergence(beta_0, beta_B, N))
RESPONSE = Quantity("response", "R", mean_variance(beta_h, beta_B, N))
QUANTITIES = (ENERGY, ENTROPY, GAIN, PRODUCTION, RESPONSE)


def curves() -> dict[int, dict[str, Any]]:
    """Return what each figure of the paper draws against ``beta_B``, or ``lambda beta_c`` in Fig. 9."""
    E, S, rise, sigma = ((z.together(), z.apart()) for z in (ENERGY, ENTROPY, GAIN, PRODUCTION))
    free = [-value / beta_B for value in sigma]
    shrink, response = 1 - compression, (RESPONSE.together(), RESPONSE.apart())
    work = [shrink * (beta_B - beta_h) * R for R in response]
    more = shrink * sp.Abs(beta_B - beta_h) * (response[0] - response[1])  # |W^coh| - |W^inc|
    pair = ("together", "apart")

    def both(values: Any, share: Any = 1) -> dict[str, Any]:
        return {name: value / share for name, value in zip(pair, values, strict=True)}

    return {
        1: both(E), 2: both(E), 3: both(E, n * s), 4: {"ratio": E[0] / E[1]},
        5: both(S), 6: {"ratio": S[1] / S[0]},
        7: both(free) | {f"{name}Each": value / n for name, value in zip(pair, free, strict=True)},
        8: both(sigma, n),
        9: {"more": more / (shrink * n * s), "moreWork": more, "ratio": work[0] / work[1]},
        10: both(rise),
    }  # fmt: skip


# The quantity behind each figure.
DRAWN = {
    1: ENERGY, 2: ENERGY, 3: ENERGY, 4: ENERGY, 5: ENTROPY, 6: ENTROPY,
    7: PRODUCTION, 8: PRODUCTION, 9: RESPONSE, 10: GAIN,
}  # fmt: skip
