// SPDX-License-Identifier: Apache-2.0

package githubtest

import (
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	tokenLife       = time.Hour
	statelessHeader = "X-Github-Stateless-S2s-Token"
	stateless       = 500 // characters, about, of the newer form of installation tokens
)

// App is the GitHub App.
type App struct {
	ID            int64           `json:"id"`
	ClientID      string          `json:"client_id"`
	Slug          string          `json:"slug"`
	PrivateKey    string          `json:"private_key"`   // PEM; "": that of all such Apps
	OwnKey        bool            `json:"own_key"`       // a key that no other App has
	Installations []*Installation `json:"installations"` // nil: one on each organization

	parsed *rsa.PrivateKey
}

// Installation is an App on an organization.
type Installation struct {
	ID           int64             `json:"id"`
	Organization string            `json:"organization"`         // login; "": the first
	Permissions  map[string]string `json:"permissions"`          // nil: all that an audit needs
	Selection    string            `json:"repository_selection"` // "": all; or selected
	Repositories []string          `json:"repositories"`         // names, if selected
	Suspended    bool              `json:"suspended"`
}

func (a *App) installation(id int64) *Installation {
	i := slices.IndexFunc(a.Installations, func(in *Installation) bool { return in.ID == id })
	if i < 0 {
		return nil
	}
	return a.Installations[i]
}

// app answers GET /app.
func (c *call) app() answer {
	a := c.world.App
	permissions := map[string]string{}
	for _, in := range a.Installations {
		maps.Copy(permissions, in.Permissions)
	}
	return c.ok(object{
		{"id", a.ID},
		{"client_id", a.ClientID},
		{"slug", a.Slug},
		{"name", a.Slug},
		{"node_id", nodeID("App", a.ID)},
		{"owner", c.owner()},
		{"description", nil},
		{"created_at", created},
		{"updated_at", created},
		{"external_url", "https://example.com"},
		{"html_url", "https://github.com/apps/" + a.Slug},
		{"permissions", permissions},
		{"events", []string{}},
		{"installations_count", len(a.Installations)},
	})
}

// owner is the account that the App belongs to: the first organization.
func (c *call) owner() object {
	o := &Organization{Login: "github", ID: 9919}
	if len(c.world.Organizations) > 0 {
		o = c.world.Organizations[0]
	}
	return c.accountRecord("Organization", o.Login, o.ID)
}

// installations answers GET /app/installations.
func (c *call) installations() answer {
	all := c.world.App.Installations
	return c.list("/app/installations", len(all), func(i int) []byte {
		return encode(c.installationRecord(all[i]))
	})
}

// installation answers GET /app/installations/{installation}.
func (c *call) installation() answer {
	if in := c.asked(); in != nil {
		return c.ok(c.installationRecord(in))
	}
	return c.notFound()
}

// installedOn answers GET /orgs/{org}/installation.
func (c *call) installedOn(o *Organization) answer {
	for _, in := range c.world.App.Installations {
		if o.isCalled(in.Organization) {
			return c.ok(c.installationRecord(in))
		}
	}
	return c.notFound()
}

func (c *call) asked() *Installation {
	id, err := strconv.ParseInt(c.values["installation"], 10, 64)
	if err != nil {
		return nil
	}
	return c.world.App.installation(id)
}

func (c *call) installationRecord(in *Installation) object {
	a := c.world.App
	login, target := in.Organization, int64(0)
	if o := c.world.Organization(in.Organization); o != nil {
		login, target = o.Login, o.ID
	}
	var since any
	if in.Suspended {
		since = c.now.Add(-day).Format(time.RFC3339)
	}
	return object{
		{"id", in.ID},
		{"client_id", a.ClientID},
		{"account", c.accountRecord("Organization", login, target)},
		{"repository_selection", in.Selection},
		{"access_tokens_url", fmt.Sprintf("%s/app/installations/%d/access_tokens", c.base, in.ID)},
		{"repositories_url", c.base + "/installation/repositories"},
		{"html_url", fmt.Sprintf("https://github.com/organizations/%s/settings/installations/%d",
			in.Organization, in.ID)},
		{"app_id", a.ID},
		{"app_slug", a.Slug},
		{"target_id", target},
		{"target_type", "Organization"},
		{"permissions", in.Permissions},
		{"events", []string{}},
		{"created_at", created},
		{"updated_at", created},
		{"single_file_name", nil},
		{"suspended_by", nil},
		{"suspended_at", since},
	}
}

