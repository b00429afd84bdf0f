// SPDX-License-Identifier: Apache-2.0

package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/api"
)

// installation is what GitHub shows of an App's installation.
type installation struct {
	ID          int64             `json:"id"`
	Selection   string            `json:"repository_selection"`
	Permissions map[string]string `json:"permissions"` // nil if they are not shown
	SuspendedAt *time.Time        `json:"suspended_at"`
	mu          sync.Mutex        // guards what a mint narrows: Selection and Permissions
	minted      bool              // a token of it, which showed what it sees
	administers bool              // a token is asked for that may read administration, too
	Account     struct {
		Login string `json:"login"`
		ID    int64  `json:"id"`
	} `json:"account"`
}

// installationOf reads the App's installation in an organization.
func (c *Client) installationOf(ctx context.Context, login string) (*installation, error) {
	path := api.OrgPath(login, "installation")
	if id := c.config.Credentials.Installation; id != 0 {
		path = "app/installations/" + strconv.FormatInt(id, 10)
	}
	answer, err := c.api.App().Get(ctx, path, nil)
	if err != nil {
		return nil, fmt.Errorf("looking up the App's installation in %s: %w", login,
			appRemedy(err))
	}
	found := new(installation)
	if err := json.Unmarshal(answer.Body, found, api.Strict); err != nil || found.ID <= 0 {
		return nil, fmt.Errorf("looking up the App's installation in %s: "+
			"the answer holds no installation", login)
	}
	switch {
	case c.config.Credentials.Installation != 0 && !strings.EqualFold(found.Account.Login, login):
		return nil, fmt.Errorf("installation %d is %s's, not %s's: leave --installation-id out, "+
			"and it is looked up", found.ID, found.Account.Login, login)
	case found.SuspendedAt != nil:
		return nil, fmt.Errorf("the App's installation in %s is suspended since %s: "+
			"an organization owner must unsuspend it", login, found.SuspendedAt.Format(time.DateOnly))
	}
	return found, nil
}

// appRemedy adds what helps when the App itself is turned away.
func appRemedy(err error) error {
	var refused *api.Error
	switch {
	case !errors.As(err, &refused):
		return err
	case refused.Kind == api.NotFound && strings.Contains(refused.Message, "Integration not found"):
		return fmt.Errorf("%w (GitHub knows no App with this id: is it the App's id, and not its "+
			"installation's, and does the key belong to it?)", err)
	case refused.Kind == api.NotFound:
		return fmt.Errorf("%w (the App is not installed there, or the name is misspelt: "+
			"`pataudit setup ORG` says how to install it)", err)
	case refused.Kind == api.Unauthorized:
		return fmt.Errorf("%w: GitHub knows no App with this id and key", err)
	}
	return err
}

// narrow notes what a minted token really has, if GitHub shows that: it is what we see by. What an
// earlier token of the run did not see, a later one does not make seen.
func (i *installation) narrow(permissions map[string]string, selection string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if permissions != nil {
		i.Permissions = permissions
	}
	if selection != "" && (!i.minted || i.Selection == allRepositories) {
		i.Selection = selection
	}
	i.minted = true
}

// may reports whether the installation has a permission. Where GitHub does not say, it returns
// true, and the answers will show.
func (i *installation) may(permission string) bool {
	if i == nil {
		return true
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.Permissions == nil || i.Permissions[permission] != ""
}

// showsPermissions reports whether GitHub showed which permissions there are.
func (i *installation) showsPermissions() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.Permissions != nil
}

// toAskFor returns the permissions to mint a token with: to read, and only what the installation
// has, for GitHub answers 422 to more.
func (i *installation) toAskFor() map[string]string {
	asked := map[string]string{}
	for _, permission := range api.Permissions {
		if i.may(permission.Name) {
			asked[permission.Name] = "read"
		}
	}
	if i.administers && i.may(api.PermAdministration) {
		asked[api.PermAdministration] = "read"
	}
	return asked
}

