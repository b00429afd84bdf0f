// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/snapshot"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
)

// TestSuccessorsOfSample: every token of the demo's organization that a rule fails for what it is,
// and not for whose, has one in its place that no rule fails.
func TestSuccessorsOfSample(t *testing.T) {
	folder := t.TempDir()
	var errors bytes.Buffer
	args := []string{"pataudit", "demo", folder}
	if code := run(t.Context(), args, time.Now, nil, io.Discard, &errors); code != 0 {
		t.Fatalf("exit %d: %s", code, errors.String())
	}
	text, err := os.ReadFile(filepath.Join(folder, "evidence.json"))
	if err != nil {
		t.Fatal(err)
	}
	evidence, err := snapshot.Open(bytes.NewReader(text), "evidence.json")
	if err != nil {
		t.Fatal(err)
	}
	policy, err := flags.LoadPolicy("")
	if err != nil {
		t.Fatal(err)
	}
	replaced := 0
	judged := audit.Evaluate(evidence, policy, audit.Options{})
	for r := range judged.Results() {
		proposed := r.Successors()
		fails := slices.ContainsFunc(r.Findings, func(f *audit.Finding) bool {
			return f.Status == audit.Fail && f.Rule.Rule.Mending != audit.MendElsewhere
		})
		if fails != (len(proposed) > 0) {
			t.Errorf("%s fails: %v, and %d tokens are proposed", r.Token.Name, fails, len(proposed))
		}
		for _, s := range proposed {
			replaced++
			one, alone := *s.Token, *evidence
			if n := s.MaxRepositories; n > 0 && n < len(one.Repositories) {
				one.Repositories = one.Repositories[:n] // its owner chooses
			}
			alone.Tokens, alone.Requests = []*audit.Token{&one}, nil
			for again := range audit.Evaluate(&alone, policy, audit.Options{AsOf: judged.AsOf}).Results() {
				for _, f := range again.Findings {
					about := f.Rule.Rule.Needs & (audit.FactMembership | audit.FactTwoFactor)
					if f.Status == audit.Fail && about == 0 {
						t.Errorf("%s: %s: %s", r.Token.Name, f.Rule.Rule.ID, f.Message)
					}
				}
			}
		}
	}
	if replaced < 20 {
		t.Errorf("only %d tokens are proposed", replaced)
	}
}
