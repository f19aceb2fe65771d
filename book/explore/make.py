"""Write the live part of the page Explore into a folder: ``python make.py FOLDER``.

The same input gives the same bytes. `formulas` derives what is physics; the scripts beside this
file draw it.
"""

import sys
from html import escape
from pathlib import Path
from typing import Any

import formulas
import numpy as np
import sympy as sp

from spinbath import collective, independent, symbolic
from spinbath.symbolic import beta_B, n, s

HERE = Path(__file__).parent
# The last figure of each page that has figures of the paper.
SECTIONS = {
    4: "05_energy",
    6: "06_entropy",
    8: "07_free_energy_and_entropy_production",
    10: "08_applications",
}
SCRIPTS = ("ensemble.js", "figures.js", "plot.js", "page.js")


def multiplet_script() -> str:
    """Return the functions of one multiplet, in JavaScript."""
    far = formulas.javascript(formulas.relative_entropy())
    weight = formulas.javascript(formulas.log_probability())
    return "\n".join([
        *(form.script() for form in formulas.forms()),
        f"const farRelativeEntropy = (a, b, N) => {far};",
        f"const logProbability = (beta_0, k, N, {{ n, s }}) => {weight};",
    ])  # fmt: skip


def curves_script() -> str:
    """Return what the figures draw, in JavaScript."""
    given = "const { n, s, beta_h, lambda } = c;"
    figures = [
        f"  {figure}: {{\n"
        + "".join(
            f"    {name}(beta_B, c) {{ {given} return {formulas.javascript(value)}; }},\n"
            for name, value in lines.items()
        )
        + "  },\n"
        for figure, lines in formulas.curves().items()
    ]
    quantities = [quantity.script() for quantity in formulas.QUANTITIES]
    return "\n".join([*quantities, "const curves = {\n" + "".join(figures) + "};"])


def gauss() -> str:
    """Return the rule of Gauss and Legendre on the interval from 0 to 1."""
    nodes, weights = np.polynomial.legendre.leggauss(12)
    pairs = zip(((1 + nodes) / 2).tolist(), (weights / 2).tolist(), strict=True)
    return f"const GAUSS = {[list(pair) for pair in pairs]};"


def script() -> str:
    """Return the whole script of the page."""
    own = [(HERE / name).read_text("utf-8") for name in SCRIPTS]
    parts = [gauss(), multiplet_script(), own[0], curves_script(), *own[1:]]
    return "(() => {\n" + '"use strict";\n' + "\n".join(parts) + "})();\n"


def limits(quantity: formulas.Quantity) -> list[str]:
    """Return the closed forms for an initial state of one multiplet, in TeX."""
    makers = {
        "E": (symbolic.energy, "E_+", r"E^{\rm th}"),
        "S": (symbolic.entropy, "S_+", r"S^{\rm th}"),
        r"\Sigma": (symbolic.entropy_production, r"\Sigma_+", r"\Sigma^{\rm th}_+"),
    }
    if quantity.symbol not in makers:
        return []
    make, *names = makers[quantity.symbol]
    values = [make(process, beta_B, n=n, s=s) for process in (collective, independent)]
    return [_rows(rf"{name}(\beta_B)", value) for name, value in zip(names, values, strict=True)]


def _rows(name: str, value: Any, most: int = 200) -> str:
    """Return an equation in TeX; if it is long, one term in each row."""
    line = f"{name} = {formulas.tex(value)}"
    if len(line) < most:
        return line
    terms = [formulas.tex(sp.factor_terms(term)) for term in sp.expand(value).as_ordered_terms()]
    first, *more = [term if term.startswith("-") else f"+ {term}" for term in terms]
    rows = [f"{name} ={{}} &{first.removeprefix('+ ')}", *(f"&{term}" for term in more)]
    return r"\begin{aligned}" + r"\\".join(rows) + r"\end{aligned}"


def shown(figure: int) -> str:
    """Return the formulas of one figure, as they stand below it."""
    quantity, lines = formulas.DRAWN[figure], formulas.curves()[figure].values()
    cold = sp.Symbol(r"\lambda\beta_c") if figure == 9 else beta_B
    drawn = [formulas.tex(value.subs(beta_B, cold)) for value in lines]
    parts = [
        ("Drawn:", [r",\qquad ".join(drawn)]),
        ("where", quantity.shown(cold)),
        ("For β<sub>0</sub> → ∞, with a single multiplet left:", limits(quantity)),
    ]
    text = "".join(
        f"<p>{head}</p>" + "".join(_display(formula) for formula in found)
        for head, found in parts
        if found
    )
    section = next(stem for last, stem in SECTIONS.items() if figure <= last)
    link = f'<a href="{section}.html#fig{figure:02}">Figure {figure} in its section, with its checks</a>'
    return f'<div class="formula away" data-figure="{figure}"><p>{link}</p>{text}</div>\n'


def _display(formula: str) -> str:
    return f'<div class="math notranslate nohighlight">\\[{escape(formula)}\\]</div>'


def figures() -> str:
    """Return the live figures: style, elements, formulas and script."""
    page = (HERE / "page.html").read_text("utf-8")
    page = page.replace("@FORMULAS@", "".join(shown(figure) for figure in formulas.DRAWN))
    style = (HERE / "page.css").read_text("utf-8")
    return f"<style>\n{style}</style>\n{page}<script>\n{script()}</script>\n"


def explanation() -> str:
    """Return the section that tells which formulas run, as MyST Markdown."""
    lines = [_form(form) for form in formulas.forms()]
    code = escape(multiplet_script() + "\n" + curves_script(), quote=False)
    return (HERE / "formulas.md.in").read_text("utf-8").format(
        forms="\n".join(lines),
        order=formulas.ORDER,
        relative_entropy=sp.latex(formulas.relative_entropy(), order="rev-lex"),
        log_probability=sp.latex(formulas.log_probability()),
        code=code,
    )  # fmt: skip


def _form(form: formulas.Form) -> str:
    """Return one function of a multiplet: what it is, its closed form and how its series begins."""
    powers = sp.Poly(form.series, formulas.x, domain=sp.EX).as_dict()
    terms = [
        formulas.tex(sp.factor(powers[power].as_expr()) * formulas.x ** power[0])
        for power in sorted(powers)
        if power < (4,)
    ]
    begins = " + ".join(terms).replace("+ -", "-")
    return (
        f"**{form.meaning}**, ${form.tex}$:\n\n$$\n\\begin{{aligned}}\n&{form.shown()}\n\\\\\n"
        f"&{begins} + \\dots\n\\end{{aligned}}\n$$\n"
    )


def main(folder: Path) -> None:
    """Write both files."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "figures.html").write_text(figures(), "utf-8", newline="\n")
    (folder / "formulas.md.txt").write_text(explanation(), "utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
