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
