// SPDX-License-Identifier: Apache-2.0

// fold closes a part of the page on a screen that has no room for it, and opens it on another.
function fold(details, small) {
  const set = () => { details.open = !small.matches; };
  small.addEventListener("change", set);
  set();
}

const lists = [...document.querySelectorAll("section.audit")].map((s) => new List(s));
document.documentElement.classList.add("scripted");
document.querySelectorAll(".basis").forEach((node) => fold(node, narrow));
document.querySelectorAll(".charts").forEach((node) =>
  fold(node, matchMedia("(max-width: 80rem)")));

document.addEventListener("keydown", (event) => {
  const list = lists.find((l) => l.section.getBoundingClientRect().bottom > 0);
  const busy = panel.open || event.target.closest("input") || event.ctrlKey || event.metaKey;
  if (event.key !== "/" || busy || !list) return;
  event.preventDefault();
  list.search.focus();
});

addEventListener("beforeprint", () => lists.forEach((list) => list.print()));
addEventListener("afterprint", () => lists.forEach((list) => list.restore()));
addEventListener("hashchange", follow);
if (location.hash) follow();
