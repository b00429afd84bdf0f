// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"iter"
	"slices"
)

// Change is a finding about a token that differs between two runs.
type Change struct {
	Old, New *Finding // nil: the rule was not asked, or the token was not there
}

// failing returns a finding's severity if it fails; NoSeverity for none.
func (f *Finding) failing() Severity {
	if f == nil || f.Status != Fail {
		return NoSeverity
	}
	return f.Severity
}

// merged ranges over two runs' results by token ID; one that a run does not have is nil.
func merged(old, new *Run) iter.Seq2[*Result, *Result] {
	return func(yield func(before, after *Result) bool) {
		nextOld, stopOld := iter.Pull(old.Results())
		defer stopOld()
		nextNew, stopNew := iter.Pull(new.Results())
		defer stopNew()
		before, haveOld := nextOld()
		after, haveNew := nextNew()
		for haveOld || haveNew {
			var ok bool
			switch {
			case !haveNew || haveOld && before.Token.ID < after.Token.ID:
				ok = yield(before, nil)
				before, haveOld = nextOld()
			case !haveOld || after.Token.ID < before.Token.ID:
				ok = yield(nil, after)
				after, haveNew = nextNew()
			default:
				ok = yield(before, after)
				before, haveOld = nextOld()
				after, haveNew = nextNew()
			}
			if !ok {
				return
			}
		}
	}
}

// differences lists what differs between some findings of two results about one token, either of
// which may be nil: findings of another status, severity or basis. A rule that does not apply and
// one that was not asked are the same.
func differences(old, new *Result, findings func(*Result) []*Finding) (changes []Change) {
	var before, after []*Finding
	if old != nil {
		before = findings(old)
	}
	if new != nil {
		after = findings(new)
	}
	for i, f := range before {
		c := Change{Old: f, New: findingOf(f.Rule.Rule.ID, after, i)}
		if !same(c.Old, c.New) {
			changes = append(changes, c)
		}
	}
	for i, f := range after {
		if findingOf(f.Rule.Rule.ID, before, i) == nil && !same(nil, f) {
			changes = append(changes, Change{New: f})
		}
	}
	return changes
}

// findingOf returns the finding of a rule; nil if there is none. It is most often the i-th.
func findingOf(rule string, findings []*Finding, i int) *Finding {
	if i < len(findings) && findings[i].Rule.Rule.ID == rule {
		return findings[i]
	}
	for _, f := range findings {
		if f.Rule.Rule.ID == rule {
			return f
		}
	}
	return nil
}

func same(a, b *Finding) bool {
	if a == nil || b == nil {
		return (a == nil || a.Status == NotApplicable) && (b == nil || b.Status == NotApplicable)
	}
	return a.Status == b.Status && a.Severity == b.Severity && a.InBaseline == b.InBaseline &&
		slices.Equal(a.Basis, b.Basis)
}
