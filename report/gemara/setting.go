// SPDX-License-Identifier: Apache-2.0

package gemara

import (
	"fmt"
	"slices"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// Claims about the organization's own settings are a control of their own, where a policy makes
// some.

const settingsID = "organization-settings"

var settingsControl = control{
	ID: settingsID, Title: "The organization's own settings are as the policy claims",
	Group: "evidence", State: "Active",
	Objective: "GitHub does not tell these settings: what is claimed of them is held against what " +
		"was seen, and a person can attest it.",
	Requirements: []requirement{{
		ID: settingsID + ".01", Applicability: []string{tokensID}, State: "Active",
		Text: "No token MUST contradict what the policy claims of the organization's settings.",
	}},
}

// claims reports whether a policy of the document claims settings.
func claims(d *view.Document) bool {
	return slices.ContainsFunc(d.Runs, func(run *audit.Run) bool { return run.Settings != nil })
}

// settingOutcome never is a pass: nothing shows what a setting is.
func settingOutcome(s *audit.SettingResult) outcome {
	switch s.State {
	case audit.SettingContradicted:
		return failed
	case audit.SettingAttested:
		return needsReview
	default:
		return notRun
	}
}

// writeSettings writes the evaluation of the claims, if there are any.
func (g *writer) writeSettings() {
	if !claims(g.doc) {
		return
	}
	worst, counts := notRun, map[audit.SettingState]int{}
	for _, run := range g.runs {
		for i := range run.Settings {
			s := &run.Settings[i]
			worst = max(worst, settingOutcome(s))
			counts[s.State]++
		}
	}
	g.evaluation(settingsControl.Title, settingsID, worst, fmt.Sprintf(
		"%s contradicted, %d attested, %d not shown",
		safe.Plural(counts[audit.SettingContradicted], "claim"), counts[audit.SettingAttested],
		counts[audit.SettingNotShown]))
	for _, run := range g.runs {
		for i := range run.Settings {
			s := &run.Settings[i]
			g.out.element(g.assessment(settingsID, settingOutcome(s),
				g.about(run)+words.Claimed(run.Run, s)))
		}
	}
	g.out.end()
}
