// SPDX-License-Identifier: Apache-2.0

package letters

import (
	"bufio"
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

// Write writes the letter in Markdown.
func (l *Letter) Write(w io.Writer) error {
	t := &writer{w: bufio.NewWriter(w), prefill: l.Prefill}
	for _, part := range l.parts {
		t.heading(part)
		t.start(part)
		for _, r := range part.breaking {
			t.breaking(part, r, l.view)
		}
		t.expiring(part)
		t.steps(part, l.view)
	}
	slices.Sort(t.rules)
	_, _ = t.w.WriteString(rulepage.MarkdownAddresses(slices.Compact(t.rules)))
	return t.w.Flush()
}

// writer writes paragraphs. Its buffer keeps the first error.
type writer struct {
	w       *bufio.Writer
	prefill bool
	rules   []string // that the letter links to, by id
}

// line writes a paragraph of texts that are safe already.
func (t *writer) line(format string, args ...any) {
	_, _ = fmt.Fprintf(t.w, format+"\n\n", args...)
}

// item writes an item of a list, unless its text is empty. The text is made safe.
func (t *writer) item(label, text string) {
	if text != "" {
		_, _ = fmt.Fprintf(t.w, "- **%s:** %s\n", label, safe.Markdown(text))
	}
}

// sublist writes an item of several, each of which is whole and made safe.
func (t *writer) sublist(label string, texts []string) {
	if len(texts) == 0 {
		return
	}
	_, _ = fmt.Fprintf(t.w, "- **%s:**\n", label)
	for _, text := range texts {
		_, _ = fmt.Fprintf(t.w, "  - %s\n", safe.Markdown(text))
	}
}

// end ends a list.
func (t *writer) end() { _ = t.w.WriteByte('\n') }

// heading writes whose tokens a part is about, and to a contact why the letter is theirs.
func (t *writer) heading(part *part) {
	organization := safe.Markdown(part.run.Organization.Login)
	bot := part.bot
	if bot == nil {
		t.line("# Your tokens in %s", organization)
		return
	}
	login := safe.Markdown(bot.Login)
	t.line("# Tokens of %s in %s", login, organization)
	of := safe.Join(", ", safe.Around("team ", bot.Team, ""),
		safe.Around("service ", bot.Service, ""))
	t.line("You answer for %s%s, as the organization's registry has it. Sign in as that account for "+
		"what is to be done here; if somebody else answers for it now, tell the reviewers.", login,
		safe.Around(" (", safe.Markdown(of), ")"))
}

func (t *writer) start(part *part) {
	n := len(part.breaking)
	text := "On " + view.DayOf(part.run.AsOf)
	if n > 0 {
		whose := " of yours"
		if part.bot != nil {
			whose = ""
		}
		text += fmt.Sprintf(", %s%s %s the policy %s", safe.Plural(n, "fine-grained token"), whose,
			view.Breaks(n), part.run.Policy.Name)
		if late := part.late(); late > 0 {
			text += fmt.Sprintf(", %d of them past the due date", late)
		}
	}
	if soon := len(part.expiring); soon > 0 {
		if n > 0 {
			text += "; and"
		} else {
			text += ","
		}
		text += fmt.Sprintf(" %s in use will expire within 14 days", safe.Plural(soon, "token"))
	}
	if text += "."; !part.run.Complete || part.partial {
		text += " Not all was seen: there may be more."
	}
	t.line("%s", safe.Markdown(text))
}

// breaking writes what is wrong with a token, since when, and what to do about it.
func (t *writer) breaking(part *part, r *audit.Result, v *view.View) {
	token := r.Token
	heading := nameOf(token)
	if token.TokenID != 0 && token.Name != "" {
		heading += fmt.Sprintf(" (token %d)", token.TokenID)
	}
	t.line("## %s", heading)
	findings := findingsOf(r, v)
	t.line("What is wrong:")
	for _, f := range findings {
		text := f.Message
		if part.bot == nil {
			text = words.ToOwner.Replace(text)
		}
		switch more := strings.Join(f.More, ", "); {
		case f.Exceeded != nil:
			text += "; a waiver until " + view.DayOf(f.Exceeded.Until) + " does not cover it: " + more
		case more != "":
			text += "; more than accepted debt: " + more
		}
		t.finding(f, text)
	}
	t.end()
	t.line("Since when:")
	t.item("Dates", datesOf(part.run, token))
	for _, f := range findings {
		label := "Known"
		if view.IsNew(part.run, f) {
			label = "New"
		}
		t.item(label, termOf(f))
	}
	for _, text := range decisionsOf(part.run, token) {
		t.item("Decided", text)
	}
	t.end()
	t.advice(part, r, findings)
}

// findingsOf returns the findings of a token that a letter lists, the worst first.
func findingsOf(r *audit.Result, v *view.View) []*audit.Finding {
	findings, _ := v.Choose(r)
	findings = slices.DeleteFunc(slices.Clone(findings), func(f *audit.Finding) bool {
		return !counts(f)
	})
	slices.SortStableFunc(findings, func(a, b *audit.Finding) int {
		return int(b.Severity) - int(a.Severity)
	})
	return findings
}

// finding writes an item about a finding, with a link to the page of its rule.
func (t *writer) finding(f *audit.Finding, text string) {
	id := f.Rule.Rule.ID
	t.rules = append(t.rules, id)
	_, _ = fmt.Fprintf(t.w, "- **%s:** %s: %s\n", f.Severity, rulepage.MarkdownLink(id),
		safe.Markdown(text))
}

// nameOf returns the name of a token as its owner knows it, in Markdown.
func nameOf(t *audit.Token) string {
	if t.Name == "" {
		return fmt.Sprintf("The token %d", t.TokenID)
	}
	return safe.MarkdownCode(t.Name)
}

// datesOf returns instants alone: a text may name somebody else.
func datesOf(run *audit.Run, t *audit.Token) string {
	instants := func(f *view.TokenFact, fact view.Fact) string {
		if fact.Text != "" {
			return ""
		}
		return f.Verb + " " + words.Ago(fact, run.AsOf)
	}
	return strings.Join(words.Life(&audit.Result{Token: t}, instants), "; ")
}

// decisionsOf returns what is to be done by a day, and which waiver has ended.
func decisionsOf(run *audit.Run, t *audit.Token) (texts []string) {
	for i := range run.Decisions {
		d := &run.Decisions[i]
		if d.Token != t {
			continue
		}
		until := view.DayOf(d.Decision.Until)
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

func (t *writer) expiring(part *part) {
	if len(part.expiring) == 0 {
		return
	}
	t.line("## In use, and soon expired")
	for _, token := range part.expiring {
		t.item(nameOf(token), "expires on "+view.DayOf(token.ExpiresAt)+
			"; renew it if it is still needed")
	}
	t.end()
}

// The pages of an owner's tokens.
const (
	tokensPath   = "/settings/personal-access-tokens"
	newTokenPath = tokensPath + "/new"
)

// steps writes where to click, what happens otherwise, and how to answer.
func (t *writer) steps(part *part, v *view.View) {
	t.line("## How to do it")
	list := "your settings on GitHub: Developer settings, Personal access tokens, Fine-grained tokens"
	form := list + ", **Generate new token**"
	if host := part.run.Organization.Host; words.PlainHost.MatchString(host) {
		list = "<https://" + host + tokensPath + ">"
		form = "<https://" + host + newTokenPath + "> (**Generate new token** in " +
			"the list of your tokens)"
	}
	fates := make([]fate, len(part.breaking))
	for i, r := range part.breaking {
		fates[i] = fateOf(part.run, r.Token, findingsOf(r, v))
	}
	switch remove := "Open " + list + ". To the right of "; {
	case len(part.breaking) == 0:
		t.line("1. %s", "Open "+list+".\n2. Renew what is still needed: click its name, then "+
			"**Regenerate token**. To the right of what is not, click **Delete**.")
		return
	case slices.Contains(fates, replaced):
		t.line("1. %s", "Open "+form+", fill in the settings above, and click **Generate token**. "+
			"Copy it: GitHub shows it once.\n2. Put it where the old one is used, once the "+
			"organization has approved it.\n3. "+remove+"the old one, and of each token that is to "+
			"go or that nothing needs, click **Delete**.")
	case slices.Contains(fates, deleted):
		t.line("1. %s", remove+"each token that is to go, click **Delete**.")
	}
	t.line("If nothing is done, each audit goes on to report these tokens as breaking the policy.")
	t.line("If a token has to stay as it is, answer with its name, the reason, who needs it, and " +
		"until when. The reviewers of the organization decide whether to accept that, and for how " +
		"long.")
}

// What a letter has from a history: since when the organization knows of something, and until when
// it waits.

// late counts the tokens with a finding that is overdue.
func (l *part) late() (n int) {
	for _, r := range l.breaking {
		n += view.Overdue(r)
	}
	return n
}

// termOf returns since when a finding is known, and by when it has to be gone.
func termOf(f *audit.Finding) string {
	if f.FirstSeen.IsZero() {
		return ""
	}
	text := f.Rule.Rule.ID + view.On(" since ", f.FirstSeen)
	if f.Overdue {
		return text + view.On("; was due by ", f.Due) + ", which is over"
	}
	return text + view.On("; due by ", f.Due)
}
