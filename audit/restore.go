// SPDX-License-Identifier: Apache-2.0

package audit

// Restored returns a run that was judged earlier, or that is told otherwise: the run's own data
// with these results, by ID.
func Restored(run *Run, results, requests []*Result) *Run {
	restored := *run
	restored.results, restored.requests = results, requests
	return &restored
}
