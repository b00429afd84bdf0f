// SPDX-License-Identifier: Apache-2.0

package words

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// ExpiresText returns how soon a token expires.
func ExpiresText(t *audit.Token, asOf time.Time) string {
	if n := audit.CalendarDays(asOf, t.ExpiresAt); n > 0 {
		return fmt.Sprintf("%d d", n)
	}
	return "today"
}

// ShortName returns what a token is called in a sentence.
func ShortName(t *audit.Token) string {
	if t.Name == "" {
		return t.Noun()
	}
	return safe.Truncate(safe.Terminal(t.Name), 24)
}

// OwnerLogin returns the login of a token's owner, safe for a terminal; "?" if it is not known.
func OwnerLogin(t *audit.Token) string {
	if t.Owner == nil {
		return "?"
	}
	return safe.Terminal(t.Owner.Login)
}

var plainLogin = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]*$`)

// ShortDigest returns the beginning of a digest.
func ShortDigest(digest string) string {
	if algorithm, sum, ok := strings.Cut(digest, ":"); ok && len(sum) > 8 {
		return algorithm + ":" + sum[:8] + "…"
	}
	return digest
}

// ratified returns who put the policy into force: "by marta-h on 2026-11-01"; "" if nobody did.
func ratified(r *audit.Ratified) string {
	if r == nil {
		return ""
	}
	return "by " + r.By + view.On(" on ", r.On)
}

// MostNames is how many names a line of a screen lists.
const MostNames = 5

// FirstOf returns the first of several names, and a last one for the others: more, and those that
// are not among the names.
func FirstOf(names []string, most, more int) []string {
	if left := len(names) - most; left > 0 {
		names, more = names[:most:most], more+left
	}
	if more > 0 && len(names) > 0 {
		names = append(names, fmt.Sprintf("and %d more", more))
	}
	return names
}

// Few lists the first of several names, and counts the others: "a, b and 3 more".
func Few(names []string, most int) string {
	more := len(names) - most
	if more <= 0 {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), more)
}

// TokenName returns a token's name, or its id if it has none. It is not sanitized.
func TokenName(t *audit.Token) string {
	return cmp.Or(t.Name, t.Noun())
}

// TokenNameOf returns what a token is called on a line of a screen.
func TokenNameOf(t *audit.Token) string { return safe.Terminal(TokenName(t)) }
