// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
)

// TestPruneAhead holds that the check of a history says how to take a run back that is of a time to
// come, and that this does it.
func TestPruneAhead(t *testing.T) {
	at := filepath.Join(t.TempDir(), "history.db")
	location, err := history.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	store, err := history.Open(t.Context(), location)
	if err != nil {
		t.Fatal(err)
	}
	for _, date := range []time.Time{
		time.Now().Add(-time.Hour), time.Date(2199, 1, 1, 0, 0, 0, 0, time.UTC),
	} {
		if _, _, err := store.Save(t.Context(), date, &history.Entry{
			Run: &audit.Run{
				Organization: &audit.Organization{Login: "acme", ID: 7, Host: "github.com"},
				CollectedAt:  date, AsOf: date, Complete: true,
			},
			Criteria: &audit.Criteria{},
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	tell := func(code int, want, line string) {
		t.Helper()
		var out bytes.Buffer
		got := run(t.Context(), strings.Fields("pataudit history "+line+" --history "+at), time.Now,
			strings.NewReader(""), &out, &out)
		if got != code || !strings.Contains(out.String(), want) {
			t.Errorf("%s: exit code %d, want %d: %s", line, got, code, &out)
		}
	}
	tell(4, "a clock is wrong; pataudit history prune --run 2 takes the run back", "check")
	tell(0, "run 2 deleted, and what it told taken back", "prune --run 2 --yes")
	tell(0, "ok    acme: last complete run 1", "check")
}
