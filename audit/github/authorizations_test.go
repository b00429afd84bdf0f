// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/githubtest"
)

// TestAuthorizations: classic tokens in full, other kinds as a number.
func TestAuthorizations(t *testing.T) {
	inBubble(t, onEnterpriseCloud, func(b *bench) {
		b.also = audit.FactClassic
		evidence := b.mustCollect()
		day := func(n int) time.Time { return b.world.Now().AddDate(0, 0, n) }
		known := audit.FactLastUsed | audit.FactExpiry
		want := []*audit.Credential{
			{
				ID: 3, TokenID: 7, Login: "hubot", LastEight: "Ae178B4a", Scopes: []string{},
				AuthorizedAt: day(-3), LastUsedAt: day(-1), ExpiresAt: day(30), Known: known,
			},
			{
				ID: 1, TokenID: 9, Login: "octocat", Note: "ci\u202e", LastEight: "71c3fc11",
				Scopes: []string{"admin:org", "repo"}, AuthorizedAt: day(-300), Known: known,
			},
		}
		if diff := gocmp.Diff(want, evidence.Classic); diff != "" {
			b.t.Error(diff)
		}
		coverage := evidence.CoverageOf(audit.SourceAuthorizations)
		if coverage.Status != audit.Complete || coverage.Items != 2 ||
			coverage.Reason.String() != "not listed: 1 of the kind SSH key" {
			b.t.Errorf("coverage %+v", coverage)
		}
	})
}

// TestAuthorizationsInactive: an authorization whose token is gone is a number, and no token that
// never expires.
func TestAuthorizationsInactive(t *testing.T) {
	inBubble(t, func(w *githubtest.World) {
		onEnterpriseCloud(w)
		null := json.RawMessage("null")
		gone := map[string]json.RawMessage{
			"token_last_eight": null, "authorized_credential_id": null,
			"authorized_credential_note": null, "authorized_credential_expires_at": null,
		}
		o := w.Organizations[0]
		for range 2 {
			o.Authorizations = append(o.Authorizations, &githubtest.Authorization{
				Login: "hubot", Scopes: []string{"admin:org"}, Set: gone,
			})
		}
	}, func(b *bench) {
		b.also = audit.FactClassic
		evidence := b.mustCollect()
		coverage := evidence.CoverageOf(audit.SourceAuthorizations)
		if len(evidence.Classic) != 2 || coverage.Status != audit.Complete || coverage.Items != 2 ||
			coverage.Reason.String() != "not listed: 2 classic tokens that are not active, "+
				"1 of the kind SSH key" {
			b.t.Errorf("%d classic tokens, coverage %+v", len(evidence.Classic), coverage)
		}
	})
}

// TestAuthorizationsUnknown: what is absent, or cannot be, is not known; it is never "none".
func TestAuthorizationsUnknown(t *testing.T) {
	for name, record := range map[string]string{
		"absent": `{"credential_id": 1, "credential_type": "personal access token"}`,
		"no texts, no dates": `{"credential_id": 1, "credential_type": "personal access token",
			"login": 7, "scopes": "repo", "credential_accessed_at": 1, "token_last_eight": 7,
			"authorized_credential_expires_at": "soon", "authorized_credential_id": -1}`,
		"no token's id, and so no word of its expiry": `{"credential_id": 1,
			"credential_type": "personal access token", "token_last_eight": "",
			"authorized_credential_id": null, "authorized_credential_expires_at": null}`,
		"used in the future": `{"credential_id": 1, "credential_type": "personal access token",
			"credential_accessed_at": "2999-01-01T00:00:00Z", "scopes": ["repo", 1]}`,
	} {
		t.Run(name, func(t *testing.T) {
			ofRecord(t, record, func(t *testing.T, evidence *audit.Evidence) {
				want := []*audit.Credential{{ID: 1}}
				if diff := gocmp.Diff(want, evidence.Classic); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
	for name, record := range map[string]string{
		"no id":   `{"credential_type": "personal access token"}`,
		"no type": `{"credential_id": 1}`,
		"twice": `{"credential_id": 1, "credential_type": "SSH key"},
			{"credential_id": 1, "credential_type": "SSH key"}`,
	} {
		t.Run(name, func(t *testing.T) {
			ofRecord(t, record, func(t *testing.T, evidence *audit.Evidence) {
				coverage := evidence.CoverageOf(audit.SourceAuthorizations)
				if coverage.Status != audit.Partial {
					t.Errorf("coverage %+v", coverage)
				}
			})
		})
	}
}

// ofRecord shows a test what was collected where these records are the list of authorizations.
func ofRecord(t *testing.T, record string, test func(*testing.T, *audit.Evidence)) {
	inBubble(t, func(w *githubtest.World) {
		onEnterpriseCloud(w)
		w.Faults = []*githubtest.Fault{{
			Path: authorizationsPath, Status: http.StatusOK, Body: body("[" + record + "]"),
		}}
	}, func(b *bench) {
		b.also = audit.FactClassic
		test(b.t, b.mustCollect())
	})
}
