// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"strings"

	"github.com/complytime/pataudit/report/safe"
)

// What Markdown says of one organization before and after its tokens. All of it is short.

// mostMarkdownLines is how many lines a list has before it says "and 5 more".
const mostMarkdownLines = 20

// markdownHead is the verdict, and what it rests on.
func (b *markdownPart) markdownHead(marks bool) string {
	var s strings.Builder
	fmt.Fprintf(&s, "## %s: %s: %s\n\n", safe.MarkdownCell(b.run.Organization.Login),
		verdictText(b.run), headline(b.run, b.figures))
	say := func(label, text string) {
		if text != "" {
			fmt.Fprintf(&s, "- **%s:** %s\n", label, safe.MarkdownCell(text))
		}
	}
	for i, reason := range b.run.Incomplete {
		if i == mostMarkdownLines {
			say("Incomplete", safe.Plural(len(b.run.Incomplete)-i, "reason")+" more")
			break
		}
		say("Incomplete", reason)
	}
	say("Evidence", evidenceText(b.run))
	say("Not seen", strings.Join(b.run.NotSeen, "; "))
	say("Not asked", notAskedText(b.run))
	say("Since last", sinceText(b.run, marks))
	say("Tokens", tokensText(&b.run.Summary)+", "+minute(b.run.AsOf)+clock(b.run))
	if b.run.Debt != nil {
		say("Debt", debtText(b.run.Debt, b.figures))
	}
	if v := &b.doc.View; v.Filter.active() {
		say("Not all tokens are shown", v.Filter.String())
	}
	return s.String() + "\n"
}

// markdownTail is what is due, and which policy judged.
func (b *markdownPart) markdownTail() string {
	var s strings.Builder
	if text := othersText(b.part); text != "" {
		fmt.Fprintf(&s, "**Others:** %s\n\n", safe.MarkdownCell(text))
	}
	if text := goneText(b.run); text != "" {
		fmt.Fprintf(&s, "**Gone:** %s\n\n", safe.MarkdownCell(text))
	}
	if text := overdueText(b.part); text != "" {
		fmt.Fprintf(&s, "**Overdue:** %s\n\n", safe.MarkdownCell(text))
	}
	b.markdownRequests(&s)
	b.markdownExpiring(&s)
	b.markdownDecisions(&s)
	if b.run.Classic != nil {
		fmt.Fprintf(&s, "**Classic tokens:** %s\n\n", safe.MarkdownCell(classicText(b.run)))
	}
	for _, note := range b.markdownNotes() {
		s.WriteString(note + "\n\n")
	}
	return s.String()
}

// markdownNotes name the policy, and say how the document may be used.
func (b *markdownPart) markdownNotes() []string {
	notes := []string{safe.MarkdownCell(policyText(b.part))}
	if by := ratified(b.run.Policy.Ratified); by != "" {
		notes = append(notes, safe.MarkdownCell(by))
	}
	return append(notes, "**Confidential: personal data**")
}

func (b *markdownPart) markdownRequests(s *strings.Builder) {
	text, bad := requestsText(b.run)
	if text == "" {
		return
	}
	fmt.Fprintf(s, "### Pending requests\n\n%s\n\n", safe.MarkdownCell(text))
	t := &markdownTable{columns: []string{"Severity", "Request", "Owner", "Waiting", "Why"}}
	for _, r := range shownRequests(b.part, bad) {
		findings, _ := b.doc.View.choose(r)
		if reason := decisive(b.run, violates, findings); reason != nil {
			t.add(r.New.String(), shortName(r.Token), ownerLogin(r.Token),
				waiting(r.Request, b.run.AsOf), why(reason))
		}
	}
	t.writeSome(s)
}

func (b *markdownPart) markdownExpiring(s *strings.Builder) {
	if len(b.figures.expiring) == 0 {
		return
	}
	s.WriteString("### In use, and expire within 14 days\n\n")
	t := &markdownTable{columns: []string{"Token", "Owner", "Expires in"}}
	for _, token := range b.figures.expiring {
		t.add(shortName(token), ownerLogin(token), expiresText(token, b.run.AsOf))
	}
	t.writeSome(s)
}

func (b *markdownPart) markdownDecisions(s *strings.Builder) {
	if len(b.run.Decisions) == 0 {
		return
	}
	text, lines, _ := toldDecisions(b.run.Decisions)
	fmt.Fprintf(s, "### Decisions\n\n%s\n\n", safe.MarkdownCell(text))
	t := &markdownTable{columns: []string{"State", "Decision"}}
	for _, d := range lines {
		t.add(string(d.State), decisionText(d))
	}
	t.writeSome(s)
}

// writeSome writes the first rows, and counts the others.
func (t *markdownTable) writeSome(s *strings.Builder) {
	more := len(t.rows) - mostMarkdownLines
	if more > 0 {
		t.rows = t.rows[:mostMarkdownLines]
	}
	t.write(s, mostMarkdown)
	if more > 0 {
		fmt.Fprintf(s, "and %d more\n\n", more)
	}
}
