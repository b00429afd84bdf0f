// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"fmt"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
)

// This file makes the decisions that hold for some repositories: waivers, and what has to go.

// reduces writes into a decision what has to go of a token: what --basis names, or else what its
// failing findings rest on, or the one that --rule names.
func (f *decideFlags) reduces(d *audit.Decision, result *audit.Result) error {
	t := result.Token
	d.Held, d.Reach, d.Basis = audit.Held(t), audit.ReachOf(t), f.basis
	switch {
	case !t.Known.Has(audit.FactPermissions):
		return fmt.Errorf("what token %d may do is not known: it cannot be reduced", d.TokenID)
	case !d.Reach.Known():
		return fmt.Errorf("which repositories token %d reaches is not known, so that nobody could tell "+
			"when it is reduced: %s", d.TokenID, howToReach)
	case len(f.basis) > 0:
		return nil
	}
	for _, finding := range result.Findings {
		if finding.Status == audit.Fail && (f.rule == "" || f.rule == finding.Rule.Rule.ID) {
			d.Basis = append(d.Basis, audit.Reductions(finding)...)
		}
	}
	if len(d.Basis) == 0 {
		what := "no rule fails"
		if f.rule != "" {
			what = f.rule + " does not fail"
		}
		return fmt.Errorf("%s for token %d: name what has to go with --basis, such as %s", what,
			d.TokenID, strings.Join(append(audit.Held(t), audit.EveryRepository)[:1], ""))
	}
	return nil
}

// waivers makes a waiver of each failing finding, or of the one that --rule names.
func (f *decideFlags) waivers(
	base audit.Decision, result *audit.Result, p *audit.Policy,
) (decisions []*audit.Decision, err error) {
	var failing []string
	for _, finding := range result.Findings {
		id := finding.Rule.Rule.ID
		if finding.Status != audit.Fail {
			continue
		}
		failing = append(failing, id)
		if f.rule != "" && f.rule != id {
			continue
		}
		if !finding.Acceptable() {
			return nil, fmt.Errorf("%s of token %d cannot be waived as long as all that fails is not "+
				"known: %s", id, base.TokenID, safe.Terminal(finding.Message))
		}
		d := base
		d.Rule, d.Basis, d.Severity = id, finding.Basis, finding.ToAccept()
		d.Reach = audit.ReachOf(result.Token)
		if !d.Reach.Known() && finding.RestsOnRepositories() {
			return nil, fmt.Errorf("%s rests on repositories, and which ones token %d reaches is not "+
				"known: %s", id, base.TokenID, howToReach)
		}
		if days, limited := p.Waivers[d.Severity]; limited {
			lasts(&d, days)
		} else {
			lasts(&d, keepDays)
		}
		decisions = append(decisions, &d)
	}
	switch {
	case len(failing) == 0:
		return nil, fmt.Errorf("nothing to waive: no rule fails for token %d", base.TokenID)
	case len(decisions) == 0:
		return nil, fmt.Errorf("nothing to waive: %s does not fail for token %d, but %s",
			f.rule, base.TokenID, strings.Join(failing, ", "))
	case f.rule == "" && len(decisions) > 1 && f.workbookEvidence == "":
		return nil, fmt.Errorf("token %d fails %s: name one with --rule", base.TokenID,
			strings.Join(failing, ", "))
	}
	return decisions, nil
}
