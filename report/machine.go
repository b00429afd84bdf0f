// SPDX-License-Identifier: Apache-2.0

package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
)

// What SARIF, OSCAL and Gemara share. They are read by other people's tools, so they claim less
// than a table may: what is not known to be satisfied is not written as satisfied.

// home is where the project lives; the rules' pages are below it.
const home = "https://github.com/complytime/pataudit"

// pageURI gives the address of a rule's page.
func pageURI(rule string) string { return home + "/blob/main/audit/rules/" + rule + ".md" }

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
	if name := Prose(r.Token.Name, mostName); name != "" {
		what += " " + name
	}
	what += fmt.Sprintf(" (grant %d)", r.Token.ID)
	if r.Token.Owner != nil {
		what += " of " + Prose(r.Token.Owner.Login, mostName)
	}
	return what
}

// saying is a finding in one sentence, with who accepted it.
func saying(r *audit.Result, f *audit.Finding) string {
	text := subject(r) + ": " + f.Message
	if f.Message == "" {
		text = subject(r) + ": " + f.Rule.Rule.Title
	}
	switch {
	case f.Waiver != nil:
		text += "; waived: " + accepted(f.Waiver)
	case f.InBaseline:
		text += "; known debt"
	}
	return Prose(text, mostProse)
}

// accepted says who accepted a finding, until when, and why.
func accepted(d *audit.Decision) string {
	text := fmt.Sprintf("%s (by %s, until %s", d.Reason, d.By, d.Until.UTC().Format(time.DateOnly))
	if d.Ticket != "" {
		text += ", " + d.Ticket
	}
	return Prose(text+")", mostProse)
}

// reasons says why a run is not complete, in one sentence.
func reasons(run *audit.Run) string {
	return Prose("cannot say clean: "+strings.Join(run.Incomplete, "; "), mostProse)
}

// tally counts the answers of a run's rules, by rule, over all that counts.
func tally(run *audit.Run) map[string]*audit.Counts {
	counts := make(map[string]*audit.Counts, len(run.Rules))
	for i := range run.Rules {
		c := run.Rules[i].Counts
		counts[run.Rules[i].Rule.ID] = &c
	}
	if run.Policy.FailOnRequests {
		for r := range run.Requests() {
			for i := range r.Findings {
				counts[r.Findings[i].Rule.Rule.ID][r.Findings[i].Status]++
			}
		}
	}
	return counts
}

// remainders says what a run's findings do not tell: what was not seen, asked or shown.
func remainders(run *audit.Run, v *View) []string {
	var notes []string
	if len(run.NotSeen) > 0 {
		notes = append(notes, "not seen: "+strings.Join(run.NotSeen, "; "))
	}
	if ids := notAsked(run); len(ids) > 0 {
		notes = append(notes, "not asked: "+strings.Join(ids, ", "))
	}
	if s := run.Summary; s.Requests > 0 && !run.Policy.FailOnRequests {
		notes = append(notes, fmt.Sprintf("%s, of which %d %s the policy, which does not count them",
			plural(s.Requests, "pending request"), s.RequestsViolating, breaks(s.RequestsViolating)))
	}
	if f := count(run); f.partial(run) {
		notes = append(notes, f.part(run))
	}
	if v.Filter.active() {
		notes = append(notes, "filtered: shows only "+v.Filter.String())
	}
	for i, note := range notes {
		notes[i] = Prose(note, mostProse)
	}
	return notes
}

// section gives the first paragraph below a heading of a rule's page; "" if there is none.
func section(page, title string) string {
	parts := partsOf(page)
	i := slices.IndexFunc(parts, func(p part) bool { return p.kind == heading && p.text == title })
	if i < 0 || i+1 == len(parts) || parts[i+1].kind != paragraph {
		return ""
	}
	return parts[i+1].text
}

// plainPage is a rule's page without its marks.
func plainPage(page string) string {
	var s strings.Builder
	for _, p := range partsOf(page) {
		switch p.kind {
		case heading:
			fmt.Fprintf(&s, "\n%s\n", p.text)
		case item:
			fmt.Fprintf(&s, "- %s\n", p.text)
		case code:
			fmt.Fprintf(&s, "\n%s\n", strings.Join(p.lines, "\n"))
		case grid:
			for _, row := range p.rows {
				if text := strings.Trim(strings.Join(row, ": "), ": "); text != "" {
					fmt.Fprintf(&s, "%s\n", text)
				}
			}
		case paragraph, quotation:
			fmt.Fprintf(&s, "\n%s\n", p.text)
		}
	}
	return strings.TrimSpace(s.String())
}

var pageLink = regexp.MustCompile(`\]\(([a-z0-9-]+)\.md\)`)

// linkedPage is a rule's page whose links to other rules' pages hold wherever it is shown.
func linkedPage(page string) string {
	return pageLink.ReplaceAllString(page, "]("+pageURI("$1")+")")
}

// tallied words a rule's counts: "3 fail, 1 waived, 0 cannot be judged, 41 pass".
func tallied(c *audit.Counts) string {
	return fmt.Sprintf("%d fail, %d waived, %d cannot be judged, %d pass, to %d it does not apply",
		c[audit.Fail], c[audit.Waived], c[audit.Indeterminate], c[audit.Pass],
		c[audit.NotApplicable])
}
