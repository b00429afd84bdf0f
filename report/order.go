// SPDX-License-Identifier: Apache-2.0

package report

import (
	"iter"
	"slices"

	"github.com/complytime/pataudit/audit"
)

// placed is the row of a token as far as its place among others goes.
func placed(run *audit.Run, r *audit.Result, findings []*audit.Finding) *row {
	w := &row{standing: stand(run, r), failing: failures(findings), id: r.Token.ID}
	if reason := decisive(run, w.standing, findings); reason != nil {
		w.severity = reason.Severity
	}
	return w
}

// How many results are at hand at once, and how often a run is judged for them: what saves memory
// costs time.
const (
	leastAtHand = 10_000
	mostPasses  = 16
)

// worstFirst ranges over the results of a run that a view shows, with the findings that it shows
// of them, the worst first. The run is judged again for each part of them, so that few results
// are kept at once.
func worstFirst(run *audit.Run, v *View) iter.Seq2[*audit.Result, []*audit.Finding] {
	return func(yield func(*audit.Result, []*audit.Finding) bool) {
		var order []*row
		for r := range run.Results() {
			if findings, shown := v.choose(r); shown {
				order = append(order, placed(run, r, findings))
			}
		}
		slices.SortFunc(order, compareRows)
		for part := range slices.Chunk(order, max(leastAtHand, len(order)/mostPasses)) {
			for _, r := range resultsAt(run, part) {
				if findings, _ := v.choose(r); !yield(r, findings) {
					return
				}
			}
		}
	}
}

// resultsAt gives the results of some places, in their order.
func resultsAt(run *audit.Run, places []*row) []*audit.Result {
	at := make(map[int64]int, len(places))
	for i, p := range places {
		at[p.id] = i
	}
	results := make([]*audit.Result, len(places))
	for r := range run.Results() {
		if i, wanted := at[r.Token.ID]; wanted {
			results[i] = r
		}
	}
	return results
}
