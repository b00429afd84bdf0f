// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"strings"
	"time"
)

// Approval is what is known of who approved a grant.
type Approval struct {
	Own  bool // the token's own owner did
	Role Role // of the owner then; unknown if no audit log has it

	// Since and Until are when the owner's role changed, before the approval and after it, as that
	// log has it; zero for never.
	Since, Until time.Time
}

// RoleSeen is what runs of a while saw a person as.
type RoleSeen struct {
	Role        Role
	First, Last time.Time // of these runs, and each complete one between them
}

// ApprovalOf returns what the evidence has on who approved a token; false if that is nothing.
func ApprovalOf(t *Token) (a Approval, known bool) {
	if !t.Known.Has(FactApproval) || t.Owner == nil {
		return a, false
	}
	a.Own = strings.EqualFold(t.ApprovedBy, t.Owner.Login)
	if then := t.ApproverRole; then != nil {
		a.Role, a.Since, a.Until = then.Role, then.Since, then.Until
	}
	return a, true
}

// Approval returns who approved the token: as the evidence has it, and where it does not, as
// earlier runs learned it of the same grant. It is false if nobody knows.
func (s *Subject) Approval() (a Approval, known bool) {
	a, known = ApprovalOf(s.Token)
	if s.approved == nil || known && (!a.Own || a.Role != RoleUnknown) {
		return a, known
	}
	if known && !s.approved.Own {
		return a, true
	}
	return *s.approved, true
}

// Review is who reviewed a token before it was approved, as far as anything shows.
type Review uint8

// The reviews.
const (
	ReviewUnknown   Review = iota // nothing shows who approved it
	ReviewByOther                 // somebody else approved it
	ReviewNotNeeded               // GitHub approves the tokens of organization owners by itself
	ReviewDoubtful                // its owner approved it, perhaps as an organization owner
	ReviewNone                    // its owner approved it, who was no organization owner then
)

// Review returns who reviewed the token.
func (s *Subject) Review() Review {
	approval, known := s.Approval()
	switch {
	case !known:
		return ReviewUnknown
	case !approval.Own:
		return ReviewByOther
	case approval.Role == RoleAdmin,
		approval.Role == RoleUnknown && s.seenAsOwner(&approval) == seenBoth:
		return ReviewNotNeeded
	case approval.Role != RoleMember, s.seenAsOwner(&approval) != seenNever:
		return ReviewDoubtful
	}
	return ReviewNone
}

// How often runs around the approval saw the token's owner as an organization owner.
const (
	seenNever = iota
	seenOnce
	seenBoth // the last run before it, and the first one after it
)

// seenAsOwner looks at the last run before the approval and the first one after it. A run beyond a
// change of the role that the audit log has says nothing of that day.
func (s *Subject) seenAsOwner(a *Approval) int {
	if !s.Token.Known.Has(FactGranted) {
		return seenNever
	}
	at, n := s.Token.GrantedAt, seenNever
	before, after := s.ownerSeen(at)
	if before.Role == RoleAdmin && !before.Last.Before(a.Since) {
		n++
	}
	if after.Role == RoleAdmin && (a.Until.IsZero() || !after.First.After(a.Until)) {
		n++
	}
	return n
}

// ownerSeen returns what the runs saw the token's owner as that were the last before an instant
// and the first after it, each of one run: First is Last. Without such a run it is the zero value.
// What the present evidence says is not among them.
func (s *Subject) ownerSeen(at time.Time) (before, after RoleSeen) {
	for _, seen := range s.roles {
		for _, run := range append([]time.Time{seen.First, seen.Last}, s.runs...) {
			one := RoleSeen{seen.Role, run, run}
			switch {
			case run.Before(seen.First), run.After(seen.Last):
			case !run.After(at) && (before.Role == RoleUnknown || run.After(before.Last)):
				before = one
			case run.After(at) && (after.Role == RoleUnknown || run.Before(after.First)):
				after = one
			}
		}
	}
	return before, after
}

// recallApproval puts into the subject what is remembered of who approved the token, and of its
// owner.
func (m *Memory) recallApproval(s *Subject) {
	if known, ok := m.Approvals[s.Token.ID]; ok {
		approval := known // of its own, so that only tokens that have one take room
		s.approved = &approval
	}
	if s.Token.Owner != nil {
		s.roles = m.Roles[s.Token.Owner.ID]
	}
	if roles, kept := m.GrantRoles[s.Token.ID]; kept {
		s.roles = roles
	}
	s.runs = m.Runs
}
