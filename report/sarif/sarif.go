// SPDX-License-Identifier: Apache-2.0

// Package sarif writes what an audit found for code scanning: SARIF 2.1.0.
package sarif

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/encode"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// Format writes findings for code scanning: SARIF 2.1.0, one run per organization.
//
// GitHub shows every result as an open alert: it reads neither "kind" nor "suppressions", and
// takes the severity from the rule, not from the result. So what breaks the policy stands below
// its rule at the most that the rule says; what is milder stands below a variant with the real
// severity, as "toxic-permissions/medium". If it gets worse it is another alert: who dismissed the
// mild one did not accept this. What does not break the policy stands below variants without a
// severity, with the level none: "/debt" and "/waived" are suppressed, with the reason; "/below"
// is below the policy's threshold; "/open" could not be judged. A pass is never written. What is
// pending is written if the policy counts it.
//
// Evidence that is not complete is an error in three places, of which every viewer knows one:
// executionSuccessful is false, each reason is a notification, and one ordinary result of the rule
// EVIDENCE_INCOMPLETE says it. A viewer may close the alerts that an incomplete run does not
// repeat: that one stays open.
//
// No file in the repository holds a token, so every result is at the first line of a path of our
// own, which must not exist; the fingerprint tells them apart. The file holds the worst 25,000
// results of an organization, and at most 20 runs, as GitHub takes no more; it shows 5,000. What
// is left out is itself a result, RESULTS_NOT_SHOWN. A report of several organizations begins with
// a run about those that have none.
var Format = view.Format{
	Name:  "sarif",
	Doc:   "findings for code scanning (SARIF 2.1.0)",
	Ext:   []string{".sarif", ".sarif.json"},
	Write: write,
}

// What GitHub takes, and shows, of a file.
const (
	mostRuns    = 20
	mostResults = 25_000 // of a run
	mostShown   = 5_000  // likewise
	mostTags    = 10     // of a rule
)

func write(w io.Writer, d *view.Document) error {
	s := &writer{encode.New(w), d}
	s.Token(jsontext.BeginObject)
	s.Key("$schema", schema)
	s.Key("version", "2.1.0")
	s.Token(jsontext.String("runs"))
	s.Token(jsontext.BeginArray)
	runs := d.Runs
	if !d.Single() {
		// The worst first: they are kept if there are too many.
		runs = slices.SortedStableFunc(slices.Values(runs), func(a, b *audit.Run) int {
			return int(a.Outcome()) - int(b.Outcome())
		})
		runs = runs[:min(len(runs), mostRuns-1)]
		s.overview(len(d.Runs) - len(runs))
	}
	for _, run := range runs {
		s.run(run)
	}
	s.Token(jsontext.EndArray)
	s.Token(jsontext.EndObject)
	return s.Err
}

type writer struct {
	*encode.Writer
	doc *view.Document
}

// begin writes a run up to its results.
func (s *writer) begin(category string, rules []reportingRule, i invocation, about any) {
	described := notifications
	if len(rules) > len(ownRules) && rules[len(ownRules)].ID == settingContradicted {
		described = append(slices.Clone(described), descriptor{settingClaimed})
	}
	s.Token(jsontext.BeginObject)
	s.Key("tool", tool{driver{
		Name: s.doc.Tool.Name, Version: s.doc.Tool.Version, InformationURI: audit.Home,
		Rules: rules, Notifications: described,
	}})
	s.Key("automationDetails", automationDetails{ID: "pataudit/" + category + "/"})
	s.Key("columnKind", "utf16CodeUnits")
	s.Key("invocations", []invocation{i})
	s.Key("properties", about)
	s.Token(jsontext.String("results"))
	s.Token(jsontext.BeginArray)
}

func (s *writer) end() {
	s.Token(jsontext.EndArray)
	s.Token(jsontext.EndObject)
}

