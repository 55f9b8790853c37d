/* Names the symbols of an equation: pointing at one, tapping it or going to it by the keyboard shows what it stands for
   beside it, and marks it everywhere in the equation and in the list below, which says the same without this script. */
(() => {
  "use strict";

  const named = document.querySelectorAll(".tp-named");
  if (!named.length) return;

  const hint = document.createElement("div");
  hint.className = "tp-hint";
  hint.setAttribute("role", "tooltip");
  hint.hidden = true;
  document.body.append(hint);
  let shown = null;

  function hide() {
    hint.hidden = true;
    for (const marked of document.querySelectorAll(".tp-symbol--on")) marked.classList.remove("tp-symbol--on");
    shown = null;
  }

  function name(symbol) {
    if (symbol === shown) return;
    hide();
    shown = symbol;
    const pair = symbol.closest(".tp-named");
    for (const same of pair.querySelectorAll(`[data-symbol="${symbol.dataset.symbol}"]`)) same.classList.add("tp-symbol--on");
    hint.replaceChildren(...pair.querySelector(`.tp-where [data-symbol="${symbol.dataset.symbol}"] dd`).cloneNode(true).childNodes);
    hint.hidden = false;
    const at = symbol.getBoundingClientRect();
    const left = at.left + at.width / 2 - hint.offsetWidth / 2;
    const room = document.documentElement.clientWidth - hint.offsetWidth - 8;
    hint.style.left = `${window.scrollX + Math.max(8, Math.min(left, room))}px`;
    const above = at.top - hint.offsetHeight - 6;
    hint.style.top = `${window.scrollY + (above > 60 ? above : at.bottom + 6)}px`;
  }

  const symbolOf = (event) => event.target.closest?.(".tp-equation .tp-symbol");

  for (const pair of named) {
    const seen = new Set();
    for (const symbol of pair.querySelectorAll(".tp-equation .tp-symbol")) {
      const meaning = pair.querySelector(`.tp-where [data-symbol="${symbol.dataset.symbol}"] dd`);
      symbol.setAttribute("aria-describedby", meaning.id);
      if (seen.has(symbol.dataset.symbol)) continue;
      seen.add(symbol.dataset.symbol);
      symbol.setAttribute("tabindex", "0");
    }
    pair.addEventListener("pointerover", (event) => {
      const symbol = symbolOf(event);
      if (symbol) name(symbol);
      else if (shown && document.activeElement !== shown) hide();
    });
    pair.addEventListener("pointerleave", hide);
    pair.addEventListener("click", (event) => { const symbol = symbolOf(event); if (symbol) name(symbol); });
    pair.addEventListener("focusin", (event) => { const symbol = symbolOf(event); if (symbol) name(symbol); });
    pair.addEventListener("focusout", hide);
  }
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  document.addEventListener("click", (event) => { if (shown && !symbolOf(event)) hide(); });
})();
