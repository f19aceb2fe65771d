// A formula in a line of text that is wider than the line scrolls in a box of its own.
"use strict";
(() => {
  const lines = () => document.querySelectorAll("article mjx-container:not([display])");
  const fit = () => {
    const formulas = [...lines()];
    formulas.forEach(formula => formula.classList.remove("wide"));
    formulas
      .filter(formula => {
        const line = formula.closest("p, li, dd, td, figcaption, h1, h2, h3, h4, .check");
        return line && formula.getBoundingClientRect().width > line.clientWidth;
      })
      .forEach(formula => formula.classList.add("wide"));
  };
  window.addEventListener("load", () => {
    const drawn = window.MathJax?.startup?.promise;
    drawn?.then(() => {
      fit();
      window.addEventListener("resize", fit);
    });
  });
})();
