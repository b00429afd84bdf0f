// SPDX-License-Identifier: Apache-2.0

package words

import (
	"fmt"
	"slices"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// Requests counts what waits, and returns what of it would break the policy; "" if nothing does.
func Requests(run *audit.Run) (text string, bad []*audit.Result) {
	s := &run.Summary
	if s.Requests == 0 {
		return "", nil
	}
	var oldest time.Time
	open := 0
	for r := range run.Requests() {
		if at := r.Request.CreatedAt; !at.IsZero() && (oldest.IsZero() || at.Before(oldest)) {
			oldest = at
		}
		switch view.Stand(run, r) {
		case view.Violates:
			bad = append(bad, r)
		case view.Open:
			open++
		default: // nothing to say
		}
	}
	text = safe.Counted(s.Requests, safe.Form(s.Requests, "waits", "wait"))
	if !oldest.IsZero() {
		text += ", the oldest " + safe.Plural(int(audit.CalendarDays(oldest, run.AsOf)), "day")
	}
	if n := s.RequestsViolating; n > 0 {
		text += fmt.Sprintf("; %d %s the policy", n, view.Breaks(n))
		if run.Policy.FailOnRequests {
			text += ", which counts"
		}
	}
	text += requestRules(run) + safe.Around("; ", safe.Counted(open, "cannot be judged"), "")
	return text, bad
}

// ShownRequests returns those of the requests that the view shows, the worst first.
func ShownRequests(b *view.Part, bad []*audit.Result) []*audit.Result {
	chosen := slices.DeleteFunc(slices.Clone(bad), func(r *audit.Result) bool {
		_, shown := b.Doc.View.Choose(r)
		return !shown
	})
	slices.SortStableFunc(chosen, func(x, y *audit.Result) int { return int(y.New) - int(x.New) })
	return chosen
}

// Waiting returns how long a request has been waiting.
func Waiting(r *audit.Request, asOf time.Time) string {
	n, known := view.Age(r, asOf)
	if !known {
		return "age unknown"
	}
	return fmt.Sprintf("%d d", n)
}

// requestRules counts the requests that fail what is asked of requests alone: "; 2 request-reason,
// 1 request-waiting". Where that breaks the policy, it counts there as well.
func requestRules(run *audit.Run) string {
	failing := map[string]int{}
	for r := range run.Requests() {
		for _, f := range r.Findings {
			if f.Status == audit.Fail && f.Rule.Rule.OfRequests {
				failing[f.Rule.Rule.ID]++
			}
		}
	}
	var parts []string
	for i := range run.Rules {
		parts = append(parts, safe.Counted(failing[run.Rules[i].Rule.ID], run.Rules[i].Rule.ID))
	}
	return safe.Around("; ", safe.Join(", ", parts...), "")
}
