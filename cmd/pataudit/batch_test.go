// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
)

// TestFreshBatch: a run of the batch stands for one of today for just a day.
func TestFreshBatch(t *testing.T) {
	k := &keeper{criteria: &audit.Criteria{}}
	tool := thisTool()
	now := time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)
	for age, want := range map[time.Duration]string{
		0: "", 24 * time.Hour: "", 24*time.Hour + 1: "of 2026-11-21",
	} {
		run := &history.Run{
			SavedAt: now.Add(-age), Tool: tool.Name + " " + tool.Version,
			Criteria: k.criteria.Digest(),
		}
		if why, err := k.stale(context.Background(), run, now); why != want || err != nil {
			t.Errorf("after %v: %q, %v, want %q", age, why, err, want)
		}
	}
}
