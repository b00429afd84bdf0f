// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/rulepage"
	"github.com/complytime/pataudit/report/view"
)

// oscalTime is an instant that OSCAL can hold. The beginning of 1970 stands for none: an instant
// is required where it means nothing.
func oscalTime(t time.Time) time.Time {
	if t = t.UTC(); t.Year() < 1900 || t.Year() > 2999 {
		return time.Unix(0, 0).UTC()
	}
	return t
}

// oscalAt is the instant of a document: of the last judgement in it.
func oscalAt(d *view.Document) time.Time {
	var last time.Time
	for _, run := range d.Runs {
		if run.AsOf.After(last) {
			last = run.AsOf
		}
	}
	return oscalTime(last)
}

// oscalID names a document by its content: what was seen, by what it was judged, and what is
// shown.
func oscalID(d *view.Document) string {
	parts := []string{"document", d.Tool.Name, d.Tool.Version, d.View.Only, d.View.Filter.String()}
	for _, run := range d.Runs {
		parts = append(parts, organizationKey(run.Organization), run.Digest, run.Policy.Digest,
			run.AsOf.UTC().Format(time.RFC3339Nano), run.CollectedAt.UTC().Format(time.RFC3339Nano),
			fmt.Sprint(run.Summary, run.Incomplete, run.NotSeen))
	}
	for _, f := range d.Failed {
		parts = append(parts, f.Organization, f.Reason)
	}
	return uuid5(parts...)
}

// uuid5 is the UUID of version 5 of a name in parts, in the namespace of URLs.
func uuid5(parts ...string) string {
	return uuid.NewSHA1(
		uuid.NameSpaceURL,
		[]byte(rulepage.Home+"/"+strings.Join(parts, "\x00")),
	).String()
}

// askedRules lists the rules that some run asked, each once.
func askedRules(runs []*audit.Run) []*audit.RuleCount {
	var rules []*audit.RuleCount
	seen := map[string]bool{}
	for _, run := range runs {
		for i := range run.Rules {
			if r := &run.Rules[i]; r.Asked && !seen[r.Rule.ID] {
				seen[r.Rule.ID] = true
				rules = append(rules, r)
			}
		}
	}
	return rules
}
