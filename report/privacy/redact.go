// SPDX-License-Identifier: Apache-2.0

package privacy

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/rulepage"
	"github.com/complytime/pataudit/report/view"
)

// LeastKey is how many bytes the key of [Redact] has at least, without blanks around it.
const LeastKey = 16

// ownerFacts are left out of a pseudonymised run. Rules that need them are counted, and their
// findings are shown as [rulepage.Withheld] alone: figures and verdicts stay as they are, and no
// token looks better than it is.
const ownerFacts = audit.FactMembership | audit.FactTwoFactor

// Redact returns the document with stand-ins for the people in it: their logins, the names of
// their tokens, the names of repositories that are not known to be public, and every id but the
// organization's. The key makes them, and the same key makes the same ones. What people wrote is
// left out. Of a finding it tells the rule's title and the permissions that it rests on: whatever
// else a rule says may name someone. The organization keeps its name, host and id: a report of an
// organization that nobody knows is of no use, and it is no person.
//
// Dates stay: who has the audit log can find a token by them.
func Redact(d *view.Document, key []byte) (*view.Document, error) {
	switch {
	case len(bytes.TrimSpace(key)) < LeastKey:
		return nil, fmt.Errorf("the key has %d bytes: it needs %d at least",
			len(bytes.TrimSpace(key)), LeastKey)
	case d.Pseudonymised:
		return nil, errors.New("the report is pseudonymised already")
	}
	p := &pseudonyms{key}
	redacted := *d
	redacted.Pseudonymised, redacted.Runs, redacted.Failed = true, nil, namelessFailures(d.Failed)
	for _, run := range d.Runs {
		redacted.Runs = append(redacted.Runs, newRedactor(run, p).redacted())
	}
	v := &redacted.View
	v.Hints, v.Deciding = nil, nil // they name files and ids
	v.Filter.Owners, v.Filter.Repositories = nil, nil
	for _, login := range d.View.Filter.Owners {
		v.Filter.Owners = append(v.Filter.Owners, p.text(kindPerson, login))
	}
	public := publicRepositories(d.Runs)
	for _, name := range d.View.Filter.Repositories {
		if !public[strings.ToLower(name)] {
			name = p.wanted(name, d.Runs)
		}
		v.Filter.Repositories = append(v.Filter.Repositories, name)
	}
	return &redacted, nil
}

// wanted returns the stand-in by which a filter finds a repository.
func (p *pseudonyms) wanted(name string, runs []*audit.Run) string {
	owner, _, _ := strings.Cut(name, "/")
	for _, run := range runs {
		if run.Organization.Called(owner) {
			return p.repository(name, owner)
		}
	}
	return p.repository(name, "")
}

// isPublic reports whether everybody can read the repository's name anyway.
func isPublic(r *audit.Repository) bool { return r.Visibility == "public" }

// publicRepositories lists the names of repositories that are public, with and without their
// owner, in lower case.
func publicRepositories(runs []*audit.Run) map[string]bool {
	public := map[string]bool{}
	note := func(repositories []*audit.Repository) {
		for _, repository := range repositories {
			if isPublic(repository) {
				name := strings.ToLower(repository.Name)
				_, bare, _ := strings.Cut(name, "/")
				public[name], public[bare] = true, true
			}
		}
	}
	for _, run := range runs {
		note(run.Organization.Repositories)
		for result := range view.Both(run) {
			note(result.Token.Repositories)
		}
	}
	return public
}

// redactor redacts one run. Tokens and people are redacted once, so that those who share
// one still do.
type redactor struct {
	*pseudonyms
	run      *audit.Run
	withheld *audit.RuleCount // nil: nothing is withheld

	tokens       map[*audit.Token]*audit.Token
	members      map[*audit.Member]*audit.Member
	repositories map[*audit.Repository]*audit.Repository
	decisions    map[*audit.Decision]*audit.Decision
	rules        map[*audit.PolicyRule]*audit.PolicyRule
	registered   map[*audit.Registration]*audit.Registration
}

func newRedactor(run *audit.Run, p *pseudonyms) *redactor {
	r := &redactor{
		pseudonyms: p, run: run,
		withheld: &audit.RuleCount{PolicyRule: audit.PolicyRule{
			Rule: &audit.Rule{
				ID: rulepage.Withheld, Title: "Fails by the owner's role or second factor",
				Remedy: "Look it up in the report that is not pseudonymised.",
			},
			Asked: true,
		}},
		tokens:       map[*audit.Token]*audit.Token{},
		members:      map[*audit.Member]*audit.Member{},
		repositories: map[*audit.Repository]*audit.Repository{},
		decisions:    map[*audit.Decision]*audit.Decision{},
		rules:        map[*audit.PolicyRule]*audit.PolicyRule{},
		registered:   map[*audit.Registration]*audit.Registration{},
	}
	for i := range run.Rules {
		if rule := &run.Rules[i]; restsOnOwner(rule.Rule) {
			r.withheld.Severity = max(r.withheld.Severity, rule.Severity)
		}
	}
	r.withheld.Rule.Severity = r.withheld.Severity
	some := false
	for result := range view.Both(run) {
		if f := r.hidden(result); f != nil {
			some = true
			if result.Request == nil {
				r.withheld.Counts[f.Status]++
			}
		}
	}
	if !some {
		r.withheld = nil
	}
	return r
}

// restsOnOwner reports whether a rule is about what is left out.
func restsOnOwner(rule *audit.Rule) bool {
	return rule.Needs&(ownerFacts|audit.FactApproval) != 0 // an approval tells the approver's role
}

// redacted is the run with stand-ins.
func (r *redactor) redacted() *audit.Run {
	run := ImpersonalRun(r.run)
	organization := *run.Organization
	organization.TwoFactorRequired = nil
	organization.Repositories = r.reached(organization.Repositories)
	run.Organization = &organization
	if by := r.run.Policy.Ratified; by != nil {
		run.Policy.Ratified = &audit.Ratified{By: r.text(kindPerson, by.By), On: by.On}
	}
	run.NotSeen = append(audit.Gaps{{Code: audit.GapPseudonymised}}, run.NotSeen...)
	run.Rules = slices.Clone(run.Rules)
	for i := range run.Rules {
		run.Rules[i].PolicyRule = *r.rule(&run.Rules[i].PolicyRule)
	}
	if r.withheld != nil {
		run.Rules = append(run.Rules, *r.withheld)
	}
	run.Classic = r.classic()
	if known := r.run.Registry; known != nil {
		for i, login := range known.OtherIDs {
			run.Registry.OtherIDs[i] = r.text(kindPerson, login)
		}
	}
	for i := range run.Settings {
		r.setting(&run.Settings[i], &r.run.Settings[i])
	}
	if run.Since != nil {
		for _, t := range r.run.Since.GoneTokens {
			run.Since.GoneTokens = append(run.Since.GoneTokens, r.token(t))
		}
	}
	run.Decisions = slices.Clone(run.Decisions)
	for i := range run.Decisions {
		d := &run.Decisions[i]
		d.Detail = ""
		d.Decision, d.Token = r.decision(d.Decision), r.token(d.Token)
	}
	return audit.Restored(run, r.results(r.run.Results()), r.results(r.run.Requests()))
}

// results returns the results in the order of their stand-ins' ids.
func (r *redactor) results(results iter.Seq[*audit.Result]) (redacted []*audit.Result) {
	for result := range results {
		redacted = append(redacted, r.result(result))
	}
	slices.SortFunc(redacted, func(a, b *audit.Result) int {
		return cmp.Compare(a.Token.ID, b.Token.ID)
	})
	return redacted
}
