// SPDX-License-Identifier: Apache-2.0

package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// What SARIF, OSCAL and Gemara share, beside [weight]. They are read by other people's tools, so
// they claim less than a table may: what is not known to be satisfied is not written as satisfied.

// organizationKey names an organization for good: by host and id, or by login if there is no id.
func organizationKey(o *audit.Organization) string {
	if o.ID == 0 {
		return o.Host + "/login/" + strings.ToLower(o.Login)
	}
	return o.Host + "/" + strconv.FormatInt(o.ID, 10)
}

// hash is a short name without a meaning, of parts that have one.
func hash(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// counted ranges over what the policy speaks of: the tokens, and the pending requests if it counts
// them as tokens.
func counted(run *audit.Run) iter.Seq[*audit.Result] {
	if !run.Policy.FailOnRequests {
		return run.Results()
	}
	return func(yield func(*audit.Result) bool) {
		for _, results := range []iter.Seq[*audit.Result]{run.Results(), run.Requests()} {
			for r := range results {
				if !yield(r) {
					return
				}
			}
		}
	}
}

// kindOf tells a request from a token.
func kindOf(r *audit.Result) string {
	if r.Request != nil {
		return audit.KindRequest
	}
	return audit.KindToken
}

// subject names what a finding is about: "token ci-publish (grant 25381) of bob".
func subject(r *audit.Result) string {
	what := "token"
	if r.Request != nil {
		what = "pending request"
	}
	if name := safe.Prose(r.Token.Name, safe.MostName); name != "" {
		what += " " + name
	}
	what += fmt.Sprintf(" (grant %d)", r.Token.ID)
	if r.Token.Owner != nil {
		what += " of " + safe.Prose(r.Token.Owner.Login, safe.MostName)
	}
	return what
}

// saying is a finding in one sentence, with why it does not count, if so.
func saying(run *audit.Run, r *audit.Result, f *audit.Finding) string {
	text := subject(r) + ": " + f.Message
	if f.Message == "" {
		text = subject(r) + ": " + f.Rule.Rule.Title
	}
	switch w := view.Weigh(run, f); w {
	case view.WeightWaived, view.WeightDebt:
		text += fmt.Sprintf("; %s, %s: %s", f.Severity, w, view.Acceptance(run, f))
	case view.WeightBelow:
		text += "; " + view.BelowThreshold(run, f)
	default: // the message says it
	}
	return safe.Prose(semicolons(text, dueText(f)), safe.MostProse)
}

// reasons says why a run is not complete, in one sentence.
func reasons(run *audit.Run) string {
	return safe.Prose("cannot say clean: "+strings.Join(run.Incomplete, "; "), safe.MostProse)
}

// remainders says what a run's findings do not tell: what was not seen, asked or shown.
func remainders(run *audit.Run, v *view.View) []string {
	var notes []string
	if len(run.NotSeen) > 0 {
		notes = append(notes, "not seen: "+strings.Join(run.NotSeen, "; "))
	}
	if ids := notAsked(run); len(ids) > 0 {
		notes = append(notes, "not asked: "+strings.Join(ids, ", "))
	}
	if s := run.Summary; s.Requests > 0 && !run.Policy.FailOnRequests {
		notes = append(notes, fmt.Sprintf(
			"%s, of which %d %s the policy, which does not count them",
			safe.Plural(
				s.Requests,
				"pending request",
			),
			s.RequestsViolating,
			view.Breaks(s.RequestsViolating),
		))
	}
	if f := view.Count(run); f.Partial(run) {
		notes = append(notes, f.PartText(run))
	}
	if v.Filter.Active() {
		notes = append(notes, "filtered: shows only "+v.Filter.String())
	}
	for i, note := range notes {
		notes[i] = safe.Prose(note, safe.MostProse)
	}
	return notes
}
