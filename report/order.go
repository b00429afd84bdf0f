// SPDX-License-Identifier: Apache-2.0

package report

import (
	"iter"
	"slices"

	"github.com/complytime/pataudit/audit"
)

// placed returns the place of a token among others, by the findings that are shown of it.
func placed(run *audit.Run, r *audit.Result, findings []*audit.Finding) *place {
	w := &place{run: run, standing: stand(run, r), failing: failures(findings), id: r.Token.ID}
	if reason := decisive(run, w.standing, findings); reason != nil {
		w.severity = reason.Severity
	}
	return w
}

// worstFirst ranges over the results of a run that a view shows, with the findings that it shows
// of them, the worst first.
func worstFirst(run *audit.Run, v *View) iter.Seq2[*audit.Result, []*audit.Finding] {
	return func(yield func(*audit.Result, []*audit.Finding) bool) {
		type placedResult struct {
			*place
			result *audit.Result
		}
		var order []placedResult
		for r := range run.Results() {
			if findings, shown := v.choose(r); shown {
				order = append(order, placedResult{placed(run, r, findings), r})
			}
		}
		slices.SortFunc(order, func(a, b placedResult) int {
			return comparePlaces(a.place, b.place)
		})
		for _, p := range order {
			findings, _ := v.choose(p.result)
			if !yield(p.result, findings) {
				return
			}
		}
	}
}
