// The page: what the reader chose, in the address and in the sliders; what is drawn; what is read off.

const POINTS = 241;
const root = document.getElementById("live-figures");
const find = (selector) => root.querySelector(selector);

const state = { figure: 1, set: {}, index: Math.round(0.7 * POINTS), shown: null };

const valuesOf = (figure) =>
  Object.fromEntries(Object.keys(PAPER).map((name) => [name, state.set[name] ?? PAPER[name](figure)]));

// --- numbers to draw

function compute(figure, points) {
  const p = valuesOf(figure), definition = FIGURES[figure], [from, to] = definition.x(p);
  const xs = Array.from({ length: points }, (_, i) => from + ((to - from) * i) / (points - 1));
  const known = new Map();
  const along = (line) => {
    const key = `${line.name},${line.bath},${Object.values(line.c)}`;
    if (!known.has(key)) known.set(key, xs.map((x) => line.f(x, line.c)));
    return known.get(key);
  };
  const panels = definition.panels(p).map((panel, place, all) => ({
    ...panel,
    xLabel: definition.xLabel,
    heading: [all.length > 1 ? `(${"abcd"[place]})` : "", panel.title ?? ""].join(" ").trim(),
    families: panel.families.map((family) => ({
      ...family, lines: family.lines.map((line) => ({ ...line, values: along(line) })),
    })),
  }));
  return { figure, xs, panels };
}

// --- the address

const written = (name, value) => (/^s(_|$)/.test(name) ? fraction(value) : `${value}`.replace("Infinity", "inf"));

function readNumber(text) {
  const [top, bottom = "1"] = text.replace("inf", "Infinity").split("/");
  return Number(top) / Number(bottom);
}

function nearest(values, value) {
  const far = (other) => (other === value ? 0 : Math.abs(other - value));
  return values.reduce((best, other) => (far(other) < far(best) ? other : best));
}

function readAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  state.figure = FIGURES[given.get("fig")] ? Number(given.get("fig")) : 1;
  state.set = {};
  for (const [name, text] of given) {
    const value = readNumber(text);
    if (Number.isNaN(value)) continue;
    if (PARAMETERS[name]) state.set[name] = nearest(PARAMETERS[name][2], value);
    if (name === "normalised") state.set[name] = value ? 1 : 0;
  }
}

function writeAddress() {
  const chosen = Object.entries(state.set).map(([name, value]) => `${name}=${written(name, value)}`);
  history.replaceState(null, "", `#${[`fig=${state.figure}`, ...chosen].join("&")}`);
}

// --- controls

function slider(parent, name) {
  const [short, spoken, values, text] = PARAMETERS[name];
  const value = valuesOf(state.figure)[name];
  const row = element(parent, "label", { class: "parameter" });
  const head = write(element(row, "span", { class: "short", "aria-hidden": "true" }), short);
  const input = element(row, "input", { type: "range", min: 0, max: values.length - 1, step: 1, "aria-label": spoken, name });
  const shown = element(row, "span", { class: "value", "aria-hidden": "true" });
  const curve = /_([1-4])$/.exec(name);
  if (curve) {
    const colour = (name.startsWith("beta") ? MORE : COLOURS)[curve[1] - 1];
    input.classList.add(colour);
    sample(head, colour);
  }
  const tell = () => {
    shown.textContent = text(values[input.value]);
    input.setAttribute("aria-valuetext", shown.textContent);
  };
  input.value = values.indexOf(nearest(values, value));
  input.addEventListener("input", () => {
    state.set[name] = values[input.value];
    tell();
    changed();
  });
  tell();
}

// A piece of a curve with its marker.
function sample(parent, colour, dash = "none") {
  const swatch = element(parent, "svg", { viewBox: "-14 -6 28 12", class: "swatch", "aria-hidden": "true" });
  element(swatch, "path", { class: `curve ${colour}`, d: "M-14 0H14", "stroke-dasharray": dash });
  element(swatch, "path", { class: `marker ${colour}`, d: MARKERS[colour] });
}

function showControls() {
  const place = find(".controls");
  place.replaceChildren();
  for (const [title, names] of FIGURES[state.figure].controls) {
    const group = element(place, "fieldset");
    element(group, "legend", {}, title || "whole figure");
    names.forEach((name) => slider(group, name));
    if (names.includes("lambda")) normalisation(group);
  }
}

function normalisation(parent) {
  const row = element(parent, "label", { class: "choice" });
  const box = element(row, "input", { type: "checkbox", name: "normalised" });
  element(row, "span", {}, " work for each (1−λ)ns");
  box.checked = Boolean(valuesOf(9).normalised);
  box.addEventListener("change", () => {
    state.set.normalised = box.checked ? 1 : 0;
    changed();
  });
}

