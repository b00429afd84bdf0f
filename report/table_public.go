// SPDX-License-Identifier: Apache-2.0

package report

import (
	"io"
	"strings"

	"github.com/complytime/pataudit/report/safe"
)

func writePublicTable(w io.Writer, d *Document) error {
	d = d.nameless()
	p := newPage(w, &d.View)
	if !d.single() {
		p.total(d)
		p.blank()
	}
	for i, run := range d.Runs {
		if i > 0 {
			p.blank()
		}
		b := &block{page: p, run: run, doc: d, figures: count(run)}
		b.title()
		b.blank()
		b.verdict()
		b.evidence()
		b.since(false)
		b.debt()
		for _, figure := range b.publicFigures() {
			b.say(
				sgrNone,
				strings.ToUpper(figure.label),
				safe.Terminal(strings.Join(figure.parts, ", ")),
				"",
			)
		}
		b.blank()
		b.line(" " + b.policyText())
	}
	p.blank()
	p.say(sgrDim, "WITHHELD", namesWithheld, "")
	return p.w.Flush()
}
