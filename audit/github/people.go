// SPDX-License-Identifier: Apache-2.0

package github

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/go-json-experiment/json"
	"github.com/shurcooL/githubv4"
)

// people are the organization's members and, if owners are missing among them, its outside
// collaborators.
type people struct {
	members map[int64]member
	whole   bool // an owner who is not in members is no member
	outside map[int64]bool
	listed  bool // an owner who is in neither is a stranger

	doubt string // about second factors; "" if none
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

// readMembers reads all members with role and second factor.
func (s *session) readMembers(ctx context.Context, login string) (*people, error) {
	ask := func(ctx context.Context, cursor *githubv4.String) (page connected[person], err error) {
		var query membersQuery
		variables := map[string]any{"login": githubv4.String(login), "cursor": cursor}
		page.exchange, err = s.query(ctx, &query, variables, "hasTwoFactorEnabled")
		if err != nil {
			return page, err
		}
		if query.Organization == nil {
			return page, &Error{Kind: NotFound, Message: "GraphQL knows no organization " + login}
		}
		found := query.Organization.MembersWithRole
		if found == nil || found.PageInfo == nil || found.TotalCount == nil {
			return page, &Error{Kind: Malformed, Message: "the answer holds no list of members"}
		}
		page.total, page.info = *found.TotalCount, *found.PageInfo
		page.items, err = decodeMembers(found.Edges)
		return page, err
	}
	list := &connection[person]{
		things: "members", ask: ask, key: func(p person) int64 { return p.id }, same: samePerson,
	}
	members, err := list.verified(ctx)
	found, doubt := peopleOf(members)
	switch {
	case doubt != nil:
		err = doubt
	case err == nil:
		err = found.verify(len(members))
	}
	return found, err
}

// samePerson compares what two readings say of a member.
func samePerson(a, b person) bool { return a.id == b.id && a.contradicts(b.member) == "" }

// decodeMembers decodes one page of members.
func decodeMembers(edges []*memberEdge) ([]person, error) {
	decoded := make([]person, 0, len(edges))
	for _, edge := range edges {
		if edge == nil || edge.Node == nil || edge.Node.DatabaseID <= 0 || edge.Role == nil {
			return decoded, &Error{
				Kind: Malformed, Message: "a member is hidden, or its role is not shown",
			}
		}
		role := audit.RoleMember
		switch *edge.Role {
		case "ADMIN":
			role = audit.RoleAdmin
		case "MEMBER":
		default:
			return decoded, &Error{
				Kind:    Malformed,
				Message: fmt.Sprintf("a member has the unknown role %q", clip(*edge.Role)),
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

// verify compares the members with GitHub's own count of them, and drops second factors that
// cannot be.
func (p *people) verify(total int) error {
	if total != len(p.members) {
		return &Error{Kind: Malformed, Message: fmt.Sprintf(
			"%d members were listed, but GitHub counts %d", len(p.members), total)}
	}
	without := 0
	for _, m := range p.members {
		if m.twoFactor != nil && !*m.twoFactor {
			without++
		}
	}
	if total == 0 {
		return &Error{Kind: Malformed, Message: "no members at all, which no organization has"}
	}
	if total >= manyMembers && float64(without) >= implausiblePart*float64(total) {
		for id, m := range p.members {
			m.twoFactor = nil
			p.members[id] = m
		}
		p.doubt = fmt.Sprintf("second factors not believed: GitHub says that %d of %d "+
			"members have none", without, total)
	}
	p.whole = true
	return nil
}

// probe asks whether one owner is a member, and so whether a bare token may read members at all:
// without the permission this is refused, while GraphQL lists public members and says nothing.
func (s *session) probe(
	ctx context.Context, login string, owner *audit.Member,
) (isMember bool, err error) {
	answer, err := s.get(ctx, orgPath(login, "memberships/"+url.PathEscape(owner.Login)), nil)
	if refused, ok := err.(*Error); ok && refused.Kind == NotFound { //nolint:errorlint // plain
		return false, nil
	}
	if err != nil {
		return false, err
	}
	var membership struct {
		State string `json:"state"`
	}
	if json.Unmarshal(answer.body, &membership, strict) != nil || membership.State == "" {
		return false, &Error{Kind: Malformed, Message: "the answer holds no membership"}
	}
	return membership.State == "active", nil
}

// readOutside reads the outside collaborators.
func (s *session) readOutside(ctx context.Context, login string, id int64) (
	map[int64]bool, error,
) {
	l := &list{session: s, login: login, id: id, tail: "outside_collaborators"}
	reader := &reader[int64]{
		list: l, decode: decodePeople, key: func(id int64) int64 { return id },
		same: func(a, b int64) bool { return a == b },
	}
	read, _, err := reader.verified(ctx)
	outside := map[int64]bool{}
	for _, id := range read.items() {
		outside[id] = true
	}
	return outside, err
}

// decodePeople decodes one page of people to their ids. A record without one breaks it.
func decodePeople(body []byte, _ time.Time) ([]int64, error) {
	var records []struct {
		ID int64 `json:"id"`
	}
	if err := json.Unmarshal(body, &records, strict); err != nil {
		return nil, fmt.Errorf("not a list of people: %w", err)
	}
	if records == nil {
		return nil, errors.New("not a list of people: null")
	}
	ids := make([]int64, len(records))
	for i, record := range records {
		if ids[i] = record.ID; record.ID <= 0 {
			return nil, fmt.Errorf("record %d is no person", i+1)
		}
	}
	return ids, nil
}

// settle puts into a token what is known of its owner.
func (p *people) settle(token *audit.Token) {
	if token.Owner == nil || p == nil {
		return
	}
	m, isMember := p.members[token.Owner.ID]
	switch {
	case isMember:
		token.Owner.Role, token.Owner.TwoFactor = m.role, m.twoFactor
	case !p.whole:
		return
	case p.outside[token.Owner.ID]:
		token.Owner.Role = audit.RoleOutside
	case p.listed:
		token.Owner.Role = audit.RoleNone
	default:
		token.Owner.Role = audit.RoleNotMember
	}
	token.Known |= audit.FactMembership
	if token.Owner.TwoFactor != nil {
		token.Known |= audit.FactTwoFactor
	}
}

// query sends one GraphQL query. Errors fail it, even if GitHub sends data along; only those
// about the field named optional leave that field null.
func (s *session) query(
	ctx context.Context, query any, variables map[string]any, optional string,
) (*audit.Exchange, error) {
	var errs []graphQLError
	ctx, exchange := accountOf(ctx).enter(ctx, "POST /graphql")
	err := s.graph.Query(context.WithValue(ctx, graphQLErrorsKey{}, &errs), query, variables)
	if len(errs) == 0 {
		return exchange, plain(err)
	}
	for _, e := range errs {
		if len(e.Path) == 0 || optional == "" || e.Path[len(e.Path)-1] != optional {
			return exchange, e.asError()
		}
	}
	if err != nil && err.Error() != errs[0].Message { // which is how the client words them
		return exchange, plain(err)
	}
	return exchange, nil
}

// graphQLErrorsKey is where the transport leaves the errors of a GraphQL answer, whose types and
// paths the client library drops.
type graphQLErrorsKey struct{}

func (e graphQLError) asError() *Error {
	kind := Malformed
	switch e.Type {
	case "FORBIDDEN", "INSUFFICIENT_SCOPES":
		kind = Permission
	case "NOT_FOUND":
		kind = NotFound
	}
	words := strings.TrimSpace(e.Type + " " + e.Message)
	return &Error{
		Kind: kind, Message: "GraphQL: " + strconv.Quote(clip(words)),
		lost: e.Type == "INVALID_CURSOR_ARGUMENTS",
	}
}
