// SPDX-License-Identifier: Apache-2.0

package report

import (
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/view"
)

func document(evidence ...*audit.Evidence) *view.Document {
	d := &view.Document{
		Tool: view.Tool{Name: "pataudit", Version: "v0.1.0", Permissions: "2026-11-30"},
	}
	for _, e := range evidence {
		p := reporttest.Policy()
		for _, t := range e.Tokens {
			if strings.HasPrefix(t.Name, "waived-") {
				p.Decisions = append(p.Decisions, reporttest.Waive(t, "long-expiration", "over 180 days"))
			}
		}
		d.Runs = append(d.Runs, audit.Evaluate(e, p, reporttest.Options))
	}
	return d
}

// documents are the cases that every format must write.
func documents() map[string]*view.Document {
	failed := document(reporttest.Calm())
	failed.Failed = []view.Failure{{Organization: "acme", Reason: "404: is the App installed there?"}}
	everything := document(reporttest.Violating())
	everything.View.Only = view.OnlyAll
	return map[string]*view.Document{
		"violations": document(reporttest.Violating()),
		"clean":      document(reporttest.Calm()),
		"empty":      document(reporttest.Empty()),
		"incomplete": document(reporttest.Incomplete(reporttest.Calm())),
		"both":       document(reporttest.Incomplete(reporttest.Violating())),
		"several": document(
			reporttest.Violating(),
			reporttest.Calm(),
			reporttest.Incomplete(reporttest.Calm()),
		),
		"failed":     failed,
		"all":        everything,
		"none":       {Tool: view.Tool{Name: "pataudit", Version: "v0.1.0", Permissions: "2026-11-30"}},
		"hostile":    hostileDocument(),
		"decided":    decidedDocument(),
		"enterprise": document(reporttest.Enterprise()),
		"remembered": rememberedDocument(),
	}
}
