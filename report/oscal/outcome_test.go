// SPDX-License-Identifier: Apache-2.0

package oscal

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	oscal "github.com/defenseunicorns/go-oscal/src/types/oscal-1-1-3"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/view"
)

// propertyOf returns the value of one of our properties; "" if it is not there.
func propertyOf(props *[]oscal.Property, name string) string {
	if props != nil {
		for _, p := range *props {
			if p.Name == name {
				return p.Value
			}
		}
	}
	return ""
}

// TestOSCALOutcome: who reads nothing but titles and descriptions, as viewers show them, reads how
// each token fared. What passes or does not apply never stands below the rule's title alone, which
// says what would be wrong.
func TestOSCALOutcome(t *testing.T) {
	all := reporttest.MachineDocuments()
	both := reporttest.Document(reporttest.Violating())
	both.View.Only = view.OnlyAll
	all["all"] = both
	seen := map[string]int{}
	for name, d := range all {
		titles := map[string]string{}
		for _, rule := range view.AskedRules(d.Runs) {
			titles[rule.Rule.ID] = rule.Rule.Title
		}
		for _, result := range reporttest.OSCALResults(t, Format, d).Results {
			if result.Observations == nil {
				continue // not audited
			}
			for _, o := range (*result.Observations)[1:] { // the first is the evidence
				if propertyOf(o.Props, "setting") != "" {
					continue // of the organization
				}
				rule, weight := propertyOf(o.Props, "rule"), propertyOf(o.Props, "counts-as")
				if o.Title != rule+": "+weight {
					t.Errorf("%s: title %q of what counts as %q", name, o.Title, weight)
				}
				seen[weight]++
				good := weight == view.WeightPass.String() || weight == view.WeightIdle.String()
				says := strings.Contains(o.Description, "passes "+rule) ||
					strings.Contains(o.Description, rule+" does not apply to ")
				if good != says || good && strings.Contains(o.Description, titles[rule]) {
					t.Errorf("%s: %s: %q", name, o.Title, o.Description)
				}
			}
			if result.Findings == nil {
				continue
			}
			for _, f := range *result.Findings {
				if f.Title != f.Target.TargetId+": "+f.Target.Status.State {
					t.Errorf("%s: title %q of a finding that is %s", name, f.Title, f.Target.Status.State)
				}
			}
		}
	}
	for _, weight := range []view.Weight{
		view.WeightViolation, view.WeightDebt, view.WeightWaived, view.WeightOpen, view.WeightBelow,
		view.WeightPass, view.WeightIdle,
	} {
		if seen[weight.String()] == 0 {
			t.Errorf("no observation counts as %q: %v", weight, seen)
		}
	}
}

// TestOSCALRiskSaysWhere: severity, remedy and impact are where a reader of OSCAL looks for them.
func TestOSCALRiskSaysWhere(t *testing.T) {
	d := reporttest.Referring(reporttest.Violating())
	rules := map[string]*audit.Rule{}
	for _, rule := range view.AskedRules(d.Runs) {
		rules[rule.Rule.ID] = rule.Rule
	}
	severities := map[string]bool{}
	risks := *reporttest.OSCALResults(t, Format, d).Results[0].Risks
	for _, risk := range risks {
		rule := rules[propertyOf(risk.Props, "rule")]
		if risk.Statement != "It leaks." { // what the page says below Why
			t.Errorf("%s: statement %q", rule.ID, risk.Statement)
		}
		facet := (*risk.Characterizations)[0].Facets[0]
		severities[facet.Value] = true
		if facet.Name != "severity" || propertyOf(risk.Props, "severity") != "" {
			t.Errorf("%s: %+v, %+v", rule.ID, facet, risk.Props)
		}
		remedies := *risk.Remediations
		if len(remedies) != 1 || remedies[0].Description != rule.Remedy ||
			remedies[0].Lifecycle != "recommendation" {
			t.Errorf("%s: %+v", rule.ID, remedies)
		}
	}
	if len(risks) == 0 || !severities["critical"] || !severities["medium"] {
		t.Errorf("%d risks of severities %v", len(risks), severities)
	}
}

// TestOSCALSystemPlan: the plan imports the system security plan that is named; the document with
// another one is another document.
func TestOSCALSystemPlan(t *testing.T) {
	var ids []string
	for _, address := range []string{"", "https://example.com/ssp.json", "../plans/ssp.json"} {
		d := reporttest.Document(reporttest.Violating())
		d.View.SystemPlan = address
		results := reporttest.OSCALResults(t, Format, d)
		var models oscal.OscalModels
		if err := json.Unmarshal(planOf(t, results), &models); err != nil {
			t.Fatal(err)
		}
		plan := models.AssessmentPlan
		if address == "" {
			address = "#" + (*plan.BackMatter.Resources)[0].UUID
		} else if plan.BackMatter != nil {
			t.Errorf("beside %s: %+v", address, plan.BackMatter)
		}
		if plan.ImportSsp.Href != address {
			t.Errorf("imports %q, want %q", plan.ImportSsp.Href, address)
		}
		ids = append(ids, results.UUID, plan.UUID)
	}
	slices.Sort(ids)
	if len(slices.Compact(ids)) != 6 {
		t.Errorf("UUIDs are not unique: %v", ids)
	}
}
