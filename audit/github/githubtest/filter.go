// SPDX-License-Identifier: Apache-2.0

package githubtest

import (
	"net/url"
	"slices"
	"strings"
)

// Filters say what the list of tokens holds if it is asked for those of a repository, or with a
// permission. GitHub documents neither, so both ways are served.
type Filters struct {
	// Reaching lists for a repository the tokens of all repositories, too; otherwise only those
	// that name it.
	Reaching bool `json:"reaching"`

	// AnyPermission lists all tokens, whatever permission is asked for.
	AnyPermission bool `json:"any_permission"`
}

// filtered returns the grants that a question asks for.
func (c *call) filtered(o *Organization, query url.Values) []*Grant {
	repository, permission := query.Get("repository"), query.Get("permission")
	if repository == "" && permission == "" {
		return o.Grants
	}
	return slices.DeleteFunc(slices.Clone(o.Grants), func(g *Grant) bool {
		return repository != "" && !c.reaches(g, repository) ||
			permission != "" && !c.world.Filters.AnyPermission && !g.has(permission)
	})
}

// reaches reports whether the list of a repository's tokens has a grant.
func (c *call) reaches(g *Grant, repository string) bool {
	return g.Selection == "all" && c.world.Filters.Reaching ||
		g.Selection == "subset" && slices.ContainsFunc(g.Repositories, func(name string) bool {
			return strings.EqualFold(name, repository)
		})
}

// has reports whether a grant has a permission of that name.
func (g *Grant) has(permission string) bool {
	for _, group := range g.Permissions {
		if _, has := group[permission]; has {
			return true
		}
	}
	return false
}
