// What the ten figures of the paper show. Values come from `curves`, which is generated.

const COLOURS = ["orange", "red", "purple", "blue"];
const MORE = ["blue1", "blue2", "blue3", "blue4"];

const fraction = (s) => (Number.isInteger(s) ? `${s}` : `${2 * s}/2`);
const number = (value) =>
  Number.isFinite(value) ? `${value}`.replace("-", "−") : value > 0 ? "∞" : "−∞";

// The paper's value of each parameter, by figure where it differs.
const PAPER = {
  n: (figure) => ({ 1: 100, 2: 10 })[figure] ?? 4,
  s: (figure) => (figure === 7 || figure === 8 ? 1.5 : 0.5),
  beta_0: () => Infinity,
  beta_B: () => 1,
  beta_max: (figure) => ({ 4: 6, 5: 6, 6: 6, 9: 5 })[figure] ?? 3,
  beta_h: () => 0,
  lambda: () => 0.5,
  normalised: () => 1,
  n_1: () => 2, n_2: () => 6, n_3: () => 9, n_4: () => 100,
  s_1: () => 0.5, s_2: () => 1.5, s_3: () => 4.5,
  beta_0_1: () => 0.1, beta_0_2: () => 1, beta_0_3: () => 2, beta_0_4: () => 5,
};

const steps = (from, to, step) =>
  Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) =>
    Number((from + i * step).toFixed(6)));

const SPINS = steps(1, 100, 1), SIZES = steps(0.5, 4.5, 0.5), STARTS = steps(0.1, 10, 0.1);

// Name on the page, name when read aloud, values, text of a value.
const PARAMETERS = {
  n: ["n", "number of spins n", SPINS, number],
  s: ["s", "size of each spin s", SIZES, fraction],
  beta_0: ["β_{0}", "initial inverse temperature beta 0", [-Infinity, ...steps(-10, 10, 0.1), Infinity], number],
  beta_B: ["β_{B}", "inverse temperature of the bath beta B", steps(0.1, 5, 0.1), number],
  beta_max: ["β_{max}", "largest inverse temperature shown", steps(0.5, 40, 0.5), number],
  beta_h: ["β_{h}", "inverse temperature of the hot bath", steps(-2, 2, 0.1), number],
  lambda: ["λ", "compression lambda", steps(0.05, 1, 0.05), number],
  ...Object.fromEntries([1, 2, 3, 4].map((i) => [`n_${i}`, ["n", `number of spins of curve ${i}`, SPINS, number]])),
  ...Object.fromEntries([1, 2, 3].map((i) => [`s_${i}`, ["s", `size of the spins of curve ${i}`, SIZES, fraction]])),
  ...Object.fromEntries([1, 2, 3, 4].map((i) => [`beta_0_${i}`, ["β_{0}", `initial inverse temperature of curve ${i}`, STARTS, number]])),
};

const context = (p, changed) => {
  const c = { n: p.n, s: p.s, beta_0: p.beta_0, beta_h: p.beta_h, lambda: p.lambda, ...changed };
  return { ...c, beta_0: clip(c.beta_0) };
};

// The families of curves that the paper draws.
const ofSizes = (p) => [1, 2, 3].map((i) => ({
  label: `s = ${fraction(p[`s_${i}`])}`, colour: COLOURS[i - 1], c: context(p, { s: p[`s_${i}`] }),
}));
const ofNumbers = (p, count = 4) => [1, 2, 3, 4].slice(0, count).map((i) => ({
  label: `n = ${p[`n_${i}`]}`, colour: COLOURS[i - 1], c: context(p, { n: p[`n_${i}`] }),
}));

const LIST_N = (count) => ["s", ...["n_1", "n_2", "n_3", "n_4"].slice(0, count)];
const LIST_S = ["n", "s_1", "s_2", "s_3"];
const together = (figure, f = "together") => curves[figure][f];