// mint returns a new installation token. Its errors never quote the answer's body.
func (c *Client) mint(ctx context.Context, i *installation) (*api.Minted, error) {
	path := "app/installations/" + strconv.FormatInt(i.ID, 10) + api.MintSuffix
	answer, err := c.api.App().Do(ctx, http.MethodPost, path,
		map[string]any{"permissions": i.toAskFor()}, "")
	if err != nil {
		return nil, fmt.Errorf("asking for an installation token: %w", appRemedy(err))
	}
	var token struct {
		Token       string            `json:"token"`
		ExpiresAt   time.Time         `json:"expires_at"`
		Selection   string            `json:"repository_selection"`
		Permissions map[string]string `json:"permissions"`
	}
	if json.Unmarshal(answer.Body, &token, api.Strict) != nil || token.Token == "" {
		return nil, &api.Error{
			Kind:    api.Malformed,
			Message: "asking for an installation token: the answer holds no token",
		}
	}
	if token.Permissions != nil && token.Permissions[api.PermTokens] == "" {
		return nil, missingTokens()
	}
	i.narrow(token.Permissions, token.Selection)
	now := c.config.Now()
	server := answer.Date
	if server.IsZero() {
		server = now
	}
	return &api.Minted{
		Value: "Bearer " + token.Token, At: now,
		Until: now.Add(token.ExpiresAt.Sub(server)),
	}, nil
}

func missingTokens() error {
	return &api.Error{
		Kind: api.Permission, Status: http.StatusForbidden, Accepts: api.PermTokens + "=read",
		Message: "the App's installation lacks a permission",
	}
}

// seen asks which repositories a bare token sees: one that was made for a single repository looks
// the same otherwise.
func (c *collection) seen(ctx context.Context) audit.Coverage {
	selection := ""
	coverage := c.ask(ctx, audit.SourceInstallation, func(ctx context.Context) (n int, err error) {
		if selection, n, err = repositoriesSeen(ctx, c.session); err != nil {
			err = fmt.Errorf("asking which repositories this token sees: %w", err)
		}
		return n, err
	})
	if coverage.Status == audit.Complete {
		found := selectionCoverage(selection)
		coverage.Status, coverage.Reason = found.Status, slices.Concat(found.Reason, coverage.Reason)
	}
	return coverage
}

// distrustUnseen drops the lists of repositories unless the credentials saw all repositories: an
// App by all tokens that it has had until now.
func (c *collection) distrustUnseen() {
	if i := c.installed; i != nil {
		i.mu.Lock()
		c.coverage[audit.SourceInstallation] = c.signIn.AddTo(selectionCoverage(i.Selection))
		i.mu.Unlock()
	}
	if c.coverage[audit.SourceInstallation].Status != audit.Complete {
		c.distrust()
	}
}

// repositoriesSeen asks which repositories the session sees: GitHub's word for it, and how many.
func repositoriesSeen(ctx context.Context, s *api.Session) (selection string, n int, err error) {
	answer, err := s.Get(ctx, "installation/repositories", url.Values{"per_page": {"1"}})
	if err != nil {
		return "", 0, err
	}
	var seen struct {
		Selection string `json:"repository_selection"`
		Total     int    `json:"total_count"`
	}
	if json.Unmarshal(answer.Body, &seen, api.Strict) != nil {
		return "", 0, &api.Error{Kind: api.Malformed, Message: "the answer holds no repositories"}
	}
	return seen.Selection, seen.Total, nil
}

// allRepositories is GitHub's word for an App that sees all of them.
const allRepositories = "all"

// selectionCoverage returns the coverage for GitHub's word for what an App sees.
func selectionCoverage(selection string) audit.Coverage {
	coverage := audit.Coverage{Source: audit.SourceInstallation, Status: audit.Complete}
	switch selection {
	case allRepositories:
	case "selected":
		coverage.Status = audit.Partial
		coverage.Reason = audit.Reason{{Code: audit.ReasonSelected}}
	default:
		coverage.Status = audit.Unverified
		coverage.Reason = audit.Reason{{
			Code: audit.ReasonSelection, Words: strconv.Quote(api.Clip(selection)),
		}}
	}
	return coverage
}
