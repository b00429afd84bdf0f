// SPDX-License-Identifier: Apache-2.0

package report

import (
	"iter"
	"slices"

	"github.com/complytime/pataudit/audit"
)

// worstFirst ranges over the results of a run, the worst first. The run is judged again for each
// rank and severity that it has, so that no result is kept.
func worstFirst(run *audit.Run, f *figures) iter.Seq[*audit.Result] {
	return func(yield func(*audit.Result) bool) {
		for of, counts := range f.ranks {
			for severity, n := range slices.Backward(counts[:]) {
				if n > 0 && !ofRank(run, standing(of), audit.Severity(severity), n, yield) {
					return
				}
			}
		}
	}
}

// ofRank yields the n results of a rank and a severity; it reports whether more are wanted.
func ofRank(
	run *audit.Run, of standing, severity audit.Severity, n int, yield func(*audit.Result) bool,
) bool {
	for r := range run.Results() {
		if r.Severity != severity || rank(stand(run, r)) != of {
			continue
		}
		if !yield(r) {
			return false
		}
		if n--; n == 0 {
			break
		}
	}
	return true
}
