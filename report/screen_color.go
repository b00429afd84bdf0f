// SPDX-License-Identifier: Apache-2.0

package report

import (
	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
)

// verdictColor is green for nothing but a verdict that holds by itself.
func verdictColor(run *audit.Run) string {
	switch o := run.Outcome(); {
	case o == audit.Violations, o == audit.ViolationsIncomplete:
		return sgrAlarm
	case o == audit.Clean && !view.ByDebt(run):
		return sgrGreen
	}
	return sgrYellow
}
