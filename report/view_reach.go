// SPDX-License-Identifier: Apache-2.0

package report

import (
	"time"

	"github.com/complytime/pataudit/audit"
)

// reached is a repository that tokens can reach.
type reached struct {
	name           string
	visibility     string // "" if unknown
	named, writers int    // active tokens that select it, and those of them that can write
	worst          *audit.Permission
	all            *everywhere
}

// everywhere counts the active tokens that reach more than they name.
type everywhere struct {
	all, unknown int // tokens of every repository, and those of which it is not known
	worst        *audit.Permission
}

// person is an owner of tokens.
type person struct {
	member          *audit.Member
	known           bool // the role is
	tokens, active  int
	violating, open int // open: cannot be judged
	expiring        int
	severity        audit.Severity
	lastUsed        time.Time // of all tokens
	unlearned       int       // tokens of which it is not known
}
