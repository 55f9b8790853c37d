/* Filters and sorts a table of records. A row says what it is in its data attributes; a select of the form filters by
   the attribute of its name, the one named `sort` orders by the attribute of its value ("-published": falling), and the
   field `q` finds words of the row's heading. The choice stands in the address, so that it can be linked to; without
   this script the form stays hidden and the table is complete. */
(() => {
  "use strict";

  const form = document.querySelector(".tp-filter");
  const table = document.querySelector("table.tp-records");
  if (!form || !table) return;

  const fields = [...form.elements].filter((field) => field.name);
  const selects = fields.filter((field) => field.localName === "select" && field.name !== "sort");
  const words = fields.find((field) => field.name === "q");
  const sort = fields.find((field) => field.name === "sort");
  const rows = [...table.querySelectorAll("tr[data-state]")];
  const written = rows.slice();
  const headings = rows.map((row) => plain(row.cells[0].textContent));
  const values = new Map(selects.map(({ name }) => [name, rows.map((row) => row.dataset[name].split(" "))]));
  const count = form.querySelector("output");
  const none = document.querySelector(".tp-none");
  const groups = table.tBodies.length > 1 ? [...table.tBodies] : [];
  const sortable = [...table.querySelectorAll("th[data-sort]")];

  function plain(text) {
    return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  }

  function show() {
    const asked = selects.filter((select) => select.value).map((select) => [values.get(select.name), select.value]);
    const sought = words ? plain(words.value).split(/\s+/).filter(Boolean) : [];
    let shown = 0;
    rows.forEach((row, number) => {
      const fits = asked.every(([has, value]) => has[number].includes(value))
        && sought.every((word) => headings[number].includes(word));
      if (row.hidden === fits) row.hidden = !fits;
      shown += fits;
    });
    for (const group of groups) group.hidden = !group.querySelector("tr[data-state]:not([hidden])");
    none.hidden = shown > 0;
    table.hidden = shown === 0;
    count.textContent = `${shown} of ${rows.length} ${rows.length === 1 ? form.dataset.one : form.dataset.many}`;
  }

  function order() {
    if (!sort) return;
    const falls = sort.value.startsWith("-");
    const name = sort.value.replace("-", "");
    const key = (row) => row.dataset[name] ?? row.cells[0].textContent;
    const { compare } = new Intl.Collator("en", { numeric: true });
    const sorted = name ? written.map((row) => [key(row), row]).sort(([a], [b]) => compare(a, b)) : written.map((row) => ["", row]);
    if (falls) sorted.reverse();
    table.tBodies[0].append(...sorted.map(([, row]) => row));
    for (const th of sortable) {
      if (th.dataset.sort === name) th.setAttribute("aria-sort", falls ? "descending" : "ascending");
      else th.removeAttribute("aria-sort");
    }
  }

  function remember() {
    const address = new URL(location.href);
    for (const { name, value } of fields) {
      if (value) address.searchParams.set(name, value);
      else address.searchParams.delete(name);
    }
    history.replaceState(history.state, "", address);
  }

  function choose(wanted) {
    for (const field of fields) {
      const value = wanted(field.name);
      field.value = !field.options || [...field.options].some((option) => option.value === value) ? value : "";
    }
  }

  for (const th of sortable) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "tp-sort";
    button.append(...th.childNodes);
    th.append(button);
    button.addEventListener("click", () => {
      const first = th.dataset.falls === undefined ? th.dataset.sort : `-${th.dataset.sort}`;
      const other = th.dataset.falls === undefined ? `-${th.dataset.sort}` : th.dataset.sort;
      sort.value = sort.value === first ? other : first;
      remember();
      order();
    });
  }
  form.addEventListener("input", (event) => {
    remember();
    if (event.target === sort) order();
    else show();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    choose(() => "");
    remember();
    order();
    show();
  });

  const asked = new URLSearchParams(location.search);
  choose((name) => asked.get(name) ?? "");
  form.hidden = false;
  if (sort?.value) order();
  show();
})();
