// SPDX-License-Identifier: Apache-2.0

package screen

import (
	"cmp"

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

var severityColors = map[string]string{
	"critical": Alarm, "high": Red, "medium": Yellow, "low": Cyan, "info": Cyan, view.Unknown: Purple,
}

// SeverityColor returns the colour of a severity, or of "unknown"; that of another label is dim.
func SeverityColor(label string) string { return cmp.Or(severityColors[label], Dim) }
