// SPDX-License-Identifier: Apache-2.0

package reporttest

import (
	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
)

// Referring returns a report whose rules have pages, and refer to controls.
func Referring(evidence ...*audit.Evidence) *view.Document {
	d := documentOf()
	for _, e := range evidence {
		p := waiving(e)
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
		d.Runs = append(d.Runs, audit.Evaluate(e, p, Options))
	}
	return d
}

// MachineDocuments returns the cases that every format for machines is held against its schema
// with.
func MachineDocuments() map[string]*view.Document {
	all := Documents()
	all["referring"] = Referring(Violating())
	requests := DecidedDocument()
	requests.View.Only = view.OnlyAll
	all["decided-all"] = requests
	filtered := Document(Violating())
	filtered.View.Filter.Owners = []string{"bob"}
	all["filtered"] = filtered
	nobody := Document(Violating())
	nobody.View.Filter.Owners = []string{"nobody"}
	all["nobody"] = nobody
	all["undated"] = documentOf(audit.Evaluate(&audit.Evidence{
		Organization: &audit.Organization{Login: "\x00", Host: "ghe.example"},
	}, Policy(), audit.Options{AsOf: AsOf.AddDate(2000, 0, 0)}))
	refused := Document(Calm())
	for _, payload := range Payloads {
		failure := view.Failure{Organization: payload, Reason: audit.Because(payload)}
		refused.Failed = append(refused.Failed, failure)
	}
	all["refused"] = refused
	return all
}
