// SPDX-License-Identifier: Apache-2.0

package html

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// TestHTMLSeverities: the chart counts what the list says of each token, and the remark on other
// tokens agrees: an expired grant is expired, and not low.
func TestHTMLSeverities(t *testing.T) {
	for name, d := range reporttest.Documents() {
		if len(d.Runs) != 1 {
			continue
		}
		page := reporttest.Write(t, Format, d)
		want := map[string]int{}
		for _, token := range listedIn(t, page) {
			want[token.Severity]++
		}
		got := map[string]int{}
		for _, svg := range reporttest.Classed(reporttest.ParseHTML(t, page), "lying") {
			labels, figures := reporttest.Classed(svg, "label"), reporttest.Classed(svg, "figure")
			for i, label := range labels {
				n := 0
				if _, err := fmt.Sscan(reporttest.TextOf(figures[i]), &n); err != nil {
					t.Fatal(err)
				}
				if n > 0 {
					got[reporttest.TextOf(label)] = n
				}
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: the chart (-list +chart):\n%s", name, diff)
		}
		others := reporttest.TextOf(reporttest.ParseHTML(t, page))
		if n := got["expired"]; n > 0 &&
			!strings.Contains(others, safe.Plural(n, "expired grant")+", still listed") {
			t.Errorf("%s: %d are expired, which the other tokens contradict", name, n)
		}
	}
	tokens := listedIn(t, reporttest.Write(t, Format, reporttest.Document(reporttest.Violating())))
	if !slices.ContainsFunc(tokens, func(h *listedToken) bool {
		return h.Name == "last-year" && h.Severity == "expired" && h.Findings[0].Level == "low"
	}) {
		t.Error("the expired grant does not read as one")
	}
}

// TestHTMLDebt: a page that is clean of what is new alone is not green, and counts who owes.
func TestHTMLDebt(t *testing.T) {
	several := reporttest.Owing()
	several.Runs = append(several.Runs, reporttest.Document(reporttest.Calm()).Runs...)
	for name, d := range map[string]*view.Document{"one": reporttest.Owing(), "several": several} {
		root := reporttest.ParseHTML(t, reporttest.Write(t, Format, d))
		verdict := reporttest.Classed(root, "verdict")[0]
		if class := reporttest.Attribute(verdict, "class"); class != "verdict debt" ||
			!strings.HasPrefix(reporttest.TextOf(verdict), view.CleanOfNew) {
			t.Errorf("%s: %s says %q", name, class, reporttest.TextOf(verdict))
		}
		if title := reporttest.TextOf(
			reporttest.Nodes(root, "title")[0],
		); !strings.HasPrefix(
			title,
			view.CleanOfNew,
		) {
			t.Errorf("%s: title %q", name, title)
		}
	}
	page := reporttest.Write(t, Format, reporttest.Owing())
	owe := 0
	for _, token := range listedIn(t, page) {
		if token.Debt {
			owe++
		}
	}
	if text := reporttest.TextOf(reporttest.ParseHTML(t, page)); owe != 1 ||
		!strings.Contains(text, "1 with accepted debt alone") {
		t.Errorf("%d tokens owe, the tile differs", owe)
	}
	for name, d := range reporttest.Documents() {
		owed := slices.ContainsFunc(d.Runs, view.ByDebt)
		if page := reporttest.Write(t, Format, d); !owed &&
			strings.Contains(string(page), `class="verdict debt"`) {
			t.Errorf("%s: has no debt, and says so", name)
		}
	}
}

// TestHTMLAsked: the counts of a rule that was asked add up to all tokens; of another the reason
// is told.
func TestHTMLAsked(t *testing.T) {
	d := reporttest.Document(reporttest.Violating())
	root := reporttest.ParseHTML(t, reporttest.Write(t, Format, d))
	asked := 0
	for _, row := range reporttest.Nodes(root, "tr") {
		cells := reporttest.Nodes(row, "td")
		if len(cells) != 8 {
			continue
		}
		sum, figures := 0, 0
		for _, cell := range cells[3:] {
			n := 0
			if _, err := fmt.Sscan(reporttest.TextOf(cell), &n); err == nil {
				figures++
			}
			sum += n
		}
		told := strings.Contains(reporttest.TextOf(cells[1]), "; not asked: off in this policy")
		switch {
		case figures == 5 && sum == d.Runs[0].Summary.Tokens && !told:
			asked++
		case figures > 0 || !told:
			t.Errorf("row %q", reporttest.TextOf(row))
		}
	}
	if asked == 0 {
		t.Error("no rule was asked")
	}
}

// TestHTMLBasis: what a finding rests on is told in words where the rule's page has some, and the
// key is not said twice.
func TestHTMLBasis(t *testing.T) {
	d := reporttest.Judged(reporttest.Violating(), func(p *audit.Policy) {
		for i := range p.Rules {
			if rule := *p.Rules[i].Rule; rule.ID == "long-expiration" {
				rule.Doc = "# T\n\n| id | needs | why |\n|---|---|---|\n| over 90 days | x | a quarter |\n"
				p.Rules[i].Rule = &rule
			}
		}
	})
	keys, also := 0, 0
	for _, token := range listedIn(t, reporttest.Write(t, Format, d)) {
		for _, f := range token.Findings {
			if f.Basis == "over 90 days" {
				keys++
			}
			if slices.Contains(f.Notes, [2]string{"also", "a quarter (over 90 days)"}) {
				also++
			}
			if f.Rule == "toxic-permissions" && f.Basis != "" {
				t.Errorf("%q rests on %q, which it says", f.Text, f.Basis)
			}
			for _, note := range f.Notes {
				if note[0] == "rests on" {
					t.Errorf("a key as if it were a sentence: %q", note)
				}
			}
		}
	}
	if keys == 0 || also == 0 {
		t.Errorf("%d keys, %d told in words", keys, also)
	}
}

// TestHTMLPrintedRules: paper gets the rules that found something, of a request too.
func TestHTMLPrintedRules(t *testing.T) {
	d := reporttest.Document(reporttest.Violating())
	want := failingRules(d.Runs)
	page := reporttest.ParseHTML(t, reporttest.Write(t, Format, d))
	for _, n := range reporttest.Classed(page, "fails") {
		id := strings.TrimPrefix(reporttest.Attribute(n, "id"), "rule-")
		if !want[id] {
			t.Errorf("%s fails nowhere", id)
		}
		delete(want, id)
	}
	if len(want) > 0 {
		t.Errorf("not printed: %v", want)
	}
	failing := failingRules(reporttest.Document(reporttest.Violating()).Runs)
	if e := reporttest.Calm(); !failing["toxic-permissions"] ||
		failingRules(reporttest.Document(e).Runs)["toxic-permissions"] {
		t.Error("what fails is not told from what does not")
	}
}
