// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"context"
	"errors"
	"fmt"

	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/audit/snapshot"
	"github.com/complytime/pataudit/cmd/pataudit/records"
)

// JudgeAgain judges the evidence of a run again by what the history has of it, and returns how its
// report differs; "" if it does not. What rests on a person who was taken out, or on a run that
// was pruned, cannot be judged again: skipped is why.
func JudgeAgain(
	ctx context.Context, store *history.Store, run *history.Run, version string,
) (what, skipped string, err error) {
	if run.Rewritten {
		return "", "a person was taken out of it", nil
	}
	saved, err := records.Report(ctx, store, run.Number)
	if err != nil {
		return "", "", err
	}
	if saved.Unknown != "" {
		return unknownKey("its report", saved, version).Error(), "", nil
	}
	document, err := store.Snapshot(ctx, run.Number)
	if err != nil {
		return "", "", err
	}
	part := saved.Parts[0]
	j, err := (&Verification{}).storedJudging(ctx, store, run, part)
	switch {
	case errors.Is(err, history.ErrNotFound):
		return "", "the run with which it compares is gone", nil
	case err != nil:
		return fmt.Sprintf("it cannot be judged again: %v", err), "", ctx.Err()
	case j == nil:
		return "its report names another policy than the one that is kept", "", nil
	}
	evidence, err := records.Open(document, "its evidence", snapshot.Open)
	if err != nil {
		return err.Error(), "", nil //nolint:nilerr // that is what is wrong with it
	}
	if evidence.Digest == run.SnapshotDigest {
		evidence.Digest = run.EvidenceDigest // of the file that it was read from
	}
	_, differences, err := j.differences(saved, part, evidence)
	if m := j.options.Memory; m != nil && m.LastError != nil {
		return fmt.Sprintf("it cannot be judged again: %v", m.LastError), "", ctx.Err()
	}
	if err != nil || len(differences) == 0 {
		return "", "", err
	}
	words := "its report is not what its evidence says: "
	if part.Tool().Version != version {
		words = fmt.Sprintf("its report, by %s %s, is not what its evidence says to this version: ",
			part.Tool().Name, part.Tool().Version)
	}
	return words + differences[0].String() + fmt.Sprintf(" (places that differ: %d)",
		len(differences)), "", nil
}
