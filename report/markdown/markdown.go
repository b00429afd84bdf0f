// SPDX-License-Identifier: Apache-2.0

// Package markdown writes a report as Markdown, for a job's summary or an issue.
package markdown

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/rulepage"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// Format is for the summary of a workflow's job, and for issues: the verdict, what it rests on,
// the worst tokens, then the others in parts to open, and what waits, expires or is overdue.
//
// It is never larger than 900 KiB: GitHub drops a summary above 1 MiB, and the step stays green.
// What does not fit is left out by whole rows, the least pressing first, and is counted. Every
// text from GitHub passes [safe.Markdown] or stands in a code span; links lead to the pages of
// rules and to the organization's settings, and there is no image.
var Format = view.Format{
	Name:  "markdown",
	Doc:   "a job summary or an issue: verdict, worst tokens, details to open (at most 900 KiB)",
	Ext:   []string{".md", ".markdown"},
	Write: write, Nameless: true,
}

// most is the largest size of a document, in bytes.
const most = 900 << 10

// MostNote is the room for one line about what was left out.
const MostNote = 200

func write(w io.Writer, d *view.Document) error {
	_, err := io.WriteString(w, textWithin(d, most))
	return err
}

// textWithin returns the document in at most limit bytes. Each organization has an equal share of
// what those before it left, and is whole in it or not there.
func textWithin(d *view.Document, limit int) string {
	rules := rulesOf(d)
	limit -= len(rulepage.MarkdownAddresses(rules)) + 1
	var b strings.Builder
	if !d.Single() {
		b.WriteString(totalText(d, limit/4))
	}
	for i, run := range d.Runs {
		left := limit - b.Len() - MostNote
		section := runText(d, run, left/(len(d.Runs)-i))
		if len(section) > left {
			fmt.Fprintf(&b, "\n**Truncated:** %d of %d organizations shown; %s.\n", i, len(d.Runs),
				elsewhere)
			break
		}
		b.WriteString(section)
	}
	if d.Nameless {
		b.WriteString(safe.Markdown(words.NamesWithheld))
	}
	text := strings.TrimRight(b.String(), "\n") + "\n"
	rules = slices.DeleteFunc(rules, func(id string) bool {
		return !strings.Contains(text, "["+id+"]")
	})
	return text + safe.Around("\n", rulepage.MarkdownAddresses(rules), "")
}

// rulesOf returns the ids of the rules of all runs, each once.
func rulesOf(d *view.Document) (ids []string) {
	for _, run := range d.Runs {
		for i := range run.Rules {
			ids = append(ids, run.Rules[i].Rule.ID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// elsewhere is where a reader finds what was left out.
const elsewhere = "the full report (JSON, CSV or a workbook) has all of them"

// totalText returns several organizations, in a row each.
func totalText(d *view.Document, limit int) string {
	var b strings.Builder
	s := view.Total(d.Runs)
	fmt.Fprintf(&b, "# %s: %d violating of %s in %s%s\n\n", d.Verdict(), s.Violating,
		safe.Plural(s.Tokens, "token"), safe.Plural(len(d.Runs)+len(d.Failed), "organization"),
		d.ContradictedText())
	if n := view.IncompleteRuns(d); n > 0 {
		fmt.Fprintf(&b, "Evidence is incomplete for %s.\n\n", safe.Plural(n, "organization"))
	}
	t := &Table{
		Columns: []string{"Organization", "Verdict", "Tokens", "Violating", "Why incomplete"},
	}
	for _, f := range d.Failed {
		t.Add(safe.Markdown(f.Organization), "not audited", "unknown", "unknown",
			safe.Markdown(f.Reason.String()))
	}
	for _, run := range d.Runs {
		t.Add(safe.Markdown(run.Organization.Login), view.VerdictText(run),
			fmt.Sprint(run.Summary.Tokens), fmt.Sprint(run.Summary.Violating),
			safe.Markdown(run.Incomplete.String()))
	}
	if n := t.Write(&b, limit-b.Len()-MostNote); n < len(t.rows) {
		fmt.Fprintf(&b, "**Truncated:** %d of %d organizations in this table; %s.\n\n", n,
			len(t.rows), elsewhere)
	}
	return b.String()
}

// Table is a table that is written as far as there is room.
type Table struct {
	Columns []string
	rows    []string
}

// Add adds a row of cells, whose Markdown is safe already.
func (t *Table) Add(cells ...string) {
	row := "|"
	for _, cell := range cells {
		row += " " + safe.InTable(cell) + " |"
	}
	t.rows = append(t.rows, row+"\n")
}

// Write writes as many rows as fit into room bytes, and returns how many; none without the header.
func (t *Table) Write(b *strings.Builder, room int) (n int) {
	head := "| " + strings.Join(t.Columns, " | ") + " |\n" +
		strings.Repeat("| --- ", len(t.Columns)) + "|\n"
	for size := len(head) + 1; n < len(t.rows) && size+len(t.rows[n]) <= room; n++ {
		size += len(t.rows[n])
	}
	if n > 0 {
		b.WriteString(head + strings.Join(t.rows[:n], "") + "\n")
	}
	return n
}

// part is the part of one organization.
type part struct{ *view.Part }

// runText returns one organization, in about as many bytes as it is given: the parts that
// must not be missing may take more, and the lists of tokens take what is left.
func runText(d *view.Document, run *audit.Run, room int) string {
	b := &part{d.Part(run)}
	head, tail := b.head(), b.tail()
	if d.Nameless {
		return head + tail
	}
	groups := b.groups()
	worst := b.worst(groups)
	const explained = "`?`: " + words.NotKnown + ".\n\n"
	room -= len(head) + len(worst) + len(tail) + len(explained)
	rows := worst + b.rest(groups, room)
	if strings.Contains(rows, " ? |") {
		rows += explained
	}
	return head + rows + tail
}
