// SPDX-License-Identifier: Apache-2.0

package html

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/view"
)

// Where things stand on a screen and on paper.

// TestBrowserFirstScreen: the first token is on the first screen.
func TestBrowserFirstScreen(t *testing.T) {
	for _, name := range []string{"violations", "both", "decided", "remembered", "enterprise"} {
		b := browse(t, reporttest.Documents()[name])
		for _, size := range [][2]int64{{1440, 900}, {1280, 800}, {1100, 800}, {390, 844}} {
			b.run(chromedp.EmulateViewport(size[0], size[1]), chromedp.Reload())
			top := ask[float64](b, `lists[0].body.rows[0].getBoundingClientRect().top + 0.001`)
			bottom := ask[float64](b, `lists[0].body.rows[0].getBoundingClientRect().bottom`)
			t.Logf("%s, %d×%d: %.0f to %.0f", name, size[0], size[1], top, bottom)
			if bottom > float64(size[1]) {
				t.Errorf("%s, %d×%d: the first row ends at %.0f", name, size[0], size[1], bottom)
			}
			if wide := ask[int64](b, `document.documentElement.scrollWidth`); wide > size[0] {
				t.Errorf("%s, %d×%d: the page is %d wide", name, size[0], size[1], wide)
			}
		}
	}
}

// paper is how many pixels wide an A4 sheet is between its margins.
const paper = 710

// badBreaks gives the names of permissions within which a line ends but after an underscore.
const badBreaks = `(() => {
	const bad = new Set(), range = document.createRange();
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	let before = null;
	for (let node; node = walker.nextNode();) {
		const of = node.parentElement;
		if (!of.checkVisibility() || of.closest("script, style")) continue;
		for (let i = 0; i < node.length; i++) {
			range.setStart(node, i);
			range.setEnd(node, i + 1);
			const box = range.getClientRects()[0], c = node.data[i];
			if (!box || !/[a-z_:]/.test(c)) { before = null; continue; }
			if (before && box.top > before.bottom - 2 && before.c !== "_") {
				bad.add((node.parentElement.closest("td, p, dd, pre") || node.parentElement)
					.textContent.slice(0, 60));
			}
			before = { bottom: box.bottom, c };
		}
		before = null;
	}
	return [...bad].filter((text) => /[a-z]_[a-z]/.test(text));
})()`

// TestBrowserBreaks: names of permissions break into lines at their underscores, not in a word.
func TestBrowserBreaks(t *testing.T) {
	e := reporttest.Violating()
	for i, name := range []string{
		"organization_administration", "organization_personal_access_token_requests",
		"secret_scanning_alert_dismissal_requests", "merge_queues",
	} {
		e.Tokens[i].Permissions = []audit.Permission{
			{Group: audit.GroupOrganization, Name: name, Level: audit.LevelWrite},
			{Group: audit.GroupOrganization, Name: name + "_again", Level: audit.LevelWrite},
		}
	}
	b := browse(t, reporttest.Document(e))
	for _, width := range []int64{1440, 1280, 1100, 700, 390, 320} {
		b.run(chromedp.EmulateViewport(width, 900))
		if bad := ask[[]string](b, badBreaks); len(bad) > 0 {
			t.Errorf("%d: %q", width, bad)
		}
		b.run(chromedp.Evaluate(`openPanel(lists[0], lists[0].found[0])`, nil))
		if bad := ask[[]string](b, badBreaks); len(bad) > 0 {
			t.Errorf("%d, the panel: %q", width, bad)
		}
		b.run(chromedp.Evaluate(`panel.close()`, nil))
	}
	b.run(chromedp.EmulateViewport(paper, 1000), emulation.SetEmulatedMedia().WithMedia("print"),
		chromedp.Evaluate(`dispatchEvent(new Event("beforeprint"))`, nil))
	if bad := ask[[]string](b, badBreaks); len(bad) > 0 {
		t.Errorf("on paper: %q", bad)
	}
}

// pdfPage finds the pages of a PDF.
var pdfPage = regexp.MustCompile(`/Type\s*/Page\b`)

