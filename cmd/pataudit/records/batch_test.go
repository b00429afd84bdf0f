// SPDX-License-Identifier: Apache-2.0

package records

import (
	"context"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/report/view"
)

// TestFreshBatch: a run of the batch stands for one of today for just a day.
func TestFreshBatch(t *testing.T) {
	k := &Keeper{criteria: &audit.Criteria{}, Tool: view.Tool{Name: "pataudit", Version: "v1"}}
	now := time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)
	for age, want := range map[time.Duration]string{
		0: "", 24 * time.Hour: "", 24*time.Hour + 1: "of 2026-11-21",
	} {
		run := &history.Run{
			SavedAt: now.Add(-age), Tool: "pataudit v1",
			Criteria: k.criteria.Digest(),
		}
		if why, err := k.stale(context.Background(), run, now); why != want || err != nil {
			t.Errorf("after %v: %q, %v, want %q", age, why, err, want)
		}
	}
}
