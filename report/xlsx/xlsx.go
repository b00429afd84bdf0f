// SPDX-License-Identifier: Apache-2.0

// Package xlsx writes a report as a workbook for reviewers, and reads what they filled in.
package xlsx

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
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
// The library writes all but the rows of lists, which go straight into the archive: see [archive].
// A text is written as a text, whatever it begins with; no cell holds a formula. The links lead to
// the pages of the rules, to GitHub's settings of the organization, and to other sheets: never to
// what a text names.
var Format = view.Format{
	Name:   "xlsx",
	Doc:    "a workbook for reviewers: summary with charts, tokens to decide on, findings, matrices",
	Ext:    []string{".xlsx"},
	Binary: true,
	Write:  write,
}

func write(w io.Writer, d *view.Document) error {
	b := newBook(d)
	if err := b.build(); err != nil {
		return fmt.Errorf("building the workbook: %w", err)
	}
	if err := b.save(w); err != nil {
		return fmt.Errorf("writing the workbook: %w", err)
	}
	return nil
}

// book is the workbook that is being built.
type book struct {
	f         *excelize.File
	doc       *view.Document
	style     styles                           // of lists
	onPage    styles                           // of the summary
	surveys   []*survey                        // of each run
	rows      map[string]func(io.Writer) error // of the lists, by the parts that they stand in
	maxRows   int                              // of one sheet
	maxMatrix int                              // tokens of a matrix
	err       error                            // the first one
}

// try keeps the first error.
func (b *book) try(err error) {
	if b.err == nil {
		b.err = err
	}
}

func newBook(d *view.Document) *book {
	b := &book{
		f: excelize.NewFile(), doc: d, rows: map[string]func(io.Writer) error{},
		maxRows: excelize.TotalRows, maxMatrix: mostMatrixTokens,
	}
	for _, run := range d.Runs {
		b.surveys = append(b.surveys, newSurvey(d.Part(run)))
	}
	return b
}

// save writes the workbook.
func (b *book) save(w io.Writer) error {
	b.f.SetZipWriter(func(io.Writer) excelize.ZipWriter {
		return &archive{w: w, parts: map[string]*bytes.Buffer{}, rows: b.rows}
	})
	_, err := b.f.WriteTo(io.Discard) // all goes to w
	return errors.Join(err, b.f.Close())
}

// build writes the sheets in the order in which they stand.
func (b *book) build() error {
	// In a list, a text that is cut shows its beginning.
	b.style, b.onPage = b.makeStyles("top"), b.makeStyles("center")
	b.properties()
	b.summary()
	b.lists()
	b.decisions()
	b.classic()
	b.coverage()
	b.trend()
	b.policy()
	b.explain()
	b.order()
	return b.err
}

// order orders what the library gathered from a map: the same document has the same parts.
func (b *book) order() {
	if types := b.f.ContentTypes; types != nil {
		sort.Slice(types.Defaults, func(i, j int) bool { // of a type that has no name here
			return types.Defaults[i].Extension < types.Defaults[j].Extension
		})
	}
}

// properties writes what the workbook is, in the form that every program reads: the library writes
// one that some refuse. They are the same for the same document.
func (b *book) properties() {
	when, about := "", safe.Plural(len(b.doc.Runs)+len(b.doc.Failed), "organization")
	if len(b.doc.Runs) > 0 && !b.doc.Runs[0].AsOf.IsZero() {
		when = b.doc.Runs[0].AsOf.UTC().Format(time.RFC3339)
	}
	if b.doc.Single() {
		about = b.doc.Runs[0].Organization.Login
	}
	const begin = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n" +
		`<cp:coreProperties ` +
		`xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" ` +
		`xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" ` +
		`xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`
	core := []byte(begin)
	creator := b.doc.Tool.Name + " " + b.doc.Tool.Version
	for _, p := range []struct{ tag, attributes, text string }{
		{"dc:title", "", "Fine-grained token audit"},
		{"dc:subject", "", about + ": " + b.doc.Verdict()},
		{"dc:creator", "", creator},
		{"dc:description", "", "Confidential: personal data"},
		{"cp:lastModifiedBy", "", creator},
		{"dcterms:created", ` xsi:type="dcterms:W3CDTF"`, when},
		{"dcterms:modified", ` xsi:type="dcterms:W3CDTF"`, when},
		{"cp:category", "", "Access review"},
	} {
		if p.text != "" {
			core = fmt.Appendf(core, "<%s%s>", p.tag, p.attributes)
			core = fmt.Appendf(appendText(core, safe.Cell(p.text)), "</%s>", p.tag)
		}
	}
	b.f.Pkg.Store("docProps/core.xml", append(core, "</cp:coreProperties>"...))
}

// lists writes the tokens, their findings and the matrices, the worst first, and what else is
// known of them.
func (b *book) lists() {
	b.add(&list{
		name: "Tokens", columns: tokenColumnsOf(b.doc), frozen: 2, lines: 2,
		onPaper: columnsTo(noteTitle, tokenColumns),
		count:   b.tokens(), entries: b.results,
	})
	findings := &list{
		name: "Findings", frozen: 2, lines: 2, entries: b.findings,
		columns: slices.Concat(findingColumns, filled(rareColumns, b.findings)),
	}
	for _, s := range b.surveys {
		findings.count += s.findings
	}
	b.add(findings)
	b.matrices()
	b.repositories()
	b.owners()
	b.teams()
	b.requests()
}

// entryOf is a token or a request, with the findings that are shown of it.
func (b *book) entryOf(s *survey, r *audit.Result) entry {
	chosen, shown := b.doc.View.Choose(r)
	standing := view.Stand(s.Run, r)
	return entry{
		run: s.Run, survey: s, result: r, chosen: chosen, shown: shown,
		worst:  view.Decisive(s.Run, standing, chosen),
		reason: view.Reason(s.Run, standing, chosen),
	}
}

// results ranges over the tokens that are listed, the worst first.
func (b *book) results(yield func(entry) bool) {
	for _, s := range b.surveys {
		for _, r := range s.listed {
			if !yield(b.entryOf(s, r)) {
				return
			}
		}
	}
}

// findings ranges over those of the tokens, and then over those of the requests.
func (b *book) findings(yield func(entry) bool) {
	for _, entries := range []iter.Seq[entry]{b.results, b.pending} {
		for e := range entries {
			for _, e.finding = range e.chosen {
				if !yield(e) {
					return
				}
			}
		}
	}
}

// pending ranges over the requests.
func (b *book) pending(yield func(entry) bool) {
	for _, s := range b.surveys {
		for r := range s.Run.Requests() {
			if !yield(b.entryOf(s, r)) {
				return
			}
		}
	}
}

func (b *book) coverage() {
	var columns []column
	for i, width := range [len(words.CoverageTitles)]float64{26, 14, 10, 10, 80} {
		columns = append(columns, column{
			title: words.CoverageTitles[i], width: width,
			value: func(e entry) any { return words.CoverageCells(e.coverage)[i] },
		})
	}
	var entries []entry
	for _, run := range b.doc.Runs {
		for i := range run.Coverage {
			entries = append(entries, entry{run: run, coverage: &run.Coverage[i]})
		}
	}
	for _, f := range b.doc.Failed {
		nothing := &audit.Coverage{Source: "everything", Status: "failed", Reason: f.Reason}
		entries = append(entries, entry{failed: f.Organization, coverage: nothing})
	}
	b.add(listOf("Coverage", columns, entries))
}
