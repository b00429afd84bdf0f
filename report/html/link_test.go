// SPDX-License-Identifier: Apache-2.0

package html

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/safe"
)

// What the page shows, and its address.

// goes sets the page's address behind its #.
func (b *tab) goes(hash string) {
	b.t.Helper()
	b.run(chromedp.Evaluate(fmt.Sprintf(`location.hash = %q; 0`, hash), nil))
}

// address waits until the page has an address.
func (b *tab) address(want string) {
	b.t.Helper()
	b.holds(fmt.Sprintf(`location.hash === %q`, want))
}

// TestBrowserLinks: an address chooses rows, an order and a token, also where a page is opened
// with it.
func TestBrowserLinks(t *testing.T) {
	b := browse(t, reporttest.Document(reporttest.Violating()))
	all := b.names()
	b.goes("severity=critical&rule=toxic-permissions&sort=-name")
	b.holds(`lists[0].found.length === 2`)
	b.shows("release-bot-legacy", "ci-experiments")
	b.holds(`document.querySelectorAll(".chip[aria-pressed=true]").length === 2`)
	b.goes("q=owner-not-member")
	b.holds(`lists[0].found.length === 1 && lists[0].search.value === "owner-not-member"`)
	b.goes("")
	b.holds(fmt.Sprintf(`lists[0].found.length === %d`, len(all)))
	b.shows(all...)
	b.goes("tile=expiring&token=90119") // not among those that the tile shows
	b.holds(`panel.open && document.getElementById("panel-title").textContent === "sync-everything"`)
	b.holds(`panel.innerText.includes("not among those shown")`)
	b.goes("severity=medium&token=90119")
	b.run(chromedp.Reload())
	b.holds(`panel.open && panel.innerText.includes("Link to token 90119")`)
	b.holds(`lists[0].found.every((t) => t.severity === "medium")`)
	b.run(chromedp.KeyEvent(kb.Escape))
	b.holds(`!panel.open && document.activeElement.textContent === "sync-everything"`)
	b.address("#severity=medium")
	b.run(chromedp.Evaluate(`document.querySelector(".requests summary a").click()`, nil))
	b.holds(`document.querySelector(".requests details").open`)
	for _, lost := range []string{
		"token=1", "severity=terrible", "in=nobody&severity=high", "more=1", "tile=place",
	} {
		b.goes(lost)
		b.holds(fmt.Sprintf(`lists[0].found.length === %d && !lists[0].notice.hidden`, len(all)))
	}
	b.press(".chips", "critical")
	b.holds(`lists[0].notice.hidden`)
}

// TestBrowserBack: each choice is a step that can be gone back and forward.
func TestBrowserBack(t *testing.T) {
	b := browse(t, reporttest.Document(reporttest.Violating()))
	all := len(b.names())
	found := func(n int, open bool) {
		t.Helper()
		b.holds(fmt.Sprintf(`lists[0].found.length === %d && panel.open === %t`, n, open))
	}
	b.press(".chips", "critical")
	b.address("#severity=critical")
	b.run(chromedp.SendKeys("input[type=search]", "release"))
	b.address("#q=release&severity=critical")
	b.run(chromedp.Evaluate(`document.querySelector("td.name button").click()`, nil))
	b.address("#q=release&severity=critical&token=90101")
	back := chromedp.Evaluate(`history.back(); 0`, nil)
	b.run(back)
	found(1, false)
	b.holds(`document.activeElement.textContent === "release-bot-legacy"`)
	b.run(back)
	found(2, false)
	b.holds(`lists[0].search.value === ""`)
	b.run(back)
	found(all, false)
	b.address("")
	for range 3 {
		b.run(chromedp.Evaluate(`history.forward(); 0`, nil))
	}
	found(1, true)
	b.run(chromedp.Evaluate(`panel.querySelector("a[href='#rule-toxic-permissions']").click()`, nil))
	found(1, false)
	b.holds(`document.activeElement === document.querySelector("#rule-toxic-permissions summary")`)
	b.run(back)
	found(1, true)
}

