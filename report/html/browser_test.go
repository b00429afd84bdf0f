// SPDX-License-Identifier: Apache-2.0

package html

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// The page in a real Chromium.

// browsers are the programs that will do.
var browsers = []string{
	"chromium-headless-shell", "chromium", "chromium-browser", "google-chrome",
}

// tab is a page that is open in a browser.
type tab struct {
	t   *testing.T
	ctx context.Context

	mutex sync.Mutex
	odd   []string // what a page should not do: requests, dialogs, messages, errors
}

// browse opens a document in a browser of its own. At the end of the test the page has asked for
// nothing, said nothing and broken nothing.
func browse(t *testing.T, d *view.Document, before ...chromedp.Action) *tab {
	t.Helper()
	return browsePage(t, reporttest.Write(t, Format, d), before...)
}

// browsePage opens a page, likewise.
func browsePage(t *testing.T, page []byte, before ...chromedp.Action) *tab {
	t.Helper()
	if os.Getenv("PATAUDIT_TEST_FULL") != "1" {
		t.Skip("needs Chromium: PATAUDIT_TEST_FULL=1")
	}
	program := ""
	for _, name := range slices.Backward(browsers) {
		if path, err := exec.LookPath(name); err == nil {
			program = path
		}
	}
	if program == "" {
		t.Fatalf("none of %v is there", browsers)
	}
	path := filepath.Join(t.TempDir(), "audit.html")
	if err := os.WriteFile(path, page, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), append(slices.Clone(
		chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(program), chromedp.NoSandbox,
		chromedp.WindowSize(1280, 800))...)
	t.Cleanup(cancel)
	silent := func(string, ...any) {}
	ctx, cancel = chromedp.NewContext(ctx, chromedp.WithErrorf(silent), chromedp.WithLogf(silent))
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	b := &tab{t: t, ctx: ctx}
	chromedp.ListenTarget(ctx, b.watch("file://"+path))
	b.run(append(append([]chromedp.Action{network.Enable(), log.Enable(), runtime.Enable()},
		before...), chromedp.Navigate("file://"+path))...)
	t.Cleanup(func() {
		b.mutex.Lock()
		defer b.mutex.Unlock()
		for _, what := range b.odd {
			t.Error(what)
		}
	})
	return b
}

// watch notes what the page should not do.
func (b *tab) watch(own string) func(any) {
	note := func(format string, args ...any) {
		b.mutex.Lock()
		defer b.mutex.Unlock()
		b.odd = append(b.odd, fmt.Sprintf(format, args...))
	}
	return func(event any) {
		switch e := event.(type) {
		case *network.EventRequestWillBeSent:
			if url, _, _ := strings.Cut(e.Request.URL, "#"); url != own && url != "data:," {
				note("a request of %s", e.Request.URL)
			}
		case *cdppage.EventJavascriptDialogOpening:
			note("a dialog: %s", e.Message)
		case *runtime.EventConsoleAPICalled:
			note("a message: %v", e.Args)
		case *runtime.EventExceptionThrown:
			note("an error: %v", e.ExceptionDetails)
		case *log.EventEntryAdded:
			note("the browser says: %s", e.Entry.Text)
		}
	}
}