// overview is the run about the organizations that have none.
func (s *writer) overview(leftOut int) {
	const category = "organizations"
	o := s.doc.Outcome()
	about := runProperties{Verdict: o.String(), Complete: o == audit.Clean || o == audit.Violations}
	var results []resultObject
	var notes []notification
	add := func(rule, text, key string) {
		notes = append(notes, notificationOf("error", rule, text))
		results = append(results, ownResult(rule, "error", text, category, key))
	}
	if leftOut > 0 {
		add(resultsNotShown, fmt.Sprintf("%s left out: a file takes %d runs; write one file each",
			safe.Plural(leftOut, "organization"), mostRuns), "left out")
	}
	for _, f := range s.doc.Failed {
		add(evidenceIncomplete, fmt.Sprintf("organization %s was not audited: %s",
			safe.Prose(f.Organization, safe.MostName), f.Reason.String()), "organization "+f.Organization)
	}
	if len(s.doc.Runs)+len(s.doc.Failed) == 0 {
		add(evidenceIncomplete, "no organization was audited", "none")
	}
	if len(results) > mostResults {
		results = results[:mostResults]
	}
	s.begin(category, ownRules, invocation{
		Successful: len(results) == 0, Notifications: notes,
	}, about)
	for i := range results {
		s.Value(&results[i])
	}
	s.end()
}

// run writes one organization's.
func (s *writer) run(run *audit.Run) {
	o := &runWriter{writer: s, run: run, key: run.Organization.Key()}
	o.place = placeOf(run.Organization)
	o.count()
	o.describe()
	s.begin(o.place, o.rules, o.invocation(), runProperties{
		Verdict: run.Outcome().String(), Complete: run.Complete,
		Organization: safe.Prose(run.Organization.Login, safe.MostName),
		AsOf:         encode.Instant(run.AsOf), CollectedAt: encode.Instant(run.CollectedAt),
		EvidenceDigest: encode.OrNull(run.Digest),
		PolicyName:     safe.Prose(run.Policy.Name, safe.MostName), PolicyDigest: run.Policy.Digest,
		FailOn:        run.Policy.FailOn.String(),
		ProjectFile:   safe.Prose(s.doc.Tool.ProjectFile, safe.MostName),
		ProjectDigest: s.doc.Tool.ProjectDigest,
	})
	o.results()
	s.end()
}

// placeOf returns an organization as it stands in paths and categories, without a word of its own.
func placeOf(o *audit.Organization) string {
	if o.Host == "github.com" && o.ID > 0 {
		return fmt.Sprintf("organization-%d", o.ID)
	}
	return "organization-" + view.Hash(o.Key())[:16]
}

// invocation reports whether everything was seen, and what was not.
func (o *runWriter) invocation() invocation {
	i := invocation{Successful: o.run.Complete}
	if !o.run.AsOf.IsZero() {
		at := o.run.AsOf.UTC().Format(time.RFC3339)
		i.End = &at
	}
	for _, reason := range o.run.Incomplete.Texts() {
		i.Notifications = append(i.Notifications, notificationOf("error", evidenceIncomplete, reason))
	}
	if text := o.notShown(); text != "" {
		i.Notifications = append(i.Notifications, notificationOf("warning", resultsNotShown, text))
	}
	for j := range o.run.Settings {
		s := &o.run.Settings[j]
		level := "note"
		if s.State == audit.SettingContradicted {
			level = "error"
		}
		i.Notifications = append(i.Notifications,
			notificationOf(level, settingClaimed, words.Claimed(o.run, s)))
	}
	for _, note := range words.Remainders(o.run, o.writer.doc) {
		i.Notifications = append(i.Notifications, notificationOf("note", notSeen, note))
	}
	return i
}

// pascal writes "long-expiration" as "LongExpiration".
func pascal(id string) string {
	var s strings.Builder
	for word := range strings.SplitSeq(id, "-") {
		if word != "" {
			s.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return s.String()
}
