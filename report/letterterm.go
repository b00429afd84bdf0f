// SPDX-License-Identifier: Apache-2.0

package report

import (
	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// What a letter tells by a history: since when the organization knows of something, and until when
// it waits.

// late counts the tokens with a finding that is overdue.
func (l *letterPart) late() (n int) {
	for _, r := range l.breaking {
		n += view.Overdue(r)
	}
	return n
}

// letterTerm says since when a finding is known, and by when it has to be gone.
func letterTerm(f *audit.Finding) string {
	text := words.On("since ", f.FirstSeen)
	if text == "" {
		return ""
	}
	switch text = f.Rule.Rule.ID + " " + text; {
	case f.Overdue:
		text += words.On("; was due by ", f.Due) + ", which is over"
	default:
		text += words.On("; due by ", f.Due)
	}
	return text
}
