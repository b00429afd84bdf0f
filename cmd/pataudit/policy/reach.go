// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"fmt"
	"strings"
	"time"

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

// waivers makes a waiver of each failing finding, if all are meant, or of the one that --rule
// names, or that fails alone. there counts those that the same person waived for the same reason,
// and that hold as long as is asked for.
func (f *decideFlags) waivers(
	base audit.Decision, result *audit.Result, p *audit.Policy, all bool,
) (decisions []*audit.Decision, there int, err error) {
	var failing, waived []string
	for _, finding := range result.Findings {
		id, w := finding.Rule.Rule.ID, finding.Waiver
		meant := f.rule == "" || f.rule == id
		switch {
		case finding.Status == audit.Fail:
			failing = append(failing, id)
		case finding.Status != audit.Waived || !meant:
			continue
		case !w.Until.Before(base.Until):
			waived = append(waived, id+", by "+w.By+" until "+w.Until.Format(time.DateOnly))
			if w.By == base.By && w.Reason == base.Reason {
				there++
			}
			continue
		}
		if !meant {
			continue
		}
		d, err := waiver(base, result.Token, finding, p)
		if err != nil {
			return nil, 0, err
		}
		decisions = append(decisions, d)
	}
	token := result.Token.Noun()
	switch {
	case len(decisions) > 1 && f.rule == "" && !all:
		return nil, 0, fmt.Errorf("%s fails %s: name one with --rule", token,
			strings.Join(failing, ", "))
	case len(decisions)+there > 0:
		return decisions, there, nil
	case len(waived) > 0:
		return nil, 0, fmt.Errorf("nothing to waive for %s: accepted already is %s", token,
			strings.Join(waived, "; "))
	case len(failing) == 0:
		return nil, 0, fmt.Errorf("nothing to waive: no rule fails for %s", token)
	}
	return nil, 0, fmt.Errorf("nothing to waive: %s does not fail for %s, but %s", f.rule, token,
		strings.Join(failing, ", "))
}

// waiver makes a waiver of one finding.
func waiver(
	base audit.Decision, t *audit.Token, finding *audit.Finding, p *audit.Policy,
) (*audit.Decision, error) {
	id := finding.Rule.Rule.ID
	if !finding.Acceptable() {
		return nil, fmt.Errorf("%s of %s cannot be waived as long as all that fails is not known: %s",
			id, t.Noun(), safe.Terminal(finding.Message))
	}
	d := base
	d.Rule, d.Basis, d.Severity = id, finding.Basis, finding.ToAccept()
	if d.Reach = audit.ReachOf(t); !d.Reach.Known() && finding.RestsOnRepositories() {
		return nil, fmt.Errorf("%s rests on repositories, and which ones %s reaches is not known: %s",
			id, t.Noun(), howToReach)
	}
	if days, limited := p.Waivers[d.Severity]; limited {
		lasts(&d, days)
	} else {
		lasts(&d, keepDays)
	}
	return &d, nil
}
