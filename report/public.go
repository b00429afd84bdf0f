// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
)

// What may be read by everybody, as the log of a workflow in a public repository is: verdict,
// evidence and figures.

// namesWithheld says what is missing, and how to get it.
const namesWithheld = "this is a public place, or may be one: names are left out; " +
	"--allow-public shows them, and -o FILE writes them to a file"

// nameless gives the document without what the texts on the whole of it may tell, for writers that
// tell of nothing but the whole.
func (d *Document) nameless() *Document {
	v := &d.View
	public := &Document{
		Several: d.Several, Pseudonymised: d.Pseudonymised, Tool: d.Tool,
		View: View{Width: v.Width, Color: v.Color, Verbose: v.Verbose, Exit: v.Exit},
	}
	for _, f := range d.Failed {
		public.Failed = append(public.Failed, Failure{f.Organization, Impersonal(f.Reason)})
	}
	for _, run := range d.Runs {
		public.Runs = append(public.Runs, impersonalRun(run))
	}
	return public
}

// impersonalRun returns the run with texts on the whole of it that name nobody. Its results are as
// they were.
func impersonalRun(run *audit.Run) *audit.Run {
	copied := *run
	told := &copied
	told.Coverage = slices.Clone(run.Coverage)
	for i := range told.Coverage {
		told.Coverage[i].Reason = Impersonal(told.Coverage[i].Reason)
	}
	told.Incomplete, told.NotSeen = slices.Clone(run.Incomplete), slices.Clone(run.NotSeen)
	for _, texts := range [][]string{told.Incomplete, told.NotSeen} {
		for i := range texts {
			texts[i] = Impersonal(texts[i])
		}
	}
	told.Policy.Name, told.Policy.Ratified = ImpersonalPolicy(run.Policy), nil
	if run.Since != nil {
		since := *run.Since
		since.GoneTokens = nil
		told.Since = &since
	}
	return told
}

// guideName is what the policy is called that every copy of this program has.
const guideName = "complytime token guide, as read by pataudit"

// ImpersonalPolicy names a policy by its digest: its own name is its author's text.
func ImpersonalPolicy(policy audit.PolicyName) string {
	switch {
	case policy.Name == guideName:
		return guideName
	case policy.Digest == "":
		return notTold
	}
	return shortDigest(policy.Digest)
}

func writePublicTable(w io.Writer, d *Document) error {
	d = d.nameless()
	p := newPage(w, &d.View)
	if !d.single() {
		p.total(d)
		p.blank()
	}
	for i, run := range d.Runs {
		if i > 0 {
			p.blank()
		}
		b := &block{page: p, run: run, doc: d, figures: count(run)}
		b.title()
		b.blank()
		b.verdict()
		b.evidence()
		b.since(false)
		b.debt()
		for _, figure := range b.publicFigures() {
			b.say(
				sgrNone,
				strings.ToUpper(figure.label),
				safe.Terminal(strings.Join(figure.parts, ", ")),
				"",
			)
		}
		b.blank()
		b.line(" " + b.policyText())
	}
	p.blank()
	p.say(sgrDim, "WITHHELD", namesWithheld, "")
	return p.w.Flush()
}

func writePublicMarkdown(w io.Writer, d *Document) error {
	d = d.nameless()
	out := bufio.NewWriter(w)
	if !d.single() {
		_, _ = out.WriteString(d.markdownTotal(mostMarkdown / 2))
	}
	for _, run := range d.Runs {
		b := &block{run: run, doc: d, figures: count(run)}
		_, _ = out.WriteString(strings.TrimSuffix(b.markdownHead(false), "\n"))
		for _, figure := range b.publicFigures() {
			figure.markdown(out)
		}
		_, _ = fmt.Fprintf(out, "\n%s\n\n", safe.MarkdownCell(b.policyText()))
	}
	_, _ = fmt.Fprintf(out, "%s\n", safe.MarkdownCell(namesWithheld))
	return out.Flush()
}

// publicFigure is what is counted under a label: one text, or one for each rule.
type publicFigure struct {
	label string
	parts []string
}

// markdown writes an item of a list; what has parts, which may be many, is a list of its own.
func (f *publicFigure) markdown(out *bufio.Writer) {
	if len(f.parts) == 1 {
		_, _ = fmt.Fprintf(out, "- **%s:** %s\n", f.label, safe.MarkdownCell(f.parts[0]))
		return
	}
	_, _ = fmt.Fprintf(out, "- **%s:**\n", f.label)
	for _, part := range f.parts {
		_, _ = fmt.Fprintf(out, "  - %s\n", safe.MarkdownCell(part))
	}
}

// publicFigures counts, by severity and rule, and by state.
func (b *block) publicFigures() (figures []*publicFigure) {
	add := func(label string, parts ...string) {
		if strings.Join(parts, "") != "" {
			figures = append(figures, &publicFigure{label, parts})
		}
	}
	s := &b.run.Summary
	worst := withExpired(s.ByWorst[:], b.figures.expired[:])
	add("Worst", "tokens by their worst finding: "+orNone(worst))
	add("Findings", withExpired(s.BySeverity[:], b.figures.lapsed[:]))
	var failing, open []string
	for i := range b.run.Rules {
		r := &b.run.Rules[i]
		if n := r.Counts[audit.Fail]; n > 0 {
			failing = append(failing, fmt.Sprintf("%d %s", n, r.Rule.ID))
		}
		if n := r.Counts[audit.Indeterminate]; n > 0 {
			open = append(open, fmt.Sprintf("%d %s", n, r.Rule.ID))
		}
	}
	add("Rules", failing...)
	add("Not judged", open...)
	add("Others", b.othersText())
	if n := len(b.figures.expiring); n > 0 {
		add("Expiring", fmt.Sprintf("%d in use, within 14 days", n))
	}
	if n := b.run.Summary.Overdue; n > 0 {
		add("Overdue", safe.Plural(n, "finding")+" past the due date")
	}
	if len(b.run.Decisions) > 0 {
		counts, _, _ := toldDecisions(b.run.Decisions)
		add("Decisions", counts)
	}
	waiting, _ := b.requestsText()
	add("Requests", waiting)
	if b.run.Classic != nil {
		add("Classic", classicText(b.run))
	}
	return figures
}
