/* Zooms into the graph, moves it, and shows what a node is joined to while one points at it or goes to it by keyboard.
   Without this script the graph is whole, and every node is a link. */
(() => {
  "use strict";

  const figure = document.querySelector(".tp-graph");
  const svg = figure?.querySelector("svg");
  if (!svg) return;

  const whole = svg.viewBox.baseVal;
  const [width, height] = [whole.width, whole.height];
  const nodes = [...svg.querySelectorAll(".tp-node")];
  const near = svg.querySelector(".tp-graph__near");
  const tools = figure.querySelector(".tp-graph__tools");
  const said = tools.querySelector("output");
  let view = { x: 0, y: 0, scale: 1 };

  function look(next) {
    const scale = Math.min(12, Math.max(1, next.scale));
    const [wide, high] = [width / scale, height / scale];
    view = { scale, x: Math.min(width - wide, Math.max(0, next.x)), y: Math.min(height - high, Math.max(0, next.y)) };
    svg.setAttribute("viewBox", `${view.x} ${view.y} ${wide} ${high}`);
    svg.style.setProperty("--tp-scale", 1 / Math.sqrt(scale));
    svg.classList.toggle("tp-graph--close", scale > 1.8);
  }

  function zoom(factor, at = { x: view.x + width / view.scale / 2, y: view.y + height / view.scale / 2 }) {
    const scale = Math.min(12, Math.max(1, view.scale * factor));
    const keep = view.scale / scale;
    look({ scale, x: at.x - (at.x - view.x) * keep, y: at.y - (at.y - view.y) * keep });
  }

  function place(event) {
    const box = svg.getBoundingClientRect();
    return {
      x: view.x + ((event.clientX - box.left) / box.width) * (width / view.scale),
      y: view.y + ((event.clientY - box.top) / box.height) * (height / view.scale),
    };
  }

  function focus(node) {
    const joined = new Set(node ? node.dataset.to.split(" ").filter(Boolean).map(Number) : []);
    svg.classList.toggle("tp-graph--focus", Boolean(node));
    nodes.forEach((each, number) => each.classList.toggle("tp-node--near", each === node || joined.has(number)));
    const from = node?.dataset;
    near.setAttribute("d", [...joined].filter((number) => !nodes[number].matches(".tp-node--hidden"))
      .map((number) => `M${from.x} ${from.y}L${nodes[number].dataset.x} ${nodes[number].dataset.y}`).join(""));
    said.textContent = node ? `${node.querySelector("title").textContent} (joined to ${joined.size})` : "";
  }

  for (const button of tools.querySelectorAll("button")) {
    button.addEventListener("click", () => {
      const factor = Number(button.dataset.zoom);
      if (factor) zoom(factor);
      else look({ x: 0, y: 0, scale: 1 });
    });
  }
  tools.querySelector("input").addEventListener("change", (event) => {
    svg.classList.toggle("tp-graph--without-days", !event.target.checked);
    for (const node of nodes) if (node.matches(".tp-node--day")) node.classList.toggle("tp-node--hidden", !event.target.checked);
  });
  svg.addEventListener("pointerover", (event) => focus(event.target.closest(".tp-node")));
  svg.addEventListener("pointerleave", () => focus(null));
  svg.addEventListener("focusin", (event) => focus(event.target.closest(".tp-node")));
  svg.addEventListener("focusout", () => focus(null));
  svg.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(Math.exp(-event.deltaY / 200), place(event));
  }, { passive: false });

  let drag = null;
  let moved = false;
  svg.addEventListener("pointerdown", (event) => {
    moved = false;
    drag = view.scale > 1 && event.button === 0 ? { from: place(event), id: event.pointerId } : null;
  });
  svg.addEventListener("pointermove", (event) => {
    if (!drag || drag.id !== event.pointerId) return;
    const at = place(event);
    if (Math.hypot(at.x - drag.from.x, at.y - drag.from.y) * view.scale < 4 && !moved) return;
    moved = true;
    look({ scale: view.scale, x: view.x - (at.x - drag.from.x), y: view.y - (at.y - drag.from.y) });
  });
  for (const end of ["pointerup", "pointercancel", "pointerleave"]) svg.addEventListener(end, () => { drag = null; });
  svg.addEventListener("click", (event) => { if (moved) event.preventDefault(); moved = false; });
  svg.addEventListener("dragstart", (event) => event.preventDefault());

  const scroll = svg.parentElement;
  scroll.scrollLeft = (scroll.scrollWidth - scroll.clientWidth) / 2;
  tools.hidden = false;
})();
