// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"context"

	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/json"
)

// memoryFlags are the flags for where that is which a report remembers of earlier runs.
type memoryFlags struct {
	history records.ReadFlags
	last    string // a snapshot, or noRun; "": the history is at hand
}

// noRun stands in place of a snapshot for a report that compares with no earlier run.
const noRun = "none"

func (f *memoryFlags) register(set *pflag.FlagSet) {
	set.StringVar(&f.history.URL, "history", "", "`url` of the history that the report was judged "+
		"with ("+records.Variable+")")
	f.registerLast(set)
}

func (f *memoryFlags) registerLast(set *pflag.FlagSet) {
	set.StringVar(&f.last, "last", "", "without the history that the report was made with: "+
		"`snapshot` of the run that it compares with, or none; the report is taken at its word for "+
		"what only that history can tell")
}

// recall returns what is remembered from before the part: by a history (nil: none is named), or by
// the report itself, with what is then taken from it as it is.
func (f *memoryFlags) recall(
	ctx context.Context, u *ui.UI, saved *json.Saved, part *json.Part, e *audit.Evidence,
	p *audit.Policy, o audit.Options, store *history.Store,
) (*audit.Memory, *audit.Since, error) {
	switch {
	case f.last != "":
		return f.fromReport(u, saved, part, e, p, o)
	case store == nil && part.Remembered():
		return nil, nil, ui.Usagef("the report says what changed since earlier runs, and " +
			"since when findings stand: name the history that remembers them with --history; or, to take " +
			"its word for that, the snapshot of the run that it compares with, with --last (none: it " +
			"compares with none)")
	}
	o, err := (&records.Keeper{Store: store}).Recall(ctx, p, e, o)
	if err != nil {
		return nil, nil, ui.Failed(err)
	}
	return o.Memory, nil, nil
}