// mint answers POST /app/installations/{installation}/access_tokens.
func (c *call) mint() answer {
	in := c.asked()
	if in == nil {
		return c.notFound()
	}
	if in.Suspended {
		return c.failure(http.StatusForbidden, suspended)
	}
	var want struct {
		Permissions   map[string]string `json:"permissions"`
		Repositories  []string          `json:"repositories"`
		RepositoryIDs []int64           `json:"repository_ids"`
	}
	if len(c.body) > 0 && json.Unmarshal(c.body, &want) != nil {
		return c.failure(http.StatusBadRequest, "Problems parsing JSON")
	}
	token := &Token{
		Organization: in.Organization, Permissions: maps.Clone(in.Permissions),
		Selection: in.Selection, Repositories: in.Repositories,
		ExpiresAt: c.now.Add(tokenLife).Truncate(time.Second), installation: in.ID,
	}
	if want.Permissions != nil {
		for name, level := range want.Permissions {
			if have := in.Permissions[name]; have == "" || rank(level) > rank(have) {
				return c.failure(http.StatusUnprocessableEntity,
					"The permissions requested are not granted to this installation.")
			}
		}
		token.Permissions = want.Permissions
		if in.Permissions[permissionMetadata] != "" {
			token.Permissions[permissionMetadata] = "read" // every token has it
		}
	}
	if !c.narrow(token, want.Repositories, want.RepositoryIDs) {
		return c.failure(http.StatusUnprocessableEntity, "There is at least one repository that "+
			"does not exist or is not accessible to the parent installation.")
	}
	token.Value = c.newValue()
	c.server.issued[token.Value] = token
	record := object{
		{"token", token.Value},
		{"expires_at", token.ExpiresAt.Format(time.RFC3339)},
		{"permissions", token.Permissions},
		{"repository_selection", token.Selection},
	}
	return c.with(http.StatusCreated, record)
}

// narrow restricts the token to repositories. It reports whether the installation has them.
func (c *call) narrow(token *Token, names []string, ids []int64) bool {
	o := c.world.Organization(token.Organization)
	if o == nil {
		return true
	}
	for _, id := range ids {
		i := slices.IndexFunc(o.Repositories, func(r *Repository) bool { return r.ID == id })
		if i < 0 {
			return false
		}
		names = append(names, o.Repositories[i].Name)
	}
	for _, name := range names {
		r := o.repository(name)
		if r == nil || token.Selection == "selected" && !containsFold(token.Repositories, r.Name) {
			return false
		}
	}
	if len(names) > 0 {
		token.Selection, token.Repositories = "selected", names
	}
	return true
}

// newValue makes a token: of the newer long form with dots, unless the request forbids it.
func (c *call) newValue() string {
	c.server.minted++
	random := func(n int) string {
		var b strings.Builder
		for i := 0; b.Len() < n; i++ {
			sum := sha256.Sum256(fmt.Append(nil, c.world.App.ID, " ", c.server.minted, " ", i))
			b.WriteString(hex.EncodeToString(sum[:]))
		}
		return b.String()[:n]
	}
	if c.request.Header.Get(statelessHeader) == "disabled" {
		return "ghs_" + random(36)
	}
	header := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"RS256","typ":"JWT"}`))
	return fmt.Sprintf("ghs_%d_%s.%s.%s", c.world.App.ID, header, random(100), random(stateless-150))
}

func rank(level string) int { return slices.Index([]string{"read", "write", "admin"}, level) }

// revoke answers DELETE /installation/token.
func (c *call) revoke() answer {
	delete(c.server.issued, c.token.Value)
	c.world.Tokens = slices.DeleteFunc(c.world.Tokens, func(t *Token) bool { return t == c.token })
	return answer{http.StatusNoContent, c.header, nil}
}
