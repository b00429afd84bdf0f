// SPDX-License-Identifier: Apache-2.0

package report

import (
	"maps"
	"slices"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
)

// unsaved is how the formats for people say that a run is not in the history.
const unsaved = "this run by the history, which could not save it"

// Unsaved returns the document as a format tells it that the history could not save some of its
// runs: lost are their places. JSON has a key for that, so that the report can be verified, and
// added to the history later; all others say it where they say what was not seen.
func Unsaved(d *view.Document, f *view.Format, lost []int) *view.Document {
	told := *d
	told.Runs = slices.Clone(d.Runs)
	told.Unsaved = map[*audit.Run]bool{}
	told.View.Hints = maps.Clone(d.View.Hints)
	for _, i := range lost {
		with := *d.Runs[i]
		if f.Name != JSON.Name {
			with.NotSeen = append([]string{unsaved}, with.NotSeen...)
		}
		told.Runs[i], told.Unsaved[&with] = &with, true
		if hints, has := d.View.Hints[d.Runs[i]]; has {
			told.View.Hints[&with] = hints
		}
	}
	return &told
}
