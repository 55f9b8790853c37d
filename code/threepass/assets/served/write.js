/* The form at /write/. What is filled in is sent to be looked at, and comes back as the day's page with a remark at each
   field that has a problem; all checks and all Markdown are the server's. What is typed is kept in the browser until it
   is saved: the server may go, the page may be closed. */

const form = document.getElementById("write");
const date = document.getElementById("write-date");
const preview = document.getElementById("write-preview");
const status = document.getElementById("write-status");
const wrong = document.getElementById("write-wrong");
const gone = document.getElementById("write-gone");
const back = document.getElementById("write-back");
const button = form.querySelector("[type=submit]");
const key = `threepass:write:${form.dataset.library}`;
const AFTER_TYPING = 300;
const BETWEEN_CALLS = 2000;

let token = form.dataset.token;
let rowsMade = 0;
let touched = new Set();
let asked; // the last request to look, which a newer one replaces
let timer;
let calling = false;
let saving = false;

/* The fields, as data and back ----------------------------------------------------------------- */

const rowLists = [...form.querySelectorAll("[data-rows]")];
const cells = (row) => [...row.querySelectorAll("input, select")];
const isFilled = (row) => cells(row).some((cell) => cell.value.trim());
const filledRows = (list) => [...list.querySelector("ol").children].filter(isFilled);
const ownChoices = (set) => [...set.querySelectorAll("input")].filter((box) => !box.disabled && box.checked);

function collect() {
  const data = {};
  for (const field of form.querySelectorAll(".tp-field > input, .tp-field > textarea, #write-date")) {
    if (!field.value.trim()) continue;
    data[field.name] = "split" in field.dataset ? field.value.split(",") : field.value;
  }
  for (const set of form.querySelectorAll("[data-words]")) {
    const chosen = ownChoices(set).map((box) => box.value);
    if (chosen.length) data[set.dataset.words] = chosen;
  }
  for (const list of rowLists) {
    const rows = filledRows(list).map((row) => Object.fromEntries(cells(row).map((cell) => [cell.name, cell.value])));
    if (rows.length) data[list.dataset.rows] = list.dataset.rows === "shared" ? rows.map((row) => row.url) : rows;
  }
  return data;
}

function fill(data) {
  for (const field of form.querySelectorAll(".tp-field > input, .tp-field > textarea, #write-date")) {
    const value = data[field.name] ?? (field === date ? date.value : "");
    field.value = Array.isArray(value) ? value.join(",") : value;
  }
  for (const set of form.querySelectorAll("[data-words]")) {
    for (const box of set.querySelectorAll("input")) {
      const chosen = (data[set.dataset.words] ?? []).includes(box.value);
      if (box.disabled) box.dataset.own = chosen ? "yes" : "";
      else box.checked = chosen;
    }
  }
  for (const list of rowLists) {
    list.querySelector("ol").replaceChildren();
    for (const values of data[list.dataset.rows] ?? []) {
      const row = addRow(list);
      for (const cell of cells(row)) cell.value = (typeof values === "string" ? values : values[cell.name]) ?? "";
    }
    if (data[list.dataset.rows]) list.closest("details")?.setAttribute("open", "");
  }
}

function addRow(list) {
  const row = list.querySelector("template").content.firstElementChild.cloneNode(true);
  const number = ++rowsMade;
  for (const cell of cells(row)) {
    cell.id = `write-${list.dataset.rows}-${number}-${cell.name}`;
    const said = cell.parentElement.querySelector(".tp-field__wrong");
    said.id = `${cell.id}-wrong`;
    cell.setAttribute("aria-describedby", said.id);
    cell.parentElement.querySelector("label").htmlFor = cell.id;
  }
  const remove = row.querySelector(".tp-row__remove");
  remove.setAttribute("aria-label", `Remove this ${list.dataset.one}`);
  remove.addEventListener("click", () => {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    (next?.querySelector(".tp-row__remove") ?? list.querySelector(".tp-rows__add")).focus();
    changed();
  });
  list.querySelector("ol").append(row);
  return row;
}

/* The draft: what is typed stays in this browser ------------------------------------------------ */

const saysSomething = (data) => Object.keys(data).some((name) => name !== "date");

function keep() {
  const data = collect();
  try {
    if (saysSomething(data)) localStorage.setItem(key, JSON.stringify({ data, at: Date.now() }));
    else localStorage.removeItem(key);
  } catch {
    window.onbeforeunload = () => (saysSomething(collect()) ? false : undefined); // nothing can be kept: ask
  }
}

function kept() {
  try {
    const found = JSON.parse(localStorage.getItem(key));
    return found && typeof found.data === "object" && saysSomething(found.data) ? found : null;
  } catch {
    return null;
  }
}

/* The server ------------------------------------------------------------------------------------- */

