// SPDX-License-Identifier: Apache-2.0

package report

import (
	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/view"
)

func decidedDocument() *view.Document {
	d := document()
	d.Runs = append(
		d.Runs,
		audit.Evaluate(
			reporttest.Violating(), reporttest.DecidedPolicy(), reporttest.DecidedOptions,
		),
	)
	return d
}

func hostileDocument() *view.Document {
	d := document()
	d.Runs = append(
		d.Runs,
		audit.Evaluate(reporttest.Hostile(), reporttest.HostilePolicy(), reporttest.Options),
	)
	return d
}
