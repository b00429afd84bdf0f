// SPDX-License-Identifier: Apache-2.0

package report

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/gemara"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/sarif"
	"github.com/complytime/pataudit/report/view"
)

// TestCounted: pending requests are in the formats for machines exactly if the policy counts them.
func TestCounted(t *testing.T) {
	for fails, want := range map[bool]string{true: "3 fail", false: "2 fail"} {
		options := reporttest.Options
		options.FailOnRequests = fails
		d := reporttest.Document()
		d.Runs = append(
			d.Runs, audit.Evaluate(reporttest.Violating(), reporttest.Policy(), options),
		)
		requests := 0
		for _, r := range readSARIF(t, d).Runs[0].Results {
			if r.Properties != nil && r.Properties.Kind == audit.KindRequest {
				requests++
			}
		}
		if requests != map[bool]int{true: 1}[fails] {
			t.Errorf("fail on requests %v: %d results of requests", fails, requests)
		}
		for _, e := range readGemara(t, d).Evaluations {
			if e.Control.Entry == "toxic-permissions" && !strings.HasPrefix(e.Message, want) {
				t.Errorf("fail on requests %v: %s", fails, e.Message)
			}
		}
	}
}

// sarifFile is a SARIF file, as far as these tests read it.
type sarifFile struct {
	Runs []struct {
		Results []struct {
			RuleID, Kind string
			Properties   *struct{ Kind string }
		}
	}
}

func readSARIF(t *testing.T, d *view.Document) *sarifFile {
	t.Helper()
	log := &sarifFile{}
	if err := json.Unmarshal(reporttest.Write(t, sarif.Format, d), log); err != nil {
		t.Fatal(err)
	}
	return log
}

// evaluationLog is a Gemara evaluation log, as far as these tests read it.
type evaluationLog struct {
	Result      string
	Evaluations []struct {
		Result, Message string
		Control         struct {
			Entry string `json:"entry-id"`
		}
	}
}

func readGemara(t *testing.T, d *view.Document) *evaluationLog {
	t.Helper()
	log := &evaluationLog{}
	if err := json.Unmarshal(reporttest.Write(t, gemara.Format.At("a.json"), d), log); err != nil {
		t.Fatal(err)
	}
	return log
}
