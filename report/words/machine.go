// SPDX-License-Identifier: Apache-2.0

package words

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// What SARIF, OSCAL and Gemara share, beside [weight]. They are read by other people's tools, so
// they claim less than a table may: what is not known to be satisfied is not written as satisfied.

// Subject returns what a finding is about: "token ci-publish (98716) of bob".
func Subject(r *audit.Result) string {
	what, id := "token", r.Token.Identity().String()
	if r.Request != nil {
		what = "pending request"
		if r.Token.TokenID == 0 {
			id = fmt.Sprintf("request %d", r.Token.ID)
		}
	}
	what += safe.Around(" ", safe.Prose(r.Token.Name, safe.MostName), "") + " (" + id + ")"
	if r.Token.Owner != nil {
		what += " of " + safe.Prose(r.Token.Owner.Login, safe.MostName)
	}
	return what
}

// Sentence is a finding in one sentence about its [Subject]: what is wrong, with why it does not
// count, if so; or that nothing is.
func Sentence(run *audit.Run, subject string, f *audit.Finding) string {
	id, message := f.Rule.Rule.ID, f.Message
	w := view.Weigh(run, f)
	switch w {
	case view.WeightPass:
		subject += " passes " + id
	case view.WeightIdle:
		subject = id + " does not apply to " + subject
	default:
		message = cmp.Or(message, f.Rule.Rule.Title)
	}
	text := subject + safe.Around(": ", message, "")
	switch w {
	case view.WeightWaived, view.WeightDebt:
		text += fmt.Sprintf("; %s, %s: %s", f.Severity, w, view.Acceptance(run, f))
	case view.WeightBelow:
		text += "; " + view.BelowThreshold(run, f)
	default: // the message says it
	}
	return safe.Prose(text+safe.Around("; ", Due(f), ""), safe.MostProse)
}

// Reasons returns why a run is not complete, in one sentence.
func Reasons(run *audit.Run) string {
	return safe.Prose("cannot say clean: "+run.Incomplete.String(), safe.MostProse)
}

// Remainders returns what a run's findings do not show: what was not seen, asked or shown.
func Remainders(run *audit.Run, d *view.Document) []string {
	notes := []string{
		safe.Around("not seen: ", NotSeen(run), ""),
		safe.Around("not asked: ", strings.Join(notAsked(run), ", "), ""),
		safe.Around("not used: ", NotUsed(run, d.Tool), ""),
	}
	if s := run.Summary; s.Requests > 0 && !run.Policy.FailOnRequests {
		notes = append(notes, fmt.Sprintf("%s, of which %d %s the policy, which does not count them",
			safe.Plural(s.Requests, "pending request"), s.RequestsViolating,
			view.Breaks(s.RequestsViolating)))
	}
	if f := view.Count(run); f.Partial(run) {
		notes = append(notes, f.PartText(run))
	}
	if d.View.Filter.Active() {
		notes = append(notes, "filtered: shows only "+d.View.Filter.String())
	}
	for i, note := range notes {
		notes[i] = safe.Prose(note, safe.MostProse)
	}
	return slices.DeleteFunc(notes, func(note string) bool { return note == "" })
}
