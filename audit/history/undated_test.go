// SPDX-License-Identifier: Apache-2.0

package history

import (
	"testing"
	"time"
)

// TestUndated holds that evidence without a date is of the instant by which it was judged: a run
// compares with none that is of a later one.
func TestUndated(t *testing.T) {
	onBoth(t, func(t *testing.T, at string) {
		s := opened(t, at)
		undated := seen(time.Time{}, token(1))
		undated.Digest = "sha256:undated"
		numbers := map[int]int64{}
		for _, n := range []int{1, 9, 5} {
			e := judgedAsOf(day(n), undated)
			if got := e.Run.Collected(); !got.Equal(day(n)) {
				t.Errorf("collected %v, want %v", got, day(n))
			}
			numbers[n] = saved(t, s, e)
		}
		m := recalled(t, s, day(8))
		if m.LastRun != numbers[5] || len(m.Runs) != 2 || !m.Runs[1].Equal(day(5)) ||
			!m.Trend[0].AsOf.Equal(day(1)) {
			t.Errorf("compares with run %d; runs %v, trend %v; want run %d", m.LastRun, m.Runs,
				m.Trend, numbers[5])
		}
		if m := recalled(t, s, day(1)); m.LastRun != 0 || len(m.Runs) != 0 {
			t.Errorf("compares with run %d, runs %v; nothing is older", m.LastRun, m.Runs)
		}
	})
}
