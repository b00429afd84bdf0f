// SPDX-License-Identifier: Apache-2.0

package html

import (
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
	return ask[[]string](b,
		`[...document.querySelectorAll("td.name button")].map(c => c.textContent)`)
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
