// SPDX-License-Identifier: Apache-2.0

package words

import (
	"fmt"
	"math"
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
	GrownMark = "^"
)

func markOf(run *audit.Run, r *audit.Result) string {
	switch {
	case run.Since == nil || r.Request != nil:
		return ""
	case len(r.Gained) > 0:
		return GrownMark
	case Appeared(run, r):
		return newMark
	}
	return ""
}

// HasHistory reports whether there are earlier runs to compare with.
func HasHistory(run *audit.Run) bool { return run.Since != nil || len(run.Trend) > 0 }

// Happened counts something; what has a "%" where a noun may stand: "new %", "% gone".
type Happened struct {
	N    int
	What string
}

// Happenings counts in a sentence, in which the noun stands once: "3 new tokens, 1 gone".
func Happenings(noun string, all ...Happened) string {
	var parts []string
	for _, h := range all {
		if h.N == 0 {
			continue
		}
		said := ""
		if len(parts) == 0 {
			said = safe.Noun(h.N, noun)
		}
		what := strings.TrimSpace(strings.Replace(h.What, "%", said, 1))
		parts = append(parts, fmt.Sprintf("%d %s", h.N, what))
	}
	return strings.Join(parts, ", ")
}

// Since returns what changed since the last complete run, by which marks the rows show it, and
// why the verdict is another one.
func Since(run *audit.Run, marks bool) string {
	return safe.Join("; ", sinceCounts(run, marks), changed(run))
}

// sinceCounts returns what changed since the last complete run.
func sinceCounts(run *audit.Run, marks bool) string {
	s := run.Since
	if s == nil {
		return ""
	}
	isNew, grown := "", "" // the legend
	if marks {
		isNew, grown = " ("+newMark+")", " ("+GrownMark+")"
	}
	text := safe.Join("; ",
		Happenings("token",
			Happened{s.New, "new %" + isNew}, Happened{s.Gone, "% gone"},
			Happened{s.Widened, "% widened" + grown},
			Happened{s.Narrowed, "% narrowed"}, Happened{s.Renewed, "% renewed"},
			Happened{s.Roles, "% with an owner in another role"}),
		Happenings("finding",
			Happened{s.Opened, "% opened"}, Happened{s.Fixed, "% closed"},
			Happened{s.Waived, "% waived"}, Happened{s.Indebted, "% accepted as debt"}),
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

// gone lists the tokens that the last complete run saw, and this one does not.
func gone(run *audit.Run, most int) string {
	if run.Since == nil {
		return ""
	}
	var names []string
	for _, t := range run.Since.GoneTokens {
		names = append(names, fmt.Sprintf("%s (%s)", ShortName(t), OwnerLogin(t)))
	}
	return strings.Join(FirstOf(names, most, run.Since.Gone-len(names)), ", ")
}

// SinceAndGone returns both, for where there is one place for it.
func SinceAndGone(run *audit.Run, marks bool) string {
	return safe.Join("; ", Since(run, marks), safe.Around("gone: ", gone(run, math.MaxInt), ""))
}

// sinceWhen returns what the last complete run is called: "16 Nov (run 12)".
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

// Age returns what stands before a finding that is new or overdue: "new: ", "3 d late: ".
func Age(run *audit.Run, f *audit.Finding) string {
	switch {
	case !f.Overdue && view.IsNew(run, f):
		return "new: "
	case !f.Overdue:
		return ""
	}
	if n := audit.CalendarDays(f.Due, run.AsOf); n > 0 {
		return fmt.Sprintf("%d d late: ", n)
	}
	return "late: "
}

// Term returns since when a finding is known to stand, and until when it may.
func Term(f *audit.Finding) string {
	return safe.Join("; ", view.On("first seen ", f.FirstSeen), Due(f))
}

// Due returns until when a finding may stand.
func Due(f *audit.Finding) string {
	if f.Overdue {
		return view.On("overdue since ", f.Due)
	}
	return view.On("due ", f.Due)
}

// Gained lists what a token can do and could not at the last complete run.
func Gained(r *audit.Result, most int) string {
	return Few(audit.GrownNames(r.Gained), most)
}

// mostLate is how many of them a line lists where they break the policy.
const mostLate = 40

// overdue lists the findings that stand longer than they may, the worst first.
func overdue(b *view.Part, most int) string {
	n := b.Run.Summary.Overdue
	if n == 0 {
		return ""
	}
	text := safe.Plural(n, "finding") + " past the due date"
	if b.Run.Policy.FailOnOverdue {
		text, most = text+", which counts", max(most, mostLate)
	}
	if b.Doc.Nameless {
		return text
	}
	var names []string
	for _, l := range b.Figures.Overdue {
		names = append(names, fmt.Sprintf("%s (%s, %s, %d d)", ShortName(l.Token),
			OwnerLogin(l.Token), safe.Terminal(l.Rule), audit.CalendarDays(l.Due, b.Run.AsOf)))
	}
	return text + safe.Around(": ", strings.Join(FirstOf(names, most, 0), ", "), "")
}
