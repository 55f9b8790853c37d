// The field in the header. Pagefind's index is fetched in parts, the first when the field is used, and only those that
// hold the words asked for. What it finds is shown as text: of its markup nothing but <mark> is kept.

const AT_ONCE = 8;
const toggle = document.getElementById("__search");
const box = document.querySelector(".tp-search");
const form = box.querySelector("form");
const field = form.querySelector("input");
const list = box.querySelector("ol");
const status = box.querySelector("[role=status]");
const more = box.querySelector(".tp-search__more");
const invitation = status.textContent;

let engine;
let asked = 0;
let rest = [];

/* A note is long because it is what the library has of its paper: a page does not come first for being short, nor for a
   short title. The title counts as the heading that it is. */
const RANKING = { pageLength: 0.1, metaWeights: { title: 0 } };

async function started() {
  const pagefind = await import(new URL(form.dataset.index, document.baseURI));
  await pagefind.options({ ranking: RANKING });
  return pagefind;
}

const index = () => (engine ??= started());

function marked(excerpt) {
  const parsed = new DOMParser().parseFromString(excerpt, "text/html").body;
  const shown = document.createElement("p");
  for (const node of parsed.childNodes) {
    if (node.nodeName === "MARK") shown.append(Object.assign(document.createElement("mark"), { textContent: node.textContent }));
    else shown.append(node.textContent);
  }
  return shown;
}

function line(found) {
  const item = document.createElement("li");
  item.className = "md-search-result__item";
  const link = Object.assign(document.createElement("a"), { className: "md-search-result__link", href: found.url });
  const article = Object.assign(document.createElement("article"), { className: "md-search-result__article md-typeset" });
  const title = Object.assign(document.createElement("h2"), { textContent: found.meta.title ?? found.url });
  article.append(title, marked(found.excerpt));
  link.append(article);
  item.append(link);
  return item;
}

async function showMore(now = asked) {
  const next = rest.splice(0, AT_ONCE);
  const found = await Promise.all(next.map((result) => result.data()));
  if (now !== asked) return null;
  const lines = found.map(line);
  list.append(...lines);
  more.hidden = rest.length === 0;
  return lines[0];
}

async function search() {
  const now = ++asked;
  const words = field.value.trim();
  if (!words) {
    list.replaceChildren();
    more.hidden = true;
    status.textContent = invitation;
    return;
  }
  try {
    const pagefind = await index();
    const results = (await pagefind.debouncedSearch(words, {}, 120))?.results;
    if (!results || now !== asked) return;
    list.replaceChildren();
    rest = [...results];
    status.textContent = results.length === 1 ? "1 page" : `${results.length || "No"} pages`;
    await showMore(now);
  } catch (error) {
    status.textContent = `The search index cannot be read: ${error.message}`;
  }
}

/* By a click, which the theme hears: on a phone it keeps the page below from moving, and lets it go. */
function show(shown) {
  if (toggle.checked !== shown) toggle.click();
}

function open() {
  show(true);
  index().catch(() => {});
}

function close() {
  show(false);
  field.blur();
}

field.addEventListener("focus", open);
field.addEventListener("input", search);
more.addEventListener("click", async () => (await showMore())?.querySelector("a").focus());
toggle.addEventListener("change", () => toggle.checked && field.focus());
form.addEventListener("submit", (event) => {
  event.preventDefault();
  list.querySelector("a")?.click();
});
box.addEventListener("focusout", (event) => {
  if (event.relatedTarget && !box.contains(event.relatedTarget)) show(false);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && toggle.checked) return close();
  const links = [...list.querySelectorAll("a")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && toggle.checked && box.contains(document.activeElement)) {
    const at = links.indexOf(document.activeElement) + step;
    (at < 0 ? field : links[Math.min(at, links.length - 1)])?.focus();
    event.preventDefault();
  }
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (!typing && event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey) {
    field.focus();
    event.preventDefault();
  }
});
