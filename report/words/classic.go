// SPDX-License-Identifier: Apache-2.0

package words

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

// BroadOf returns the broad ones of a classic token's scopes.
func BroadOf(c *audit.Credential) (broad []string) {
	for _, scope := range c.Scopes {
		if slices.Contains(broadScopes, scope) {
			broad = append(broad, scope)
		}
	}
	return broad
}

// classicMarks are what stands out of a classic token.
type classicMarks struct {
	Expired, eternal bool
	never, idle      bool // idle: not used for long
	broad            int
}

// ClassicMarksOf returns what stands out of a classic token at an instant.
func ClassicMarksOf(c *audit.Credential, asOf time.Time) classicMarks {
	expiry, used := c.Known.Has(audit.FactExpiry), c.Known.Has(audit.FactLastUsed)
	return classicMarks{
		Expired: expiry && !c.ExpiresAt.IsZero() && !asOf.Before(c.ExpiresAt),
		eternal: expiry && c.ExpiresAt.IsZero(),
		never:   used && c.LastUsedAt.IsZero(),
		idle:    used && !c.LastUsedAt.IsZero() && c.LastUsedAt.Before(asOf.Add(-view.InUseWithin)),
		broad:   len(BroadOf(c)),
	}
}

// ClassicOf returns the classic tokens that the view shows, the worst first: those that still
// work, by their broad scopes, then without an expiry, then unused.
func ClassicOf(run *audit.Run, v *view.View) []*audit.Credential {
	shown := slices.Clone(run.Classic)
	shown = slices.DeleteFunc(shown, func(c *audit.Credential) bool {
		return !v.Filter.Login(c.Login)
	})
	slices.SortStableFunc(shown, func(a, b *audit.Credential) int {
		m, n := ClassicMarksOf(a, run.AsOf), ClassicMarksOf(b, run.AsOf)
		return cmp.Or(
			CompareBools(n.Expired, m.Expired), cmp.Compare(n.broad, m.broad),
			CompareBools(m.eternal, n.eternal), CompareBools(m.never || m.idle, n.never || n.idle),
			audit.CompareCredentials(a, b),
		)
	})
	return shown
}

// CompareBools puts what is true first.
func CompareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// classic counts the classic tokens, by what stands out.
func classic(run *audit.Run) string {
	people := map[string]bool{}
	var expired, eternal, never, idle, broad int
	count := func(n *int, is bool) {
		if is {
			*n++
		}
	}
	for _, c := range run.Classic {
		people[c.Login] = true
		m := ClassicMarksOf(c, run.AsOf)
		count(&expired, m.Expired)
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
	if run.SettingOf(audit.SettingClassic) != nil {
		return text + "; no rule judges them"
	}
	return text + "; not judged by the policy"
}

// ScopesText lists a classic token's scopes, the broad ones first.
func ScopesText(c *audit.Credential) string {
	switch {
	case c.Scopes == nil:
		return "unknown scopes"
	case len(c.Scopes) == 0:
		return "no scopes"
	}
	broad := BroadOf(c)
	return strings.Join(slices.Concat(broad, slices.DeleteFunc(slices.Clone(c.Scopes),
		func(scope string) bool { return slices.Contains(broad, scope) })), ", ")
}

// ClassicExpiry returns when a classic token expires: "expires 2027-01-31", "never expires".
func ClassicExpiry(c *audit.Credential, asOf time.Time) string {
	switch m := ClassicMarksOf(c, asOf); {
	case !c.Known.Has(audit.FactExpiry):
		return "expiry unknown"
	case m.Expired:
		return "expired"
	case m.eternal:
		return "never expires"
	}
	return "expires " + view.DayOf(c.ExpiresAt)
}

// ClassicUse returns when a classic token was last used: "used 3 d ago", "use unknown".
func ClassicUse(c *audit.Credential, asOf time.Time) string {
	t := &audit.Token{LastUsedAt: c.LastUsedAt, Known: c.Known}
	if Used(t, asOf) == "?" {
		return "use unknown"
	}
	return LastUse(t, asOf)
}
