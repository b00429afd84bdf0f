// SPDX-License-Identifier: Apache-2.0

package table

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/rulepage"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/screen"
	"github.com/complytime/pataudit/report/show"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// Wide is the table for a wide terminal: of each token that has a row there it shows all that is
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
	v, shown, rows := &b.Doc.View, 0, &wideTable{}
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
		rows.add(b, words.RowOf(b.Part, r, findings), r, findings)
		if len(rows.table.Rows) == mostTogether {
			rows.write(b)
		}
	}
	rows.write(b)
	b.showing(shown)
}

// mostTogether is how many rows are laid out at once: of 100,000 tokens not all have to be held.
const mostTogether = 200

// wideTable is the rows that are not written yet.
type wideTable struct {
	table screen.Table
	links []string   // the pages of the rows' rules
	tone  []string   // the colours of their labels
	rules [][]string // their findings' rules, by id
}

// wideCard writes one token below the others.
func (b *block) wideCard(r *audit.Result, findings []*audit.Finding) {
	chosen := *r
	chosen.Judge, chosen.Findings = nil, findings
	chosen.Propose = func(*audit.Result) []*audit.Successor { return r.Successors() } // by all
	show.Card(b.Page, b.Run, &chosen, &b.Doc.View)
	b.Blank()
	b.Line(strings.Repeat("─", b.Width))
	b.Blank()
}

// wideWidths shares out the width.
func (b *block) wideWidths() []int {
	widths := make([]int, len(wideColumns))
	room := b.Width - 1 - widestLabel - gap*(len(wideColumns)-1)
	for i, c := range wideColumns {
		widths[i] = room * c.share / 100
	}
	widths[0] = widestLabel
	return widths
}

// add adds a token, on as many lines as its longest column needs, and a blank one.
func (t *wideTable) add(b *block, w *words.Row, r *audit.Result, findings []*audit.Finding) {
	widths := b.wideWidths()
	cells := make([]string, len(widths))
	height := 0
	for i, texts := range b.wideTexts(w, r, findings) {
		var lines []string
		for _, text := range texts {
			lines = append(lines, safe.Wrap(safe.Truncate(text, mostWide), widths[i])...)
		}
		cells[i] = strings.Join(lines, "\n")
		height = max(height, len(lines))
	}
	last := len(cells) - 1
	cells[last] += strings.Repeat("\n", height-strings.Count(cells[last], "\n"))
	ids := make([]string, len(findings))
	for i, f := range findings {
		ids[i] = f.Rule.Rule.ID
	}
	t.table.Rows = append(t.table.Rows, cells)
	t.links = append(t.links, rulepage.Link(w.Rule))
	t.tone = append(t.tone, screen.SeverityColor(w.Label()))
	t.rules = append(t.rules, ids)
}

// write writes the rows, the first ones beneath the titles.
func (t *wideTable) write(b *block) {
	if len(t.table.Rows) == 0 {
		return
	}
	if t.table.Titles == nil {
		for i, width := range b.wideWidths() { // so that those that go on stand beneath
			t.table.Titles = append(t.table.Titles, safe.Pad(wideColumns[i].title, width))
		}
		t.table.First = func(row int, text string) string {
			return b.Link(t.links[row], b.Paint(t.tone[row], text))
		}
		t.table.Last = func(row int, text string) string { return b.linkRule(t.rules[row], text) }
	}
	b.Table(&t.table)
	t.table.Rows, t.links, t.tone, t.rules = nil, nil, nil, nil
	t.table.Untitled = true
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
	for _, part := range words.Registration(r.Registration) {
		owns = append(owns, safe.Terminal(part))
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
		words.Life(r, day), wideReasons(b.Run, r, findings),
	}
}

// day returns a fact in few words.
func day(f *view.TokenFact, fact view.Fact) string {
	return f.Short + " " + safe.Terminal(fact.Day())
}

// wideReasons returns each finding, the worst first.
func wideReasons(
	run *audit.Run, r *audit.Result, findings []*audit.Finding,
) (reasons []string) {
	sorted := slices.Clone(findings)
	slices.SortStableFunc(sorted, func(a, b *audit.Finding) int {
		return int(b.Severity) - int(a.Severity)
	})
	passed, others := 0, 0
	for _, f := range sorted {
		switch {
		case f.Override != "": // it passes by that, perhaps
		case f.Status == audit.Pass:
			passed++
			continue
		case f.Status == audit.NotApplicable:
			others++
			continue
		}
		text := words.Age(run, f) + words.Why(f)
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
	return append(reasons, passes(passed, others)...)
}

// passes counts the rules that have nothing against a token: "passes 12 rules; 4 do not apply".
func passes(passed, others int) []string {
	text := ""
	if passed > 0 {
		text = "passes " + safe.Plural(passed, "rule")
	}
	switch {
	case others == 1:
		text = safe.Join("; ", text, "1 does not apply")
	case others > 1:
		text = safe.Join("; ", text, fmt.Sprintf("%d do not apply", others))
	}
	if text == "" {
		return nil
	}
	return []string{text}
}
