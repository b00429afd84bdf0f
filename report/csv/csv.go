// SPDX-License-Identifier: Apache-2.0

// Package csv writes what an audit found as a table for spreadsheets and scripts.
package csv

import (
	"bufio"
	"io"
	"iter"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// Format is a table for spreadsheets and scripts: a row per finding, with all that is known of its
// token; a token without a finding that is shown has one row with an empty rule.
//
// Each organization begins with a row of the kind "organization": its message is the verdict in a
// sentence, with what makes the evidence incomplete and what became of claims about the
// organization's own settings, and missing is what the verdict does not cover. So even an empty
// file shows what it is worth, and each row repeats the verdict and whether the evidence is
// complete. Rows of the kind "request" are about pending requests.
//
// What was not learned says "unknown", a date that does not exist "never" or "expired"; an empty
// field means that there is no such thing. Classic tokens and decisions are in JSON and in the
// workbook.
//
// Each field is quoted and passes [safe.CSVCell], so that no spreadsheet evaluates one: one that
// would be has an apostrophe in front. Lines end in CR LF; the encoding is UTF-8 without a mark.
var Format = view.Format{
	Name:  "csv",
	Doc:   "a row per finding, for spreadsheets and scripts; no cell is a formula",
	Ext:   []string{".csv"},
	Write: write,
}

func write(w io.Writer, d *view.Document) error {
	c := &writer{out: bufio.NewWriter(w), doc: d, view: &d.View}
	c.header()
	for _, run := range d.Runs {
		c.run(run)
	}
	for _, f := range d.Failed {
		c.unseen(f.Organization, "not audited: "+f.Reason.String())
	}
	if len(d.Runs)+len(d.Failed) == 0 {
		c.unseen("", "no organization was audited")
	}
	return c.out.Flush()
}

// writer keeps the first error in its buffer.
type writer struct {
	out  *bufio.Writer
	doc  *view.Document
	view *view.View
	row  []byte
}

func (c *writer) header() {
	c.row = c.row[:0]
	for _, columns := range allColumns {
		for _, column := range columns {
			c.row = safe.AppendCSV(c.row, column.name)
		}
	}
	_ = c.end()
}

// run writes one organization.
func (c *writer) run(run *audit.Run) {
	e := entry{run: run}
	start := appendFields(nil, runColumns, e)
	summary, notSeen := summaryTexts(c.doc.Part(run))
	c.organization(start, summary, notSeen)
	if c.results(start, e, run.Results()) == nil {
		_ = c.results(start, e, run.Requests())
	}
}

// results writes the rows of tokens or of requests. What several rows share is made once.
func (c *writer) results(start []byte, e entry, results iter.Seq[*audit.Result]) error {
	var token []byte
	for r := range results {
		findings, shown := c.view.Choose(r)
		if !shown {
			continue
		}
		e.result, e.finding = r, nil
		token = appendFields(append(token[:0], start...), subjectColumns, e)
		if len(findings) == 0 {
			findings = []*audit.Finding{nil}
		}
		for _, e.finding = range findings {
			c.row = appendFields(append(c.row[:0], token...), answerColumns, e)
			if err := c.end(); err != nil {
				return err
			}
		}
	}
	return nil
}

// organization writes the row that begins an organization.
func (c *writer) organization(start []byte, message, missing string) {
	c.row = append(c.row[:0], start...)
	said := map[string]string{"kind": "organization", "message": message, "missing": missing}
	for _, columns := range allColumns[1:] {
		for _, column := range columns {
			c.row = safe.AppendCSV(c.row, said[column.name])
		}
	}
	_ = c.end()
}

// unseen writes the row of an organization that has no run.
func (c *writer) unseen(login, message string) {
	var start []byte
	for _, value := range []string{login, view.Unknown, audit.Incomplete.String(), "false"} {
		start = safe.AppendCSV(start, value)
	}
	c.organization(start, message, "everything")
}

// end writes the row.
func (c *writer) end() error {
	_, err := c.out.Write(safe.EndCSV(c.row))
	return err
}

func appendFields(b []byte, columns []column, e entry) []byte {
	for _, column := range columns {
		b = safe.AppendCSV(b, column.value(e))
	}
	return b
}

// summaryTexts returns a run's verdict on one line, with what it rests on, and what it does not
// cover.
func summaryTexts(part *view.Part) (summary, notSeen string) {
	summary = view.Headline(part.Run, part.Figures)
	if !part.Run.Complete {
		summary += "; incomplete: " + part.Run.Incomplete.String()
	}
	for _, l := range words.Head(part, false) {
		switch l.Topic {
		case words.TopicNotSeen:
			notSeen = l.Text
		case words.TopicNotAsked, words.TopicRegistry, words.TopicSetting, words.TopicChanged,
			words.TopicNotUsed, words.TopicDebt, words.TopicFiltered:
			summary += "; " + strings.ToLower(l.Topic.Label()) + ": " + l.Text
		default: // is in a column of its own, or in other formats
		}
	}
	return summary, notSeen
}
