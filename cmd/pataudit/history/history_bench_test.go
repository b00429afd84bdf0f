// SPDX-License-Identifier: Apache-2.0

package history

import (
	"fmt"
	"io"
	"path/filepath"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/records"
)

// BenchmarkTrend reads and writes the trend of a year of daily runs of 1,000 tokens.
func BenchmarkTrend(b *testing.B) {
	const runs, tokens = 365, 1000
	ctx := b.Context()
	at, err := history.Parse(filepath.Join(b.TempDir(), "pataudit.db"))
	if err != nil {
		b.Fatal(err)
	}
	store, err := history.Open(ctx, at)
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := store.Close(); err != nil {
			b.Error(err)
		}
	}()
	p, err := flags.LoadPolicy("")
	if err != nil {
		b.Fatal(err)
	}
	empty, err := history.NewDocument(func(w io.Writer) error {
		_, err := io.WriteString(w, "{}")
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	start := time.Date(2025, 1, 1, 6, 0, 0, 0, time.UTC)
	for n := range runs {
		e := &audit.Evidence{
			Organization: &audit.Organization{Login: "acme", ID: 7, Host: "github.com"},
			CollectedAt:  start.AddDate(0, 0, n), Digest: fmt.Sprintf("sha256:%d", n),
		}
		owner := &audit.Member{ID: 5, Login: "octocat"}
		for id := range int64(tokens) {
			e.Tokens = append(e.Tokens, &audit.Token{
				ID: id + 1, TokenID: id + 1, Name: "token", Owner: owner, Known: audit.FactOwner,
			})
		}
		if _, _, err := store.Save(ctx, start.AddDate(1, 0, 0), &history.Entry{
			Run: audit.Evaluate(e, p, audit.Options{}), Tool: "test", Criteria: &audit.Criteria{},
			Report: empty, Snapshot: empty,
		}); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		var f records.ReadFlags
		found, err := f.Runs(ctx, store, history.Query{Organization: "acme"})
		if err == nil {
			err = writeTrend(io.Discard, found, records.AsTable)
		}
		if err != nil || len(found) != runs {
			b.Fatalf("%d runs: %v", len(found), err)
		}
	}
}
