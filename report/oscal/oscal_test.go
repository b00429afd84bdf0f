// SPDX-License-Identifier: Apache-2.0

package oscal

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/defenseunicorns/go-oscal/src/pkg/validation"
	oscal "github.com/defenseunicorns/go-oscal/src/types/oscal-1-1-3"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/view"
)

func planOf(t *testing.T, results *oscal.AssessmentResults) []byte {
	t.Helper()
	for _, r := range *results.BackMatter.Resources {
		if "#"+r.UUID == results.ImportAp.Href {
			plan, err := base64.StdEncoding.DecodeString(r.Base64.Value)
			if err != nil {
				t.Fatal(err)
			}
			return plan
		}
	}
	t.Fatal("import-ap points at nothing")
	return nil
}

// TestOSCALSchema: the results and the plan within them are valid, whatever they hold.
func TestOSCALSchema(t *testing.T) {
	for name, d := range reporttest.MachineDocuments() {
		if name == "violations" {
			d.View.SystemPlan = "../plans/ssp.json"
		}
		written := reporttest.Write(t, Format, d)
		plan := planOf(t, reporttest.OSCALResults(t, Format, d))
		for what, document := range map[string][]byte{"results": written, "plan": plan} {
			validator, err := validation.NewValidator(document)
			if err != nil {
				t.Fatalf("%s: %s: %v", name, what, err)
			}
			if err := validator.Validate(); err != nil {
				t.Errorf("%s: %s: %v", name, what, err)
			}
			if validator.GetSchemaVersion() != schemaVersion {
				t.Errorf("%s: version %s", what, validator.GetSchemaVersion())
			}
		}
	}
}

