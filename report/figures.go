// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
)

// figures is what reports for people say beyond a run's summary. It takes one pass.
type figures struct {
	held     int // tokens that the run holds: fewer than it judged, if it was read from a part
	standing [standings]int
	minor    [audit.Critical + 1]int // the minor ones by severity
	violates [audit.Critical + 1]int // the violating ones by the severity that counts

	waived   int            // of the clean ones, by a waiver
	inactive int            // of the violating ones, expired
	belated  int            // of the violating ones, those that are by overdue findings alone
	expiring []*audit.Token // in use and soon expired, the soonest first
	late     []late         // findings that are overdue, the worst first

	expired [audit.Critical + 1]int // expired tokens by severity; none if not all are held
	lapsed  [audit.Critical + 1]int // failing findings of expired tokens; likewise
	debts   [audit.Critical + 1]int // failing findings in the baseline, of requests too

	labels map[string]int // tokens, by what a chart calls them
}

func count(run *audit.Run) *figures {
	f := &figures{labels: map[string]int{}}
	for r := range run.Results() {
		s := stand(run, r)
		f.held++
		f.standing[s]++
		f.labels[chartLabel(placed(run, r, pointers(r.Findings)))]++
		if s == violates {
			f.violating(run, r)
		}
		switch {
		case s == minor:
			f.minor[r.Severity]++
		case s == clean && slices.ContainsFunc(r.Findings, func(f audit.Finding) bool {
			return f.Status == audit.Waived
		}):
			f.waived++
		}
		if r.Token.Expired {
			f.expired[r.Severity]++
		}
		f.findings(r)
		f.overdue(r)
		if expiresSoon(r.Token, run.AsOf) {
			f.expiring = append(f.expiring, r.Token)
		}
	}
	for r := range run.Requests() {
		f.findings(r)
	}
	if f.partial(run) {
		clear(f.expired[:])
		clear(f.lapsed[:])
	}
	slices.SortStableFunc(f.expiring, func(a, b *audit.Token) int {
		return a.ExpiresAt.Compare(b.ExpiresAt)
	})
	slices.SortStableFunc(f.late, compareLate)
	return f
}

// violating counts a token that breaks the policy.
func (f *figures) violating(run *audit.Run, r *audit.Result) {
	switch {
	case r.New < run.Policy.FailOn:
		f.belated++
	case r.Token.Expired:
		f.inactive++
	}
	f.violates[r.New]++
}

// findings counts some of those that fail.
func (f *figures) findings(r *audit.Result) {
	for i := range r.Findings {
		finding := &r.Findings[i]
		if finding.InBaseline {
			f.debts[finding.Severity]++
		}
		if finding.Status == audit.Fail && r.Token.Expired && r.Request == nil {
			f.lapsed[finding.Severity]++
		}
	}
}

// partial reports whether the figures count a part of the tokens only: the run was restored from a
// report that left some out.
func (f *figures) partial(run *audit.Run) bool { return f.held < run.Summary.Tokens }

// part says how many tokens there are, and how many of them the run holds.
func (f *figures) part(run *audit.Run) string {
	return fmt.Sprintf(
		"of %s %d are in this report",
		safe.Plural(run.Summary.Tokens, "token"),
		f.held,
	)
}

// withExpired lists counts of a whole run, and tells those of expired grants apart, which have a
// severity and can do no more: "3 high, 12 low (9 of them expired)".
func withExpired(counts, expired []int) string {
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

// bySeverity lists the counts at or above a severity, the worst first: "3 critical, 8 high".
func bySeverity(counts []int, least audit.Severity) string {
	var parts []string
	for s := audit.Critical; s >= least && s > audit.NoSeverity; s-- {
		if counts[s] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[s], s))
		}
	}
	return strings.Join(parts, ", ")
}

// total adds up the summaries of several runs; a person is counted once per organization.
func total(runs []*audit.Run) *audit.Summary {
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

// grantedDays gives the lifetime that is known of a token: from its approval to its expiry, in
// whole days of 86,400 seconds, as the rule on it counts.
func grantedDays(t *audit.Token) (n int64, known bool) {
	if t.GrantedAt.IsZero() || t.ExpiresAt.IsZero() || t.Expired ||
		!t.Known.Has(audit.FactGranted|audit.FactExpiry) {
		return 0, false
	}
	const perDay = int64(day / time.Second)
	return (t.ExpiresAt.Unix() - t.GrantedAt.Unix()) / perDay, true
}

func sum(counts [audit.Critical + 1]int) (n int) {
	for _, count := range counts {
		n += count
	}
	return n
}
