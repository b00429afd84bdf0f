// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
)

// requests says what waits for approval, and shows what of it would break the policy.
func (b *block) requests() {
	text, bad := b.requestsText()
	if text == "" {
		return
	}
	sgr := sgrNone
	if len(bad) > 0 && b.run.Policy.FailOnRequests {
		sgr = sgrYellow
	}
	b.say(sgr, "REQUESTS", text, "")
	b.denials(b.shown(bad))
	if len(bad) > 0 {
		b.say(sgrDim, "", "ready texts to deny them: sheet Requests of a workbook, requests[].denial "+
			"in JSON", "")
	}
}

// requestsText counts what waits, and gives what of it would break the policy; "" if nothing does.
func (b *block) requestsText() (text string, bad []*audit.Result) {
	s := &b.run.Summary
	if s.Requests == 0 {
		return "", nil
	}
	var oldest time.Time
	open := 0
	for r := range b.run.Requests() {
		if at := r.Request.CreatedAt; !at.IsZero() && (oldest.IsZero() || at.Before(oldest)) {
			oldest = at
		}
		switch stand(b.run, r) {
		case violates:
			bad = append(bad, r)
		case unknown:
			open++
		default: // nothing to say
		}
	}
	text = fmt.Sprintf("%d wait", s.Requests)
	if s.Requests == 1 {
		text = "1 waits"
	}
	if !oldest.IsZero() {
		days := int(audit.CalendarDays(oldest, b.run.AsOf))
		text += fmt.Sprintf(", the oldest %s", safe.Plural(days, "day"))
	}
	if n := s.RequestsViolating; n > 0 {
		text += fmt.Sprintf("; %d %s the policy", n, breaks(n))
		if b.run.Policy.FailOnRequests {
			text += ", which counts"
		}
	}
	text += b.requestRules()
	if open > 0 {
		text += fmt.Sprintf("; %d cannot be judged", open)
	}
	return text, bad
}

// requestRules counts the requests that fail what is asked of requests alone: "; 2 request-reason,
// 1 request-waiting". Where that breaks the policy, it counts there as well.
func (b *block) requestRules() string {
	var parts []string
	for i := range b.run.Rules {
		rule, n := b.run.Rules[i].Rule, 0
		if !rule.OfRequests {
			continue
		}
		for r := range b.run.Requests() {
			n += failuresOf(r, rule.ID)
		}
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, rule.ID))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "; " + strings.Join(parts, ", ")
}

func failuresOf(r *audit.Result, rule string) (n int) {
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Status == audit.Fail && f.Rule.Rule.ID == rule {
			n++
		}
	}
	return n
}

// shown gives those of the requests that the view shows, the worst first.
func (b *block) shown(bad []*audit.Result) []*audit.Result {
	chosen := slices.DeleteFunc(slices.Clone(bad), func(r *audit.Result) bool {
		_, shown := b.doc.View.choose(r)
		return !shown
	})
	slices.SortStableFunc(chosen, func(x, y *audit.Result) int { return int(y.New) - int(x.New) })
	return chosen
}

// denials shows a line for each request that breaks the policy.
func (b *block) denials(bad []*audit.Result) {
	for i, r := range bad {
		if i == mostNames && len(bad) > mostNames+1 && b.doc.View.Only == "" {
			b.say(sgrNone, "", fmt.Sprintf("and %d more", len(bad)-i), "")
			break
		}
		findings, _ := b.doc.View.choose(r)
		reason := decisive(b.run, violates, findings)
		if reason == nil {
			continue
		}
		text := fmt.Sprintf("%s (%s, %s): ", shortName(r.Token), ownerLogin(r.Token),
			waiting(r.Request, b.run.AsOf))
		more := ""
		if n := failures(findings); n > 1 {
			more = fmt.Sprintf(" +%d", n-1)
		}
		room := b.width - labelled - len(more)
		label := r.New.String()
		b.say(colorOf(label), label, safe.Truncate(text+why(reason), room)+more, "")
	}
}

func failures(findings []*audit.Finding) (n int) {
	for _, f := range findings {
		if f.Status == audit.Fail {
			n++
		}
	}
	return n
}

// waiting says how long a request has been waiting.
func waiting(r *audit.Request, asOf time.Time) string {
	n, known := age(r, asOf)
	if !known {
		return "age unknown"
	}
	return fmt.Sprintf("%d d", n)
}

// age gives a request's age in days.
func age(r *audit.Request, asOf time.Time) (n int64, known bool) {
	if r.CreatedAt.IsZero() || asOf.IsZero() {
		return 0, false
	}
	return max(0, audit.CalendarDays(r.CreatedAt, asOf)), true
}