var (
	anyUUID   = regexp.MustCompile(`"([a-z-]*uuid)": "([0-9a-f-]*)"`)
	validUUID = regexp.MustCompile(
		`^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
)

// TestOSCALReferences: each UUID is of version 5 and names one thing, and what is referred to is
// there; in the results, and in the plan.
func TestOSCALReferences(t *testing.T) {
	for name, d := range reporttest.MachineDocuments() {
		if name == "several" {
			continue // thrice the same organization
		}
		tool := view.UUID("tool", d.Tool.Name, d.Tool.Version)
		plan := planOf(t, reporttest.OSCALResults(t, Format, d))
		for _, document := range [][]byte{reporttest.Write(t, Format, d), plan} {
			found, named := anyUUID.FindAllStringSubmatch(string(document), -1), map[string]int{}
			for _, m := range found {
				if !validUUID.MatchString(m[2]) {
					t.Errorf("%s: %s %q", name, m[1], m[2])
				}
				if m[1] == "uuid" {
					named[m[2]]++
				}
			}
			for _, m := range found {
				if n := named[m[2]]; n != 1 && m[2] != tool { // each result has the tool
					t.Errorf("%s: %d things are the %s %s", name, n, m[1], m[2])
				}
			}
		}
	}
}

// TestOSCALStatus: nothing but passes, all of them seen, is satisfied.
func TestOSCALStatus(t *testing.T) {
	hidden := reporttest.Calm() // second factors, which no verdict needs
	for _, token := range hidden.Tokens {
		token.Known &^= audit.FactTwoFactor
	}
	all := reporttest.Documents()
	all["second factors hidden"] = reporttest.Document(hidden)
	accepting, nothing := reporttest.Options, reporttest.Document()
	accepting.AllowEmpty = true
	nothing.Runs = append(
		nothing.Runs,
		audit.Evaluate(reporttest.Empty(), reporttest.Policy(), accepting),
	)
	all["nothing, accepted"] = nothing
	status := func(name string) map[string]string {
		got := map[string]string{}
		for _, f := range *reporttest.OSCALResults(t, Format, all[name]).Results[0].Findings {
			got[f.Target.TargetId] = f.Target.Status.State + " " + f.Target.Status.Reason
			if f.Target.Status.Reason == "other" && f.Target.Status.Remarks == "" {
				t.Errorf("%s: %s: no remark", name, f.Target.TargetId)
			}
		}
		return got
	}
	for name, want := range map[string]map[string]string{
		"violations": {
			"toxic-permissions": "not-satisfied fail", "undescriptive-name": "satisfied other",
			"owner-without-2fa": "satisfied pass", "unreviewed-token": "",
		},
		"clean": {"long-expiration": "not-satisfied fail", "all-repositories": "satisfied pass"},
		"incomplete": {
			"broad-selection": "not-satisfied other", "all-repositories": "not-satisfied other",
		},
		"empty":             {"long-expiration": "not-satisfied other"},
		"nothing, accepted": {"long-expiration": "satisfied other"},
		"second factors hidden": {
			"owner-without-2fa": "not-satisfied other", "all-repositories": "satisfied pass",
		},
	} {
		got := status(name)
		for rule, state := range want {
			if got[rule] != state {
				t.Errorf("%s: %s is %q, want %q", name, rule, got[rule], state)
			}
		}
	}
}

// TestOSCALRisks: one for each failure; a waived one is a deviation with a day.
func TestOSCALRisks(t *testing.T) {
	risks := func(d *view.Document) (counts map[string]int, ids []string) {
		counts = map[string]int{}
		for _, r := range *reporttest.OSCALResults(t, Format, d).Results[0].Risks {
			counts[r.Status]++
			ids = append(ids, r.UUID)
			if (r.Status == "deviation-approved") != (r.Deadline != nil && r.MitigatingFactors != nil) {
				t.Errorf("%+v", r)
			}
		}
		return counts, ids
	}
	counts, before := risks(reporttest.Document(reporttest.Violating()))
	if fmt.Sprint(counts) != "map[deviation-approved:1 open:20]" {
		t.Errorf("risks %v", counts)
	}
	later := reporttest.Violating()
	later.Digest = "sha256:other"
	if _, after := risks(reporttest.Document(later)); !slices.Equal(before, after) {
		t.Error("the same failures are other risks in the next report")
	}
	if view.DocumentID(
		reporttest.Document(reporttest.Violating()),
	) == view.DocumentID(
		reporttest.Document(later),
	) {
		t.Error("another document has the same UUID")
	}
}

// TestOSCALControls: the rules' references become controls and objectives.
func TestOSCALControls(t *testing.T) {
	results := reporttest.OSCALResults(t, Format, reporttest.Referring(reporttest.Violating()))
	var ids []string
	for _, c := range *results.Results[0].ReviewedControls.ControlSelections[0].IncludeControls {
		ids = append(ids, c.ControlId)
	}
	if strings.Join(ids, " ") != "ac-6.1 ia-5" {
		t.Errorf("controls %v", ids)
	}
	objectives := map[string]string{}
	for _, o := range *results.LocalDefinitions.ObjectivesAndMethods {
		objectives[o.Parts[0].ID] = o.ControlId
	}
	if len(objectives) != 8 || objectives["long-expiration"] != "ac-6.1" {
		t.Errorf("objectives %v", objectives)
	}
	for _, f := range *results.Results[0].Findings {
		if objectives[f.Target.TargetId] == "" {
			t.Errorf("%s is no objective", f.Target.TargetId)
		}
	}
	var plan oscal.OscalModels
	if err := json.Unmarshal(planOf(t, results), &plan); err != nil {
		t.Fatal(err)
	}
	if n := len(*plan.AssessmentPlan.LocalDefinitions.Activities); n != 8 {
		t.Errorf("%d activities", n)
	}
	for _, s := range *plan.AssessmentPlan.AssessmentSubjects {
		if s.IncludeAll == nil {
			t.Errorf("the plan does not include all: %+v", s)
		}
	}
}

// TestOSCALHostile: no text is markup.
func TestOSCALHostile(t *testing.T) {
	results := reporttest.OSCALResults(t, Format, reporttest.HostileDocument())
	var texts []string
	for _, r := range results.Results {
		texts = append(texts, r.Title, r.Description, r.Remarks)
		for _, item := range *r.LocalDefinitions.InventoryItems {
			texts = append(texts, item.Description)
			for _, p := range *item.Props {
				texts = append(texts, p.Value)
			}
		}
		for _, o := range *r.Observations {
			texts = append(texts, o.Description, strings.ReplaceAll(o.Remarks, "\n\n", " "))
		}
	}
	for _, text := range texts {
		text = strings.ReplaceAll(text, "\n\n", " ")
		if reporttest.Markup.MatchString(text) || strings.ContainsFunc(text, reporttest.Hidden) {
			t.Errorf("%q", text)
		}
	}
	if len(texts) < len(reporttest.Payloads) {
		t.Errorf("%d texts only", len(texts))
	}
}

func TestUUID5(t *testing.T) {
	// By Python: uuid.uuid5(uuid.NAMESPACE_URL, home + "/a\0b").
	if got, want := view.UUID("a", "b"), "0e33aa4e-e988-53be-b272-e3d459c602a1"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	all := map[string]bool{}
	for _, parts := range [][]string{{"a", "b"}, {"ab"}, {"a", "", "b"}, {"b", "a"}} {
		all[view.UUID(parts...)] = true
	}
	if len(all) != 4 {
		t.Errorf("%v", slices.Collect(maps.Keys(all)))
	}
}

func TestOSCALTime(t *testing.T) {
	for _, at := range []int{-3000, 0, 980, 8000} {
		if got := view.PlainTime(
			reporttest.AsOf.AddDate(at, 0, 0),
		); got.Year() < 1900 ||
			got.Year() > 2999 {
			t.Errorf("%v", got)
		}
	}
	if got := view.PlainTime(reporttest.AsOf); !got.Equal(reporttest.AsOf) {
		t.Errorf("%v", got)
	}
	if got := instantText(view.Expires(&audit.Token{ExpiresAt: reporttest.AsOf})); got != "" {
		t.Errorf("an unknown expiry is %q", got)
	}
}
