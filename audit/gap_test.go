// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
)

func hasGap(gaps audit.Gaps, code audit.GapCode) bool {
	return slices.ContainsFunc(gaps, func(g audit.Gap) bool { return g.Code == code })
}

// unseen is evidence of two tokens whose sources were all refused, with a pending request.
func unseen() *audit.Evidence {
	e := seen()
	for i := range e.Coverage {
		e.Coverage[i].Status, e.Coverage[i].Reason = audit.Refused, audit.Because("403")
	}
	other := *e.Tokens[0]
	other.ID, other.TokenID = 2, 12
	e.Tokens = append(e.Tokens, &other)
	e.Requests = []*audit.Request{{Token: e.Tokens[0]}}
	return e
}

// TestGapCodes holds that a run tells each code but that of reports, and what it says of it.
func TestGapCodes(t *testing.T) {
	open := asking("open", audit.Verdict{}, 0)
	optional := asking("optional", audit.Verdict{}, 0)
	optional.Required = false
	lets := asking("lets", audit.Verdict{Status: audit.Pass, Basis: []string{"a"}}, 0)
	skipped := asking("skipped", audit.Verdict{}, audit.FactRepositories)
	perhaps := asked(asking("x", audit.Verdict{
		Status: audit.Fail, Severity: audit.Low, Basis: []string{"a"},
	}, 0))
	perhaps.Overrides = []audit.Override{{
		Name: "o", When: audit.Condition{Repositories: []string{"infra-*"}},
		Rules: []audit.PolicyRule{asking("x", audit.Verdict{
			Status: audit.Fail, Severity: audit.High, Basis: []string{"a"},
		}, 0)},
	}}
	unread := &audit.Memory{LastRun: 7, Earlier: true}
	unread.Last = audit.Streamed(audit.Evaluate(seen(), asked(), atNoon),
		func(func(*audit.Result) bool) { unread.LastError = errors.New("cut off") })
	strict := audit.Options{AsOf: noon.AddDate(0, 0, -2), FailOnRequests: true, HistoryRequired: true}
	known := seen()
	known.Tokens = nil
	got := map[audit.GapCode]string{}
	for _, run := range []*audit.Run{
		audit.Evaluate(unseen(), asked(open, optional, lets), strict),
		audit.Evaluate(unseen(), asked(skipped),
			audit.Options{AsOf: noon, Skip: audit.FactRepositories, Memory: unread}),
		audit.Evaluate(without(audit.FactRepositories), perhaps, atNoon),
		audit.Evaluate(known, asked(), atNoon),
	} {
		for i, g := range slices.Concat(run.Incomplete, run.NotSeen) {
			if g.Code.Incomplete() != (i < len(run.Incomplete)) {
				t.Errorf("%s is of the other list", g.Code)
			}
			if got[g.Code] == "" {
				got[g.Code] = g.String()
			}
		}
	}
	got[audit.GapPseudonymised] = audit.Gap{Code: audit.GapPseudonymised}.String()
	want := map[audit.GapCode]string{
		audit.GapSource:   "tokens: 403",
		audit.GapEarly:    "judged as of 2026-11-20T12:00:00Z, before the evidence was collected",
		audit.GapRule:     "open cannot judge 2 of 2 tokens",
		audit.GapRequests: "1 of 1 pending requests cannot be judged",
		audit.GapOverrides: "the only token may violate the policy: not all answers of overrides are " +
			"known",
		audit.GapNoTokens: "no tokens at all: nothing to audit (--allow-empty accepts that)",
		audit.GapNoEarlierRun: "the history has no earlier run that tells what tokens gained " +
			"(--history-required)",
		audit.GapLastRun: "run 7, with which this one compares, cannot be read: cut off",
		audit.GapPseudonymised: "names and ids, which are pseudonymised; owners' roles and second " +
			"factors, which are left out",
		audit.GapClassic:            "classic tokens (403)",
		audit.GapClassicWithoutSAML: "classic tokens without SAML authorization",
		audit.GapKeys:               "SSH and deploy keys",
		audit.GapApps:               "apps",
		audit.GapPending:            "pending requests (403)",
		audit.GapApprovals:          "who approved tokens, and when they were made (403)",
		audit.GapOptionalRule:       "optional: 2 of 2 tokens cannot be judged",
		audit.GapLapsed:             "what lets lets pass of 2 of 2 tokens (--only all lists it)",
		audit.GapSkipped:            "repositories, by choice: not asked: skipped",
	}
	for _, code := range audit.GapCodes {
		if got[code] != want[code] || want[code] == "" {
			t.Errorf("%s: %q, want %q", code, got[code], want[code])
		}
	}
	if len(want) != len(audit.GapCodes) {
		t.Errorf("%d codes are listed, and %d told", len(audit.GapCodes), len(want))
	}
}

// TestGapStored holds that a gap comes back as it was stored, and says the same then, whatever was
// quoted.
func TestGapStored(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.StringMatching("[ -~é\u202e]{0,8}")
		gap := audit.Gap{
			Code: rapid.SampledFrom(audit.GapCodes).Draw(t, "code"), Source: some.Draw(t, "source"),
			Status: audit.CoverageStatus(some.Draw(t, "status")), Rule: some.Draw(t, "rule"),
			Count: rapid.Int().Draw(t, "count"), Of: rapid.Int().Draw(t, "of"),
			Run:    rapid.Int64().Draw(t, "run"),
			AsOf:   time.Unix(rapid.Int64Range(0, 1<<32).Draw(t, "as of"), 0).UTC(),
			Quoted: some.Draw(t, "quoted"),
		}
		if names := rapid.SliceOfN(some, 1, 3).Draw(t, "names"); rapid.Bool().Draw(t, "more") {
			gap.Skipped, gap.Rules = names, names
		}
		text, err := json.Marshal(gap)
		var again audit.Gap
		if err == nil {
			err = json.Unmarshal(text, &again)
		}
		if err != nil || !reflect.DeepEqual(again, gap) || again.String() != gap.String() {
			t.Fatalf("%v: %+v came back as %+v", err, gap, again)
		}
	})
}
