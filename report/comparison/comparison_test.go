// SPDX-License-Identifier: Apache-2.0

package comparison

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/json"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/view"
)

// comparison holds two pieces of evidence against each other, by the same policy.
func comparison(before, now *audit.Evidence) *Comparison {
	return comparisonBy(before, reporttest.Policy(), now, reporttest.Policy())
}

func comparisonBy(
	before *audit.Evidence, p *audit.Policy, now *audit.Evidence, q *audit.Policy,
) *Comparison {
	c := &Comparison{
		Old: audit.Evaluate(before, p, audit.Options{}), New: audit.Evaluate(now, q, reporttest.Options),
		OldName: "run 12", NewName: "run 13",
	}
	c.Deltas = audit.Diff(c.Old, c.New)
	return c
}

func comparisons() map[string]*Comparison {
	blind := reporttest.Incomplete(reporttest.Violating())
	blind.Coverage[0].Status, blind.Tokens = audit.Partial, blind.Tokens[:20]
	milder := reporttest.Policy()
	milder.Digest, milder.Rules[2].Asked = "sha256:another", false
	waived := reporttest.Policy()
	waived.Decisions = append(
		waived.Decisions,
		reporttest.Waive(
			reporttest.Named(reporttest.Violating(), "waived-mirror"),
			"long-expiration",
			"over 180 days",
		),
	)
	same := comparison(reporttest.Violating(), reporttest.Violating())
	return map[string]*Comparison{
		"week":   comparison(reporttest.WeekAgo(), reporttest.Violating()),
		"moved":  comparisonBy(reporttest.WeekAgo(), reporttest.Policy(), reporttest.Moved(), waived),
		"unseen": comparison(reporttest.WeekAgo(), blind),
		"policies": comparisonBy(
			reporttest.WeekAgo(),
			milder,
			reporttest.Violating(),
			reporttest.Policy(),
		),
		"hostile": comparison(reporttest.Empty(), reporttest.Hostile()),
		"equal":   same,
		"back": {
			Old: same.New,
			New: audit.Evaluate(reporttest.WeekAgo(), reporttest.Policy(), audit.Options{}),
			Deltas: audit.Diff(
				same.New,
				audit.Evaluate(reporttest.WeekAgo(), reporttest.Policy(), audit.Options{}),
			),
		},
		"stricter": comparisonOfPolicies(reporttest.Policy(), stricterPolicy()),
		"milder":   comparisonOfPolicies(stricterPolicy(), reporttest.Policy()),
		"lenient":  comparisonOfPolicies(reporttest.Policy(), lenientPolicy()),
	}
}

// stricterPolicy asks one rule more gravely, one otherwise, and one not at all.
func stricterPolicy() *audit.Policy {
	strict := reporttest.Policy()
	strict.Digest = "sha256:stricter"
	for i := range strict.Rules {
		switch strict.Rules[i].Rule.ID {
		case "undescriptive-name":
			strict.Rules[i].Asked = false
		case "long-expiration":
			strict.Rules[i].Severity = audit.High
		case "broad-selection":
			strict.Rules[i].Checker = reporttest.Check(func(s *audit.Subject) audit.Verdict {
				if len(s.Token.Repositories) > 1 {
					return reporttest.Fails("writes to more than one repository", "over 1")
				}
				return reporttest.Pass
			})
		}
	}
	return strict
}

// lenientPolicy finds the same, and takes less of it for a violation.
func lenientPolicy() *audit.Policy {
	lenient := reporttest.Policy()
	lenient.Digest, lenient.FailOn = "sha256:lenient", audit.High
	return lenient
}

// comparisonOfPolicies judges the same evidence by two policies.
func comparisonOfPolicies(before, after *audit.Policy) *Comparison {
	e := reporttest.Violating()
	e.Tokens = append(e.Tokens[:6:6], e.Tokens[19:]...)
	old := audit.Evaluate(e, before, reporttest.Options)
	now := audit.Evaluate(e, after, reporttest.Options)
	return &Comparison{
		Old: old, New: now, OldName: "guide", NewName: "policy.yaml", Policies: true,
		Deltas: audit.DiffPolicies(old, now),
	}
}

func compareTo(t *testing.T, f func(io.Writer, *Comparison) error, c *Comparison) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := f(&b, c); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestComparisons holds each comparison in each format, twice the same, and that a writer's error
// is returned.
func TestComparisons(t *testing.T) {
	for name, c := range comparisons() {
		for _, f := range Formats {
			got := compareTo(t, f.Write, c)
			reporttest.Golden(t, "diff-"+name+"."+f.Name, got)
			if !bytes.Equal(got, compareTo(t, f.Write, comparisons()[name])) {
				t.Errorf("%s %s: not the same bytes", name, f.Name)
			}
			if err := f.Write(&reporttest.FailingWriter{}, c); err == nil {
				t.Errorf("%s %s: no error of a full disk", name, f.Name)
			}
		}
	}
}

