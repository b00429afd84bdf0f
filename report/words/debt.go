// SPDX-License-Identifier: Apache-2.0

package words

import (
	"fmt"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// What is left of a baseline. It does not count, and is not nothing: a verdict that holds by it
// says so.

// Debt returns what became of a baseline, whose figures are those of the run.
func Debt(d *audit.DebtCount, f *view.Figures) string {
	text := fmt.Sprintf("%s accepted, %d left", safe.Plural(d.Accepted, "finding"), d.Left)
	if d.Left > 0 {
		text += view.On(" until ", d.Until)
	}
	if n := view.Sum(f.Debts); n > 0 && n == d.Left { // else the report holds a part of them
		text += " (" + view.BySeverity(f.Debts[:], audit.Info) + ")"
	}
	ended := "past " + safe.Form(d.Ended, "its", "their") + " last day, which counts"
	return safe.Join(", ", text, safe.Counted(d.Worse, "worse, which counts"),
		safe.Counted(d.Ended, ended), safe.Counted(d.Waived, "waived"),
		safe.Counted(d.Unseen(), "not judged"), safe.Counted(d.Gone, "gone"))
}
