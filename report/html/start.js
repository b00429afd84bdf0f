// SPDX-License-Identifier: Apache-2.0

const panel = document.getElementById("panel");
let shown = null; // the list and the place of the token in the panel

// openPanel shows the i-th of the tokens that a list has found.
function openPanel(list, i) {
  const t = list.found[i];
  const step = (label, to) => {
    const node = button({ "aria-label": label + " token" }, label);
    node.disabled = !list.found[to];
    node.addEventListener("click", () => openPanel(list, to));
    return node;
  };
  const title = el("h2", { id: "panel-title", tabindex: "-1" }, t.name);
  const close = button({ class: "close", "aria-label": "Close" }, "✕");
  close.addEventListener("click", () => panel.close());
  panel.replaceChildren(
    el("header", {}, badge(t.severity), title, close),
    el("p", { class: "steps" }, step("Previous", i - 1), step("Next", i + 1),
      el("span", {}, i + 1 + " of " + list.found.length)),
    el("h3", {}, "Findings"),
    ...(t.findings.length > 0 ? findings(t, list.about)
      : [el("p", {}, "No rule that was asked has found anything.")]),
    el("h3", {}, "The token"), facts(t, list.about));
  const settings = list.section.querySelector("a.settings");
  if (settings) panel.append(el("p", {}, settings.cloneNode(true)));
  shown = { list, place: t.place };
  if (!panel.open) panel.showModal();
  panel.scrollTop = 0;
  title.focus();
}

panel.addEventListener("click", (event) => {
  if (event.target === panel || event.target.closest("a[href^='#']")) panel.close();
});

// The focus goes back to the row of the token that was shown last.
panel.addEventListener("close", () => {
  const row = shown.list.body.querySelector(`tr[data-place="${shown.place}"] button`);
  if (row) row.focus();
});

const lists = [...document.querySelectorAll("section.audit")].map((s) => new List(s));
document.documentElement.classList.add("scripted");

document.addEventListener("keydown", (event) => {
  const list = lists.find((l) => l.section.getBoundingClientRect().bottom > 0);
  const busy = panel.open || event.target.closest("input") || event.ctrlKey || event.metaKey;
  if (event.key !== "/" || busy || !list) return;
  event.preventDefault();
  list.search.focus();
});

addEventListener("beforeprint", () => lists.forEach((list) => list.print()));
addEventListener("afterprint", () => lists.forEach((list) => list.restore()));

// A link to a rule opens its explanation.
function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) target.open = true;
}
addEventListener("hashchange", reveal);
reveal();
