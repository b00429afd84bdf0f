// SPDX-License-Identifier: Apache-2.0

package view

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
)

// Weight is what a finding is to the verdict. SARIF, OSCAL, Gemara and JUnit agree on it, each in
// its own words:
//
//	            SARIF                      OSCAL                        Gemara          JUnit
//	violation   fail, with its severity    not-satisfied, risk open     Failed          failure
//	waived,     informational, suppressed  not-satisfied, risk          Failed          skipped
//	debt                                   deviation-approved
//	below       review                     satisfied, for other         Needs Review    skipped
//	open        open                       not-satisfied, for other     Unknown         error
//	pass        none                       satisfied                    Passed          a pass
//	idle        none                       satisfied, not-applicable    Not Applicable  skipped
//
// So a run without violations, acceptances and open questions has no failure in any of them, and a
// failure is nowhere a plain pass.
type Weight uint8

// The weights, the heaviest first.
const (
	WeightViolation Weight = iota // fails, and counts
	WeightDebt                    // fails, and a baseline accepted it
	WeightWaived                  // fails, and a decision accepted it
	WeightOpen                    // could not be judged
	WeightBelow                   // fails below the policy's threshold
	WeightPass
	WeightIdle // the question does not arise
	Weights
)

var weightNames = [Weights]string{
	"fail", "accepted debt", "waived", "cannot be judged", "below the policy's threshold", "pass",
	"not applicable",
}

// String returns a weight in words.
func (w Weight) String() string { return weightNames[w] }

// Accepted reports whether a person took the failure upon them.
func (w Weight) Accepted() bool { return w == WeightDebt || w == WeightWaived }

// Weigh returns what a finding is to the verdict of its run.
func Weigh(run *audit.Run, f *audit.Finding) Weight {
	switch f.Status {
	case audit.Pass:
		return WeightPass
	case audit.NotApplicable:
		return WeightIdle
	case audit.Waived:
		return WeightWaived
	case audit.Fail:
		switch {
		case f.InBaseline:
			return WeightDebt
		case f.Severity < run.Policy.FailOn && !(f.Overdue && run.Policy.FailOnOverdue):
			return WeightBelow
		}
		return WeightViolation
	default:
		return WeightOpen
	}
}

// IsNew reports whether a failure that nobody accepted was not there at the last complete run.
func IsNew(run *audit.Run, f *audit.Finding) bool {
	return run.Since != nil && f.Status == audit.Fail && !f.InBaseline &&
		f.FirstSeen.After(run.Since.AsOf)
}

// NewOrAccepted returns "new" of a failure that is, "accepted debt" or "waived" of one that was
// accepted; "" of another finding.
func NewOrAccepted(run *audit.Run, f *audit.Finding) string {
	switch w := Weigh(run, f); {
	case w.Accepted():
		return w.String()
	case IsNew(run, f):
		return "new"
	}
	return ""
}

// Weighed counts a rule's answers by weight.
type Weighed [Weights]int

// String returns the counts: "3 fail, 1 waived, 41 pass".
func (c *Weighed) String() string {
	var parts []string
	for w, n := range c {
		parts = append(parts, safe.Counted(n, Weight(w).String()))
	}
	return cmp.Or(safe.Join(", ", parts...), "there was nothing to ask about")
}

// Idle reports whether the question arose for nobody.
func (c *Weighed) Idle() bool {
	n := c[WeightIdle]
	return *c == Weighed{WeightIdle: n}
}

// Tally counts the answers of a run's rules, by rule, over all that counts. A run that was read
// from a part of a report holds fewer tokens than it counted: a failure that it does not hold is
// a violation.
func Tally(run *audit.Run) map[string]*Weighed {
	counts := make(map[string]*Weighed, len(run.Rules))
	for i := range run.Rules {
		counts[run.Rules[i].Rule.ID] = &Weighed{}
	}
	for r := range run.Results() {
		weighAll(run, r.Findings, counts)
	}
	for i := range run.Rules {
		n, c := &run.Rules[i].Counts, counts[run.Rules[i].Rule.ID]
		c[WeightViolation] = max(c[WeightViolation], n[audit.Fail]-c[WeightDebt]-c[WeightBelow])
		c[WeightWaived], c[WeightOpen] = n[audit.Waived], n[audit.Indeterminate]
		c[WeightPass], c[WeightIdle] = n[audit.Pass], n[audit.NotApplicable]
	}
	if run.Policy.FailOnRequests {
		for r := range run.Requests() {
			weighAll(run, r.All(), counts)
		}
	}
	return counts
}

func weighAll(run *audit.Run, findings []*audit.Finding, counts map[string]*Weighed) {
	for _, f := range findings {
		counts[f.Rule.Rule.ID][Weigh(run, f)]++
	}
}

// Acceptance returns who accepted a failure, until when, and why. It is not sanitized.
func Acceptance(run *audit.Run, f *audit.Finding) string {
	if d := f.Waiver; d != nil {
		text := fmt.Sprintf("%s (by %s, until %s", d.Reason, d.By, d.Until.UTC().Format(time.DateOnly))
		return safe.Prose(text+safe.Around(", ", d.Ticket, "")+")", safe.MostProse)
	}
	text := "in the baseline"
	if run.Debt != nil {
		text += safe.Around(", until ", DayOf(run.Debt.Until), " at the latest")
	}
	return text
}

// BelowThreshold returns why a failure is no violation.
func BelowThreshold(run *audit.Run, f *audit.Finding) string {
	return fmt.Sprintf("%s, below the policy's threshold of %s", f.Severity, run.Policy.FailOn)
}

// Reason returns the finding for which a token stands so: of one that is open, the first that
// could not be judged; else the decisive one, nil if none fails.
func Reason(run *audit.Run, s Standing, findings []*audit.Finding) *audit.Finding {
	if i := slices.IndexFunc(findings, Unjudged); s == Open && i >= 0 {
		return findings[i]
	}
	return Decisive(run, s, findings)
}

// Decisive returns the finding to show of a token: the worst one that counts, of a token that
// breaks the policy; else the worst one. It is nil if none fails.
func Decisive(run *audit.Run, s Standing, findings []*audit.Finding) *audit.Finding {
	if s == Violates {
		for _, counts := range []func(*audit.Finding) bool{
			func(f *audit.Finding) bool { return Weigh(run, f) == WeightViolation },
			func(f *audit.Finding) bool { return !f.InBaseline },
		} {
			if f := worst(findings, counts); f != nil {
				return f
			}
		}
	}
	return worst(findings, func(*audit.Finding) bool { return true })
}
