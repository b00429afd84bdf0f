// SPDX-License-Identifier: Apache-2.0

package audit

import "time"

// The kinds of decisions.
const (
	Waive  = "waive"  // accepts findings of one rule, with their basis as it stood
	Keep   = "keep"   // reviewed, and needed
	Reduce = "reduce" // to be narrowed by Until
	Revoke = "revoke" // to be removed by Until
)

// Decision is what a person decided of a token: the record that reviewers keep and auditors test.
// It is bound to the token's id and its owner's id, never to names.
type Decision struct {
	TokenID, OwnerID  int64
	Kind              string
	Rule              string   // of a waiver
	Basis             []string // of a waiver: what was accepted, no more
	Severity          Severity // of a waiver: the accepted one
	Purpose, Consumer string   // of a keep
	Reason, By        string
	Ticket            string
	On, Until         time.Time // Until is the last day on which it holds
}
