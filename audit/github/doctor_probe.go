// SPDX-License-Identifier: Apache-2.0

package github

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/shurcooL/githubv4"
)

// This file asks, as cheaply as can be, the questions that an audit will ask.

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

// members asks for something that only who may read members is told.
func (x *examination) members(ctx context.Context) bool {
	if x.probes {
		_, err := x.count(ctx, "outside_collaborators")
		x.probed(permMembers, err)
	}
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

// totals asks GraphQL, which tells of members and repositories, how many there are.
type totals struct {
	Organization *struct {
		MembersWithRole *struct{ TotalCount int } `graphql:"membersWithRole(first: 1)"`
		Repositories    *struct{ TotalCount int } `graphql:"repositories(first: 1)"`
	} `graphql:"organization(login: $login)"`
}

func (x *examination) graphQL(ctx context.Context) bool {
	api := x.client.config.Endpoint.GraphQL.String()
	_, err := x.session.query(ctx, &x.totals, map[string]any{"login": githubv4.String(x.login)}, "")
	switch found := x.totals.Organization; {
	case err != nil:
		x.failed("graphql", api+" does not tell of members and repositories", err, "")
	case found == nil || found.MembersWithRole == nil || found.Repositories == nil:
		x.add("graphql", CheckProblem, api+" hides members or repositories", "")
	default:
		x.ok("graphql", "%s answers", api)
	}
	return true
}

// count asks how many items a list of the organization has; untold if GitHub does not say.
func (x *examination) count(ctx context.Context, tail string) (int, error) {
	l := &list{session: x.session, login: x.login, tail: tail}
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
