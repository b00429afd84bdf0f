// SPDX-License-Identifier: Apache-2.0

package github

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/shurcooL/githubv4"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/api"
)

// people are the organization's members and, if owners are missing among them, its outside
// collaborators.
type people struct {
	members map[int64]member
	whole   bool             // an owner who is not in members is no member
	outside map[int64]string // logins
	listed  bool             // an owner who is in neither is a stranger

	without int // members without a second factor, if that is not believed
}

// userKey identifies a user whose role in the organization is asked for: an owner by the id, a
// contact by the login.
type userKey struct {
	id    int64 // 0: by the login
	login string
}

// member finds an account in the list of members.
func (p *people) member(u userKey) (id int64, m member, listed bool) {
	if u.id != 0 {
		m, listed = p.members[u.id]
		return u.id, m, listed
	}
	for id, m := range p.members {
		if strings.EqualFold(m.login, u.login) {
			return id, m, true
		}
	}
	return 0, member{}, false
}

func (p *people) isMember(u userKey) bool {
	_, _, listed := p.member(u)
	return listed
}

// outsider finds an account in a list of outside collaborators.
func outsider(outside map[int64]string, u userKey) (id int64, listed bool) {
	if u.id != 0 {
		_, listed = outside[u.id]
		return u.id, listed
	}
	for id, login := range outside {
		if strings.EqualFold(login, u.login) {
			return id, true
		}
	}
	return 0, false
}

// forget drops what the lists say of some users: it is not known what they are, nor who is in
// neither.
func (p *people) forget(found []userKey) {
	p.whole, p.listed = false, false
	for _, u := range found {
		if id, _, listed := p.member(u); listed {
			delete(p.members, id)
		}
	}
}

// role returns what the organization is to an account, and its id; an unknown role if the lists do
// not show it.
func (p *people) role(u userKey) (int64, audit.Role) {
	id, m, isMember := p.member(u)
	if isMember {
		return id, m.role
	}
	if !p.whole {
		return u.id, audit.RoleUnknown
	}
	switch id, isOutside := outsider(p.outside, u); {
	case isOutside:
		return id, audit.RoleOutside
	case p.listed:
		return u.id, audit.RoleNone
	}
	return u.id, audit.RoleNotMember
}

type member struct {
	login     string
	role      audit.Role
	twoFactor *bool
}

// membersQuery asks for one page of members. GitHub answers null for a role or a second factor
// that the asker may not see; githubv4.Boolean would read that as false.
type membersQuery struct {
	Organization *struct {
		MembersWithRole *struct {
			TotalCount *int
			PageInfo   *pageInfo
			Edges      []*memberEdge
		} `graphql:"membersWithRole(first: 100, after: $cursor)"`
	} `graphql:"organization(login: $login)"`
}

type memberEdge struct {
	Role                *string
	HasTwoFactorEnabled *bool
	Node                *struct {
		Login      string
		DatabaseID int64 `graphql:"databaseId"`
	}
}

// person is one member, as the list has it.
type person struct {
	id int64
	member
}

// membersPage reads one page of members; a nil cursor is the first.
func membersPage(
	ctx context.Context, s *api.Session, login string, cursor *githubv4.String,
) (page connected[person], err error) {
	var query membersQuery
	variables := map[string]any{"login": githubv4.String(login), "cursor": cursor}
	page.exchange, err = s.Query(ctx, &query, variables, "hasTwoFactorEnabled")
	if err != nil {
		return page, err
	}
	if query.Organization == nil {
		return page, &api.Error{Kind: api.NotFound, Message: "GraphQL knows no organization " + login}
	}
	found := query.Organization.MembersWithRole
	if found == nil || found.PageInfo == nil || found.TotalCount == nil || found.Edges == nil {
		return page, &api.Error{Kind: api.Malformed, Message: "the answer holds no list of members"}
	}
	page.total, page.info = *found.TotalCount, *found.PageInfo
	page.items, err = decodeMembers(found.Edges)
	return page, err
}

// membersOf returns the list of an organization's members, not yet read.
func membersOf(s *api.Session, login string) *connection[person] {
	return &connection[person]{
		things: "members", key: func(p person) int64 { return p.id }, same: samePerson,
		ask: func(ctx context.Context, cursor *githubv4.String) (connected[person], error) {
			return membersPage(ctx, s, login, cursor)
		},
	}
}

