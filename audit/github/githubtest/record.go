// SPDX-License-Identifier: Apache-2.0

package githubtest

import (
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"time"
)

// renderedKey names a record that was rendered before, with links to one base URL.
type renderedKey struct {
	record any
	base   string
}

// once renders a record once, until the world changes.
func (c *call) once(record any, render func() object) []byte {
	key := renderedKey{record, c.base}
	body, ok := c.server.rendered[key]
	if !ok {
		body = encode(render())
		c.server.rendered[key] = body
	}
	return body
}

// grantJSON is an approved token as the list has it.
func (c *call) grantJSON(o *Organization, g *Grant) []byte {
	if g.Raw != nil {
		return g.Raw
	}
	return c.once(g, func() object {
		return g.edit(slices.Concat(
			object{{"id", g.ID}},
			c.reachRecord(o, g, "personal-access-tokens"),
			object{{"access_granted_at", wireTime(g.GrantedAt)}},
			g.tokenRecord(),
		))
	})
}

// requestJSON is a pending request as the list has it.
func (c *call) requestJSON(o *Organization, r *PendingRequest) []byte {
	return c.once(r, func() object {
		var reason any
		if r.Reason != "" {
			reason = r.Reason
		}
		return r.edit(slices.Concat(
			object{{"id", r.ID}, {"reason", reason}},
			c.reachRecord(o, &r.Grant, "personal-access-token-requests"),
			object{{"created_at", wireTime(r.CreatedAt)}},
			r.tokenRecord(),
		))
	})
}

// reachRecord says whose it is and what it reaches.
func (c *call) reachRecord(o *Organization, g *Grant, list string) object {
	permissions := object{}
	for _, group := range slices.Sorted(maps.Keys(g.Permissions)) {
		permissions = append(permissions, pair{group, g.Permissions[group]})
	}
	return object{
		{"owner", c.userRecord(o.person(g.Owner))},
		{"repository_selection", g.Selection},
		{"repositories_url", fmt.Sprintf("%s/organizations/%d/%s/%d/repositories",
			c.base, o.ID, list, g.ID)},
		{"permissions", permissions},
	}
}

func (g *Grant) tokenRecord() object {
	return object{
		{"token_id", g.TokenID},
		{"token_name", g.TokenName},
		{"token_expired", g.Expired},
		{"token_expires_at", orNull(g.ExpiresAt)},
		{"token_last_used_at", orNull(g.LastUsedAt)},
	}
}

// edit applies Omit and Set to a record.
func (g *Grant) edit(record object) object {
	record = slices.DeleteFunc(record, func(p pair) bool { return slices.Contains(g.Omit, p.key) })
	for _, key := range slices.Sorted(maps.Keys(g.Set)) {
		i := slices.IndexFunc(record, func(p pair) bool { return p.key == key })
		if i < 0 {
			record = append(record, pair{key, g.Set[key]})
			continue
		}
		record[i].value = g.Set[key]
	}
	return record
}

// userRecord is GitHub's "simple user".
func (c *call) userRecord(m *Member) object {
	user := c.base + "/users/" + m.Login
	return object{
		{"login", m.Login},
		{"id", m.ID},
		{"node_id", nodeID("User", m.ID)},
		{"avatar_url", fmt.Sprintf("https://avatars.githubusercontent.com/u/%d?v=4", m.ID)},
		{"gravatar_id", ""},
		{"url", user},
		{"html_url", "https://github.com/" + m.Login},
		{"followers_url", user + "/followers"},
		{"following_url", user + "/following{/other_user}"},
		{"gists_url", user + "/gists{/gist_id}"},
		{"starred_url", user + "/starred{/owner}{/repo}"},
		{"subscriptions_url", user + "/subscriptions"},
		{"organizations_url", user + "/orgs"},
		{"repos_url", user + "/repos"},
		{"events_url", user + "/events{/privacy}"},
		{"received_events_url", user + "/received_events"},
		{"type", "User"},
		{"user_view_type", "public"},
		{"site_admin", false},
	}
}

// organizationRecord is GitHub's "simple organization".
func (c *call) organizationRecord(o *Organization) object {
	url := c.base + "/orgs/" + o.Login
	return object{
		{"login", o.Login},
		{"id", o.ID},
		{"node_id", nodeID("Organization", o.ID)},
		{"url", url},
		{"repos_url", url + "/repos"},
		{"events_url", url + "/events"},
		{"hooks_url", url + "/hooks"},
		{"members_url", url + "/members{/member}"},
		{"avatar_url", fmt.Sprintf("https://avatars.githubusercontent.com/u/%d?v=4", o.ID)},
		{"description", nil},
	}
}

// repositoryJSON is GitHub's "minimal repository".
func (c *call) repositoryJSON(o *Organization, r *Repository) []byte {
	return c.once(r, func() object {
		full := o.Login + "/" + r.Name
		url := c.base + "/repos/" + full
		owner := append(c.organizationRecord(o), pair{"type", "Organization"})
		return object{
			{"id", r.ID},
			{"node_id", nodeID("Repository", r.ID)},
			{"name", r.Name},
			{"full_name", full},
			{"private", r.Visibility != "public"},
			{"owner", owner},
			{"html_url", "https://github.com/" + full},
			{"description", nil},
			{"fork", r.Fork},
			{"url", url},
			{"branches_url", url + "/branches{/branch}"},
			{"collaborators_url", url + "/collaborators{/collaborator}"},
			{"commits_url", url + "/commits{/sha}"},
			{"contents_url", url + "/contents/{+path}"},
			{"hooks_url", url + "/hooks"},
			{"issues_url", url + "/issues{/number}"},
			{"keys_url", url + "/keys{/key_id}"},
			{"pulls_url", url + "/pulls{/number}"},
			{"releases_url", url + "/releases{/id}"},
			{"teams_url", url + "/teams"},
			{"default_branch", "main"},
			{"archived", r.Archived},
			{"disabled", false},
			{"visibility", r.Visibility},
		}
	})
}

func nodeID(kind string, id int64) string {
	return base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "%s:%d", kind, id))
}

func wireTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func orNull(t *time.Time) any {
	if t == nil {
		return nil
	}
	return wireTime(*t)
}
