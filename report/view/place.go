// SPDX-License-Identifier: Apache-2.0

package view

import (
	"cmp"
	"iter"
	"slices"

	"github.com/complytime/pataudit/audit"
)

// PlaceOf returns the place of a token among others, by the findings that are shown of it.
func PlaceOf(run *audit.Run, r *audit.Result, findings []*audit.Finding) Place {
	w := Place{Run: run, Standing: Stand(run, r), Failing: Failures(findings), ID: r.Token.ID}
	if reason := Decisive(run, w.Standing, findings); reason != nil {
		w.Severity = reason.Severity
	}
	return w
}

// WorstFirst ranges over the results of a run that a view shows, with the findings that it shows
// of them, the worst first.
func WorstFirst(run *audit.Run, v *View) iter.Seq2[*audit.Result, []*audit.Finding] {
	return func(yield func(*audit.Result, []*audit.Finding) bool) {
		type placedResult struct {
			Place
			result *audit.Result
		}
		var order []placedResult
		for r := range run.Results() {
			if findings, shown := v.Choose(r); shown {
				order = append(order, placedResult{PlaceOf(run, r, findings), r})
			}
		}
		slices.SortFunc(order, func(a, b placedResult) int {
			return ComparePlaces(a.Place, b.Place)
		})
		for _, p := range order {
			findings, _ := v.Choose(p.result)
			if !yield(p.result, findings) {
				return
			}
		}
	}
}

// MostRows is how many tokens a screen shows one by one, unless more were asked for; MostLogged,
// how many a log does, where nobody has to scroll back: to lay out more takes longer than to judge
// them.
const (
	MostRows   = 12
	MostLogged = 5000
)

// ComparePlaces puts the worst first: what breaks the policy, what could not be judged (it may
// break it), then the rest. Expired grants that break nothing come last.
func ComparePlaces(a, b Place) int {
	return cmp.Or(
		cmp.Compare(Rank(a.Standing), Rank(b.Standing)),
		cmp.Compare(b.Severity, a.Severity),
		cmp.Compare(b.Failing, a.Failing),
		cmp.Compare(a.ID, b.ID),
	)
}

// Failures returns how many of the findings fail.
func Failures(findings []*audit.Finding) (n int) {
	for _, f := range findings {
		if f.Status == audit.Fail {
			n++
		}
	}
	return n
}

// Place is where a token stands among others. It holds no result, so that a run of a million
// tokens can be sorted.
type Place struct {
	Run      *audit.Run
	Standing Standing
	Severity audit.Severity // of the worst failing finding that is shown
	Failing  int
	ID       int64
}

// Label returns how bad the token is: one of [Labels].
func (p Place) Label() string { return LabelOf(p.Run, p.Standing, p.Severity) }

// Standing is where a token stands; each token has exactly one, the first that holds.
type Standing uint8

// The standings, the gravest first.
const (
	Violates  Standing = iota // breaks the policy: fails at or above its threshold, or is overdue
	Open                      // a required rule could not judge it
	Indebted                  // fails at or above the threshold by accepted debt alone
	Expired                   // can no longer act
	Minor                     // fails below the threshold
	Clean                     // has nothing that fails
	Standings                 // how many there are
)

// Stand returns where a token or a request of a run stands.
func Stand(run *audit.Run, r *audit.Result) Standing {
	switch {
	case r.New >= run.Policy.FailOn, run.Policy.FailOnOverdue && Overdue(r) > 0:
		return Violates
	case slices.ContainsFunc(r.Findings, Unjudged):
		return Open
	case r.Severity >= run.Policy.FailOn:
		return Indebted
	case r.Token.Expired:
		return Expired
	case r.Severity > audit.NoSeverity:
		return Minor
	}
	return Clean
}

// Rank orders tokens for people: what breaks the policy, what could not be judged (it may break
// it), the rest, and what can no longer act.
func Rank(s Standing) Standing {
	if s == Expired {
		return Standings
	}
	return min(s, Indebted)
}

// Unjudged reports whether a finding leaves a required question open.
func Unjudged(f *audit.Finding) bool {
	return f.Status == audit.Indeterminate && f.Rule.Required
}

// worst returns the worst failing finding of those that count, the first of equals; nil if none
// does.
func worst(findings []*audit.Finding, counts func(*audit.Finding) bool) *audit.Finding {
	var found *audit.Finding
	for _, f := range findings {
		if f.Status == audit.Fail && (found == nil || f.Severity > found.Severity) && counts(f) {
			found = f
		}
	}
	return found
}
