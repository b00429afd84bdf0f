// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"fmt"
	"slices"
	"strings"
)

// This file is about what people accepted: waivers and debts make a failure count less, and
// every decision has to show what became of it.

// decisionsOf gives the decisions that are bound to the token and its owner, and still hold.
func (j *judge) decisionsOf(token *Token) []*Decision {
	if len(j.decisions) == 0 || token.Owner == nil || token.TokenID == 0 {
		return nil
	}
	var valid []*Decision
	for _, d := range j.decisions[token.TokenID] {
		if d.OwnerID == token.Owner.ID && !d.lapsed(j.now) {
			valid = append(valid, d)
		}
	}
	return valid
}

func (p *Policy) byToken() map[int64][]*Decision {
	byToken := make(map[int64][]*Decision, len(p.Decisions))
	for _, d := range p.Decisions {
		byToken[d.TokenID] = append(byToken[d.TokenID], d)
	}
	return byToken
}

// accept turns a Fail that a valid waiver covers into a Waived, and marks one that is known debt.
// Pending requests are nobody's decision yet: only the baseline speaks of them.
func (j *judge) accept(subject *Subject, f *Finding) {
	id, kind := f.Rule.Rule.ID, KindToken
	if subject.Request != nil {
		kind = KindRequest
	} else {
		for _, d := range subject.Decisions {
			if d.Kind != Waive || d.Rule != id {
				continue
			}
			if covered, _ := covers(d.Basis, d.Severity, f); covered {
				f.Status, f.Waiver, f.Exceeded = Waived, d, nil
				return
			}
			f.Exceeded = d
		}
	}
	debt := j.debts[debtKey{kind, subject.Token.ID, id}]
	f.InBaseline = debt != nil && debt.Covers(f, j.now)
}

// Rights names everything that a token may do and reach, as a sorted set of short stable strings:
// the basis of a decision to reduce it.
func Rights(t *Token) []string {
	rights := make([]string, 0, len(t.Permissions)+1)
	for _, p := range t.Permissions {
		rights = append(rights, p.String())
	}
	switch {
	case t.Selection == SelectAll:
		rights = append(rights, "all repositories")
	case t.Known.Has(FactRepositories):
		for _, r := range t.Repositories {
			rights = append(rights, "repository "+r.Name)
		}
	}
	slices.Sort(rights)
	return rights
}

// decide tells what became of each decision.
func (r *Run) decide(j *judge) {
	if len(j.policy.Decisions) == 0 {
		return
	}
	tokens := make(map[int64]*Result, len(j.decisions))
	for _, result := range r.results {
		id := result.Token.TokenID
		if _, decided := j.decisions[id]; decided && id != 0 {
			tokens[id] = result
		}
	}
	whole := j.evidence.CoverageOf(SourceTokens).Status == Complete
	for _, d := range j.policy.Decisions {
		about := tokens[d.TokenID]
		if j.policy.Shared && about == nil {
			continue
		}
		result := DecisionResult{Decision: d}
		if about != nil {
			result.Token = about.Token
		}
		result.ByOwner = d.ByOwner(result.Token)
		switch t := result.Token; {
		case t != nil && t.Owner != nil && t.Owner.ID != d.OwnerID:
			result.State, result.Detail = DecisionUnused, "the token has another owner now"
		case t != nil && t.Owner == nil && (d.Kind == Waive || d.Kind == Keep):
			result.State, result.Detail = DecisionUnused, "the token's owner is not known"
		case d.Kind == Waive:
			result.State, result.Detail = j.waived(d, about)
		case d.Kind == Keep:
			result.State, result.Detail = kept(d, t, j)
		default:
			result.State, result.Detail = j.pending(d, t, whole)
		}
		r.Decisions = append(r.Decisions, result)
	}
}

