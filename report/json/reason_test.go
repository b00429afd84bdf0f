// SPDX-License-Identifier: Apache-2.0

package json

import (
	"bytes"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
)

// TestReasonAgrees holds that a report whose reason, in a sentence, and its codes say two things
// is refused, and one with a code that nobody knows.
func TestReasonAgrees(t *testing.T) {
	good := reporttest.Write(t, Format, reporttest.ClaimedDocument())
	for name, test := range map[string]struct {
		reason string
		codes  audit.Reason
		want   string // of the error; "" for none
	}{
		"agrees":      {"interrupted", audit.Reason{{Code: audit.ReasonInterrupted}}, ""},
		"nothing":     {"", nil, ""},
		"no codes":    {"octocat may not", nil, "does not say what reason does"},
		"no sentence": {"", audit.Because("octocat"), "does not say what reason does"},
		"another": {
			"interrupted by octocat",
			audit.Reason{{Code: audit.ReasonInterrupted}},
			"does not say what reason does",
		},
		"unknown": {"octocat", audit.Reason{{Code: "octocat"}}, "this version does not know"},
	} {
		var wire reportObject
		if err := json.Unmarshal(good, &wire); err != nil {
			t.Fatal(err)
		}
		wire.Coverage[0].Reason, wire.Coverage[0].ReasonCodes = test.reason, test.codes
		text, err := json.Marshal(&wire)
		if err != nil {
			t.Fatal(err)
		}
		saved, err := Read(bytes.NewReader(text), "report.json")
		if err == nil {
			_, err = saved.Document(reporttest.FakeRules())
		}
		if test.want == "" && err != nil ||
			test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}

// TestFailureAgrees holds that the same is so of an organization that could not be audited, whose
// reason comes back as it was.
func TestFailureAgrees(t *testing.T) {
	for _, agrees := range []bool{true, false} {
		d := reporttest.Documents()["failed"]
		text := string(reporttest.Write(t, Format, d))
		if !agrees {
			text = strings.Replace(text, "404: is the App", "octocat: is the App", 1)
		}
		saved, err := Read(strings.NewReader(text), "report.json")
		if err != nil {
			t.Fatal(err)
		}
		got, err := saved.Document(reporttest.FakeRules())
		if agrees && (err != nil || got.Failed[0].Reason[0].Code != audit.ReasonNotFound) ||
			!agrees && (err == nil || !strings.Contains(err.Error(), "failed/0/reason_codes")) {
			t.Errorf("agrees %t: %v", agrees, err)
		}
	}
}
