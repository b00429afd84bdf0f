// SPDX-License-Identifier: Apache-2.0

package words

import (
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/safe"
)

func TestChangedText(t *testing.T) {
	since := func(then audit.Outcome, causes ...audit.Cause) *audit.Since {
		return &audit.Since{
			AsOf: reporttest.AsOf.AddDate(0, 0, -7), Outcome: then, PolicyDigest: "sha256:0123456789ab",
			Tool:      audit.Tool{Name: "pataudit", Version: "v0.1.0", Permissions: "2026-10-01"},
			ChangedBy: causes,
		}
	}
	violating := audit.Summary{Violating: 1}
	for name, test := range map[string]struct {
		summary  audit.Summary
		complete bool
		since    *audit.Since
		want     string
	}{
		"no memory": {violating, true, nil, ""},
		"the same":  {violating, true, since(audit.Violations, audit.CauseTokens), ""},
		"tokens": {
			violating, true, since(audit.Clean, audit.CauseTokens),
			"violations now, clean then, by tokens that changed or grew older",
		},
		"policy": {
			violating, true, since(audit.Clean, audit.CausePolicy),
			"violations now, clean then, by another policy (sha256:01234567… then)",
		},
		"acceptance": {
			violating, true, since(audit.Clean, audit.CauseAcceptances),
			"violations now, clean then, by what is not accepted any more",
		},
		"accepted": {
			audit.Summary{},
			true, since(audit.Violations, audit.CauseAcceptances),
			"clean now, violations then, by what was accepted since",
		},
		"tool": {
			audit.Summary{},
			true, since(audit.Violations, audit.CauseTool),
			"clean now, violations then, by another version (pataudit v0.1.0 then, with GitHub's " +
				"permissions as of 2026-10-01)",
		},
		"two": {
			violating, true, since(audit.Clean, audit.CauseTokens, audit.CausePolicy),
			"violations now, clean then, by tokens that changed or grew older and another policy " +
				"(sha256:01234567… then)",
		},
		"incomplete": {
			audit.Summary{},
			false, since(audit.Clean, audit.CauseTokens),
			"incomplete now, clean then, by evidence that is incomplete",
		},
		"incomplete, and worse": {
			violating, false, since(audit.Clean, audit.CauseTokens),
			"violations, incomplete now, clean then, by tokens that changed or grew older, and " +
				"evidence that is incomplete",
		},
		"not known": {
			violating, true, since(audit.Clean), "violations now, clean then, by what cannot be told",
		},
	} {
		run := &audit.Run{Summary: test.summary, Complete: test.complete, Since: test.since}
		run.Policy.Digest = "sha256:another"
		if test.since != nil && !strings.Contains(test.want, "another policy") {
			test.want = safe.Join("; ", test.want, "the policy is another one now (sha256:01234567… then)")
		}
		if got := changed(run); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
	run := &audit.Run{
		Summary: violating, Complete: true, Since: since(audit.Clean, audit.CausePolicy),
	}
	run.Policy.Digest = run.Since.PolicyDigest
	if got := changed(run); !strings.HasSuffix(got, "by other flags") {
		t.Errorf("the same policy: %q", got)
	}
	run.Summary, run.Policy.Digest = audit.Summary{}, "sha256:another"
	want := "the policy is another one now (sha256:01234567… then)"
	if got := changed(run); got != want {
		t.Errorf("the same verdict by another policy: %q", got)
	}
}
