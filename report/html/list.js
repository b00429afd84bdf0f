// SPDX-License-Identifier: Apache-2.0

const batch = 100; // rows that are drawn at once
const printed = 1000; // tokens on paper
const columns = 9;

const severities =
  ["critical", "high", "medium", "low", "info", "unknown", "debt", "expired", "clean", "none"];

// By what a list can be sorted; what is equal stays with the worst first.
const orders = {
  severity: (t) => t.place,
  name: (t) => t.name.toLowerCase(),
  owner: (t) => t.owner.toLowerCase(),
  repositories: (t) => t.count,
  rights: (t) => t.power + " " + t.rights,
  granted: (t) => t.granted,
  expires: (t) => t.expires,
  used: (t) => t.used,
  why: (t) => t.why.toLowerCase(),
};

// What chips choose from: a title, and the values that a token has.
const facets = {
  severity: ["Severity", (t) => [t.severity]],
  role: ["Owner's role", (t) => [t.role]],
  reach: ["Reach", (t) => [t.reach]],
  change: ["Since last run", (t) => t.changes || []],
  rule: ["Rule", (t) => t.findings.map((f) => f.rule)],
};

// Where the list has no columns, and its filters are folded.
const narrow = matchMedia("(max-width: 60rem)");

// List is one organization's list of tokens, and what chooses its rows.
class List {
  constructor(section) {
    this.section = section;
    this.table = section.querySelector("table.tokens");
    this.body = el("tbody", {});
    this.put(this.body);
    this.heads = [...this.table.tHead.rows[0].cells];
    this.about = JSON.parse(section.querySelector("script.about").textContent);
    this.tokens = [...section.querySelectorAll("script.data")]
      .flatMap((script) => JSON.parse(script.textContent));
    this.tokens.forEach((t, i) => {
      t.place = i;
      t.text = [t.name, t.owner, t.role, t.rights, t.why, ...t.facts.flat(),
        ...t.findings.flatMap((f) => [f.rule, f.text])].join("\n").toLowerCase();
    });
    this.chosen = Object.fromEntries(Object.keys(facets).map((name) => [name, new Set()]));
    this.tile = "";
    this.makeTools();
    this.makeTiles();
    this.makeHeads();
    this.listen();
    this.sort("severity", false);
    this.filter();
  }

  makeTools() {
    this.search = el("input", {
      type: "search", autocomplete: "off", spellcheck: "false", "aria-label": "Search tokens",
      placeholder: "Search token, login, repository, permission, finding",
      title: "Press / to search. Of repositories, those that a token's card names are searched.",
    });
    this.status = el("p", { role: "status", "aria-live": "polite", class: "status" });
    this.clear = button({ class: "clear" }, "Show all");
    this.more = button({ class: "show-more" });
    this.table.closest(".scroll").after(this.more);
    const tools = this.section.querySelector(".tools");
    tools.append(el("div", { class: "searching" }, this.search, this.status, this.clear));
    tools.append(this.makeSorting(), this.makeFilters());
  }

  // makeSorting makes what stands in for the heads of the columns on a narrow screen.
  makeSorting() {
    this.by = el("select", { "aria-label": "Sort by" },
      ...this.heads.map((head) => el("option", { value: head.dataset.key }, head.textContent)));
    this.by.addEventListener("change", () => {
      this.sort(this.by.value, false);
      this.filter();
    });
    this.turn = button({ class: "turn", "aria-pressed": "false" }, "Reversed");
    this.turn.addEventListener("click", () => {
      this.sort(this.sorted, !this.down);
      this.filter();
    });
    return el("div", { class: "sorting" }, el("span", {}, "Sort by"), this.by, this.turn);
  }

  // makeFilters folds the chips on a narrow screen.
  makeFilters() {
    this.folded = el("summary", {}, "Filters");
    const chips = Object.entries(facets).map(([name, [title, values]]) =>
      this.makeChips(name, title, values));
    const filters = el("details", { class: "filters" }, this.folded,
      el("div", { class: "facets" }, ...chips));
    const fold = () => { filters.open = !narrow.matches; };
    narrow.addEventListener("change", fold);
    fold();
    return filters;
  }

  // makeChips makes a button per value, with how many tokens have it; "" if there is no choice.
  makeChips(name, title, values) {
    const counts = new Map();
    for (const token of this.tokens) {
      for (const value of new Set(values(token))) {
        counts.set(value, (counts.get(value) || 0) + 1);
      }
    }
    if (counts.size < 2) return "";
    const place = (value) =>
      name === "severity" ? severities.indexOf(value) : -counts.get(value);
    const sorted = [...counts.keys()].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
    const chips = el("div", {});
    for (const value of sorted) {
      const chip = button({ class: "chip", "aria-pressed": "false" },
        value, " ", el("b", {}, String(counts.get(value))));
      chip.addEventListener("click", () => {
        const set = this.chosen[name];
        if (!set.delete(value)) set.add(value);
        chip.setAttribute("aria-pressed", set.has(value));
        this.filter();
      });
      chips.append(chip);
    }
    return el("div", { class: "chips", role: "group", "aria-label": title },
      el("span", {}, title), chips);
  }

