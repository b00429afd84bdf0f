// SPDX-License-Identifier: Apache-2.0

package html

import (
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// What the page shows of one token or request when a reader opens it.

// factLabels are the labels of a token's facts, in their order.
var factLabels = []string{
	"Token", "Owner", "Their reason", "Reaches", "May do", "Gained", "Dates", "Decisions",
	"New settings", "Text of a denial", "Passes", "Not applicable",
}

// unprinted are the facts that paper has no use for: they ask for nothing to be done.
var unprinted = []string{"Text of a denial", "Passes", "Not applicable"}

// mostListed is how many repositories of a token are named.
const mostListed = 40

// facts returns, in lines, what is known of a token, a fact per label; one without lines is none.
func (b *block) facts(r *audit.Result, findings []*audit.Finding, decisions []string) [][]string {
	t := r.Token
	reason, denial := "", ""
	if r.Request != nil {
		reason, denial = r.Request.Reason, words.Denial(r, b.Run.AsOf)
	}
	one := func(text string) []string {
		if text == "" {
			return nil
		}
		return []string{text}
	}
	facts := [][]string{
		one(words.IDs(r)),
		one(words.OwnerInFull(r)),
		one(reason),
		one(words.ReachInFull(b.Run, t, mostListed)),
		words.Rights(t),
		one(words.Gained(r, mostListed)),
		one(words.Dates(b.Run, r)),
		decisions,
		words.Settings(b.Run, r),
		one(denial),
		one(rulesOf(findings, audit.Pass)),
		one(rulesOf(findings, audit.NotApplicable)),
	}
	for _, lines := range facts {
		for i, line := range lines {
			lines[i] = safe.HTMLText(line)
		}
	}
	return facts
}

// fact is what is known of a token under one label.
type fact struct {
	Label     string
	Unprinted bool
	Lines     []string
}

// Told returns the facts that there are.
func (h *listedToken) Told() (facts []fact) {
	for i, lines := range h.Facts {
		if len(lines) > 0 {
			facts = append(facts, fact{
				factLabels[i], slices.Contains(unprinted, factLabels[i]), lines,
			})
		}
	}
	return facts
}

func rulesOf(findings []*audit.Finding, status audit.Status) string {
	var ids []string
	for _, f := range findings {
		if f.Status == status {
			ids = append(ids, f.Rule.Rule.ID)
		}
	}
	return strings.Join(ids, ", ")
}

// findings returns the findings to show, the worst first; then what is not known, and what was
// waived.
func (b *block) findings(findings []*audit.Finding, r *audit.Result) []listedFinding {
	told := words.Notable(findings)
	list := make([]listedFinding, len(told))
	for i, f := range told {
		list[i] = listedFinding{
			Rule: safe.HTMLText(f.Rule.Rule.ID), Title: safe.HTMLText(f.Rule.Rule.Title),
			Level: f.Severity.String(), Text: safe.HTMLText(f.Message), Basis: restsOn(f),
			Notes: notesOf(f, r.Token, b.meanings[f.Rule.Rule.ID]), Tag: view.NewOrAccepted(b.Run, f),
			Explained: slices.ContainsFunc(b.Run.Rules, func(r audit.RuleCount) bool {
				return r.Rule.ID == f.Rule.Rule.ID
			}),
		}
		if _, may := b.deciding.Waive(r, f); may {
			list[i].Waive = view.ShellWord(list[i].Rule) == list[i].Rule // as the script writes it
		}
		switch f.Status {
		case audit.Fail:
			list[i].Remedy = safe.HTMLText(f.Rule.Rule.Remedy)
		case audit.Waived:
			list[i].Level, list[i].Tag = "waived", ""
		default: // Indeterminate
			list[i].Level = view.Unknown
		}
	}
	return list
}

// restsOn lists what a finding rests on beside what its message says, as waivers name it.
func restsOn(f *audit.Finding) string {
	rest := slices.DeleteFunc(slices.Clone(f.Basis), func(element string) bool {
		_, short, _ := strings.Cut(element, ":")
		return strings.Contains(f.Message, element) ||
			strings.Contains(short, ":") && strings.Contains(f.Message, short)
	})
	return safe.HTMLText(strings.Join(rest, ", "))
}

// notesOf returns how the rule's page explains what a finding rests on, where the message does
// not; and what people accepted of it.
func notesOf(f *audit.Finding, t *audit.Token, meanings map[string]string) (notes [][2]string) {
	add := func(label, text string) {
		if text != "" {
			notes = append(notes, [2]string{label, safe.HTMLText(text)})
		}
	}
	for _, element := range f.Basis {
		if said := meanings[element]; !strings.Contains(f.Message, said) {
			add("also", said+" ("+element+")")
		}
	}
	for _, note := range words.Notes(f, t) {
		add(note.Label, note.Text)
	}
	return notes
}
