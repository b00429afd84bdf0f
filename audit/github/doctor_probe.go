// SPDX-License-Identifier: Apache-2.0

package github

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/shurcooL/githubv4"
)

// This file asks, as cheaply as can be, the questions that an audit will ask.

// organization asks which organization it is, and for its present name.
func (x *examination) organization(ctx context.Context) bool {
	found := &audit.Organization{Login: x.login, ID: x.id}
	if err := x.session.readOrganization(ctx, found); err != nil {
		x.failed("organization", "asking for "+clip(x.login), err, "")
		return true
	}
	x.login, x.id = found.Login, found.ID
	x.ok("organization", "%s, id %d", clip(x.login), x.id)
	return true
}

// access asks for the list without which there is no audit.
func (x *examination) access(ctx context.Context) bool {
	n, err := x.count(ctx, "personal-access-tokens")
	switch {
	case isKind(err, Permission) && x.probes:
		x.permission(permTokens, false)
		return false
	case isKind(err, NotFound):
		x.add("access", CheckProblem, "GitHub shows no tokens of "+x.login+": 404", "the name is "+
			"misspelt, the credentials are for another organization, or this Enterprise Server is "+
			"older than 3.10")
		return false
	case err != nil:
		return !x.failed("access", "asking for the tokens of "+x.login, err, "")
	}
	x.tokens = n
	if x.probes {
		x.permission(permTokens, true)
	}
	x.ok("access", "GitHub lists tokens: no IP allow list or single sign-on is in the way")
	return true
}

// requests asks for the tokens that wait for approval, if we may.
func (x *examination) requests(ctx context.Context) bool {
	if !x.probes && !x.installed.may(permRequests) {
		return true
	}
	n, err := x.count(ctx, "personal-access-token-requests")
	x.pending = n
	x.probed(permRequests, err)
	return true
}

// outside asks for something that only who may read members is told, and with a bare token whether
// the owner of a token is a member: a list of public members looks the same otherwise.
func (x *examination) outside(ctx context.Context) bool {
	if !x.probes && !x.installed.may(permMembers) {
		return true
	}
	_, err := x.count(ctx, "outside_collaborators")
	if err == nil && x.probes && x.sample.owner != nil {
		if x.isMember, err = x.session.probe(ctx, x.login, x.sample.owner); err == nil {
			x.owner = x.sample.owner
		}
	}
	x.probed(permMembers, err)
	return true
}

// probed notes what an answer tells of a permission.
func (x *examination) probed(name string, err error) {
	switch {
	case isKind(err, Permission) && x.probes:
		x.permission(name, false)
	case err != nil:
		x.failed("permission."+name, "asking what needs "+label(name), err, "")
	case x.probes:
		x.permission(name, true)
	}
}

// graphQL asks for a page of members and one of repositories, as an audit will.
func (x *examination) graphQL(ctx context.Context) bool {
	api := x.client.config.Endpoint.GraphQL.String()
	variables := map[string]any{
		"login": githubv4.String(x.login), "cursor": (*githubv4.String)(nil),
	}
	var err error
	if x.installed.may(permMembers) { // or it is told already what is lost
		err = x.firstMembers(ctx, variables)
	}
	if err == nil {
		err = x.firstRepositories(ctx, variables)
	}
	if err != nil {
		x.failed("graphql", api+" does not tell of members and repositories", err, "")
		return true
	}
	x.ok("graphql", "%s answers", api)
	return true
}

// firstMembers holds the first page of members to what an audit asks of each.
func (x *examination) firstMembers(ctx context.Context, variables map[string]any) error {
	var query membersQuery
	if _, err := x.session.query(ctx, &query, variables, "hasTwoFactorEnabled"); err != nil {
		return err
	}
	if query.Organization == nil || query.Organization.MembersWithRole == nil {
		return &Error{Kind: Permission, Message: "members are hidden"}
	}
	page := query.Organization.MembersWithRole
	if page.PageInfo == nil || page.TotalCount == nil {
		return &Error{Kind: Malformed, Message: "the answer holds no list of members"}
	}
	members, err := decodeMembers(page.Edges)
	if err != nil {
		return err
	}
	found, err := peopleOf(members)
	if err != nil {
		return err
	}
	x.members = *page.TotalCount
	cursor, err := page.PageInfo.next()
	if err == nil && cursor == nil {
		err = found.verify(x.members)
	}
	if err != nil || x.owner == nil {
		return err
	}
	_, listed := found.members[x.owner.ID]
	if listed != x.isMember && (listed || cursor == nil) {
		return &Error{Kind: Malformed, Message: "the list of members contradicts what GitHub says " +
			"of one token's owner: it may hold public members only"}
	}
	return nil
}

// firstRepositories holds the first page of repositories to the same.
func (x *examination) firstRepositories(ctx context.Context, variables map[string]any) error {
	var query repositoriesQuery
	if _, err := x.session.query(ctx, &query, variables, ""); err != nil {
		return err
	}
	if query.Organization == nil || query.Organization.Repositories == nil {
		return &Error{Kind: Permission, Message: "repositories are hidden"}
	}
	page := query.Organization.Repositories
	if page.PageInfo == nil || page.TotalCount == nil {
		return &Error{Kind: Malformed, Message: "the answer holds no list of repositories"}
	}
	for _, node := range page.Nodes {
		if node == nil || node.DatabaseID <= 0 || node.NameWithOwner == "" {
			return &Error{Kind: Malformed, Message: "a repository is hidden"}
		}
	}
	x.repositories = *page.TotalCount
	_, err := page.PageInfo.next()
	return err
}

// count asks how many items a list of the organization has; untold if GitHub does not say.
func (x *examination) count(ctx context.Context, tail string) (int, error) {
	l := &list{session: x.session, login: x.login, id: x.id, tail: tail}
	answer, err := x.session.get(ctx, l.path(), url.Values{"per_page": {"1"}})
	if err != nil {
		return untold, err
	}
	var items []jsontext.Value
	if json.Unmarshal(answer.body, &items, strict) != nil || items == nil {
		return untold, &Error{Kind: Malformed, Message: "the answer holds no list"}
	}
	links, err := parseLinks(answer.link, l, answer.url)
	switch {
	case err != nil:
		return untold, &Error{Kind: Malformed, Message: err.Error()}
	case links.last > 0:
		return links.last, nil
	case links.next > 0:
		return untold, nil
	}
	return len(items), nil
}

// plural words a number of things.
func plural(n int, thing string) string {
	stem, ok := strings.CutSuffix(thing, "y")
	switch {
	case n == 1:
	case ok:
		thing = stem + "ies"
	default:
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}

// some joins the first few of many names.
func some(names []string) string {
	const few = 20
	text := strings.Join(names[:min(len(names), few)], ", ")
	if more := len(names) - few; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
