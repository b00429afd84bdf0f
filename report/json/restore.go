// SPDX-License-Identifier: Apache-2.0

package json

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/rulepage"
	"github.com/complytime/pataudit/report/view"
)

// Document returns the report back as it can be written: in [Format] it has the same bytes, and
// the other formats say what they said when it was judged. The rules are found by id among those
// of this program, which knows their pages; [Saved.UnknownRules] are the others.
//
// What the report does not hold is not there: tokens and answers that its view left out, which
// every format then says; passes, unless its view is [OnlyAll]; what a name held that is no UTF-8.
// A report that contradicts itself is refused, for one of its two answers is wrong. Without any
// audit in it the tool is not known.
func (s *Saved) Document(rules []*audit.Rule) (*view.Document, error) {
	return s.document(rules, false)
}

// Take returns the document, and lets go of the report's tokens meanwhile: nothing else is to be
// asked of the report then.
func (s *Saved) Take(rules []*audit.Rule) (*view.Document, error) {
	return s.document(rules, true)
}

func (s *Saved) document(rules []*audit.Rule, take bool) (*view.Document, error) {
	d := &view.Document{Several: s.Several(), Pseudonymised: s.Pseudonymised()}
	if s.several != nil {
		var err error
		if d.Failed, err = s.several.failures(); err != nil {
			return nil, err
		}
	}
	for i, p := range s.Parts {
		if i == 0 {
			d.View, d.Tool = p.View, view.Tool(p.wire.Tool)
		}
		if !reflect.DeepEqual(p.View, d.View) || p.wire.Pseudonymised != d.Pseudonymised {
			return nil, errors.New("audits were not all written alike: one audit wrote no such report")
		}
		r := newRestorer(p, rules)
		r.take = take
		run, err := r.run()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.Organization, err)
		}
		d.Runs = append(d.Runs, run)
	}
	return d, s.totalAgrees()
}

// UnknownRules lists the rules of the report that are not among these, in its order: their pages
// are missing from what is written.
func (s *Saved) UnknownRules(rules []*audit.Rule) (ids []string) {
	for _, p := range s.Parts {
		for _, rule := range p.wire.Rules {
			if ruleNamed(rules, rule.ID) == nil && !slices.Contains(ids, rule.ID) &&
				rule.ID != rulepage.Withheld {
				ids = append(ids, rule.ID)
			}
		}
	}
	return ids
}

func ruleNamed(rules []*audit.Rule, id string) *audit.Rule {
	i := slices.IndexFunc(rules, func(r *audit.Rule) bool { return r.ID == id })
	if i < 0 {
		return nil
	}
	return rules[i]
}

// restorer reads a part back. It keeps the first error; what comes after it is of no use.
type restorer struct {
	part  *Part
	wire  *reportObject
	rules []audit.RuleCount
	take  bool // the tokens of the report
	err   error

	required audit.Facts // of the rules that this program knows

	members      map[memberKey]*audit.Member // shared, as they were
	repositories map[string]*audit.Repository
	byRule       map[string]*audit.PolicyRule
	decisions    []*audit.Decision
	registered   map[Owner]*audit.Registration
}

// memberKey is all that the report says of an owner: requests may know less of one than tokens do.
type memberKey struct {
	login, role string
	id          int64
	factor      uint8 // 0 unknown, 1 no, 2 yes
}

func newRestorer(p *Part, rules []*audit.Rule) *restorer {
	r := &restorer{
		part: p, wire: p.wire, members: map[memberKey]*audit.Member{},
		repositories: map[string]*audit.Repository{}, byRule: map[string]*audit.PolicyRule{},
		registered: map[Owner]*audit.Registration{},
	}
	remedies := p.remedies()
	for _, w := range p.wire.Rules {
		known := ruleNamed(rules, w.ID)
		r.rules = append(r.rules, r.rule(&w, known, remedies[w.ID]))
		if known != nil && w.Asked && w.Required {
			r.required |= known.Needs
		}
	}
	for i := range r.rules {
		r.byRule[r.rules[i].Rule.ID] = &r.rules[i].PolicyRule
	}
	return r
}

// remedies are those that findings have, by rule.
func (p *Part) remedies() map[string]string {
	remedies := map[string]string{}
	note := func(findings []findingObject) {
		for i := range findings {
			remedies[findings[i].Rule] = findings[i].Remedy
		}
	}
	for _, w := range p.tokens {
		note(w.Findings)
	}
	for _, w := range p.requests {
		note(w.Findings)
	}
	return remedies
}

func (r *restorer) fail(place, format string, args ...any) {
	if r.err == nil {
		r.err = &lackingError{"/" + place, fmt.Sprintf(format, args...)}
	}
}

