// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// expiresText says how soon a token expires.
func expiresText(t *audit.Token, asOf time.Time) string {
	if n := audit.CalendarDays(asOf, t.ExpiresAt); n > 0 {
		return fmt.Sprintf("%d d", n)
	}
	return "today"
}

// shortName names a token in a sentence.
func shortName(t *audit.Token) string {
	if t.Name == "" {
		return fmt.Sprintf("grant %d", t.ID)
	}
	return safe.Truncate(safe.Terminal(t.Name), 24)
}

func ownerLogin(t *audit.Token) string {
	if t.Owner == nil {
		return "?"
	}
	return safe.Terminal(t.Owner.Login)
}

var plainLogin = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]*$`)

// shortDigest gives the beginning of a digest.
func shortDigest(digest string) string {
	if algorithm, sum, ok := strings.Cut(digest, ":"); ok && len(sum) > 8 {
		return algorithm + ":" + sum[:8] + "…"
	}
	return digest
}

// ratified says who put the policy into force; "" if nobody did.
func ratified(r *audit.Ratified) string {
	switch {
	case r == nil:
		return ""
	case r.On.IsZero():
		return "ratified by " + r.By
	}
	return fmt.Sprintf("ratified by %s on %s", r.By, view.DayOf(r.On))
}

// mostNames is how many names a line lists.
const mostNames = 5

func tokenName(t *audit.Token) string {
	if t.Name == "" {
		return fmt.Sprintf("grant %d", t.ID)
	}
	return t.Name
}

// tokenNameOf names a token on a line of a screen.
func tokenNameOf(t *audit.Token) string { return safe.Terminal(tokenName(t)) }
