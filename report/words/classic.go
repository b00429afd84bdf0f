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

// Classic tokens have a section of their own. No policy judges them; what stands out is counted.

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
		broad:   len(BroadOf(c)),
	}
}

// ClassicOf returns the classic tokens that the view shows, the worst first: those that still
// work, by their broad scopes, then without an expiry, then unused.
func ClassicOf(run *audit.Run, v *view.View) []*audit.Credential {
	shown := slices.DeleteFunc(slices.Clone(run.Classic), func(c *audit.Credential) bool {
		return !v.Filter.Login(c.Login)
	})
	slices.SortStableFunc(shown, func(a, b *audit.Credential) int {
		m, n := classicMarksOf(a, run.AsOf), classicMarksOf(b, run.AsOf)
		return cmp.Or(
			CompareBools(n.expired, m.expired), cmp.Compare(n.broad, m.broad),
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
	marks := [...]string{
		"with broad scopes", "without expiry", "never used", "not used for 90 days", "expired",
	}
	var counts [len(marks)]int
	for _, c := range run.Classic {
		people[c.Login] = true
		m := classicMarksOf(c, run.AsOf)
		for i, marked := range [len(marks)]bool{m.broad > 0, m.eternal, m.never, m.idle, m.expired} {
			if marked {
				counts[i]++
			}
		}
	}
	text := safe.Plural(len(run.Classic), "classic token") + " with SAML authorization"
	if len(people) > 1 {
		text += fmt.Sprintf(" of %d people", len(people))
	}
	var parts []string
	for i, n := range counts {
		parts = append(parts, safe.Counted(n, marks[i]))
	}
	text += safe.Around(": ", safe.Join(", ", parts...), "")
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

// ClassicToken returns what a classic token has in common with fine-grained ones, at an instant:
// id, owner, expiry and last use.
func ClassicToken(c *audit.Credential, asOf time.Time) *audit.Token {
	t := &audit.Token{
		TokenID: c.TokenID, ExpiresAt: c.ExpiresAt, LastUsedAt: c.LastUsedAt, Known: c.Known,
		Expired: classicMarksOf(c, asOf).expired,
	}
	if c.Login != "" {
		t.Owner = &audit.Member{Login: c.Login}
	}
	return t
}

// ClassicExpiry returns when a classic token expires: "expires 2027-01-31", "never expires".
func ClassicExpiry(c *audit.Credential, asOf time.Time) string {
	switch day := view.Expires(ClassicToken(c, asOf)).Day(); day {
	case view.Unknown:
		return "expiry unknown"
	case view.ExpiredLabel:
		return day
	case "never":
		return "never expires"
	default:
		return "expires " + day
	}
}

// ClassicUse returns when a classic token was last used: "used 3 d ago", "use unknown".
func ClassicUse(c *audit.Credential, asOf time.Time) string {
	t := ClassicToken(c, asOf)
	if Used(t, asOf) == "?" {
		return "use unknown"
	}
	return LastUse(t, asOf)
}
