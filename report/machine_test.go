// SPDX-License-Identifier: Apache-2.0

package report

import (
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/view"
)

// referring is a document whose rules have pages, and refer to controls.
func referring(evidence ...*audit.Evidence) *view.Document {
	d := &view.Document{
		Tool: view.Tool{Name: "pataudit", Version: "v0.1.0", Permissions: "2026-11-30"},
	}
	for _, e := range evidence {
		p := reporttest.Policy()
		for i := range p.Rules {
			rule := p.Rules[i].Rule
			rule.Doc = "# " + rule.Title + "\n\n## What\n\nA token, as [x](no-expiration.md) says.\n\n" +
				"| a | b |\n| --- | --- |\n| `c` | d |\n\n## Why\n\nIt leaks.\n"
			rule.References = []audit.Reference{
				{Framework: "NIST SP 800-53", Version: "rev 5", ID: "AC-6(1)", Relation: "implements"},
				{Framework: "NIST SP 800-53", Version: "rev 5", ID: "IA-5", Relation: "supports"},
				{Framework: "SOC 2", Version: "TSC 2017", ID: "CC6.1", Relation: "supports"},
			}
		}
		for _, t := range e.Tokens {
			if strings.HasPrefix(t.Name, "waived-") {
				p.Decisions = append(p.Decisions, reporttest.Waive(t, "long-expiration", "over 180 days"))
			}
		}
		d.Runs = append(d.Runs, audit.Evaluate(e, p, reporttest.Options))
	}
	return d
}

// machineDocuments are the cases that every format for machines is held against its schema with.
func machineDocuments() map[string]*view.Document {
	all := documents()
	all["referring"] = referring(reporttest.Violating())
	requests := decidedDocument()
	requests.View.Only = view.OnlyAll
	all["decided-all"] = requests
	filtered := document(reporttest.Violating())
	filtered.View.Filter.Owners = []string{"bob"}
	all["filtered"] = filtered
	nobody := document(reporttest.Violating())
	nobody.View.Filter.Owners = []string{"nobody"}
	all["nobody"] = nobody
	undated := document()
	undated.Runs = []*audit.Run{audit.Evaluate(&audit.Evidence{
		Organization: &audit.Organization{Login: "\x00", Host: "ghe.example"},
	}, reporttest.Policy(), audit.Options{AsOf: reporttest.AsOf.AddDate(2000, 0, 0)})}
	all["undated"] = undated
	refused := document(reporttest.Calm())
	for _, payload := range reporttest.Payloads {
		refused.Failed = append(refused.Failed, view.Failure{Organization: payload, Reason: payload})
	}
	all["refused"] = refused
	return all
}

// TestCounted: pending requests are in the formats for machines exactly if the policy counts them.
func TestCounted(t *testing.T) {
	for fails, want := range map[bool]string{true: "3 fail", false: "2 fail"} {
		options := reporttest.Options
		options.FailOnRequests = fails
		d := document()
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
