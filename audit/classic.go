// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"cmp"
	"time"
)

// Credential is a classic personal access token that its owner authorized for the organization's
// SAML single sign-on. No rule judges it; reports list it.
type Credential struct {
	ID        int64    // of the authorization, above zero
	TokenID   int64    // of the token; 0 if unknown
	Login     string   // of the owner: hostile text; "" if unknown
	Note      string   // what the owner calls it: hostile text; "" if none, or unknown
	LastEight string   // the token's last eight characters, which are no secret; "" if unknown
	Scopes    []string // sorted; nil if unknown

	AuthorizedAt time.Time // zero if unknown
	LastUsedAt   time.Time // zero: never used, or unknown without [FactLastUsed]
	ExpiresAt    time.Time // zero: no expiry, or unknown without [FactExpiry]

	Known Facts // only FactLastUsed and FactExpiry are used
}

// CompareCredentials orders classic tokens by login and ID.
func CompareCredentials(a, b *Credential) int {
	return cmp.Or(cmp.Compare(a.Login, b.Login), cmp.Compare(a.ID, b.ID))
}