// TestBrowserDense: on paper a failing token is one block that no page breaks, without what its
// findings say again, any other a line or two; and the report is short.
func TestBrowserDense(t *testing.T) {
	b := browse(t, deciding(reporttest.Document(reporttest.Violating())))
	var pdf []byte
	b.run(chromedp.ActionFunc(func(ctx context.Context) (err error) {
		pdf, _, err = cdppage.PrintToPDF().WithPreferCSSPageSize(true).Do(ctx)
		return err
	}))
	if n := len(pdfPage.FindAll(pdf, -1)); n == 0 || n > 8 {
		t.Errorf("%d pages for 25 tokens", n)
	}
	b.run(chromedp.EmulateViewport(paper, 1000),
		emulation.SetEmulatedMedia().WithMedia("print"),
		chromedp.Evaluate(`dispatchEvent(new Event("beforeprint"))`, nil))
	for _, what := range []string{
		`lists[0].table.tBodies.length === lists[0].tokens.length`,
		`[...lists[0].table.tBodies].every((e) => getComputedStyle(e).breakInside === "avoid")`,
		// a third of a page at most, so that no page is half empty
		`[...lists[0].table.tBodies].every((e) => e.offsetHeight < 271 * 96 / 25.4 / 3)`,
		`[...lists[0].table.tBodies].filter((e) => e.rows.length === 1).every(
			(e) => e.offsetHeight < 50)`,
		`[...lists[0].table.tBodies].filter((e) => e.rows.length === 2).every(
			(e) => !e.querySelector(".why").checkVisibility() && e.querySelector(".finding"))`,
		`[...document.querySelectorAll("nav, .chip, .decide, .paste, .settings, .heading input")].every(
			(e) => !e.checkVisibility())`,
		`document.documentElement.scrollWidth <= innerWidth + 1`,
		`[...document.querySelectorAll(".tokens td")].every((e) => e.scrollWidth <= e.clientWidth + 1)`,
	} {
		b.holds(what)
	}
}

// TestBrowserFocus: the Tab key goes through the page in the order in which it reads, to what is
// in sight alone; from the contents it is one step to the tokens.
func TestBrowserFocus(t *testing.T) {
	b := browse(t, deciding(reporttest.Document(reporttest.Violating())))
	for _, width := range []int64{1440, 1100, 390} {
		b.run(chromedp.EmulateViewport(width, 844), chromedp.Reload())
		before := -1.0
		for range 40 {
			b.run(chromedp.KeyEvent(kb.Tab))
			place := ask[[]float64](b, `(() => {
				const box = document.activeElement.getBoundingClientRect();
				return [box.top + scrollY, box.width];
			})()`)
			const line = 30 // what stands in one line begins at about the same height
			if place[0] < before-line || place[1] == 0 {
				t.Errorf("%d: goes up to %s", width, ask[string](b, `document.activeElement.outerHTML`))
			}
			before = place[0]
		}
		b.run(chromedp.Evaluate(`document.querySelector("nav a").click()`, nil),
			chromedp.KeyEvent(kb.Tab))
		b.holds(`document.activeElement === lists[0].search`)
		b.run(chromedp.Evaluate(`openPanel(lists[0], lists[0].found[1])`, nil))
		for range 40 {
			b.run(chromedp.KeyEvent(kb.Tab))
			b.holds(`[null, document.body].includes(document.activeElement) ||
				panel.contains(document.activeElement)`)
		}
		b.run(chromedp.KeyEvent(kb.Escape))
	}
}

// TestBrowserStill: nothing on the page moves, so that nothing has to stop for a reader who
// prefers less of it.
func TestBrowserStill(t *testing.T) {
	b := browse(t, reporttest.Document(reporttest.Violating()))
	b.run(chromedp.Evaluate(`openPanel(lists[0], lists[0].found[0])`, nil))
	b.holds(`document.getAnimations({ subtree: true }).length === 0 &&
		[...document.querySelectorAll("*")].every((e) => {
			const style = getComputedStyle(e);
			return style.transitionDuration === "0s" && style.animationName === "none" &&
				style.scrollBehavior === "auto";
		})`)
}

// deciding makes it known how what is decided of a document's tokens is recorded.
func deciding(d *view.Document) *view.Document {
	d.View.Deciding = map[*audit.Run]*view.Deciding{}
	for _, run := range d.Runs {
		d.View.Deciding[run] = view.NewDeciding(run, "pataudit", []string{
			"--decisions", "our decisions.yaml", "--from", "evidence.json",
		}, nil)
	}
	return d
}

