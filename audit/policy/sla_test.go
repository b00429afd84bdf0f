// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
)

// TestSLA holds what terms a policy may set, that they are part of what it asks, and that it can
// be written down again.
func TestSLA(t *testing.T) {
	p := parse(t, "sla: {critical: 7d, high: 30, medium: 90d}")
	want := map[audit.Severity]int{audit.Critical: 7, audit.High: 30, audit.Medium: 90}
	if !maps.Equal(p.SLA, want) {
		t.Errorf("got %v", p.SLA)
	}
	if p.Digest == parse(t, "").Digest {
		t.Error("terms are not part of the digest")
	}
	text, err := policy.Format(p)
	if err != nil || !strings.Contains(string(text), "sla: {critical: 7d, high: 30d, medium: 90d}") {
		t.Errorf("shown as %s, %v", text, err)
	}
	if err := policy.Set(p, "unused.severity=low"); err != nil || !maps.Equal(p.SLA, want) {
		t.Errorf("setting a parameter leaves %v, %v", p.SLA, err)
	}
	again := parse(t, "rules: {unused: {severity: low}}\nsla: {critical: 7d, high: 30d, medium: 90d}")
	if again.Digest != p.Digest {
		t.Error("--set and a file give other digests")
	}
}
