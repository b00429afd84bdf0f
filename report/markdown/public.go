// SPDX-License-Identifier: Apache-2.0

package markdown

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/complytime/pataudit/report/privacy"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

func writePublic(w io.Writer, d *view.Document) error {
	d = privacy.Nameless(d)
	out := bufio.NewWriter(w)
	if !d.Single() {
		_, _ = out.WriteString(totalText(d, most/2))
	}
	for _, run := range d.Runs {
		b := &part{d.Part(run)}
		_, _ = out.WriteString(strings.TrimSuffix(b.head(false), "\n"))
		for _, figure := range words.PublicFigures(b.Part) {
			writeFigure(figure, out)
		}
		_, _ = fmt.Fprintf(out, "\n%s\n\n", safe.MarkdownCell(words.Policy(b.Part)))
	}
	_, _ = fmt.Fprintf(out, "%s\n", safe.MarkdownCell(words.NamesWithheld))
	return out.Flush()
}

// writeFigure writes an item of a list; what has parts, which may be many, is a list of its own.
func writeFigure(f *words.PublicFigure, out *bufio.Writer) {
	if len(f.Parts) == 1 {
		_, _ = fmt.Fprintf(out, "- **%s:** %s\n", f.Label, safe.MarkdownCell(f.Parts[0]))
		return
	}
	_, _ = fmt.Fprintf(out, "- **%s:**\n", f.Label)
	for _, part := range f.Parts {
		_, _ = fmt.Fprintf(out, "  - %s\n", safe.MarkdownCell(part))
	}
}
