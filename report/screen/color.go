// SPDX-License-Identifier: Apache-2.0

package screen

import (
	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
)

// The colours, as SGR parameters.
const (
	None   = ""
	Bold   = "1"
	Dim    = "2"
	Red    = "31"
	Green  = "32"
	Yellow = "33"
	Purple = "35"
	Cyan   = "36"
	Alarm  = "1;31"
)

// VerdictColor returns the colour of a verdict: green for nothing but a verdict that holds by
// itself.
func VerdictColor(run *audit.Run) string {
	switch o := run.Outcome(); {
	case o.Violated():
		return Alarm
	case o == audit.Clean && !view.ByDebt(run):
		return Green
	}
	return Yellow
}

// SeverityColor returns the colour of a severity, or of "unknown".
func SeverityColor(label string) string {
	switch label {
	case "critical":
		return Alarm
	case "high":
		return Red
	case "medium":
		return Yellow
	case "unknown":
		return Purple
	case "low", "info":
		return Cyan
	}
	return Dim
}
