// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/rulepage"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// The workbook's sheets about itself: what was asked, and how to read it.

var policyColumns = []column{
	{
		title: "Rule", width: 24, value: func(e entry) any { return e.rule.Rule.ID },
		link: func(e entry) string { return rulepage.Link(e.rule.Rule.ID) },
	},
	{title: "Title", width: 40, value: func(e entry) any { return e.rule.Rule.Title }},
	{title: "At most", width: 11, color: true, value: func(e entry) any {
		return e.rule.Severity.String()
	}},
	{title: "Asked", width: 9, value: func(e entry) any { return yesNo(e.rule.Asked) }},
	{title: "Why not", width: 24, value: func(e entry) any {
		if e.rule.Asked {
			return nil
		}
		return words.WhyNotAsked(e.rule)
	}},
	{title: "Parameters", width: 34, value: func(e entry) any {
		return parameters(e.rule.Checker)
	}},
	{title: "Required", width: 10, value: func(e entry) any {
		if !e.rule.Asked {
			return nil
		}
		return yesNo(e.rule.Required)
	}},
	{title: "Guide step", width: 11, value: func(e entry) any { return e.rule.Rule.Guide }},
	{title: "Controls", width: 60, value: func(e entry) any {
		return strings.Join(controls(e.rule.Rule, true), "; ")
	}},
	{title: "Fail", width: 9, value: answered(audit.Fail)},
	{title: "Waived", width: 9, value: answered(audit.Waived)},
	{title: "Cannot be judged", width: 11, value: answered(audit.Indeterminate)},
	{title: "Pass", width: 9, value: answered(audit.Pass)},
	{title: "Not applicable", width: 14, value: answered(audit.NotApplicable)},
	{title: "Remedy", width: 70, value: func(e entry) any { return e.rule.Rule.Remedy }},
	{title: "Needs to know", width: 36, value: func(e entry) any {
		return strings.ReplaceAll(e.rule.Rule.Needs.String(), "_", " ")
	}},
}

// controls lists what a rule refers to; in full with the framework and the relation.
func controls(r *audit.Rule, full bool) (names []string) {
	for _, c := range r.References {
		name := c.ID
		if full {
			name = fmt.Sprintf("%s %s %s (%s)", c.Framework, c.Version, c.ID, c.Relation)
		}
		names = append(names, strings.Join(strings.Fields(name), " "))
	}
	return names
}

func answered(status audit.Status) func(entry) any {
	return func(e entry) any {
		if !e.rule.Asked {
			return nil
		}
		return e.rule.Counts[status]
	}
}

func yesNo(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}

func (b *book) policy() {
	var entries []entry
	for _, run := range b.doc.Runs {
		for i := range run.Rules {
			entries = append(entries, entry{run: run, rule: &run.Rules[i]})
		}
	}
	b.add(listOf("Policy", policyColumns, entries))
}

var noteColumns = []column{
	{title: "About", width: 26, value: func(e entry) any { return e.note[0] }, link: sheetOf},
	{title: "What to know", width: 110, value: func(e entry) any { return e.note[1] }},
}

// about is what each sheet is.
var about = [][2]string{
	{summarySheet, "The verdict, what to do first and what changed; then what the verdict rests on " +
		"and what it does not speak of. Two printed pages for each organization, with room for " +
		"signatures."},
	{"Tokens", "A row per token, the worst first. The yellow columns are for the reviewer: a " +
		"decision (keep, waive, reduce or revoke), who decided, when, and why. " +
		"`pataudit decide --from` reads them back. Paper shows the columns up to these."},
	{"Findings", "A row per finding, with what it rests on, and who accepted it. One that fails is " +
		"new if no earlier complete run saw it, and accepted debt if the baseline has it. What else " +
		"there is to say of the token stands beside the same Token ID in Tokens, one VLOOKUP away. " +
		"The remedies stand in Policy."},
	{ruleMatrix, "A row per token, a column per rule: the severity of a finding, or pass, waived, " +
		"debt (accepted by the baseline), n/a (the question does not arise), unknown (it cannot be " +
		"judged), not asked, not shown (this report does not hold the answer: JSON keeps passes with " +
		"--only all). The sheet Policy leads to the pages of the rules."},
	{permissionMatrix, "A row per token, a column per permission that any of them holds: read, " +
		"write, admin. An empty cell is none. A level that is not known counts as the strongest."},
	{"Repositories", "What active tokens can reach, by repository: those that select it, and those " +
		"that reach all of them. Where the organization's own list was not had, or the report was " +
		"read back, one line stands for those that no token selects."},
	{"Owners", "A row per person, by login. It is no ranking: many tokens may be many duties."},
	{teamsSheet, "A row per team that the registry of owners names, with how bad its tokens are; " +
		"the last one is of owners without a team. It is no ranking."},
	{"Requests", "Tokens that wait for approval, with a ready text to deny one."},
	{"Decisions", "What people decided earlier, and what became of it: those to look at first."},
	{"Classic tokens", "Classic tokens with SAML authorization, where they were asked for. No rule " +
		"judges them."},
	{"Coverage", "What GitHub was asked for, and how well it was seen."},
	{trendSheet, "The figures of each complete run, this one last, of which the Summary draws a " +
		"chart. The severities count tokens by their worst finding, accepted or not."},
	{"Policy", "Every rule, whether it was asked, the control it serves, and its answers."},
}

