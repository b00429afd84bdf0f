// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"errors"
	"fmt"
	"io"
	"sort"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// Format is for the people who review tokens: a page to print, and lists to filter and to decide
// in.
//
// The lists are streamed to the library's temporary files. What the library is told of a sheet
// after its Flush is lost without an error, so everything is said before. A text is written as a
// text, whatever it begins with; no cell holds a formula. The links lead to the pages of the
// rules, to GitHub's settings of the organization, and to other sheets: never to what a text
// names.
var Format = view.Format{
	Name:   "xlsx",
	Doc:    "a workbook for reviewers: summary with charts, tokens to decide on, findings, matrices",
	Ext:    []string{".xlsx"},
	Binary: true,
	Write:  write,
}

func write(w io.Writer, d *view.Document) (err error) {
	b := newBook(d)
	defer func() {
		if e := b.f.Close(); err == nil && e != nil {
			err = fmt.Errorf("closing the workbook: %w", e)
		}
	}()
	if err := b.build(); err != nil {
		return fmt.Errorf("building the workbook: %w", err)
	}
	if _, err := b.f.WriteTo(w); err != nil {
		return fmt.Errorf("writing the workbook: %w", err)
	}
	return nil
}

// book is the workbook that is being built.
type book struct {
	f         *excelize.File
	doc       *view.Document
	style     styles
	surveys   []*survey // of each run
	maxRows   int       // of one sheet
	maxMatrix int       // tokens of a matrix
}

func newBook(d *view.Document) *book {
	b := &book{
		f: excelize.NewFile(), doc: d, maxRows: excelize.TotalRows, maxMatrix: mostMatrixTokens,
	}
	for _, run := range d.Runs {
		b.surveys = append(b.surveys, newSurvey(run, &d.View))
	}
	return b
}

// build writes the sheets in the order in which they stand.
func (b *book) build() error {
	for _, step := range []func() error{
		b.makeStyles, b.properties, b.summary, b.lists, b.decisions, b.classic, b.coverage, b.trend,
		b.policy, b.readMe,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	b.order()
	return nil
}

// order orders what the library gathered from a map: the same document has the same parts.
func (b *book) order() {
	if types := b.f.ContentTypes; types != nil {
		sort.Slice(types.Defaults, func(i, j int) bool { // of a type that has no name here
			return types.Defaults[i].Extension < types.Defaults[j].Extension
		})
	}
}

// properties are the same for the same document.
func (b *book) properties() error {
	created, about := "", safe.Plural(len(b.doc.Runs)+len(b.doc.Failed), "organization")
	if len(b.doc.Runs) > 0 && !b.doc.Runs[0].AsOf.IsZero() {
		created = b.doc.Runs[0].AsOf.UTC().Format(time.RFC3339)
	}
	if b.doc.Single() {
		about = b.doc.Runs[0].Organization.Login
	}
	creator := safe.Cell(b.doc.Tool.Name + " " + b.doc.Tool.Version)
	return b.f.SetDocProps(&excelize.DocProperties{
		Title: "Fine-grained token audit", Creator: creator, LastModifiedBy: creator,
		Subject: safe.Cell(about + ": " + b.doc.Verdict()), Category: "Access review",
		Created: created, Modified: created, Description: "Confidential: personal data",
	})
}

// lists writes the tokens, their findings and the matrices, the worst first, and what else is
// known of them.
func (b *book) lists() error {
	tokens, err := b.sheet("Tokens", tokenColumnsOf(b.doc))
	if err != nil {
		return err
	}
	findings, err := b.sheet("Findings", findingColumnsOf(b.doc))
	if err != nil {
		return err
	}
	matrices, err := b.matrices()
	if err != nil {
		return err
	}
	for _, run := range b.doc.Runs {
		for r, chosen := range view.WorstFirst(run, &b.doc.View) {
			e := entry{run: run, result: r, worst: view.Decisive(run, view.Stand(run, r), chosen)}
			if err := tokens.add(e); err != nil {
				return err
			}
			if err := addToMatrices(matrices, e); err != nil {
				return err
			}
			if err := addFindings(findings, e, chosen); err != nil {
				return err
			}
		}
	}
	for _, s := range append([]*sheet{tokens}, matrices...) {
		if err := s.close(); err != nil {
			return err
		}
	}
	if err := errors.Join(b.repositories(), b.owners(), b.requests(findings)); err != nil {
		return err
	}
	return findings.close()
}

// addToMatrices adds a row to each, which has every answer, also of the rules that pass.
func addToMatrices(sheets []*sheet, e entry) error {
	if len(sheets) == 0 {
		return nil
	}
	whole := *e.result
	whole.Judge, whole.Findings = nil, e.result.All()
	e.result = &whole
	for _, s := range sheets {
		if err := s.add(e); err != nil {
			return err
		}
	}
	return nil
}

func addFindings(s *sheet, e entry, chosen []*audit.Finding) error {
	for _, f := range chosen {
		e.finding = f
		if err := s.add(e); err != nil {
			return err
		}
	}
	return nil
}

func (b *book) coverage() error {
	var columns []column
	for i, width := range [len(words.CoverageTitles)]float64{26, 14, 10, 10, 80} {
		columns = append(columns, column{
			title: words.CoverageTitles[i], width: width,
			value: func(e entry) any { return words.CoverageCells(e.coverage)[i] },
		})
	}
	s, err := b.sheet("Coverage", columns)
	if err != nil {
		return err
	}
	for _, run := range b.doc.Runs {
		for i := range run.Coverage {
			if err := s.add(entry{run: run, coverage: &run.Coverage[i]}); err != nil {
				return err
			}
		}
	}
	for _, f := range b.doc.Failed {
		nothing := &audit.Coverage{Source: "everything", Status: "failed", Reason: f.Reason}
		if err := s.add(entry{failed: f.Organization, coverage: nothing}); err != nil {
			return err
		}
	}
	return s.close()
}
