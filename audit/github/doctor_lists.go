// SPDX-License-Identifier: Apache-2.0

package github

import (
	"context"
	"fmt"
	"math"
	"net/url"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/api"
)

// This file asks, as cheaply as can be, the questions that an audit will ask.

// organization asks which organization it is, and for its present name.
func (x *examination) organization(ctx context.Context) bool {
	found := &audit.Organization{Login: x.login, ID: x.id}
	if err := readOrganization(ctx, x.session, found); err != nil {
		x.failed("organization", "asking for "+api.Clip(x.login), err, "")
		return true
	}
	x.login, x.id = found.Login, found.ID
	x.ok("organization", "%s, id %d", api.Clip(x.login), x.id)
	return true
}

// access asks for the list without which there is no audit.
func (x *examination) access(ctx context.Context) bool {
	n, err := x.count(ctx, "personal-access-tokens")
	switch {
	case api.IsKind(err, api.Permission) && x.probes:
		x.permission(api.PermTokens, false)
		return false
	case api.IsKind(err, api.NotFound):
		x.add("access", CheckProblem, "GitHub shows no tokens of "+x.login+": 404", "the name is "+
			"misspelt, the credentials are for another organization, or this Enterprise Server is "+
			"older than 3.10")
		return false
	case err != nil:
		return !x.failed("access", "asking for the tokens of "+x.login, err, "")
	}
	x.tokens = n
	if x.probes {
		x.permission(api.PermTokens, true)
	}
	x.ok("access", "GitHub lists tokens: no IP allow list or single sign-on is in the way")
	return true
}

// requests asks for the tokens that wait for approval, if we may.
func (x *examination) requests(ctx context.Context) bool {
	if !x.probes && !x.installed.may(api.PermRequests) {
		return true
	}
	n, err := x.count(ctx, "personal-access-token-requests")
	x.pending = n
	x.probed(api.PermRequests, err)
	return true
}

// outside asks for something that only who may read members can see, and with a bare token whether
// the owner of a token is a member: a list of public members looks the same otherwise.
func (x *examination) outside(ctx context.Context) bool {
	if !x.probes && !x.installed.may(api.PermMembers) {
		return true
	}
	_, err := x.count(ctx, "outside_collaborators")
	if err == nil && x.probes && x.sample.owner != nil {
		if x.isMember, err = probe(ctx, x.session, x.login, x.sample.owner); err == nil {
			x.owner = x.sample.owner
		}
	}
	x.probed(api.PermMembers, err)
	return true
}

// probed notes what an answer shows of a permission.
func (x *examination) probed(name string, err error) {
	switch {
	case api.IsKind(err, api.Permission) && x.probes:
		x.permission(name, false)
	case err != nil:
		x.failed("permission."+name, "asking what needs "+audit.PermissionLabel(name), err, "")
	case x.probes:
		x.permission(name, true)
	}
}

// graphQL asks for a page of members and one of repositories, as an audit will.
func (x *examination) graphQL(ctx context.Context) bool {
	address := x.client.config.Endpoint.GraphQL.String()
	var err error
	if x.installed.may(api.PermMembers) { // else it is reported already what is lost
		err = x.firstMembers(ctx)
	}
	if err == nil {
		err = x.firstRepositories(ctx)
	}
	if err != nil {
		x.failed("graphql", address+" does not tell of members and repositories", err, "")
		return true
	}
	x.ok("graphql", "%s answers", address)
	return true
}

// firstMembers reads the first page of members, and checks what an audit asks of each.
func (x *examination) firstMembers(ctx context.Context) error {
	list := membersOf(x.session, x.login)
	page, err := list.ask(ctx, nil)
	if err != nil {
		return err
	}
	found, err := peopleOf(page.items)
	if err != nil {
		return err
	}
	x.members = page.total
	cursor, err := page.info.next()
	if err == nil && cursor == nil {
		if doubt := list.doubt(page.items, page.total); doubt != "" {
			return &api.Error{Kind: api.Malformed, Message: doubt}
		}
		err = found.verify()
	}
	if err != nil || x.owner == nil {
		return err
	}
	_, listed := found.members[x.owner.ID]
	if !listed && cursor != nil {
		return nil // perhaps on another page
	}
	return contradictsProbe(listed, x.isMember)
}

// firstRepositories reads the first page of repositories likewise.
func (x *examination) firstRepositories(ctx context.Context) error {
	page, err := repositoriesPage(ctx, x.session, x.login, nil, newRepositories())
	if err != nil {
		return err
	}
	x.repositories = page.total
	_, err = page.info.next()
	return err
}

