// SPDX-License-Identifier: Apache-2.0

package words

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
)

// Tokens counts the tokens, and their people.
func Tokens(s *audit.Summary) string {
	return fmt.Sprintf("%s of %d %s", safe.Plural(s.Tokens, "fine-grained token"), s.People,
		safe.Form(s.People, "person", "people"))
}

// Minute returns an instant of UTC to the minute; "time unknown" for the zero time.
func Minute(t time.Time) string {
	if t.IsZero() {
		return "time unknown"
	}
	return t.UTC().Format("2006-01-02 15:04 UTC")
}

// Evidence returns what was seen, and how well.
func Evidence(run *audit.Run) string {
	var seen []string
	whole, chosen := true, false
	for _, c := range run.Coverage {
		if c.Status == audit.NotAsked {
			if c.Source == audit.SourceRepositories && len(c.Reason) > 0 {
				chosen = true
				seen = append(seen, "repositories not asked ("+safe.Terminal(c.Reason.String())+")")
			}
			continue
		}
		whole = whole && c.Status == audit.Complete
		if text := sourceText(c); text != "" {
			seen = append(seen, text)
		}
	}
	start := "incomplete: "
	switch {
	case run.Complete && chosen:
		start = "complete for the rules that were asked: "
	case run.Complete && whole:
		start = "complete: "
	case run.Complete:
		start = "complete for this policy: "
	}
	return start + strings.Join(seen, "; ")
}

// Clock returns whose time the audit was made at.
func Clock(run *audit.Run) string {
	switch {
	case run.AsOf.IsZero():
		return ""
	case run.AsOf.Equal(run.CollectedAt) && undated(run):
		return ", by this machine's clock"
	case run.AsOf.Equal(run.CollectedAt):
		return ", by GitHub's clock"
	}
	if run.CollectedAt.IsZero() {
		return ", on evidence without a date"
	}
	return ", on evidence of " + run.CollectedAt.UTC().Format(time.DateOnly)
}

// undated reports whether GitHub told no date, and this machine's clock dated the evidence.
func undated(run *audit.Run) bool {
	return slices.ContainsFunc(audit.CoverageOf(run.Coverage, audit.SourceTokens).Reason,
		func(r audit.Remark) bool { return r.Code == audit.ReasonNoDate })
}

// nouns are what a source has several of; a source that counts nothing is none of them.
var nouns = map[string]string{
	audit.SourceTokens: "token", audit.SourceRepositories: "repository list",
	audit.SourceMembers: "member", audit.SourceOutsideCollaborators: "outside collaborator",
	audit.SourceOrganizationRepositories: "repository", audit.SourceRequests: "pending request",
	audit.SourceAuditLog: "audit log event", audit.SourceAuthorizations: "classic token",
}

// sourceText returns how much of a source was had: "34 repository lists", "members refused"; ""
// if there is nothing to say.
func sourceText(c audit.Coverage) string {
	noun := nouns[c.Source]
	text := safe.Terminal(strings.ReplaceAll(c.Source+" "+string(c.Status), "_", " "))
	switch {
	case noun != "" && c.Status == audit.Complete:
		text = safe.Plural(c.Items, noun) + safe.Around(", ", safe.Terminal(c.Reason.String()), "")
	case noun != "" && c.Items > 0:
		text += fmt.Sprintf(" (%d had)", c.Items)
	case noun == "" && c.Status == audit.Complete:
		return "" // nothing to count
	}
	return text
}

// unsaved is the text for people that a run is not in the history.
const unsaved = "this run by the history, which could not save it"

// NotSeen returns what the verdict of a run does not cover, and that the history does not have the
// run.
func NotSeen(run *audit.Run) string {
	texts := run.NotSeen.Texts()
	if run.Unsaved {
		texts = append([]string{unsaved}, texts...)
	}
	return strings.Join(texts, "; ")
}

// CoverageTitles are the titles of a list of what was seen, and how well.
var CoverageTitles = [...]string{"Source", "Status", "Items", "Requests", "Reason or note"}

// CoverageCells returns a row of that list: texts and numbers.
func CoverageCells(c *audit.Coverage) [len(CoverageTitles)]any {
	return [...]any{
		strings.ReplaceAll(c.Source, "_", " "), strings.ReplaceAll(string(c.Status), "_", " "),
		c.Items, c.Requests, c.Reason.String(),
	}
}
