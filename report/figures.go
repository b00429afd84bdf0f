// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
)

const (
	day = 24 * time.Hour

	expiringWithin = 14 * day // a token in use that expires within it is announced
	inUseWithin    = 90 * day // a token that was used within it is in use
)

// standing is where a token stands; each token has exactly one, the first that holds.
type standing uint8

const (
	violates standing = iota // fails at or above the policy's threshold
	unknown                  // a required rule could not judge it
	indebted                 // fails at or above the threshold by known debt alone
	expired                  // can no longer act
	minor                    // fails below the threshold
	clean
	standings
)

func stand(run *audit.Run, r *audit.Result) standing {
	switch {
	case r.New >= run.Policy.FailOn:
		return violates
	case slices.ContainsFunc(r.Findings, func(f audit.Finding) bool { return unjudged(&f) }):
		return unknown
	case r.Severity >= run.Policy.FailOn:
		return indebted
	case r.Token.Expired:
		return expired
	case r.Severity > audit.NoSeverity:
		return minor
	}
	return clean
}

// rank orders tokens for people: what breaks the policy, what could not be judged (it may break
// it), and the rest.
func rank(s standing) standing { return min(s, indebted) }

// unjudged reports whether a finding leaves a required question open.
func unjudged(f *audit.Finding) bool {
	return f.Status == audit.Indeterminate && f.Rule.Required
}

// worst gives a result's worst failing finding, the first of equals; nil if none fails.
func worst(findings []*audit.Finding) *audit.Finding {
	var found *audit.Finding
	for _, f := range findings {
		if f.Status == audit.Fail && (found == nil || f.Severity > found.Severity) {
			found = f
		}
	}
	return found
}

// figures is what reports for people say beyond a run's summary. It takes one pass.
type figures struct {
	held     int // tokens that the run holds: fewer than it judged, if it was read from a part
	standing [standings]int
	minor    [audit.Critical + 1]int // the minor ones by severity
	violates [audit.Critical + 1]int // the violating ones by the severity that counts

	ranks    [indebted + 1][audit.Critical + 1]int // all tokens by rank, and within it by severity
	waived   int                                   // of the clean ones, by a waiver
	inactive int                                   // of the violating ones, expired
	expiring []*audit.Token                        // in use and soon expired, the soonest first
}

func count(run *audit.Run) *figures {
	f := &figures{}
	for r := range run.Results() {
		s := stand(run, r)
		f.held++
		f.standing[s]++
		f.ranks[rank(s)][r.Severity]++
		if s == violates {
			f.violates[r.New]++
		}
		switch {
		case s == minor:
			f.minor[r.Severity]++
		case s == violates && r.Token.Expired:
			f.inactive++
		case s == clean && slices.ContainsFunc(r.Findings, func(f audit.Finding) bool {
			return f.Status == audit.Waived
		}):
			f.waived++
		}
		if expiresSoon(r.Token, run.AsOf) {
			f.expiring = append(f.expiring, r.Token)
		}
	}
	slices.SortStableFunc(f.expiring, func(a, b *audit.Token) int {
		return a.ExpiresAt.Compare(b.ExpiresAt)
	})
	return f
}

// partial reports whether the figures count a part of the tokens only: the run was restored from a
// report that left some out.
func (f *figures) partial(run *audit.Run) bool { return f.held < run.Summary.Tokens }

// part says how many tokens there are, and how many of them the run holds.
func (f *figures) part(run *audit.Run) string {
	return fmt.Sprintf("of %s %d are in this report", plural(run.Summary.Tokens, "token"), f.held)
}

func expiresSoon(t *audit.Token, asOf time.Time) bool {
	return t.Known.Has(audit.FactExpiry|audit.FactLastUsed) && !t.Expired &&
		!t.ExpiresAt.Before(asOf) && !t.ExpiresAt.After(asOf.Add(expiringWithin)) &&
		!t.LastUsedAt.Before(asOf.Add(-inUseWithin))
}