// waived tells what became of a waiver; about is what was found of its token, nil if that is not
// listed.
func (j *judge) waived(d *Decision, about *Result) (state DecisionState, detail string) {
	switch {
	case d.lapsed(j.now):
		return DecisionExpired, "past " + d.Until.Format(dateOnly)
	case about == nil:
		return DecisionUnused, "the token is not listed"
	}
	f := findingOf(d.Rule, about.Findings, 0)
	switch {
	case f == nil:
		return DecisionUnused, "the rule does not fail"
	case f.Waiver == d:
		return DecisionUsed, ""
	case f.Status == Waived:
		return DecisionUnused, "another waiver covers the finding"
	case f.Status == Indeterminate:
		return DecisionUnused, "the rule cannot be judged"
	}
	_, more := covers(d.Basis, d.Severity, f)
	switch {
	case len(more) > 0:
		return DecisionExceeded, "more than was accepted: " + strings.Join(more, ", ")
	case f.Unclear:
		return DecisionExceeded, "perhaps more than was accepted: not all overrides can be judged"
	}
	return DecisionExceeded, fmt.Sprintf("%s now, %s was accepted", f.ToAccept(), d.Severity)
}

// kept tells what became of a decision to keep a token: what it accepted it accepts for good.
func kept(d *Decision, t *Token, j *judge) (state DecisionState, detail string) {
	switch {
	case t == nil:
		return DecisionUnused, ""
	case d.lapsed(j.now):
		return DecisionExpired, "past " + d.Until.Format(dateOnly) +
			"; what the token could do on " + d.On.Format(dateOnly) + " stays accepted"
	}
	return DecisionUsed, ""
}

// pending tells what became of a decision to revoke or to reduce a token.
func (j *judge) pending(d *Decision, t *Token, whole bool) (state DecisionState, detail string) {
	switch {
	case t == nil && whole, t != nil && t.Expired:
		return DecisionDone, "the token is gone"
	case t != nil && d.Kind == Reduce && t.Known.Has(FactPermissions|FactSelection) &&
		narrowed(d.Basis, Rights(t), t):
		return DecisionDone, "the token was narrowed"
	case d.lapsed(j.now) && t == nil:
		return DecisionOverdue, "due " + d.Until.Format(dateOnly) + "; the list is not whole"
	case d.lapsed(j.now):
		return DecisionOverdue, "due " + d.Until.Format(dateOnly) + ", and the token is unchanged"
	}
	return DecisionUsed, "due " + d.Until.Format(dateOnly)
}

// dateOnly is how details name a day.
const dateOnly = "2006-01-02"

// narrowed reports whether something that the token had when it was decided about is gone, and
// nothing has come instead. Repositories count only if they are known.
func narrowed(before, now []string, t *Token) bool {
	lost := slices.ContainsFunc(before, func(right string) bool {
		if strings.HasPrefix(right, "repository ") && !t.Known.Has(FactRepositories) {
			return false
		}
		return !slices.Contains(now, right)
	})
	grown := slices.ContainsFunc(now, func(right string) bool {
		return !slices.Contains(before, right) && !(strings.HasPrefix(right, "repository ") &&
			slices.Contains(before, "all repositories"))
	})
	return lost && !grown
}

// owe counts what became of the baseline.
func (r *Run) owe(j *judge) {
	if !j.policy.Baseline.Of(j.evidence.Organization) {
		return
	}
	r.Debt = &DebtCount{Accepted: len(j.policy.Baseline.Debts)}
	listed := make(map[debtKey]*Result, len(r.results)+len(r.requests)) // whatever the rule
	for _, result := range r.results {
		listed[debtKey{kind: KindToken, id: result.Token.ID}] = result
	}
	for _, result := range r.requests {
		listed[debtKey{kind: KindRequest, id: result.Token.ID}] = result
	}
	asked := map[string]bool{}
	for i := range r.Rules {
		asked[r.Rules[i].Rule.ID] = r.Rules[i].Asked
	}
	for key, debt := range j.debts {
		result := listed[debtKey{kind: key.kind, id: key.id}]
		switch {
		case result == nil && j.evidence.CoverageOf(listOf[key.kind]).Status == Complete:
			r.Debt.Gone++
		case result != nil && asked[key.rule]:
			r.Debt.add(debt, findingOf(key.rule, result.Findings, 0))
		}
	}
}

// listOf names the source that lists what a debt is about.
var listOf = map[string]string{KindToken: SourceTokens, KindRequest: SourceRequests}

// add counts a debt by what its rule says now: nil, if it passes or does not apply.
func (d *DebtCount) add(debt *Debt, f *Finding) {
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
	case f.Status == Fail && debt.accepts(f):
		d.Ended++
	case f.Status == Fail:
		d.Worse++
	}
}
