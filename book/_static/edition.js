// What the theme lacks for readers on a phone, of a folder, of paper, and by ear.
"use strict";
(() => {
  // A formula in a line of text that is wider than the line scrolls in a box of its own.
  const fit = () => {
    const formulas = [...document.querySelectorAll("article mjx-container:not([display])")];
    formulas.forEach(formula => formula.classList.remove("wide"));
    formulas
      .filter(formula => {
        const line = formula.closest("p, li, dd, td, figcaption, h1, h2, h3, h4, .check");
        return line && formula.getBoundingClientRect().width > line.clientWidth;
      })
      .forEach(formula => formula.classList.add("wide"));
  };
  // MathJax makes every formula a stop of the Tab key, hundreds on a page. Those on a line of their
  // own remain, and with them its menu.
  const skip = () =>
    document
      .querySelectorAll("mjx-container:not([display])")
      .forEach(formula => formula.removeAttribute("tabindex"));
  window.addEventListener("load", () =>
    window.MathJax?.startup?.promise.then(() => {
      fit();
      skip();
      window.addEventListener("resize", fit);
    })
  );

  // From a folder a page may not read the others, from which a search takes its extracts.
  if (location.protocol === "file:" && typeof DOCUMENTATION_OPTIONS !== "undefined")
    DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

  // On paper it is always day.
  const root = document.documentElement;
  let chosen;
  window.addEventListener("beforeprint", () => {
    chosen = root.dataset.theme;
    root.dataset.theme = "light";
  });
  window.addEventListener("afterprint", () => (root.dataset.theme = chosen));

  // A list has items, says ARIA; the role that docutils gives them is deprecated.
  document.addEventListener("DOMContentLoaded", () =>
    document
      .querySelectorAll(".citation-list > .citation")
      .forEach(entry => entry.setAttribute("role", "listitem"))
  );

  // A notebook is there to be kept. From a folder a browser would show it as text, so there it
  // is loaded as a script: see lib/edition/download.py.
  window.EDITION_DOWNLOAD = async (name, packed) => {
    const bytes = Uint8Array.from(atob(packed), letter => letter.charCodeAt(0));
    const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await new Response(unpacked).blob());
    link.download = name;
    link.click();
  };
  const load = event => {
    event.preventDefault();
    const script = document.createElement("script");
    script.src = `${event.currentTarget.href}.js`;
    document.head.append(script);
  };
  document.addEventListener("DOMContentLoaded", () =>
    document.querySelectorAll("a.btn-download-source-button, .figure-links a[href$='.ipynb']").forEach(link => {
      link.download = "";
      link.removeAttribute("target");
      if (location.protocol === "file:" && link.pathname.endsWith(".ipynb"))
        link.addEventListener("click", load);
    })
  );
})();
