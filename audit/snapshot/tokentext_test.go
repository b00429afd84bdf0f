// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
)

// TestTokenTextAsByTags holds that a token's row is what the library writes by its tags, and
// refused where that refuses it.
func TestTokenTextAsByTags(t *testing.T) {
	text := rapid.OneOf(rapid.Just(""), rapid.String(), rapid.SampledFrom([]string{
		"ci-publish", "\xff", "\"\\\n\u2028<é>\x00", "a\xed\xa0\x80b",
	}))
	at := rapid.Custom(func(t *rapid.T) time.Time {
		if rapid.Bool().Draw(t, "zero") {
			return time.Time{}
		}
		return time.Unix(rapid.Int64Range(-70_000_000_000, 300_000_000_000).Draw(t, "s"),
			rapid.SampledFrom([]int64{0, 0, 1, 120_000_000}).Draw(t, "ns")).UTC()
	})
	row := rapid.Custom(func(t *rapid.T) *tokenRow {
		return &tokenRow{
			ID: rapid.Int64().Draw(t, "id"), TokenID: rapid.Int64Range(-1, 1).Draw(t, "token"),
			Name: text.Draw(t, "name"), Owner: rapid.Ptr(rapid.Int64(), true).Draw(t, "owner"),
			Selection:    audit.Selection(text.Draw(t, "selection")),
			Permissions:  rapid.Ptr(rapid.Int(), true).Draw(t, "permissions"),
			Repositories: rapid.SliceOfN(rapid.Int64(), 0, 3).Draw(t, "repositories"),
			GrantedAt:    at.Draw(t, "granted"), CreatedAt: at.Draw(t, "created"),
			ApprovedBy: text.Draw(t, "by"), ApproverRole: audit.Role(text.Draw(t, "role")),
			RoleSince: at.Draw(t, "since"), RoleUntil: at.Draw(t, "until"),
			ExpiresAt: at.Draw(t, "expires"), LastUsedAt: at.Draw(t, "used"),
			Expired: rapid.Bool().Draw(t, "expired"),
			Known:   rapid.SliceOfN(text, 0, 3).Draw(t, "known"),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		r := row.Draw(t, "row")
		if rapid.Bool().Draw(t, "without lists") {
			r.Known, r.Repositories = nil, nil
		}
		want, wanted := json.Marshal(r)
		got, err := r.appendTo(nil)
		if (err == nil) != (wanted == nil) || err == nil && string(got) != string(want) {
			t.Errorf("%s, %v; by tags %s, %v", got, err, want, wanted)
		}
	})
}
