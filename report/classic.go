// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// Classic tokens have a section of their own. No policy judges them; what stands out is said.

// broadScopes control repositories, what runs in them, or the organization.
var broadScopes = []string{
	"admin:enterprise", "admin:org", "admin:org_hook", "admin:repo_hook", "delete:packages",
	"delete_repo", "repo", "site_admin", "workflow", "write:org", "write:packages",
}

// broadOf gives the broad ones of a classic token's scopes.
func broadOf(c *audit.Credential) (broad []string) {
	for _, scope := range c.Scopes {
		if slices.Contains(broadScopes, scope) {
			broad = append(broad, scope)
		}
	}
	return broad
}

// classicMarks are what stands out of a classic token.
type classicMarks struct {
	expired, eternal bool
	never, idle      bool // idle: not used for long
	broad            int
}

func classicMarksOf(c *audit.Credential, asOf time.Time) classicMarks {
	expiry, used := c.Known.Has(audit.FactExpiry), c.Known.Has(audit.FactLastUsed)
	return classicMarks{
		expired: expiry && !c.ExpiresAt.IsZero() && !asOf.Before(c.ExpiresAt),
		eternal: expiry && c.ExpiresAt.IsZero(),
		never:   used && c.LastUsedAt.IsZero(),
		idle:    used && !c.LastUsedAt.IsZero() && c.LastUsedAt.Before(asOf.Add(-view.InUseWithin)),
		broad:   len(broadOf(c)),
	}
}

// classicOf gives the classic tokens that the view shows, the worst first: those that still work,
// by their broad scopes, then without an expiry, then unused.
func classicOf(run *audit.Run, v *view.View) []*audit.Credential {
	shown := slices.Clone(run.Classic)
	shown = slices.DeleteFunc(shown, func(c *audit.Credential) bool {
		return !v.Filter.Login(c.Login)
	})
	slices.SortStableFunc(shown, func(a, b *audit.Credential) int {
		m, n := classicMarksOf(a, run.AsOf), classicMarksOf(b, run.AsOf)
		return cmp.Or(
			compareBools(n.expired, m.expired), cmp.Compare(n.broad, m.broad),
			compareBools(m.eternal, n.eternal), compareBools(m.never || m.idle, n.never || n.idle),
			audit.CompareCredentials(a, b),
		)
	})
	return shown
}

// compareBools puts what is true first.
func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// classicText counts the classic tokens, by what stands out.
func classicText(run *audit.Run) string {
	people := map[string]bool{}
	var expired, eternal, never, idle, broad int
	count := func(n *int, is bool) {
		if is {
			*n++
		}
	}
	for _, c := range run.Classic {
		people[c.Login] = true
		m := classicMarksOf(c, run.AsOf)
		count(&expired, m.expired)
		count(&eternal, m.eternal)
		count(&never, m.never)
		count(&idle, m.idle)
		count(&broad, m.broad > 0)
	}
	text := safe.Plural(len(run.Classic), "classic token") + " with SAML authorization"
	if len(people) > 1 {
		text += fmt.Sprintf(" of %d people", len(people))
	}
	var parts []string
	for _, part := range []struct {
		n     int
		words string
	}{
		{broad, "with broad scopes"},
		{eternal, "without expiry"},
		{never, "never used"},
		{idle, "not used for 90 days"},
		{expired, "expired"},
	} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.n, part.words))
		}
	}
	if len(parts) > 0 {
		text += ": " + strings.Join(parts, ", ")
	}
	return text + "; not judged by the policy"
}

// scopesText lists a classic token's scopes, the broad ones first.
func scopesText(c *audit.Credential) string {
	switch {
	case c.Scopes == nil:
		return "unknown scopes"
	case len(c.Scopes) == 0:
		return "no scopes"
	}
	broad := broadOf(c)
	return strings.Join(slices.Concat(broad, slices.DeleteFunc(slices.Clone(c.Scopes),
		func(scope string) bool { return slices.Contains(broad, scope) })), ", ")
}

func classicExpiry(c *audit.Credential, asOf time.Time) string {
	switch m := classicMarksOf(c, asOf); {
	case !c.Known.Has(audit.FactExpiry):
		return "expiry unknown"
	case m.expired:
		return "expired"
	case m.eternal:
		return "never expires"
	}
	return "expires " + view.DayOf(c.ExpiresAt)
}

func classicUse(c *audit.Credential, asOf time.Time) string {
	t := &audit.Token{LastUsedAt: c.LastUsedAt, Known: c.Known}
	if usedText(t, asOf) == "?" {
		return "use unknown"
	}
	return lastUse(t, asOf)
}
