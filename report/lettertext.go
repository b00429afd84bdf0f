// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
)

// Write writes the letter in Markdown.
func (l *Letter) Write(w io.Writer) error {
	t := &letterText{bufio.NewWriter(w)}
	for _, part := range l.parts {
		t.line("# Your tokens in %s", MarkdownCell(part.run.Organization.Login))
		t.start(part)
		for _, r := range part.breaking {
			t.breaking(part.run, r, l.view)
		}
		t.expiring(part)
		t.steps(part)
	}
	return t.w.Flush()
}

// letterText writes paragraphs. Its buffer keeps the first error.
type letterText struct{ w *bufio.Writer }

// line writes a paragraph of texts that are safe already.
func (t *letterText) line(format string, args ...any) {
	_, _ = fmt.Fprintf(t.w, format+"\n\n", args...)
}

// item writes an item of a list, unless its text is empty. The text is made safe.
func (t *letterText) item(label, text string) {
	if text != "" {
		_, _ = fmt.Fprintf(t.w, "- **%s:** %s\n", label, MarkdownCell(text))
	}
}

// list is items of several words, in as many as they need to be whole.
func (t *letterText) list(label string, words []string) {
	const most = 250 // columns
	for len(words) > 0 {
		text, n := words[0], 1
		for ; n < len(words) && len(text)+len(words[n]) < most; n++ {
			text += ", " + words[n]
		}
		t.item(label, text)
		words = words[n:]
	}
}

// end ends a list.
func (t *letterText) end() { _ = t.w.WriteByte('\n') }

func (t *letterText) start(part *letterPart) {
	n := len(part.breaking)
	text := "On " + dayOf(part.run.AsOf)
	if n > 0 {
		text += fmt.Sprintf(", %s of yours %s the policy %s", plural(n, "fine-grained token"),
			breaks(n), part.run.Policy.Name)
	}
	if soon := len(part.expiring); soon > 0 {
		if n > 0 {
			text += "; and"
		} else {
			text += ","
		}
		text += fmt.Sprintf(" %s in use will expire within 14 days", plural(soon, "token"))
	}
	if text += "."; !part.run.Complete || part.partial {
		text += " Not all was seen: there may be more."
	}
	t.line("%s", MarkdownCell(text))
}

// breaking tells what is wrong with a token, since when, and what to have instead.
func (t *letterText) breaking(run *audit.Run, r *audit.Result, v *View) {
	token := r.Token
	t.line("## %s", MarkdownCell(letterName(token)))
	findings, _ := v.choose(r)
	findings = slices.DeleteFunc(slices.Clone(findings), func(f *audit.Finding) bool {
		return !counts(f)
	})
	slices.SortStableFunc(findings, func(a, b *audit.Finding) int {
		return int(b.Severity) - int(a.Severity)
	})
	t.line("What is wrong:")
	for _, f := range findings {
		text := f.Rule.Rule.ID + ": " + f.Message
		if more := beyond(f); len(more) > 0 {
			text += "; a waiver until " + dayOf(f.Exceeded.Until) + " does not cover it: " +
				strings.Join(more, ", ")
		}
		t.item(f.Severity.String(), text)
	}
	t.end()
	t.line("Since when:")
	t.item("Dates", letterDates(run, token))
	for _, text := range letterDecisions(run, token) {
		t.item("Decided", text)
	}
	t.end()
	t.line("Settings for its replacement:")
	t.settings(run, token, findings)
	t.end()
}

// letterName names a token as its owner knows it.
func letterName(t *audit.Token) string {
	if t.Name == "" {
		return fmt.Sprintf("The token %d", t.TokenID)
	}
	return t.Name
}

// letterDates leaves out who approved the token.
func letterDates(run *audit.Run, t *audit.Token) string {
	mine := *t
	mine.ApprovedBy = ""
	return datesText(run, &audit.Result{Token: &mine})
}

// letterDecisions tells what is to be done by a day, and which waiver has ended.
func letterDecisions(run *audit.Run, t *audit.Token) (texts []string) {
	for i := range run.Decisions {
		d := &run.Decisions[i]
		if d.Token != t {
			continue
		}
		until := dayOf(d.Decision.Until)
		due := map[string]string{audit.Revoke: "to be revoked by ", audit.Reduce: "to be reduced by "}
		switch kind := d.Decision.Kind; {
		case due[kind] != "" && d.State == audit.DecisionUsed:
			texts = append(texts, due[kind]+until)
		case due[kind] != "" && d.State == audit.DecisionOverdue:
			texts = append(texts, "was "+due[kind]+until+", which is over")
		case kind == audit.Waive && d.State == audit.DecisionExpired:
			texts = append(texts, "the waiver of "+d.Decision.Rule+" ended on "+until)
		}
	}
	return texts
}

func (t *letterText) settings(run *audit.Run, token *audit.Token, findings []*audit.Finding) {
	t.item("Resource owner", run.Organization.Login)
	for i, f := range findings {
		if remedy := f.Rule.Rule.Remedy; !slices.ContainsFunc(findings[:i],
			func(other *audit.Finding) bool { return other.Rule.Rule.Remedy == remedy }) {
			t.item("Change", remedy)
		}
	}
	var stay, rest []string
	for _, p := range token.Permissions {
		text := strings.TrimPrefix(p.String(), audit.GroupRepository+":")
		if slices.ContainsFunc(findings, func(f *audit.Finding) bool {
			return slices.Contains(f.Basis, p.String())
		}) {
			rest = append(rest, text)
		} else {
			stay = append(stay, text)
		}
	}
	t.list("Permissions that may stay", stay)
	t.list("Permissions that are part of what is wrong", rest)
	t.item("It reaches now", reachText(run, token, mostHTMLListed))
}

func (t *letterText) expiring(part *letterPart) {
	if len(part.expiring) == 0 {
		return
	}
	t.line("## In use, and soon expired")
	for _, token := range part.expiring {
		t.item(MarkdownCell(letterName(token)), "expires on "+dayOf(token.ExpiresAt)+
			"; renew it if it is still needed")
	}
	t.end()
}

// steps say where to click, what happens otherwise, and how to answer.
func (t *letterText) steps(part *letterPart) {
	t.line("## What to do")
	page := "your settings on GitHub, under fine-grained personal access tokens"
	if host := part.run.Organization.Host; plainHost.MatchString(host) {
		page = "<https://" + host + "/settings/personal-access-tokens>"
	}
	if len(part.breaking) == 0 {
		t.line("1. Open %s.\n2. Renew what is still needed, and delete the rest.", page)
		return
	}
	t.line("1. Open %s.\n2. Make a new token with the settings above, and put it where the old one "+
		"is used; or delete the old one, if nothing needs it.\n3. Delete the old one.", page)
	t.line("If nothing is done, each audit goes on to report these tokens as breaking the policy.")
	t.line("If a token has to stay as it is, answer with its name, the reason, who needs it, and " +
		"until when. The reviewers of the organization decide whether to accept that, and for how " +
		"long.")
}
