// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"iter"
	"slices"
)

// Change is a finding about a token that differs between two runs.
type Change struct {
	Token       *Token   // as the newer run has it; as the older one, if it is gone
	Old, New    *Finding // nil: the rule was not asked, or the token was not there
	OldSeverity Severity // of the token's worst failing finding before
	NewSeverity Severity // and after
}

// Worse reports whether the change is for the worse: a finding that fails now and did not, or
// fails more severely.
func (c *Change) Worse() bool { return c.New.failing() > c.Old.failing() }

// Better reports the opposite.
func (c *Change) Better() bool { return c.New.failing() < c.Old.failing() }

// failing is a finding's severity if it fails; NoSeverity for none.
func (f *Finding) failing() Severity {
	if f == nil || f.Status != Fail {
		return NoSeverity
	}
	return f.Severity
}

// Compare ranges over the findings that differ between two runs, by token: in status, severity or
// basis. A rule that does not apply and one that was not asked are the same.
func Compare(old, new *Run) iter.Seq[Change] {
	return func(yield func(Change) bool) {
		for before, after := range merged(old, new) {
			if !differences(before, after, yield) {
				return
			}
		}
	}
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

// differences yields what differs between two results about one token, either of which may be nil.
func differences(old, new *Result, yield func(Change) bool) bool {
	change := Change{}
	var before, after []Finding
	if old != nil {
		change.Token, change.OldSeverity, before = old.Token, old.Severity, old.Findings
	}
	if new != nil {
		change.Token, change.NewSeverity, after = new.Token, new.Severity, new.Findings
	}
	for i := range before {
		change.Old, change.New = &before[i], about(before[i].Rule.Rule.ID, after, i)
		if !same(change.Old, change.New) && !yield(change) {
			return false
		}
	}
	change.Old = nil
	for i := range after {
		if about(after[i].Rule.Rule.ID, before, i) == nil {
			change.New = &after[i]
			if !same(nil, change.New) && !yield(change) {
				return false
			}
		}
	}
	return true
}

// about gives the finding of a rule; nil if there is none. It is most often the i-th.
func about(rule string, findings []Finding, i int) *Finding {
	if i < len(findings) && findings[i].Rule.Rule.ID == rule {
		return &findings[i]
	}
	for i := range findings {
		if findings[i].Rule.Rule.ID == rule {
			return &findings[i]
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
