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

// weight is what a finding is to the verdict. SARIF, OSCAL, Gemara and JUnit agree on it, each in
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
type weight uint8

// The weights, the heaviest first.
const (
	weightViolation weight = iota // fails, and counts
	weightDebt                    // fails, and a baseline accepted it
	weightWaived                  // fails, and a decision accepted it
	weightOpen                    // could not be judged
	weightBelow                   // fails below the policy's threshold
	weightPass
	weightIdle // the question does not arise
	weights
)

var weightNames = [weights]string{
	"fail", "accepted debt", "waived", "cannot be judged", "below the policy's threshold", "pass",
	"not applicable",
}

func (w weight) String() string { return weightNames[w] }

// accepted reports whether a person took the failure upon them.
func (w weight) accepted() bool { return w == weightDebt || w == weightWaived }

func weigh(run *audit.Run, f *audit.Finding) weight {
	switch f.Status {
	case audit.Pass:
		return weightPass
	case audit.NotApplicable:
		return weightIdle
	case audit.Waived:
		return weightWaived
	case audit.Fail:
		switch {
		case f.InBaseline:
			return weightDebt
		case f.Severity < run.Policy.FailOn && !(f.Overdue && run.Policy.FailOnOverdue):
			return weightBelow
		}
		return weightViolation
	default:
		return weightOpen
	}
}

// weighed counts a rule's answers by weight.
type weighed [weights]int

// String words the counts: "3 fail, 1 waived, 41 pass".
func (c *weighed) String() string {
	var parts []string
	for w, n := range c {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, weight(w)))
		}
	}
	if len(parts) == 0 {
		return "there was nothing to ask about"
	}
	return strings.Join(parts, ", ")
}

// idle reports whether the question arose for nobody.
func (c *weighed) idle() bool {
	n := c[weightIdle]
	return *c == weighed{weightIdle: n}
}

// tally counts the answers of a run's rules, by rule, over all that counts. A run that was read
// from a part of a report holds fewer tokens than it counted: a failure that it does not hold is
// a violation.
func tally(run *audit.Run) map[string]*weighed {
	counts := make(map[string]*weighed, len(run.Rules))
	for i := range run.Rules {
		counts[run.Rules[i].Rule.ID] = &weighed{}
	}
	for r := range run.Results() {
		weighAll(run, r.Findings, counts)
	}
	for i := range run.Rules {
		n, c := &run.Rules[i].Counts, counts[run.Rules[i].Rule.ID]
		c[weightViolation] = max(c[weightViolation], n[audit.Fail]-c[weightDebt]-c[weightBelow])
		c[weightWaived], c[weightOpen] = n[audit.Waived], n[audit.Indeterminate]
		c[weightPass], c[weightIdle] = n[audit.Pass], n[audit.NotApplicable]
	}
	if run.Policy.FailOnRequests {
		for r := range run.Requests() {
			weighAll(run, r.All(), counts)
		}
	}
	return counts
}

func weighAll(run *audit.Run, findings []audit.Finding, counts map[string]*weighed) {
	for i := range findings {
		f := &findings[i]
		counts[f.Rule.Rule.ID][weigh(run, f)]++
	}
}

// acceptance says who accepted a failure, until when, and why.
func acceptance(run *audit.Run, f *audit.Finding) string {
	if d := f.Waiver; d != nil {
		return accepted(d)
	}
	text := "in the baseline"
	if run.Debt != nil && !run.Debt.Until.IsZero() {
		text += ", until " + run.Debt.Until.UTC().Format(time.DateOnly) + " at the latest"
	}
	return text
}

// belowThreshold says why a failure is no violation.
func belowThreshold(run *audit.Run, f *audit.Finding) string {
	return fmt.Sprintf("%s, below the policy's threshold of %s", f.Severity, run.Policy.FailOn)
}

// decisive gives the finding to tell of a token: the worst one that counts, of a token that breaks
// the policy; else the worst one. It is nil if none fails.
func decisive(run *audit.Run, s standing, findings []*audit.Finding) *audit.Finding {
	if s == violates {
		for _, passes := range []func(*audit.Finding) bool{
			func(f *audit.Finding) bool { return weigh(run, f) != weightViolation },
			func(f *audit.Finding) bool { return f.InBaseline },
		} {
			if f := worst(slices.DeleteFunc(slices.Clone(findings), passes)); f != nil {
				return f
			}
		}
	}
	return worst(findings)
}

// accepted says who accepted a finding, until when, and why.
func accepted(d *audit.Decision) string {
	text := fmt.Sprintf("%s (by %s, until %s", d.Reason, d.By, d.Until.UTC().Format(time.DateOnly))
	if d.Ticket != "" {
		text += ", " + d.Ticket
	}
	return safe.Prose(text+")", safe.MostProse)
}
