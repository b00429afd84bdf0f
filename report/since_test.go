// SPDX-License-Identifier: Apache-2.0

package report

import (
	stdhtml "html"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/html"
	"github.com/complytime/pataudit/report/json"
	"github.com/complytime/pataudit/report/markdown"
	"github.com/complytime/pataudit/report/privacy"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/table"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
	"github.com/complytime/pataudit/report/xlsx"
)

// TestMarks holds that new tokens and those that can do more have a mark, which is explained.
func TestMarks(t *testing.T) {
	d := reporttest.RememberedDocument()
	d.View.Only = view.OnlyAll
	for _, c := range []struct {
		format view.Format
		wants  []string
	}{
		{table.Format, []string{
			"critical ^  ci-experiments", "info +      x ", "1 new token (+)", "widened (^)",
		}},
		{markdown.Format, []string{
			"| critical ^ | `ci-experiments`", "| info + | `x` |", "1 new token (+)",
		}},
		{table.Wide, []string{" info      x ", " +         token", "1 new token (+)"}},
		{html.Format, []string{`"mark":"^"`, `"mark":"+"`, "1 new token (+)"}},
	} {
		text := stdhtml.UnescapeString(string(reporttest.Write(t, c.format, d)))
		for _, want := range c.wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q", c.format.Name, want)
			}
		}
		if strings.Count(text, "medium +") > 0 {
			t.Errorf("%s: a token from before is marked as new", c.format.Name)
		}
	}
}

// TestGone holds that who reads a report learns which tokens are gone, unless everybody may read
// it; and that no text of theirs gets past a sanitizer.
func TestGone(t *testing.T) {
	d := reporttest.RememberedDocument()
	for _, f := range []view.Format{
		table.Format, table.Wide, markdown.Format, html.Format, xlsx.Format, json.Format,
	} {
		if text := reporttest.Bare(t, f, d); !strings.Contains(text, "gone-by-now") {
			t.Errorf("%s: a token is gone and not named", f.Name)
		}
	}
	for _, f := range Formats {
		if !f.Nameless {
			continue
		}
		text := string(reporttest.Write(t, f, privacy.Nameless(d)))
		if strings.Contains(text, "gone-by-now") || strings.Contains(text, "(+)") {
			t.Errorf("%s: in a public place:\n%s", f.Name, text)
		}
	}
	if d.Runs[0].Since.GoneTokens == nil {
		t.Error("the public form took the names out of the run itself")
	}
	owner := &audit.Member{ID: 9, Login: "x\x1b[31m"}
	since := &audit.Since{Gone: 14}
	for range 10 {
		since.GoneTokens = append(since.GoneTokens, &audit.Token{Name: "a\nb\u202e", Owner: owner})
	}
	text := words.SinceAndGone(&audit.Run{Since: since}, false)
	if strings.ContainsAny(text, "\n\x1b\u202e") || !strings.HasSuffix(text, ", and 4 more") {
		t.Errorf("%q", text)
	}
}

// TestOverdueAlone holds what is said of a run in which nothing but what is overdue breaks the
// policy: its tokens have rows, with that finding, and figures agree.
func TestOverdueAlone(t *testing.T) {
	e, p := reporttest.Violating(), reporttest.Policy()
	options := reporttest.Options
	p.FailOn, options.FailOnOverdue = audit.Critical, true
	p.SLA = map[audit.Severity]int{audit.Info: 30}
	options.Memory = &audit.Memory{Tokens: map[int64]*audit.Past{}}
	e.Tokens = slices.DeleteFunc(e.Tokens, func(t *audit.Token) bool {
		return strings.Contains("release-bot-legacy ci-experiments", t.Name)
	})
	for _, token := range e.Tokens {
		options.Memory.Tokens[token.ID] = &audit.Past{FirstSeen: reporttest.AsOf.AddDate(-1, 0, 0)}
		if token.Name == "asdf" { // fails long-expiration, too, which has no term
			options.Memory.Tokens[token.ID].Failing = map[string]time.Time{
				"undescriptive-name": reporttest.AsOf.AddDate(0, 0, -33),
			}
		}
	}
	d := &view.Document{Runs: []*audit.Run{audit.Evaluate(e, p, options)}}
	text := string(reporttest.Write(t, table.Format, d))
	for _, want := range []string{
		"VIOLATIONS  1 finding of 1 token is overdue (1 info) ", "3 d late: \"asdf\" says",
		"info      asdf",
		"OVERDUE     1 finding past the due date, which counts: asdf (jdoe, undescriptive-name, 3 d)",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	run := d.Runs[0]
	f := view.Count(run)
	if f.Standing[view.Violates] != 1 || f.OverdueAlone != 1 || run.Summary.Violating != 0 {
		t.Errorf("%d break the policy, %d by that alone; %d at or above it", f.Standing[view.Violates],
			f.OverdueAlone, run.Summary.Violating)
	}
	again := restored(t, d)
	if got := string(reporttest.Write(t, table.Format, again)); !strings.Contains(got, "3 d late") {
		t.Errorf("read back:\n%s", got)
	}
	if page := string(reporttest.Write(t, html.Format, d)); !strings.Contains(page,
		"breaks the policy, 1 of them by overdue findings alone") {
		t.Error("no tile")
	}
}

// TestRedactOverdue holds that a redacted report says of a token that it is overdue, though what
// is overdue is left out; and that it can be read.
func TestRedactOverdue(t *testing.T) {
	e, p := reporttest.Violating(), reporttest.Policy()
	options := reporttest.Options
	p.FailOn, options.FailOnOverdue = audit.Critical, true
	p.SLA = map[audit.Severity]int{audit.High: 1}
	options.Memory = &audit.Memory{Tokens: map[int64]*audit.Past{}}
	for _, token := range e.Tokens {
		options.Memory.Tokens[token.ID] = &audit.Past{
			FirstSeen: reporttest.AsOf,
			Failing: map[string]time.Time{
				"owner-not-member": reporttest.AsOf.AddDate(0, -1, 0),
			},
		}
	}
	d := &view.Document{Runs: []*audit.Run{audit.Evaluate(e, p, options)}}
	if d.Runs[0].Summary.Overdue == 0 {
		t.Fatal("nothing is overdue")
	}
	r := redacted(t, d)
	before, after := view.Count(d.Runs[0]), view.Count(r.Runs[0])
	if before.Standing != after.Standing {
		t.Errorf("%v, redacted %v", before.Standing, after.Standing)
	}
	written := reporttest.Write(t, json.Format, r)
	if _, err := readBack(t, written).Document(reporttest.FakeRules()); err != nil {
		t.Error(err)
	}
}
