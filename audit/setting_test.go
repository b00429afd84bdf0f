// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
)

// claiming is a policy that claims every setting, and asks a rule that passes.
func claiming(decisions ...*audit.Decision) *audit.Policy {
	p := asked(asking("a", audit.Verdict{Status: audit.Pass}, 0))
	p.Claims = audit.Claims{Approval: true, MaxLifetime: 90, Classic: true}
	p.Decisions = decisions
	return p
}

// reviewed is complete evidence of a token that somebody else approved 120 days ago, which is used
// today, and lives for as long as the limit lets it from today.
func reviewed() *audit.Evidence {
	e := seen()
	e.Tokens[0] = &audit.Token{
		ID: 1, TokenID: 11, Owner: &audit.Member{ID: 5, Login: "octocat", Role: audit.RoleMember},
		GrantedAt: noon.AddDate(0, 0, -120), ExpiresAt: noon.AddDate(0, 0, 90), LastUsedAt: noon,
		ApprovedBy: "hubot", Known: ^audit.FactCreated,
	}
	e.Classic = []*audit.Credential{}
	return e
}

func stateOf(run *audit.Run, s audit.Setting) audit.SettingState {
	for _, result := range run.Settings {
		if result.Setting == s {
			return result.State
		}
	}
	return ""
}

// TestMaxLifetime holds the limit of max_lifetime to the day: what proves nothing contradicts
// nothing.
func TestMaxLifetime(t *testing.T) {
	day := func(days int) time.Time { return noon.AddDate(0, 0, days) }
	for _, test := range []struct {
		name         string
		change       func(*audit.Token)
		contradicted bool
	}{
		{"as long as it may", func(*audit.Token) {}, false},
		{"within tolerance", func(t *audit.Token) { t.ExpiresAt = day(91) }, false},
		{"too long", func(t *audit.Token) { t.ExpiresAt = day(92) }, true},
		{"no expiry", func(t *audit.Token) { t.ExpiresAt = time.Time{} }, true},
		{"used on the last day", func(t *audit.Token) {
			t.ExpiresAt, t.LastUsedAt = time.Time{}, day(-30)
		}, false},
		{"used on the day after", func(t *audit.Token) {
			t.ExpiresAt, t.LastUsedAt = time.Time{}, day(-29)
		}, true},
		{"never used", func(t *audit.Token) {
			t.ExpiresAt, t.LastUsedAt = time.Time{}, time.Time{}
		}, false},
		{"use not known", func(t *audit.Token) {
			t.ExpiresAt = time.Time{}
			t.Known &^= audit.FactLastUsed
		}, false},
		{"expiry not known", func(t *audit.Token) {
			t.ExpiresAt = time.Time{}
			t.Known &^= audit.FactExpiry
		}, false},
		{"approval not known", func(t *audit.Token) {
			t.ExpiresAt, t.GrantedAt = time.Time{}, time.Time{}
			t.Known &^= audit.FactGranted
		}, false},
		{"expired", func(t *audit.Token) {
			t.ExpiresAt, t.Expired = time.Time{}, true
		}, false},
		{"long from its approval alone", func(t *audit.Token) { t.ExpiresAt = day(60) }, false},
		{"long from its creation", func(t *audit.Token) {
			t.CreatedAt, t.ExpiresAt, t.Known = day(-121), day(60), t.Known|audit.FactCreated
		}, true},
		{"renewed since, for as long as it may", func(t *audit.Token) {
			t.CreatedAt, t.ExpiresAt, t.Known = day(-30), day(60), t.Known|audit.FactCreated
		}, false},
		{"renewed for longer, and used since", func(t *audit.Token) {
			t.CreatedAt, t.ExpiresAt, t.Known = day(-30), day(62), t.Known|audit.FactCreated
		}, true},
		{"renewed for longer, and not used since", func(t *audit.Token) {
			t.CreatedAt, t.ExpiresAt, t.Known = day(-2), day(92), t.Known|audit.FactCreated
			t.LastUsedAt = day(-3)
		}, false},
	} {
		e := reviewed()
		test.change(e.Tokens[0])
		run := audit.Evaluate(e, claiming(), atNoon)
		got := stateOf(run, audit.SettingMaxLifetime) == audit.SettingContradicted
		if got != test.contradicted {
			t.Errorf("%s: contradicted %t", test.name, got)
		}
		if want := test.contradicted; (run.Outcome() == audit.Violations) != want {
			t.Errorf("%s: outcome %s", test.name, run.Outcome())
		}
	}
}

// TestApprovalClaim: only an approval that nobody but an owner made contradicts, who was known to
// be no organization owner then.
func TestApprovalClaim(t *testing.T) {
	then := func(role audit.Role) func(*audit.Token) {
		return func(t *audit.Token) {
			t.ApprovedBy, t.ApproverRole = "OCTOCAT", &audit.RoleThen{Role: role}
		}
	}
	for _, test := range []struct {
		name         string
		change       func(*audit.Token)
		contradicted bool
	}{
		{"by somebody else", func(*audit.Token) {}, false},
		{"by a member for himself", then(audit.RoleMember), true},
		{"by an organization owner", then(audit.RoleAdmin), false},
		{"by one of whom nothing is known", then(audit.RoleUnknown), false},
		{"of one that expired", func(t *audit.Token) {
			then(audit.RoleMember)(t)
			t.Expired = true
		}, false},
		{"that the log does not tell", func(t *audit.Token) {
			then(audit.RoleMember)(t)
			t.Known &^= audit.FactApproval
		}, false},
	} {
		e := reviewed()
		test.change(e.Tokens[0])
		run := audit.Evaluate(e, claiming(), atNoon)
		got := stateOf(run, audit.SettingApproval) == audit.SettingContradicted
		if got != test.contradicted {
			t.Errorf("%s: contradicted %t", test.name, got)
		}
	}
}

