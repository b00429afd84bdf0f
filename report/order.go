// SPDX-License-Identifier: Apache-2.0

package report

import (
	"iter"
	"slices"

	"github.com/complytime/pataudit/audit"
)

// placed is the row of a token as far as its place among others goes.
func placed(run *audit.Run, r *audit.Result, findings []*audit.Finding) *row {
	w := &row{run: run, standing: stand(run, r), failing: failures(findings), id: r.Token.ID}
	if reason := decisive(run, w.standing, findings); reason != nil {
		w.severity = reason.Severity
	}
	return w
}

// worstFirst ranges over the results of a run that a view shows, with the findings that it shows
// of them, the worst first.
func worstFirst(run *audit.Run, v *View) iter.Seq2[*audit.Result, []*audit.Finding] {
	return func(yield func(*audit.Result, []*audit.Finding) bool) {
		type place struct {
			*row
			result *audit.Result
		}
		var order []place
		for r := range run.Results() {
			if findings, shown := v.choose(r); shown {
				order = append(order, place{placed(run, r, findings), r})
			}
		}
		slices.SortFunc(order, func(a, b place) int { return compareRows(a.row, b.row) })
		for _, p := range order {
			findings, _ := v.choose(p.result)
			if !yield(p.result, findings) {
				return
			}
		}
	}
}
