// SPDX-License-Identifier: Apache-2.0

package report

import (
	"io"
	"strings"

	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

func writePublicTable(w io.Writer, d *view.Document) error {
	d = nameless(d)
	p := newPage(w, &d.View)
	if !d.Single() {
		writeTotal(p, d)
		p.blank()
	}
	for i, run := range d.Runs {
		if i > 0 {
			p.blank()
		}
		b := &block{page: p, Part: d.Part(run)}
		b.title()
		b.blank()
		b.verdict()
		b.evidence()
		b.since(false)
		b.debt()
		for _, figure := range publicFigures(b.Part) {
			b.say(
				sgrNone,
				strings.ToUpper(figure.label),
				safe.Terminal(strings.Join(figure.parts, ", ")),
				"",
			)
		}
		b.blank()
		b.line(" " + policyText(b.Part))
	}
	p.blank()
	p.say(sgrDim, "WITHHELD", namesWithheld, "")
	return p.w.Flush()
}
