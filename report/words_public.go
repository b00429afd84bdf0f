// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bufio"
	"fmt"

	"github.com/complytime/pataudit/report/safe"
)

// publicFigure is what is counted under a label: one text, or one for each rule.
type publicFigure struct {
	label string
	parts []string
}

// markdown writes an item of a list; what has parts, which may be many, is a list of its own.
func (f *publicFigure) markdown(out *bufio.Writer) {
	if len(f.parts) == 1 {
		_, _ = fmt.Fprintf(out, "- **%s:** %s\n", f.label, safe.MarkdownCell(f.parts[0]))
		return
	}
	_, _ = fmt.Fprintf(out, "- **%s:**\n", f.label)
	for _, part := range f.parts {
		_, _ = fmt.Fprintf(out, "  - %s\n", safe.MarkdownCell(part))
	}
}

// namesWithheld says what is missing, and how to get it.
const namesWithheld = "this is a public place, or may be one: names are left out; " +
	"--allow-public shows them, and -o FILE writes them to a file"
