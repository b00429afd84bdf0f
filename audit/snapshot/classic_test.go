// SPDX-License-Identifier: Apache-2.0

package snapshot_test

import (
	"slices"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
)

// classic draws classic tokens.
func classic(t *rapid.T) []*audit.Credential {
	drawn := byID(t, "classic", func(id int64) *audit.Credential {
		scopes := rapid.SampledFrom([][]string{nil, {}, {text(t)}, {"a", text(t)}})
		known := rapid.SampledFrom([]audit.Facts{
			0, audit.FactLastUsed, audit.FactExpiry,
			audit.FactLastUsed | audit.FactExpiry,
		})
		return &audit.Credential{
			ID: id, TokenID: rapid.Int64Min(0).Draw(t, "token id"), Login: text(t), Note: text(t),
			LastEight: text(t), Scopes: scopes.Draw(t, "scopes"), AuthorizedAt: moment(t),
			LastUsedAt: moment(t), ExpiresAt: moment(t), Known: known.Draw(t, "known"),
		}
	})
	slices.SortFunc(drawn, audit.CompareCredentials)
	return drawn
}

// contacts draws people who were asked for by login.
func contacts(t *rapid.T) (drawn []*audit.Member) {
	if rapid.Bool().Draw(t, "no contacts") {
		return nil
	}
	drawn = []*audit.Member{}
	for _, login := range []string{"alice", "gone", "otto"} {
		if rapid.Bool().Draw(t, "asked for") {
			role := rapid.SampledFrom([]audit.Role{
				audit.RoleUnknown, audit.RoleAdmin, audit.RoleOutside, audit.RoleNone,
			})
			drawn = append(drawn, &audit.Member{
				Login: login, ID: rapid.Int64Min(0).Draw(t, "id"), Role: role.Draw(t, "role"),
			})
		}
	}
	return drawn
}
