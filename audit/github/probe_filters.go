// SPDX-License-Identifier: Apache-2.0

package github

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/api"
)

// What a probe asks about the filters of the list of tokens, by values that it took from the list
// itself.

// filtered reads the first page of the tokens that a filter leaves.
func (p *probing) filtered(ctx context.Context, filter, value string) (
	tokens []*audit.Token, more bool, err error,
) {
	l := p.list("personal-access-tokens")
	query := url.Values{"per_page": {strconv.Itoa(perPage)}, filter: {value}}
	reply, err := p.session.Get(ctx, l.path(), query)
	if err != nil {
		return nil, false, err
	}
	if tokens, err = listedTokens(reply); err != nil {
		return nil, false, err
	}
	links, err := parseLinks(reply.Link, l, reply.URL)
	return tokens, err != nil || links.next > 0, nil
}

// repositoryFilter asks for the tokens of a repository that a token names.
func repositoryFilter(p *probing, ctx context.Context) (finding, error) {
	reachAll := func(t *audit.Token) bool { return t.Selection == audit.SelectAll }
	all := slices.ContainsFunc(p.tokens, reachAll)
	i := slices.IndexFunc(p.tokens, func(t *audit.Token) bool {
		return t.Selection == audit.SelectSubset && !t.Expired
	})
	if !all || i < 0 {
		return finding{reason: "no listed token reaches all repositories, or none names some"}, nil
	}
	named, err := p.repositoryOf(ctx, p.tokens[i])
	if err != nil {
		return finding{}, err
	}
	tokens, more, err := p.filtered(ctx, "repository", named)
	if err != nil {
		return finding{}, err
	}
	reaching, itself := 0, false
	for _, t := range tokens {
		itself = itself || t.ID == p.tokens[i].ID
		if reachAll(t) {
			reaching++
		}
	}
	found := finding{counts: []Tally{{len(tokens), "listed"}, {reaching, "of all repositories"}}}
	switch {
	case reaching > 0:
		found.answer = Yes
	case more:
		found.reason = "the filter leaves more than one page, and its first has none"
	case itself:
		found.answer = No
	default:
		found.reason = "the filter does not list the token that names the repository"
	}
	return found, nil
}

// repositoryOf returns the name of the first repository that a token names, without its owner.
func (p *probing) repositoryOf(ctx context.Context, t *audit.Token) (string, error) {
	tail := fmt.Sprintf("personal-access-tokens/%d/repositories", t.ID)
	reply, err := p.session.Get(ctx, p.list(tail).path(), url.Values{"per_page": {"1"}})
	if err != nil {
		return "", err
	}
	var repositories []struct {
		Name string `json:"name"`
	}
	if json.Unmarshal(reply.Body, &repositories, api.Strict) != nil || len(repositories) == 0 ||
		repositories[0].Name == "" {
		return "", &api.Error{Kind: api.Malformed, Message: "the answer holds no repository"}
	}
	return repositories[0].Name, nil
}

// permissionFilter asks for the tokens with a permission that some have and others lack.
func permissionFilter(p *probing, ctx context.Context) (finding, error) {
	name := p.dividing()
	if name == "" {
		return finding{reason: "no permission tells one listed token from another"}, nil
	}
	tokens, _, err := p.filtered(ctx, "permission", name)
	if err != nil {
		return finding{}, err
	}
	with := 0
	for _, t := range tokens {
		if has(t, name) {
			with++
		}
	}
	found := finding{counts: []Tally{{len(tokens), "listed"}, {with, "with the permission"}}}
	if len(tokens) == 0 {
		found.reason = "the filter lists nothing, though tokens have the permission"
		return found, nil
	}
	found.answer = answerOf(with == len(tokens))
	return found, nil
}

// dividing returns a permission that some of the tokens have and others lack, the same for the
// same tokens; "" if there is none.
func (p *probing) dividing() string {
	found := ""
	for _, t := range p.tokens {
		for _, permission := range t.Permissions {
			name := permission.Name
			if (found == "" || strings.Compare(name, found) < 0) &&
				slices.ContainsFunc(p.tokens, func(t *audit.Token) bool { return !has(t, name) }) {
				found = name
			}
		}
	}
	return found
}

func has(t *audit.Token, permission string) bool {
	return slices.ContainsFunc(t.Permissions, func(p audit.Permission) bool {
		return p.Name == permission
	})
}
