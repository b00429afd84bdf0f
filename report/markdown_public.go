// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/complytime/pataudit/report/safe"
)

func writePublicMarkdown(w io.Writer, d *Document) error {
	d = d.nameless()
	out := bufio.NewWriter(w)
	if !d.single() {
		_, _ = out.WriteString(d.markdownTotal(mostMarkdown / 2))
	}
	for _, run := range d.Runs {
		b := &block{run: run, doc: d, figures: count(run)}
		_, _ = out.WriteString(strings.TrimSuffix(b.markdownHead(false), "\n"))
		for _, figure := range b.publicFigures() {
			figure.markdown(out)
		}
		_, _ = fmt.Fprintf(out, "\n%s\n\n", safe.MarkdownCell(b.policyText()))
	}
	_, _ = fmt.Fprintf(out, "%s\n", safe.MarkdownCell(namesWithheld))
	return out.Flush()
}
