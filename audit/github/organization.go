// SPDX-License-Identifier: Apache-2.0

package github

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/shurcooL/githubv4"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/api"
)

// readOrganization reads the organization's id, its present name, and whether it requires second
// factors, which GitHub shows to few.
func readOrganization(ctx context.Context, s *api.Session, o *audit.Organization) error {
	answer, err := s.Get(ctx, api.OrgPath(o.Login, ""), nil)
	if err != nil {
		return err
	}
	var record struct {
		Login    string `json:"login"`
		ID       int64  `json:"id"`
		Required *bool  `json:"two_factor_requirement_enabled"`
	}
	err = json.Unmarshal(answer.Body, &record, api.Strict)
	if err != nil || record.ID <= 0 || record.Login == "" {
		return &api.Error{Kind: api.Malformed, Message: "the answer holds no organization"}
	}
	if o.ID != 0 && o.ID != record.ID {
		return &api.Error{Kind: api.Malformed, Message: fmt.Sprintf(
			"the organization has id %d, but the App's installation says %d", record.ID, o.ID)}
	}
	o.Login, o.ID, o.TwoFactorRequired = record.Login, record.ID, record.Required
	return nil
}

// repositoriesQuery asks for one page of the organization's repositories.
type repositoriesQuery struct {
	Organization *struct {
		Repositories *struct {
			TotalCount *int
			PageInfo   *pageInfo
			Nodes      []*struct {
				DatabaseID    int64 `graphql:"databaseId"`
				NameWithOwner string
				Visibility    string
			}
		} `graphql:"repositories(first: 100, after: $cursor)"`
	} `graphql:"organization(login: $login)"`
}

// repositoriesPage reads one page of the organization's repositories; a nil cursor is the first.
func repositoriesPage(
	ctx context.Context, s *api.Session, login string, cursor *githubv4.String, shared *repositories,
) (page connected[*audit.Repository], err error) {
	var query repositoriesQuery
	variables := map[string]any{"login": githubv4.String(login), "cursor": cursor}
	if page.exchange, err = s.Query(ctx, &query, variables, ""); err != nil {
		return page, err
	}
	if query.Organization == nil {
		return page, &api.Error{Kind: api.NotFound, Message: "GraphQL knows no organization " + login}
	}
	found := query.Organization.Repositories
	if found == nil || found.PageInfo == nil || found.TotalCount == nil || found.Nodes == nil {
		return page, &api.Error{Kind: api.Malformed, Message: "the answer holds no list of repositories"}
	}
	page.total, page.info = *found.TotalCount, *found.PageInfo
	for _, node := range found.Nodes {
		if node == nil || node.DatabaseID <= 0 || node.NameWithOwner == "" {
			return page, &api.Error{Kind: api.Malformed, Message: "a repository is hidden"}
		}
		page.items = append(page.items, shared.shared(node.DatabaseID, node.NameWithOwner,
			strings.ToLower(node.Visibility)))
	}
	return page, nil
}

// readRepositories reads all of the organization's repositories, sorted by name.
func (c *collection) readRepositories(ctx context.Context) audit.Coverage {
	const source = audit.SourceOrganizationRepositories
	return c.ask(ctx, source, func(ctx context.Context) (int, error) {
		list := &connection[*audit.Repository]{
			things: "repositories", key: repositoryID, same: sameRepository,
			ask: func(ctx context.Context, cursor *githubv4.String) (
				connected[*audit.Repository], error,
			) {
				return repositoriesPage(ctx, c.session, c.organization.Login, cursor, c.shared)
			},
		}
		found, err := list.verified(ctx)
		if err == nil {
			c.repositories = sortedRepositories(found)
		}
		return len(found), err
	})
}

func repositoryID(r *audit.Repository) int64 { return r.ID }

// sameRepository reports whether two records are of one repository: they share one Repository.
func sameRepository(a, b *audit.Repository) bool { return a == b }

// sortedRepositories returns repositories sorted by name; not nil even if there is none.
func sortedRepositories(repositories []*audit.Repository) []*audit.Repository {
	sorted := append([]*audit.Repository{}, repositories...)
	slices.SortFunc(sorted, func(a, b *audit.Repository) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return sorted
}

// compareLists doubts the organization's list of repositories if a token's list names another, and
// a bare token's reach if it is less: a list that is shorter than another shows is not whole,
// whatever GitHub says of it.
func (c *collection) compareLists() {
	if !c.organization.Known.Has(audit.FactOrganizationRepositories) {
		return
	}
	own := make(map[*audit.Repository]bool, len(c.organization.Repositories))
	for _, repository := range c.organization.Repositories {
		own[repository] = true
	}
	for _, token := range c.evidence.Tokens {
		for _, repository := range token.Repositories {
			if !own[repository] {
				c.organization.Known &^= audit.FactOrganizationRepositories
				c.doubt(audit.SourceOrganizationRepositories,
					audit.Remark{Code: audit.ReasonReaches, Words: token.Noun()})
				return
			}
		}
	}
	seen := c.coverage[audit.SourceInstallation]
	if c.installed == nil && seen.Status == audit.Complete && seen.Items != len(own) {
		c.doubt(audit.SourceInstallation,
			audit.Remark{Code: audit.ReasonSees, Count: seen.Items, Of: len(own)})
	}
}
