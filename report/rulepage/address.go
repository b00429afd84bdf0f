// SPDX-License-Identifier: Apache-2.0

package rulepage

import (
	"regexp"

	"github.com/complytime/pataudit/audit"
)

// URI returns the address of a rule's page.
func URI(rule string) string { return audit.Home + "/blob/main/audit/rules/" + rule + ".md" }

// Link returns the address of a rule's page; "" if no rule can have that name, or if it stands
// for what is left out.
func Link(id string) string {
	if id == Withheld || !plainRule.MatchString(id) {
		return ""
	}
	return URI(id)
}

var plainRule = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// Withheld is the rule under which a pseudonymised run shows that a token fails, where what it
// fails by is left out.
const Withheld = "withheld"
