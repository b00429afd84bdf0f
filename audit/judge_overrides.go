// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"cmp"
	"slices"
)

// choose judges by the first override from the i-th on that matches, else by the policy itself.
// One that looks at the token's name can only tighten, for its owner chooses the name: what fails
// without it fails. If it is not known whether an override matches, both readings count.
func (j *judge) choose(subject *Subject, i int, buf []Finding) []Finding {
	for ; i < len(j.policy.Overrides); i++ {
		override := &j.policy.Overrides[i]
		matched, named := j.conditions[i].match(subject), len(override.When.Names) > 0
		if matched == matchNo {
			continue
		}
		findings := j.askAll(override.Rules, override.Name, subject, buf)
		if matched == matchYes && !named {
			return findings
		}
		others := j.choose(subject, i+1, nil)
		if named {
			for k := range findings {
				findings[k] = stricter(findings[k], others[k])
			}
		}
		if matched == matchUnknown {
			agree(findings, others, override.Name)
		}
		return findings
	}
	return j.askAll(j.policy.Rules, "", subject, buf)
}

// agree turns the findings by an override that perhaps matches into what both readings say; others
// are those without it. Where each reading has a failure that the other has not, or has milder,
// those of the milder one stand: a token that fails either way is never told to be merely unclear.
func agree(findings, others []Finding, override string) {
	both := make([]Finding, len(findings))
	for k := range findings {
		both[k] = agreed(findings[k], others[k], override)
	}
	milder, least := others, excess(others, both)
	if more := excess(findings, both); more < least {
		milder, least = findings, more
	}
	if least > NoSeverity {
		for k := range milder {
			if milder[k].failing() > both[k].failing() {
				both[k] = raised(milder[k], both[k])
			}
		}
	}
	copy(findings, both)
}

// excess returns the severity of the worst failure of one reading of which both readings say less.
func excess(reading, both []Finding) (severity Severity) {
	for k := range reading {
		if failing := reading[k].failing(); failing > both[k].failing() {
			severity = max(severity, failing)
		}
	}
	return severity
}

// raised returns a failure of one reading as the answer, where both readings say less.
func raised(f, both Finding) Finding {
	if both.Status == Fail {
		f.Basis, f.graver, f.ifAccepted = both.Basis, both.graver, both.ifAccepted
	} else {
		f.ifAccepted = &both
	}
	return f
}

// agreed returns what two readings of one rule agree on; an Indeterminate if they do not. Two that
// fail agree on that: the milder severity stands, and what either rests on has to be accepted, at
// the graver severity. Two that do not fail agree on that, too.
func agreed(a, b Finding, override string) Finding {
	missing := a.Missing | b.Missing
	switch {
	case a.Status == Fail && b.Status == Fail:
		both := b
		if a.Severity < b.Severity {
			both = a
		}
		both.Basis, both.graver = union(a.Basis, b.Basis), max(a.ToAccept(), b.ToAccept())
		both.ifAccepted = cmp.Or(a.ifAccepted, b.ifAccepted)
		return both
	case a.Status == Pass && b.Status == NotApplicable:
		return a
	case a.Status != b.Status && !(a.Status == NotApplicable && b.Status == Pass):
		return Finding{
			Rule: b.Rule, Status: Indeterminate, Missing: missing,
			Message: "cannot be judged: it is not known whether the override " + override + " applies",
		}
	}
	b.Missing = missing
	return b
}

// stricter returns the finding that weighs more; a, if they weigh the same. Of two that fail, what
// both rest on has to be accepted.
func stricter(a, b Finding) Finding {
	weight := func(f *Finding) int {
		switch f.Status {
		case Fail, Waived:
			return 10 + int(f.Severity)
		case Indeterminate:
			return 2
		case Pass:
			return 1
		default:
			return 0
		}
	}
	switch {
	case a.Status == Fail && b.Status == Fail:
		a.Basis, a.graver = union(a.Basis, b.Basis), max(a.ToAccept(), b.ToAccept())
		a.ifAccepted = b.ifAccepted
		b.Basis, b.graver = a.Basis, a.graver
	case a.Status == Fail && b.Status == Indeterminate:
		a.ifAccepted = &b
	}
	if weight(&b) > weight(&a) {
		return b
	}
	return a
}

// union returns the elements of two bases, as a sorted set; the first, if they are equal. It is
// empty if one is: that can be accepted by nothing.
func union(a, b []string) []string {
	if slices.Equal(a, b) || len(a) == 0 {
		return a
	}
	if len(b) == 0 {
		return b
	}
	both := slices.Concat(a, b)
	slices.Sort(both)
	return slices.Compact(both)
}
