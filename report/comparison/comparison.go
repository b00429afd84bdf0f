// SPDX-License-Identifier: Apache-2.0

// Package comparison writes what changed between two runs of one organization.
package comparison

import (
	"fmt"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/privacy"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// Comparison is what changed between two runs of one organization, for a reader who knows the
// older one.
type Comparison struct {
	Old, New         *audit.Run
	OldName, NewName string        // what the reader calls them: "run 12", "last.json"
	Deltas           []audit.Delta // of the two: see [audit.Diff]
	View             view.View     // Width, Color and Verbose; nothing is filtered

	// Nameless reports that everybody may read what is written: see [view.Document.Nameless].
	Nameless bool

	// Policies reports that the same evidence was judged by two policies: see
	// [audit.DiffPolicies].
	Policies bool
}

// Formats lists every format of a comparison; the first is the default.
var Formats = view.Formats[*Comparison]{
	{Name: "table", Ext: []string{".txt"}, Write: writeTable, Nameless: true},
	{Name: "json", Ext: []string{".json"}, Write: writeJSON},
	{Name: "markdown", Ext: []string{".md", ".markdown"}, Write: writeMarkdown, Nameless: true},
}

// WithoutNames returns the comparison as everybody may read it: verdicts and figures. Its runs
// keep their tokens, as those of [privacy.Nameless] do.
func (c *Comparison) WithoutNames() *Comparison {
	nameless := *c
	nameless.Old, nameless.New = privacy.ImpersonalRun(c.Old), privacy.ImpersonalRun(c.New)
	nameless.OldName, nameless.NewName, nameless.Nameless = "", "", true
	return &nameless
}

// Partial reports whether a run holds a part of its tokens or findings only, as one that was read
// from a filtered report does. What it lacks is not gone, so that it cannot be compared.
func Partial(d *view.Document, run *audit.Run) bool {
	return d.View.Only == view.OnlyFailing || d.View.Filter.Active() || view.Count(run).Partial(run)
}

// title returns what is compared with what.
func (c *Comparison) title() string {
	if c.Policies {
		return fmt.Sprintf("what changes from the policy %s to %s, by the evidence of %s", c.OldName,
			c.NewName, words.Minute(c.New.AsOf))
	}
	return "what changed from " + sideText(c.OldName, c.Old) + " to " + sideText(c.NewName, c.New)
}

func sideText(name string, run *audit.Run) string {
	if name == "" {
		return words.Minute(run.AsOf)
	}
	return words.Minute(run.AsOf) + " (" + name + ")"
}

// verdicts returns how each run ended.
func (c *Comparison) verdicts() (before, now string) {
	text := func(run *audit.Run) string {
		return view.VerdictText(run) + ": " + view.Headline(run, view.Count(run))
	}
	return text(c.Old), text(c.New)
}

// notes returns what keeps two runs from being compared in full.
func (c *Comparison) notes() (notes []string) {
	if c.Old.AsOf.After(c.New.AsOf) {
		notes = append(notes, "the first of the two is the later one: changes are told backwards")
	}
	if c.Old.Policy.Digest != c.New.Policy.Digest && !c.Policies {
		notes = append(notes, "judged by another policy: a finding may be opened or closed by that "+
			"alone")
	}
	if rules := c.askedOnce(); len(rules) > 0 {
		text := "asked in one of the runs only, and not compared: "
		if c.Policies {
			text = "asked by one of the policies only: "
		}
		notes = append(notes, text+strings.Join(rules, ", "))
	}
	for _, side := range []struct {
		name string
		run  *audit.Run
		lack string
	}{
		{"the older run", c.Old, "a token that is in the newer one alone is not called new"},
		{"the newer run", c.New, "a token that it lacks is not called gone"},
	} {
		if !side.run.Complete {
			notes = append(notes, side.name+" is incomplete: "+side.run.Incomplete.String())
		}
		if !side.run.Listed() {
			notes = append(notes, side.name+" did not see the whole list: "+side.lack)
		}
	}
	return notes
}

// askedOnce lists the rules that one of the runs asked, and the other did not.
func (c *Comparison) askedOnce() (rules []string) {
	both := audit.BothAsked(c.Old, c.New)
	for _, run := range []*audit.Run{c.Old, c.New} {
		for i := range run.Rules {
			if r := &run.Rules[i]; r.Asked && !both[r.Rule.ID] {
				rules = append(rules, r.Rule.ID)
			}
		}
	}
	slices.Sort(rules)
	return rules
}

// figures count what changed.
type figures struct {
	audit.Since
	Unseen, Expired int // tokens
	Milder          int // findings
}

func (c *Comparison) figures() (f figures) {
	for i := range c.Deltas {
		d := &c.Deltas[i]
		f.Add(d)
		if d.Unseen {
			f.Unseen++
		}
		if d.Expired {
			f.Expired++
		}
		f.Milder += len(d.Milder)
	}
	return f
}

// String returns the line of figures: "1 new token, 2 widened; 4 findings opened, 5 closed".
func (f *figures) String() string {
	return safe.Join("; ",
		words.Happenings("token",
			words.Happened{N: f.New, What: "new %"}, words.Happened{N: f.Gone, What: "% gone"},
			words.Happened{N: f.Unseen, What: "% not seen in one of the runs"},
			words.Happened{N: f.Widened, What: "% widened"},
			words.Happened{N: f.Narrowed, What: "% narrowed"},
			words.Happened{N: f.Renewed, What: "% renewed"},
			words.Happened{N: f.Expired, What: "% expired"},
			words.Happened{N: f.Roles, What: "% with an owner in another role"}),
		words.Happenings("finding",
			words.Happened{N: f.Opened, What: "% opened"},
			words.Happened{N: f.Milder, What: "% milder"},
			words.Happened{N: f.Fixed, What: "% closed"},
			words.Happened{N: f.Waived, What: "% waived"},
			words.Happened{N: f.Indebted, What: "% accepted as debt"}),
	)
}

// nothing returns the whole of a comparison of equal runs.
func (c *Comparison) nothing() string {
	if c.Policies {
		return fmt.Sprintf("%s: no finding changes from the policy %s to %s",
			c.New.Organization.Login, c.OldName, c.NewName)
	}
	return fmt.Sprintf("%s: nothing changed from %s to %s", c.New.Organization.Login,
		sideText(c.OldName, c.Old), sideText(c.NewName, c.New))
}

// equal reports whether nothing changed.
func (c *Comparison) equal() bool {
	if len(c.Deltas)+len(c.notes())+len(c.settings()) > 0 ||
		c.Old.Outcome() != c.New.Outcome() {
		return false
	}
	return !c.Policies || c.shift().Direction == same
}
