// SPDX-License-Identifier: Apache-2.0

package report

import (
	"strings"

	"github.com/complytime/pataudit/report/view"
)

// hints shows what to type next about a run; of the whole document if it is nil.
func (p *page) hints(hints []view.Hint) {
	const indent = 26
	for _, hint := range hints {
		label := " " + p.paint(sgrDim, hint.For) + strings.Repeat(" ", indent-1-len(hint.For))
		for _, line := range hint.Lines(p.width - indent) {
			p.line(label + line)
			label = strings.Repeat(" ", indent)
		}
	}
}
