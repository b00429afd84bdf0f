// SPDX-License-Identifier: Apache-2.0

package show

import (
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/screen"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// writeFinding writes one in full: what, what it rests on, what people accepted of it, and the
// remedy.
func writeFinding(p *screen.Page, run *audit.Run, f *audit.Finding, t *audit.Token) {
	label := f.Severity.String()
	switch {
	case f.Status == audit.Waived:
		label = "waived"
	case f.Status == audit.Indeterminate:
		label = view.Unknown
	case f.InBaseline:
		label = view.DebtLabel
	}
	p.Say(screen.SeverityColor(label), label,
		safe.Terminal(words.Age(run, f)+f.Rule.Rule.ID+": "+f.Message), "")
	add := func(what, text string) {
		if text != "" {
			p.Say(screen.None, "", safe.Terminal(what+": "+text), "")
		}
	}
	add("rests on", strings.Join(f.Basis, ", "))
	for _, note := range words.Notes(f, t) {
		add(note.Label, note.Text)
	}
	if f.Status == audit.Fail {
		add("remedy", f.Rule.Rule.Remedy)
	}
}
