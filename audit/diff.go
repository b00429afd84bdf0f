// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"cmp"
	"slices"
)

// Delta is what changed about one token between two runs.
type Delta struct {
	Old, New *Result // nil: the run does not list the token

	// Unseen reports that a run that lacks the token did not list all of them: it may be there.
	Unseen bool

	Gained []string // rights that it has now and had not: "repository:contents:write", "reaches …"
	Lost   []string // the reverse

	Renewed     bool // the same token lives longer than it did
	Expired     bool // since
	RoleChanged bool // of its owner

	Opened, Fixed []Change // findings; a worse one is opened, and one whose acceptance ended
	Milder        []Change // findings that still fail, less severely
	Waived        []Change // findings that a waiver accepts now
	Indebted      []Change // findings that a baseline accepts now
}

// Token returns the token as the newer run has it; as the older one, if it is gone.
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

// Severity returns that of the worst finding by which the token fails now; NoSeverity if it is
// gone.
func (d *Delta) Severity() Severity {
	if d.New == nil {
		return NoSeverity
	}
	return d.New.Severity
}

// Worse reports whether something happened that asks for a look: it fails by more, can do more, or
// for longer, or is new.
func (d *Delta) Worse() bool {
	return len(d.Opened)+len(d.Gained) > 0 || d.RoleChanged || d.Renewed || d.Old == nil
}

// weight orders changes: how bad a token is counts only where it got worse.
func (d *Delta) weight() int {
	if !d.Worse() {
		return -1
	}
	return int(d.Severity())
}

// rank orders changes of one weight, worst first: after what was opened, what can do more.
func (d *Delta) rank() int {
	for i, happened := range []bool{
		len(d.Opened) > 0, len(d.Gained) > 0, d.RoleChanged, d.Old == nil, d.Renewed, d.Unseen,
		len(d.Waived)+len(d.Indebted) > 0, len(d.Lost) > 0, len(d.Milder) > 0, len(d.Fixed) > 0,
	} {
		if happened {
			return i
		}
	}
	return 10
}

// Diff lists the tokens about which something changed that matters, worst first: what can do more,
// or fails, before what is better or gone. A token that only was used is not among them.
//
// Nothing is taken for fixed or gone because a run did not see it: an answer that is Indeterminate
// is no change, nor is one about a rule that only one of the runs asked. A token whose grant went
// on under another id is the same token.
func Diff(old, new *Run) []Delta { return diff(old, new, BothAsked(old, new)) }

// DiffPolicies is [Diff] for two judgements of the same evidence by two policies: a rule that one
// of them asks and the other does not opens or closes findings.
func DiffPolicies(old, new *Run) []Delta {
	asked := map[string]bool{}
	for _, run := range []*Run{old, new} {
		for i := range run.Rules {
			asked[run.Rules[i].Rule.ID] = true
		}
	}
	return diff(old, new, asked)
}

// diff lists what differs in the rules that are named.
func diff(old, new *Run, compared map[string]bool) (found []Delta) {
	compare(old, new, compared, func(d *Delta) { found = append(found, *d) })
	slices.SortFunc(found, func(a, b Delta) int { return compareDeltas(&a, &b) })
	return found
}

// compareDeltas orders changes, worst first.
func compareDeltas(a, b *Delta) int {
	return cmp.Or(cmp.Compare(b.weight(), a.weight()), cmp.Compare(a.rank(), b.rank()),
		cmp.Compare(a.Token().ID, b.Token().ID))
}

// compare reports to found what differs in the rules that are named, token by token, in no order.
// Of the old run it holds nothing but the tokens that the new one does not list by their grants.
func compare(old, new *Run, compared map[string]bool, found func(*Delta)) {
	d := &comparer{
		compared: compared, oldWhole: old.Listed(), newWhole: new.Listed(), found: found,
	}
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
}

// Listed reports whether the run saw the whole list of tokens.
func (r *Run) Listed() bool {
	return CoverageOf(r.Coverage, SourceTokens).Status == Complete
}

// BothAsked returns the rules that both runs asked, by ID: those that can be compared. A rule that
// compares with earlier runs is among them where the old run had none: it could find nothing
// there.
func BothAsked(old, new *Run) map[string]bool {
	asked := map[string]bool{}
	for _, rule := range old.Rules {
		asked[rule.Rule.ID] = rule.Asked
	}
	both := map[string]bool{}
	for _, rule := range new.Rules {
		both[rule.Rule.ID] = rule.Asked &&
			(asked[rule.Rule.ID] || rule.Rule.Needs.Has(FactHistory))
	}
	return both
}

type comparer struct {
	compared           map[string]bool // rules
	oldWhole, newWhole bool
	found              func(*Delta)
}

// pair notes what differs between two results about one token, either of which may be nil.
func (d *comparer) pair(old, new *Result) {
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
	if (new != nil || !delta.Unseen) && len(differences(old, new, notableFindings)) > 0 {
		for _, c := range differences(old, new, (*Result).All) {
			d.finding(&delta, c)
		}
	}
	if delta.differs() {
		d.found(&delta)
	}
}

// notableFindings returns the findings of which one differs if anything does: the others, for
// which a token is judged again, say that nothing is wrong.
func notableFindings(r *Result) []*Finding { return r.Findings }

// finding sorts one finding that differs.
func (d *comparer) finding(delta *Delta, c Change) {
	f := cmp.Or(c.New, c.Old)
	compared := d.compared[f.Rule.Rule.ID]
	before, now := c.Old.open(), c.New.open()
	switch {
	case f.Status == Indeterminate, !compared && delta.Old != nil && delta.New != nil:
	case now > before:
		delta.Opened = append(delta.Opened, c)
	case now == before:
	case now != NoSeverity:
		delta.Milder = append(delta.Milder, c)
	case c.New != nil && c.New.Status == Waived:
		delta.Waived = append(delta.Waived, c)
	case c.New.accepted():
		delta.Indebted = append(delta.Indebted, c)
	default:
		delta.Fixed = append(delta.Fixed, c)
	}
}

// open returns a finding's severity if it fails and nobody accepted that; NoSeverity for none.
func (f *Finding) open() Severity {
	if f.accepted() {
		return NoSeverity
	}
	return f.failing()
}

// accepted reports whether a waiver or a baseline accepts what is wrong.
func (f *Finding) accepted() bool { return f != nil && (f.Status == Waived || f.InBaseline) }

func (d *Delta) differs() bool {
	return d.Old == nil || d.New == nil || d.Renewed || d.Expired || d.RoleChanged ||
		len(d.Gained)+len(d.Lost)+len(d.Opened)+len(d.Milder)+len(d.Fixed) > 0 ||
		len(d.Waived)+len(d.Indebted) > 0
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

// roleChanged reports whether the owner's role in the organization changed. "Not a member" does
// not differ from any one kind of stranger.
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
