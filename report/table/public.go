// SPDX-License-Identifier: Apache-2.0

package table

import (
	"io"
	"strings"

	"github.com/complytime/pataudit/report/privacy"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/screen"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

func writePublic(w io.Writer, d *view.Document) error {
	d = privacy.Nameless(d)
	p := screen.NewPage(w, &d.View)
	if !d.Single() {
		writeTotal(p, d)
		p.Blank()
	}
	for i, run := range d.Runs {
		if i > 0 {
			p.Blank()
		}
		b := &block{Page: p, Part: d.Part(run)}
		b.title()
		b.Blank()
		b.verdict()
		b.evidence()
		b.since(false)
		b.debt()
		for _, figure := range words.PublicFigures(b.Part) {
			b.Say(
				screen.None,
				strings.ToUpper(figure.Label),
				safe.Terminal(strings.Join(figure.Parts, ", ")),
				"",
			)
		}
		b.Blank()
		b.Line(" " + words.Policy(b.Part))
	}
	p.Blank()
	p.Say(screen.Dim, "WITHHELD", words.NamesWithheld, "")
	return p.Flush()
}
