/* Filters the claims ledger by state, paper and topic. The choice stands in the address, so that it can be linked to;
   without this script the form stays hidden and the table is complete. */
(() => {
  "use strict";

  const form = document.querySelector(".tp-filter");
  const table = document.querySelector(".tp-ledger");
  if (!form || !table) return;

  const selects = [...form.querySelectorAll("select")];
  const rows = [...table.querySelectorAll("tr[data-state]")];
  const count = form.querySelector("output");
  const none = document.querySelector(".tp-none");

  function show() {
    const asked = selects.filter((select) => select.value);
    const fits = (row) => asked.every((select) => row.dataset[select.name].split(" ").includes(select.value));
    rows.forEach((row) => { row.hidden = !fits(row); });
    for (const paper of table.tBodies) paper.hidden = !paper.querySelector("tr[data-state]:not([hidden])");
    const shown = rows.filter((row) => !row.hidden).length;
    none.hidden = shown > 0;
    table.hidden = shown === 0;
    count.textContent = `${shown} of ${rows.length} ${rows.length === 1 ? "claim" : "claims"}`;
  }

  function remember() {
    const address = new URL(location.href);
    for (const select of selects) {
      if (select.value) address.searchParams.set(select.name, select.value);
      else address.searchParams.delete(select.name);
    }
    history.replaceState(history.state, "", address);
  }

  function choose(wanted) {
    for (const select of selects) {
      const known = [...select.options].some((option) => option.value === wanted(select.name));
      select.value = known ? wanted(select.name) : "";
    }
  }

  form.addEventListener("change", () => { remember(); show(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.querySelector("button").addEventListener("click", () => { choose(() => ""); remember(); show(); });

  const asked = new URLSearchParams(location.search);
  choose((name) => asked.get(name) ?? "");
  form.hidden = false;
  show();
})();