// headline is the verdict in one sentence, without what is missing of the evidence.
func headline(run *audit.Run, f *figures) string {
	s := &run.Summary
	text := violations(run, f)
	if n := s.RequestsViolating; n > 0 && run.Policy.FailOnRequests {
		text += fmt.Sprintf("; %s %s the policy", plural(n, "pending request"), breaks(n))
	}
	if f.partial(run) {
		text += "; " + f.part(run)
	}
	return text
}

// violations says how many tokens break the policy. What is known debt does not, and is not
// nothing.
func violations(run *audit.Run, f *figures) string {
	s := &run.Summary
	if s.Violating == 0 {
		what := "nothing"
		if run.Debt != nil && run.Debt.Left > 0 {
			what = "nothing new"
		}
		return fmt.Sprintf("%s at or above %s in %s", what, run.Policy.FailOn,
			plural(s.Tokens, "token"))
	}
	of := fmt.Sprintf("%d of %s", s.Violating, plural(s.Active, "active token"))
	if f.inactive > 0 || f.partial(run) {
		of = fmt.Sprintf("%d of %s", s.Violating, plural(s.Tokens, "token"))
	}
	of += " " + breaks(s.Violating) + " the policy"
	if f.partial(run) {
		return of
	}
	return of + ": " + bySeverity(f.violates[:], run.Policy.FailOn)
}

func breaks(n int) string {
	if n == 1 {
		return "breaks"
	}
	return "break"
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

// notAsked lists the rules that the run knows and did not ask.
func notAsked(run *audit.Run) []string {
	var ids []string
	for i := range run.Rules {
		if !run.Rules[i].Asked {
			ids = append(ids, run.Rules[i].Rule.ID)
		}
	}
	return ids
}

// exitCode is the one that an outcome stands for.
func exitCode(o audit.Outcome) int {
	switch o {
	case audit.Clean:
		return 0
	case audit.Violations:
		return 3
	case audit.Incomplete:
		return 4
	default:
		return 5
	}
}

// Outcome is the verdict over the document: violations if one run has them, complete if all were
// audited and all are.
func (d *Document) Outcome() audit.Outcome {
	violated := false
	complete := len(d.Runs) > 0 && len(d.Failed) == 0
	for _, run := range d.Runs {
		o := run.Outcome()
		violated = violated || o == audit.Violations || o == audit.ViolationsIncomplete
		complete = complete && run.Complete
	}
	switch {
	case violated && complete:
		return audit.Violations
	case violated:
		return audit.ViolationsIncomplete
	case complete:
		return audit.Clean
	}
	return audit.Incomplete
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
		t.Requests += s.Requests
		t.RequestsViolating += s.RequestsViolating
		for i := range s.Findings {
			t.Findings[i] += s.Findings[i]
		}
		for i := range s.BySeverity {
			t.BySeverity[i] += s.BySeverity[i]
			t.ByWorst[i] += s.ByWorst[i]
		}
	}
	return t
}

// days gives the whole days between two instants, in days of 86,400 seconds; of a span too long
// for a time.Duration too.
func days(from, to time.Time) int64 {
	return int64(math.Floor(float64(to.Unix()-from.Unix()) / day.Seconds()))
}

// grantedDays gives the lifetime that is known of a token: from its approval to its expiry.
func grantedDays(t *audit.Token) (n int64, known bool) {
	if t.GrantedAt.IsZero() || t.ExpiresAt.IsZero() || t.Expired ||
		!t.Known.Has(audit.FactGranted|audit.FactExpiry) {
		return 0, false
	}
	return days(t.GrantedAt, t.ExpiresAt), true
}

// plural writes a count with its noun.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if stem, ok := strings.CutSuffix(noun, "ry"); ok {
		return fmt.Sprintf("%d %sries", n, stem)
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
