// SPDX-License-Identifier: Apache-2.0

package audit

import "iter"

// Restored gives a run that was judged earlier, or that is told otherwise: the run's own data with
// these results to range over. Both sequences are by ID, and can be ranged over again.
func Restored(run *Run, results, requests iter.Seq[*Result]) *Run {
	restored := *run
	restored.results, restored.requests = results, requests
	return &restored
}
