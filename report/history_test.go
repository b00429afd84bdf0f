// SPDX-License-Identifier: Apache-2.0

package report

import (
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/html"
	"github.com/complytime/pataudit/report/json"
	"github.com/complytime/pataudit/report/junit"
	"github.com/complytime/pataudit/report/letters"
	"github.com/complytime/pataudit/report/markdown"
	"github.com/complytime/pataudit/report/privacy"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/show"
	"github.com/complytime/pataudit/report/table"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/xlsx"
)

// TestOverdueCounts holds that a finding that fails the run by its term alone is told as one that
// does, by every format that weighs findings.
func TestOverdueCounts(t *testing.T) {
	d := reporttest.RememberedDocument() // made to fail by nothing but what is overdue
	run := d.Runs[0]
	run.Policy.FailOn, run.Policy.FailOnOverdue = audit.Critical, true
	run.Summary.Violating = 0
	if run.Outcome() != audit.Violations {
		t.Fatal(run.Outcome())
	}
	text := view.Headline(run, view.Count(run))
	if text != "11 findings of 11 tokens are overdue (2 critical, 9 medium)" {
		t.Error(text)
	}
	counted := 0
	for r := range run.Results() {
		for _, f := range r.Findings {
			w := view.Weigh(run, f)
			if f.Overdue && w != view.WeightViolation {
				t.Errorf("%s of %s weighs %s", f.Rule.Rule.ID, r.Token.Name, w)
			}
			if w == view.WeightViolation {
				counted++
			}
		}
	}
	if counted != 11 {
		t.Errorf("%d findings count", counted)
	}
	if out := string(reporttest.Write(t, junit.Format, d)); strings.Count(out, "<failure ") != 12 {
		t.Errorf("%d failures in JUnit", strings.Count(out, "<failure "))
	}
}

// TestShowRemembered holds what a card adds for a token with a history.
func TestShowRemembered(t *testing.T) {
	run := reporttest.RememberedDocument().Runs[0]
	show := func(name string) string {
		return reporttest.Printed(t, func(w io.Writer) error {
			_, err := show.Token(
				w,
				run,
				func(r *audit.Result) bool { return r.Token.Name == name },
				nil,
				view.View{},
			)
			return err
		})
	}
	for name, wants := range map[string][]string{
		"ci-experiments": {
			"GAINED      repository:administration:write", "first seen 2026-05-26",
			"known: first seen 2026-11-12; overdue since 2026-11-19",
		},
		"last-year":  {"expired 2026-11-20, by history"},
		"nightly-01": {"known: first seen 2026-08-29; due 2026-11-27"},
	} {
		text := show(name)
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("no %q in\n%s", want, text)
			}
		}
	}
}

// TestRedactRemembered holds that a history names nobody under pseudonyms, and that its figures
// and days stay.
func TestRedactRemembered(t *testing.T) {
	d := reporttest.RememberedDocument()
	var results []*audit.Result
	for r := range d.Runs[0].Results() {
		if len(r.Gained) > 0 {
			secret := &audit.Repository{ID: 77, Name: "complytime/secret-plans", Visibility: "private"}
			token := *r.Token
			token.Repositories = append(token.Repositories[:2:2], secret)
			r.Token, r.Gained = &token, append(r.Gained, "reaches complytime/secret-plans",
				"reaches complytime/not-reached-any-more")
			r.Lapsed = r.Gained
		}
		results = append(results, r)
	}
	run := audit.Restored(d.Runs[0], results, slices.Collect(d.Runs[0].Requests()))
	redacted, err := privacy.Redact(
		&view.Document{Runs: []*audit.Run{run}},
		[]byte("a key of twenty bytes"),
	)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range Formats {
		if f.Binary {
			continue
		}
		text := string(reporttest.Write(t, f, redacted))
		for _, name := range []string{
			"secret-plans", "not-reached", "tsuki", "ci-experiments", "gone-by-now", "bob",
		} {
			if strings.Contains(text, name) {
				t.Errorf("%s names %s", f.Name, name)
			}
		}
	}
	text := string(reporttest.Write(t, json.Format, redacted))
	for _, want := range []string{
		`"reaches complytime/repository-`, `"repository:administration:write"`, `"first_seen": "2026-`,
		`"overdue": 11`, `"widened": 1`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s", want)
		}
	}
	if !strings.Contains(string(reporttest.Write(t, table.Format, redacted)), " ^ ") {
		t.Error("no mark")
	}
}

// TestOverdueAgrees holds that a report in which an overdue finding is not counted is not read.
func TestOverdueAgrees(t *testing.T) {
	text := string(reporttest.Write(t, json.Format, reporttest.RememberedDocument()))
	edited := strings.Replace(text, `"overdue": 11`, `"overdue": 10`, 1)
	if _, err := readBack(t, []byte(edited)).Document(reporttest.FakeRules()); err == nil ||
		!strings.Contains(err.Error(), "overdue") {
		t.Errorf("%v", err)
	}
}

// TestLettersRemembered holds that a letter says since when, until when, and what is overdue
// first.
func TestLettersRemembered(t *testing.T) {
	letters, _, err := letters.Of(reporttest.RememberedDocument())
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range letters {
		if l.Login != "bob" {
			continue
		}
		text := reporttest.Printed(t, l.Write)
		for _, want := range []string{
			"8 of them past the due date", "; was due by 2026-11-", "; due by 2026-",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("no %q in\n%.1200s", want, text)
			}
		}
		late, due := strings.LastIndex(text, "which is over"), strings.Index(text, "; due by")
		if late > due {
			t.Error("what is overdue does not come first")
		}
	}
}

// TestGainedReads holds that no text for people says that a token "gained reaches" a repository.
func TestGainedReads(t *testing.T) {
	d := reporttest.RememberedDocument()
	var results []*audit.Result
	for r := range d.Runs[0].Results() {
		changed := *r
		if len(r.Gained) > 0 {
			changed.Gained = []string{"repository:contents:write", "reaches complytime/infra"}
		}
		results = append(results, &changed)
	}
	run := audit.Restored(d.Runs[0], results, slices.Collect(d.Runs[0].Requests()))
	told := 0
	for _, f := range []view.Format{
		table.Format, table.Wide, html.Format, markdown.Format, xlsx.Format, junit.Format,
	} {
		written := reporttest.Write(
			t,
			f,
			&view.Document{Runs: []*audit.Run{run}, View: view.View{Only: view.OnlyAll}},
		)
		if f.Binary {
			written = reporttest.Unzipped(t, written)
		}
		if strings.Contains(string(written), "reaches complytime/infra") {
			t.Errorf("%s: gained reaches", f.Name)
		}
		told += strings.Count(string(written), "complytime/infra")
	}
	card := reporttest.Printed(t, func(w io.Writer) error {
		_, err := show.Token(w, run, func(*audit.Result) bool { return true }, nil, view.View{})
		return err
	})
	if strings.Contains(card, "reaches complytime/infra") ||
		!strings.Contains(card, "complytime/infra") {
		t.Error(card)
	}
	if told == 0 {
		t.Error("nothing is told as gained")
	}
}