async function post(name, data, signal) {
  const body = JSON.stringify(data);
  const send = () => fetch(`/write/${name}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Threepass-Token": token },
    body,
    signal,
  });
  let response = await send();
  let answer = await response.json();
  if (answer.stale && (await takeToken())) {
    response = await send();
    answer = await response.json();
  }
  return { ok: response.ok, answer };
}

/* Another run of the server has another token; it stands in its page, which no other site can read. */
async function takeToken() {
  const response = await fetch("/write/", { cache: "no-store" });
  const page = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("write");
  if (page?.dataset.library !== form.dataset.library) {
    sayGone("Another library is served at this address now. Your text is kept in this browser for the one it is meant for.");
    return false;
  }
  token = page.dataset.token;
  return true;
}

function sayGone(text) {
  if (gone.textContent !== text) gone.textContent = text;
  gone.hidden = false;
}

async function lost(also = "") {
  keep();
  sayGone(`The server does not answer. Your text is kept in this browser: run threepass serve again, and go on here.${also}`);
  if (calling) return;
  calling = true;
  while (calling) {
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_CALLS));
    try {
      if (!(await takeToken())) break;
      gone.hidden = true;
      say("The server is back.");
      calling = false;
      look();
    } catch {
      // not yet
    }
  }
  calling = false;
}

/* What the server says of the day ----------------------------------------------------------------- */

function say(text, kind = "") {
  status.dataset.kind = kind;
  status.replaceChildren(...[text].flat());
}

function link(address, text) {
  return Object.assign(document.createElement("a"), { href: address, textContent: text });
}

function remark({ code, message, hint }) {
  const said = Object.assign(document.createElement("span"), { className: "tp-remark" });
  if (code) said.append(Object.assign(document.createElement("strong"), { textContent: code }), " ");
  said.append(message);
  if (hint) said.append(Object.assign(document.createElement("span"), { textContent: hint }));
  return said;
}

/* The field that a problem is of: `title`, `links.0.url`, or the first cell of the row `links.0`. */
function fieldOf(name) {
  const [first, number, cell] = name.split(".");
  const list = rowLists.find((each) => each.dataset.rows === first);
  if (list) {
    const row = filledRows(list)[Number(number)];
    return row && (row.querySelector(`[name="${cell}"]`) ?? cells(row)[0]);
  }
  return form.querySelector(`[data-words="${first}"]`) ?? document.getElementById(`write-${first}`);
}

const isTouched = (field) => touched === true || touched.has(field) || [...touched].some((one) => field.contains(one));

function showProblems(problems) {
  const atField = new Map();
  const ofDay = [];
  for (const problem of problems) {
    const field = problem.field && fieldOf(problem.field);
    if (!field) {
      ofDay.push(problem); // as of another day, which has this number
    } else if (isTouched(field)) {
      atField.set(field, [...(atField.get(field) ?? []), problem]);
    }
  }
  for (const field of form.querySelectorAll("input, select, textarea, [data-words]")) {
    const place = document.getElementById(`${field.id || `write-${field.dataset.words}`}-wrong`);
    if (!place) continue;
    const found = atField.get(field) ?? [];
    const text = document.createElement("p");
    text.append(...found.map(remark));
    if (place.innerHTML !== text.innerHTML) place.replaceChildren(...text.childNodes);
    if (found.length) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
  wrong.replaceChildren(...ofDay.map((problem) => {
    const item = document.createElement("li");
    item.append(remark(problem));
    return item;
  }));
  wrong.hidden = !ofDay.length;
  return [...atField.values()].flat().length + ofDay.length;
}

/* What is said below a field while the day is as it is; else what the schema says of it. */
function showHelp(name, text) {
  const help = document.getElementById(`write-${name}-help`);
  help.dataset.said ??= help.textContent;
  help.textContent = text || help.dataset.said;
}

function showDay({ there, number, file }) {
  const numberField = document.getElementById("write-day");
  const title = document.getElementById("write-title");
  title.readOnly = Boolean(there?.titled) && !title.value; // what was typed is not hidden
  title.placeholder = there?.titled ? there.title : "";
  showHelp("title", title.readOnly ? "The day has it already." : "");
  numberField.readOnly = Boolean(there) && there.number !== null && !numberField.value;
  numberField.placeholder = (there ? there.number : number) ?? "";
  showHelp("day", numberField.readOnly ? "The day has it already." : "");
  showHelp("minutes", there?.minutes ? `Added to the day’s ${there.minutes}.` : "");
  document.getElementById("write-file").textContent = file;
  for (const set of form.querySelectorAll("[data-words]")) {
    for (const box of set.querySelectorAll("input")) {
      const known = Boolean(there?.[set.dataset.words].includes(box.value));
      if (known && !box.disabled) box.dataset.own = box.checked ? "yes" : "";
      if (known) box.checked = true;
      else if (box.disabled) box.checked = box.dataset.own === "yes";
      box.disabled = known;
    }
  }
  const help = document.getElementById("write-date-help");
  const said = document.createDocumentFragment();
  if (there) said.append("What you write is added to “", link(there.page, there.title), "”.");
  else if (date.value) said.append("A new day.");
  const text = document.createElement("p");
  text.append(said);
  if (help.innerHTML !== text.innerHTML) help.replaceChildren(...text.childNodes);
}

function showPreview(html, data) {
  if (!html && saysSomething(data)) return; // what cannot be shown yet leaves what could
  preview.innerHTML = html || '<p class="tp-quiet">The day’s page appears here as you write.</p>';
  for (const anchor of preview.querySelectorAll("a[href]:not([href^='#'])")) anchor.target = "_blank";
}

async function look() {
  clearTimeout(timer);
  asked?.abort();
  const mine = (asked = new AbortController());
  const data = collect();
  try {
    const { ok, answer } = await post("look", data, mine.signal);
    if (mine !== asked) return;
    if (!ok) {
      if (!answer.stale) say([answer.message, answer.hint].filter(Boolean).join(": "), "bad");
      return;
    }
    gone.hidden = true;
    showDay(answer);
    showPreview(answer.preview, data);
    const count = showProblems(saysSomething(data) ? answer.problems : answer.problems.filter(({ field }) => field === "date"));
    if (count) say(count === 1 ? "One thing is to be mended before this can be saved." : `${count} things are to be mended before this can be saved.`);
    else if (status.dataset.kind !== "good" && saysSomething(data)) say("Your text is kept in this browser until it is saved.");
  } catch (error) {
    if (error.name !== "AbortError") lost();
  }
}

function changed() {
  if (status.dataset.kind) say("");
  keep();
  clearTimeout(timer);
  timer = setTimeout(look, AFTER_TYPING);
}

async function save() {
  if (saving || (status.dataset.kind === "good" && !saysSomething(collect()))) return; // saved a moment ago
  saving = true;
  button.setAttribute("aria-disabled", "true");
  clearTimeout(timer);
  asked?.abort();
  keep();
  touched = true;
  say("Saving …");
  try {
    const { ok, answer } = await post("save", collect());
    if (ok) await saved(answer);
    else refused(answer);
  } catch {
    say("Not known to be saved.", "bad");
    lost(" Whether it was saved before the server went is not known: look at the preview, then save again if need be.");
  } finally {
    saving = false;
    button.removeAttribute("aria-disabled");
  }
}

function refused({ message, hint, problems, stale }) {
  const count = showProblems(problems ?? []);
  if (stale) return say("Not saved.", "bad");
  say(message ? `Not saved: ${[message, hint].filter(Boolean).join(": ")}` : `Not saved: ${count === 1 ? "one thing is" : `${count} things are`} to be mended.`, "bad");
  const first = form.querySelector("[aria-invalid=true]");
  first?.closest("details")?.setAttribute("open", "");
  (first?.matches("fieldset") ? first.querySelector("input") : first)?.focus();
}

async function saved({ file, page, build, ...made }) {
  fill({});
  touched = new Set();
  back.hidden = true;
  keep();
  const did = `Saved: ${file} is ${made.new ? "written" : "extended"}.`;
  say([did, " Its page is being made …"], "good");
  saving = false;
  look();
  const ready = await fetch(`/livereload/${build}/${Date.now()}`).then((answer) => answer.text()).then(
    (now) => Number(now) > build, () => false);
  if (status.textContent.startsWith(did)) say([did, " ", link(page, ready ? "See its page" : "Its page is here soon")], "good");
}

/* Begin ---------------------------------------------------------------------------------------------- */

form.addEventListener("input", (event) => {
  if (touched !== true && event.target.closest(".tp-row") === null) touched.add(event.target);
  changed();
});
form.addEventListener("change", (event) => {
  if (touched !== true) touched.add(event.target);
  changed();
});
form.addEventListener("focusout", (event) => {
  if (touched !== true && event.target.matches?.("input, select, textarea") && event.target.value) touched.add(event.target);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  save();
});
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    save();
  } else if (event.target.matches("input")) event.preventDefault(); // a day is not saved by a slip
});
for (const list of rowLists) {
  list.querySelector(".tp-rows__add").addEventListener("click", () => cells(addRow(list))[0].focus());
}
document.getElementById("write-today").addEventListener("click", () => {
  date.value = form.dataset.today;
  changed();
});
back.querySelector("button").addEventListener("click", () => {
  fill({});
  touched = new Set();
  back.hidden = true;
  keep();
  look();
  date.focus();
});

const wanted = new URLSearchParams(location.search).get("date");
if (/^\d{4}-\d\d-\d\d$/.test(wanted ?? "")) date.value = wanted;
const draft = kept();
if (draft) {
  fill(draft.data);
  const when = new Date(draft.at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
  back.querySelector("span").textContent = `What you wrote and did not save is back (${when}).`;
  back.hidden = false;
}
form.hidden = false;
if (!/Mobi/.test(navigator.userAgent)) document.getElementById("write-notes").focus({ preventScroll: true });
look();
