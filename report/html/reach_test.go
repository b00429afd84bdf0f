// SPDX-License-Identifier: Apache-2.0

package html

import (
	"bytes"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/view"
)

// Who can read the page, and how: by keys, by a screen reader, on a phone, without a script.

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

// TestBrowserOtherScript: a script that is not the page's own does not run, and then, too, rows
// and findings are in sight.
func TestBrowserOtherScript(t *testing.T) {
	page := reporttest.Write(t, Format, reporttest.Document(reporttest.Violating()))
	const own = "const panel ="
	b := browsePage(t, bytes.Replace(page, []byte(own), []byte("alert(1); "+own), 1))
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