// --- what is read off

const rounded = (value) => number(Number(value.toPrecision(6)));

function digits(value) {
  if (!Number.isFinite(value)) return number(value);
  const short = Math.abs(value) >= 1e6 || (value !== 0 && Math.abs(value) < 1e-3)
    ? value.toExponential(5) : value.toPrecision(6);
  return short.replace(/-/g, "−");
}

function readOff() {
  const { xs, panels, drawn } = state.shown;
  const x = xs[state.index], p = valuesOf(state.figure);
  const beside = state.figure === 9 ? `, β_{c} = ${rounded(x / p.lambda)}, efficiency 1−λ = ${rounded(1 - p.lambda)}` : "";
  find(".at").replaceChildren();
  write(find(".at"), `${FIGURES[state.figure].xLabel} = ${rounded(x)}${beside}`);
  find(".reader").setAttribute("aria-valuetext", rounded(x));
  find(".reader").value = state.index;
  find(".readings").replaceChildren();
  panels.forEach((panel, place) => {
    drawCursor(drawn[place], panel, xs, state.index);
    reading(find(".readings"), panel);
  });
}

function reading(parent, panel) {
  const table = element(parent, "table");
  write(element(table, "caption"), panel.heading || "values");
  const head = element(element(table, "thead"), "tr"), body = element(table, "tbody");
  const alone = panel.families.some((family) => family.lines[0].name !== panel.families[0].lines[0].name);
  element(head, "th", { scope: "col" }, "curve");
  for (const line of panel.families[0].lines) {
    const cell = element(head, "th", { scope: "col" });
    write(cell, alone ? panel.yLabel : line.name);
    if (!alone && panel.families[0].lines.length > 1) element(cell, "span", { class: "dash" }, line.apart ? " (dashed)" : " (line)");
  }
  for (const family of panel.families) {
    const row = element(body, "tr"), name = element(row, "th", { scope: "row" });
    sample(name, family.colour, family.lines[0].dash);
    write(name, ` ${family.label}`);
    for (const line of family.lines) element(row, "td", {}, digits(line.values[state.index]));
  }
}

// --- downloads

const KEPT = { 9: ["beta_h", "lambda"] };

function table() {
  const { figure, xs, panels } = state.shown, p = valuesOf(figure);
  const axis = { 2: "beta_0 [1/ħω]", 9: "lambda beta_c [1/ħω]" }[figure] ?? "beta_B [1/ħω]";
  const columns = panels.flatMap((panel) => panel.families.flatMap((family) => family.lines)).map((line) => {
    const { c } = line;
    const start = figure === 2 ? `beta_B=${line.bath}` : `beta_0=${Math.abs(c.beta_0) === COLD ? (c.beta_0 > 0 ? "inf" : "-inf") : c.beta_0}`;
    const more = (KEPT[figure] ?? []).map((name) => `${name}=${p[name]}`);
    return [`"${[plain(line.name), `n=${c.n}`, `s=${fraction(c.s)}`, start, ...more].join(", ")} [${line.unit}]"`, ...line.values];
  });
  const rows = [[`"${axis}"`, ...xs], ...columns];
  return rows[0].map((_, i) => rows.map((column) => column[i]).join(",")).join("\n") + "\n";
}

// The drawing with its style written out, for use elsewhere.
function picture() {
  const sources = [...root.querySelectorAll(".panels > svg")];
  const boxes = sources.map((svg) => svg.viewBox.baseVal), across = Math.min(2, sources.length);
  const whole = document.createElementNS(SVG, "svg");
  const [width, height] = [boxes[0].width, boxes[0].height];
  const size = [width * across, height * Math.ceil(sources.length / across)];
  whole.setAttribute("xmlns", SVG);
  whole.setAttribute("viewBox", `0 0 ${size.join(" ")}`);
  sources.forEach((source, place) => {
    const copy = whole.appendChild(source.cloneNode(true));
    const copies = copy.querySelectorAll("*");
    source.querySelectorAll("*").forEach((original, i) => {
      const style = getComputedStyle(original);
      for (const name of ["fill", "stroke", "stroke-width", "font-size", "font-family"]) copies[i].setAttribute(name, style.getPropertyValue(name));
    });
    const at = { x: (place % across) * width, y: Math.floor(place / across) * height, width, height };
    for (const [name, value] of Object.entries(at)) copy.setAttribute(name, value);
  });
  return new XMLSerializer().serializeToString(whole);
}

