// SPDX-License-Identifier: Apache-2.0

package report

import (
	"io"
	"strings"

	"github.com/complytime/pataudit/report/privacy"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

func writePublicTable(w io.Writer, d *view.Document) error {
	d = privacy.Nameless(d)
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
		for _, figure := range words.PublicFigures(b.Part) {
			b.say(
				sgrNone,
				strings.ToUpper(figure.Label),
				safe.Terminal(strings.Join(figure.Parts, ", ")),
				"",
			)
		}
		b.blank()
		b.line(" " + words.Policy(b.Part))
	}
	p.blank()
	p.say(sgrDim, "WITHHELD", words.NamesWithheld, "")
	return p.w.Flush()
}
