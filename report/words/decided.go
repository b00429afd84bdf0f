// SPDX-License-Identifier: Apache-2.0

package words

import (
	"fmt"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// What people accepted, on the screen: waivers, and what became of their decisions.

// Pressing are the states of decisions that somebody has to look at, the most urgent first.
var Pressing = []audit.DecisionState{
	audit.DecisionOverdue, audit.DecisionExceeded, audit.DecisionExpired, audit.DecisionUnused,
}

// MostDecisions is how many of them a screen shows one by one, unless more were asked for.
const MostDecisions = 6

// Decisions counts decisions by their state, and returns those that need somebody's eyes, the
// most urgent first; urgent: some of them are pressing.
func Decisions(decisions []audit.DecisionResult) (
	text string, lines []*audit.DecisionResult, urgent bool,
) {
	counts, own := map[audit.DecisionState]int{}, 0
	for _, d := range ByUrgency(decisions) {
		counts[d.State]++
		if d.ByOwner {
			own++
		}
		pressing := slices.Contains(Pressing, d.State)
		if urgent = urgent || pressing; pressing || d.ByOwner && d.State == audit.DecisionUsed {
			lines = append(lines, d)
		}
	}
	var parts []string
	for _, state := range Pressing {
		parts = append(parts, safe.Counted(counts[state], string(state)))
	}
	parts = append(parts, safe.Counted(counts[audit.DecisionUsed], "in force"),
		safe.Counted(counts[audit.DecisionDone], "done"),
		safe.Counted(own, "by the token's own owner"))
	return safe.Join(", ", parts...), lines, urgent
}

// Decision returns who decided what of which token, and what became of it.
func Decision(r *audit.DecisionResult) string {
	d := r.Decision
	name := fmt.Sprintf("token %d", d.TokenID)
	if r.Token != nil {
		name = fmt.Sprintf("%s (%s)", ShortName(r.Token), OwnerLogin(r.Token))
	}
	text := safe.Join(" ", d.Kind, d.Rule, name)
	if r.ByOwner {
		text += ", by its own owner"
	}
	text += safe.Around(": ", r.Detail, "")
	if !r.ByOwner {
		text += "; by " + d.By
	}
	if r.Detail == "" || r.State == audit.DecisionExceeded || r.State == audit.DecisionUnused {
		text += ", until " + view.DayOf(d.Until) // else the detail names the day
	}
	return safe.Terminal(text)
}

// Why returns a finding's reason for a row, and what people accepted of it.
func Why(f *audit.Finding) string {
	text, more := f.Message, strings.Join(f.More, ", ")+"; "
	switch {
	case f.InBaseline:
		text = "accepted debt: " + text
	case f.Exceeded != nil:
		text = "more than was waived: " + more + text
	case len(f.More) > 0:
		text = "more than accepted: " + more + text
	}
	return safe.Terminal(text)
}

// overriding returns the name of the override that judged a token, in front of its reason; "" if
// none did.
func overriding(reason *audit.Finding, r *audit.Result) string {
	name := ""
	if reason != nil {
		name = reason.Override
	} else if all := r.All(); len(all) > 0 {
		name = all[0].Override
	}
	if name == "" {
		return ""
	}
	return "[" + safe.Terminal(name) + "] "
}

// ByUrgency returns decisions by their state: the pressing ones first, then those in force.
func ByUrgency(decisions []audit.DecisionResult) []*audit.DecisionResult {
	order := append(slices.Clone(Pressing), audit.DecisionUsed, audit.DecisionDone)
	sorted := make([]*audit.DecisionResult, len(decisions))
	for i := range decisions {
		sorted[i] = &decisions[i]
	}
	slices.SortStableFunc(sorted, func(a, b *audit.DecisionResult) int {
		return slices.Index(order, a.State) - slices.Index(order, b.State)
	})
	return sorted
}
