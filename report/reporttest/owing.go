// SPDX-License-Identifier: Apache-2.0

package reporttest

import (
	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
)

// Judged returns the report of one organization by the usual policy, as change leaves it.
func Judged(e *audit.Evidence, change func(*audit.Policy)) *view.Document {
	p := Policy()
	change(p)
	d := Document()
	d.Runs = append(d.Runs, audit.Evaluate(e, p, Options))
	return d
}

// Owing returns the report of the calm organization with one finding, which is accepted debt.
func Owing() *view.Document {
	e := Calm()
	e.Tokens[0].ExpiresAt = AsOf.AddDate(0, 0, 100)
	e.Tokens = e.Tokens[:2]
	return Judged(e, func(p *audit.Policy) {
		p.Baseline = &audit.Baseline{Debts: []audit.Debt{
			{
				Kind: audit.KindToken,
				ID:   e.Tokens[0].TokenID,
				Rule: "long-expiration",
				Basis: []string{
					"over 90 days",
				},
				Severity: audit.Medium,
				Until:    AsOf.AddDate(0, 1, 0),
			},
		}}
	})
}

// Lasting returns the report of the calm organization, whose first token lives for 100 days.
func Lasting(change func(*audit.Policy)) *view.Document {
	e := Calm()
	e.Tokens[0].ExpiresAt = AsOf.AddDate(0, 0, 100)
	e.Tokens = e.Tokens[:2]
	return Judged(e, change)
}
