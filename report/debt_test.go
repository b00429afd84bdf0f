// SPDX-License-Identifier: Apache-2.0

package report

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/markdown"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/view"
)

// squeezed is a screen with single blanks, whatever its lines are.
func squeezed(t *testing.T, d *view.Document) string {
	t.Helper()
	return strings.Join(strings.Fields(printed(t, d)), " ")
}

func TestKnownDebtIsALine(t *testing.T) {
	d := reporttest.Owing()
	out := squeezed(t, d)
	for _, want := range []string{
		"CLEAN OF NEW 1 token carries accepted debt (1 medium) until 2026-12-22 exit 0",
		"DEBT 1 finding accepted, 1 left until 2026-12-22 (1 medium)",
		"OTHERS 1 clean; 1 with accepted debt alone",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("does not say %q:\n%s", want, out)
		}
	}
	for i, only := range []string{"", view.OnlyFailing, view.OnlyAll} {
		d.View.Only = only
		if got := reporttest.TableRows(printed(t, d)); len(got) != []int{0, 0, 2}[i] {
			t.Errorf("%q: rows %q", only, got)
		}
	}
	if !strings.Contains(printed(t, d), "accepted debt: expires 130 days") {
		t.Errorf("no reason:\n%s", printed(t, d))
	}
	token := decoded(t, d)["tokens"].([]any)[0].(map[string]any)
	finding := token["findings"].([]any)[4].(map[string]any)
	if finding["in_baseline"] != true || finding["status"] != "fail" {
		t.Errorf("%v", finding)
	}
	want := map[string]any{
		"accepted": 1.0, "left": 1.0, "worse": 0.0, "ended": 0.0, "waived": 0.0, "gone": 0.0,
		"until": "2026-12-22",
	}
	if diff := cmp.Diff(want, decoded(t, d)["debt"]); diff != "" {
		t.Errorf("debt (-want +got):\n%s", diff)
	}
}

// A token that fails by more than its debt is told by what is new of it, and counts as that bad.
func TestWhatIsNewDecides(t *testing.T) {
	e := reporttest.Violating()
	d := reporttest.Judged(e, func(p *audit.Policy) {
		p.Baseline = &audit.Baseline{Debts: []audit.Debt{{
			Kind: audit.KindToken, ID: reporttest.Named(e, "release-bot-legacy").TokenID,
			Rule: "toxic-permissions", Basis: []string{"repository:administration:write"},
			Severity: audit.Critical, Until: reporttest.AsOf, Reach: audit.AllRepositories(),
		}}}
	})
	out := printed(t, d)
	if !strings.Contains(out, "1 critical, 2 high, 17 medium") {
		t.Errorf("counts what is debt:\n%s", out)
	}
	for line := range strings.Lines(out) {
		if strings.Contains(line, "release-bot-legacy") && (!strings.HasPrefix(line, " high ") ||
			!strings.Contains(line, "reaches every") || !strings.Contains(line, "+1")) {
			t.Errorf("row %q", line)
		}
	}
}

func TestRequestsThatCount(t *testing.T) {
	e := reporttest.Calm()
	e.Requests = reporttest.Violating().Requests
	e.Coverage[0].Items = 3
	for counts, want := range map[bool]string{
		true: "VIOLATIONS 1 pending request breaks the policy; nothing at or above medium in 2 tokens " +
			"exit 3",
		false: "CLEAN nothing at or above medium in 2 tokens exit 0",
	} {
		whole := *e
		whole.Tokens = e.Tokens[:2]
		options := reporttest.Options
		options.FailOnRequests = counts
		d := reporttest.Document()
		d.Runs = append(d.Runs, audit.Evaluate(&whole, reporttest.Policy(), options))
		if out := squeezed(t, d); !strings.Contains(out, want) {
			t.Errorf("does not say %q:\n%s", want, out)
		}
		d.Failed = []view.Failure{{Organization: "acme", Reason: audit.Because("gone")}}
		o := d.Outcome()
		if (o == audit.ViolationsIncomplete) != counts {
			t.Errorf("%v: the document is %s", counts, o)
		}
	}
}

// A decision that does not hold, is not done or is the token's owner's own is on the screen.
func TestDecisionsCannotBeOverlooked(t *testing.T) {
	d := reporttest.DecidedDocument()
	out := squeezed(t, d)
	for _, want := range []string{
		"DECISIONS 2 overdue, 1 exceeded, 1 expired, 1 unused, 3 in force, 1 done, 2 by the token's",
		"overdue reduce ci-experiments (tsuki): due 2026-11-21",
		"exceeded waive long-expiration asdf (jdoe), by its own owner: more than was accepted",
		"expired waive long-expiration nightly-01 (bob): past 2026-11-17; by marta-h",
		"unused waive long-expiration org-ai-access (bob): the rule does not fail",
		"used waive long-expiration waived-mirror (tsuki), by its own owner",
		"more than was waived", "ratified by the security board on 2026-09-22",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("does not say %q:\n%s", want, out)
		}
	}
	many := &d.Runs[0].Decisions
	for i := range 20 {
		extra := *(*many)[0].Decision
		extra.TokenID = int64(i + 1)
		*many = append(*many, audit.DecisionResult{Decision: &extra, State: audit.DecisionUnused})
	}
	if out := printed(t, d); !strings.Contains(out, "and 20 more:") ||
		strings.Count(out, "\n unused ") != 2 {
		t.Errorf("not cut:\n%s", out)
	}
	d.View.Verbose = true
	if out := printed(t, d); strings.Count(out, "\n unused ") != 21 {
		t.Errorf("cut:\n%s", out)
	}
}

func TestOverridesAreNamed(t *testing.T) {
	d := reporttest.DecidedDocument()
	if strings.Contains(printed(t, d), "release bots") {
		t.Error("named without being asked")
	}
	for _, v := range []view.View{{Verbose: true}, {Only: view.OnlyAll}} {
		d.View = v
		out := printed(t, d)
		if !strings.Contains(out, "  [release bots] administrat") || strings.Contains(out, "[] ") {
			t.Errorf("%+v:\n%s", v, out)
		}
	}
}

func TestMarkdownOwing(t *testing.T) {
	if text := string(reporttest.Write(t, markdown.Format, reporttest.Owing())); !strings.HasPrefix(
		text,
		"## quiet-org: CLEAN OF NEW: 1 token carries accepted debt (1 medium)",
	) {
		t.Errorf("%s", text)
	}
}
