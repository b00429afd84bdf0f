// SPDX-License-Identifier: Apache-2.0

package records

import (
	"context"
	"fmt"

	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/safe"
)

// CheckSound refuses a history of which a run or an organization is no longer as it was saved, and
// prints each run that is missing.
func CheckSound(ctx context.Context, u *ui.UI, store *history.Store) error {
	at := store.Location()
	problems, err := store.Check(ctx, false)
	if err != nil {
		return err
	}
	var changed []history.Problem
	for _, p := range problems {
		if p.Missing() {
			u.Errorf("history %s: %s", at, ProblemWords(p))
			continue
		}
		changed = append(changed, p)
	}
	if len(changed) == 0 {
		return nil
	}
	remedy := fmt.Sprintf("`pataudit history prune --run %d` takes it out", changed[0].Run)
	if changed[0].Organization != "" {
		remedy = "the way out is a copy of the history from before"
	}
	return fmt.Errorf("history %s: %s (%s): nothing is judged with it; "+
		"`pataudit history check` tells all, and %s", at, ProblemWords(changed[0]),
		safe.Plural(len(changed), "problem"), remedy)
}

// WarnMissing warns of runs that are missing.
func WarnMissing(ctx context.Context, u *ui.UI, store *history.Store) error {
	missing, err := store.Missing(ctx)
	for _, p := range missing {
		u.Warnf("%s", ProblemWords(p))
	}
	return err
}

// ProblemWords returns what is wrong in a history.
func ProblemWords(p history.Problem) string {
	switch {
	case p.Organization != "":
		return p.Organization + ": " + p.What
	case p.Missing() && p.Last != 0:
		return fmt.Sprintf("runs %d to %d are missing: they were saved, and not pruned", p.Run, p.Last)
	case p.Missing():
		return fmt.Sprintf("run %d is missing: it was saved, and not pruned", p.Run)
	}
	return fmt.Sprintf("run %d: %s", p.Run, p.What)
}
