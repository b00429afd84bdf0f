// SPDX-License-Identifier: Apache-2.0

package sarif

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/complytime/pataudit/report/rulepage"
)

// helpPage is a rule's page in the order in which a reader of an alert needs it: what is wrong and
// what to do about it first, and the tables about the rule itself last.
func helpPage(page string) string {
	sections := strings.Split(page, "\n## ")
	_, tables, _ := strings.Cut(sections[0], "\n") // below the title, which is the alert's
	sections = sections[1:]
	var help []string
	for _, title := range []string{"What", "Remedy", "Why"} {
		i := slices.IndexFunc(sections, func(s string) bool { return strings.HasPrefix(s, title+"\n") })
		if i < 0 {
			continue
		}
		text := "## " + sections[i]
		if title == "What" {
			text = strings.TrimPrefix(sections[i], title+"\n")
		}
		help = append(help, strings.TrimSpace(text))
		sections = slices.Delete(sections, i, i+1)
	}
	for _, s := range sections {
		help = append(help, strings.TrimSpace("## "+s))
	}
	if tables = strings.TrimSpace(tables); tables != "" {
		help = append(help, "## The rule\n\n"+tables)
	}
	return strings.Join(help, "\n\n")
}

// plainPage is a rule's page without its marks.
func plainPage(page string) string {
	var s strings.Builder
	for _, p := range rulepage.Blocks(page) {
		switch p.Kind {
		case rulepage.Heading:
			fmt.Fprintf(&s, "\n%s\n", p.Text)
		case rulepage.Item:
			fmt.Fprintf(&s, "- %s\n", p.Text)
		case rulepage.Code:
			fmt.Fprintf(&s, "\n%s\n", strings.Join(p.Lines, "\n"))
		case rulepage.Table:
			for _, row := range p.Rows {
				if text := strings.Trim(strings.Join(row, ": "), ": "); text != "" {
					fmt.Fprintf(&s, "%s\n", text)
				}
			}
		case rulepage.Paragraph, rulepage.Quotation:
			fmt.Fprintf(&s, "\n%s\n", p.Text)
		}
	}
	return strings.TrimSpace(s.String())
}

var (
	pageLink    = regexp.MustCompile(`\]\(([a-z0-9-]+)\.md\)`)
	sectionLink = regexp.MustCompile(`\]\((#[a-z0-9-]+)\)`)
)

// linkedPage is a rule's page whose links to other rules' pages, and to its own sections, hold
// wherever it is shown.
func linkedPage(page, rule string) string {
	page = pageLink.ReplaceAllString(page, "]("+rulepage.URI("$1")+")")
	return sectionLink.ReplaceAllString(page, "]("+rulepage.URI(rule)+"$1)")
}
