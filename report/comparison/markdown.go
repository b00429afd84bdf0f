// SPDX-License-Identifier: Apache-2.0

package comparison

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/complytime/pataudit/report/markdown"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// mostMarkdown is the largest size of a comparison in Markdown, in bytes: the body of an issue
// holds 65,536 characters.
const mostMarkdown = 60 << 10

// mostLine is how many columns a line outside the table has: however much of it has to be escaped,
// there is room for rows.
const mostLine = 200

// writeMarkdown writes the comparison for an issue. What does not fit is left out by whole rows,
// the least pressing first, and is counted. Nobody is mentioned: see [safe.Markdown].
func writeMarkdown(w io.Writer, c *Comparison) error {
	_, err := io.WriteString(w, strings.TrimRight(c.markdownText(mostMarkdown), "\n")+"\n")
	return err
}

func (c *Comparison) markdownText(limit int) string {
	var s strings.Builder
	if c.equal() {
		return safe.Markdown(c.nothing())
	}
	fmt.Fprintf(&s, "## %s: what changed\n\n", safe.Markdown(c.New.Organization.Login))
	before, now := c.verdicts()
	f := c.figures()
	lines := [][2]string{{"Compared", c.title()}}
	if c.Policies {
		lines = append(lines, [2]string{"Policy", c.shift().String()})
	}
	lines = append(lines, [][2]string{
		{"Changed", cmp.Or(f.String(), "none")}, {"Now", now}, {"Before", before},
	}...)
	for _, note := range c.notes() {
		lines = append(lines, [2]string{"Note", note})
	}
	for _, setting := range c.settings() {
		lines = append(lines, [2]string{"Setting", setting.text(c)})
	}
	for _, line := range lines {
		fmt.Fprintf(&s, "- **%s:** %s\n", line[0], safe.Markdown(safe.Truncate(line[1], mostLine)))
	}
	s.WriteString("\n")
	if c.Nameless {
		return s.String() + safe.Markdown(words.NamesWithheld)
	}
	const foot = "**Confidential: personal data**"
	c.markdownRows(&s, limit-len(foot)-2*markdown.MostNote)
	return s.String() + foot
}

func (c *Comparison) markdownRows(s *strings.Builder, limit int) {
	rows, groups := c.split()
	var others strings.Builder
	for i := range groups {
		g := &groups[i]
		text := fmt.Sprintf("%s: %s", safe.Plural(len(g.tokens), "token"), g.names(words.MostNames))
		fmt.Fprintf(&others, "- **%s:** %s\n", safe.Markdown(g.label),
			safe.Markdown(safe.Truncate(text, mostLine)))
	}
	t := &markdown.Table{Columns: []string{"Fails now", "Token", "Token id", "Owner", "What changed"}}
	for _, d := range rows {
		t.Add(d.Severity().String(),
			safe.MarkdownCode(safe.Truncate(words.TokenNameOf(d.Token()), markdown.MostTokenName)),
			safe.Markdown(view.TokenID(d.Token())),
			safe.Markdown(safe.Truncate(words.OwnerLogin(d.Token()), markdown.MostTokenName)),
			safe.Markdown(deltaText(d)))
	}
	if n := t.Write(s, limit-s.Len()-others.Len()); n < len(rows) {
		fmt.Fprintf(s, "**Truncated:** %d of %d changed tokens in this table; the comparison in JSON "+
			"has all of them.\n\n", n, len(rows))
	}
	if others.Len() > 0 {
		s.WriteString(others.String() + "\n")
	}
}
