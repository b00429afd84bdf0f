// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"cmp"
	"slices"
)

// Delta is what changed about one token between two runs.
type Delta struct {
	Old, New *Result // nil: the run does not list the token

	// Unseen tells that a run that lacks the token did not list all of them: it may be there.
	Unseen bool

	Gained []string // rights that it has now and had not: "repository:contents:write", "reaches …"
	Lost   []string // the reverse

	Renewed     bool // the same token lives longer than it did
	Expired     bool // since
	RoleChanged bool // of its owner

	Opened, Fixed, Waived []Change // findings; a worse one is opened
}

// Token gives the token as the newer run has it; as the older one, if it is gone.
func (d *Delta) Token() *Token {
	if d.New != nil {
		return d.New.Token
	}
	return d.Old.Token
}

// Appeared reports whether the token is new.
func (d *Delta) Appeared() bool { return d.Old == nil && !d.Unseen }

// Gone reports whether the token is there no more.
func (d *Delta) Gone() bool { return d.New == nil && !d.Unseen }

// Severity is that of the worst finding that was opened; NoSeverity if none was.
func (d *Delta) Severity() (worst Severity) {
	for i := range d.Opened {
		worst = max(worst, d.Opened[i].New.Severity)
	}
	return worst
}

// rank orders changes, worst first: after what was opened, what can do more.
func (d *Delta) rank() int {
	for i, happened := range []bool{
		len(d.Gained) > 0, d.RoleChanged, d.Old == nil, d.Renewed, d.Unseen, len(d.Waived) > 0,
		len(d.Lost) > 0, len(d.Fixed) > 0,
	} {
		if happened {
			return i
		}
	}
	return 8
}

// Diff lists the tokens about which something changed that matters, worst first: what can do more,
// or fails, before what is better or gone. A token that only was used is not among them.
//
// Nothing is taken for fixed or gone because a run did not see it: an answer that is Indeterminate
// is no change, nor is one about a rule that only one of the runs asked. A token whose grant went
// on under another id is the same token.
func Diff(old, new *Run) []Delta {
	d := &differ{asked: bothAsked(old, new), oldWhole: old.listed(), newWhole: new.listed()}
	var gone []*Result
	appeared := map[int64]*Result{} // by token
	for before, after := range merged(old, new) {
		switch {
		case after == nil:
			gone = append(gone, before)
		case before == nil && after.Token.TokenID != 0 && appeared[after.Token.TokenID] == nil:
			appeared[after.Token.TokenID] = after
		default:
			d.pair(before, after)
		}
	}
	for _, before := range gone {
		after := appeared[before.Token.TokenID] // of a token that is not known, none
		delete(appeared, before.Token.TokenID)
		d.pair(before, after)
	}
	for _, after := range appeared {
		d.pair(nil, after)
	}
	slices.SortFunc(d.found, func(a, b Delta) int {
		return cmp.Or(cmp.Compare(b.Severity(), a.Severity()), cmp.Compare(a.rank(), b.rank()),
			cmp.Compare(a.Token().ID, b.Token().ID))
	})
	return d.found
}

// listed reports whether the run saw the whole list of tokens.
func (r *Run) listed() bool {
	return slices.ContainsFunc(r.Coverage, func(c Coverage) bool {
		return c.Source == SourceTokens && c.Status == Complete
	})
}

// bothAsked gives the rules that both runs asked.
func bothAsked(old, new *Run) map[string]bool {
	asked := map[string]bool{}
	for _, rule := range old.Rules {
		asked[rule.Rule.ID] = rule.Asked
	}
	both := map[string]bool{}
	for _, rule := range new.Rules {
		both[rule.Rule.ID] = rule.Asked && asked[rule.Rule.ID]
	}
	return both
}

type differ struct {
	asked              map[string]bool // rules
	oldWhole, newWhole bool
	found              []Delta
}

// pair notes what differs between two results about one token, either of which may be nil.
func (d *differ) pair(old, new *Result) {
	delta := Delta{Old: old, New: new}
	switch {
	case old == nil:
		delta.Unseen = !d.oldWhole
	case new == nil:
		delta.Unseen = !d.newWhole
	default:
		before, now := old.Token, new.Token
		delta.Gained, delta.Lost = Grown(before, now), Grown(now, before)
		delta.Renewed = livesLonger(before, now)
		delta.Expired = now.Expired && !before.Expired
		delta.RoleChanged = roleChanged(before, now)
	}
	if !delta.Unseen {
		differences(old, new, func(c Change) bool {
			d.finding(&delta, c)
			return true
		})
	}
	if delta.any() {
		d.found = append(d.found, delta)
	}
}

// finding sorts one finding that differs.
func (d *differ) finding(delta *Delta, c Change) {
	f := cmp.Or(c.New, c.Old)
	both := d.asked[f.Rule.Rule.ID]
	switch {
	case f.Status == Indeterminate, !both && delta.Old != nil && delta.New != nil:
	case c.Worse():
		delta.Opened = append(delta.Opened, c)
	case c.New != nil && c.New.Status == Waived && c.Old.failing() != NoSeverity:
		delta.Waived = append(delta.Waived, c)
	case c.Old.failing() != NoSeverity && c.New.failing() == NoSeverity:
		delta.Fixed = append(delta.Fixed, c)
	}
}

func (d *Delta) any() bool {
	return d.Old == nil || d.New == nil || d.Renewed || d.Expired || d.RoleChanged ||
		len(d.Gained)+len(d.Lost)+len(d.Opened)+len(d.Fixed)+len(d.Waived) > 0
}

// livesLonger reports whether a token was renewed: its end is later than it was, or gone.
func livesLonger(before, now *Token) bool {
	switch {
	case !(before.Known & now.Known).Has(FactExpiry), now.Expired:
		return false
	case before.Expired:
		return true
	case before.ExpiresAt.IsZero():
		return false
	}
	return now.ExpiresAt.IsZero() || now.ExpiresAt.After(before.ExpiresAt)
}

// roleChanged reports whether the owner is something else to the organization. "Not a member" is
// too little to tell from one kind of stranger.
func roleChanged(before, now *Token) bool {
	if !(before.Known & now.Known).Has(FactMembership) || before.Owner == nil || now.Owner == nil {
		return false
	}
	a, b := before.Owner.Role, now.Owner.Role
	if a == RoleNotMember || b == RoleNotMember {
		return a.IsMember() != b.IsMember()
	}
	return a != b
}
