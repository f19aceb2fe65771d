// Cards: what an equation says where a link names it, what a symbol means where a formula has it.
// By mouse they follow the pointer; by keyboard a link shows its equation, and a formula on a
// line of its own lists its symbols; by touch, a tap on a formula does the same as the mouse.
"use strict";
(() => {
  const SCRIPTED = "mjx-msub, mjx-msup, mjx-msubsup";
  const page = location.pathname.split("/").pop().replace(/\.html$/, "");
  const card = document.createElement("div");
  let cards = null, owner = null, shown = null, timer = 0, turn = Promise.resolve(), known = null;

  // How a part of a formula looks, whatever its size: the glyphs, and how they are put together.
  const UNWRAPPED = "mjx-math, mjx-mrow, mjx-texatom, mjx-mstyle, mjx-mi, mjx-mo, mjx-mn, mjx-mtext";
  const form = part => {
    if (part.localName === "mjx-c") return `${part.className};`;
    const inside = [...part.children].map(form).join("");
    return part.matches(UNWRAPPED) ? inside : `${part.localName}(${inside})`;
  };

  // The letter below or before an index has no meaning of its own: J in J_z, C under a bar.
  const isBase = part =>
    part.parentElement.localName === "mjx-base"
    || (part.parentElement.matches(SCRIPTED) && part === part.parentElement.firstElementChild);

  // The symbols in a part of a formula, the largest first: [element, card].
  const find = (part, base = false) => {
    const found = base ? null : known.get(form(part));
    if (found) return [[part, found]];
    const whole = base && part.children.length === 1;
    return [...part.children].flatMap(child => find(child, whole || isBase(child)));
  };

  const typeset = element => (turn = turn.then(() => MathJax.typesetPromise([element])).then(() => {
    // What is in a card is no stop of the Tab key.
    element.querySelectorAll("[tabindex]").forEach(e => e.removeAttribute("tabindex"));
  }));

  // MathJax itself tells how each symbol looks; a meaning on this page comes before the general one.
  const learn = async () => {
    const here = cards.symbols.filter(symbol => !symbol.pages || symbol.pages.includes(page));
    const list = document.createElement("div");
    list.className = "edition-card-names";
    list.setAttribute("aria-hidden", "true");
    const names = here.flatMap(symbol => symbol.names.map(name => [name, symbol]));
    names.forEach(([name]) => (list.appendChild(document.createElement("span")).textContent = `\\(${name}\\)`));
    document.body.append(list);
    await typeset(list);
    known = new Map();
    [...list.querySelectorAll("mjx-math")].forEach((drawn, k) => {
      if (!known.has(form(drawn))) known.set(form(drawn), names[k][1]);
    });
    MathJax.typesetClear([list]);
    list.remove();
  };

  const equation = ({head, tex, kind, verdict}) =>
    `<p class="head">${head} <span class="${kind}">${verdict}</span></p><div>${tex}</div>`;
  const symbol = ({head, meaning, unit, library}) =>
    `<dt>${head}</dt><dd>${[meaning, unit, library].filter(Boolean).join("; ")}</dd>`;
  const symbols = found => `<dl>${[...new Set(found)].map(symbol).join("")}</dl>`;

  const place = target => {
    const at = target.getBoundingClientRect(), box = card.getBoundingClientRect();
    const width = document.documentElement.clientWidth;
    const below = at.bottom + box.height + 8 <= innerHeight || at.top < box.height + 8;
    const left = Math.max(8, Math.min(at.left, width - box.width - 8));
    card.style.left = `${left + scrollX}px`;
    card.style.top = `${scrollY + (below ? at.bottom + 4 : at.top - box.height - 4)}px`;
  };

  const show = async (element, target, content) => {
    hide();
    owner = element;
    shown = target;
    card.innerHTML = content;
    card.style.left = card.style.top = "0";
    card.hidden = false;
    card.classList.add("measured");
    await typeset(card);
    if (shown !== target) return;
    place(target);
    card.classList.remove("measured");
    target.classList.add("edition-card-target");
    owner.setAttribute("aria-describedby", card.id);
  };

  const hide = () => {
    clearTimeout(timer);
    if (!owner) return;
    owner.removeAttribute("aria-describedby");
    shown.classList.remove("edition-card-target");
    if (!card.hidden) MathJax.typesetClear([card]);
    card.hidden = true;
    owner = shown = null;
  };
  const later = (action, delay) => {
    clearTimeout(timer);
    timer = setTimeout(action, delay);
  };

  // What a card can be about: [its owner, what is pointed at, its content].
  const about = async (element, whole) => {
    const link = element.closest("article a[href*='#equation-']:not(.headerlink)");
    const told = link && cards.equations[link.hash.replace("#equation-", "")];
    if (told) return [link, link, equation(told)];
    const formula = element.closest("article mjx-container");
    if (!formula) return null;
    if (!known) await learn();
    const found = find(formula.querySelector("mjx-math"));
    if (whole) return found.length ? [formula, formula, symbols(found.map(pair => pair[1]))] : null;
    const hit = found.find(pair => pair[0].contains(element));
    return hit ? [formula, hit[0], symbols([hit[1]])] : null;
  };

  const point = async (element, delay) => {
    const subject = await about(element, false);
    if (subject && subject[1] === shown) clearTimeout(timer);
    else if (subject) later(() => show(...subject), delay);
    else later(hide, delay);
  };

  const listen = () => {
    card.id = "edition-card";
    card.setAttribute("role", "tooltip");
    card.hidden = true;
    document.body.append(card);
    document.addEventListener("pointerover", event => {
      if (event.pointerType === "touch") return;
      if (card.contains(event.target)) clearTimeout(timer);
      else point(event.target, 200);
    });
    document.addEventListener("click", event => {
      if (!event.target.closest("a, button") && !card.contains(event.target)) point(event.target, 0);
    });
    document.addEventListener("focusin", async event => {
      if (!event.target.matches(":focus-visible")) return;
      const subject = await about(event.target, true);
      if (subject && document.activeElement === event.target) show(...subject);
    });
    document.addEventListener("focusout", hide);
    document.addEventListener("keydown", event => event.key === "Escape" && hide());
  };
  window.addEventListener("load", () => {
    cards = window.EDITION_CARDS;
    if (cards) window.MathJax?.startup?.promise.then(listen);
  });
})();
