// SPDX-License-Identifier: Apache-2.0

const batch = 100; // rows that are drawn at once
const printed = 1000; // tokens on paper
const columns = 9;
const longest = 300; // characters of a search

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

// Where the list has no columns, and its filters are folded.
const narrow = matchMedia("(max-width: 60rem)");

// List is one organization's list of tokens, and what chooses its rows.
class List {
  constructor(section) {
    this.section = section;
    this.login = section.querySelector("h2").textContent;
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
    this.chips = new Chips(this.tokens, () => this.change());
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
      placeholder: "Search token, login, repository, permission, finding", maxlength: longest,
      title: "Press / to search. Of repositories, those that a token's card names are searched.",
    });
    this.status = el("p", { role: "status", "aria-live": "polite", class: "status" });
    this.clear = button({ class: "clear" }, "Show all");
    this.notice = el("p", { role: "status", class: "notice" });
    this.notice.hidden = true;
    this.more = button({ class: "show-more" });
    this.table.closest(".scroll").after(this.more);
    this.section.querySelector(".heading").append(this.search, this.status, this.clear);
    this.section.querySelector(".tools")
      .append(this.notice, this.makeSorting(), this.makeFilters());
  }

  // makeSorting makes what stands in for the heads of the columns on a narrow screen.
  makeSorting() {
    this.by = el("select", { "aria-label": "Sort by" },
      ...this.heads.map((head) => el("option", { value: head.dataset.key }, head.textContent)));
    this.by.addEventListener("change", () => {
      this.sort(this.by.value, false);
      this.change();
    });
    this.turn = button({ class: "turn", "aria-pressed": "false" }, "Reversed");
    this.turn.addEventListener("click", () => {
      this.sort(this.sorted, !this.down);
      this.change();
    });
    return el("div", { class: "sorting" }, el("span", {}, "Sort by"), this.by, this.turn);
  }

  // makeFilters folds the chips on a narrow screen.
  makeFilters() {
    this.folded = el("summary", {}, "Filters");
    const filters = el("details", { class: "filters" }, this.folded, this.chips.node);
    fold(filters, narrow);
    return filters;
  }

  makeTiles() {
    this.tiles = [...this.section.querySelectorAll("button.tile")];
    for (const tile of this.tiles) {
      tile.disabled = false;
      tile.addEventListener("click", () => {
        this.tile = this.tile === tile.dataset.filter ? "" : tile.dataset.filter;
        this.change();
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
        this.change();
      });
    }
  }

  listen() {
    let timer = 0, typing = false; // a search is one step back, however many keys it takes
    this.search.addEventListener("input", () => {
      this.notice.hidden = true;
      this.filter();
      clearTimeout(timer);
      timer = setTimeout(() => {
        remember(typing);
        typing = true;
      }, 250);
    });
    this.search.addEventListener("blur", () => { typing = false; });
    this.clear.addEventListener("click", () => {
      this.set([]);
      remember();
      this.search.focus();
    });
    this.more.addEventListener("click", () => this.draw());
    new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) this.draw();
    }, { rootMargin: "400px" }).observe(this.more);
    this.body.addEventListener("click", (event) => {
      const row = event.target.closest("tr[data-place]");
      if (!row || String(getSelection())) return;
      row.querySelector("button").focus();
      openPanel(this, this.found.find((t) => t.place === Number(row.dataset.place)));
      remember();
    });
    const steps = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" };
    this.body.addEventListener("keydown", (event) => {
      const next = steps[event.key] && event.target.closest("tr")[steps[event.key]];
      if (!next) return;
      event.preventDefault();
      next.querySelector("button").focus();
    });
  }

  // change shows what a reader has chosen, and puts it into the page's address.
  change() {
    this.notice.hidden = true;
    this.filter();
    remember();
  }

  // pairs names all that is chosen, for the page's address.
  pairs() {
    const pairs = this.chips.pairs();
    const search = this.search.value.trim();
    if (search) pairs.unshift(["q", search]);
    if (this.tile) pairs.push(["tile", this.tile]);
    if (this.sorted !== "severity" || this.down) {
      pairs.push(["sort", (this.down ? "-" : "") + this.sorted]);
    }
    return pairs;
  }

  // set chooses exactly what such pairs name, and returns the token that they name, if any. What
  // this list does not have is not chosen, but said: the link may be of another report.
  set(pairs) {
    this.chips.clear();
    [this.search.value, this.tile] = ["", ""];
    let sort = "severity", token = null, missing = false;
    for (const [key, value] of pairs) {
      const column = value.replace(/^-/, "");
      if (key === "q") this.search.value = value.slice(0, longest);
      else if (key === "tile" && this.tiles.some((t) => t.dataset.filter === value)) {
        this.tile = value;
      } else if (key === "sort" && Object.hasOwn(orders, column)) sort = value;
      else if (key === "token") {
        token = this.tokens.find((t) => t.key === value);
        missing ||= !token;
      } else missing = !this.chips.add(key, value) || missing;
    }
    this.notice.hidden = true;
    if (missing) this.tell();
    this.sort(sort.replace(/^-/, ""), sort.startsWith("-"));
    this.filter();
    return token;
  }

  // tell says that the page's address asks for something that the list does not have.
  tell() {
    this.notice.hidden = false;
    this.notice.textContent =
      "The link that led here asks for more than this list has: it may be of another report.";
  }

  // filter finds the tokens that match everything, in order, and draws the first of them.
  filter() {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    this.found = this.chips.choose(this.tokens.filter((t) => (!this.tile || t[this.tile]) &&
      words.every((word) => t.text.includes(word))));
    const all = many(this.tokens.length, "token"), chosen = this.chips.size;
    const some = this.found.length < this.tokens.length;
    this.status.textContent = some ? this.found.length + " of " + all : all;
    this.folded.textContent = chosen > 0 ? "Filters (" + chosen + " chosen)" : "Filters";
    this.clear.hidden = !this.tile && chosen === 0 && words.length === 0;
    for (const tile of this.tiles) {
      tile.setAttribute("aria-pressed", tile.dataset.filter === this.tile);
    }
    this.body.replaceChildren();
    this.draw();
  }

  // sort puts the tokens in order. Expired grants come last, whatever the order: they are not what
  // a reader looks for.
  sort(key, down) {
    [this.sorted, this.down] = [key, down];
    const value = orders[key], sign = down ? -1 : 1;
    const over = (t) => t.severity === "expired" ? 1 : 0;
    this.tokens = this.tokens.map((t) => [value(t), t]).sort(([x, a], [y, b]) =>
      over(a) - over(b) || (x < y ? -sign : x > y ? sign : a.place - b.place)).map(([, t]) => t);
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

  // focus goes to the row of a token, which it draws if it has to; to the search if the token is
  // not among those that are found.
  focus(token) {
    const row = this.found.indexOf(token);
    while (row >= this.body.rows.length) this.draw();
    (row < 0 ? this.search : this.body.rows[row].querySelector("button")).focus();
  }

  row(t) {
    const cell = (name, ...children) => el("td", { class: name }, ...children);
    const rule = t.rule ? [el("code", {}, t.rule)] : [];
    return el("tr", { "data-place": t.place },
      cell("severity", badge(t.severity), ...marked(t.mark)),
      cell("name", button({ "aria-haspopup": "dialog" }, t.name), " ", el("small", {}, t.key)),
      cell("owner", t.owner, " ", el("small", {}, t.role)),
      cell("repositories", t.repositories), cell("rights", t.rights),
      cell("granted", t.granted), cell("expires", t.expires), cell("used", t.used),
      cell("why", t.why, " ", el("small", {}, ...rule, t.more || "")));
  }

  // print draws each token, and all that is known of those with a finding that can still act. Each
  // has a body of its own, which a page does not break.
  print() {
    const across = (...children) => el("tr", { class: "opened" },
      el("td", { colspan: columns }, ...children));
    const bodies = this.found.slice(0, printed).map((t) => el("tbody", { class: t.severity },
      this.row(t), ...(t.findings.length > 0 && t.severity !== "expired"
        ? [across(...findings(t, this.about), facts(t, this.about))] : [])));
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
