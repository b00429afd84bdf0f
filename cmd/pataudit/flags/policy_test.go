// SPDX-License-Identifier: Apache-2.0

package flags

import (
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
)

// TestFromTheFuture: a decision may be dated ahead by a day, for time zones, and no more.
func TestFromTheFuture(t *testing.T) {
	now := time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)
	for ahead, refused := range map[time.Duration]bool{
		0: false, 24 * time.Hour: false, 24*time.Hour + 1: true,
	} {
		decisions := []*audit.Decision{{On: now}, {On: now.Add(ahead)}}
		if err := fromTheFuture("d.yaml", decisions, now); (err != nil) != refused {
			t.Errorf("%v ahead: %v", ahead, err)
		}
	}
}
