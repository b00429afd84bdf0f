// SPDX-License-Identifier: Apache-2.0

package githubtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// organization answers GET /orgs/{org}.
func (c *call) organization(o *Organization) answer {
	record := append(
		c.organizationRecord(o),
		pair{"name", o.Name},
		pair{"type", "Organization"},
		pair{"html_url", "https://github.com/" + o.Login},
		pair{"has_organization_projects", true},
		pair{"has_repository_projects", true},
		pair{"public_gists", 0},
		pair{"followers", 0},
		pair{"following", 0},
		pair{"public_repos", len(o.visible(func(r *Repository) bool {
			return r.Visibility == "public"
		}))},
		pair{"created_at", created},
		pair{"updated_at", created},
		pair{"archived_at", nil},
	)
	if o.TwoFactorRequired != nil {
		record = append(record, pair{"two_factor_requirement_enabled", *o.TwoFactorRequired})
	}
	return c.ok(record)
}

// visible returns the repositories that satisfy may.
func (o *Organization) visible(may func(*Repository) bool) []*Repository {
	var list []*Repository
	for _, r := range o.Repositories {
		if may(r) {
			list = append(list, r)
		}
	}
	return list
}

// membership answers GET /orgs/{org}/memberships/{login}.
func (c *call) membership(o *Organization) answer {
	i := slices.IndexFunc(o.Members, func(m *Member) bool {
		return strings.EqualFold(m.Login, c.values["login"])
	})
	if i < 0 {
		return c.notFound()
	}
	m := o.Members[i]
	return c.ok(object{
		{"url", fmt.Sprintf("%s/orgs/%s/memberships/%s", c.base, o.Login, m.Login)},
		{"state", "active"},
		{"role", m.Role},
		{"organization_url", c.base + "/orgs/" + o.Login},
		{"user", c.userRecord(m)},
		{"organization", c.organizationRecord(o)},
	})
}

// outsideCollaborators answers GET /orgs/{org}/outside_collaborators.
func (c *call) outsideCollaborators(o *Organization) answer {
	people := o.OutsideCollaborators
	return c.list(c.under(o, "/outside_collaborators"), len(people), func(i int) []byte {
		return encode(c.userRecord(people[i]))
	})
}

// accessible answers GET /installation/repositories.
func (c *call) accessible() answer {
	var list []*Repository
	o := c.world.Organization(c.token.Organization)
	if o != nil {
		list = o.visible(func(r *Repository) bool { return c.token.reaches(o, r) })
	}
	items := c.items("/installation/repositories", len(list), func(i int) []byte {
		return c.fullRepositoryJSON(o, list[i])
	})
	return c.ok(object{
		{"total_count", len(list)},
		{"repository_selection", c.token.Selection},
		{"repositories", json.RawMessage(items)},
	})
}

// grants answers GET /orgs/{org}/personal-access-tokens.
func (c *call) grants(o *Organization) answer {
	grants := c.filtered(o, c.request.URL.Query())
	return c.created(c.under(o, "/personal-access-tokens"), len(grants), func(i int) []byte {
		return c.grantJSON(o, grants[i])
	}, "repository", "permission")
}

// requests answers GET /orgs/{org}/personal-access-token-requests.
func (c *call) requests(o *Organization) answer {
	path := c.under(o, "/personal-access-token-requests")
	return c.created(path, len(o.Requests), func(i int) []byte {
		return c.requestJSON(o, o.Requests[i])
	})
}

// created answers with a list in order of creation, the newest first unless asked otherwise.
// Filtered names the questions by which it was filtered already.
func (c *call) created(
	path string, total int, item func(i int) []byte, filtered ...string,
) answer {
	query := c.request.URL.Query()
	for name := range query {
		switch name {
		case "owner[]", "owner", "repository", "permission", "last_used_before",
			"last_used_after", "token_id[]", "token_id":
			if slices.Contains(filtered, name) {
				continue
			}
			return c.failure(http.StatusNotImplemented, "githubtest does not filter by "+name)
		}
	}
	sort, direction := query.Get("sort"), query.Get("direction")
	if !slices.Contains([]string{"", "created_at"}, sort) ||
		!slices.Contains([]string{"", "asc", "desc"}, direction) {
		return c.failure(http.StatusUnprocessableEntity, "Validation Failed")
	}
	if direction == "asc" {
		return c.list(path, total, item)
	}
	return c.list(path, total, func(i int) []byte { return item(total - 1 - i) })
}

// grantRepositories answers GET /orgs/{org}/personal-access-tokens/{grant}/repositories.
func (c *call) grantRepositories(o *Organization) answer {
	if id, ok := c.grantID(); ok && o.byID[id] != nil {
		return c.repositoriesOf(o, "/personal-access-tokens", o.byID[id])
	}
	return c.notFound()
}

// requestRepositories answers the same of a pending request.
func (c *call) requestRepositories(o *Organization) answer {
	id, ok := c.grantID()
	for _, r := range o.Requests {
		if ok && r.ID == id {
			return c.repositoriesOf(o, "/personal-access-token-requests", &r.Grant)
		}
	}
	return c.notFound()
}

func (c *call) grantID() (id int64, ok bool) {
	id, err := strconv.ParseInt(c.values["grant"], 10, 64)
	return id, err == nil && id > 0
}

func (c *call) repositoriesOf(o *Organization, list string, g *Grant) answer {
	path := c.under(o, fmt.Sprintf("%s/%d/repositories", list, g.ID))
	return c.list(path, len(g.Repositories), func(i int) []byte {
		return c.repositoryJSON(o, o.repository(g.Repositories[i]))
	})
}

// under returns a path in the form that GitHub's own links have.
func (c *call) under(o *Organization, path string) string {
	return fmt.Sprintf("/organizations/%d%s", o.ID, path)
}
