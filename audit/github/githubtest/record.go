// SPDX-License-Identifier: Apache-2.0

package githubtest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
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
func (g *Grant) edit(record object) object { return record.edited(g.Omit, g.Set) }

func (o object) edited(omit []string, set map[string]json.RawMessage) object {
	o = slices.DeleteFunc(o, func(p pair) bool { return slices.Contains(omit, p.key) })
	for _, key := range slices.Sorted(maps.Keys(set)) {
		i := slices.IndexFunc(o, func(p pair) bool { return p.key == key })
		if i < 0 {
			o = append(o, pair{key, set[key]})
			continue
		}
		o[i].value = set[key]
	}
	return o
}

// userRecord is a person as GitHub's "simple user".
func (c *call) userRecord(m *Member) object { return c.accountRecord("User", m.Login, m.ID) }

// accountRecord is GitHub's "simple user", which may be an organization.
func (c *call) accountRecord(kind, login string, id int64) object {
	user := c.base + "/users/" + url.PathEscape(login)
	return object{
		{"login", login},
		{"id", id},
		{"node_id", nodeID(kind, id)},
		{"avatar_url", avatar(id)},
		{"gravatar_id", ""},
		{"url", user},
		{"html_url", "https://github.com/" + url.PathEscape(login)},
		{"followers_url", user + "/followers"},
		{"following_url", user + "/following{/other_user}"},
		{"gists_url", user + "/gists{/gist_id}"},
		{"starred_url", user + "/starred{/owner}{/repo}"},
		{"subscriptions_url", user + "/subscriptions"},
		{"organizations_url", user + "/orgs"},
		{"repos_url", user + "/repos"},
		{"events_url", user + "/events{/privacy}"},
		{"received_events_url", user + "/received_events"},
		{"type", kind},
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
		{"issues_url", url + "/issues"},
		{"members_url", url + "/members{/member}"},
		{"public_members_url", url + "/public_members{/member}"},
		{"avatar_url", avatar(o.ID)},
		{"description", nil},
	}
}

// repositoryJSON is GitHub's "minimal repository", rendered once.
func (c *call) repositoryJSON(o *Organization, r *Repository) []byte {
	return c.once(r, func() object { return c.repositoryRecord(o, r) })
}

func (c *call) repositoryRecord(o *Organization, r *Repository) object {
	full := o.Login + "/" + r.Name
	url := c.base + "/repos/" + full
	record := object{
		{"id", r.ID},
		{"node_id", nodeID("Repository", r.ID)},
		{"name", r.Name},
		{"full_name", full},
		{"private", r.Visibility != "public"},
		{"owner", c.accountRecord("Organization", o.Login, o.ID)},
		{"html_url", "https://github.com/" + full},
		{"description", nil},
		{"fork", r.Fork},
		{"url", url},
	}
	for word := range strings.FieldsSeq(repositoryLinks) {
		name, rest, _ := strings.Cut(word, "=")
		record = append(record, pair{name + "_url", url + rest})
	}
	return append(
		record,
		pair{"default_branch", "main"},
		pair{"archived", r.Archived},
		pair{"disabled", false},
		pair{"visibility", r.Visibility},
	)
}

// repositoryLinks are a repository's URLs, by what follows its own.
const repositoryLinks = `
	archive=/{archive_format}{/ref} assignees=/assignees{/user} blobs=/git/blobs{/sha}
	branches=/branches{/branch} collaborators=/collaborators{/collaborator}
	comments=/comments{/number} commits=/commits{/sha} compare=/compare/{base}...{head}
	contents=/contents/{+path} contributors=/contributors deployments=/deployments
	downloads=/downloads events=/events forks=/forks git_commits=/git/commits{/sha}
	git_refs=/git/refs{/sha} git_tags=/git/tags{/sha} hooks=/hooks
	issue_comment=/issues/comments{/number} issue_events=/issues/events{/number}
	issues=/issues{/number} keys=/keys{/key_id} labels=/labels{/name} languages=/languages
	merges=/merges milestones=/milestones{/number}
	notifications=/notifications{?since,all,participating} pulls=/pulls{/number}
	releases=/releases{/id} stargazers=/stargazers statuses=/statuses/{sha}
	subscribers=/subscribers subscription=/subscription tags=/tags teams=/teams
	trees=/git/trees{/sha}`

// fullRepositoryJSON is GitHub's "repository": the minimal one and what only it must have.
func (c *call) fullRepositoryJSON(o *Organization, r *Repository) []byte {
	full := o.Login + "/" + r.Name
	record := append(
		c.repositoryRecord(o, r),
		pair{"clone_url", "https://github.com/" + full + ".git"},
		pair{"git_url", "git://github.com/" + full + ".git"},
		pair{"ssh_url", "git@github.com:" + full + ".git"},
		pair{"svn_url", "https://github.com/" + full},
		pair{"created_at", created},
		pair{"updated_at", created},
		pair{"pushed_at", created},
	)
	for name := range strings.FieldsSeq("homepage language license mirror_url") {
		record = append(record, pair{name, nil})
	}
	for name := range strings.FieldsSeq("downloads issues pages projects wiki") {
		record = append(record, pair{"has_" + name, true})
	}
	for name := range strings.FieldsSeq("forks forks_count open_issues open_issues_count size" +
		" stargazers_count watchers watchers_count") {
		record = append(record, pair{name, 0})
	}
	return encode(record)
}

// created is when all that nobody asks the age of was made.
const created = "2015-03-02T09:12:44Z"

func avatar(id int64) string {
	return fmt.Sprintf("https://avatars.githubusercontent.com/u/%d?v=4", id)
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