// readMembers reads all members with role and second factor.
func readMembers(ctx context.Context, s *api.Session, login string) (*people, error) {
	members, err := membersOf(s, login).verified(ctx)
	found, doubt := peopleOf(members)
	switch {
	case doubt != nil:
		err = doubt
	case err == nil:
		err = found.verify()
	}
	return found, err
}

// samePerson reports whether two readings say the same of a member.
func samePerson(a, b person) bool { return a.id == b.id && a.contradicts(b.member) == "" }

// decodeMembers decodes one page of members.
func decodeMembers(edges []*memberEdge) ([]person, error) {
	decoded := make([]person, 0, len(edges))
	for _, edge := range edges {
		if edge == nil || edge.Node == nil || edge.Node.DatabaseID <= 0 || edge.Role == nil {
			return decoded, &api.Error{
				Kind: api.Malformed, Message: "a member is hidden, or its role is not shown",
			}
		}
		role := audit.RoleMember
		switch *edge.Role {
		case "ADMIN":
			role = audit.RoleAdmin
		case "MEMBER":
		default:
			return decoded, &api.Error{
				Kind:    api.Malformed,
				Message: fmt.Sprintf("a member has the unknown role %q", api.Clip(*edge.Role)),
			}
		}
		decoded = append(decoded,
			person{edge.Node.DatabaseID, member{edge.Node.Login, role, edge.HasTwoFactorEnabled}})
	}
	return decoded, nil
}

// Bounds of what is plausible: GitHub once said of everybody that the second factor was missing.
const (
	manyMembers     = 5
	implausiblePart = 0.9
)

// verify checks that a whole list of members can be, and drops second factors that cannot.
func (p *people) verify() error {
	total := len(p.members)
	without := 0
	for _, m := range p.members {
		if m.twoFactor != nil && !*m.twoFactor {
			without++
		}
	}
	if total == 0 {
		return &api.Error{Kind: api.Malformed, Message: "no members at all, which no organization has"}
	}
	if total >= manyMembers && float64(without) >= implausiblePart*float64(total) {
		for id, m := range p.members {
			m.twoFactor = nil
			p.members[id] = m
		}
		p.without = without
	}
	p.whole = true
	return nil
}

// probe asks whether one owner is a member, and so whether a bare token may read members at all:
// without the permission this is refused, while GraphQL lists public members and says nothing.
func probe(
	ctx context.Context, s *api.Session, login string, owner *audit.Member,
) (isMember bool, err error) {
	answer, err := s.Get(ctx, api.OrgPath(login, "memberships/"+url.PathEscape(owner.Login)), nil)
	if api.IsKind(err, api.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	var membership struct {
		State string `json:"state"`
	}
	if json.Unmarshal(answer.Body, &membership, api.Strict) != nil || membership.State == "" {
		return false, &api.Error{Kind: api.Malformed, Message: "the answer holds no membership"}
	}
	return membership.State == "active", nil
}

// readOutside reads the outside collaborators.
func readOutside(ctx context.Context, s *api.Session, login string, id int64) (
	map[int64]string, error,
) {
	l := &list{session: s, login: login, id: id, tail: "outside_collaborators"}
	reader := &reader[userKey]{
		list: l, decode: decodePeople, key: func(u userKey) int64 { return u.id },
		same: func(a, b userKey) bool { return a == b },
	}
	read, _, err := reader.verified(ctx)
	outside := map[int64]string{}
	for _, u := range read.items() {
		outside[u.id] = u.login
	}
	return outside, err
}

// decodePeople decodes one page of people. A record without an id or a login breaks it.
func decodePeople(body []byte, _ time.Time) ([]userKey, error) {
	type record struct {
		ID    int64  `json:"id"`
		Login string `json:"login"`
	}
	records, err := recordsOf[record](body, "people")
	if err != nil {
		return nil, err
	}
	people := make([]userKey, len(records))
	for i, record := range records {
		people[i] = userKey{record.ID, record.Login}
		if record.ID <= 0 || record.Login == "" {
			return nil, fmt.Errorf("record %d is no person", i+1)
		}
	}
	return people, nil
}
