// SPDX-License-Identifier: Apache-2.0

package audit

// Mending is what a rule's finding asks of the token's owner. The zero value is MendByReplacing.
type Mending uint8

// What mends a finding.
const (
	MendByReplacing Mending = iota // another token, with other settings
	MendByDeleting                 // the end of the token
	MendElsewhere                  // what is not the token's: the owner's account, or an answer
	MendByReviewers                // nothing that the owner can do
)
