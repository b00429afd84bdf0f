// SPDX-License-Identifier: Apache-2.0

package githubtest

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// The permissions that routes ask for, as GitHub names them.
const (
	permissionTokens   = "organization_personal_access_tokens"
	permissionRequests = "organization_personal_access_token_requests"
	permissionMembers  = "members"
	permissionMetadata = "metadata"

	permissionAdministration = "organization_administration"
)

// The quotas that routes draw on.
const (
	resourceCore    = "core"
	resourceGraphQL = "graphql"
)

// route is one endpoint.
type route struct {
	method     string // "": GET
	pattern    []string
	app        bool   // takes the App's JWT; otherwise an installation token
	permission string // at read; "" if none
	resource   string // "": core
	free       bool   // costs no quota
	serve      func(*call) answer

	// about is in place of serve if the path names an organization, by {org} or {id}.
	about func(*call, *Organization) answer
}

func routes() []route {
	list := []route{
		{pattern: words("/app"), app: true, serve: (*call).app},
		{pattern: words("/app/installations"), app: true, serve: (*call).installations},
		{
			pattern: words("/app/installations/{installation}"), app: true,
			serve: (*call).installation,
		},
		{
			method: http.MethodPost, pattern: words("/app/installations/{installation}/access_tokens"),
			app: true, serve: (*call).mint,
		},
		{method: http.MethodDelete, pattern: words("/installation/token"), serve: (*call).revoke},
		{
			pattern: words("/installation/repositories"), permission: permissionMetadata,
			serve: (*call).accessible,
		},
		{pattern: words("/rate_limit"), free: true, serve: (*call).rateLimit},
		{
			method: http.MethodPost, pattern: words("/graphql"), resource: resourceGraphQL,
			serve: (*call).graphQL,
		},
	}
	for _, r := range organizationRoutes() {
		rest := r.pattern
		for _, root := range []string{"/orgs/{org}", "/organizations/{id}"} {
			r.pattern = append(words(root), rest...)
			list = append(list, r)
		}
	}
	for i := range list {
		if list[i].method == "" {
			list[i].method = http.MethodGet
		}
		if list[i].resource == "" {
			list[i].resource = resourceCore
		}
	}
	return list
}

// organizationRoutes are those below an organization, which a path names in two ways.
func organizationRoutes() []route {
	return []route{
		{pattern: words(""), about: (*call).organization},
		{pattern: words("/installation"), app: true, about: (*call).installedOn},
		{
			pattern: words("/memberships/{login}"), permission: permissionMembers,
			about: (*call).membership,
		},
		{
			pattern: words("/outside_collaborators"), permission: permissionMembers,
			about: (*call).outsideCollaborators,
		},
		{
			pattern: words("/personal-access-tokens"), permission: permissionTokens,
			about: (*call).grants,
		},
		{
			pattern:    words("/personal-access-tokens/{grant}/repositories"),
			permission: permissionTokens, about: (*call).grantRepositories,
		},
		{
			pattern: words("/personal-access-token-requests"), permission: permissionRequests,
			about: (*call).requests,
		},
		{
			pattern:    words("/personal-access-token-requests/{grant}/repositories"),
			permission: permissionRequests, about: (*call).requestRepositories,
		},
		{
			pattern: words("/audit-log"), permission: permissionAdministration,
			about: (*call).auditLog,
		},
		{
			pattern:    words("/credential-authorizations"),
			permission: permissionAdministration, about: (*call).authorizations,
		},
	}
}

// Routes lists the endpoints that are served, as "GET /orgs/{org}".
func Routes() []string {
	var list []string
	for _, r := range routes() {
		list = append(list, r.method+" /"+strings.Join(r.pattern, "/"))
	}
	return list
}

// words splits a path. A trailing slash makes an empty last word, which matches nothing.
func words(path string) []string {
	if path == "" {
		return nil
	}
	return strings.Split(strings.TrimPrefix(path, "/"), "/")
}

// match finds the route of a path, and what its {names} stand for; nil for none.
func match(routes []route, method, path string) (*route, map[string]string) {
	segments := words(path)
next:
	for i := range routes {
		r := &routes[i]
		if r.method != method || len(r.pattern) != len(segments) {
			continue
		}
		values := map[string]string{}
		for j, word := range r.pattern {
			segment, err := url.PathUnescape(segments[j])
			switch {
			case err != nil || segment == "":
				continue next
			case strings.HasPrefix(word, "{"):
				values[strings.Trim(word, "{}")] = segment
			case word != segment:
				continue next
			}
		}
		return r, values
	}
	return nil, nil
}

// inOrganization asks a route about the organization that the path names. What the token may not
// know of answers as if it were not there; a former name, with a redirect.
func (c *call) inOrganization() answer {
	o, renamed := c.named()
	if o == nil {
		return c.notFound()
	}
	if renamed {
		return c.moved(o)
	}
	if !c.route.app && c.route.permission != "" {
		if !o.isCalled(c.token.Organization) {
			return c.notFound()
		}
		if !c.may(c.route.permission) {
			return c.failure(http.StatusForbidden, notAccessible)
		}
	}
	return c.route.about(c, o)
}

// named finds the organization that the path names, and whether it does by a former name.
func (c *call) named() (o *Organization, renamed bool) {
	if login, ok := c.values["org"]; ok {
		o = c.world.Organization(login)
		return o, o != nil && !o.isNow(login)
	}
	id, err := strconv.ParseInt(c.values["id"], 10, 64)
	if err != nil {
		return nil, false
	}
	for _, o := range c.world.Organizations {
		if o.ID == id {
			return o, false
		}
	}
	return nil, false
}

func (c *call) moved(o *Organization) answer {
	_, rest := c.server.split(c.request.URL.EscapedPath())
	to := fmt.Sprintf("%s/organizations/%d", c.base, o.ID)
	if tail := words(rest)[2:]; len(tail) > 0 {
		to += "/" + strings.Join(tail, "/")
	}
	if query := c.request.URL.RawQuery; query != "" {
		to += "?" + query
	}
	c.header.Set("Location", to)
	return c.with(http.StatusMovedPermanently, object{
		{"message", "Moved Permanently"}, {"url", to}, {"documentation_url", docs},
	})
}
