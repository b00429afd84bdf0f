// SPDX-License-Identifier: Apache-2.0

package table

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/rulepage"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/screen"
	"github.com/complytime/pataudit/report/show"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// Wide is the table for a wide terminal: of each token that has a row there it tells all that is
// known, and each of its findings. Nothing is cut but texts that are longer than any name. On a
// terminal that is too narrow for columns, each token has a page of its own, as in [show.Token].
var Wide = view.Format{
	Name:  "wide",
	Doc:   "the table with all that is known of each token, for wide terminals",
	Ext:   []string{".wide.txt"},
	Write: writeWide, Nameless: true,
}

// The widths of a wide screen.
const (
	usualWide = 160
	leastWide = 120
	wideGap   = 2
)

// mostWide bounds one text of a row, in columns: names have 255 characters at most.
const mostWide = 600

// wideColumns are those of a row, with their shares of the width that the first one leaves.
var wideColumns = []struct {
	title string
	share int // of 100
}{
	{"SEVERITY", 0},
	{"TOKEN", 14},
	{"OWNER", 12},
	{"MAY", 17},
	{"REACHES", 18},
	{"DATES", 13},
	{"WHY", 26},
}

const widestLabel = 8 // "severity", "critical"

func writeWide(w io.Writer, d *view.Document) error {
	wide := *d
	if d.View.Width == 0 {
		wide.View.Width = usualWide
	}
	return writeScreen(w, &wide, true)
}

// wideRows shows the tokens of the table, all of them, the worst first.
func (b *block) wideRows() {
	v, shown := &b.Doc.View, 0
	for r, findings := range view.WorstFirst(b.Run, v) {
		s := view.Stand(b.Run, r)
		if !v.RowOf(s) {
			continue
		}
		shown++
		if b.Width < leastWide {
			b.wideCard(r, findings)
			continue
		}
		if shown == 1 {
			b.wideHead()
		}
		b.wideRow(words.RowOf(b.Part, r, s, findings), r, findings)
	}
	b.showing(shown)
}

// wideCard tells of one token below the others.
func (b *block) wideCard(r *audit.Result, findings []*audit.Finding) {
	chosen := *r
	chosen.Judge, chosen.Findings = nil, findings
	show.Card(b.Page, b.Run, &chosen, &b.Doc.View)
	b.Blank()
	b.Line(strings.Repeat("─", b.Width))
	b.Blank()
}

// wideWidths shares out the width.
func (b *block) wideWidths() []int {
	widths := make([]int, len(wideColumns))
	room := b.Width - 1 - widestLabel - wideGap*(len(wideColumns)-1)
	for i, c := range wideColumns {
		widths[i] = room * c.share / 100
	}
	widths[0] = widestLabel
	return widths
}

func (b *block) wideHead() {
	var line strings.Builder
	for i, width := range b.wideWidths() {
		line.WriteString(safe.Pad(wideColumns[i].title, width+wideGap))
	}
	b.Line(" " + line.String())
}

// wideRow writes one token on as many lines as its longest column needs.
func (b *block) wideRow(w *words.Row, r *audit.Result, findings []*audit.Finding) {
	widths := b.wideWidths()
	cells := make([][]string, len(widths))
	height := 0
	for i, texts := range b.wideTexts(w, r, findings) {
		for _, text := range texts {
			cells[i] = append(cells[i], safe.Wrap(safe.Truncate(text, mostWide), widths[i])...)
		}
		height = max(height, len(cells[i]))
	}
	ids := make([]string, len(findings))
	for i, f := range findings {
		ids[i] = f.Rule.Rule.ID
	}
	for n := range height {
		line := " "
		for i, width := range widths {
			text := ""
			if n < len(cells[i]) {
				text = cells[i][n]
			}
			blanks := strings.Repeat(" ", width+wideGap-safe.Width(text))
			switch i {
			case 0:
				text = b.Link(rulepage.Link(w.Rule), b.Paint(screen.SeverityColor(text), text))
			case len(widths) - 1:
				text = b.linkRule(ids, text)
			}
			line += text + blanks
		}
		b.Line(line)
	}
	b.Blank()
}

// linkRule makes the name of a rule, with which a line begins, a link to the rule's page.
func (b *block) linkRule(ids []string, line string) string {
	id, rest, found := strings.Cut(line, ":")
	if !found || !slices.Contains(ids, id) {
		return line
	}
	return b.Link(rulepage.Link(id), id) + ":" + rest
}

// wideTexts are the paragraphs of each column.
func (b *block) wideTexts(w *words.Row, r *audit.Result, findings []*audit.Finding) [][]string {
	t := r.Token
	most := words.MostListed
	if b.Doc.View.Verbose {
		most = len(t.Repositories)
	}
	token := []string{w.Token}
	if t.TokenID != 0 {
		token = append(token, t.Noun())
	}
	token = append(token, fmt.Sprintf("grant %d", t.ID))
	owns := []string{
		w.Owner, safe.Terminal("role: " + words.Role(t)),
		"second factor: " + words.SecondFactor(t),
	}
	may, label := words.Rights(t), []string{w.Label()}
	if w.Mark != "" {
		label = append(label, w.Mark)
	}
	if len(r.Gained) > 0 {
		may = append(may, words.GrownMark+" "+safe.Terminal(words.Gained(r, most)))
	}
	return [][]string{
		label, token, owns, may,
		{words.ReachInFull(b.Run, t, most)},
		words.Life(r, day), wideReasons(r, findings, b.Run.AsOf),
	}
}

// day returns a fact in few words.
func day(f *view.TokenFact, fact view.Fact) string {
	return f.Short + " " + safe.Terminal(fact.Day())
}

// wideReasons tells each finding, the worst first.
func wideReasons(
	r *audit.Result, findings []*audit.Finding, asOf time.Time,
) (reasons []string) {
	sorted := slices.Clone(findings)
	slices.SortStableFunc(sorted, func(a, b *audit.Finding) int {
		return int(b.Severity) - int(a.Severity)
	})
	for _, f := range sorted {
		text := words.Late(f, asOf) + words.Why(f)
		if due := words.Due(f); due != "" && !f.Overdue {
			text += " (" + due + ")"
		}
		switch f.Status {
		case audit.Waived:
			text = "waived " + safe.Terminal(words.Waiver(f.Waiver, r.Token)) + ": " + text
		case audit.Pass, audit.NotApplicable:
			text = strings.TrimSpace(strings.ReplaceAll(f.Status.String(), "_", " ") + " " + text)
		default: // the message says it
		}
		if f.Override != "" {
			text += " [" + safe.Terminal(f.Override) + "]"
		}
		reasons = append(reasons, safe.Terminal(f.Rule.Rule.ID)+": "+text)
	}
	return reasons
}
