// SPDX-License-Identifier: Apache-2.0

package table

import (
	"fmt"
	"io"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/screen"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// Format is for a person at a terminal: the verdict, what it rests on and what it does not speak
// of, before any row; then the worst tokens, and what to type next.
var Format = view.Format{
	Name:  "table",
	Doc:   "a screen for a person: verdict, evidence, worst tokens first",
	Ext:   []string{".txt"},
	Write: write, Nameless: true,
}

func write(w io.Writer, d *view.Document) error { return writeScreen(w, d, false) }

func writeScreen(w io.Writer, d *view.Document, wide bool) error {
	p := screen.NewPage(w, &d.View)
	if !d.Single() {
		writeTotal(p, d)
	}
	for i, run := range d.Runs {
		if i > 0 || !d.Single() {
			p.Blank()
			p.Line(strings.Repeat("─", p.Width))
			p.Blank()
		}
		b := &block{p, d.Part(run), wide}
		b.write()
	}
	if d.Nameless {
		p.Blank()
		p.Say(screen.Dim, "WITHHELD", words.NamesWithheld, "")
	}
	if hints := d.View.Hints[nil]; len(hints) > 0 {
		p.Blank()
		p.Hints(hints)
	}
	return p.Flush()
}

// total opens a document of several organizations: what it comes to, and a line for each of them.
func writeTotal(p *screen.Page, d *view.Document) {
	s := view.Total(d.Runs)
	text := fmt.Sprintf("%s: %s in %s; %d violating", d.Verdict(), safe.Plural(s.Tokens, "token"),
		safe.Plural(len(d.Runs)+len(d.Failed), "organization"), s.Violating)
	text += d.ContradictedText()
	if n := view.IncompleteRuns(d); n > 0 {
		text += fmt.Sprintf("; evidence incomplete for %s", safe.Plural(n, "organization"))
	}
	p.Say(screen.Bold, "TOTAL", text, exitHint(d, d.Outcome()))
	p.Blank()
	indent := screen.LabelWidth
	name := func(login string) string { return safe.Truncate(safe.Terminal(login), mostLogin) }
	for _, run := range d.Runs {
		indent = max(indent, len(name(run.Organization.Login))+3)
	}
	for _, f := range d.Failed {
		text := "NOT AUDITED: " + safe.Terminal(f.Reason.String())
		p.Hang(screen.Yellow, name(f.Organization), text, "", indent)
	}
	for _, run := range d.Runs {
		text := view.VerdictText(run) + ": " + safe.Terminal(view.Headline(run, view.Count(run)))
		p.Hang(screen.VerdictColor(run), name(run.Organization.Login), text, "", indent)
	}
}

// mostLogin is the length of GitHub's longest login.
const mostLogin = 39

// exitHint names the exit code of an audit; "" for a report that was read back, which is none.
func exitHint(d *view.Document, o audit.Outcome) string {
	switch {
	case d.View.Exit != nil:
		return fmt.Sprintf("exit %d", *d.View.Exit)
	case d.View.Saved:
		return ""
	}
	return fmt.Sprintf("exit %d", view.ExitCode(o))
}

// block is one organization's part of the screen.
type block struct {
	*screen.Page
	*view.Part
	wide bool // shows all that is known of each token
}

func (b *block) write() {
	b.title()
	b.Blank()
	b.verdict()
	b.lines(words.Head(b.Part, !b.Doc.Nameless))
	switch {
	case b.Doc.Nameless:
		b.lines(words.Figures(b.Part))
	case b.wide:
		b.Blank()
		b.wideRows()
	default:
		b.Blank()
		b.rows()
	}
	b.lines(words.Tail(b.Part, words.MostNames))
	b.Blank()
	b.Hints(b.Doc.View.Hints[b.Run])
	b.Blank()
	b.foot()
}

func (b *block) title() {
	s := &b.Run.Summary
	left := safe.Terminal(b.Run.Organization.Login) + "   " + words.Tokens(s)
	right := words.Minute(b.Run.AsOf)
	if long := right + words.Clock(b.Run); safe.Width(left)+safe.Width(long)+2 <= b.Width {
		right = long
	}
	line := safe.Spread(left, right, b.Width)
	login := safe.Terminal(b.Run.Organization.Login)
	if rest, whole := strings.CutPrefix(line, login); whole {
		line = b.Link(words.SettingsURL(b.Run.Organization), login) + rest
	}
	b.Line(line)
}

// verdict says the outcome, and what keeps it from being more.
func (b *block) verdict() {
	exit := ""
	if b.Doc.Single() {
		exit = exitHint(b.Doc, b.Run.Outcome())
	}
	text := safe.Terminal(view.Headline(b.Run, b.Figures))
	start := "there may be more: "
	switch b.Run.Outcome() {
	case audit.Clean:
		b.Say(screen.VerdictColor(b.Run), view.VerdictText(b.Run), text, exit)
		return
	case audit.Violations, audit.ViolationsIncomplete:
		b.Say(screen.VerdictColor(b.Run), "VIOLATIONS", text, exit)
		exit = ""
	case audit.Incomplete:
		start = "cannot say clean: "
	}
	const most = 4
	label := "INCOMPLETE"
	for i, reason := range b.Run.Incomplete.Texts() {
		if i == most && len(b.Run.Incomplete) > most+1 && !b.Doc.View.Verbose && !b.log() {
			b.Say(screen.None, "", fmt.Sprintf("and %d reasons more", len(b.Run.Incomplete)-most), "")
			return
		}
		b.Say(screen.Yellow, label, start+safe.Terminal(reason), exit)
		label, start, exit = "", "", ""
	}
}
