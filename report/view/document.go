// SPDX-License-Identifier: Apache-2.0

package view

import "github.com/complytime/pataudit/audit"

// Document is what is to be written.
type Document struct {
	Runs []*audit.Run // one per organization
	View View
	Tool Tool

	// Several asks for the shape of several organizations, even if only one has a run.
	Several bool

	// Pseudonymised reports that names and ids are stand-ins.
	Pseudonymised bool

	// Nameless reports that everybody may read what is written: verdict, evidence and figures, and
	// no name of a person, a token or a repository, nor an id of one. Only a format that is
	// [Format.Nameless] may write it.
	Nameless bool

	// Failed lists the organizations that should have been audited and could not be. One of them
	// makes the whole document incomplete.
	Failed []Failure
}

// Failure is why an organization has no run.
type Failure struct {
	Organization string
	Reason       audit.Reason
}

// Tool is the program that judged.
type Tool = audit.Tool

// Single reports whether the document is about one organization alone, and that one was audited.
func (d *Document) Single() bool {
	return !d.Several && len(d.Runs) == 1 && len(d.Failed) == 0
}

// IncompleteRuns returns how many organizations were not seen wholly, those that have no run too.
func IncompleteRuns(d *Document) int {
	n := len(d.Failed)
	for _, run := range d.Runs {
		if !run.Complete {
			n++
		}
	}
	return n
}

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
