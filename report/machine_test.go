// SPDX-License-Identifier: Apache-2.0

package report

import (
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/gemara"
	"github.com/complytime/pataudit/report/reporttest"
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
		for _, r := range sarifOf(t, d).Runs[0].Results {
			if r.Properties != nil && r.Properties.Kind == audit.KindRequest {
				requests++
			}
		}
		if requests != map[bool]int{true: 1}[fails] {
			t.Errorf("fail on requests %v: %d results of requests", fails, requests)
		}
		for _, e := range gemaraOf(t, d).Evaluations {
			if e.Control.Entry == "toxic-permissions" && !strings.HasPrefix(e.Message, want) {
				t.Errorf("fail on requests %v: %s", fails, e.Message)
			}
		}
	}
}

// gemaraLog is what a reader of an evaluation log asks it.
type gemaraLog struct {
	Result      string
	Evaluations []struct {
		Result, Message string
		Control         struct {
			Entry string `yaml:"entry-id"`
		}
	}
}

func gemaraOf(t *testing.T, d *view.Document) *gemaraLog {
	t.Helper()
	log := &gemaraLog{}
	if err := yaml.Load(reporttest.Write(t, gemara.Format, d), log); err != nil {
		t.Fatal(err)
	}
	return log
}
