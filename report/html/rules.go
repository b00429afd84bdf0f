// SPDX-License-Identifier: Apache-2.0

package html

import (
	"slices"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/rulepage"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// rulePage explains a rule.
type rulePage struct {
	ID, Title, Remedy, Severity, Guide string
	Fails                              bool // of a token or a request: it is printed, too
	Sections                           []section
}

// section is a part of a rule's page; the first one may have no title.
type section struct {
	Title   string
	Printed bool // it explains the rule, or says what to do
	Parts   []paragraph
}

// paragraph is a block of a rule's page, or several items in a row.
type paragraph struct {
	Kind  string
	Text  string
	Items []string
	Lines []string
	Rows  [][]string
}

// meaningsOf returns how each rule's page explains the elements of a finding's basis.
func meaningsOf(run *audit.Run) map[string]map[string]string {
	told := map[string]map[string]string{}
	for i := range run.Rules {
		rule := run.Rules[i].Rule
		told[rule.ID] = rulepage.Meanings(rulepage.Blocks(rule.Doc))
	}
	return told
}

// rulePagesOf returns the page of each rule once, however many organizations there are.
func rulePagesOf(d *view.Document) (rules []rulePage) {
	seen, failing := map[string]bool{}, failingRules(d.Runs)
	for _, run := range d.Runs {
		for i := range run.Rules {
			r := &run.Rules[i]
			if seen[r.Rule.ID] {
				continue
			}
			seen[r.Rule.ID] = true
			rules = append(rules, rulePage{
				ID: safe.HTMLText(r.Rule.ID), Title: safe.HTMLText(r.Rule.Title),
				Remedy: safe.HTMLText(r.Rule.Remedy), Severity: r.Severity.String(),
				Guide: safe.HTMLText(r.Rule.Guide), Sections: sectionsOf(rulepage.Blocks(r.Rule.Doc)),
				Fails: failing[r.Rule.ID],
			})
		}
	}
	return rules
}

// failingRules are those that found something wrong with a token or a request.
func failingRules(runs []*audit.Run) map[string]bool {
	failing := map[string]bool{}
	for _, run := range runs {
		for i := range run.Rules {
			if run.Rules[i].Counts[audit.Fail] > 0 {
				failing[run.Rules[i].Rule.ID] = true
			}
		}
		for r := range run.Requests() {
			for _, f := range r.Findings {
				if f.Status == audit.Fail {
					failing[f.Rule.Rule.ID] = true
				}
			}
		}
	}
	return failing
}

// sectionsOf leaves out the page's title and the table below it, which the rule itself has.
func sectionsOf(parts []rulepage.Block) []section {
	sections := []section{{}}
	from := 0 // of the section's parts
	end := func(to int) {
		sections[len(sections)-1].Parts = paragraphsOf(parts[from:to])
	}
	for i, p := range parts {
		switch {
		case i == 0 && p.Kind == rulepage.Heading, i == 1 && p.Kind == rulepage.Table:
			from = i + 1
		case p.Kind == rulepage.Heading:
			end(i)
			from = i + 1
			sections = append(sections, section{
				Title:   safe.HTMLText(p.Text),
				Printed: slices.Contains([]string{"What", "Why", "Remedy"}, p.Text),
			})
		}
	}
	end(len(parts))
	return sections
}

func paragraphsOf(parts []rulepage.Block) (list []paragraph) {
	kinds := map[rulepage.Kind]string{
		rulepage.Paragraph: "paragraph",
		rulepage.Quotation: "quotation",
		rulepage.Item:      "items",
		rulepage.Code:      "code",
		rulepage.Table:     "grid",
	}
	for _, p := range parts {
		last := len(list) - 1
		if p.Kind == rulepage.Item && last >= 0 && list[last].Kind == "items" {
			list[last].Items = append(list[last].Items, safe.HTMLText(p.Text))
			continue
		}
		next := paragraph{Kind: kinds[p.Kind], Text: safe.HTMLText(p.Text), Rows: p.Rows}
		if p.Kind == rulepage.Item {
			next.Items = []string{next.Text}
		}
		for _, line := range p.Lines {
			next.Lines = append(next.Lines, safe.HTMLText(line))
		}
		list = append(list, next)
	}
	return list
}
