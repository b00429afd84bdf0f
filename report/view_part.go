// SPDX-License-Identifier: Apache-2.0

package report

import "github.com/complytime/pataudit/audit"

// part is what a document tells of one organization.
type part struct {
	doc     *Document
	run     *audit.Run
	figures *figures
}

// part returns the part on a run of the document, with what is counted of it.
func (d *Document) part(run *audit.Run) *part {
	return &part{doc: d, run: run, figures: count(run)}
}
