// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/xlsx"
)

// This file finds decisions that are in the file already.

// recorded counts the decisions in the file that a row of a workbook made, so that reading it
// again accepts nothing that has come since: what the same person decided of the token for the
// same reason, on the day that the row names, or else what still holds.
func (r *recording) recorded(d *audit.Decision, row xlsx.Filled) (n int) {
	if row.Sheet == "" {
		return 0
	}
	for _, old := range r.policy.Decisions {
		switch {
		case old.TokenID != d.TokenID, old.OwnerID != d.OwnerID, old.Kind != d.Kind, old.By != d.By,
			old.Reason != d.Reason, old.Purpose != d.Purpose,
			d.Kind == audit.Waive && r.rule != "" && old.Rule != r.rule:
		case !row.Date.IsZero() && old.On.Equal(d.On), row.Date.IsZero() && !old.Until.Before(d.On):
			n++
		}
	}
	return n
}

// holds reports whether the file has a decision that says the same, and holds as long as is asked
// for.
func (r *recording) holds(d *audit.Decision) bool {
	return slices.ContainsFunc(r.policy.Decisions, func(old *audit.Decision) bool {
		return old.TokenID == d.TokenID && old.OwnerID == d.OwnerID && old.Kind == d.Kind &&
			strings.EqualFold(old.Organization, d.Organization) && old.Setting == d.Setting &&
			old.Value == d.Value &&
			old.By == d.By && old.Reason == d.Reason && old.Purpose == d.Purpose &&
			old.Consumer == d.Consumer && old.Ticket == d.Ticket &&
			slices.Equal(sorted(old.Basis), sorted(d.Basis)) &&
			slices.Equal(sorted(old.Held), sorted(d.Held)) && old.Exact() == d.Exact() &&
			old.Reach.Equal(d.Reach) && !old.Until.Before(d.On) &&
			(r.until == "" || !old.Until.Before(d.Until))
	})
}

// sorted returns texts in their order, each once.
func sorted(texts []string) []string { return slices.Compact(slices.Sorted(slices.Values(texts))) }
