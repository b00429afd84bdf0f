// SPDX-License-Identifier: Apache-2.0

package audit

import "strings"

// Facts is a set of things that may be unknown. A field that GitHub left out, or sent in a form
// that cannot be, is unknown; a null one is a value (no expiry, never used).
type Facts uint16

// The facts. A selection of none or all counts as Repositories known: there is no list to learn.
const (
	FactSelection Facts = 1 << iota
	FactPermissions
	FactGranted
	FactExpiry // whether it expires, when, and whether it has
	FactLastUsed
	FactOwner
	FactRepositories // of a subset token
	FactMembership   // of the owner
	FactTwoFactor    // of the owner
	FactOrganizationRepositories
	FactHistory  // what earlier runs saw of the token; only a store of runs has it
	FactCreated  // when the token was made; only an audit log has it
	FactClassic  // the organization's classic tokens; asked for, known of no token
	FactReason   // why it is asked for; of a pending request
	FactApproval // who approved the grant; only an audit log has it
)

var factNames = [...]string{
	"selection", "permissions", "granted", "expiry", "last_used", "owner", "repositories",
	"membership", "two_factor", "organization_repositories", "history", "created", "classic",
	"reason", "approval",
}

// Has reports whether all of want are in f.
func (f Facts) Has(want Facts) bool { return f&want == want }

// Names returns the names of the facts in f, in a fixed order; nil if there are none.
func (f Facts) Names() []string {
	var names []string
	for i, name := range factNames {
		if f&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}

// String joins the names with commas.
func (f Facts) String() string { return strings.Join(f.Names(), ", ") }

// ParseFacts is the inverse of [Facts.Names]. It reports the first name that it does not know.
func ParseFacts(names []string) (f Facts, unknown string) {
next:
	for _, name := range names {
		for i, known := range factNames {
			if name == known {
				f |= 1 << i
				continue next
			}
		}
		return 0, name
	}
	return f, ""
}