// decidingLines returns the lines about each token, by its key.
func decidingLines(d *view.Document) map[string][]string {
	lines := map[string][]string{}
	for r := range d.Runs[0].Results() {
		findings := slices.Clone(r.Findings)
		slices.SortStableFunc(findings, func(a, b *audit.Finding) int {
			return int(b.Severity) - int(a.Severity)
		})
		hints, _ := d.View.Deciding[d.Runs[0]].Lines(r, findings)
		for _, hint := range hints {
			key := fmt.Sprint(r.Token.TokenID)
			lines[key] = append(lines[key], hint.String())
		}
	}
	return lines
}

// TestHTMLDecides: without a script, too, a token's card has the lines that record what is decided
// of it, as other reports have them.
func TestHTMLDecides(t *testing.T) {
	d := deciding(reporttest.Document(reporttest.Violating()))
	page := reporttest.ParseHTML(t, reporttest.Write(t, Format, d))
	want := decidingLines(d)
	for _, body := range reporttest.Nodes(page, "tbody") {
		key, isToken := strings.CutPrefix(reporttest.Attribute(body, "id"), "token=")
		if !isToken {
			continue
		}
		var lines []string
		for _, pre := range reporttest.Nodes(body, "pre") {
			lines = append(lines, reporttest.TextOf(pre))
		}
		if !slices.Equal(lines, want[key]) {
			t.Errorf("%s: %q, want %q", key, lines, want[key])
		}
		delete(want, key)
	}
	if len(want) > 0 {
		t.Errorf("no lines on %v", want)
	}
	plain := reporttest.Write(t, Format, reporttest.Document(reporttest.Violating()))
	if bytes.Contains(plain, []byte("pataudit decide")) {
		t.Error("lines where nothing can be decided")
	}
}

// TestBrowserDecides: so has the panel, which has one for each finding that can be accepted, and
// copies them.
func TestBrowserDecides(t *testing.T) {
	for _, d := range []*view.Document{
		deciding(reporttest.Document(reporttest.Violating())), deciding(reporttest.DecidedDocument()),
	} {
		b := browse(t, d)
		got := ask[map[string][]string](b, `Object.fromEntries(lists[0].tokens.map((t) => {
			openPanel(lists[0], t);
			return [t.key, [...panel.querySelectorAll(".paste code")].map((c) => c.textContent)];
		}))`)
		for key, lines := range decidingLines(d) {
			if !slices.Equal(lines, got[key]) {
				t.Errorf("%s: %q, want %q", key, got[key], lines)
			}
		}
		accepted := ask[map[string][]string](b, `Object.fromEntries(lists[0].tokens.map((t) => {
			openPanel(lists[0], t);
			const code = panel.querySelector(".paste code"), choice = panel.querySelector("select");
			return [t.key, choice ? [...choice.options].map((option) => {
				choice.value = option.value;
				choice.dispatchEvent(new Event("change"));
				return code.textContent;
			}) : code && code.textContent.includes(" waive ") ? [code.textContent] : []];
		}))`)
		for key, want := range waiving(d) {
			slices.Sort(accepted[key])
			if slices.Sort(want); !slices.Equal(accepted[key], want) {
				t.Errorf("%s: %q, want %q", key, accepted[key], want)
			}
		}
		b.run(chromedp.Evaluate(`openPanel(lists[0], lists[0].tokens[0])`, nil))
		b.press(".paste", "Copy")
		b.holds(`["Copied", "Selected: press Ctrl+C"].includes(
			panel.querySelector(".paste button").textContent) &&
			String(getSelection()) === panel.querySelector(".paste code").textContent`)
	}
}

// waiving returns the lines that accept a finding of each token, by its key.
func waiving(d *view.Document) map[string][]string {
	lines := map[string][]string{}
	for r := range d.Runs[0].Results() {
		key := r.Token.Identity().String()
		lines[key] = nil
		for _, f := range r.Findings {
			if line, may := d.View.Deciding[d.Runs[0]].Waive(r, f); may {
				lines[key] = append(lines[key], line.String())
			}
		}
	}
	return lines
}