// TestClassicClaim: a classic token contradicts if it is known not to have expired.
func TestClassicClaim(t *testing.T) {
	for _, test := range []struct {
		name         string
		credential   audit.Credential
		contradicted bool
	}{
		{"without an expiry", audit.Credential{Known: audit.FactExpiry}, true},
		{"expires now", audit.Credential{Known: audit.FactExpiry, ExpiresAt: noon}, false},
		{"expires then", audit.Credential{
			Known: audit.FactExpiry, ExpiresAt: noon.Add(time.Second),
		}, true},
		{"expiry not known", audit.Credential{LastUsedAt: noon}, false},
	} {
		e := reviewed()
		test.credential.ID = 9
		e.Classic = append(e.Classic, &test.credential)
		run := audit.Evaluate(e, claiming(), atNoon)
		got := stateOf(run, audit.SettingClassic) == audit.SettingContradicted
		if got != test.contradicted {
			t.Errorf("%s: contradicted %t", test.name, got)
		}
	}
}

// TestSince holds the first day of the claims to the instant.
func TestSince(t *testing.T) {
	e := reviewed()
	e.Tokens[0].ExpiresAt = time.Time{} // used at noon
	e.Classic = []*audit.Credential{{
		ID: 9, Known: audit.FactExpiry, AuthorizedAt: noon.AddDate(-1, 0, 0), LastUsedAt: noon,
	}}
	for since, want := range map[time.Time]audit.SettingState{
		{}:                      audit.SettingContradicted,
		noon:                    audit.SettingContradicted,
		noon.Add(1):             audit.SettingNotShown,
		noon.AddDate(0, 0, -30): audit.SettingContradicted,
	} {
		p := claiming()
		p.Claims.Since = since
		run := audit.Evaluate(e, p, atNoon)
		for _, s := range []audit.Setting{audit.SettingMaxLifetime, audit.SettingClassic} {
			if got := stateOf(run, s); got != want {
				t.Errorf("since %v: %s is %s, want %s", since, s, got, want)
			}
		}
	}
}

// TestSettingFacts: of many tokens that contradict a claim the newest are named, and all counted.
func TestSettingFacts(t *testing.T) {
	e := reviewed()
	for i := range 12 {
		e.Classic = append(e.Classic, &audit.Credential{
			ID: int64(i + 1), LastUsedAt: noon.AddDate(0, 0, -(i*5)%12), Known: ^audit.Facts(0),
		})
	}
	result := audit.Evaluate(e, claiming(), atNoon).Settings[2]
	if result.Against != 12 || len(result.Facts) != 10 {
		t.Fatalf("%d against it, %d named", result.Against, len(result.Facts))
	}
	for i, fact := range result.Facts {
		if want := noon.AddDate(0, 0, -i); !fact.At.Equal(want) {
			t.Errorf("fact %d was used on %v, want %v", i, fact.At, want)
		}
	}
}

// TestAttested holds the days of an attestation, its value, and whose it is.
func TestAttested(t *testing.T) {
	midnight := noon.Truncate(24 * time.Hour)
	attest := func(on, until int) *audit.Decision {
		return &audit.Decision{
			Kind: audit.Attest, Organization: "ACME", Setting: audit.SettingApproval,
			Value: audit.ApprovalRequired, By: "alice", On: midnight.AddDate(0, 0, on),
			Until: midnight.AddDate(0, 0, until),
		}
	}
	other := attest(-5, 5)
	other.Organization = "another"
	value := attest(-5, 5)
	value.Value = "optional"
	for _, test := range []struct {
		name      string
		decisions []*audit.Decision
		state     audit.SettingState
		attested  audit.AttestationState
	}{
		{"none", nil, audit.SettingNotShown, ""},
		{"of another organization", []*audit.Decision{other}, audit.SettingNotShown, ""},
		{"valid", []*audit.Decision{attest(-5, 5)}, audit.SettingAttested, audit.AttestationValid},
		{
			"first and last day",
			[]*audit.Decision{attest(0, 0)},
			audit.SettingAttested,
			audit.AttestationValid,
		},
		{"ended", []*audit.Decision{attest(-5, -1)}, audit.SettingNotShown, audit.AttestationEnded},
		{"later", []*audit.Decision{attest(1, 5)}, audit.SettingNotShown, audit.AttestationLater},
		{"of another value", []*audit.Decision{value}, audit.SettingNotShown, audit.AttestationOther},
		{
			"the valid one",
			[]*audit.Decision{value, attest(-9, -1), attest(-5, 5), attest(1, 9)},
			audit.SettingAttested, audit.AttestationValid,
		},
	} {
		run := audit.Evaluate(reviewed(), claiming(test.decisions...), atNoon)
		got := run.Settings[0]
		if got.State != test.state || got.Attested != test.attested {
			t.Errorf("%s: %s, attestation %q", test.name, got.State, got.Attested)
		}
		if run.Outcome() != audit.Clean || len(run.Decisions) > 0 {
			t.Errorf("%s: %s, %d decisions", test.name, run.Outcome(), len(run.Decisions))
		}
	}
}