// TestBrowserLinkReturns: whatever is chosen, its address chooses the same again, nothing else.
func TestBrowserLinkReturns(t *testing.T) {
	for _, name := range []string{"remembered", "several"} {
		b := browse(t, reporttest.Documents()[name])
		if wrong := later[[]string](b, `(async () => {
			let seed = 7;
			const any = (all) => all[(seed = seed * 48271 % 2147483647) % all.length];
			const show = () => JSON.stringify([shown && shown.token.key, ...lists.map((l) =>
				[l.search.value, l.sorted, l.down, l.tile, l.found.map((t) => t.key)])]);
			const wrong = [];
			for (let i = 0; i < 120; i++) {
				for (const l of lists) {
					const chip = () => { const f = any(Object.keys(facets));
						return [[...l.chips.chips[f].keys()]].filter((v) => v.length).map((v) => [f, any(v)]); };
					const pairs = [...any([[], chip(), [...chip(), ...chip()]]),
						...any([[], [["q", any(["medium", "a b", "x&y=#z", "é+%", "jdoe"])]]]),
						...any([[], [["tile", any(["violates", "expiring", "open"])]]]),
						...any([[], [["sort", any(["", "-"]) + any(Object.keys(orders))]]])];
					l.set(pairs);
				}
				const list = any(lists), token = any([null, ...list.tokens.slice(0, 3)]);
				if (token) openPanel(list, token);
				const before = show(), address = addressOf(token ? [[list, token]] : []);
				shown = null; panel.close();
				for (const l of lists) l.set([]);
				await new Promise((done) => {
					addEventListener("hashchange", done, { once: true });
					location.hash = address === location.hash ? "#rules" : address;
				});
				if (location.hash !== address && address !== "#") continue;
				if (show() !== before) wrong.push(address + " " + before + " " + show());
				shown = null; panel.close();
			}
			return wrong;
		})()`); len(wrong) > 0 {
			t.Errorf("%s: %d, the first: %.600s", name, len(wrong), wrong[0])
		}
	}
}

// TestBrowserHostileLink: an address is anybody's text. It makes no element, runs nothing, loads
// nothing, and is not shown but as the text of the search.
func TestBrowserHostileLink(t *testing.T) {
	b := browse(t, reporttest.Document(reporttest.Violating()))
	const elements = `document.querySelectorAll("body *:not(tbody *):not(#panel *)").length`
	want := ask[int](b, elements)
	texts := append([]string{
		"%", "%E0%A4%A", "=", "&&&", "#", "a=b=c", "__proto__", "constructor", "\x00", "%00",
		"javascript:alert(1)", "<img src=x onerror=alert(1)>", "o1", "panel", "panel-title",
		strings.Repeat("q=a&", 10_000), strings.Repeat("x", 100_000), "../../etc/passwd",
	}, reporttest.Payloads...)
	for _, text := range texts {
		said := ask[string](b, fmt.Sprintf(`(() => {
			const text = %s;
			for (const hash of [text, "q=" + text, "token=" + text, "in=" + text + "&q=a",
				"severity=" + text, "sort=" + text, "tile=" + text, text + "=1"]) {
				location.hash = hash;
				follow();
			}
			return document.body.innerText;
		})()`, quoted(text)))
		if n := ask[int](b, elements); n != want {
			t.Errorf("%.60q: %d elements, not %d", text, n, want)
		}
		if len(safe.Terminal(text)) > 12 && strings.Contains(said, text) {
			t.Errorf("%.60q is shown", text)
		}
	}
	b.goes("q=release")
	b.holds(`lists[0].found.length === 1`)
	if ask[bool](b, `Object.keys(Object.prototype).length > 0`) {
		t.Error("the prototype of objects has changed")
	}
}

// quoted writes a text as a literal of JavaScript.
func quoted(text string) string {
	var s strings.Builder
	s.WriteByte('"')
	for _, r := range text {
		fmt.Fprintf(&s, `\u{%x}`, r)
	}
	s.WriteByte('"')
	return s.String()
}

// TestBrowserChipCounts: whatever is chosen, a chip says how many tokens it would show, alone in
// its group, with all else that is chosen.
func TestBrowserChipCounts(t *testing.T) {
	b := browse(t, reporttest.Documents()["remembered"])
	wrong := ask[[]string](b, `(() => {
		const list = lists[0], wrong = [];
		const figures = () => Object.entries(list.chips.chips).flatMap(([name, chips]) =>
			[...chips].map(([value, chip]) => [name, value, chip.querySelector("b").textContent]));
		for (const pairs of [
			[], [["severity", "critical"]], [["q", "nightly"]], [["tile", "violates"]],
			[["severity", "critical"], ["severity", "medium"], ["q", "e"]],
			[["rule", "long-expiration"], ["role", "member"], ["change", "first seen"]],
			[["reach", "all repositories"], ["tile", "violates"]],
		]) {
			list.set(pairs);
			if (!list.notice.hidden) wrong.push("not known: " + pairs);
			for (const [name, value, figure] of figures()) {
				list.set([...pairs.filter(([key]) => key !== name), [name, value]]);
				if (list.found.length !== Number(figure)) {
					wrong.push(pairs + "; " + name + "=" + value + ": " + figure + ", not " + list.found.length);
				}
			}
		}
		return wrong;
	})()`)
	if len(wrong) > 0 {
		t.Errorf("%q", wrong)
	}
	b.goes("severity=critical")
	b.holds(`document.querySelector(".chips[aria-label=Rule] .chip:disabled b").textContent === "0"`)
}
