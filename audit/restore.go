// SPDX-License-Identifier: Apache-2.0

package audit

import "iter"

// Restored returns a run that was judged earlier, or that is told otherwise: the run's own data
// with these results, by ID.
func Restored(run *Run, results, requests []*Result) *Run {
	restored := *run
	restored.results, restored.requests = results, requests
	return &restored
}

// Streamed returns such a run that holds no results: they are made whenever they are ranged over,
// by ID. It has no requests.
func Streamed(run *Run, results iter.Seq[*Result]) *Run {
	streamed := *run
	streamed.results, streamed.requests, streamed.stream = nil, nil, results
	return &streamed
}