// Two lines for each member: spins together, and spins apart (dashed).
function pair(families, figure, [plus, thermal], unit, each = "") {
  return families.map((family) => ({
    ...family,
    lines: [
      { name: plus, unit, f: curves[figure][`together${each}`], c: family.c },
      { name: thermal, unit, f: curves[figure][`apart${each}`], c: family.c, dash: "6 3", apart: true },
    ],
  }));
}

const single = (families, f, name, unit = "1") =>
  families.map((family) => ({ ...family, lines: [{ name, unit, f, c: family.c }] }));

const even = (p) => [-p.beta_max, p.beta_max];
const BATH = "ħωβ_{B}";
const plus = (p, symbol) => (Number.isFinite(p.beta_0) ? `${symbol}^{∞}` : `${symbol}_{+}`);

// Each figure: its subject, the parameters of all panels and of each, the axis, the panels.
const FIGURES = {
  1: {
    title: "Energy against bath temperature, for several starts",
    controls: [["", ["n", "s", "beta_max"]], ["full lines", ["beta_0_1", "beta_0_2", "beta_0_3", "beta_0_4"]], ["dotted line", ["beta_0"]]],
    x: even, xLabel: BATH,
    panels: (p) => {
      const line = (beta_0, colour, dash) => {
        const c = context(p, { beta_0 });
        const name = "E^{∞}";
        return { label: `|β_{0}| = ${number(Math.abs(beta_0))}`, colour, c, lines: [{ name, unit: "ħω", f: together(1), c, dash }] };
      };
      const starts = [1, 2, 3, 4].map((i) => line(p[`beta_0_${i}`], MORE[i - 1]));
      const c = context(p);
      const thermal = { label: "equilibrium", colour: "black", c, lines: [{ name: "E^{th}", unit: "ħω", f: curves[1].apart, c, dash: "2 3", apart: true }] };
      return [{ yLabel: "E  [ħω]", families: [...starts, line(p.beta_0, "blue4", "2 3"), thermal] }];
    },
  },
  2: {
    title: "Energy against the initial temperature",
    controls: [["", ["n", "s", "beta_B"]]],
    x: (p) => [-Math.max(4 * p.beta_B, p.beta_B + 4), Math.max(4 * p.beta_B, p.beta_B + 4)],
    xLabel: "ħωβ_{0}",
    panels: (p) => [1, -1].map((sign) => {
      const bath = sign * p.beta_B, c = context(p);
      const at = (f) => (beta_0, given) => f(bath, { ...given, beta_0: clip(beta_0) });
      return {
        title: `β_{B} = ${number(bath)}`, yLabel: "E  [ħω]", bath, roomy: true,
        shade: sign > 0 ? [-Infinity, -bath] : [-bath, Infinity],
        families: [
          { label: "together", colour: "blue", c, lines: [{ name: "E^{∞}", unit: "ħω", f: at(curves[2].together), c, variable: "beta_0", bath }] },
          { label: "equilibrium", colour: "black", c, lines: [{ name: "E^{th}", unit: "ħω", f: at(curves[2].apart), c, apart: true, bath }] },
        ],
      };
    }),
  },
  3: {
    title: "Energy of each unit of spin",
    controls: [["", ["beta_0", "beta_max"]], ["(a)", LIST_S], ["(b)", LIST_N(4)]],
    x: even, xLabel: BATH,
    panels: (p) => [ofSizes(p), ofNumbers(p)].map((families) => ({
      yLabel: "E/ns  [ħω]", families: pair(families, 3, [`${plus(p, "E")}/ns`, "E^{th}/ns"], "ħω"),
    })),
  },
  4: {
    title: "Energy over equilibrium energy",
    controls: [["", ["beta_0", "beta_max"]], ["(a)", LIST_S], ["(b)", LIST_N(4)]],
    x: even, xLabel: BATH,
    panels: (p) => [ofSizes(p), ofNumbers(p)].map((families, place) => ({
      yLabel: `${plus(p, "E")}/E^{th}`, min: 0,
      families: single(families, curves[4].ratio, `${plus(p, "E")}/E^{th}`),
      levels: [{ y: 1, colour: "grey" }, ...(place ? families.map(({ c, colour }) => ({ y: 1 / c.n, colour })) : [{ y: 1 / p.n, colour: "grey" }])],
    })),
  },
  5: {
    title: "Entropy",
    controls: [["", ["beta_0", "beta_max"]], ["(a)", LIST_S], ["(b)", LIST_N(3)]],
    x: even, xLabel: BATH,
    panels: (p) => [ofSizes(p), ofNumbers(p, 3)].map((families) => ({
      yLabel: "entropy  [k_{B}]", min: 0, families: pair(families, 5, [plus(p, "S"), "S^{th}"], "k_B"),
    })),
  },
  6: {
    title: "Equilibrium entropy over entropy",
    controls: [["", ["beta_0", "beta_max"]], ["(a)", LIST_S], ["(b)", LIST_N(3)]],
    x: even, xLabel: BATH,
    panels: (p) => [ofSizes(p), ofNumbers(p, 3)].map((families) => ({
      yLabel: `S^{th}/${plus(p, "S")}`, min: 1,
      families: single(families, curves[6].ratio, `S^{th}/${plus(p, "S")}`),
      levels: families.map(({ c, colour }) => ({ y: c.n, colour })),
    })),
  },
  7: {
    title: "Change of the free energy",
    controls: [["", ["s", "beta_0", "beta_max"]], ["curves", LIST_N(4).slice(1)]],
    x: (p) => [p.beta_max / 240, p.beta_max], xLabel: BATH,
    panels: (p) => [["", ""], ["Each", "/n"]].map(([each, share]) => ({
      yLabel: `ΔF${share}  [ħω]`, floor: (each ? -2 : -8) * p.s,
      families: pair(ofNumbers(p), 7, [`ΔF^{∞}${share}`, `ΔF^{th}${share}`], "ħω", each),
    })),
  },
  8: {
    title: "Entropy production of each spin",
    controls: [["", ["s", "beta_0", "beta_max"]], ["curves", LIST_N(4).slice(1)]],
    x: (p) => [-p.beta_max / 2, p.beta_max], xLabel: BATH,
    panels: (p) => [{ yLabel: "Σ/n  [k_{B}]", families: pair(ofNumbers(p), 8, ["Σ^{∞}/n", "Σ^{th}/n"], "k_B") }],
  },
  9: {
    title: "Work of an Otto cycle",
    controls: [["", ["beta_h", "lambda", "beta_0", "beta_max"]], ["(a), (b)", LIST_S], ["(c), (d)", LIST_N(4)]],
    x: (p) => [0, p.beta_max], xLabel: "ħωλβ_{c}",
    panels: (p) => [ofSizes(p), ofNumbers(p)].flatMap((families, place) => [
      p.normalised
        ? { yLabel: "ΔW/(1−λ)ns  [ħω]", families: single(families, curves[9].more, "(|W^{coh}|−|W^{inc}|)/(1−λ)ns", "ħω") }
        : { yLabel: "ΔW  [ħω]", families: single(families, curves[9].moreWork, "|W^{coh}|−|W^{inc}|", "ħω") },
      { yLabel: "W^{coh}/W^{inc}", log: place === 1, families: single(families, curves[9].ratio, "W^{coh}/W^{inc}") },
    ]),
  },
  10: {
    title: "Entropy relative to an infinitely hot bath",
    controls: [["", ["s", "beta_0", "beta_max"]], ["curves", LIST_N(4).slice(1)]],
    x: (p) => [0, p.beta_max], xLabel: BATH,
    panels: (p) => [{ yLabel: "S(β_{B}) − S(0)  [k_{B}]", deep: 1.5, families: pair(ofNumbers(p), 10, ["S(β_{B})−S(0), together", "S(β_{B})−S(0), apart"], "k_B") }],
  },
};
