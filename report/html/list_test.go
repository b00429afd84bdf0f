// SPDX-License-Identifier: Apache-2.0

package html

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/complytime/pataudit/report/reporttest"
)

// What the list shows.

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
