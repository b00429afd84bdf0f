// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
)

// What has to hold of claims for any evidence and attestations.

// drawClaimed draws tokens, and classic ones, some of which contradict claims.
func drawClaimed(t *rapid.T, label string) (e *audit.Evidence) {
	e = reviewed()
	e.Tokens = nil
	days := rapid.IntRange(-200, 200)
	for i := range rapid.IntRange(0, 4).Draw(t, label+" tokens") {
		one := *reviewed().Tokens[0]
		one.ID, one.TokenID = int64(i+1), int64(i+11)
		one.GrantedAt = noon.AddDate(0, 0, -days.Draw(t, "granted"))
		one.LastUsedAt = noon.AddDate(0, 0, days.Draw(t, "used"))
		one.ExpiresAt = noon.AddDate(0, 0, days.Draw(t, "expires"))
		one.Expired = rapid.Bool().Draw(t, "expired")
		one.ApprovedBy = rapid.SampledFrom([]string{"octocat", "hubot"}).Draw(t, "approver")
		one.ApproverRole = &audit.RoleThen{Role: rapid.SampledFrom([]audit.Role{
			audit.RoleMember, audit.RoleAdmin, audit.RoleUnknown,
		}).Draw(t, "role")}
		one.Known = rapid.SampledFrom([]audit.Facts{
			^audit.FactCreated, ^audit.Facts(0), ^(audit.FactCreated | audit.FactExpiry),
			^(audit.FactCreated | audit.FactApproval),
		}).Draw(t, "known")
		if one.Known.Has(audit.FactCreated) {
			one.CreatedAt = noon.AddDate(0, 0, -days.Draw(t, "created"))
		}
		e.Tokens = append(e.Tokens, &one)
	}
	for i := range rapid.IntRange(0, 2).Draw(t, label+" classic tokens") {
		e.Classic = append(e.Classic, &audit.Credential{
			ID: int64(i + 1), ExpiresAt: noon.AddDate(0, 0, days.Draw(t, "classic expires")),
			Known: rapid.SampledFrom([]audit.Facts{audit.FactExpiry, 0}).Draw(t, "classic known"),
		})
	}
	return e
}

// TestSettingsProperties: an attestation hides no contradiction, and more tokens take none back;
// each contradiction is a violation, and nothing else of a claim changes the verdict; without a
// claim there is nothing.
func TestSettingsProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		less, more := drawClaimed(t, "some"), drawClaimed(t, "more")
		var attestations []*audit.Decision
		for _, s := range audit.Settings {
			value := claiming()
			attestations = append(attestations, &audit.Decision{
				Kind: audit.Attest, Organization: "acme", Setting: s, Value: value.Claims.Of(s),
				On:    noon.AddDate(0, 0, rapid.IntRange(-9, 3).Draw(t, "on")),
				Until: noon.AddDate(0, 0, rapid.IntRange(-3, 9).Draw(t, "until")),
			})
		}
		both := *less
		both.Tokens = append(both.Tokens[:len(both.Tokens):len(both.Tokens)], more.Tokens...)
		both.Classic = append(both.Classic[:len(both.Classic):len(both.Classic)], more.Classic...)
		options := atNoon
		options.AllowEmpty = true
		plain := audit.Evaluate(less, claiming(), options)
		attested := audit.Evaluate(less, claiming(attestations...), options)
		grown := audit.Evaluate(&both, claiming(attestations...), options)
		for i := range plain.Settings {
			p, a, g := plain.Settings[i], attested.Settings[i], grown.Settings[i]
			contradicted := p.State == audit.SettingContradicted
			if contradicted != (a.State == audit.SettingContradicted) || p.Against != a.Against {
				t.Fatalf("%s: %s alone, %s with an attestation", p.Setting, p.State, a.State)
			}
			if contradicted && (g.State != p.State || g.Against < p.Against) {
				t.Fatalf("%s: %s by %d, then %s by %d", p.Setting, p.State, p.Against, g.State, g.Against)
			}
			if contradicted != (p.Against > 0) || len(p.Facts) > p.Against {
				t.Fatalf("%s: %s by %d, %d listed", p.Setting, p.State, p.Against, len(p.Facts))
			}
		}
		for _, run := range []*audit.Run{plain, attested} {
			if want := run.Contradicted() > 0; (run.Outcome() == audit.Violations) != want {
				t.Fatalf("%d contradicted, and %s", run.Contradicted(), run.Outcome())
			}
		}
		silent := claiming(attestations...)
		silent.Claims = audit.Claims{}
		if run := audit.Evaluate(less, silent, options); run.Settings != nil ||
			run.Outcome() != audit.Clean {
			t.Fatalf("without a claim: %v, %s", run.Settings, run.Outcome())
		}
	})
}
