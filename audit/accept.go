// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"strings"
)

// This file is about what people accepted: waivers and debts make a failure count less, and
// every decision has to show what became of it.

// decisionsOf returns the decisions that are bound to the token and its owner, and still hold.
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
		if d.Kind == Attest {
			continue
		}
		byToken[d.TokenID] = append(byToken[d.TokenID], d)
	}
	return byToken
}

// accept makes a Fail Waived where a valid waiver covers it, and marks one that is accepted debt.
// Where it is not known whether one of them covers it, it is Indeterminate; a Fail still if its
// rule is not required, for then that would count for nothing. Pending requests are nobody's
// decision yet: only the baseline speaks of them.
func (j *judge) accept(subject *Subject, f *Finding) {
	id, contested := f.Rule.Rule.ID, j.contested[subject.Token.TokenID] != nil
	var waivers []*Decision
	if subject.Request == nil {
		waivers = j.decisionsOf(subject.Token)
	}
	doubt := ""
	for _, d := range waivers {
		if d.Kind != Waive || d.Rule != id {
			continue
		}
		covered, more := d.accepted().covers(f, subject.Token)
		more = withNames(more, subject.Token, subject.Organization)
		switch {
		case covered == matchYes && !contested:
			f.Status, f.Waiver, f.Exceeded, f.More = Waived, d, nil, nil
			return
		case covered == matchYes:
			doubt, more = waivedForOne, []string{doubtfulToken}
		case covered == matchUnknown:
			doubt, more = waivedForSome, []string{doubtfulReach}
		}
		f.Exceeded, f.More = d, more
	}
	for _, debt := range j.debtsOf(subject, id) {
		if debt == nil || debt.lapsed(j.now) {
			continue
		}
		covered, more := debt.accepted().covers(f, subject.Token)
		switch covered {
		case matchNo:
		case matchYes:
			f.InBaseline = true
			return
		case matchUnknown:
			doubt, more = owedForSome, []string{doubtfulReach}
		}
		if f.Exceeded == nil {
			f.More = withNames(more, subject.Token, subject.Organization)
		}
	}
	if doubt == "" || !f.Rule.Required {
		return
	}
	unknown := Finding{Rule: f.Rule, Override: f.Override, Message: "cannot be judged: " + doubt}
	if doubt != waivedForOne {
		unknown.Missing = FactSelection&^subject.Token.Known | FactRepositories
	}
	*f = unknown
}

// Why it is not known whether what was accepted covers a finding, and what it perhaps does not.
const (
	waivedForSome = "its waiver holds for some repositories, and which it reaches is not known"
	owedForSome   = "it was accepted for some repositories, and which it reaches is not known"
	doubtfulReach = "perhaps other repositories: which it reaches is not known"
	waivedForOne  = "its waiver is of one token, and several active grants claim to be that"
	doubtfulToken = "perhaps another token: several active grants claim to be this one"
)

// noteDecisions notes what became of each decision.
func (r *Run) noteDecisions(j *judge) {
	if len(j.policy.Decisions) == 0 {
		return
	}
	tokens := make(map[int64]*Result, len(j.decisions))
	whole := r.Listed() // and each token's id is known
	for _, result := range r.results {
		id := result.Token.TokenID
		whole = whole && id != 0
		_, decided := j.decisions[id]
		// Of several grants of one token, what is decided is about one that is active.
		if decided && id != 0 && (tokens[id] == nil || tokens[id].Token.Expired) {
			tokens[id] = result
		}
	}
	for _, d := range j.policy.Decisions {
		about := tokens[d.TokenID]
		if d.Kind == Attest {
			continue // it is with its setting
		}
		if j.options.Shared && about == nil {
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
		case j.contested[d.TokenID] != nil && (d.Kind == Waive || d.Kind == Keep):
			result.State, result.Detail = DecisionUnused, "several active grants claim to be the token"
		case d.Kind == Waive && !r.asks(d.Rule):
			result.State, result.Detail = DecisionUnused, "the rule is not asked"
		case d.Kind == Waive:
			result.State, result.Detail = j.waiverState(d, about)
		case d.Kind == Keep:
			result.State, result.Detail = keepState(d, t, j)
		default:
			result.State, result.Detail = r.pendingState(j, d, about, whole)
		}
		r.Decisions = append(r.Decisions, result)
	}
}

// waiverState returns what became of a waiver; about is what was found of its token, nil if that
// is not listed.
func (j *judge) waiverState(d *Decision, about *Result) (state DecisionState, detail string) {
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
	_, more := d.accepted().covers(f, about.Token)
	more = withNames(more, about.Token, j.evidence.Organization)
	if len(more) == 0 {
		more = f.More
	}
	return DecisionExceeded, "more than was accepted: " + strings.Join(more, ", ")
}

// keepState returns what became of a decision to keep a token: what it accepted it accepts for
// good.
func keepState(d *Decision, t *Token, j *judge) (state DecisionState, detail string) {
	switch {
	case t == nil:
		return DecisionUnused, ""
	case d.lapsed(j.now):
		return DecisionExpired, "past " + d.Until.Format(dateOnly) +
			"; what the token could do on " + d.On.Format(dateOnly) + " stays accepted"
	}
	return DecisionUsed, ""
}

// pendingState returns what became of a decision to revoke or to reduce a token; about is what was
// found of it, nil if it is not listed, and whole whether all that there are are listed by their
// ids.
func (r *Run) pendingState(
	j *judge, d *Decision, about *Result, whole bool,
) (state DecisionState, detail string) {
	var t *Token
	if about != nil {
		t = about.Token
	}
	switch {
	case t == nil && whole, t != nil && t.Expired:
		return DecisionDone, "the token is gone"
	case t != nil && d.Kind == Reduce && j.contested[d.TokenID] == nil && r.reduced(d, about):
		return DecisionDone, "what had to go is gone"
	case d.lapsed(j.now) && t == nil:
		return DecisionOverdue, "due " + d.Until.Format(dateOnly) +
			"; not all tokens are listed by their ids"
	case d.lapsed(j.now):
		return DecisionOverdue, "due " + d.Until.Format(dateOnly) + ", and it is not done"
	}
	return DecisionUsed, "due " + d.Until.Format(dateOnly)
}

// dateOnly is how details name a day.
const dateOnly = "2006-01-02"
