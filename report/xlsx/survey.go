// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
)

// survey is what the pages of a workbook need to know of a whole run. It takes three passes, and
// is as large as there are owners and repositories.
type survey struct {
	*view.Part
	deciding *view.Deciding // nil: the document has no commands
	before   string         // what stands around the ids in a command that accepts a finding
	after    string
	expiries view.Expiries
	listed   []*audit.Result // the tokens that are listed, the worst first
	findings int             // how many are listed, of requests too
	rights   map[right]bool  // of tokens that are listed, as are those below

	everywhere   everywhere
	repositories map[string]*reached
	people       map[int64]*person
}

func newSurvey(part *view.Part) *survey {
	run, v := part.Run, &part.Doc.View
	s := &survey{
		Part: part, deciding: v.Deciding[run], expiries: view.NewExpiries(run.AsOf),
		rights: map[right]bool{}, repositories: map[string]*reached{}, people: map[int64]*person{},
	}
	s.before, s.after = s.deciding.Ends(audit.Waive)
	if run.Organization.Known.Has(audit.FactOrganizationRepositories) {
		for _, repository := range run.Organization.Repositories {
			s.repository(repository)
		}
	}
	for r := range run.Results() {
		s.expiries.Add(r.Token)
	}
	for r, chosen := range view.WorstFirst(run, v) {
		s.listed = append(s.listed, r)
		s.findings += len(chosen)
		s.list(r)
	}
	for r := range run.Requests() {
		chosen, _ := v.Choose(r)
		s.findings += len(chosen)
	}
	return s
}

// list counts a token that is listed.
func (s *survey) list(r *audit.Result) {
	t := r.Token
	for _, p := range t.Permissions {
		s.rights[right{p.Group, p.Name}] = true
	}
	if t.Owner != nil {
		s.own(r)
	}
	if t.Expired {
		return
	}
	own := worstRight(t)
	switch {
	case t.Selection == audit.SelectAll:
		s.everywhere.all++
		s.everywhere.worst = worse(s.everywhere.worst, own)
	case t.Selection == audit.SelectNone:
	case !view.HasList(t):
		s.everywhere.unknown++
	default:
		for _, repository := range t.Repositories {
			s.repository(repository).reach(t, own)
		}
	}
}

// repository is what is counted of one.
func (s *survey) repository(of *audit.Repository) *reached {
	r := s.repositories[of.Name]
	if r == nil {
		r = &reached{name: of.Name, visibility: of.Visibility, all: &s.everywhere}
		s.repositories[of.Name] = r
	}
	return r
}

// reach counts a token that selects the repository.
func (r *reached) reach(t *audit.Token, own *audit.Permission) {
	r.named++
	if own != nil && own.Name != "" && own.Writes() {
		r.writers++
	}
	r.worst = worse(r.worst, own)
}

func (s *survey) own(r *audit.Result) {
	t := r.Token
	p := s.people[t.Owner.ID]
	if p == nil {
		p = &person{member: t.Owner}
		s.people[t.Owner.ID] = p
	}
	if r.Registration != nil {
		p.registered = *r.Registration
	}
	p.known = p.known || t.Known.Has(audit.FactMembership)
	p.tokens++
	if !t.Expired {
		p.active++
	}
	switch view.Stand(s.Run, r) {
	case view.Violates:
		p.violating++
	case view.Open:
		p.open++
	default: // nothing to do
	}
	if view.ExpiresSoon(t, s.Run.AsOf) {
		p.expiring++
	}
	p.severity = max(p.severity, r.Severity)
	switch {
	case !t.Known.Has(audit.FactLastUsed):
		p.unlearned++
	case t.LastUsedAt.After(p.lastUsed):
		p.lastUsed = t.LastUsedAt
	}
}

// reached is a repository that tokens can reach.
type reached struct {
	name           string
	visibility     string // "" if unknown
	named, writers int    // active tokens that select it, and those of them that can write
	worst          *audit.Permission
	all            *everywhere
}

// everywhere counts the active tokens that reach more than they name.
type everywhere struct {
	all, unknown int // tokens of every repository, and those of which it is not known
	worst        *audit.Permission
}

// person is an owner of tokens.
type person struct {
	member          *audit.Member
	registered      audit.Registration // zero: the registry says nothing
	known           bool               // the role is
	tokens, active  int
	violating, open int // open: cannot be judged
	expiring        int
	severity        audit.Severity
	lastUsed        time.Time // of all tokens
	unlearned       int       // tokens of which it is not known
}
