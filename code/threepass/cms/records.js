// A library's files as the editor takes them: text in, values out, and back. As in threepass every scalar is text
// (2301.00010 is no number), and what is not edited stays as it is, comments and order included. For that a file's text
// goes along with its values, in a field that is not shown.

import { Document, Scalar, parseDocument } from "./yaml/index.js";

const SOURCE = "_source";
const BODY = "body";
const TEXT = { schema: "failsafe" };
const STYLE = { lineWidth: 120, minContentWidth: 0, flowCollectionPadding: false };
const NOTE = /^\ufeff?---[ \t]*\r?\n([\s\S]*?\r?\n)---[ \t]*(?:\r?\n([\s\S]*))?$/;

// The editor cuts the last line break off a file, and off the text that goes along.
const whole = (text) => `${text.trimEnd()}\n`;

const read = (text) => {
  const document = parseDocument(text, TEXT);
  if (document.errors.length) throw new Error(document.errors[0].message);
  return document;
};

const isList = Array.isArray;
const isMap = (value) => value !== null && typeof value === "object" && !isList(value);
const isNothing = (value) =>
  value === undefined || value === null || value === "" || (typeof value === "object" && !Object.keys(value).length);

// One line is handed on as it is, so that what stands there keeps its quotes and its comment.
const node = (document, value) => {
  if (isList(value) || isMap(value)) return document.createNode(plain(value));
  const text = String(value).replace(/\r\n?/g, "\n").trimEnd();
  if (!text.includes("\n")) return text;
  const lines = new Scalar(`${text}\n`);
  lines.type = Scalar.BLOCK_LITERAL;
  return lines;
};

const plain = (value) => {
  if (isList(value)) return value.filter((one) => !isNothing(one)).map(plain);
  if (!isMap(value)) return String(value);
  return Object.fromEntries(Object.entries(value).filter(([, one]) => !isNothing(one)).map(([key, one]) => [key, plain(one)]));
};

const isText = (value) => typeof value === "string" || typeof value === "number";

const same = (before, after) =>
  (isNothing(before) && isNothing(after)) ||
  (isText(before) && isText(after) && String(before).trimEnd() === String(after).trimEnd());

const change = (document, path, before, after) => {
  if (same(before, after)) return;
  if (isNothing(after)) {
    document.deleteIn(path);
  } else if (isMap(before) && isMap(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    keys.forEach((key) => change(document, [...path, key], before[key], after[key]));
  } else if (isList(before) && isList(after)) {
    before.slice(after.length).forEach(() => document.deleteIn([...path, after.length]));
    after.forEach((one, at) => {
      if (at >= before.length) document.addIn(path, node(document, one));
      else change(document, [...path, at], before[at], one);
    });
  } else {
    document.setIn(path, node(document, after));
  }
};

// The text of each key of a file, with what follows it, and what stands before the first one.
const parts = (text) => {
  const document = read(text);
  const places = document.contents.flow ? [] : document.contents.items.map((pair) => [pair.key.value, pair.key.range[0]]);
  const found = new Map([["", text.slice(0, places[0]?.[1] ?? 0)]]);
  places.forEach(([key, start], at) => found.set(key, text.slice(start, places[at + 1]?.[1])));
  return places.length ? found : null;
};

// A text, and the comments at its end, which are no key's.
const cut = (text) => {
  const lines = text.split("\n");
  const last = lines.findLastIndex((line) => line && !line.startsWith("#"));
  return [`${lines.slice(0, last + 1).join("\n")}\n`, lines.slice(last + 1).join("\n")];
};

const written = (text, values) => {
  const [source, end] = text ? cut(text) : ["", ""];
  return edited(source, values) + end;
};

const edited = (source, values) => {
  const document = source ? read(source) : new Document({}, TEXT);
  const before = source ? document.toJS() : {};
  change(document, [], before, values);
  const text = document.toString(STYLE);
  const [former, now] = [source && parts(source), source && parts(text)];
  if (!former || !now) return text;
  const after = read(text).toJS();
  const kept = (key) => former.has(key) && alike(before[key], after[key]);
  const joined = [...now].map(([key, part]) => (kept(key) ? former.get(key) : part)).join("");
  return alike(read(joined).toJS(), after) ? joined : text;
};

const alike = (one, other) => JSON.stringify(one) === JSON.stringify(other);

const split = (text) => {
  const found = NOTE.exec(whole(text));
  if (!found) throw new Error("the note has no front matter");
  return { head: found[1], body: found[2] ?? "" };
};

export const day = {
  fromFile: (text) => ({ ...read(whole(text)).toJS(), [SOURCE]: text }),
  toFile: ({ [SOURCE]: source, ...values }) => written(source && whole(source), values),
};

export const note = {
  fromFile: (text) => {
    const { head, body } = split(text);
    return { ...read(head).toJS(), [BODY]: body, [SOURCE]: text };
  },
  toFile: ({ [SOURCE]: source, [BODY]: body, ...values }) => {
    const head = written(source && split(source).head, values);
    return `---\n${head}---\n${body ?? ""}`;
  },
};
