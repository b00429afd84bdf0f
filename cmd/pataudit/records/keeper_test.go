// SPDX-License-Identifier: Apache-2.0

package records

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
)

// TestRecallFreshFails holds that evidence which could not be dated after the stored runs is not
// judged as if there were none.
func TestRecallFreshFails(t *testing.T) {
	ctx := context.Background()
	at, err := history.Parse(filepath.Join(t.TempDir(), "h.db"))
	if err != nil {
		t.Fatal(err)
	}
	store, err := history.Open(ctx, at)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	collected := time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)
	evidence := &audit.Evidence{
		Organization: &audit.Organization{Login: "acme", ID: 7, Host: "github.com"},
		CollectedAt:  collected,
	}
	k := &Keeper{Store: store}
	if _, err := k.RecallFresh(ctx, nil, evidence, audit.Options{}); err == nil {
		t.Error("a history that does not answer was taken for one without runs")
	}
	if !evidence.CollectedAt.Equal(collected) {
		t.Errorf("dated %v all the same", evidence.CollectedAt)
	}
}