// TestComparisonUnseen holds that nothing is called new, gone or closed that was not seen.
func TestComparisonUnseen(t *testing.T) {
	text := string(compareTo(t, Formats[0].Write, comparisons()["unseen"]))
	for _, want := range []string{
		"not seen    5 tokens", "a token that it lacks is not called gone",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "1 gone") || strings.Contains(text, "closed") {
		t.Errorf("gone or closed:\n%s", text)
	}
}

// TestComparisonRows holds a large comparison to a screen, and to an issue.
func TestComparisonRows(t *testing.T) {
	c := comparison(reporttest.Empty(), reporttest.Many(6000))
	c.Old.Organization = c.New.Organization
	c.View.Width = 100
	table := string(compareTo(t, Formats[0].Write, c))
	if n := strings.Count(table, "\n"); n > 50 || !strings.Contains(table, "more tokens: ") {
		t.Errorf("%d lines:\n%s", n, table)
	}
	for _, d := range []*Comparison{
		c, comparison(reporttest.Empty(), reporttest.Hostile()), alarming(),
	} {
		text := string(compareTo(t, Formats[2].Write, d))
		if len(text) > 60<<10 {
			t.Errorf("%d bytes for an issue", len(text))
		}
	}
	text := string(compareTo(t, Formats[2].Write, c))
	if !strings.Contains(text, "**Truncated:** ") || !strings.Contains(text, " changed tokens in") {
		t.Errorf("nothing says what is left out:\n%.900s", text)
	}
	c.View.Width = 0
	if n := strings.Count(string(compareTo(t, Formats[0].Write, c)), "\n"); n < 900 {
		t.Errorf("%d lines in a log", n)
	}
	c.View.Width, c.View.Verbose = 100, true
	if n := strings.Count(string(compareTo(t, Formats[0].Write, c)), "\n"); n < 900 {
		t.Errorf("%d lines with all rows", n)
	}
}

// alarming is a comparison whose every text has to be escaped.
func alarming() *Comparison {
	e := reporttest.Hostile()
	bad := strings.Repeat("@#:-.$", 60)
	for _, t := range e.Tokens {
		t.Name, t.Owner.Login = bad, bad
	}
	c := comparison(reporttest.Calm(), e)
	for _, run := range []*audit.Run{c.Old, c.New} {
		run.Complete, run.Incomplete, run.Organization.Login = false, reporttest.Gaps(bad), bad
	}
	c.OldName, c.NewName = bad, bad
	return c
}

// TestComparisonPublic holds that what everybody may read names nobody.
func TestComparisonPublic(t *testing.T) {
	c := comparisons()["moved"]
	for _, f := range Formats {
		if !f.Nameless {
			continue
		}
		got := compareTo(t, f.Write, c.WithoutNames())
		reporttest.Golden(t, "diff-public."+f.Name, got)
		for r := range view.Both(c.New) {
			for _, name := range []string{r.Token.Name, r.Token.Owner.Login, "repo-0", "run 12"} {
				if bytes.Contains(got, []byte(name)) && name != "x" {
					t.Errorf("%s names %q:\n%s", f.Name, name, got)
				}
			}
		}
	}
}

// TestComparisonOfRestored holds that a report that was read back is compared as its run was.
func TestComparisonOfRestored(t *testing.T) {
	again := func(run *audit.Run) *audit.Run {
		written := reporttest.Write(t, json.Format, &view.Document{Runs: []*audit.Run{run}})
		saved, err := json.Read(bytes.NewReader(written), "report.json")
		if err != nil {
			t.Fatal(err)
		}
		d, err := saved.Document(reporttest.FakeRules())
		if err != nil {
			t.Fatal(err)
		}
		if Partial(d, d.Runs[0]) {
			t.Error("a whole report is taken for a part")
		}
		return d.Runs[0]
	}
	c := comparisons()["moved"]
	r := &Comparison{Old: again(c.Old), New: again(c.New), OldName: c.OldName, NewName: c.NewName}
	r.Deltas = audit.Diff(r.Old, r.New)
	want := string(compareTo(t, Formats[0].Write, c))
	if got := string(compareTo(t, Formats[0].Write, r)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	part := reporttest.Document(reporttest.Violating())
	part.View.Filter.Severity = audit.High
	if !Partial(part, part.Runs[0]) {
		t.Error("findings may be left out though every token is there")
	}
	saved, err := json.Read(bytes.NewReader(reporttest.Write(t, json.Format, part)), "report.json")
	if err != nil {
		t.Fatal(err)
	}
	d, err := saved.Document(reporttest.FakeRules())
	if err != nil || !Partial(d, d.Runs[0]) {
		t.Errorf("a part is taken for the whole: %v", err)
	}
}
