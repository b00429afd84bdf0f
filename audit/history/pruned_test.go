// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"database/sql"
	"maps"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
)

// TestPrunedNoneYounger holds that in a history that is pruned now and then nothing fails since
// later than in one that never is, whatever runs are saved, and in which order: but for tokens
// that had gone when it was pruned, or of which something was over.
func TestPrunedNoneYounger(t *testing.T) {
	t.Parallel()
	ctx, pruned, whole := context.Background(), emptied(t), emptied(t)
	rapid.Check(t, func(t *rapid.T) {
		pruned.empty(t)
		whole.empty(t)
		forgotten := map[int64]bool{} // tokens, by the last digit of their grants
		for range rapid.IntRange(2, 8).Draw(t, "runs") {
			entry := drawnRun(t, rapid.IntRange(0, 12).Draw(t, "day"))
			for _, s := range []*Store{pruned, whole} {
				if _, _, err := s.Save(ctx, present, entry); err != nil {
					t.Fatal(err)
				}
			}
			if before := rapid.IntRange(0, 30).Draw(t, "prune"); before < 14 {
				if err := each(ctx, pruned.db, func(rows *sql.Rows) error {
					var grant int64
					err := rows.Scan(&grant)
					forgotten[grant%10] = true
					return err
				}, `SELECT id FROM pataudit_tokens WHERE gone_run <> 0 AND gone_at < $1
					UNION SELECT token FROM pataudit_findings WHERE closed_run <> 0 AND closed_at < $1`,
					micros(day(before))); err != nil {
					t.Fatal(err)
				}
				if _, err := pruned.Prune(ctx, day(before)); err != nil {
					t.Fatal(err)
				}
			}
			asks := rapid.SampledFrom(modelAsks[1:]).Draw(t, "recalled by who asks")
			want := recalledBy(t, whole, asks, time.Time{})
			maps.DeleteFunc(want.Tokens, func(grant int64, _ *audit.Past) bool {
				return forgotten[grant%10]
			})
			noneYounger(t, want, recalledBy(t, pruned, asks, time.Time{}))
		}
	})
}
