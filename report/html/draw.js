// SPDX-License-Identifier: Apache-2.0
"use strict";

// The page works without this script. With it, each list of tokens can be searched, filtered and
// sorted, and draws only the rows in sight. Texts are set as text, never as HTML.

// el makes an element of attributes and children; a child that is a string is text.
function el(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  for (const child of children) {
    if (typeof child === "string") node.append(...breakable(child));
    else node.append(child);
  }
  return node;
}

// breakable lets a text be broken into lines after an underscore within a name, so that names of
// permissions break between their words.
function breakable(text) {
  if (!text.includes("_")) return [text];
  return text.split(/(?<=[\p{L}\p{N}]_+)(?=[\p{L}\p{N}])/u)
    .flatMap((part, i) => i > 0 ? [document.createElement("wbr"), part] : [part]);
}

function button(attributes, ...children) {
  return el("button", { type: "button", ...attributes }, ...children);
}

function badge(level) {
  return el("span", { class: "badge " + level }, level);
}

// marked explains the mark of a token.
function marked(mark) {
  const title = { "+": "new since the last run", "^": "can do more than at the last run" }[mark];
  return mark ? [" ", el("abbr", { title: title || "" }, mark)] : [];
}

function many(n, noun) {
  return n + " " + noun + (n === 1 ? "" : "s");
}

// findings draws what was found of a token; about has each rule's title and remedy.
function findings(token, about) {
  return token.findings.map((f) => {
    const [title, remedy] = about.remedies[f.rule] || ["", ""];
    const rule = document.getElementById("rule-" + f.rule)
      ? el("a", { href: "#rule-" + encodeURIComponent(f.rule), title }, el("code", {}, f.rule))
      : el("code", {}, f.rule);
    const tag = f.tag ? [el("span", { class: "tag " + f.tag }, f.tag), " "] : [];
    const box = el("div", { class: "finding" },
      el("p", {}, badge(f.level), " ", rule, " ", ...tag, f.text));
    const notes = [...(f.notes || [])];
    if (remedy && f.level !== "waived" && f.level !== "unknown") notes.push(["remedy", remedy]);
    for (const [label, text] of notes) {
      box.append(el("p", { class: "more" }, el("b", {}, label), " ", text));
    }
    if (f.basis) box.append(el("p", { class: "keys" }, el("code", {}, f.basis)));
    return box;
  });
}

// facts draws what else is known of it.
function facts(token, about) {
  const list = el("dl", { class: "facts" });
  token.facts.forEach((lines, i) => {
    if (!lines || lines.length === 0) return;
    const pair = el("div", about.unprinted.includes(about.labels[i]) ? { class: "unprinted" } : {},
      el("dt", {}, about.labels[i]));
    pair.append(...lines.map((line) => el("dd", {}, line)));
    list.append(pair);
  });
  return list;
}
