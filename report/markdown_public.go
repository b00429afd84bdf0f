// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

func writePublicMarkdown(w io.Writer, d *view.Document) error {
	d = nameless(d)
	out := bufio.NewWriter(w)
	if !d.Single() {
		_, _ = out.WriteString(markdownTotal(d, mostMarkdown/2))
	}
	for _, run := range d.Runs {
		b := &markdownPart{d.Part(run)}
		_, _ = out.WriteString(strings.TrimSuffix(b.markdownHead(false), "\n"))
		for _, figure := range publicFigures(b.Part) {
			writeFigure(figure, out)
		}
		_, _ = fmt.Fprintf(out, "\n%s\n\n", safe.MarkdownCell(policyText(b.Part)))
	}
	_, _ = fmt.Fprintf(out, "%s\n", safe.MarkdownCell(namesWithheld))
	return out.Flush()
}

// markdown writes an item of a list; what has parts, which may be many, is a list of its own.
func writeFigure(f *publicFigure, out *bufio.Writer) {
	if len(f.parts) == 1 {
		_, _ = fmt.Fprintf(out, "- **%s:** %s\n", f.label, safe.MarkdownCell(f.parts[0]))
		return
	}
	_, _ = fmt.Fprintf(out, "- **%s:**\n", f.label)
	for _, part := range f.parts {
		_, _ = fmt.Fprintf(out, "  - %s\n", safe.MarkdownCell(part))
	}
}
