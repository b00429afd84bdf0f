// SPDX-License-Identifier: Apache-2.0

package view

import "github.com/complytime/pataudit/audit"

// Part is what a document has of one organization.
type Part struct {
	Doc     *Document
	Run     *audit.Run
	Figures *Figures
}

// Part returns the part on a run of the document, with what is counted of it.
func (d *Document) Part(run *audit.Run) *Part {
	return &Part{Doc: d, Run: run, Figures: Count(run)}
}
