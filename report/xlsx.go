// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/complytime/pataudit/audit"
)

// XLSX is for the people who review tokens: a page to print, and lists to filter and to decide in.
//
// The lists are streamed to the library's temporary files. What the library is told of a sheet
// after its Flush is lost without an error, so everything is said before. A text is written as a
// text, whatever it begins with; no cell holds a formula or a link.
var XLSX = Format{
	Name:   "xlsx",
	Doc:    "a workbook for reviewers: summary, tokens to decide on, findings, decisions",
	Ext:    []string{".xlsx"},
	Binary: true,
	Write:  writeXLSX,
}

func writeXLSX(w io.Writer, d *Document) (err error) {
	b := &book{f: excelize.NewFile(), doc: d, maxRows: excelize.TotalRows}
	defer func() {
		if e := b.f.Close(); err == nil && e != nil {
			err = fmt.Errorf("closing the workbook: %w", e)
		}
	}()
	for _, step := range []func() error{
		b.makeStyles, b.properties, b.summary, b.lists, b.decisions, b.coverage, b.classic,
	} {
		if err := step(); err != nil {
			return fmt.Errorf("building the workbook: %w", err)
		}
	}
	if _, err := b.f.WriteTo(w); err != nil {
		return fmt.Errorf("writing the workbook: %w", err)
	}
	return nil
}

// book is the workbook that is being built.
type book struct {
	f       *excelize.File
	doc     *Document
	style   styles
	maxRows int // of one sheet
}

// properties are the same for the same document.
func (b *book) properties() error {
	created := ""
	if len(b.doc.Runs) > 0 && !b.doc.Runs[0].AsOf.IsZero() {
		created = b.doc.Runs[0].AsOf.UTC().Format(time.RFC3339)
	}
	creator := Cell(b.doc.Tool.Name + " " + b.doc.Tool.Version)
	return b.f.SetDocProps(&excelize.DocProperties{
		Title: "Fine-grained token audit", Creator: creator, LastModifiedBy: creator,
		Created: created, Modified: created, Description: "Confidential: personal data",
	})
}

// lists writes the tokens and the findings, the worst first. A run is judged again for each rank
// and severity that it has, so that no result is kept.
func (b *book) lists() error {
	tokens, err := b.sheet("Tokens", b.doc.tokenColumns())
	if err != nil {
		return err
	}
	findings, err := b.sheet("Findings", findingColumns)
	if err != nil {
		return err
	}
	for _, run := range b.doc.Runs {
		for of, counts := range count(run).ranks {
			for severity, n := range slices.Backward(counts[:]) {
				if n == 0 {
					continue
				}
				is := func(r *audit.Result) bool {
					return r.Severity == audit.Severity(severity) &&
						rank(stand(run, r)) == standing(of)
				}
				if err := b.listed(run, is, tokens, findings); err != nil {
					return err
				}
			}
		}
	}
	if err := tokens.close(); err != nil {
		return err
	}
	if err := b.requests(findings); err != nil {
		return err
	}
	return findings.close()
}

// listed writes the tokens of which is holds.
func (b *book) listed(
	run *audit.Run, is func(*audit.Result) bool, tokens, findings *sheet,
) error {
	for r := range run.Results() {
		if !is(r) {
			continue
		}
		chosen, shown := b.doc.View.choose(r)
		if !shown {
			continue
		}
		e := entry{run: run, result: r, worst: worst(chosen)}
		if err := tokens.add(e); err != nil {
			return err
		}
		if err := addFindings(findings, e, chosen); err != nil {
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
	s, err := b.sheet("Coverage", coverageColumns)
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
