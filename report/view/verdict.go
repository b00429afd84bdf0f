// SPDX-License-Identifier: Apache-2.0

package view

import (
	"fmt"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
)

// The verdict, in words and as an exit code.

// Headline returns the verdict in one sentence, without what is missing of the evidence. What
// fails the run stands before what does not.
func Headline(run *audit.Run, f *Figures) string {
	s := &run.Summary
	claims, late, requests, part := contradictedClaims(run), lateFindings(run, f), "", ""
	if n := s.RequestsViolating; n > 0 && run.Policy.FailOnRequests {
		requests = fmt.Sprintf("%s %s the policy", safe.Plural(n, "pending request"), Breaks(n))
	}
	if f.Partial(run) {
		part = f.PartText(run)
	}
	switch tokens := violations(run, f); {
	case s.Violating > 0:
		return safe.Join("; ", tokens, claims, late, requests, part)
	case late != "":
		return safe.Join("; ", claims, late, requests, part)
	default:
		return safe.Join("; ", requests, claims, tokens, part)
	}
}

// contradictedClaims returns which claims about the organization's own settings are contradicted:
// `the claim "approval: required" is contradicted`.
func contradictedClaims(run *audit.Run) string {
	var claims []string
	for i := range run.Settings {
		if s := &run.Settings[i]; s.State == audit.SettingContradicted {
			claims = append(claims, fmt.Sprintf("%q", s.Claim()))
		}
	}
	text, n := safe.List(claims, "and"), len(claims)
	return safe.Around(safe.Form(n, "the claim ", "the claims "), text,
		safe.Form(n, " is contradicted", " are contradicted"))
}

// lateFindings returns how many findings are overdue, where that breaks the policy: "14 findings
// of 12 tokens are overdue (1 critical, 13 low)".
func lateFindings(run *audit.Run, f *Figures) string {
	n := run.Summary.Overdue
	if n == 0 || !run.Policy.FailOnOverdue {
		return ""
	}
	be := safe.Form(n, " is overdue", " are overdue")
	if len(f.Overdue) < n {
		return safe.Plural(n, "finding") + be // not all of them are in this report
	}
	var counts [audit.Critical + 1]int
	tokens := map[*audit.Token]bool{}
	for _, l := range f.Overdue {
		counts[l.severity]++
		tokens[l.Token] = true
	}
	return fmt.Sprintf("%s of %s%s (%s)", safe.Plural(n, "finding"),
		safe.Plural(len(tokens), "token"), be, BySeverity(counts[:], audit.Info))
}

// violations returns how many tokens break the policy, or would without the baseline.
func violations(run *audit.Run, f *Figures) string {
	s := &run.Summary
	if s.Violating == 0 {
		in := fmt.Sprintf("at or above %s in %s", run.Policy.FailOn, safe.Plural(s.Tokens, "token"))
		debt := withoutBaseline(run)
		switch {
		case debt == "":
			return "nothing " + in
		case ByDebt(run):
			return debt
		}
		return "nothing new " + in + "; " + debt
	}
	of := fmt.Sprintf("%d of %s", s.Violating, safe.Plural(s.Active, "active token"))
	if f.inactive > 0 || f.Partial(run) {
		of = fmt.Sprintf("%d of %s", s.Violating, safe.Plural(s.Tokens, "token"))
	}
	of += " " + Breaks(s.Violating) + " the policy"
	if f.Partial(run) {
		return of
	}
	return of + ": " + BySeverity(f.Violates[:], run.Policy.FailOn)
}

// Breaks returns the verb that agrees with a count: "breaks" or "break".
func Breaks(n int) string {
	return safe.Form(n, "breaks", "break")
}

// ByDebt reports whether a run is clean of what is new alone: its baseline is why no token, and no
// request that counts, breaks the policy.
func ByDebt(run *audit.Run) bool {
	return run.Outcome() == audit.Clean && withoutBaseline(run) != ""
}

// VerdictText returns a run's verdict in capitals.
func VerdictText(run *audit.Run) string {
	if ByDebt(run) {
		return CleanOfNew
	}
	return VerdictWords(run.Outcome())
}

// CleanOfNew is the verdict in place of CLEAN where a baseline is why nothing breaks the policy.
const CleanOfNew = "CLEAN OF NEW"

// Verdict returns the document's verdict in capitals.
func (d *Document) Verdict() string {
	if d.Owing() {
		return CleanOfNew
	}
	return VerdictWords(d.Outcome())
}

// Owing reports whether the document is clean, and one of its runs of what is new alone.
func (d *Document) Owing() bool {
	if d.Outcome() != audit.Clean {
		return false
	}
	for _, run := range d.Runs {
		if ByDebt(run) {
			return true
		}
	}
	return false
}

// ExitCode returns the exit code that an outcome stands for.
func ExitCode(o audit.Outcome) int {
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

// Outcome returns the verdict over the document: violations if one run has them, complete if all
// were audited and all are.
func (d *Document) Outcome() audit.Outcome {
	violated := false
	complete := len(d.Runs) > 0 && len(d.Failed) == 0
	for _, run := range d.Runs {
		violated = violated || run.Outcome().Violated()
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

// VerdictWords returns an outcome in capitals.
func VerdictWords(o audit.Outcome) string {
	words := strings.ToUpper(strings.ReplaceAll(o.String(), "_", ", "))
	if o == audit.Incomplete {
		words += ", cannot say clean"
	}
	return words
}

// withoutBaseline returns what would break the policy without the baseline, of a run whose tokens
// do not; "" if nothing would.
func withoutBaseline(run *audit.Run) string {
	if run.Debt == nil || run.Summary.Violating > 0 {
		return ""
	}
	tokens, requests := Sum(run.Summary.IndebtedBy), 0
	if run.Policy.FailOnRequests {
		for r := range run.Requests() {
			if r.Severity >= run.Policy.FailOn && r.New < run.Policy.FailOn {
				requests++
			}
		}
	}
	if tokens+requests == 0 {
		return ""
	}
	text := safe.Join(" and ", safe.Counted(tokens, safe.Noun(tokens, "token")),
		safe.Counted(requests, safe.Noun(requests, "pending request")))
	text += safe.Form(tokens+requests, " carries", " carry") + " accepted debt"
	text += safe.Around(" (", BySeverity(run.Summary.IndebtedBy[:], audit.Info), ")")
	return text + On(" until ", run.Debt.Until)
}
