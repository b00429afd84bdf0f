// SPDX-License-Identifier: Apache-2.0

const panel = document.getElementById("panel");
let shown = null; // the list and the token in the panel, while it is open

// openPanel shows a token of a list.
function openPanel(list, token) {
  const place = list.found.indexOf(token);
  const step = (label, to) => {
    const node = button({ "aria-label": label + " token" }, label);
    node.disabled = place < 0 || !list.found[to];
    node.addEventListener("click", () => stepTo(list, to));
    return node;
  };
  const title = el("h2", { id: "panel-title", tabindex: "-1" }, token.name);
  const close = button({ class: "close", "aria-label": "Close" }, "✕");
  close.addEventListener("click", () => panel.close());
  shown = { list, token, place };
  const link = el("a", { href: addressOf([[list, token]]), class: "permalink" },
    "Link to token " + token.key);
  const where = place < 0 ? "not among those shown" : place + 1 + " of " + list.found.length;
  panel.replaceChildren(
    el("header", {}, badge(token.severity), title, close),
    el("p", { class: "steps" }, step("Previous", place - 1), step("Next", place + 1),
      el("span", {}, where), link),
    el("h3", {}, "Findings"),
    ...(token.findings.length > 0 ? findings(token, list.about)
      : [el("p", {}, "No rule that was asked has found anything.")]),
    ...decisionLines(token, list.about.decide),
    el("h3", {}, "The token"), facts(token, list.about));
  const settings = list.section.querySelector("a.settings");
  if (settings) panel.append(el("p", {}, settings.cloneNode(true)));
  if (!panel.open) panel.showModal();
  panel.scrollTop = 0;
  title.focus();
}

// stepTo shows another of the tokens that are found, in place of the one that is shown.
function stepTo(list, to) {
  if (!list.found[to]) return;
  openPanel(list, list.found[to]);
  remember(true);
}

// decisionLines draws what to type to record what is decided of a token; nothing if nothing can
// be. Of findings, the reader chooses which one to accept.
function decisionLines(token, decide) {
  if (!token.kinds) return [];
  const rules = token.findings.filter((f) => f.waive).map((f) => f.rule);
  const boxes = token.kinds.map((kind) => {
    const after = decide.after[kind];
    if (kind !== "waive") {
      return paste(decide.labels[kind], decide.before + token.id + " " + kind + after);
    }
    const line = (rule) => decide.before + token.id + " waive --rule " + rule + after;
    const box = paste(decide.labels.waive, line(rules[0]));
    if (rules.length < 2) return box;
    const choice = el("select", { "aria-label": "The finding to accept, by its rule" },
      ...rules.map((rule) => el("option", { value: rule }, rule)));
    choice.addEventListener("change", () => {
      box.querySelector("code").textContent = line(choice.value);
    });
    box.querySelector("button").before(choice);
    return box;
  });
  return [el("h3", {}, "Record a decision"),
    el("p", { class: "note" }, "Paste a line into a shell, with your own words in place of " +
      "those in capitals. Nothing is changed at GitHub."), ...boxes];
}

// paste draws a line to paste, which a button copies.
function paste(label, line) {
  const code = el("code", {}, line);
  const copy = button({ "aria-label": "Copy: " + label }, "Copy");
  copy.addEventListener("click", async () => {
    copy.textContent = await copied(code) ? "Copied" : "Selected: press Ctrl+C";
  });
  return el("div", { class: "paste" }, el("p", {}, el("b", {}, label), copy),
    el("pre", { tabindex: "0", "aria-label": label }, code));
}

// copied selects the text of an element and copies it; false if the browser does not allow it.
async function copied(node) {
  getSelection().selectAllChildren(node);
  try {
    await navigator.clipboard.writeText(node.textContent);
    return true;
  } catch {
    return document.execCommand("copy");
  }
}

panel.addEventListener("click", (event) => {
  const inside = event.target.closest("a[href^='#']");
  if (inside && inside.matches(".permalink")) return;
  if (inside) shown.left = true; // the link says where to go on
  if (event.target === panel || inside) panel.close();
});

panel.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!step || !shown || event.target.closest("select, pre") || event.altKey) return;
  if (shown.place >= 0) stepTo(shown.list, shown.place + step);
});

// The focus goes back to the row of the token that was shown last.
panel.addEventListener("close", () => {
  const last = shown;
  shown = null;
  if (!last || last.left) return;
  last.list.focus(last.token);
  remember();
});
