// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/audit/rules"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/report/privacy"
)

// people are those whom a history names.
type people struct {
	mentions map[mention]bool
	judged   []judgedOwner // whom overrides name
	numbered int           // the highest number of somebody who was forgotten
}

// mention is a place at which somebody is named: an owner by the id, for logins change hands.
type mention struct {
	id    int64  // 0: nothing but the login is known
	login string // in lower case; "" where it is not believed
	role  role
	place place
}

// role is as what somebody is named.
type role int

const (
	roleListed   role = iota // in a table
	roleOwner                // of a token or a request
	rolePresent              // owner of any in a run
	roleApprover             // of a token
	roleDecider
	roleNamed // in what a run was judged by
)

// place names a token or a request in all runs, or what a decision is about; or else a run, by its
// number.
type place struct {
	organization, kind string
	id                 int64
}

// judgedOwner is an owner whom an override of a run's policy names.
type judgedOwner struct {
	audit.Account
	run int64
}

func newPeople() *people { return &people{mentions: map[mention]bool{}} }

// collect looks for people in the tables, and in the evidence and the criteria of all runs.
func (p *people) collect(
	ctx context.Context, store *history.Store, runs []history.Run,
) error {
	owners, err := store.Owners(ctx)
	if err != nil {
		return err
	}
	for i := range owners {
		if owners[i].ID != 0 { // 0 was forgotten
			p.member(&owners[i], roleListed, place{})
		}
	}
	for i := range runs {
		number := runs[i].Number
		evidence, err := records.Evidence(ctx, store, number)
		if err != nil {
			return err
		}
		criteria, err := store.Criteria(ctx, number)
		if err != nil {
			return err
		}
		which := runs[i].Organization.Key()
		p.evidence(evidence, which, number)
		p.criteria(criteria, which, number)
	}
	p.overridden()
	return nil
}

// overridden notes whom overrides name. The login that a policy has beside an id is believed only
// of an account that no evidence names.
func (p *people) overridden() {
	seen := map[int64]bool{}
	for m := range p.mentions {
		seen[m.id] = true
	}
	for _, owner := range p.judged {
		if owner.ID != 0 && seen[owner.ID] {
			owner.Login = ""
		}
		p.add(owner.ID, owner.Login, roleNamed, place{id: owner.run})
	}
}

// criteria notes who is named in what a run was judged by. What another version wrote, and this
// one cannot read, names nobody that we know.
func (p *people) criteria(c *audit.Criteria, which string, run int64) {
	judging, err := policy.OfCriteria(c, rules.All)
	if err != nil {
		return
	}
	named := func(login string) { p.add(0, login, roleNamed, place{id: run}) }
	if judging.Ratified != nil {
		named(judging.Ratified.By)
	}
	for i := range judging.Overrides {
		for _, owner := range judging.Overrides[i].When.Owners {
			p.judged = append(p.judged, judgedOwner{owner, run})
		}
	}
	for _, d := range judging.Decisions {
		if d.Kind == audit.Attest {
			named(d.By)
			continue
		}
		p.add(0, d.By, roleDecider, place{which, d.Kind + " " + d.Rule, d.TokenID})
	}
	if judging.Registry != nil {
		for _, e := range judging.Registry.Owners { // an owner may be a person
			named(e.Login)
			if e.Contact != "" {
				named(e.Contact)
			}
		}
	}
	if judging.Baseline != nil {
		for _, a := range judging.Baseline.Accepted {
			named(a.By)
		}
	}
}

func (p *people) evidence(e *audit.Evidence, which string, run int64) {
	note := func(token *audit.Token, kind string) {
		at := place{which, kind, token.ID}
		p.member(token.Owner, roleOwner, at)
		p.member(token.Owner, rolePresent, place{id: run})
		if token.ApprovedBy != "" {
			p.add(0, token.ApprovedBy, roleApprover, at)
		}
	}
	for _, token := range e.Tokens {
		note(token, audit.KindToken)
	}
	for _, request := range e.Requests {
		note(request.Token, audit.KindRequest)
	}
	for _, m := range e.Contacts {
		p.member(m, roleNamed, place{id: run})
	}
	for _, c := range e.Classic {
		p.add(0, c.Login, roleOwner, place{which, "classic", c.ID})
		p.add(0, c.Login, rolePresent, place{id: run})
	}
}

func (p *people) member(m *audit.Member, as role, at place) {
	if m != nil {
		p.add(m.ID, m.Login, as, at)
	}
}

// add notes that somebody is named at a place. Somebody who was forgotten has a number.
func (p *people) add(id int64, login string, as role, at place) {
	login = strings.ToLower(login)
	p.numbered = max(p.numbered, privacy.StandIn(id), privacy.StandInNumber(login))
	if privacy.StandIn(id) == 0 {
		p.mentions[mention{id, login, as, at}] = true
	}
}

// called lists the ids that ever had a login.
func (p *people) called(login string) (ids []int64) {
	for m := range p.mentions {
		if m.id != 0 && m.login == strings.ToLower(login) {
			ids = append(ids, m.id)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// logins lists the logins that an id ever had.
func (p *people) logins(id int64) (logins []string) {
	for m := range p.mentions {
		if m.id == id && m.login != "" {
			logins = append(logins, m.login)
		}
	}
	slices.Sort(logins)
	return slices.Compact(logins)
}

// known counts at how many places a person is named as what; nil if nowhere. The person has the
// ids, and where none is known the logins.
func (p *people) known(ids []int64, logins []string) (counts map[role]int) {
	counted := map[mention]bool{}
	for m := range p.mentions {
		named := slices.Contains(ids, m.id)
		if m.id == 0 {
			named = slices.ContainsFunc(logins, func(s string) bool {
				return strings.EqualFold(s, m.login)
			})
		}
		if m.id, m.login = 0, ""; !named || counted[m] {
			continue
		}
		if counted[m] = true; counts == nil {
			counts = map[role]int{}
		}
		counts[m.role]++
	}
	return counts
}
