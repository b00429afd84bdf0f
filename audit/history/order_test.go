// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
)

// TestAfter holds that evidence that was just collected knows of all runs that were saved before,
// however many there are in one second of GitHub's clock, and that it stays within that second.
func TestAfter(t *testing.T) {
	t.Parallel()
	ctx, s := context.Background(), emptied(t)
	other := &audit.Organization{Login: "Other", ID: 8, Host: "github.com"}
	rapid.Check(t, func(t *rapid.T) {
		s.empty(t)
		second := 0
		for n := range rapid.IntRange(1, 6).Draw(t, "runs") {
			second += rapid.IntRange(0, 2).Draw(t, "later")
			clock := noon.Add(time.Duration(second) * time.Second)
			at, err := s.After(ctx, acme(), clock)
			if err != nil {
				t.Fatal(err)
			}
			if at.Before(clock) || !at.Truncate(time.Second).Equal(clock) {
				t.Fatalf("%v by a clock that shows %v", at, clock)
			}
			memory, err := s.Recall(ctx, acme(), nil, 0, at)
			if err != nil {
				t.Fatal(err)
			}
			if memory.LastRun != int64(n) {
				t.Fatalf("run %d compares with run %d", n+1, memory.LastRun)
			}
			if _, _, err := s.Save(ctx, present, judged(seen(at, token(1)))); err != nil {
				t.Fatal(err)
			}
			if at, err := s.After(ctx, other, clock); err != nil || !at.Equal(clock) {
				t.Fatalf("another organization: %v, %v", at, err)
			}
		}
	})
}
