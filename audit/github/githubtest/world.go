// SPDX-License-Identifier: Apache-2.0

package githubtest

import (
	"encoding/json"
	"net/http"
	"time"
)

// World is everything that a server serves. Fill it, give it to [New], and from then on change it
// only within [Server.Change].
type World struct {
	// Now is the server's clock: the Date header, the life of tokens, the quota. Required.
	Now func() time.Time `json:"-"`

	// Enterprise serves /api/v3 and /api/graphql only, as an Enterprise Server does. Otherwise
	// these and github.com's own paths are served at once.
	Enterprise bool `json:"enterprise"`

	App           *App            `json:"app"`    // nil: one that is installed everywhere
	Tokens        []*Token        `json:"tokens"` // beside those that the App asks for
	Organizations []*Organization `json:"-"`
	RateLimit     RateLimit       `json:"rate_limit"`
	Latency       Duration        `json:"latency"` // of each answer
	Faults        []*Fault        `json:"faults"`  // the first that strikes is the one

	// PerPage is how long pages are, whatever is asked for, as behind a gateway that drops the
	// question's per_page; 0: as long as was asked for.
	PerPage int `json:"per_page"`

	Filters Filters `json:"filters"`

	// OnRequest, if set, is called before the n-th request (from 1) is answered, outside of any
	// lock: it may call [Server.Change]. Several requests may be in it at once.
	OnRequest func(n int, r *http.Request) `json:"-"`
}

// RateLimit is the quota of each installation. The zero value is an Enterprise Server's: none, and
// no headers about it.
type RateLimit struct {
	Core       int `json:"core"`       // requests per hour; 0: no limit, no headers
	GraphQL    int `json:"graphql"`    // points per hour; 0: as many as Core
	PerMinute  int `json:"per_minute"` // more are refused as a secondary limit; 0: no such limit
	Concurrent int `json:"concurrent"` // likewise, of requests in flight
}

// Token is an installation token that exists without having been asked for: one from a workflow
// step, or a workflow's own token, which lacks the organization's permissions.
type Token struct {
	Value        string            `json:"value"`
	Organization string            `json:"organization"` // login; "": of the first
	Permissions  map[string]string `json:"permissions"`  // nil: all that an audit needs
	Selection    string            `json:"repository_selection"`
	Repositories []string          `json:"repositories"` // names, if Selection is "selected"
	ExpiresAt    time.Time         `json:"expires_at"`   // zero: never

	installation int64 // that it was made from; 0: none
}

// Organization is one organization.
type Organization struct {
	Login        string   `json:"login"`         // "": complytime
	ID           int64    `json:"id"`            // 0: complytime's is 652551
	Name         string   `json:"name"`          // shown name
	FormerLogins []string `json:"former_logins"` // answer 301

	// TwoFactorRequired is shown in GET /orgs/{org} and in GraphQL; nil: not shown.
	TwoFactorRequired *bool `json:"two_factor_requirement_enabled"`

	// TwoFactorHidden hides each member's second factor, as GitHub may do to an App.
	TwoFactorHidden bool `json:"two_factor_hidden"`

	Members              []*Member     `json:"members"` // nil: octocat, and hubot who owns it
	OutsideCollaborators []*Member     `json:"outside_collaborators"`
	Repositories         []*Repository `json:"repositories"` // nil: twelve public ones

	// Grants and Requests are in order of creation, the oldest first.
	Grants   []*Grant          `json:"-"`
	Requests []*PendingRequest `json:"-"`

	// EnterpriseCloud says that the organization has an audit log, and SAML single sign-on with
	// Authorizations; an Enterprise Server has the log alone. Both lists are the oldest first.
	EnterpriseCloud bool             `json:"enterprise_cloud"`
	AuditLog        []*Event         `json:"-"`
	Authorizations  []*Authorization `json:"-"`

	made   int64 // grants made by NewGrant
	people map[string]*Member
	named  map[string]*Repository
	byID   map[int64]*Grant
}

// Member is a person. In a file a bare login will do.
type Member struct {
	Login string `json:"login"`
	ID    int64  `json:"id"`   // 0: made from the login
	Role  string `json:"role"` // "admin" for an owner of the organization; "": "member"

	// Private hides the membership from who may not read members.
	Private bool `json:"private"`

	// NoTwoFactor says that the person has no second factor.
	NoTwoFactor bool `json:"no_two_factor"`
}

// UnmarshalJSON takes a login, or the whole.
func (m *Member) UnmarshalJSON(data []byte) error {
	type whole Member
	return stringOr(data, &m.Login, (*whole)(m))
}

// Repository is a repository of an organization. In a file a bare name will do.
type Repository struct {
	Name       string `json:"name"`       // without the owner
	ID         int64  `json:"id"`         // 0: made from the name
	Visibility string `json:"visibility"` // "": public; private, internal
	Archived   bool   `json:"archived"`
	Fork       bool   `json:"fork"`
}

// UnmarshalJSON takes a name, or the whole.
func (r *Repository) UnmarshalJSON(data []byte) error {
	type whole Repository
	return stringOr(data, &r.Name, (*whole)(r))
}

// Grant is an approved token, as GitHub lists it. [Organization.NewGrant] makes a clean one.
type Grant struct {
	ID           int64       `json:"id"`
	TokenID      int64       `json:"token_id"`
	TokenName    string      `json:"token_name"`
	Owner        string      `json:"owner"` // a login; need not be a member's
	Selection    string      `json:"repository_selection"`
	Repositories []string    `json:"repositories"` // names; served if asked for, whatever Selection
	Permissions  Permissions `json:"permissions"`
	GrantedAt    time.Time   `json:"access_granted_at"`
	Expired      bool        `json:"token_expired"`
	ExpiresAt    *time.Time  `json:"token_expires_at"`
	LastUsedAt   *time.Time  `json:"token_last_used_at"`

	// Omit names keys to leave out of the record; Set gives others, or these, any JSON value.
	Omit []string                   `json:"omit"`
	Set  map[string]json.RawMessage `json:"set"`

	// Raw, if set, is served byte for byte in place of the record.
	Raw []byte `json:"-"`
}

// PendingRequest is a token that waits for approval.
type PendingRequest struct {
	Grant
	Reason    string    `json:"reason"`
	CreatedAt time.Time `json:"created_at"`
}

// Change changes the world while it is served. Grants that were served before may be edited, added
// and removed in it.
func (s *Server) Change(change func(*World)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s.world)
	for _, o := range s.world.Organizations {
		o.fill()
		o.index()
	}
	clear(s.rendered)
}

// Organization returns the organization of that login or former login; nil if there is none.
func (w *World) Organization(login string) *Organization {
	for _, o := range w.Organizations {
		if o.isCalled(login) {
			return o
		}
	}
	return nil
}

// RemoveGrant removes the grant of that id, as a revocation does. It reports whether it was there.
func (o *Organization) RemoveGrant(id int64) bool {
	for i, g := range o.Grants {
		if g.ID == id {
			o.Grants = append(o.Grants[:i:i], o.Grants[i+1:]...)
			return true
		}
	}
	return false
}
