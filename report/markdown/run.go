// SPDX-License-Identifier: Apache-2.0

package markdown

import (
	"fmt"
	"strings"

	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// What Markdown shows of one organization before and after its tokens. All of it is short.

// mostLines is how many lines a list has before it says "and 5 more".
const mostLines = 20

// head is the verdict, and what it rests on.
func (b *part) head() string {
	var s strings.Builder
	fmt.Fprintf(&s, "## %s: %s: %s\n\n", safe.Markdown(b.Run.Organization.Login),
		view.VerdictText(b.Run), view.Headline(b.Run, b.Figures))
	say := func(label, text string) {
		if text != "" {
			fmt.Fprintf(&s, "- **%s:** %s\n", label, safe.Markdown(text))
		}
	}
	for i, reason := range b.Run.Incomplete.Texts() {
		if i == mostLines {
			say("Incomplete", safe.Plural(len(b.Run.Incomplete)-i, "reason")+" more")
			break
		}
		say("Incomplete", reason)
	}
	say("Tokens", words.Tokens(&b.Run.Summary)+", "+words.Minute(b.Run.AsOf)+words.Clock(b.Run))
	if address := words.SettingsURL(b.Run.Organization); address != "" && !b.Doc.Nameless {
		fmt.Fprintf(&s, "- **Review and revoke them:** <%s>\n", address)
	}
	lines := words.Head(b.Part, !b.Doc.Nameless)
	if b.Doc.Nameless {
		lines = append(lines, words.Figures(b.Part)...)
	}
	for _, l := range lines {
		say(l.Topic.Label(), l.Text)
	}
	return s.String() + "\n"
}

// tail is what is due, and which policy judged.
func (b *part) tail() string {
	var s strings.Builder
	for _, l := range words.Tail(b.Part, mostLines) {
		start := fmt.Sprintf("**%s:** %%s\n\n", l.Topic.Label())
		t := b.table(l.Topic)
		if t != nil {
			start = fmt.Sprintf("### %s\n\n%%s\n\n", l.Topic.Label())
		}
		fmt.Fprintf(&s, start, safe.Markdown(l.Text))
		t.writeSome(&s)
	}
	for _, text := range words.Signature(b.Part) {
		s.WriteString(safe.Markdown(text) + "\n\n")
	}
	if !b.Doc.Nameless {
		s.WriteString("**Confidential: personal data**\n\n")
	}
	return s.String()
}

// table returns what a line counts one by one; nil if that is not shown.
func (b *part) table(topic words.Topic) *Table {
	if b.Doc.Nameless {
		return nil
	}
	switch topic {
	case words.TopicRequests:
		return b.requests()
	case words.TopicDecisions:
		return b.decisions()
	default:
		return nil
	}
}

func (b *part) requests() *Table {
	_, bad := words.Requests(b.Run)
	t := &Table{Columns: []string{"Severity", "Request", "Owner", "Waiting", "Why"}}
	for _, r := range words.ShownRequests(b.Part, bad) {
		findings, _ := b.Doc.View.Choose(r)
		if reason := view.Decisive(b.Run, view.Violates, findings); reason != nil {
			t.Add(r.New.String(), safe.MarkdownCode(words.ShortName(r.Token)),
				safe.Markdown(words.OwnerLogin(r.Token)), words.Waiting(r.Request, b.Run.AsOf),
				why(reason.Rule.Rule.ID, words.Why(reason)))
		}
	}
	return t
}

func (b *part) decisions() *Table {
	_, lines, _ := words.Decisions(b.Run.Decisions)
	t := &Table{Columns: []string{"State", "Decision"}}
	for _, d := range lines {
		t.Add(string(d.State), safe.Markdown(words.Decision(d)))
	}
	return t
}

// writeSome writes the first rows, and counts the others.
func (t *Table) writeSome(s *strings.Builder) {
	if t == nil {
		return
	}
	more := len(t.rows) - mostLines
	if more > 0 {
		t.rows = t.rows[:mostLines]
	}
	t.Write(s, most)
	if more > 0 {
		fmt.Fprintf(s, "and %d more\n\n", more)
	}
}
