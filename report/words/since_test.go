// SPDX-License-Identifier: Apache-2.0

package words

import (
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
)

// TestSince holds the line on what changed, in every number.
func TestSince(t *testing.T) {
	for _, c := range []struct {
		since   audit.Since
		overdue int
		want    string
	}{
		{audit.Since{}, 0, "15 Nov: nothing changed"},
		{audit.Since{}, 1, "15 Nov: nothing changed; 1 finding overdue"},
		{audit.Since{Run: 12, New: 1}, 0, "15 Nov (run 12): 1 new token (+)"},
		{
			audit.Since{New: 3, Gone: 1, Widened: 2, Opened: 4, Fixed: 5},
			1,
			"15 Nov: 3 new tokens (+), 1 gone, 2 widened (^); 4 findings opened, 5 closed, 1 overdue",
		},
		{audit.Since{Indebted: 113}, 0, "15 Nov: 113 findings accepted as debt"},
		{audit.Since{Opened: 1, Indebted: 2}, 0, "15 Nov: 1 finding opened, 2 accepted as debt"},
		{
			audit.Since{Narrowed: 1, Renewed: 2, Roles: 1, Waived: 1},
			0,
			"15 Nov: 1 token narrowed, 2 renewed, 1 with an owner in another role; 1 finding waived",
		},
	} {
		run := &audit.Run{AsOf: reporttest.AsOf, Since: &c.since}
		run.Since.AsOf, run.Summary.Overdue = reporttest.AsOf.AddDate(0, 0, -7), c.overdue
		run.Since.Outcome = run.Outcome()
		if got := Since(run, true); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
	last := &audit.Run{
		AsOf:  reporttest.AsOf,
		Since: &audit.Since{AsOf: reporttest.AsOf.AddDate(-1, 0, 0)},
	}
	if got := Since(last, true); !strings.HasPrefix(got, "22 Nov 2025: ") {
		t.Error(got)
	}
	if got := Since(&audit.Run{}, true); got != "" {
		t.Errorf("%q without a history", got)
	}
}
