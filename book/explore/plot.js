// Drawing: panels with axes and curves as SVG, and text with indices.

const SVG = "http://www.w3.org/2000/svg";

function element(parent, name, attributes = {}, text = "") {
  const made = parent.namespaceURI === SVG || name === "svg"
    ? document.createElementNS(SVG, name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  return parent.appendChild(made);
}

// "E_{+}/ns" -> [["E", ""], ["+", "_"], ["/ns", ""]]
const pieces = (text) =>
  [...text.matchAll(/([_^])\{([^}]*)\}|([^_^]+|[_^](?!\{))/g)].map((m) => (m[1] ? [m[2], m[1]] : [m[3], ""]));

const plain = (text) => text.replace(/[{}]/g, "");

// Write text with indices into an element of HTML or SVG.
function write(parent, text) {
  let level = 0;
  for (const [piece, place] of pieces(text)) {
    if (parent.namespaceURI !== SVG) {
      element(parent, { "": "span", _: "sub", "^": "sup" }[place], {}, piece);
      continue;
    }
    const target = { "": 0, _: 0.25, "^": -0.35 }[place];
    element(parent, "tspan", { dy: `${(target - level).toFixed(2)}em`, class: place ? "index" : "" }, piece);
    level = target;
  }
  return parent;
}

const MARGIN = { left: 58, right: 12, top: 26, bottom: 44 };

function scale(from, to, start, end, log = false) {
  const f = log ? Math.log10 : (value) => value;
  const factor = (end - start) / (f(to) - f(from));
  const at = (value) => start + (f(value) - f(from)) * factor;
  return Object.assign(at, { from, to, log });
}

function ticks({ from, to, log }, most) {
  if (log) {
    const all = [];
    for (let power = Math.floor(Math.log10(from)); power <= Math.log10(to); power += 1) {
      for (const digit of [1, 2, 5]) all.push(Number(`${digit}e${power}`));
    }
    return all.filter((value) => value >= from && value <= to);
  }
  const rough = (to - from) / most, power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough * 0.999);
  const first = Math.ceil(from / step - 1e-9), last = Math.floor(to / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

const label = (value) =>
  (Math.abs(value) >= 1e5 || (value !== 0 && Math.abs(value) < 1e-4)
    ? value.toExponential(0) : `${value}`).replace("-", "−");

function path(points) {
  let drawn = "", pen = false;
  for (const [x, y] of points) {
    if (Number.isFinite(y)) drawn += `${pen ? "L" : "M"}${x.toFixed(2)} ${y.toFixed(2)}`;
    pen = Number.isFinite(y);
  }
  return drawn;
}

// Sparse markers, so that curves tell apart without colour.
const MARKERS = {
  orange: "M-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0",
  red: "M-3 -3h6v6h-6z",
  purple: "M0 -4l4 7h-8z",
  blue: "M0 -4.5l4 4.5l-4 4.5l-4 -4.5z",
  black: "M-3 -3l6 6M-3 3l6 -6",
  blue1: "M-4 0l7 -4v8z",
  blue2: "M4 0l-7 -4v8z",
  blue3: "M0 -4l4 3l-1.5 4.5h-5l-1.5 -4.5z",
  blue4: "M-4 0l2 -3.5h4l2 3.5l-2 3.5h-4z",
};

function markers(parent, points, colour, offset) {
  let run = 0, due = 30 + offset, last = null;
  for (const [x, y] of points) {
    if (!Number.isFinite(y)) { last = null; continue; }
    if (last) run += Math.hypot(x - last[0], y - last[1]);
    last = [x, y];
    if (run < due) continue;
    element(parent, "path", { d: MARKERS[colour], class: `marker ${colour}`, transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})` });
    due = run + 110;
  }
}

// The range of the vertical axis.
function extent(panel) {
  const lines = panel.families.flatMap((family) => family.lines);
  if (panel.floor) { // where curves dive without end: low enough for the last point of each
    const low = Math.min(panel.floor, 1.25 * Math.min(...lines.map((line) => line.values.at(-1))));
    return [low, -0.03 * low];
  }
  const chosen = panel.deep ? lines.filter((line) => !line.apart) : lines;
  const values = chosen.flatMap((line) => line.values).filter(Number.isFinite);
  let [low, high] = [Math.min(...values), Math.max(...values)];
  if (panel.deep) [low, high] = [panel.deep * low, -0.03 * panel.deep * low];
  const gap = high - low > 1e-12 * Math.abs(high) ? high - low : Math.max(Math.abs(high), 1e-3);
  if (panel.log) return [low / 1.08, high * 1.08];
  const room = panel.roomy ? 0.25 : 0.04;
  return [panel.min ?? low - room * gap, high + room * gap];
}

function axes(svg, panel, x, y, { width, height }) {
  const grid = element(svg, "g", { class: "grid" });
  for (const value of ticks(x, Math.max(4, width / 65))) {
    const at = x(value).toFixed(1);
    element(grid, "path", { d: `M${at} ${MARGIN.top}V${height - MARGIN.bottom}` });
    element(svg, "text", { x: at, y: height - MARGIN.bottom + 17, "text-anchor": "middle" }, label(value));
  }
  for (const value of ticks(y, Math.max(4, height / 45))) {
    const at = y(value).toFixed(1);
    element(grid, "path", { d: `M${MARGIN.left} ${at}H${width - MARGIN.right}` });
    element(svg, "text", { x: MARGIN.left - 6, y: at, dy: "0.35em", "text-anchor": "end" }, label(value));
  }
  element(svg, "path", { class: "axis", d: `M${MARGIN.left} ${MARGIN.top}V${height - MARGIN.bottom}H${width - MARGIN.right}` });
  write(element(svg, "text", { x: (MARGIN.left + width - MARGIN.right) / 2, y: height - 8, "text-anchor": "middle", class: "name" }), panel.xLabel);
  const middle = (MARGIN.top + height - MARGIN.bottom) / 2;
  write(element(svg, "text", { transform: `translate(14 ${middle}) rotate(-90)`, "text-anchor": "middle", class: "name" }), panel.yLabel);
  if (panel.heading) write(element(svg, "text", { x: MARGIN.left, y: 16, class: "name" }), panel.heading);
}

// Draw one panel; returns the scales, by which the pointer finds its place.
function drawPanel(svg, panel, xs, size) {
  svg.replaceChildren();
  svg.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
  const right = size.width - MARGIN.right, bottom = size.height - MARGIN.bottom;
  const x = scale(xs[0], xs[xs.length - 1], MARGIN.left, right);
  const y = scale(...extent(panel), bottom, MARGIN.top, panel.log);
  if (panel.shade) {
    const [from, to] = panel.shade.map((value) => x(Math.max(x.from, Math.min(x.to, value))));
    element(svg, "rect", { class: "shade", x: from, y: MARGIN.top, width: to - from, height: bottom - MARGIN.top });
    for (const [side, word] of [[panel.shade[0] === -Infinity ? -1 : 1, "amplification"], [panel.shade[0] === -Infinity ? 1 : -1, "mitigation"]]) {
      const far = side > 0 ? x.to : x.from, near = side * Math.abs(panel.bath);
      element(svg, "text", { x: x((far + near) / 2), y: panel.bath > 0 ? MARGIN.top + 16 : bottom - 8, "text-anchor": "middle" }, word);
    }
  }
  axes(svg, panel, x, y, size);
  const inner = element(svg, "svg", { x: MARGIN.left, y: MARGIN.top - 4, width: right - MARGIN.left, height: bottom - MARGIN.top + 8, viewBox: `${MARGIN.left} ${MARGIN.top - 4} ${right - MARGIN.left} ${bottom - MARGIN.top + 8}` });
  for (const level of panel.levels ?? []) {
    element(inner, "path", { class: `level ${level.colour}`, d: `M${MARGIN.left} ${y(level.y).toFixed(2)}H${right}` });
  }
  panel.families.forEach((family, place) => {
    for (const line of family.lines) {
      const points = xs.map((value, i) => [x(value), y(line.values[i])]);
      element(inner, "path", { class: `curve ${family.colour}`, d: path(points), "stroke-dasharray": line.dash ?? "none" });
      markers(inner, points, family.colour, 24 * place + (line.apart ? 55 : 0));
    }
  });
  element(inner, "g", { class: "cursor" });
  return { x, y, inner };
}

// Show where the curves are read.
function drawCursor({ x, y, inner }, panel, xs, index) {
  const cursor = inner.querySelector(".cursor");
  cursor.replaceChildren();
  element(cursor, "path", { d: `M${x(xs[index]).toFixed(2)} 0V2000`, class: "axis" });
  for (const family of panel.families) {
    for (const line of family.lines) {
      const at = y(line.values[index]);
      if (Number.isFinite(at)) element(cursor, "circle", { cx: x(xs[index]).toFixed(2), cy: at.toFixed(2), r: 3, class: family.colour });
    }
  }
}

// A curve as a picture the size of a thumb.
function drawThumb(svg, panel, xs) {
  svg.replaceChildren();
  const x = scale(xs[0], xs[xs.length - 1], 2, 62), y = scale(...extent(panel), 38, 2, panel.log);
  for (const family of panel.families) {
    for (const line of family.lines) {
      element(svg, "path", { class: `curve ${family.colour}`, d: path(xs.map((value, i) => [x(value), y(line.values[i])])), "stroke-dasharray": line.apart ? "2 2" : "none" });
    }
  }
}
