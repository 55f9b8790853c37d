/* What is copied of a page holds its formulas as the LaTeX that they were made from: $…$, and $$…$$ on lines of their own.
   Where all that is copied is one formula, it is its LaTeX alone. */
(() => {
  "use strict";

  const texOf = (math) => math.querySelector("annotation[encoding='application/x-tex']")?.textContent.trim();

  const formulaAt = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement)?.closest("math");

  document.addEventListener("copy", (event) => {
    const selection = document.getSelection();
    if (!selection.rangeCount || selection.isCollapsed || event.target.closest?.("input, textarea")) return;
    const range = selection.getRangeAt(0).cloneRange();
    const [first, last] = [formulaAt(range.startContainer), formulaAt(range.endContainer)];
    if (first) range.setStartBefore(first);
    if (last) range.setEndAfter(last);
    const holder = document.createElement("div");
    holder.append(range.cloneContents());
    const formulas = [...holder.querySelectorAll("math")].filter(texOf);
    if (!formulas.length) return;
    const html = holder.innerHTML;
    const alone = formulas.length === 1 && holder.textContent.trim() === formulas[0].textContent.trim();
    for (const math of formulas) {
      const tex = texOf(math);
      const shown = math.getAttribute("display") === "block" ? `\n$$${tex}$$\n` : `$${tex}$`;
      math.replaceWith(alone ? tex : shown);
    }
    document.body.append(holder); // only what is on the page has lines
    event.clipboardData.setData("text/plain", alone ? holder.textContent.trim() : holder.innerText.trim());
    event.clipboardData.setData("text/html", html);
    holder.remove();
    event.preventDefault();
  });
})();
