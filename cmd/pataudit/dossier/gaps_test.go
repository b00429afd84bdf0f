// SPDX-License-Identifier: Apache-2.0

package dossier

import (
	"testing"
	"time"

	"github.com/complytime/pataudit/audit/history"
)

// TestGaps holds that gaps are between the times at which evidence was collected, in their order,
// whenever it was judged.
func TestGaps(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 3, n, 0, 0, 0, 0, time.UTC) }
	run := func(number int64, collected, asOf int, complete bool) history.Run {
		return history.Run{
			Number: number, CollectedAt: day(collected), AsOf: day(asOf), Complete: complete,
		}
	}
	d := &dossier{from: day(1), to: day(29), expected: 7 * 24 * time.Hour, runs: []history.Run{
		run(1, 1, 1, true), run(2, 12, 13, false), run(3, 15, 15, true), run(4, 22, 22, true),
		run(5, 8, 27, true), run(6, 1, 28, true),
	}}
	if gaps := d.findGaps(); gaps != nil {
		t.Errorf("gaps where there are none: %+v", gaps)
	}
	d.runs = d.runs[:4]
	gaps := d.findGaps()
	if len(gaps) != 1 || !gaps[0].from.Equal(day(1)) || !gaps[0].to.Equal(day(15)) ||
		d.within(gaps[0]) != "run 2 was incomplete ()" {
		t.Errorf("%+v", gaps)
	}
	d.expected, d.to = 14*24*time.Hour-time.Hour, day(22)
	if gaps := d.findGaps(); gaps != nil {
		t.Errorf("an hour late is within the tenth that a run may be late: %+v", gaps)
	}
}
