// SPDX-License-Identifier: Apache-2.0

package words

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// ExpiresText says how soon a token expires.
func ExpiresText(t *audit.Token, asOf time.Time) string {
	if n := audit.CalendarDays(asOf, t.ExpiresAt); n > 0 {
		return fmt.Sprintf("%d d", n)
	}
	return "today"
}

// ShortName names a token in a sentence.
func ShortName(t *audit.Token) string {
	if t.Name == "" {
		return fmt.Sprintf("grant %d", t.ID)
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

// Ratified says who put the policy into force; "" if nobody did.
func Ratified(r *audit.Ratified) string {
	switch {
	case r == nil:
		return ""
	case r.On.IsZero():
		return "ratified by " + r.By
	}
	return fmt.Sprintf("ratified by %s on %s", r.By, view.DayOf(r.On))
}

// MostNames is how many names a line lists.
const MostNames = 5

// TokenName returns a token's name, or its grant if it has none. It is not sanitized.
func TokenName(t *audit.Token) string {
	if t.Name == "" {
		return fmt.Sprintf("grant %d", t.ID)
	}
	return t.Name
}

// TokenNameOf names a token on a line of a screen.
func TokenNameOf(t *audit.Token) string { return safe.Terminal(TokenName(t)) }
