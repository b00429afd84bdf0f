// SPDX-License-Identifier: Apache-2.0

package report

// htmlRule explains a rule.
type htmlRule struct {
	ID, Title, Remedy, Severity, Guide string
	Parts                              []htmlPart
}

// htmlPart is a block of a rule's page, or several items in a row.
type htmlPart struct {
	Kind  string
	Text  string
	Items []string
	Lines []string
	Rows  [][]string
}

// htmlRules explains each rule once, however many organizations there are.
func (d *Document) htmlRules() (rules []htmlRule) {
	seen := map[string]bool{}
	for _, run := range d.Runs {
		for i := range run.Rules {
			r := &run.Rules[i]
			if seen[r.Rule.ID] {
				continue
			}
			seen[r.Rule.ID] = true
			rules = append(rules, htmlRule{
				ID: HTMLText(r.Rule.ID), Title: HTMLText(r.Rule.Title),
				Remedy: HTMLText(r.Rule.Remedy), Severity: r.Severity.String(),
				Guide: HTMLText(r.Rule.Guide), Parts: htmlParts(partsOf(r.Rule.Doc)),
			})
		}
	}
	return rules
}

// htmlParts leaves out the page's title and the table below it, which the rule itself tells.
func htmlParts(parts []part) (list []htmlPart) {
	kinds := map[partKind]string{
		paragraph: "paragraph", heading: "heading", quotation: "quotation", item: "items",
		code: "code", grid: "grid",
	}
	for i, p := range parts {
		last := len(list) - 1
		switch {
		case i == 0 && p.kind == heading, i == 1 && p.kind == grid:
			continue
		case p.kind == item && last >= 0 && list[last].Kind == "items":
			list[last].Items = append(list[last].Items, HTMLText(p.text))
			continue
		}
		next := htmlPart{Kind: kinds[p.kind], Text: HTMLText(p.text), Rows: p.rows}
		if p.kind == item {
			next.Items = []string{next.Text}
		}
		for _, line := range p.lines {
			next.Lines = append(next.Lines, HTMLText(line))
		}
		list = append(list, next)
	}
	return list
}