// rule returns a rule the words that the report has for it. One that is not known may be about
// anything.
func (r *restorer) rule(w *ruleObject, known *audit.Rule, remedy string) audit.RuleCount {
	severity := r.severity("rules/"+w.ID+"/severity", &w.Severity)
	rule := audit.Rule{ID: w.ID, Severity: severity, Needs: ^audit.Facts(0)}
	if known != nil {
		rule = *known
	}
	rule.Title = w.Title
	if remedy != "" {
		rule.Remedy = remedy
	}
	count := audit.RuleCount{PolicyRule: audit.PolicyRule{
		Rule: &rule, Severity: severity, Asked: w.Asked, Required: w.Required,
	}, NotAsked: audit.WhyNotAsked(w.NotAsked)}
	if w.Asked != (w.NotAsked == "") ||
		!w.Asked && !slices.Contains(audit.ReasonsNotAsked, count.NotAsked) {
		r.fail("rules/"+w.ID+"/not_asked", "is not why the rule was not asked: %q", w.NotAsked)
	}
	count.Counts[audit.Fail], count.Counts[audit.Waived] = w.Fail, w.Waived
	count.Counts[audit.Indeterminate] = w.Indeterminate
	count.Counts[audit.Pass], count.Counts[audit.NotApplicable] = w.Pass, w.NotApplicable
	return count
}

// run restores the whole part, and holds it against its own verdict.
func (r *restorer) run() (*audit.Run, error) {
	w, run := r.wire, r.header()
	for _, decision := range w.Decisions {
		r.decisions = append(r.decisions, r.decision(&decision))
	}
	ofTokens, ofRequests := newListing(), newListing()
	results := make([]*audit.Result, len(r.part.tokens))
	for i, token := range r.part.tokens {
		r.list(ofTokens, "tokens", token)
		results[i] = r.result(token, "tokens")
		if r.take {
			r.part.tokens[i] = nil
		}
	}
	requests := make([]*audit.Result, len(r.part.requests))
	for i, request := range r.part.requests {
		r.list(ofRequests, "requests", &request.resultObject)
		requests[i] = r.request(request)
	}
	run.Decisions = r.decided(results)
	r.ordered("tokens", results)
	r.ordered("requests", requests)
	run = audit.Restored(run, results, requests)
	r.agrees(run, ofTokens, ofRequests)
	return run, r.err
}

// header restores what the part says of the whole run.
func (r *restorer) header() *audit.Run {
	w := r.wire
	run := &audit.Run{
		Organization: &audit.Organization{
			Login: w.Organization.Login, ID: orZero(w.Organization.ID), Host: w.Organization.Host,
		},
		Coverage: r.coverage(), CollectedAt: r.instant("collected_at", w.CollectedAt),
		Digest: r.part.Digest, AsOf: r.part.AsOf, Policy: r.part.Policy, Rules: r.rules,
		Summary: w.Summary.restored(), Classic: r.classic(), Complete: w.Complete,
		Incomplete: r.gaps("incomplete", w.Incomplete, w.WhyIncomplete),
		NotSeen:    r.gaps("not_seen", w.NotSeen, w.WhatNotSeen),
		Unsaved:    w.InHistory != nil, Debt: r.debt(), Since: r.since(), Trend: r.trend(),
		Registry: (*audit.Registered)(r.wire.Registry),
	}
	run.Policy.Ratified, run.Settings = r.ratified(), r.settings()
	return run
}

// ordered wants results as every run has them.
func (r *restorer) ordered(name string, results []*audit.Result) {
	for i := 1; i < len(results); i++ {
		if results[i-1].Token.ID >= results[i].Token.ID {
			r.fail(name, "are not in the order of their ids, each once")
		}
	}
}

func (r *restorer) coverage() []audit.Coverage {
	coverage := make([]audit.Coverage, len(r.wire.Coverage))
	for i, c := range r.wire.Coverage {
		coverage[i] = audit.Coverage{
			Source: c.Source, Status: audit.CoverageStatus(c.Status), Items: c.Items,
			Requests: c.Requests, Reason: c.ReasonCodes,
		}
	}
	return coverage
}

// The values of the wire format.

func orZero[T any](v *T) (zero T) {
	if v == nil {
		return zero
	}
	return *v
}

func (r *restorer) outcome(place, name string) audit.Outcome {
	for _, o := range []audit.Outcome{
		audit.Clean, audit.Violations, audit.Incomplete, audit.ViolationsIncomplete,
	} {
		if o.String() == name {
			return o
		}
	}
	r.fail(place, "is no verdict: %q", name)
	return audit.ViolationsIncomplete
}

func (r *restorer) severity(place string, name *string) audit.Severity {
	if name == nil {
		return audit.NoSeverity
	}
	s, err := audit.ParseSeverity(*name)
	if err != nil {
		r.fail(place, "is no severity: %q", *name)
	}
	return s
}

func (r *restorer) instant(place string, text *string) time.Time {
	return r.time(place, time.RFC3339Nano, text)
}

func (r *restorer) day(place string, text *string) time.Time {
	return r.time(place, time.DateOnly, text)
}

func (r *restorer) time(place, layout string, text *string) time.Time {
	if text == nil {
		return time.Time{}
	}
	at, err := time.Parse(layout, *text)
	if err != nil {
		r.fail(place, "is no time: %q", *text)
	}
	return at
}

func (r *restorer) facts(place string, names []string) audit.Facts {
	f, unknown := audit.ParseFacts(names)
	if unknown != "" {
		r.fail(place, "names %q, which is no fact that this version knows", unknown)
	}
	return f
}