function offer(link, type, make) {
  link.addEventListener("click", () => {
    URL.revokeObjectURL(link.href);
    link.href = URL.createObjectURL(new Blob([make()], { type }));
    link.download = `fig${String(state.figure).padStart(2, "0")}.${link.dataset.kind}`;
  });
}

// --- drawing

function draw() {
  const { figure } = state, definition = FIGURES[figure];
  const shown = compute(figure, POINTS), place = find(".panels");
  const across = shown.panels.length > 1 && place.clientWidth >= 560 ? 2 : 1;
  const width = Math.max(260, Math.floor(place.clientWidth / across) - 4);
  const height = Math.round(Math.max(200, Math.min(340, width * (across > 1 ? 0.72 : 0.56))));
  while (place.children.length > shown.panels.length) place.lastChild.remove();
  while (place.children.length < shown.panels.length) element(place, "svg", { role: "img" });
  place.style.setProperty("--across", across);
  shown.drawn = shown.panels.map((panel, i) => {
    const words = panel.families.map((family) => plain(family.label)).join("; ");
    place.children[i].setAttribute("aria-label", `Figure ${figure} ${panel.heading}: ${plain(panel.yLabel)} against ${plain(definition.xLabel)} from ${rounded(shown.xs[0])} to ${rounded(shown.xs[POINTS - 1])}. Curves: ${words}. Their values are in the table below.`);
    return drawPanel(place.children[i], panel, shown.xs, { width, height });
  });
  state.shown = shown;
  find(".title").textContent = `Figure ${figure}. ${definition.title}`;
  readOff();
  root.dataset.drawn = location.hash;
}

let due = 0, later = 0;

function changed() {
  writeAddress();
  cancelAnimationFrame(due);
  due = requestAnimationFrame(draw);
  clearTimeout(later);
  later = setTimeout(drawThumbs, 120);
}

function drawThumbs(figure = 1) {
  if (!FIGURES[figure]) return;
  const { xs, panels } = compute(figure, 41);
  drawThumb(find(`.thumbs label:nth-of-type(${figure}) svg`), panels[0], xs);
  later = setTimeout(drawThumbs, 0, figure + 1);
}

function choose() {
  find(`.thumbs input[value="${state.figure}"]`).checked = true;
  for (const formula of root.querySelectorAll(".formula")) formula.classList.toggle("away", Number(formula.dataset.figure) !== state.figure);
  showControls();
  changed();
}

function point(event) {
  const svg = event.target.closest(".panels > svg");
  if (!svg) return;
  const box = svg.getBoundingClientRect(), width = svg.viewBox.baseVal.width;
  const share = ((event.clientX - box.left) * (width / box.width) - MARGIN.left) / (width - MARGIN.left - MARGIN.right);
  state.index = Math.max(0, Math.min(POINTS - 1, Math.round(share * (POINTS - 1))));
  readOff();
}

function start() {
  for (const figure of Object.keys(FIGURES)) {
    const choice = element(find(".thumbs"), "label", { title: FIGURES[figure].title });
    const input = element(choice, "input", { type: "radio", name: "figure", value: figure, "aria-label": `Figure ${figure}: ${FIGURES[figure].title}` });
    element(choice, "svg", { viewBox: "0 0 64 40", "aria-hidden": "true" });
    element(choice, "span", { "aria-hidden": "true" }, `Fig. ${figure}`);
    input.addEventListener("change", () => {
      state.figure = Number(figure);
      choose();
    });
  }
  find(".reader").max = POINTS - 1;
  find(".reader").addEventListener("input", (event) => {
    state.index = Number(event.target.value);
    readOff();
  });
  find(".panels").addEventListener("pointermove", point);
  find(".panels").addEventListener("pointerdown", point);
  find(".reset").addEventListener("click", () => {
    state.set = {};
    choose();
  });
  offer(find("[data-kind=csv]"), "text/csv", table);
  offer(find("[data-kind=svg]"), "image/svg+xml", picture);
  addEventListener("hashchange", () => {
    readAddress();
    choose();
  });
  let width = 0;
  new ResizeObserver(([entry]) => {
    if (Math.abs(entry.contentRect.width - width) < 1) return;
    width = entry.contentRect.width;
    changed();
  }).observe(find(".panels"));
  readAddress();
  root.hidden = false;
  choose();
}

window.explore = { excitation, logSum, entropy, entropyChange, variance, meanVariance, relativeEntropy, multiplicities, curves, table };
start();
