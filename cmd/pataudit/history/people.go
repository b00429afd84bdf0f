// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/audit/rules"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/report/privacy"
)

// people are the people of a history: owners by their ids, for logins change hands, and those
// of whom nothing but a login is known.
type people struct {
	byID     map[int64]map[string]bool // logins in lower case
	owns     map[int64]*person
	names    map[string]*person // who approved or decided, by login in lower case
	judged   []judgedOwner      // whom overrides name
	numbered int                // the highest number of somebody who was forgotten
}

// judgedOwner is an owner whom an override of a run's policy names.
type judgedOwner struct {
	audit.Account
	run int64
}

// person is how a person is known.
type person struct {
	tokens, approved, decided map[grant]bool
	runs                      map[int64]bool // in which a token or a request is theirs
	named                     map[int64]bool // runs whose policy or baseline names them
}

// grant names a token or a request in all runs, or what a decision is about.
type grant struct {
	organization, kind string
	id                 int64
}

func newPerson() *person {
	return &person{
		tokens: map[grant]bool{}, approved: map[grant]bool{}, decided: map[grant]bool{},
		runs: map[int64]bool{}, named: map[int64]bool{},
	}
}

func newPeople() *people {
	return &people{
		byID: map[int64]map[string]bool{}, owns: map[int64]*person{},
		names: map[string]*person{},
	}
}

// collect looks for people in the tables, and in the evidence and the decisions of all runs.
func (p *people) collect(
	ctx context.Context, store *history.Store, runs []history.Run,
) error {
	owners, err := store.Owners(ctx)
	if err != nil {
		return err
	}
	for i := range owners {
		if owners[i].ID != 0 { // 0 was forgotten
			p.owner(&owners[i])
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
	inEvidence := maps.Clone(p.owns)
	for _, owner := range p.judged {
		o := inEvidence[owner.ID]
		if o == nil {
			o = p.owner(&audit.Member{ID: owner.ID, Login: owner.Login})
		}
		if o != nil {
			o.named[owner.run] = true
		}
	}
}

// criteria notes who is named in what a run was judged by. What another version wrote, and this
// one cannot read, names nobody that we know.
func (p *people) criteria(c *audit.Criteria, which string, run int64) {
	judging, err := policy.OfCriteria(c, rules.All)
	if err != nil {
		return
	}
	if judging.Ratified != nil {
		p.named(judging.Ratified.By).named[run] = true
	}
	for i := range judging.Overrides {
		for _, owner := range judging.Overrides[i].When.Owners {
			p.judged = append(p.judged, judgedOwner{owner, run})
		}
	}
	for _, d := range judging.Decisions {
		if d.Kind == audit.Attest {
			p.named(d.By).named[run] = true
			continue
		}
		p.named(d.By).decided[grant{which, d.Kind + " " + d.Rule, d.TokenID}] = true
	}
	if judging.Registry != nil {
		for _, e := range judging.Registry.Owners {
			p.registered(e, run)
		}
	}
	if judging.Baseline != nil {
		for _, a := range judging.Baseline.Accepted {
			p.named(a.By).named[run] = true
		}
	}
}

// registered notes whom an entry of a registry names: an owner, who may be a person, and the
// contact.
func (p *people) registered(e *audit.Registration, run int64) {
	p.named(e.Login).named[run] = true
	if e.Contact != "" {
		p.named(e.Contact).named[run] = true
	}
}

func (p *people) evidence(e *audit.Evidence, which string, run int64) {
	note := func(token *audit.Token, kind string) {
		g := grant{which, kind, token.ID}
		if o := p.owner(token.Owner); o != nil {
			o.tokens[g], o.runs[run] = true, true
		}
		if token.ApprovedBy != "" {
			p.named(token.ApprovedBy).approved[g] = true
		}
	}
	for _, token := range e.Tokens {
		note(token, audit.KindToken)
	}
	for _, request := range e.Requests {
		note(request.Token, audit.KindRequest)
	}
	for _, m := range e.Contacts {
		if o := p.owner(m); o != nil {
			o.named[run] = true
		}
	}
	for _, c := range e.Classic {
		o := p.named(c.Login)
		o.tokens[grant{which, "classic", c.ID}], o.runs[run] = true, true
	}
}

// owner notes somebody who owns a token; nil for somebody who was forgotten.
func (p *people) owner(m *audit.Member) *person {
	if m == nil {
		return nil
	}
	if n := privacy.StandIn(m.ID); n > 0 {
		p.numbered = max(p.numbered, n)
		return nil
	}
	if m.ID == 0 {
		return p.named(m.Login) // an id that is not known is nobody's
	}
	if p.byID[m.ID] == nil {
		p.byID[m.ID], p.owns[m.ID] = map[string]bool{}, newPerson()
	}
	p.byID[m.ID][strings.ToLower(m.Login)] = true
	return p.owns[m.ID]
}

// named notes somebody of whom only the login is known. Who was forgotten keeps the number.
func (p *people) named(login string) *person {
	login = strings.ToLower(login)
	p.numbered = max(p.numbered, privacy.StandInNumber(login))
	if p.names[login] == nil {
		p.names[login] = newPerson()
	}
	return p.names[login]
}

// called lists the ids that ever had a login.
func (p *people) called(login string) (ids []int64) {
	for id, logins := range p.byID {
		if logins[strings.ToLower(login)] {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// known sums up how a person is known; nil if nobody is.
func (p *people) known(ids []int64, logins []string) *person {
	sum, known := newPerson(), false
	add := func(a *person) {
		if a == nil {
			return
		}
		known = true
		for _, pair := range [][2]map[grant]bool{
			{sum.tokens, a.tokens}, {sum.approved, a.approved}, {sum.decided, a.decided},
		} {
			maps.Copy(pair[0], pair[1])
		}
		maps.Copy(sum.runs, a.runs)
		maps.Copy(sum.named, a.named)
	}
	for _, id := range ids {
		add(p.owns[id])
	}
	for _, login := range logins {
		add(p.names[strings.ToLower(login)])
	}
	if !known {
		return nil
	}
	return sum
}
