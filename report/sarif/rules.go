// SPDX-License-Identifier: Apache-2.0

package sarif

import (
	"cmp"
	"slices"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/rulepage"
	"github.com/complytime/pataudit/report/view"
)

// The rules of our own.
const (
	evidenceIncomplete  = "EVIDENCE_INCOMPLETE"
	resultsNotShown     = "RESULTS_NOT_SHOWN"
	settingContradicted = "SETTING_CONTRADICTED"
	notSeen             = "NOT_SEEN"        // only of notifications
	settingClaimed      = "SETTING_CLAIMED" // likewise
)

var ownRules = []reportingRule{
	{
		ID:    evidenceIncomplete,
		Name:  "EvidenceIncomplete",
		Short: plainText{"Not everything was seen"},
		Full: plainText{"GitHub refused or hid something that the verdict needs, so nothing is " +
			"called clean, and findings may be missing."},
		Help:       helpText{Text: "Read the reasons, and ask pataudit doctor what is in the way."},
		URI:        audit.Home,
		Default:    configuration{"error"},
		Properties: ruleProperties{Tags: []string{"security"}},
	},
	{
		ID:         resultsNotShown,
		Name:       "ResultsNotShown",
		Short:      plainText{"Not every result is shown"},
		Full:       plainText{"There are more results than GitHub takes or shows. The worst are here."},
		Help:       helpText{Text: "Read the JSON report or the workbook of the same audit."},
		URI:        audit.Home,
		Default:    configuration{"warning"},
		Properties: ruleProperties{Tags: []string{"security"}},
	},
}

// settingRule is the rule of our own of a policy that claims settings; it comes after the others.
var settingRule = reportingRule{
	ID:    settingContradicted,
	Name:  "SettingContradicted",
	Short: plainText{"A setting of the organization is not as the policy claims"},
	Full: plainText{"The policy claims how the organization's own settings about tokens are. " +
		"GitHub does not tell them, and what was seen of the tokens says otherwise."},
	Help: helpText{Text: "Look at the organization's token settings, and at the tokens that are " +
		"named. What came before the setting contradicts nothing if the policy says since when."},
	URI:        audit.Home,
	Default:    configuration{"error"},
	Properties: ruleProperties{Tags: []string{"security"}},
}

var notifications = []descriptor{{evidenceIncomplete}, {resultsNotShown}, {notSeen}}

// securitySeverity is what GitHub has for a severity: over 9 is critical, 7 high, 4 medium.
var securitySeverity = [...]string{
	audit.NoSeverity: "0.5", audit.Info: "0.5", audit.Low: "3.0", audit.Medium: "5.5",
	audit.High: "8.0", audit.Critical: "9.5",
}

// exempt are the results that do not break the policy, by their weight: the variant of their rule,
// and their kind.
var exempt = map[view.Weight]struct{ suffix, kind string }{
	view.WeightOpen:   {"open", "open"},
	view.WeightDebt:   {"debt", "informational"},
	view.WeightWaived: {"waived", "informational"},
	view.WeightBelow:  {"below", "review"},
}

// describe lists the rules that were asked, with their variants that have results.
func (o *runWriter) describe() {
	o.rules = slices.Clone(ownRules)
	if o.run.Settings != nil {
		o.rules = append(o.rules, settingRule)
	}
	for i := range o.run.Rules {
		r := &o.run.Rules[i]
		if !r.Asked {
			continue
		}
		rule := described(r)
		o.rules = append(o.rules, rule)
		for s := audit.Critical; s > audit.NoSeverity; s-- {
			o.variant(rule, s.String(), s.String(), levelOf(s), securitySeverity[s])
		}
		for _, w := range []view.Weight{
			view.WeightOpen, view.WeightDebt, view.WeightWaived, view.WeightBelow,
		} {
			o.variant(rule, exempt[w].suffix, w.String(), "none", "")
		}
	}
	o.index = make(map[string]int, len(o.rules))
	for i := range o.rules {
		o.index[o.rules[i].ID] = i
	}
}

// variant adds a variant of a rule, if it has results.
func (o *runWriter) variant(rule reportingRule, suffix, what, level, severity string) {
	if rule.ID += "/" + suffix; !o.variants[rule.ID] {
		return
	}
	rule.Name += pascal(suffix)
	rule.Short.Text += " (" + what + ")"
	rule.Default.Level, rule.Properties.Severity = level, severity
	o.rules = append(o.rules, rule)
}

func described(r *audit.RuleCount) reportingRule {
	help := helpPage(r.Rule.Doc)
	rule := reportingRule{
		ID: r.Rule.ID, Name: pascal(r.Rule.ID), Short: plainText{r.Rule.Title},
		Full: plainText{cmp.Or(rulepage.Section(r.Rule.Doc, "What"), r.Rule.Title)},
		Help: helpText{
			Text:     cmp.Or(plainPage(help), r.Rule.Remedy),
			Markdown: linkedPage(help, r.Rule.ID),
		},
		URI: rulepage.URI(r.Rule.ID), Default: configuration{levelOf(r.Severity)},
		Properties: ruleProperties{Tags: []string{"security"}, Severity: securitySeverity[r.Severity]},
	}
	if r.Rule.Guide != "" {
		rule.Properties.Tags = append(rule.Properties.Tags, "guide step "+r.Rule.Guide)
	}
	for _, ref := range r.Rule.References {
		if len(rule.Properties.Tags) < mostTags {
			rule.Properties.Tags = append(rule.Properties.Tags, ref.Framework+" "+ref.ID)
		}
	}
	return rule
}
