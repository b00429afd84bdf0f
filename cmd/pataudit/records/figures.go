// SPDX-License-Identifier: Apache-2.0

package records

import (
	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
)

// Figures are a run's, in JSON. By severity are tokens, by their worst failing finding.
type Figures struct {
	Tokens    int `json:"tokens"`
	Active    int `json:"active"`
	People    int `json:"people"`
	Violating int `json:"violating"`
	Critical  int `json:"critical"`
	High      int `json:"high"`
	Medium    int `json:"medium"`
	Low       int `json:"low"`
	Info      int `json:"info"`
	Debt      int `json:"debt"` // tokens that fail by accepted debt alone
	Overdue   int `json:"overdue"`
	Requests  int `json:"requests"`

	Contradicted int `json:"settings_contradicted"` // that are not as the policy claims
}

// FiguresOf returns the figures of a run.
func FiguresOf(run *history.Run) Figures {
	p := &run.Point
	return Figures{
		Tokens: p.Tokens, Active: run.Active, People: run.People, Violating: p.Violating,
		Critical: p.ByWorst[audit.Critical], High: p.ByWorst[audit.High],
		Medium: p.ByWorst[audit.Medium], Low: p.ByWorst[audit.Low], Info: p.ByWorst[audit.Info],
		Debt:    indebted(p),
		Overdue: p.Overdue, Requests: run.Requests, Contradicted: run.Contradicted,
	}
}

// indebted counts the tokens that a baseline keeps from breaking the policy.
func indebted(p *audit.Point) (n int) {
	for _, tokens := range p.IndebtedBy {
		n += tokens
	}
	return n
}

// YesNo returns yes or no.
func YesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}