func (b *tab) run(actions ...chromedp.Action) {
	b.t.Helper()
	if err := chromedp.Run(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// ask evaluates an expression in the page.
func ask[T any](b *tab, expression string) (value T) {
	b.t.Helper()
	b.run(chromedp.Evaluate(expression, &value))
	return value
}

// later evaluates a promise in the page.
func later[T any](b *tab, promise string) (value T) {
	b.t.Helper()
	b.run(chromedp.Evaluate(promise, &value,
		func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	return value
}

// holds waits until an expression is true in the page.
func (b *tab) holds(expression string) {
	b.t.Helper()
	for range 50 {
		if ask[bool](b, expression) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	b.t.Errorf("does not hold: %s", expression)
}

// names returns the tokens in sight, in order.
func (b *tab) names() []string {
	b.t.Helper()
	return ask[[]string](b, `[...document.querySelectorAll("td.name button")].map(c => c.textContent)`)
}

// press clicks the button whose text begins so.
func (b *tab) press(within, text string) {
	b.t.Helper()
	if !ask[bool](b, fmt.Sprintf(`(() => {
		const all = [...document.querySelectorAll(%q + " button")];
		const found = all.find(e => e.textContent.trim().startsWith(%q));
		if (found) found.click();
		return Boolean(found);
	})()`, within, text)) {
		b.t.Fatalf("%s has no button %q", within, text)
	}
}

func (b *tab) shows(want ...string) {
	b.t.Helper()
	if got := b.names(); !slices.Equal(got, want) {
		b.t.Errorf("shows %q, want %q", got, want)
	}
}

func TestBrowserFilters(t *testing.T) {
	b := browse(t, reporttest.Document(reporttest.Incomplete(reporttest.Violating())))
	all := len(b.names())
	status := func(want string) {
		t.Helper()
		if got := ask[string](b, `document.querySelector("[role=status]").textContent`); got != want {
			t.Errorf("says %q, want %q", got, want)
		}
	}
	status(fmt.Sprintf("%d tokens", all))
	b.run(chromedp.SendKeys("input[type=search]", "TSUKI  administration"))
	b.shows("ci-experiments")
	status(fmt.Sprintf("1 of %d tokens", all))
	b.press(".heading", "Show all")
	status(fmt.Sprintf("%d tokens", all))

	b.press(".chips", "critical")
	b.shows("release-bot-legacy", "ci-experiments")
	b.press(".chips", "all repositories")
	b.shows("release-bot-legacy")
	b.press(".chips", "all repositories")
	b.press(".chips", "critical")
	b.press(".chips", "not a member")
	b.shows("laptop of Kim, the old one in the drawer")
	b.press(".heading", "Show all")
	b.press(".chips", "owner-not-member")
	b.shows("laptop of Kim, the old one in the drawer")
	b.press(".heading", "Show all")

	for tile, filter := range map[string]string{
		"violates": "t.violates", "open": "t.open", "expiring": "t.expiring",
	} {
		figure := ask[string](b, fmt.Sprintf(`(() => {
			const tile = document.querySelector("button[data-filter=%s]");
			tile.click();
			return tile.querySelector("b").textContent;
		})()`, tile))
		if got := fmt.Sprint(len(b.names())); got != figure {
			t.Errorf("the tile %s says %s, and shows %s", tile, figure, got)
		}
		if !ask[bool](b, `lists[0].found.length > 0 && lists[0].found.every(t => `+filter+`)`) {
			t.Errorf("the tile %s shows others", tile)
		}
		b.press(".heading", "Show all")
	}
	b.run(chromedp.SendKeys("input[type=search]", "no such token"))
	b.shows()
	status(fmt.Sprintf("0 of %d tokens", all))
}

func TestBrowserSorts(t *testing.T) {
	b := browse(t, reporttest.Document(reporttest.Violating()))
	worst := b.names()
	for _, column := range listColumns[1:] {
		head := fmt.Sprintf("th[data-key=%s]", column.Key)
		state := fmt.Sprintf(`document.querySelector("%s").ariaSort`, head)
		values := fmt.Sprintf(`lists[0].found.filter((t) => t.severity !== "expired").map(
			(t) => String(t.%s).toLowerCase())`, column.Key)
		const last = `lists[0].found.at(-1).severity === "expired"`
		b.press(head, column.Title)
		up := ask[[]string](b, values)
		b.holds(last)
		if got := ask[string](b, state); got != "ascending" {
			t.Errorf("%s is %q", column.Key, got)
		}
		if asText := column.Key != "repositories"; asText && !slices.IsSorted(up) {
			t.Errorf("%s: %q", column.Key, up)
		}
		b.press(head, column.Title)
		down := ask[[]string](b, values)
		b.holds(last)
		if slices.Reverse(down); !slices.Equal(up, down) || ask[string](b, state) != "descending" {
			t.Errorf("%s, the other way: %q", column.Key, down)
		}
	}
	b.press("th[data-key=repositories]", "Repositories")
	counts := ask[[]string](b,
		`[...document.querySelectorAll("td.repositories")].map(c => c.textContent)`)
	if n := len(counts); counts[0] != "2 of 38" || counts[n-2] != "all + future" ||
		counts[n-3] != "20 of 38" {
		t.Errorf("repositories: %q", counts)
	}
	b.press("th[data-key=rights]", "Permissions")
	if rights := ask[string](b, `document.querySelector("td.rights").textContent`); rights !=
		"administration:write +1" {
		t.Errorf("permissions begin with %q", rights)
	}
	b.press("th[data-key=severity]", "Severity")
	b.shows(worst...)
}

func TestBrowserKeyboardAndPanel(t *testing.T) {
	b := browse(t, reporttest.Document(reporttest.Violating()))
	b.run(chromedp.KeyEvent("/"))
	b.holds(`document.activeElement.type === "search"`)
	b.run(chromedp.Evaluate(`lists[0].set([])`, nil)) // the browser's key types "/" all the same
	const first = `document.querySelector("td.name button").focus()`
	b.run(chromedp.KeyEvent("release"), chromedp.Evaluate(first, nil), chromedp.KeyEvent(kb.Enter))
	b.holds(`panel.open && panel.getAttribute("aria-labelledby") === document.activeElement.id`)
	said := ask[string](b, `panel.innerText`)
	for _, want := range []string{
		"release-bot-legacy", "administration:write removes protections", "Remove the permission.",
		"all repositories", "reaches every repository, with write",
		"Administration: Read-only (administration:read), no longer Read and write",
		"role: org owner", "Token settings on GitHub",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("the panel does not say %q", want)
		}
	}
	b.run(chromedp.KeyEvent(kb.Escape))
	b.holds(`!panel.open && document.activeElement.textContent === "release-bot-legacy"`)
	b.press(".heading", "Show all")
	b.run(chromedp.Evaluate(first, nil), chromedp.KeyEvent(kb.ArrowDown))
	b.holds(`document.activeElement.textContent === "ci-experiments"`)
	b.run(chromedp.KeyEvent(kb.ArrowUp), chromedp.KeyEvent(kb.Enter))
	b.holds(`panel.open`)
	b.run(chromedp.KeyEvent(kb.ArrowRight))
	b.holds(`document.getElementById("panel-title").textContent === "ci-experiments"`)
	b.run(chromedp.KeyEvent(kb.ArrowLeft), chromedp.KeyEvent(kb.ArrowLeft)) // there is none before
	b.holds(`document.getElementById("panel-title").textContent === "release-bot-legacy"`)
	b.press("#panel", "Next")
	b.holds(`document.getElementById("panel-title").textContent === "ci-experiments"`)
	b.press("#panel", "✕")
	b.holds(`!panel.open && document.activeElement.textContent === "ci-experiments"`)
	b.run(chromedp.Click("tr[data-place='0'] td.why"))
	b.holds(`panel.open`)
	b.run(chromedp.Click("#panel a[href='#rule-toxic-permissions']"))
	b.holds(`!panel.open && document.getElementById("rule-toxic-permissions").open`)
}

// TestBrowserHostile opens every token of hostile names.
func TestBrowserHostile(t *testing.T) {
	b := browse(t, reporttest.HostileDocument())
	for i := range len(reporttest.Payloads) {
		name := ask[string](b, fmt.Sprintf(`(openPanel(lists[0], lists[0].found[%d]),
			document.getElementById("panel-title").textContent)`, i))
		if !slices.ContainsFunc(reporttest.Payloads, func(p string) bool {
			return safe.Truncate(safe.HTMLText(p), mostName) == name
		}) {
			t.Errorf("the panel is titled %q", name)
		}
	}
	const loading = `document.querySelectorAll("img, iframe, object, script[src]").length`
	if n := ask[int](b, loading); n > 0 {
		t.Errorf("%d elements that load something", n)
	}
}

// TestBrowserMany: 20,000 tokens are filtered and sorted in a moment, and drawn as one scrolls.
func TestBrowserMany(t *testing.T) {
	b := browse(t, reporttest.Document(reporttest.Many(mostTokens)))
	for what, act := range map[string]string{
		"search": `lists[0].search.value = "nightly-0" + i; lists[0].filter()`,
		"chip":   `document.querySelector(".chips button").click()`,
		"sort":   `document.querySelector("th[data-key=why] button").click()`,
	} {
		took := ask[[]float64](b, `(() => {
			const took = [];
			for (let i = 1; i < 6; i++) {
				const start = performance.now();
				`+act+`;
				lists[0].body.offsetHeight; // lays out
				took.push(performance.now() - start);
			}
			lists[0].set([]);
			return took.sort((a, b) => a - b);
		})()`)
		t.Logf("%s: %.0f ms (%.0f)", what, took[2], took)
		if took[0] > 250 { // the least: other tests use the processors, too
			t.Errorf("%s takes %.0f ms", what, took[0])
		}
	}
	b.run(chromedp.ScrollIntoView(".show-more"))
	b.holds(`lists[0].body.rows.length >= 200`)
}

// TestBrowserWithoutScript: rows and findings are in sight.
func TestBrowserWithoutScript(t *testing.T) {
	b := browse(
		t,
		reporttest.Document(reporttest.Violating()),
		emulation.SetScriptExecutionDisabled(true),
	)
	said := ask[string](b, `document.body.innerText`)
	for _, want := range []string{
		"release-bot-legacy", "administration:write removes protections", "Remove the permission.",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("does not show %q", want)
		}
	}
	b.run(chromedp.Navigate(ask[string](b, `location.href`) + "#token=90119"))
	b.holds(`document.querySelector("tbody:target .name b").textContent === "sync-everything" &&
		document.querySelector("tbody:target").getBoundingClientRect().top >= 0 &&
		document.querySelector("tbody:target").getBoundingClientRect().top < innerHeight`)
	if ask[bool](b, `document.documentElement.classList.contains("scripted")`) {
		t.Error("a script has run")
	}
}

// TestBrowserOtherScript: a script that is not the page's own does not run, and then, too, rows and
// findings are in sight.
func TestBrowserOtherScript(t *testing.T) {
	page := reporttest.Write(t, Format, reporttest.Document(reporttest.Violating()))
	b := browsePage(t, bytes.Replace(page, []byte("const panel ="), []byte("alert(1); const panel ="), 1))
	b.holds(`document.readyState === "complete" && typeof List === "undefined" &&
		[...document.querySelectorAll("table.tokens tbody")].length === 25 &&
		document.querySelector("table.tokens tbody .finding").getBoundingClientRect().height > 0`)
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if len(b.odd) != 1 || !strings.Contains(b.odd[0], "Content Security Policy") {
		t.Errorf("the browser says %q", b.odd)
	}
	b.odd = nil
}

// TestBrowserPrints: on paper stand the rows that were chosen, with their findings.
func TestBrowserPrints(t *testing.T) {
	b := browse(t, reporttest.Document(reporttest.Violating()))
	b.run(chromedp.SendKeys("input[type=search]", "release"))
	b.run(chromedp.Evaluate(`dispatchEvent(new Event("beforeprint"))`, nil))
	said := ask[string](b, `document.querySelector("table.tokens").innerText`)
	if !strings.Contains(said, "Remove the permission.") || strings.Contains(said, "ci-exp") {
		t.Errorf("prints %s", said)
	}
	b.run(chromedp.Evaluate(`dispatchEvent(new Event("afterprint"))`, nil))
	b.shows("release-bot-legacy")
	if n := ask[int](b, `lists[0].body.rows.length`); n != 1 {
		t.Errorf("%d rows after printing", n)
	}
}

// TestBrowserPaper: on paper stand the explanations of the rules that fail, and the heads of the
// columns as text, which Chromium repeats on each page where it leaves out buttons.
func TestBrowserPaper(t *testing.T) {
	b := browse(
		t,
		reporttest.Document(reporttest.Violating()),
		emulation.SetEmulatedMedia().WithMedia("print"),
	)
	b.run(chromedp.Evaluate(`dispatchEvent(new Event("beforeprint"))`, nil))
	for _, what := range []string{
		`document.querySelectorAll(".fails").length > 0`,
		`[...document.querySelectorAll(".fails .remedy, .requests .finding")].every(
			(e) => e.getBoundingClientRect().height > 0)`,
		`[...document.querySelectorAll(".rules details:not(.fails)")].every(
			(e) => !e.checkVisibility())`,
		`[...document.querySelectorAll("th button")].every(
			(e) => getComputedStyle(e).display === "contents")`,
		`lists[0].table.tBodies.length === lists[0].tokens.length`,
		`[...lists[0].table.tBodies].every((e) => getComputedStyle(e).breakInside === "avoid")`,
	} {
		b.holds(what)
	}
}

// TestBrowserFolds: a narrow screen has its filters folded, and sorts by a list to choose from.
func TestBrowserFolds(t *testing.T) {
	b := browse(t, reporttest.Document(reporttest.Violating()), chromedp.EmulateViewport(390, 844))
	all := b.names()
	visible := func(what string, want bool) {
		t.Helper()
		b.holds(fmt.Sprintf(`document.querySelector(%q).checkVisibility() === %t`, what, want))
	}
	visible(".filters > summary", true)
	visible(".chip", false)
	visible("thead", false)
	b.run(chromedp.Evaluate(`document.querySelector(".filters > summary").click()`, nil))
	visible(".chip", true)
	b.press(".chips", "critical")
	b.holds(`document.querySelector(".filters > summary").textContent === "Filters (1 chosen)"`)
	b.press(".heading", "Show all")
	b.holds(`document.querySelector(".filters > summary").textContent === "Filters"`)
	choose := `(by) => {
		const select = document.querySelector(".sorting select");
		select.value = by;
		select.dispatchEvent(new Event("change"));
	}`
	b.run(chromedp.Evaluate(`(`+choose+`)("name")`, nil))
	sorted := slices.Clone(all)
	active := sorted[:len(sorted)-1] // the last one is expired
	slices.SortFunc(active, func(x, y string) int {
		return strings.Compare(strings.ToLower(x), strings.ToLower(y))
	})
	b.shows(sorted...)
	b.press(".sorting", "Reversed")
	slices.Reverse(active)
	b.shows(sorted...)
	b.holds(`document.querySelector(".turn").ariaPressed === "true"`)
	b.run(chromedp.EmulateViewport(1280, 800))
	visible("thead", true)
	visible(".chip", true)
	visible(".sorting", false)
	visible(".filters > summary", false)
}

// TestBrowserDebt: the tile shows the tokens with accepted debt alone.
func TestBrowserDebt(t *testing.T) {
	b := browse(t, reporttest.Owing())
	b.run(chromedp.Evaluate(`document.querySelector("[data-filter=debt]").click()`, nil))
	b.holds(`lists[0].found.length === 1 && Boolean(lists[0].found[0].debt)`)
}

// TestBrowserWords: a table of a rule's page breaks no word, and scrolls on a phone in itself.
func TestBrowserWords(t *testing.T) {
	d := reporttest.Judged(reporttest.Violating(), func(p *audit.Policy) {
		rule := *p.Rules[0].Rule
		rule.Doc = "# T\n\n## What\n\n| id | needs | severity | why |\n| --- | --- | --- | --- |\n" +
			"| org-settings | `" + strings.Repeat("organization_administration:write` or `", 4) +
			"x` | critical | changes organization settings and rulesets |\n"
		p.Rules[0].Rule = &rule
	})
	for _, width := range []int64{1280, 360} {
		b := browse(t, d, chromedp.EmulateViewport(width, 800))
		b.run(chromedp.Evaluate(`document.querySelectorAll(".rules details").forEach(
			(d) => { d.open = true; })`, nil))
		b.holds(`[...document.querySelectorAll(".grid th")].every((e) => e.offsetHeight < 50)`)
		b.holds(`document.querySelector(".grid td").offsetHeight > 0 &&
			[...document.querySelectorAll(".grid td:nth-child(3)")].every((e) => {
				const range = document.createRange();
				range.selectNodeContents(e);
				return range.getClientRects().length === 1;
			})`)
		b.holds(`document.documentElement.scrollWidth <= innerWidth`)
	}
}

// TestBrowserPhone: nothing is wider than a narrow screen.
func TestBrowserPhone(t *testing.T) {
	for _, d := range []*view.Document{
		reporttest.Document(reporttest.Violating()), reporttest.HostileDocument(),
		reporttest.Documents()["several"],
	} {
		b := browse(t, d, chromedp.EmulateViewport(360, 780))
		for _, act := range []string{`0`, `openPanel(lists[0], lists[0].found[1])`} {
			b.run(chromedp.Evaluate(act, nil))
			for _, what := range []string{
				`document.documentElement`, `lists[0].table.closest(".scroll")`,
			} {
				if wide := ask[int](b, what+`.scrollWidth`); wide > 360 {
					t.Errorf("%s is %d pixels wide", what, wide)
				}
			}
		}
		if wide := ask[int](b, `panel.scrollWidth`); wide > 360 {
			t.Errorf("the panel is %d pixels wide", wide)
		}
	}
}

// contrasts gives the texts that are too faint for WCAG's level AA.
const contrasts = `(() => {
	const channels = (color) => color.match(/[\d.]+/g).map(Number);
	const light = (color) => {
		const [r, g, b] = channels(color).slice(0, 3).map((c) =>
			c <= 10.31475 ? c / 3294.6 : ((c / 255 + 0.055) / 1.055) ** 2.4);
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	const paper = (e) => {
		for (; e; e = e.parentElement) {
			const color = getComputedStyle(e).backgroundColor;
			if (channels(color)[3] !== 0) return color;
		}
		return "rgb(0, 0, 0)"; // nothing painted: makes the test fail in the light
	};
	const faint = new Set();
	for (const e of document.querySelectorAll("body *")) {
		const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
		if (!own || e.closest("script, title, desc") || !e.checkVisibility()) continue;
		const style = getComputedStyle(e);
		const ink = e instanceof SVGElement ? style.fill : style.color;
		const [a, b] = [light(ink), light(paper(e))].sort((x, y) => y - x);
		const ratio = (a + 0.05) / (b + 0.05);
		if (ratio < 4.5) faint.add(e.tagName + "." + e.getAttribute("class") + " " + ratio.toFixed(2));
	}
	return [...faint];
})()`

func TestBrowserContrast(t *testing.T) {
	for _, scheme := range []string{"light", "dark"} {
		for _, name := range []string{"both", "decided", "clean", "remembered"} {
			d := deciding(reporttest.Documents()[name])
			b := browse(t, d, emulation.SetEmulatedMedia().WithFeatures(
				[]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}))
			b.run(chromedp.Evaluate(`lists[0].set([["severity", lists[0].tokens[0].severity]]);
				lists[0].tell(); // with chips that are pressed, and some that cannot be
				openPanel(lists[0], lists[0].found[0]);
				document.querySelectorAll("details").forEach((d) => { d.open = true; })`, nil))
			if faint := ask[[]string](b, contrasts); len(faint) > 0 {
				t.Errorf("%s, %s: %q", name, scheme, faint)
			}
		}
	}
}

// TestBrowserNames: what can be pressed, chosen or walked to by a screen reader has a name.
func TestBrowserNames(t *testing.T) {
	b := browse(t, reporttest.Documents()["several"])
	b.run(chromedp.Evaluate(`openPanel(lists[0], lists[0].found[0])`, nil))
	unnamed := ask[[]string](b, `[...document.querySelectorAll(
		"button, a, input, select, section, table.tokens, dialog, svg, [role=group]")].filter((e) => {
			const by = (e.getAttribute("aria-labelledby") || "").split(" ").filter(Boolean);
			const name = e.getAttribute("aria-label") || by.map((id) =>
				document.getElementById(id).textContent).join("") ||
				(e.matches("button, a") ? e.textContent : "");
			return !name.trim() && !e.hidden;
		}).map((e) => e.outerHTML.slice(0, 120))`)
	if len(unnamed) > 0 {
		t.Errorf("without a name: %q", unnamed)
	}
	if n := ask[int](b, `document.querySelectorAll("main").length`); n != 1 {
		t.Errorf("%d main landmarks", n)
	}
}