// count asks how many items a list of the organization has; unknownCount if GitHub does not say.
func (x *examination) count(ctx context.Context, tail string) (int, error) {
	l := &list{session: x.session, login: x.login, id: x.id, tail: tail}
	answer, err := x.session.Get(ctx, l.path(), url.Values{"per_page": {"1"}})
	if err != nil {
		return unknownCount, err
	}
	var items []jsontext.Value
	if json.Unmarshal(answer.Body, &items, api.Strict) != nil || items == nil {
		return unknownCount, &api.Error{Kind: api.Malformed, Message: "the answer holds no list"}
	}
	links, err := parseLinks(answer.Link, l, answer.URL)
	switch {
	case err != nil:
		return unknownCount, &api.Error{Kind: api.Malformed, Message: err.Error()}
	case links.last > 0:
		return links.last, nil
	case links.next > 0:
		return unknownCount, nil
	}
	return len(items), nil
}

// sample is what one page of tokens shows of all.
type sample struct {
	read      int           // tokens on it; 0 if it could not be had
	lists     int           // of them, those whose repositories have to be asked for
	subset    *audit.Token  // one of these; nil if there is none
	owner     *audit.Member // of some token; nil if there is none
	listPages int           // that are asked for of a list of repositories
}

// likely returns how many of so many tokens need a list, if all pages are like this one.
func (s *sample) likely(tokens int) int {
	return int(math.Ceil(float64(s.lists) / float64(s.read) * float64(tokens)))
}

// most returns how many can need one.
func (s *sample) most(tokens int) int { return s.lists + max(tokens-s.read, 0) }

// page checks the page of tokens in the middle of the list: old tokens have expired more often,
// and new ones less. What cannot be judged there, an audit could not judge.
func (x *examination) page(ctx context.Context) bool {
	x.sample.listPages = 1
	if x.tokens == 0 {
		return true
	}
	grants, err := x.askPage(ctx)
	if err != nil {
		x.failed("tokens", "looking at a page of tokens", err, "")
		return true
	}
	x.sample.read = len(grants)
	vague, why := 0, ""
	for _, g := range grants {
		if doubt := vagueness(g); doubt != "" {
			vague, why = vague+1, doubt
		}
		x.sample.note(g.token)
	}
	switch {
	case vague > 0:
		x.add("tokens", CheckProblem, fmt.Sprintf("of %s looked at, %d cannot be judged: %s",
			plural(len(grants), "token"), vague, why),
			"GitHub's answer is not as it documents it: see whether a newer pataudit knows it")
	case len(grants) == 0:
		x.add("tokens", CheckUnknown, "a page of tokens is empty", "")
	default:
		x.ok("tokens", "%s looked at: each can be judged", plural(len(grants), "token"))
	}
	return true
}

func (x *examination) askPage(ctx context.Context) ([]grant, error) {
	l := &list{session: x.session, login: x.login, id: x.id, tail: "personal-access-tokens"}
	query := ascending()
	query.Set("per_page", strconv.Itoa(perPage))
	query.Set("page", strconv.Itoa((pagesOf(x.tokens)+1)/2))
	answer, err := x.session.Get(ctx, l.path(), query)
	if err != nil {
		return nil, err
	}
	grants, err := newDecoder().grants(answer.Body, answer.Date)
	if err != nil {
		return nil, &api.Error{Kind: api.Malformed, Message: err.Error()}
	}
	return grants, nil
}

func (s *sample) note(token *audit.Token) {
	if s.owner == nil {
		s.owner = token.Owner
	}
	if !token.Expired && token.Selection == audit.SelectSubset {
		s.lists++
		s.subset = token
	}
}

// vagueness returns what keeps rules from judging a token; "" if nothing does.
func vagueness(g grant) string {
	const needed = audit.FactSelection | audit.FactPermissions | audit.FactGranted |
		audit.FactExpiry | audit.FactLastUsed | audit.FactOwner
	missing := needed &^ g.token.Known
	switch {
	case g.doubt != "":
		return g.doubt
	case g.token.Expired: // of expired ones nothing else is asked
		return ""
	case g.token.Name == "":
		return fmt.Sprintf("of %s not known: name", g.token.Noun())
	case missing == 0:
		return ""
	case missing.Has(audit.FactSelection) && g.token.Selection != "":
		return fmt.Sprintf("%s has the unknown selection %q", g.token.Noun(),
			api.Clip(string(g.token.Selection)))
	}
	return fmt.Sprintf("of %s not known: %s", g.token.Noun(), missing)
}

// lists asks for the repositories of one token on the page: an audit asks for those of each.
func (x *examination) lists(ctx context.Context) bool {
	if x.sample.subset == nil {
		return true
	}
	token := x.sample.subset
	n, err := x.count(ctx,
		"personal-access-tokens/"+strconv.FormatInt(token.ID, 10)+"/repositories")
	if err != nil {
		x.failed("lists", "asking for the repositories of "+token.Noun(), err, "")
		return true
	}
	x.sample.listPages = questionsOf(n)
	x.ok("lists", "%s reaches %s", token.Noun(), plural(n, "repository"))
	return true
}
