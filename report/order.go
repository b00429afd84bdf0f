// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
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

// mostRows is how many tokens a screen shows one by one, unless more were asked for.
const mostRows = 12

// comparePlaces puts the worst first: what breaks the policy, what could not be judged (it may
// break it), then the rest.
func comparePlaces(a, b *place) int {
	return cmp.Or(
		cmp.Compare(rank(a.standing), rank(b.standing)),
		cmp.Compare(b.severity, a.severity),
		cmp.Compare(b.failing, a.failing),
		cmp.Compare(a.id, b.id),
	)
}

func failures(findings []*audit.Finding) (n int) {
	for _, f := range findings {
		if f.Status == audit.Fail {
			n++
		}
	}
	return n
}

// place is where a token stands among others. It holds no result, so that a run of a million
// tokens can be sorted.
type place struct {
	run      *audit.Run
	standing standing
	severity audit.Severity // of the worst failing finding that is shown
	failing  int
	id       int64
}

// label is what the severity column says.
func (p *place) label() string { return labelOf(p.run, p.standing, p.severity) }
