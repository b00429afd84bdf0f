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

// finding tells one in full: what, what it rests on, what people accepted of it, and the remedy.
func writeFinding(p *screen.Page, f *audit.Finding, t *audit.Token) {
	label := f.Severity.String()
	switch f.Status {
	case audit.Waived:
		label = "waived"
	case audit.Indeterminate:
		label = view.Unknown
	default: // a Fail
	}
	p.Say(screen.SeverityColor(label), label, safe.Terminal(f.Rule.Rule.ID+": "+f.Message), "")
	add := func(what, text string) {
		if text != "" {
			p.Say(screen.None, "", safe.Terminal(what+": "+text), "")
		}
	}
	add("rests on", strings.Join(f.Basis, ", "))
	add("not learned", strings.ReplaceAll(f.Missing.String(), "_", " "))
	if d := f.Waiver; d != nil {
		add("waived", words.Waiver(d, t))
	}
	if d := f.Exceeded; d != nil {
		add("more than was waived", strings.Join(f.More, ", ")+" (waived "+words.Waiver(d, t)+")")
	} else {
		add("more than known debt", strings.Join(f.More, ", "))
	}
	add("known", words.Term(f))
	if f.InBaseline {
		add("baseline", "known debt, which does not count")
	}
	add("judged by the override", f.Override)
	if f.Status == audit.Fail {
		add("remedy", f.Rule.Rule.Remedy)
	}
}
