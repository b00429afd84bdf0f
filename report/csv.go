// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// CSV is a table for spreadsheets and scripts: a row per finding, with all that is known of its
// token; a token without a finding that is shown has one row with an empty rule.
//
// Each organization begins with a row of the kind "organization": its message is the verdict in a
// sentence, with what makes the evidence incomplete, and missing is what no verdict speaks of. So
// even an empty file says what it is worth, and each row repeats the verdict and whether the
// evidence is complete. Rows of the kind "request" are about pending requests.
//
// What was not learned says "unknown", a date that does not exist "never" or "expired"; an empty
// field means that there is no such thing. Classic tokens and decisions are in [JSON] and [XLSX].
//
// Each field is quoted and passes [CSVCell], so that no spreadsheet evaluates one: one that would
// be has an apostrophe in front. Lines end in CR LF; the encoding is UTF-8 without a mark.
var CSV = view.Format{
	Name:  "csv",
	Doc:   "a row per finding, for spreadsheets and scripts; no cell is a formula",
	Ext:   []string{".csv"},
	Write: writeCSV,
}

func writeCSV(w io.Writer, d *view.Document) error {
	c := &csvWriter{w: bufio.NewWriter(w), view: &d.View}
	c.header()
	for _, run := range d.Runs {
		c.run(run)
	}
	for _, f := range d.Failed {
		c.unseen(f.Organization, "not audited: "+f.Reason)
	}
	if len(d.Runs)+len(d.Failed) == 0 {
		c.unseen("", "no organization was audited")
	}
	return c.w.Flush()
}

// csvWriter keeps the first error in its buffer.
type csvWriter struct {
	w    *bufio.Writer
	view *view.View
	line []byte
}

func (c *csvWriter) header() {
	c.line = c.line[:0]
	for _, columns := range csvColumns {
		for _, column := range columns {
			c.line = appendField(c.line, column.name)
		}
	}
	_ = c.end()
}

// run writes one organization.
func (c *csvWriter) run(run *audit.Run) {
	e := csvEntry{run: run}
	start := appendFields(nil, runColumns, e)
	c.organization(start, summaryText(run, c.view), words.NotSeen(run))
	if c.results(start, e, run.Results()) == nil {
		_ = c.results(start, e, run.Requests())
	}
}

// results writes the rows of tokens or of requests. What several rows share is made once.
func (c *csvWriter) results(start []byte, e csvEntry, results iter.Seq[*audit.Result]) error {
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
			c.line = appendFields(append(c.line[:0], token...), answerColumns, e)
			if err := c.end(); err != nil {
				return err
			}
		}
	}
	return nil
}

// organization writes the row that begins an organization.
func (c *csvWriter) organization(start []byte, message, missing string) {
	c.line = append(c.line[:0], start...)
	said := map[string]string{"kind": "organization", "message": message, "missing": missing}
	for _, columns := range csvColumns[1:] {
		for _, column := range columns {
			c.line = appendField(c.line, said[column.name])
		}
	}
	_ = c.end()
}

// unseen writes the row of an organization that has no run.
func (c *csvWriter) unseen(login, message string) {
	var start []byte
	for _, value := range []string{login, view.Unknown, audit.Incomplete.String(), "false"} {
		start = appendField(start, value)
	}
	c.organization(start, message, "everything")
}

// end writes the line.
func (c *csvWriter) end() error {
	c.line = append(c.line[:len(c.line)-1], "\r\n"...) // in place of the last comma
	_, err := c.w.Write(c.line)
	return err
}

func appendFields(b []byte, columns []csvColumn, e csvEntry) []byte {
	for _, column := range columns {
		b = appendField(b, column.value(e))
	}
	return b
}

// appendField adds a field, with the comma behind it.
func appendField(b []byte, s string) []byte {
	b = append(b, '"')
	b = append(b, strings.ReplaceAll(safe.CSVCell(s), `"`, `""`)...)
	return append(b, `",`...)
}

// summaryText is a run's verdict on one line.
func summaryText(run *audit.Run, v *view.View) string {
	text := view.Headline(run, view.Count(run))
	if !run.Complete {
		text += "; incomplete: " + strings.Join(run.Incomplete, "; ")
	}
	if v.Filter.Active() || v.Only == view.OnlyFailing {
		text += fmt.Sprintf("; not all rows are shown: %s",
			strings.Trim(v.Only+", "+v.Filter.String(), ", "))
	}
	return text
}
