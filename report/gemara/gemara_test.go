// SPDX-License-Identifier: Apache-2.0

package gemara

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/view"
)

// readerLog is a log as a reader has it.
type readerLog struct {
	Metadata    metadata
	Result      string
	Target      entity
	Evaluations []struct {
		Name, Result, Message string
		Control               entry
		Assessments           []assessment `json:"assessment-logs" yaml:"assessment-logs"`
	}
}

func readLog(t *testing.T, d *view.Document) *readerLog {
	t.Helper()
	log := &readerLog{}
	err := yaml.Load(
		reporttest.Write(t, Format, d),
		log,
		yaml.WithKnownFields(),
		yaml.WithUniqueKeys(),
	)
	if err != nil {
		t.Fatal(err)
	}
	return log
}

// TestGemaraFormats: YAML and JSON say the same.
func TestGemaraFormats(t *testing.T) {
	for name, d := range reporttest.MachineDocuments() {
		inYAML, inJSON := readLog(t, d), &readerLog{}
		if err := json.Unmarshal(reporttest.Write(t, Format.At("a.JSON"), d), inJSON); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(inJSON, inYAML); diff != "" {
			t.Errorf("%s: JSON and YAML differ: %s", name, diff)
		}
		for _, e := range inYAML.Evaluations {
			for _, a := range e.Assessments {
				if reporttest.Markup.MatchString(a.Message) ||
					strings.ContainsFunc(a.Message, reporttest.Hidden) {
					t.Errorf("%s: message %q", name, a.Message)
				}
			}
		}
	}
}

// TestGemaraResults: nothing but passes, all of them seen, is Passed.
func TestGemaraResults(t *testing.T) {
	for name, want := range map[string]map[string]string{
		"violations": {
			"": "Failed", evidenceID: "Passed", "toxic-permissions": "Failed",
			"owner-without-2fa": "Passed",
		},
		"clean": {
			"": "Failed", evidenceID: "Passed", "all-repositories": "Passed",
			"long-expiration": "Failed", // though it is waived
		},
		"incomplete": {
			evidenceID: "Unknown", "broad-selection": "Unknown", "all-repositories": "Unknown",
		},
		"empty":  {"": "Unknown", "all-repositories": "Unknown"},
		"failed": {"": "Failed", evidenceID: "Unknown", "all-repositories": "Passed"},
		"none":   {"": "Not Run", evidenceID: "Not Run"},
	} {
		log := readLog(t, reporttest.Documents()[name])
		got := map[string]string{"": log.Result}
		for _, e := range log.Evaluations {
			got[e.Control.Entry] = e.Result
		}
		for rule, result := range want {
			if got[rule] != result {
				t.Errorf("%s: %q is %q, want %q", name, rule, got[rule], result)
			}
		}
	}
	log := readLog(t, reporttest.Document(reporttest.Calm()))
	for _, e := range log.Evaluations {
		if e.Control.Entry != "long-expiration" {
			continue
		}
		if len(e.Assessments) != 2 || e.Assessments[1].Result != "Failed" ||
			!strings.Contains(e.Assessments[1].Message, "waived: mirrors until the move (by marta-h") {
			t.Errorf("%+v", e.Assessments)
		}
	}
}

// TestGemaraCatalog: what a log refers to is there.
func TestGemaraCatalog(t *testing.T) {
	for name, d := range reporttest.MachineDocuments() {
		var catalog struct {
			Metadata struct{ ID string }
			Controls []struct {
				ID           string
				Requirements []struct{ ID string } `yaml:"assessment-requirements"`
			}
		}
		if err := yaml.Load(reporttest.Write(t, Catalog, d), &catalog); err != nil {
			t.Fatal(err)
		}
		there := map[string]bool{}
		for _, c := range catalog.Controls {
			there[c.ID], there[c.Requirements[0].ID] = true, true
		}
		log := readLog(t, d)
		if catalog.Metadata.ID != log.Metadata.Refs[0].ID {
			t.Errorf("%s: the log refers to %+v", name, log.Metadata.Refs)
		}
		for _, e := range log.Evaluations {
			if !there[e.Control.Entry] || !there[e.Assessments[0].Requirement.Entry] {
				t.Errorf("%s: %s is no control", name, e.Control.Entry)
			}
		}
	}
}

// TestGemaraRules maps each weight.
func TestGemaraRules(t *testing.T) {
	want := [view.Weights]string{
		view.WeightViolation: "Failed", view.WeightDebt: "Failed", view.WeightWaived: "Failed",
		view.WeightOpen: "Unknown", view.WeightBelow: "Needs Review", view.WeightPass: "Passed",
		view.WeightIdle: "Not Applicable",
	}
	for w, result := range want {
		if got := outcomeOf(view.Weight(w)).String(); got != result {
			t.Errorf("%s is %s, want %s", view.Weight(w), got, result)
		}
	}
}
