// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"github.com/complytime/pataudit/audit"
)

// What an override may do to the policy's answers.
const (
	unmatched = "unmatched"
	beside    = "beside"
	replacing = "replacing"
)

// effectsOf lists which effects of those in question an override may have on the token, told from
// its condition by hand: it is tried with all that is unknown filled in.
func effectsOf(when *audit.Condition, e *audit.Evidence, of ...string) (effects []string) {
	may := map[string]bool{}
	for _, filled := range filledIn(e) {
		s := &audit.Subject{Token: filled.Tokens[0], Organization: filled.Organization}
		if matches, _ := when.Matcher(filled.Organization).Matches(s); !matches {
			may[unmatched] = true
			continue
		}
		bound := len(when.Owners) > 0 || len(when.Tokens) > 0
		free := len(when.Names) > 0 || len(when.Permissions) > 0
		if len(when.Repositories) > 0 {
			free = free || s.Token.Selection != audit.SelectSubset
			for _, r := range s.Token.Repositories {
				one := *s
				token := *s.Token
				token.Repositories = []*audit.Repository{r}
				one.Token = &token
				matches, _ := when.Matcher(filled.Organization).Matches(&one)
				free = free || !matches
			}
		}
		may[map[bool]string{true: replacing, false: beside}[bound && !free]] = true
	}
	for _, effect := range of {
		if may[effect] {
			effects = append(effects, effect)
		}
	}
	return effects
}

// filledIn lists what the evidence may be, if all was known.
func filledIn(e *audit.Evidence) []*audit.Evidence {
	worlds := []*audit.Evidence{e}
	vary := func(unknown bool, ways ...func(*audit.Evidence, *audit.Token)) {
		if !unknown {
			return
		}
		var more []*audit.Evidence
		for _, world := range worlds {
			for _, way := range ways {
				organization, token := *world.Organization, *world.Tokens[0]
				filled := &audit.Evidence{Organization: &organization, Tokens: []*audit.Token{&token}}
				way(filled, &token)
				organization.Known, token.Known = ^audit.Facts(0), ^audit.Facts(0)
				more = append(more, filled)
			}
		}
		worlds = more
	}
	token := e.Tokens[0]
	unknown := func(facts audit.Facts) bool { return !token.Known.Has(facts) }
	owned := func(id int64) func(*audit.Evidence, *audit.Token) {
		return func(_ *audit.Evidence, t *audit.Token) { t.Owner = &audit.Member{ID: id} }
	}
	called := func(name string) func(*audit.Evidence, *audit.Token) {
		return func(_ *audit.Evidence, t *audit.Token) { t.Name = name }
	}
	holding := func(level string) func(*audit.Evidence, *audit.Token) {
		return func(_ *audit.Evidence, t *audit.Token) {
			t.Permissions = []audit.Permission{{Group: "repository", Name: "contents", Level: level}}
		}
	}
	selecting := func(s audit.Selection) func(*audit.Evidence, *audit.Token) {
		return func(_ *audit.Evidence, t *audit.Token) { t.Selection = s }
	}
	var subsets, organizations []func(*audit.Evidence, *audit.Token)
	for i := range 8 {
		var some []*audit.Repository
		for k, name := range []string{"acme/docs", "acme/infra-dns", "acme/vault"} {
			if i>>k&1 == 1 {
				some = append(some, &audit.Repository{Name: name})
			}
		}
		subsets = append(subsets, func(_ *audit.Evidence, t *audit.Token) { t.Repositories = some })
		organizations = append(organizations, func(e *audit.Evidence, _ *audit.Token) {
			e.Organization.Repositories = some
		})
	}
	vary(token.Owner == nil, owned(5), owned(6))
	vary(token.Name == "", called("release-x"), called("x"), called("y"))
	vary(unknown(audit.FactPermissions), holding("read"), holding("write"), holding("admin"))
	vary(unknown(audit.FactSelection), selecting(audit.SelectNone), selecting(audit.SelectAll),
		selecting(audit.SelectSubset))
	vary(!token.Known.Has(audit.FactSelection|audit.FactRepositories), subsets...)
	vary(!e.Organization.Known.Has(audit.FactOrganizationRepositories), organizations...)
	return worlds
}
