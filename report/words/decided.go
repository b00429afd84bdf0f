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
	var counts []string
	tell := func(of func(*audit.DecisionResult) bool) (n int) {
		for i := range decisions {
			if d := &decisions[i]; of(d) {
				lines = append(lines, d)
				n++
			}
		}
		return n
	}
	for _, state := range Pressing {
		n := tell(func(d *audit.DecisionResult) bool { return d.State == state })
		if n > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", n, state))
		}
	}
	urgent = len(counts) > 0
	tell(func(d *audit.DecisionResult) bool { return d.ByOwner && d.State == audit.DecisionUsed })
	return strings.Join(append(counts, doneCounts(decisions)...), ", "), lines, urgent
}

// doneCounts counts the decisions that hold or were done, and those that the token's owner made.
func doneCounts(decisions []audit.DecisionResult) (counts []string) {
	used, done, own := 0, 0, 0
	for i := range decisions {
		switch d := &decisions[i]; d.State {
		case audit.DecisionUsed:
			used++
		case audit.DecisionDone:
			done++
		default: // pressing
		}
		if decisions[i].ByOwner {
			own++
		}
	}
	if used > 0 {
		counts = append(counts, fmt.Sprintf("%d in force", used))
	}
	if done > 0 {
		counts = append(counts, fmt.Sprintf("%d done", done))
	}
	if own > 0 {
		counts = append(counts, fmt.Sprintf("%d by the token's own owner", own))
	}
	return counts
}

// Decision returns who decided what of which token, and what became of it.
func Decision(r *audit.DecisionResult) string {
	d := r.Decision
	name := fmt.Sprintf("token %d", d.TokenID)
	if r.Token != nil {
		name = fmt.Sprintf("%s (%s)", ShortName(r.Token), OwnerLogin(r.Token))
	}
	text := strings.Join(slices.DeleteFunc([]string{
		d.Kind, d.Rule, name,
	}, func(part string) bool { return part == "" }), " ")
	if r.ByOwner {
		text += ", by its own owner"
	}
	if r.Detail != "" {
		text += ": " + r.Detail
	}
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
	switch {
	case f.InBaseline:
		return safe.Terminal("accepted debt: " + f.Message)
	case f.Exceeded != nil:
		return safe.Terminal("more than was waived: " + strings.Join(f.More, ", ") + "; " + f.Message)
	case len(f.More) > 0:
		return safe.Terminal("more than accepted: " + strings.Join(f.More, ", ") + "; " + f.Message)
	}
	return safe.Terminal(f.Message)
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

// Urgency is a state's place: the pressing ones first.
func Urgency(state audit.DecisionState) int {
	if i := slices.Index(Pressing, state); i >= 0 {
		return i
	}
	if state == audit.DecisionUsed {
		return len(Pressing)
	}
	return len(Pressing) + 1
}