  makeTiles() {
    this.tiles = [...this.section.querySelectorAll("button.tile")];
    for (const tile of this.tiles) {
      tile.disabled = false;
      tile.addEventListener("click", () => {
        this.tile = this.tile === tile.dataset.filter ? "" : tile.dataset.filter;
        this.filter();
      });
    }
  }

  makeHeads() {
    for (const head of this.heads) {
      const key = head.dataset.key;
      const sorter = button({}, head.textContent);
      head.replaceChildren(sorter);
      sorter.addEventListener("click", () => {
        this.sort(key, this.sorted === key && !this.down);
        this.filter();
      });
    }
  }

  listen() {
    this.search.addEventListener("input", () => this.filter());
    this.clear.addEventListener("click", () => this.reset());
    this.more.addEventListener("click", () => this.draw());
    new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) this.draw();
    }, { rootMargin: "400px" }).observe(this.more);
    this.body.addEventListener("click", (event) => {
      const row = event.target.closest("tr[data-place]");
      if (!row || String(getSelection())) return;
      row.querySelector("button").focus();
      openPanel(this, this.found.findIndex((t) => t.place === Number(row.dataset.place)));
    });
    const steps = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" };
    this.body.addEventListener("keydown", (event) => {
      const next = steps[event.key] && event.target.closest("tr")[steps[event.key]];
      if (!next) return;
      event.preventDefault();
      next.querySelector("button").focus();
    });
  }

  reset() {
    this.search.value = "";
    this.tile = "";
    for (const set of Object.values(this.chosen)) set.clear();
    for (const chip of this.section.querySelectorAll(".chip")) {
      chip.setAttribute("aria-pressed", "false");
    }
    this.filter();
    this.search.focus();
  }

  // filter finds the tokens that match everything, in order, and draws the first of them.
  filter() {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = Object.entries(this.chosen).filter(([, set]) => set.size > 0);
    this.found = this.tokens.filter((t) => (!this.tile || t[this.tile]) &&
      chosen.every(([name, set]) => facets[name][1](t).some((value) => set.has(value))) &&
      words.every((word) => t.text.includes(word)));
    const all = many(this.tokens.length, "token");
    const some = this.found.length < this.tokens.length;
    this.status.textContent = some ? this.found.length + " of " + all : all;
    const sets = Object.values(this.chosen).reduce((n, set) => n + set.size, 0);
    this.folded.textContent = sets > 0 ? "Filters (" + sets + " chosen)" : "Filters";
    this.clear.hidden = !this.tile && chosen.length === 0 && words.length === 0;
    for (const tile of this.tiles) {
      tile.setAttribute("aria-pressed", tile.dataset.filter === this.tile);
    }
    this.body.replaceChildren();
    this.draw();
  }

  sort(key, down) {
    [this.sorted, this.down] = [key, down];
    const value = orders[key], sign = down ? -1 : 1;
    this.tokens = this.tokens.map((t) => [value(t), t]).sort(([x, a], [y, b]) =>
      x < y ? -sign : x > y ? sign : a.place - b.place).map(([, t]) => t);
    for (const head of this.heads) {
      const order = down ? "descending" : "ascending";
      head.setAttribute("aria-sort", head.dataset.key === key ? order : "none");
    }
    this.by.value = key;
    this.turn.setAttribute("aria-pressed", down);
  }

  // put makes these the bodies of the table.
  put(...bodies) {
    for (const body of [...this.table.tBodies]) body.remove();
    this.table.append(...bodies);
  }

  // draw adds the next rows.
  draw() {
    const drawn = this.body.rows.length;
    this.body.append(...this.found.slice(drawn, drawn + batch).map((t) => this.row(t)));
    const left = this.found.length - this.body.rows.length;
    this.more.hidden = left === 0;
    this.more.textContent = "Show more (" + left + " left)";
  }

  row(t) {
    const cell = (name, ...children) => el("td", { class: name }, ...children);
    return el("tr", { "data-place": t.place },
      cell("severity", badge(t.severity), t.mark ? " " + t.mark : ""),
      cell("name", button({ "aria-haspopup": "dialog" }, t.name)),
      cell("owner", t.owner, " ", el("small", {}, t.role)),
      cell("repositories", t.repositories), cell("rights", t.rights),
      cell("granted", t.granted), cell("expires", t.expires), cell("used", t.used),
      cell("why", t.why, " ", el("small", {}, t.more || "")));
  }

  // print draws each token, and all that is known of those with a finding. Each has a body of its
  // own, which a page does not break.
  print() {
    const across = (...children) => el("tr", { class: "opened" },
      el("td", { colspan: columns }, ...children));
    const bodies = this.found.slice(0, printed).map((t) => el("tbody", {}, this.row(t),
      ...(t.findings.length > 0 ? [across(...findings(t, this.about), facts(t, this.about))]
        : [])));
    const left = this.found.length - printed;
    if (left > 0) bodies.push(el("tbody", {}, across("and " + many(left, "token") + " more")));
    this.put(...bodies);
  }

  // restore shows the list again as it was.
  restore() {
    this.put(this.body);
    this.filter();
  }
}
