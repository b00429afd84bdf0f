// SPDX-License-Identifier: Apache-2.0

package report

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/gemara"
	"github.com/complytime/pataudit/report/junit"
	"github.com/complytime/pataudit/report/oscal"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/sarif"
	"github.com/complytime/pataudit/report/view"
)

// verdicts is what each format for machines says of a rule.
type verdicts struct{ sarif, oscal, risks, gemara, junit string }

// tellings asks every format about a rule of a document's one run: SARIF and JUnit of each result
// that is not a pass, each word once.
func tellings(t *testing.T, d *view.Document, rule string) verdicts {
	t.Helper()
	var got verdicts
	words := func(set map[string]bool) string {
		return strings.Join(slices.Sorted(maps.Keys(set)), " ")
	}
	kinds, risks, outcomes := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, r := range readSARIF(t, d).Runs[0].Results {
		if id, _, _ := strings.Cut(r.RuleID, "/"); id == rule {
			kinds[r.Kind] = true
		}
	}
	results := reporttest.OSCALResults(t, oscal.Format, d).Results[0]
	for _, f := range *results.Findings {
		if s := f.Target.Status; f.Target.TargetId == rule {
			got.oscal = s.State + " " + s.Reason
			if f.Target.ImplementationStatus != nil {
				got.oscal += " " + f.Target.ImplementationStatus.State
			}
		}
	}
	if results.Risks != nil {
		for _, r := range *results.Risks {
			if (*r.Props)[0].Value == rule {
				risks[r.Status] = true
			}
		}
	}
	for _, e := range readGemara(t, d).Evaluations {
		if e.Control.Entry == rule {
			got.gemara = e.Result
		}
	}
	suite := reporttest.ParseXML(t, reporttest.Write(t, junit.Format, d)).Children[0]
	for key, c := range reporttest.JUnitCases(t, suite) {
		if said := reporttest.JUnitOutcome(t, c); said != "" && strings.Contains(key, "."+rule+" / ") {
			outcomes[said] = true
		}
	}
	got.sarif, got.risks, got.junit = words(kinds), words(risks), words(outcomes)
	return got
}

// TestWeights: the formats for machines agree on what a finding is to the verdict.
func TestWeights(t *testing.T) {
	waived := reporttest.Document(reporttest.Calm())
	below := reporttest.Lasting(func(p *audit.Policy) { p.FailOn = audit.High })
	incomplete := reporttest.Document(reporttest.Incomplete(reporttest.Calm()))
	none := reporttest.Calm()
	for _, token := range none.Tokens {
		token.Selection = audit.SelectAll
		token.Permissions = token.Permissions[1:]
	}
	for name, c := range map[string]struct {
		d    *view.Document
		rule string
		want verdicts
	}{
		"violation": {reporttest.Lasting(func(*audit.Policy) {}), "long-expiration", verdicts{
			"fail", "not-satisfied fail", "open", "Failed", "failure",
		}},
		"debt": {reporttest.Owing(), "long-expiration", verdicts{
			"informational", "not-satisfied fail", "deviation-approved", "Failed", "skipped",
		}},
		"waived": {waived, "long-expiration", verdicts{
			"informational", "not-satisfied fail", "deviation-approved", "Failed", "skipped",
		}},
		"below": {below, "long-expiration", verdicts{
			"review", "satisfied other", "", "Needs Review", "skipped",
		}},
		"open": {incomplete, "broad-selection", verdicts{
			"open", "not-satisfied other", "", "Unknown", "error",
		}},
		"pass": {below, "all-repositories", verdicts{"", "satisfied pass", "", "Passed", ""}},
		"idle": {reporttest.Document(none), "broad-selection", verdicts{
			"", "satisfied other not-applicable", "", "Not Applicable", "skipped",
		}},
	} {
		if got := tellings(t, c.d, c.rule); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

// TestWeightsOfVerdict: a format fails something exactly if the run has violations, or somebody
// accepted one.
func TestWeightsOfVerdict(t *testing.T) {
	for name, d := range reporttest.Documents() {
		for i, run := range d.Runs {
			one := &view.Document{Runs: d.Runs[i : i+1], Tool: d.Tool}
			violated := run.Outcome() == audit.Violations || run.Outcome() == audit.ViolationsIncomplete
			failing := violated || run.Summary.Findings[audit.Waived] > 0 ||
				run.Debt != nil && run.Debt.Left > 0
			sarif := false
			for _, r := range readSARIF(t, one).Runs[0].Results {
				sarif = sarif || r.Kind == "fail" && r.Properties != nil
			}
			gemara := readGemara(t, one).Result == "Failed"
			inOSCAL := false
			for _, f := range *reporttest.OSCALResults(t, oscal.Format, one).Results[0].Findings {
				inOSCAL = inOSCAL || f.Target.Status.Reason == "fail"
			}
			if sarif != violated || gemara != failing || inOSCAL != failing {
				t.Errorf("%s: violated %v, accepted or so %v: SARIF %v, Gemara %v, OSCAL %v", name,
					violated, failing, sarif, gemara, inOSCAL)
			}
		}
	}
}

// TestWeightsAreSaid: why a failure does not count is in every format, in words.
func TestWeightsAreSaid(t *testing.T) {
	below := reporttest.Lasting(func(p *audit.Policy) { p.FailOn = audit.High })
	for _, f := range []view.Format{sarif.Format, oscal.Format, gemara.Format, junit.Format} {
		for d, want := range map[*view.Document]string{
			below: "medium, below the policy's threshold of high", reporttest.Owing(): "accepted debt",
		} {
			// As XML and YAML quote an apostrophe.
			text := strings.NewReplacer("&#39;", "'", "''", "'").Replace(string(reporttest.Write(t, f, d)))
			if !strings.Contains(text, want) {
				t.Errorf("%s does not say %q", f.Name, want)
			}
		}
	}
}
