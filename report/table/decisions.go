// SPDX-License-Identifier: Apache-2.0

package table

import (
	"fmt"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/screen"
	"github.com/complytime/pataudit/report/words"
)

// decisions writes each decision that needs somebody's eyes: one that does not hold, is not done,
// or was made by the token's own owner.
func (b *block) decisions() {
	_, lines, _ := words.Decisions(b.Run.Decisions)
	for i, d := range lines {
		if i == words.MostDecisions && len(lines) > words.MostDecisions+1 && !b.Doc.View.Verbose {
			b.Say(screen.None, "", fmt.Sprintf("and %d more: sheet Decisions of a workbook, or JSON",
				len(lines)-i), "")
			return
		}
		text := words.Decision(d)
		if !b.Doc.View.Verbose && !b.log() {
			text = safe.Truncate(text, b.Width-screen.LabelWidth)
		}
		b.Say(stateColor(d.State), string(d.State), text, "")
	}
}

func stateColor(s audit.DecisionState) string {
	switch s {
	case audit.DecisionOverdue, audit.DecisionExceeded:
		return screen.Red
	case audit.DecisionExpired, audit.DecisionUnused:
		return screen.Yellow
	default: // settled
		return screen.None
	}
}
