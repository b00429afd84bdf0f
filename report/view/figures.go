// SPDX-License-Identifier: Apache-2.0

package view

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
)

// Figures are what reports for people count beyond a run's summary.
type Figures struct {
	Held     int // tokens that the run holds: fewer than it judged, if it was read from a part
	Standing [Standings]int
	Minor    [audit.Critical + 1]int // the minor ones by severity
	Violates [audit.Critical + 1]int // the violating ones by the severity that counts

	Waived       int              // of the clean ones, by a waiver
	inactive     int              // of the violating ones, expired
	OverdueAlone int              // of the violating ones, those that are by overdue findings alone
	Expiring     []*audit.Token   // in use and soon expired, the soonest first
	Overdue      []OverdueFinding // findings that are overdue, the worst first

	Expired         [audit.Critical + 1]int // expired tokens by severity; none if not all are held
	ExpiredFindings [audit.Critical + 1]int // failing findings of expired tokens; likewise
	Debts           [audit.Critical + 1]int // failing findings in the baseline, of requests too
	Open            [audit.Critical + 1]int // failing findings of tokens that nobody accepted
	Waivers         [audit.Critical + 1]int // waived findings of tokens

	Labels map[string]int // tokens, by what a chart calls them
}

// Count returns the figures of a run.
func Count(run *audit.Run) *Figures {
	f := &Figures{Labels: map[string]int{}}
	for r := range run.Results() {
		s := Stand(run, r)
		f.Held++
		f.Standing[s]++
		f.Labels[PlaceOf(run, r, r.Findings).Label()]++
		if s == Violates {
			f.violating(run, r)
		}
		switch {
		case s == Minor:
			f.Minor[r.Severity]++
		case s == Clean && slices.ContainsFunc(r.Findings, func(f *audit.Finding) bool {
			return f.Status == audit.Waived
		}):
			f.Waived++
		}
		if r.Token.Expired {
			f.Expired[r.Severity]++
		}
		f.findings(r)
		f.overdue(r)
		if ExpiresSoon(r.Token, run.AsOf) {
			f.Expiring = append(f.Expiring, r.Token)
		}
	}
	for r := range run.Requests() {
		f.findings(r)
	}
	if f.Partial(run) {
		clear(f.Expired[:])
		clear(f.ExpiredFindings[:])
	}
	slices.SortStableFunc(f.Expiring, func(a, b *audit.Token) int {
		return a.ExpiresAt.Compare(b.ExpiresAt)
	})
	slices.SortStableFunc(f.Overdue, compareLate)
	return f
}

// violating counts a token that breaks the policy.
func (f *Figures) violating(run *audit.Run, r *audit.Result) {
	switch {
	case r.New < run.Policy.FailOn:
		f.OverdueAlone++
	case r.Token.Expired:
		f.inactive++
	}
	f.Violates[r.New]++
}

// findings counts those that fail, by whether somebody accepted them.
func (f *Figures) findings(r *audit.Result) {
	for _, finding := range r.Findings {
		switch s := finding.Severity; {
		case finding.InBaseline:
			f.Debts[s]++
		case r.Request != nil:
		case finding.Status == audit.Waived:
			f.Waivers[s]++
		case finding.Status == audit.Fail:
			f.Open[s]++
		}
		if finding.Status == audit.Fail && r.Token.Expired && r.Request == nil {
			f.ExpiredFindings[finding.Severity]++
		}
	}
}

// Partial reports whether the figures count a part of the tokens only: the run was restored from a
// report that left some out.
func (f *Figures) Partial(run *audit.Run) bool { return f.Held < run.Summary.Tokens }

// PartText returns how many tokens there are, and how many of them the run holds.
func (f *Figures) PartText(run *audit.Run) string {
	return fmt.Sprintf("of %s %d are in this report", safe.Plural(run.Summary.Tokens, "token"),
		f.Held)
}

// WithExpired lists counts of a whole run, with those of expired grants apart, which have a
// severity and can do no more: "3 high, 12 low (9 of them expired)".
func WithExpired(counts, expired []int) string {
	var parts []string
	for s := audit.Critical; s > audit.NoSeverity; s-- {
		switch n := expired[s]; {
		case counts[s] == 0:
		case n == 0:
			parts = append(parts, fmt.Sprintf("%d %s", counts[s], s))
		case n == counts[s]:
			parts = append(parts, fmt.Sprintf("%d %s (expired)", n, s))
		default:
			parts = append(parts, fmt.Sprintf("%d %s (%d of them expired)", counts[s], s, n))
		}
	}
	return strings.Join(parts, ", ")
}

