// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"iter"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
)

// The workbook's list of findings.

// The columns of findings hold what a finding is, and the token's id: all else of the token stands
// beside the same id in the list of tokens, and all else of the rule in the list of rules. There
// may be many times as many findings as tokens.
var findingColumns = []column{
	{title: "Severity", width: 10, color: true, value: func(e entry) any {
		return view.FindingSeverity(e.finding)
	}},
	identity[1], identity[2],
	{title: "Status", width: 14, value: statusOf, color: true},
	{title: "Rule", width: 22, value: func(e entry) any { return e.finding.Rule.Rule.ID }},
	{title: "Message", width: 60, value: func(e entry) any { return e.finding.Message }},
	{title: "Rests on", width: 36, value: func(e entry) any {
		return strings.Join(e.finding.Basis, "; ")
	}},
}

// statusOf returns whether a finding is new, old or accepted.
func statusOf(e entry) any {
	if status := view.NewOrAccepted(e.run, e.finding); status != "" {
		return status
	}
	return e.finding.Status.String()
}

// rareColumns are those of a finding that few of them fill. One that none fills is left out.
var rareColumns = []column{
	{title: "Not learned", width: 22, value: func(e entry) any { return e.finding.Missing.String() }},
	{title: "Of", width: 16, value: func(e entry) any {
		if e.result.Request != nil {
			return "pending request"
		}
		return nil
	}},
	{title: "Waived by", width: 16, value: waiver(func(e entry, d *audit.Decision) any {
		if d.ByOwner(e.result.Token) {
			return d.By + ownOwner
		}
		return d.By
	})},
	{title: "Waived until", width: 13, value: waiver(func(_ entry, d *audit.Decision) any {
		return d.Until
	})},
	{title: "Waiver reason", width: 36, value: waiver(func(_ entry, d *audit.Decision) any {
		return d.Reason
	})},
	{title: "More than was accepted", width: 30, value: func(e entry) any {
		return strings.Join(e.finding.More, "; ")
	}},
	{title: "Override", width: 18, value: func(e entry) any { return e.finding.Override }},
	{title: "First seen", width: 12, value: func(e entry) any { return e.finding.FirstSeen }},
	{title: "Due", width: 12, value: func(e entry) any { return e.finding.Due }},
	{title: "Overdue", width: 10, color: true, value: func(e entry) any {
		if e.finding.Overdue {
			return string(audit.DecisionOverdue)
		}
		return nil
	}},
}

// waiver is a column about the waiver that accepts a finding.
func waiver(value func(entry, *audit.Decision) any) func(entry) any {
	return func(e entry) any {
		if e.finding.Waiver == nil {
			return nil
		}
		return value(e, e.finding.Waiver)
	}
}

// filled returns the columns without those that would be empty.
func filled(columns []column, entries iter.Seq[entry]) []column {
	used := make([]bool, len(columns))
	for e := range entries {
		for i, c := range columns {
			used[i] = used[i] || !isEmpty(c.value(e))
		}
	}
	var kept []column
	for i, c := range columns {
		if used[i] {
			kept = append(kept, c)
		}
	}
	return kept
}

// isEmpty reports whether a cell of the value shows nothing.
func isEmpty(value any) bool { return value == nil || value == "" || value == time.Time{} }