// sheetOf leads from the name of a sheet to the sheet.
func sheetOf(e entry) string {
	if !slices.ContainsFunc(about, func(s [2]string) bool { return s[0] == e.note[0] }) {
		return ""
	}
	return "#'" + e.note[0] + "'!A1"
}

const readMe = "Read me"

// explain closes the workbook.
func (b *book) explain() {
	var entries []entry
	for _, note := range b.notes() {
		entries = append(entries, entry{note: note})
	}
	b.add(listOf(readMe, noteColumns, entries))
}

func (b *book) notes() [][2]string {
	notes := [][2]string{
		{"Confidential", "Personal data: names of people, of their tokens, and what these can reach. " +
			"Do not publish it."},
		{"Unknown", "What was not learned says \"unknown\", and is never taken for good. Incomplete " +
			"evidence is said first, and nothing is called clean then."},
		{"Names", "Texts of people are shown as they are; what does not show is written out, as " +
			"\\u202e. No cell is a formula. Links lead to the rules' pages, to GitHub's settings of the " +
			"organization and within this workbook only."},
		{"Cut", "A text of more than 32,767 characters ends in \" … (cut)\"; a list of more than " +
			"1,048,575 rows goes on in a second sheet. A row of Tokens or Findings is two lines high, " +
			"and no other is higher than 409 points: of a longer text paper shows the beginning, and " +
			"the cell holds all of it."},
	}
	if b.doc.View.Saved {
		notes = append(notes, [2]string{"Read back", "This workbook was written from a saved report. " +
			"Such a report does not hold the parameters of the rules, nor the names of repositories " +
			"that no token selects."})
	}
	if b.doc.Pseudonymised {
		notes = append(notes, [2]string{
			"Pseudonymised",
			"Left out: " + audit.Gap{Code: audit.GapPseudonymised}.String() + ".",
		})
	}
	if n := b.tokens(); n > b.maxMatrix {
		notes = append(notes, [2]string{"Left out", "The two matrices: " + leftOutText(n, b.maxMatrix)})
	}
	for _, s := range b.surveys {
		if s.Figures.Partial(s.Run) {
			notes = append(notes, [2]string{"A part", s.Run.Organization.Login + ": " +
				s.Figures.PartText(s.Run) + ". The lists are of these."})
		}
	}
	if text := b.doc.View.Shown(); text != "" {
		notes = append(notes, [2]string{"Filtered", "The lists show " + text + " only; the figures " +
			"of the Summary are of all."})
	}
	sheets := b.f.GetSheetList()
	for _, sheet := range about {
		if slices.Contains(sheets, sheet[0]) {
			notes = append(notes, sheet)
		}
	}
	return notes
}

// parameters returns what a policy sets of a rule. A list of sets, each with a name of its own, is
// a list of the names. It is empty of a rule without parameters, and of one that was read back
// from a report, which does not hold them.
func parameters(checker audit.Checker) string {
	if reflect.Indirect(reflect.ValueOf(checker)).Kind() != reflect.Struct {
		return ""
	}
	var of yaml.Node
	if err := of.Encode(checker); err != nil {
		return view.Unknown
	}
	var set []string
	for i := 1; i < len(of.Content); i += 2 {
		set = append(set, of.Content[i-1].Value+": "+parameter(of.Content[i]))
	}
	return strings.Join(set, "; ")
}

func parameter(value *yaml.Node) string {
	if value.Kind == yaml.ScalarNode {
		return cmp.Or(value.Value, "none")
	}
	var names []string
	for _, item := range value.Content {
		if item.Kind == yaml.MappingNode && len(item.Content) > 1 {
			item = item.Content[1]
		}
		names = append(names, item.Value)
	}
	return cmp.Or(strings.Join(names, ", "), "none")
}
