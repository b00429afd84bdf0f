// SPDX-License-Identifier: Apache-2.0

const severities =
  ["critical", "high", "medium", "low", "info", "unknown", "debt", "clean", "none", "expired"];

// What chips choose from: a title, and the values that a token has.
const facets = {
  severity: ["Severity", (t) => [t.severity]],
  role: ["Owner's role", (t) => [t.role]],
  reach: ["Reach", (t) => [t.reach]],
  change: ["Since last run", (t) => t.changes || []],
  rule: ["Rule", (t) => [...new Set(t.findings.map((f) => f.rule))]],
};

// Chips are the buttons that choose tokens of a list by what they have in common. Of one facet any
// chosen value will do; of several facets all must.
class Chips {
  constructor(tokens, changed) {
    this.changed = changed;
    this.chosen = {}; // values, by facet
    this.chips = {}; // by facet and value
    this.node = el("div", { class: "facets" });
    for (const t of tokens) t.values = {};
    for (const [name, [title, values]] of Object.entries(facets)) {
      for (const t of tokens) t.values[name] = values(t);
      this.chosen[name] = new Set();
      this.chips[name] = new Map();
      this.node.append(this.make(name, title, tokens));
    }
  }

  // make makes a button per value.
  make(name, title, tokens) {
    const counts = new Map();
    for (const value of tokens.flatMap((t) => t.values[name])) {
      counts.set(value, (counts.get(value) || 0) + 1);
    }
    const place = (value) =>
      name === "severity" ? severities.indexOf(value) : -counts.get(value);
    const sorted = [...counts.keys()].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
    const all = el("div", {});
    for (const value of sorted) {
      const chip = button({ class: "chip" }, value, " ", el("b", {}));
      chip.addEventListener("click", () => {
        const set = this.chosen[name];
        if (!set.delete(value)) set.add(value);
        this.changed();
      });
      this.chips[name].set(value, chip);
      all.append(chip);
    }
    return el("div", { class: "chips", role: "group", "aria-label": title },
      el("span", {}, title), all);
  }

  // choose returns the tokens that have what is chosen. Each chip then says how many it would show
  // with all that is chosen of other facets.
  choose(tokens) {
    const names = Object.keys(facets), found = [];
    const counts = Object.fromEntries(names.map((name) => [name, new Map()]));
    for (const t of tokens) {
      const missed = names.filter((name) => this.chosen[name].size > 0 &&
        !t.values[name].some((value) => this.chosen[name].has(value)));
      if (missed.length === 0) found.push(t);
      if (missed.length > 1) continue;
      for (const name of missed.length > 0 ? missed : names) {
        const of = counts[name];
        for (const value of t.values[name]) of.set(value, (of.get(value) || 0) + 1);
      }
    }
    this.draw(counts);
    return found;
  }

  draw(counts) {
    for (const [name, chips] of Object.entries(this.chips)) {
      const chosen = this.chosen[name];
      for (const [value, chip] of chips) {
        const n = counts[name].get(value) || 0;
        chip.querySelector("b").textContent = n;
        chip.disabled = n === 0 && !chosen.has(value) && chip !== document.activeElement;
        chip.setAttribute("aria-pressed", chosen.has(value));
      }
    }
    [...this.node.children].forEach((group, i) => { // one value is no choice
      const name = Object.keys(facets)[i];
      group.hidden = this.chips[name].size < 2 && this.chosen[name].size === 0;
    });
  }

  get size() {
    return Object.values(this.chosen).reduce((n, set) => n + set.size, 0);
  }

  clear() {
    for (const set of Object.values(this.chosen)) set.clear();
  }

  // add chooses a value; false if no token has it.
  add(name, value) {
    const known = Object.hasOwn(facets, name) && this.chips[name].has(value);
    if (known) this.chosen[name].add(value);
    return known;
  }

  // pairs names what is chosen, for the page's address.
  pairs() {
    return Object.entries(this.chosen).flatMap(([name, set]) => [...set].map((v) => [name, v]));
  }
}
