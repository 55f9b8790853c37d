/* Leads from a day to the day before and after it: by ← and →, by k and j, and by a swipe. Keys are left alone while one
   types, with a modifier, and in what scrolls sideways; a swipe counts where nothing scrolls sideways. */
(() => {
  "use strict";

  const links = {
    before: document.querySelector("a.md-footer__link--prev"),
    after: document.querySelector("a.md-footer__link--next"),
  };
  links.before?.setAttribute("aria-keyshortcuts", "ArrowLeft k");
  links.after?.setAttribute("aria-keyshortcuts", "ArrowRight j");
  const go = (link) => { if (link) location.assign(link.href); };

  function scrollsSideways(element) {
    for (let each = element; each && each !== document.documentElement; each = each.parentElement) {
      if (each.scrollWidth > each.clientWidth && /auto|scroll/.test(getComputedStyle(each).overflowX)) return true;
    }
    return false;
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const { target } = event;
    if (target.isContentEditable || target.closest?.("input, textarea, select, [role=textbox], [role=search], .tp-search")) return;
    const turn = { ArrowLeft: links.before, k: links.before, ArrowRight: links.after, j: links.after }[event.key];
    if (!turn || (event.key.startsWith("Arrow") && scrollsSideways(target))) return;
    event.preventDefault();
    go(turn);
  });

  let start = null;
  const content = document.querySelector(".md-content");
  content?.addEventListener("touchstart", (event) => {
    const [touch] = event.touches;
    const atEdge = touch.clientX < 24 || touch.clientX > document.documentElement.clientWidth - 24;
    const taken = event.touches.length > 1 || atEdge || scrollsSideways(event.target);
    start = taken ? null : { x: touch.clientX, y: touch.clientY, at: event.timeStamp };
  }, { passive: true });
  content?.addEventListener("touchend", (event) => {
    if (!start) return;
    const [touch] = event.changedTouches;
    const [right, down] = [touch.clientX - start.x, touch.clientY - start.y];
    const quick = event.timeStamp - start.at < 800;
    start = null;
    if (!quick || Math.abs(right) < 70 || Math.abs(down) > Math.abs(right) / 2 || String(getSelection())) return;
    go(right > 0 ? links.before : links.after);
  }, { passive: true });
})();
