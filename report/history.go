// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// What a history adds to reports for people, in words. Without one, all of them are empty.

// The marks stand beside the severity of a token that was not there at the last complete run, or
// can do more than then. The text of [sinceText] is their legend.
const (
	newMark   = "+"
	grownMark = "^"
)

func markOf(run *audit.Run, r *audit.Result) string {
	switch {
	case run.Since == nil || r.Request != nil:
		return ""
	case len(r.Gained) > 0:
		return grownMark
	case appeared(run, r):
		return newMark
	}
	return ""
}

// hasHistory reports whether there are earlier runs to compare with.
func hasHistory(run *audit.Run) bool { return run.Since != nil || len(run.Trend) > 0 }

// happened counts something; what has a "%" where a noun may stand: "new %", "% gone".
type happened struct {
	n    int
	what string
}

// happenings counts in a sentence, in which the noun is said once: "3 new tokens, 1 gone".
func happenings(noun string, all ...happened) string {
	var parts []string
	for _, h := range all {
		if h.n == 0 {
			continue
		}
		said := ""
		if len(parts) == 0 {
			_, said, _ = strings.Cut(safe.Plural(h.n, noun), " ")
		}
		what := strings.TrimSpace(strings.Replace(h.what, "%", said, 1))
		parts = append(parts, fmt.Sprintf("%d %s", h.n, what))
	}
	return strings.Join(parts, ", ")
}

// semicolons joins the texts that there are.
func semicolons(texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(s string) bool { return s == "" }), "; ")
}

// sinceText says what changed since the last complete run, by which marks the rows show it, and
// why the verdict is another one.
func sinceText(run *audit.Run, marks bool) string {
	return semicolons(sinceCounts(run, marks), changedText(run))
}

// sinceCounts says what changed since the last complete run.
func sinceCounts(run *audit.Run, marks bool) string {
	s := run.Since
	if s == nil {
		return ""
	}
	legend := func(mark string) string {
		if !marks {
			return ""
		}
		return " (" + mark + ")"
	}
	text := semicolons(
		happenings("token", happened{s.New, "new %" + legend(newMark)}, happened{s.Gone, "% gone"},
			happened{s.Widened, "% widened" + legend(grownMark)}, happened{s.Narrowed, "% narrowed"},
			happened{s.Renewed, "% renewed"}, happened{s.Roles, "% with an owner in another role"}),
		happenings("finding", happened{s.Opened, "% opened"}, happened{s.Fixed, "% closed"},
			happened{s.Waived, "% waived"}, happened{s.Indebted, "% accepted as debt"}),
	)
	if text == "" {
		text = "nothing changed"
	}
	switch n := run.Summary.Overdue; {
	case n > 0 && s.Opened+s.Fixed+s.Waived+s.Indebted > 0:
		text += fmt.Sprintf(", %d overdue", n)
	case n > 0:
		text += "; " + safe.Plural(n, "finding") + " overdue"
	}
	return sinceWhen(run) + ": " + text
}

// goneText names the tokens that the last complete run saw, and this one does not.
func goneText(run *audit.Run) string {
	if run.Since == nil {
		return ""
	}
	var names []string
	for _, t := range run.Since.GoneTokens {
		names = append(names, fmt.Sprintf("%s (%s)", shortName(t), ownerLogin(t)))
	}
	if more := run.Since.Gone - len(names); more > 0 && len(names) > 0 {
		names = append(names, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(names, ", ")
}

// sinceAndGone says both, for where there is one place for it.
func sinceAndGone(run *audit.Run, marks bool) string {
	return semicolons(sinceText(run, marks), safe.Around("gone: ", goneText(run), ""))
}

// sinceWhen names the last complete run: "16 Nov (run 12)".
func sinceWhen(run *audit.Run) string {
	text := shortDay(run.Since.AsOf, run.AsOf)
	if n := run.Since.Run; n > 0 {
		text += fmt.Sprintf(" (run %d)", n)
	}
	return text
}

// shortDay is a day, without its year if that is the year of now.
func shortDay(t, now time.Time) string {
	switch {
	case t.IsZero():
		return "a day that is not known"
	case t.UTC().Year() == now.UTC().Year():
		return t.UTC().Format("2 Jan")
	}
	return t.UTC().Format("2 Jan 2006")
}

// lateText says in front of a finding how long it is overdue.
func lateText(f *audit.Finding, asOf time.Time) string {
	if !f.Overdue {
		return ""
	}
	if n := audit.CalendarDays(f.Due, asOf); n > 0 {
		return fmt.Sprintf("%d d late: ", n)
	}
	return "late: "
}

// termText says since when a finding is known to stand, and until when it may.
func termText(f *audit.Finding) string {
	return semicolons(on("first seen ", f.FirstSeen), dueText(f))
}

// dueText says until when a finding may stand.
func dueText(f *audit.Finding) string {
	if f.Overdue {
		return on("overdue since ", f.Due)
	}
	return on("due ", f.Due)
}

// on is a day with words in front; "" if there is none.
func on(words string, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return words + view.DayOf(t)
}

// lastExpiry is when an expired token expired, which GitHub tells no more.
func lastExpiry(r *audit.Result) time.Time {
	if r.Past == nil || !r.Token.Expired {
		return time.Time{}
	}
	return r.Past.ExpiresAt
}

// firstSeen is when the token was first seen by any run; zero if that is not remembered.
func firstSeen(r *audit.Result) time.Time {
	if r.Past == nil {
		return time.Time{}
	}
	return r.Past.FirstSeen
}

// expiredText says that a token has expired, and when, if that is remembered.
func expiredText(r *audit.Result) string {
	if at := lastExpiry(r); !at.IsZero() {
		return "expired " + view.DayOf(at) + ", by history"
	}
	return "expired"
}

// gainedText lists what a token can do and could not at the last complete run.
func gainedText(r *audit.Result, most int) string {
	gained, more := audit.GrownNames(r.Gained), ""
	if n := len(gained) - most; n > 0 {
		gained, more = gained[:most], fmt.Sprintf(" and %d more", n)
	}
	return strings.Join(gained, ", ") + more
}

// mostLate is how many of them a line names where they break the policy.
const mostLate = 40

// overdueText tells of the findings that stand longer than they may, the worst first.
func overdueText(b *view.Part) string {
	n := b.Run.Summary.Overdue
	if n == 0 {
		return ""
	}
	text, most := safe.Plural(n, "finding")+" past the due date", mostNames
	if b.Run.Policy.FailOnOverdue {
		text, most = text+", which counts", mostLate
	}
	var names []string
	for i, l := range b.Figures.Overdue {
		if i == most {
			names = append(names, fmt.Sprintf("and %d more", len(b.Figures.Overdue)-i))
			break
		}
		names = append(names, fmt.Sprintf("%s (%s, %s, %d d)", shortName(l.Token),
			ownerLogin(l.Token), safe.Terminal(l.Rule), audit.CalendarDays(l.Due, b.Run.AsOf)))
	}
	if len(names) > 0 {
		text += ": " + strings.Join(names, ", ")
	}
	return text
}
