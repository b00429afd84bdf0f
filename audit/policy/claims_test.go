// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
)

// TestClaims: what a policy claims of settings is part of what it asks, outlives --set, and can be
// written down again.
func TestClaims(t *testing.T) {
	digests := map[string]string{"": parse(t, "").Digest}
	for _, text := range []string{
		"organization: {approval: required}",
		"organization: {classic: blocked}",
		"organization: {max_lifetime: 1}",
		"organization: {max_lifetime: 366}",
		"organization: {approval: required, max_lifetime: 90, classic: blocked}",
		"organization: {approval: required, max_lifetime: 90, classic: blocked, since: 2026-11-01}",
		"organization: {approval: required, max_lifetime: 90, classic: blocked, since: 2026-11-02}",
	} {
		p := parse(t, text)
		for other, digest := range digests {
			if p.Digest == digest {
				t.Errorf("%q and %q have the same digest", text, other)
			}
		}
		digests[text] = p.Digest
		shown, err := policy.Format(p)
		if err != nil || !strings.Contains(string(shown), "\n"+text+"\n") {
			t.Errorf("%s is shown as %s, %v", text, shown, err)
		}
		claims := p.Claims
		if err := policy.Set(p, "unused.severity=low"); err != nil || p.Claims != claims {
			t.Errorf("setting a parameter leaves %v, %v", p.Claims, err)
		}
		if again := parse(t, "rules: {unused: {severity: low}}\n"+text); again.Digest != p.Digest {
			t.Errorf("%s: --set and a file give other digests", text)
		}
	}
}

// TestClaimsRefuses: what is wrong with a claim is said at its place.
func TestClaimsRefuses(t *testing.T) {
	const lifetime = "max_lifetime: wants a number of days from 1 to 366"
	for text, want := range map[string]string{
		"organization: required":                        "1:15: organization is written as keys and",
		"organization: {}":                              "1:15: organization: it claims no setting",
		"organization: {approval: true}":                `1:26: approval: "true" is none that is known`,
		"organization: {approval: [required]}":          "1:26: approval: ",
		"organization: {classic: allowed}":              "write blocked",
		"organization: {max_lifetime: 0}":               "1:30: " + lifetime,
		"organization: {max_lifetime: 367}":             "1:30: " + lifetime,
		"organization: {max_lifetime: 090}":             "1:30: " + lifetime,
		"organization: {max_lifetime: 90d}":             "1:30: " + lifetime,
		"organization: {max_lifetime: none}":            "1:30: " + lifetime,
		"organization: {aproval: required}":             "did you mean approval?",
		"organization: {approval: required, since: no}": "1:43: since: wants a day like 2026-11-22",
	} {
		_, err := policy.Parse("p", []byte(text+"\nversion: 1\n"), rules())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

// TestAttestations: what is attested is written and read back as it is, behind whatever a file
// has, and an attestation that a file cannot hold is refused.
func TestAttestations(t *testing.T) {
	p := parse(t, "organization: {approval: required, max_lifetime: 90, classic: blocked}")
	text := rapid.StringMatching(`[a-zA-Z0-9:#"' é-]{1,20}[a-z]`)
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SampledFrom(audit.Settings).Draw(t, "setting")
		days := rapid.OneOf(rapid.SampledFrom([]int{-1, 0, 366, 367}), rapid.IntRange(-2, 400)).
			Draw(t, "days")
		on := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
		d := &audit.Decision{
			Kind: audit.Attest, Organization: text.Draw(t, "organization"), Setting: s,
			Value: p.Claims.Of(s), Reason: text.Draw(t, "reason"), By: text.Draw(t, "by"),
			On: on, Until: on.AddDate(0, 0, days),
		}
		before := "version: 1\ndecisions:\n  # a comment\n  - {token: 1, owner: 2, kind: keep, " +
			"purpose: x, by: a, on: 2026-11-01, until: 2026-12-01}\n"
		after, err := policy.AppendDecision("d", []byte(before), d, "", p)
		if fits := days >= 0 && days <= 366; fits != (err == nil) {
			t.Fatalf("%d days: %v", days, err)
		}
		if err != nil {
			return
		}
		if !strings.HasPrefix(string(after), before) {
			t.Fatalf("what was there changed: %s", after)
		}
		read, err := policy.ParseDecisions("d", after, p)
		if err != nil || len(read) != 2 || fmt.Sprint(*read[1]) != fmt.Sprint(*d) {
			t.Fatalf("%v was read back as %v, %v", d, read, err)
		}
	})
}

// TestAttestWarnings: who attests what the policy does not claim is told that nobody is shown it.
func TestAttestWarnings(t *testing.T) {
	p := parse(t, "organization: {approval: required}")
	for _, s := range audit.Settings {
		p.Decisions = append(p.Decisions, &audit.Decision{
			Kind: audit.Attest, Organization: "acme", Setting: s,
		})
	}
	got := strings.Join(policy.Warnings(p), "\n")
	for _, s := range audit.Settings {
		if told := strings.Contains(got, "attests "+string(s)+" of acme"); told == (s == "approval") {
			t.Errorf("%s: %s", s, got)
		}
	}
}
