// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
)

// TestDecideFlags gives each kind of decision each flag of another kind. A waiver that was to
// accept one --basis must not accept all of the finding; whatever says nothing is an error.
func TestDecideFlags(t *testing.T) {
	t.Chdir(t.TempDir())
	collected(t, "evidence.json", `{"organizations": [{"grants": [
		{"id": 1, "token_id": 70001, "token_expires_at": null}
	]}]}`)
	policy := []byte("version: 1\nname: ours\norganization: {approval: required}\n")
	if err := os.WriteFile("policy.yaml", policy, 0o600); err != nil {
		t.Fatal(err)
	}
	kinds := map[string][]string{ // what each kind takes
		audit.Waive: {"--rule"}, audit.Reduce: {"--rule", "--basis"},
		audit.Keep: {"--purpose", "--consumer"}, audit.Revoke: {}, audit.Attest: {"--setting"},
	}
	values := map[string]string{
		"--rule": "no-expiration", "--basis": "no-expiration: no expiry", "--purpose": "publishes",
		"--consumer": "a job", "--setting": "approval", "--evidence": "evidence.json",
	}
	for kind, own := range kinds {
		whole := []string{"decide", "70001", kind, "--from", "evidence.json"}
		if kind == audit.Attest {
			whole = []string{"decide", "complytime", kind, "--policy", "policy.yaml"}
		}
		whole = append(whole, "--by", "al", "--reason", "known", "--decisions", "decisions.yaml")
		for _, flag := range own {
			whole = append(whole, flag, values[flag])
		}
		for flag, value := range values {
			if slices.Contains(own, flag) {
				continue
			}
			args := append(slices.Clone(whole), flag, value)
			code, _, why := typed(t, args...)
			if code != 2 || !strings.Contains(why, flag+" is ") || !strings.Contains(why, "leave it") {
				t.Errorf("%s: exit %d: %s", args, code, why)
			}
		}
		if _, err := os.Stat("decisions.yaml"); err == nil {
			t.Fatalf("%s was recorded all the same", kind)
		}
		if code, _, why := typed(t, whole...); code != 0 {
			t.Errorf("%s: exit %d: %s", whole, code, why)
		}
		if err := os.Remove("decisions.yaml"); err != nil {
			t.Error(err)
		}
	}
}
