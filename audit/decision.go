// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"strings"
	"time"
)

// The kinds of decisions.
const (
	Waive  = "waive"  // accepts findings of one rule, with their basis as it stood
	Keep   = "keep"   // reviewed, and needed
	Reduce = "reduce" // to be narrowed by Until: its basis has to go
	Revoke = "revoke" // to be removed by Until

	// Attest vouches for one of the organization's own settings, and is about no token.
	Attest = "attest"
)

// Decision is what a person decided of a token: the record that reviewers keep and auditors test.
// It is bound to the token's id and its owner's id, never to names. To attest is about a setting
// of an organization in place of a token.
type Decision struct {
	TokenID, OwnerID  int64
	Kind              string
	Rule              string   // of a waiver
	Basis             []string // of a waiver: what was accepted, no more; of a reduce: what has to go
	Held              []string // of a reduce: the permissions that it had; of a keep, if said
	Severity          Severity // of a waiver: the accepted one
	Reach             Reach    // for which it was accepted; beside Held: what the token reached
	Purpose, Consumer string   // of a keep
	Reason, By        string
	Ticket            string

	Organization string  // of an attestation: its login
	Setting      Setting // likewise, and the value that it has
	Value        string

	On, Until time.Time // Until is the last day on which it holds
}

// Exact reports whether a decision to keep a token says what the token could do. Of one that does
// not, what was seen until its day counts.
func (d *Decision) Exact() bool { return d.Kind == Keep && d.Held != nil }

// sight returns what an exact decision to keep a token says that it can do.
func (d *Decision) sight() Sight {
	s := Sight{Known: FactPermissions}
	for _, text := range d.Held {
		s.Permissions = append(s.Permissions, ParsePermission(text))
	}
	ids := d.Reach.IDs()
	switch {
	case !d.Reach.Known():
		return s
	case d.Reach.All():
		s.Selection = SelectAll
	case len(ids) == 0:
		s.Selection = SelectNone
	default:
		s.Selection = SelectSubset
	}
	for _, id := range ids {
		s.Repositories = append(s.Repositories, &Repository{ID: id})
	}
	s.Known |= FactSelection | FactRepositories
	return s
}

// DecisionState is what became of a decision in a run.
type DecisionState string

// The states of a decision.
const (
	DecisionUsed     DecisionState = "used"     // in force: it changes a finding, or awaits its day
	DecisionExpired  DecisionState = "expired"  // past its last day
	DecisionUnused   DecisionState = "unused"   // its token or its finding is not there
	DecisionExceeded DecisionState = "exceeded" // the token can do more than was accepted
	DecisionOverdue  DecisionState = "overdue"  // past its last day, and not done
	DecisionDone     DecisionState = "done"     // the token is gone, or what had to go
)

// DecisionResult is what became of a decision in a run.
type DecisionResult struct {
	Decision *Decision
	Token    *Token // that it is about; nil if the token is not among the evidence
	State    DecisionState
	Detail   string // what grew, or what is not done: may quote hostile text
	ByOwner  bool   // the token's own owner decided
}

// ByOwner reports whether the token's own owner decided.
func (d *Decision) ByOwner(t *Token) bool {
	return t != nil && t.Owner != nil && strings.EqualFold(t.Owner.Login, d.By)
}

func (d *Decision) accepted() accepted { return accepted{d.Basis, d.Severity, d.Reach} }

// lapsed reports whether the decision's last day is over.
func (d *Decision) lapsed(now time.Time) bool { return !now.Before(d.Until.AddDate(0, 0, 1)) }
