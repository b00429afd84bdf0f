// SPDX-License-Identifier: Apache-2.0

package audit

import "slices"

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
// are those without it. Where each reading fails by another rule, the findings of the milder one
// stand: a token that fails either way is never told to be merely unclear.
func agree(findings, others []Finding, override string) {
	milder := findings
	if worst(others) <= worst(findings) {
		milder = others
	}
	milder = slices.Clone(milder)
	for k := range findings {
		findings[k] = agreed(findings[k], others[k], override)
	}
	floor := worst(milder)
	if worst(findings) >= floor {
		return
	}
	for k := range milder {
		if milder[k].failing() == floor {
			milder[k].Basis = union(milder[k].Basis, findings[k].Basis)
			findings[k] = milder[k]
		}
	}
}

// worst returns the severity of the worst finding that fails; NoSeverity for none.
func worst(findings []Finding) (severity Severity) {
	for i := range findings {
		severity = max(severity, findings[i].failing())
	}
	return severity
}

// agreed returns what two readings of one rule agree on; an Indeterminate if they do not. Two that
// fail agree on that: the milder severity stands, and what either rests on has to be accepted.
func agreed(a, b Finding, override string) Finding {
	missing := a.Missing | b.Missing
	switch {
	case a.Status == Fail && b.Status == Fail:
		basis := union(a.Basis, b.Basis)
		if a.Severity < b.Severity {
			b = a
		}
		b.Basis = basis
	case a.Status != b.Status:
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
	if a.Status == Fail && b.Status == Fail {
		basis := union(a.Basis, b.Basis)
		a.Basis, b.Basis = basis, basis
	}
	if weight(&b) > weight(&a) {
		return b
	}
	return a
}

// union returns the elements of two bases, as a sorted set; the first, if they are equal.
func union(a, b []string) []string {
	if slices.Equal(a, b) {
		return a
	}
	both := slices.Concat(a, b)
	slices.Sort(both)
	return slices.Compact(both)
}
