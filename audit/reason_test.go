// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
)

// drawRemark draws any remark, as one who forges evidence may write it.
func drawRemark(t *rapid.T, words string) audit.Remark {
	codes := append(audit.ReasonCodes(), "", audit.ReasonCode(words))
	return audit.Remark{
		Code:   rapid.SampledFrom(codes).Draw(t, "code"),
		Status: rapid.IntRange(-1, 600).Draw(t, "status"), Count: rapid.IntRange(-1, 9).Draw(t, "count"),
		Of: rapid.IntRange(-1, 9).Draw(t, "of"), For: rapid.Int64().Draw(t, "for"),
		Until: time.Unix(rapid.Int64Range(-9e9, 9e9).Draw(t, "until"), 0),
		Words: rapid.SampledFrom([]string{"", words, "{of}" + words}).Draw(t, "words"),
		Whole: rapid.SampledFrom([]string{"", words}).Draw(t, "whole"),
		Needs: rapid.SliceOfN(rapid.SampledFrom([]string{"members", words}), 0, 3).Draw(t, "needs"),
	}
}

// TestReasonNamesNobody holds that whatever text stands in a reason, in its codes as well, is not
// in what everybody may read; and that nothing is left to take out of that.
func TestReasonNamesNobody(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const name = "octocat"
		all := audit.Reason{drawRemark(t, name), drawRemark(t, name)}
		before := all.String()
		nameless := all.Nameless()
		if got := nameless.String(); strings.Contains(got, name) || !nameless.Known() ||
			got != nameless.Nameless().String() {
			t.Errorf("%q is told as %q, then as %q", before, got, nameless.Nameless())
		}
		if all.String() != before {
			t.Errorf("%q became %q", before, all)
		}
		changed := all.Changed(func(text string) string { return strings.ReplaceAll(text, name, "me") })
		if all.Known() && (strings.Contains(changed.String(), name) || all.String() != before) {
			t.Errorf("%q is changed to %q", all, changed)
		}
	})
}

// TestReasonSays holds each sentence of a code to what it fills in, and that it says something to
// everybody.
func TestReasonSays(t *testing.T) {
	for _, code := range audit.ReasonCodes() {
		r := audit.Reason{{Code: code, Words: "(words)", Count: 3, Of: 7, Needs: []string{"members"}}}
		if text := r.String(); strings.ContainsAny(text, "{}") || strings.TrimSpace(text) == "" ||
			text == string(code) && code != audit.ReasonInterrupted {
			t.Errorf("%s: %q", code, text)
		}
		if text := r.Nameless().String(); strings.Contains(text, "(words)") || text == "" {
			t.Errorf("%s, to everybody: %q", code, text)
		}
	}
	needs := []string{"members", "contents=write"}
	for want, r := range map[string]audit.Remark{
		`403 "no" (the App needs "Members: read" and "contents=write")`: {
			Code: audit.ReasonPermission, Status: 403, Words: `"no"`, Needs: needs,
		},
		"403 (the App needs a permission that GitHub does not name)": {
			Code: audit.ReasonPermission, Status: 403,
		},
		`asking: 404 "x"`: {
			Code: audit.ReasonNotFound, Status: 404, Words: `"x"`, Whole: `asking: 404 "x"`,
		},
		"GitHub's clock is 3 days ahead of this machine's, too far to believe its dates: set the " +
			"clock that is wrong": {Code: audit.ReasonClockFar, For: 3 * 24 * 3600},
		"GitHub's clock is 6 minutes behind this machine's": {Code: audit.ReasonClock, For: -360},
		"held up for 1m5s by rate limits":                   {Code: audit.ReasonHeldUp, For: 65},
		"rate limit (come back at 2026-11-22T06:00:00Z, or raise --max-wait)": {
			Code: audit.ReasonLimited, Words: "rate limit",
			Until: time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC),
		},
		"5 requests are needed": {Code: audit.ReasonLimited, Words: "5 requests are needed"},
	} {
		if got := r.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	chosen := audit.Reason{
		{Code: audit.ReasonFailing},
		{Code: audit.ReasonInformation, Count: 3, Of: 4},
		{Code: audit.ReasonLists, Count: 1, Of: 2},
		{Code: audit.ReasonNotFound, Status: 404},
		{Code: audit.ReasonHeldUp, For: 60},
	}
	if got := chosen.String(); got != "--repositories failing: read for information, for 3 of 4 "+
		"failing tokens only; 1 of 2 repository lists could not be had: 404; held up for 1m0s by "+
		"rate limits" {
		t.Error(got)
	}
}