// BySeverity lists the counts at or above a severity, the worst first: "3 critical, 8 high".
func BySeverity(counts []int, least audit.Severity) string {
	var parts []string
	for s := audit.Critical; s >= least && s > audit.NoSeverity; s-- {
		parts = append(parts, safe.Counted(counts[s], s.String()))
	}
	return safe.Join(", ", parts...)
}

// Total adds up the summaries of several runs; a person is counted once per organization.
func Total(runs []*audit.Run) *audit.Summary {
	t := &audit.Summary{}
	for _, run := range runs {
		s := &run.Summary
		t.Tokens += s.Tokens
		t.Active += s.Active
		t.People += s.People
		t.Failing += s.Failing
		t.Violating += s.Violating
		t.Overdue += s.Overdue
		t.Requests += s.Requests
		t.RequestsViolating += s.RequestsViolating
		for i := range s.Findings {
			t.Findings[i] += s.Findings[i]
		}
		for i := range s.BySeverity {
			t.BySeverity[i] += s.BySeverity[i]
			t.ByWorst[i] += s.ByWorst[i]
			t.ViolatingBy[i] += s.ViolatingBy[i]
			t.IndebtedBy[i] += s.IndebtedBy[i]
		}
	}
	return t
}

// Contradicted counts the claims about settings that evidence contradicts.
func (d *Document) Contradicted() (n int) {
	for _, run := range d.Runs {
		n += run.Contradicted()
	}
	return n
}

// ContradictedText returns how many there are as the end of a sentence: "; 1 claim contradicted".
// It is "" for none.
func (d *Document) ContradictedText() string {
	n := d.Contradicted()
	return safe.Around("; ", safe.Counted(n, safe.Noun(n, "claim")+" contradicted"), "")
}

// GrantedDays returns the lifetime of a token from its approval to its expiry, in whole days of
// 86,400 seconds, as the rule on it counts; false if it is not known.
func GrantedDays(t *audit.Token) (n int64, known bool) {
	if t.GrantedAt.IsZero() || t.ExpiresAt.IsZero() || t.Expired ||
		!t.Known.Has(audit.FactGranted|audit.FactExpiry) {
		return 0, false
	}
	const perDay = int64(Day / time.Second)
	return (t.ExpiresAt.Unix() - t.GrantedAt.Unix()) / perDay, true
}

// Sum adds up counts by severity.
func Sum(counts [audit.Critical + 1]int) (n int) {
	for _, count := range counts {
		n += count
	}
	return n
}

// OverdueFinding is a finding that is overdue.
type OverdueFinding struct {
	Token    *audit.Token
	Rule     string
	severity audit.Severity
	Due      time.Time
}

// compareLate puts the worst first, and of those the oldest.
func compareLate(a, b OverdueFinding) int {
	return cmp.Or(cmp.Compare(b.severity, a.severity), a.Due.Compare(b.Due))
}

// overdue adds the findings of a token that are overdue.
func (f *Figures) overdue(r *audit.Result) {
	for _, finding := range r.Findings {
		if finding.Overdue {
			f.Overdue = append(f.Overdue, OverdueFinding{
				r.Token, finding.Rule.Rule.ID, finding.Severity, finding.Due,
			})
		}
	}
}

// OverdueAloneText returns how many of the tokens that break the policy do so by overdue findings
// alone; "" if none does.
func (f *Figures) OverdueAloneText() string {
	if f.OverdueAlone == 0 {
		return ""
	}
	return fmt.Sprintf(", %d of them by overdue findings alone", f.OverdueAlone)
}

// Overdue returns 1 for a token with a finding that is overdue, 0 for another.
func Overdue(r *audit.Result) int {
	for i := range r.Findings {
		if r.Findings[i].Overdue {
			return 1
		}
	}
	return 0
}

// OverdueOf returns whether a finding is overdue: "true" or "false"; "" of one without a due date.
func OverdueOf(f *audit.Finding) string {
	if f.Due.IsZero() {
		return ""
	}
	return strconv.FormatBool(f.Overdue)
}
