// SPDX-License-Identifier: Apache-2.0

package markdown

import (
	"fmt"
	"strings"

	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// What Markdown says of one organization before and after its tokens. All of it is short.

// mostLines is how many lines a list has before it says "and 5 more".
const mostLines = 20

// head is the verdict, and what it rests on.
func (b *part) head(marks bool) string {
	var s strings.Builder
	fmt.Fprintf(&s, "## %s: %s: %s\n\n", safe.MarkdownCell(b.Run.Organization.Login),
		view.VerdictText(b.Run), view.Headline(b.Run, b.Figures))
	say := func(label, text string) {
		if text != "" {
			fmt.Fprintf(&s, "- **%s:** %s\n", label, safe.MarkdownCell(text))
		}
	}
	for i, reason := range b.Run.Incomplete {
		if i == mostLines {
			say("Incomplete", safe.Plural(len(b.Run.Incomplete)-i, "reason")+" more")
			break
		}
		say("Incomplete", reason)
	}
	say("Evidence", words.Evidence(b.Run))
	say("Not seen", words.NotSeen(b.Run))
	say("Not asked", words.NotAsked(b.Run))
	say("Since last", words.Since(b.Run, marks))
	say("Tokens", words.Tokens(&b.Run.Summary)+", "+words.Minute(b.Run.AsOf)+words.Clock(b.Run))
	if b.Run.Debt != nil {
		say("Debt", words.Debt(b.Run.Debt, b.Figures))
	}
	if v := &b.Doc.View; v.Filter.Active() {
		say("Not all tokens are shown", v.Filter.String())
	}
	return s.String() + "\n"
}

// tail is what is due, and which policy judged.
func (b *part) tail() string {
	var s strings.Builder
	if text := words.Others(b.Part); text != "" {
		fmt.Fprintf(&s, "**Others:** %s\n\n", safe.MarkdownCell(text))
	}
	if text := words.Gone(b.Run); text != "" {
		fmt.Fprintf(&s, "**Gone:** %s\n\n", safe.MarkdownCell(text))
	}
	if text := words.Overdue(b.Part); text != "" {
		fmt.Fprintf(&s, "**Overdue:** %s\n\n", safe.MarkdownCell(text))
	}
	b.requests(&s)
	b.expiring(&s)
	b.decisions(&s)
	if b.Run.Classic != nil {
		fmt.Fprintf(&s, "**Classic tokens:** %s\n\n", safe.MarkdownCell(words.Classic(b.Run)))
	}
	for _, note := range b.notes() {
		s.WriteString(note + "\n\n")
	}
	return s.String()
}

// notes name the policy, and say how the document may be used.
func (b *part) notes() []string {
	notes := []string{safe.MarkdownCell(words.Policy(b.Part))}
	if by := words.Ratified(b.Run.Policy.Ratified); by != "" {
		notes = append(notes, safe.MarkdownCell(by))
	}
	return append(notes, "**Confidential: personal data**")
}

func (b *part) requests(s *strings.Builder) {
	text, bad := words.Requests(b.Run)
	if text == "" {
		return
	}
	fmt.Fprintf(s, "### Pending requests\n\n%s\n\n", safe.MarkdownCell(text))
	t := &Table{Columns: []string{"Severity", "Request", "Owner", "Waiting", "Why"}}
	for _, r := range words.ShownRequests(b.Part, bad) {
		findings, _ := b.Doc.View.Choose(r)
		if reason := view.Decisive(b.Run, view.Violates, findings); reason != nil {
			t.Add(r.New.String(), words.ShortName(r.Token), words.OwnerLogin(r.Token),
				words.Waiting(r.Request, b.Run.AsOf), words.Why(reason))
		}
	}
	t.writeSome(s)
}

func (b *part) expiring(s *strings.Builder) {
	if len(b.Figures.Expiring) == 0 {
		return
	}
	s.WriteString("### In use, and expire within 14 days\n\n")
	t := &Table{Columns: []string{"Token", "Owner", "Expires in"}}
	for _, token := range b.Figures.Expiring {
		t.Add(words.ShortName(token), words.OwnerLogin(token), words.ExpiresText(token, b.Run.AsOf))
	}
	t.writeSome(s)
}

func (b *part) decisions(s *strings.Builder) {
	if len(b.Run.Decisions) == 0 {
		return
	}
	text, lines, _ := words.Decisions(b.Run.Decisions)
	fmt.Fprintf(s, "### Decisions\n\n%s\n\n", safe.MarkdownCell(text))
	t := &Table{Columns: []string{"State", "Decision"}}
	for _, d := range lines {
		t.Add(string(d.State), words.Decision(d))
	}
	t.writeSome(s)
}

// writeSome writes the first rows, and counts the others.
func (t *Table) writeSome(s *strings.Builder) {
	more := len(t.rows) - mostLines
	if more > 0 {
		t.rows = t.rows[:mostLines]
	}
	t.Write(s, most)
	if more > 0 {
		fmt.Fprintf(s, "and %d more\n\n", more)
	}
}
