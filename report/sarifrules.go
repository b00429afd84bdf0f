// SPDX-License-Identifier: Apache-2.0

package report

import (
	"slices"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/rulepage"
)

// The rules of our own.
const (
	sarifIncomplete = "EVIDENCE_INCOMPLETE"
	sarifNotShown   = "RESULTS_NOT_SHOWN"
	sarifNotSeen    = "NOT_SEEN" // only of notifications
)

var sarifOwnRules = []sarifRule{
	{
		ID:    sarifIncomplete,
		Name:  "EvidenceIncomplete",
		Short: sarifText{"Not everything was seen"},
		Full: sarifText{"GitHub refused or hid something that the verdict needs, so nothing is " +
			"called clean, and findings may be missing."},
		Help:       sarifHelp{Text: "Read the reasons, and ask pataudit doctor what is in the way."},
		URI:        rulepage.Home,
		Default:    sarifDefault{"error"},
		Properties: sarifTags{Tags: []string{"security"}},
	},
	{
		ID:         sarifNotShown,
		Name:       "ResultsNotShown",
		Short:      sarifText{"Not every result is shown"},
		Full:       sarifText{"There are more results than GitHub takes or shows. The worst are here."},
		Help:       sarifHelp{Text: "Read the JSON report or the workbook of the same audit."},
		URI:        rulepage.Home,
		Default:    sarifDefault{"warning"},
		Properties: sarifTags{Tags: []string{"security"}},
	},
}

var sarifNotifications = []sarifDescriptor{{sarifIncomplete}, {sarifNotShown}, {sarifNotSeen}}

// sarifSeverity is what GitHub has for a severity: over 9 is critical, 7 high, 4 medium.
func sarifSeverity(s audit.Severity) string {
	switch s {
	case audit.Critical:
		return "9.5"
	case audit.High:
		return "8.0"
	case audit.Medium:
		return "5.5"
	case audit.Low:
		return "3.0"
	default:
		return "0.5"
	}
}

// sarifVariants are what results of a rule may be instead of a violation of its full severity,
// with the severity that they have.
var sarifVariants = []struct {
	suffix, what string
	severity     audit.Severity
}{
	{"critical", "critical", audit.Critical},
	{"high", "high", audit.High},
	{"medium", "medium", audit.Medium},
	{"low", "low", audit.Low},
	{"info", "info", audit.Info},
	{"open", "cannot be judged", audit.NoSeverity},
	{"debt", "accepted debt", audit.NoSeverity},
	{"waived", "waived", audit.NoSeverity},
	{"below", "below the policy's threshold", audit.NoSeverity},
}

// describe lists the rules that were asked, with their variants that have results.
func (o *sarifRun) describe() {
	o.rules = slices.Clone(sarifOwnRules)
	for i := range o.run.Rules {
		r := &o.run.Rules[i]
		if !r.Asked {
			continue
		}
		described := sarifDescribe(r)
		o.rules = append(o.rules, described)
		for _, v := range sarifVariants {
			if id := r.Rule.ID + "/" + v.suffix; o.variants[id] {
				variant := described
				variant.ID, variant.Name = id, described.Name+pascal(v.suffix)
				variant.Short.Text += " (" + v.what + ")"
				variant.Default.Level, variant.Properties.Severity = "none", ""
				if v.severity > audit.NoSeverity {
					variant.Default.Level = sarifLevel(v.severity)
					variant.Properties.Severity = sarifSeverity(v.severity)
				}
				o.rules = append(o.rules, variant)
			}
		}
	}
	o.index = make(map[string]int, len(o.rules))
	for i := range o.rules {
		o.index[o.rules[i].ID] = i
	}
}

func sarifDescribe(r *audit.RuleCount) sarifRule {
	help := helpPage(r.Rule.Doc)
	rule := sarifRule{
		ID: r.Rule.ID, Name: pascal(r.Rule.ID), Short: sarifText{r.Rule.Title},
		Full: sarifText{rulepage.Section(r.Rule.Doc, "What")},
		Help: sarifHelp{Text: plainPage(help), Markdown: linkedPage(help, r.Rule.ID)},
		URI:  rulepage.URI(r.Rule.ID), Default: sarifDefault{sarifLevel(r.Severity)},
		Properties: sarifTags{Tags: []string{"security"}, Severity: sarifSeverity(r.Severity)},
	}
	if rule.Full.Text == "" {
		rule.Full.Text = r.Rule.Title
	}
	if rule.Help.Text == "" {
		rule.Help.Text = r.Rule.Remedy
	}
	if r.Rule.Guide != "" {
		rule.Properties.Tags = append(rule.Properties.Tags, "guide step "+r.Rule.Guide)
	}
	for _, ref := range r.Rule.References {
		if len(rule.Properties.Tags) < sarifMostTags {
			rule.Properties.Tags = append(rule.Properties.Tags, ref.Framework+" "+ref.ID)
		}
	}
	return rule
}
