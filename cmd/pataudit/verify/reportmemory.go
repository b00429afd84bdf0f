// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"slices"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/rules"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/json"
)

// fromReport makes a memory of the report's own words, and of the evidence that it compares with.
func (f *memoryFlags) fromReport(
	u *ui.UI, saved *json.Saved, part *json.Part, e *audit.Evidence, p *audit.Policy,
	o audit.Options,
) (*audit.Memory, *audit.Since, error) {
	document, err := saved.Document(rules.All)
	if err != nil {
		return nil, nil, ui.Failed(err)
	}
	if !part.Remembered() && f.last == noRun {
		u.Notef("not verified, for only the history can tell: that it has nothing to say of earlier " +
			"runs")
		return nil, nil, nil
	}
	run := document.Runs[slices.Index(saved.Parts, part)]
	// A run that asked a rule that compares with an earlier run had one.
	m := &audit.Memory{
		Earlier: len(run.Trend) > 0 || asks(run, audit.FactHistory),
		Tokens:  map[int64]*audit.Past{}, Trend: run.Trend,
		Approvals:  map[int64]audit.Approval{},
		GrantRoles: map[int64][]audit.RoleSeen{},
	}
	seen := map[int64]*audit.Token{}
	for _, token := range e.Tokens {
		seen[token.ID] = token
	}
	approvals := asks(run, audit.FactApproval)
	for result := range run.Results() {
		token := seen[result.Token.ID]
		m.Tokens[result.Token.ID] = pastOf(result, run.AsOf, token, p)
		if token != nil && approvals {
			rememberApproval(m, result, token)
		}
	}
	words := "since when findings and tokens are known, what tokens could do before, the expiry of " +
		"expired tokens, who approved them where the evidence does not say, the trend"
	switch {
	case run.Since == nil && f.last != noRun:
		return nil, nil, ui.Usagef("--last %s: the report compares with no earlier run: --last %s",
			f.last, noRun)
	case run.Since != nil && f.last == noRun:
		return nil, nil, ui.Usagef("the report compares with run %d, as of %s: name the snapshot of "+
			"that run with --last", run.Since.Run, run.Since.AsOf.Format(time.RFC3339))
	case run.Since != nil:
		e, err := flags.ReadFile(f.last, flags.SnapshotFile, flags.OpenSnapshot(u.Now()))
		if err != nil {
			return nil, nil, ui.Usage(err)
		}
		o.AsOf = run.Since.AsOf
		m.Last, m.LastRun = audit.Evaluate(e, p, o), run.Since.Run
		words += ", which run it compares with and as of when, whether --last is that run's, and how " +
			"many findings were opened, fixed and waived, and why the verdict is another one"
	}
	u.Notef("not verified, for only the history can tell: %s", words)
	return m, run.Since, nil
}

// asks reports whether a run asked a rule that needs a fact.
func asks(run *audit.Run, fact audit.Facts) bool {
	return slices.ContainsFunc(run.Rules, func(r audit.RuleCount) bool {
		return r.Asked && r.Rule.Needs.Has(fact)
	})
}

// rememberApproval takes the report's word for who approved a token: by what is found wrong with
// that.
func rememberApproval(m *audit.Memory, result *audit.Result, token *audit.Token) {
	status := audit.Pass
	for _, f := range result.Findings {
		if f.Rule.Rule.Needs.Has(audit.FactApproval) {
			status = f.Status
		}
	}
	now, known := audit.ApprovalOf(token)
	// A report does not tell what passes from what does not apply: who is an organization owner
	// now is taken for one of then.
	owner := now.Own || token.Owner != nil && token.Owner.Role == audit.RoleAdmin
	switch {
	case status == audit.Fail || status == audit.Waived:
		m.Approvals[token.ID] = audit.Approval{Own: true, Role: audit.RoleMember}
	case status == audit.Pass && (!known || now.Own):
		m.Approvals[token.ID] = audit.Approval{Own: owner, Role: audit.RoleAdmin}
	case status == audit.Indeterminate && now.Role == audit.RoleMember:
		m.GrantRoles[token.ID] = []audit.RoleSeen{
			{Role: audit.RoleAdmin, First: token.GrantedAt, Last: token.GrantedAt},
		}
	}
}

// pastOf returns what a result has of the past of a token, as the evidence has it. What is first
// seen now has none.
func pastOf(
	result *audit.Result, asOf time.Time, token *audit.Token, p *audit.Policy,
) *audit.Past {
	if result.Past == nil || token == nil {
		return nil
	}
	past := *result.Past
	past.Failing = map[string]time.Time{}
	var gained []string
	for _, f := range result.Findings {
		if !f.FirstSeen.IsZero() && f.FirstSeen.Before(asOf) {
			past.Failing[f.Rule.Rule.ID] = f.FirstSeen
		}
		if f.Rule.Rule.Needs.Has(audit.FactHistory) {
			gained = f.Basis
		}
	}
	past.Sights = []audit.Sight{without(token, slices.Concat(gained, result.Lapsed))}
	if len(result.Lapsed) > 0 { // it was seen after the last decision to keep the token
		lapsed := without(token, gained)
		for _, d := range p.Decisions {
			after := d.On.AddDate(0, 0, 1)
			if d.Kind != audit.Attest && d.TokenID == token.TokenID && after.After(lapsed.At) {
				lapsed.At = after
			}
		}
		past.Sights = append(past.Sights, lapsed)
	}
	return &past
}

// without returns what a token could do before it gained something, as findings name that.
func without(token *audit.Token, gained []string) audit.Sight {
	sight := audit.SightOf(token, time.Time{})
	if slices.Contains(gained, audit.EveryRepository) {
		sight.Selection = audit.SelectSubset
	}
	sight.Permissions = slices.DeleteFunc(slices.Clone(sight.Permissions),
		func(p audit.Permission) bool { return slices.Contains(gained, p.String()) })
	sight.Repositories = slices.DeleteFunc(slices.Clone(sight.Repositories),
		func(r *audit.Repository) bool {
			return slices.Contains(gained, audit.Reaches(r)) ||
				slices.Contains(gained, audit.OnRepository("reaches", r))
		})
	return sight
}
