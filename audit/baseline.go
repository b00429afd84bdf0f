// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"slices"
	"time"
)

// The kinds of what a finding can be about.
const (
	KindToken   = "token"
	KindRequest = "request"

	// KindGrant is of a debt about a token whose id is not known, or is another grant's.
	KindGrant = "grant"
)

// Debt is one finding that an organization accepted when it began to audit: known, dated, and to
// be paid. It holds ids and no names, so that it may lie in a repository.
type Debt struct {
	Kind      string // KindToken, KindGrant or KindRequest
	ID        int64  // of what the kind says
	Rule      string
	Basis     []string // what was accepted, no more
	Severity  Severity // likewise
	Reach     Reach    // for which it was accepted; the same in all debts of one grant or request
	FirstSeen time.Time
	Until     time.Time // the last day on which it counts
}

// Covers reports whether a failing finding about a token is this debt at an instant: nothing more
// than was accepted, and not after its last day.
func (d *Debt) Covers(f *Finding, t *Token, now time.Time) bool {
	return d.accepts(f, t) && !d.lapsed(now)
}

// lapsed reports whether the debt's last day is over.
func (d *Debt) lapsed(now time.Time) bool { return !now.Before(d.Until.AddDate(0, 0, 1)) }

// accepts reports whether a failing finding is no more than was accepted, on whatever day.
func (d *Debt) accepts(f *Finding, t *Token) bool {
	covered, _ := d.accepted().covers(f, t)
	return covered == matchYes
}

func (d *Debt) accepted() accepted { return accepted{d.Basis, d.Severity, d.Reach} }

// Baseline is an organization's debt.
type Baseline struct {
	Organization   string       // its login; debts of another one are none. "": of any
	OrganizationID int64        // 0: not known, and the login counts
	Created        time.Time    // the day
	Until          time.Time    // the day after which none of the debts counts
	Accepted       []Acceptance // what was added since
	Debts          []Debt       // by kind, id and rule, each once
}

// Acceptance is why a baseline grew.
type Acceptance struct {
	On     time.Time
	By     string // "" if not said
	Reason string
	Added  int // debts
}

// Of reports whether the debts are an organization's: by its id, for a login changes and is taken
// by others; by its login where an id is not known. Those of a nil baseline are nobody's.
func (b *Baseline) Of(o *Organization) bool {
	if b == nil {
		return false
	}
	of := Organization{Login: b.Organization, ID: b.OrganizationID, Host: o.Host}
	return b.Organization == "" && (b.OrganizationID == 0 || o.ID == 0) || of.Same(o)
}

// debtKey identifies the finding that a debt is about.
type debtKey struct {
	kind string
	id   int64
	rule string
}

// byFinding makes an organization's debts quick to find.
func (b *Baseline) byFinding(o *Organization) map[debtKey]*Debt {
	if !b.Of(o) {
		return nil
	}
	found := make(map[debtKey]*Debt, len(b.Debts))
	for i := range b.Debts {
		d := &b.Debts[i]
		found[debtKey{d.Kind, d.ID, d.Rule}] = d
	}
	return found
}

// countDebt counts what became of the baseline.
func (r *Run) countDebt(j *judge) {
	if !j.policy.Baseline.Of(j.evidence.Organization) {
		return
	}
	r.Debt = &DebtCount{Accepted: len(j.policy.Baseline.Debts)}
	listed := make(map[debtKey]*Result, len(r.results)+len(r.requests)) // whatever the rule
	for _, result := range r.results {
		for _, key := range j.debtors(result.Token, "") {
			listed[key] = result
		}
	}
	for _, result := range r.requests {
		listed[debtKey{kind: KindRequest, id: result.Token.ID}] = result
	}
	whole := map[string]bool{}
	for _, kind := range []string{KindToken, KindGrant, KindRequest} {
		whole[kind] = r.ListedAll(kind)
	}
	for key, debt := range j.debts {
		result := listed[debtKey{kind: key.kind, id: key.id}]
		switch {
		case result == nil && whole[key.kind]:
			r.Debt.Gone++
		case result != nil && r.asks(key.rule):
			r.Debt.add(debt, result.Token, findingOf(key.rule, result.Findings, 0))
		}
	}
}

// asks reports whether the run asks a rule.
func (r *Run) asks(rule string) bool {
	return slices.ContainsFunc(r.Rules, func(c RuleCount) bool {
		return c.Asked && c.Rule.ID == rule
	})
}

// ListedAll reports whether a run saw the whole list of what debts of a kind are about: of tokens,
// each with its id.
func (r *Run) ListedAll(kind string) bool {
	source := SourceTokens
	if kind == KindRequest {
		source = SourceRequests
	}
	if kind == KindToken {
		for result := range r.Results() {
			if result.Token.TokenID <= 0 {
				return false
			}
		}
	}
	return CoverageOf(r.Coverage, source).Status == Complete
}

// debtors returns by what debts of a rule may name an approved token: its id, and its grant's.
func (j *judge) debtors(t *Token, rule string) [2]debtKey {
	byGrant := debtKey{KindGrant, t.ID, rule}
	if id := j.identity(t).TokenID(); id != 0 {
		return [2]debtKey{{KindToken, id, rule}, byGrant}
	}
	return [2]debtKey{byGrant}
}

// debtsOf returns the debts about what a rule says of a token or a request; nil in the place of
// one that is not there.
func (j *judge) debtsOf(subject *Subject, rule string) [2]*Debt {
	switch {
	case len(j.debts) == 0:
		return [2]*Debt{}
	case subject.Request != nil:
		return [2]*Debt{j.debts[debtKey{KindRequest, subject.Token.ID, rule}]}
	}
	keys := j.debtors(subject.Token, rule)
	return [2]*Debt{j.debts[keys[0]], j.debts[keys[1]]}
}

// add counts a debt by what its rule says now: nil, if it passes or does not apply.
func (d *DebtCount) add(debt *Debt, t *Token, f *Finding) {
	switch {
	case f == nil:
		d.Gone++
	case f.InBaseline:
		d.Left++
		if debt.Until.After(d.Until) {
			d.Until = debt.Until
		}
	case f.Status == Waived:
		d.Waived++
	case f.Status == Fail && debt.accepts(f, t):
		d.Ended++
	case f.Status == Fail:
		d.Worse++
	}
}
