// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/complytime/pataudit/audit"
)

// version is the format that this package writes, and the newest that it reads.
const version = 1

// The keys of a snapshot, in their order.
const (
	keyVersion                  = "snapshot"
	keyCollectedAt              = "collected_at"
	keyOrganization             = "organization"
	keyCoverage                 = "coverage"
	keyMembers                  = "members"
	keyRepositories             = "repositories"
	keyPermissions              = "permissions"
	keyOrganizationRepositories = "organization_repositories"
	keyTokens                   = "tokens"
	keyRequests                 = "requests"
	keyDropped                  = "dropped"
	keyManifest                 = "manifest"
	keyClassic                  = "classic"
	keyContacts                 = "contacts"
)

type organizationRow struct {
	Login             string   `json:"login,omitzero"`
	ID                int64    `json:"id,omitzero"`
	Host              string   `json:"host,omitzero"`
	TwoFactorRequired *bool    `json:"two_factor_required,omitzero"`
	Known             []string `json:"known,omitzero"`
}

type coverageRow struct {
	Source   string               `json:"source"`
	Status   audit.CoverageStatus `json:"status"`
	Items    int                  `json:"items"`
	Requests int                  `json:"requests"`
	Reason   audit.Reason         `json:"reason,omitzero"`
}

type memberRow struct {
	ID        int64      `json:"id"`
	Login     string     `json:"login,omitzero"`
	Role      audit.Role `json:"role,omitzero"`
	TwoFactor *bool      `json:"two_factor,omitzero"`
}

type repositoryRow struct {
	ID         int64  `json:"id"`
	Name       string `json:"name,omitzero"`
	Visibility string `json:"visibility,omitzero"`
}

// permissionsRow is one set: group, name and level of each permission.
type permissionsRow [][3]string

type tokenRow struct {
	ID           int64           `json:"id"`
	TokenID      int64           `json:"token_id,omitzero"`
	Name         string          `json:"name,omitzero"`
	Owner        *int64          `json:"owner,omitzero"`
	Selection    audit.Selection `json:"selection,omitzero"`
	Permissions  *int            `json:"permissions,omitzero"`
	Repositories []int64         `json:"repositories,omitzero"`
	GrantedAt    time.Time       `json:"granted_at,omitzero"`
	CreatedAt    time.Time       `json:"token_created_at,omitzero"` // created_at is a request's
	ApprovedBy   string          `json:"approved_by,omitzero"`
	ApproverRole audit.Role      `json:"approver_role,omitzero"`
	RoleSince    time.Time       `json:"approver_role_since,omitzero"`
	RoleUntil    time.Time       `json:"approver_role_until,omitzero"`
	ExpiresAt    time.Time       `json:"expires_at,omitzero"`
	LastUsedAt   time.Time       `json:"last_used_at,omitzero"`
	Expired      bool            `json:"expired,omitzero"`
	Known        []string        `json:"known,omitzero"`
}

type requestRow struct {
	tokenRow  `json:",inline"`
	Reason    string    `json:"reason,omitzero"`
	CreatedAt time.Time `json:"created_at,omitzero"`
}

// What follows is held both ways, so that whatever Save wrote, Open reads.

// follows reports an id that is no id, or does not come after the one before it.
func follows(before, id int64) error {
	switch {
	case id <= 0:
		return fmt.Errorf("id: %d is no id", id)
	case id == before:
		return fmt.Errorf("id: %d is there twice", id)
	case id < before:
		return fmt.Errorf("id: %d stands after %d; rows are in the order of their ids", id, before)
	}
	return nil
}

// once reports whether a list names a thing twice, with one set for all the lists.
type once struct {
	list int
	seen map[int64]int // the last list that named an id
}

func (o *once) begin() {
	if o.seen == nil {
		o.seen = map[int64]int{}
	}
	o.list++
}

func (o *once) again(id int64) bool {
	again := o.seen[id] == o.list
	o.seen[id] = o.list
	return again
}

// factNames returns the names of facts, and refuses those that have none.
func factNames(known audit.Facts) ([]string, error) {
	names := known.Names()
	if f, _ := audit.ParseFacts(names); f != known {
		return nil, fmt.Errorf("known: %#x has facts without a name", uint16(known))
	}
	return names, nil
}

func (m *memberRow) check() error {
	switch m.Role {
	case audit.RoleUnknown, audit.RoleAdmin, audit.RoleMember, audit.RoleOutside, audit.RoleNone,
		audit.RoleNotMember:
		return nil
	}
	return fmt.Errorf("role: %.40q is unknown", m.Role)
}

// check refuses a coverage that is not in the order of the sources, each once; before is the
// source of the row before it, "" if it is the first.
func (c *coverageRow) check(before string) error {
	position := slices.Index(audit.Sources, c.Source)
	switch {
	case position < 0:
		return fmt.Errorf("source: %.40q is unknown", c.Source)
	case cmp.Compare(position, slices.Index(audit.Sources, before)) <= 0:
		return fmt.Errorf("source: %q stands after %q", c.Source, before)
	case c.Items < 0 || c.Requests < 0:
		return errors.New("items and requests are counts")
	case !c.Reason.Known():
		return errors.New("reason: it has a code that is unknown")
	}
	switch c.Status {
	case audit.Complete, audit.Partial, audit.Refused, audit.NotAsked, audit.Unverified:
		return nil
	}
	return fmt.Errorf("status: %.40q is unknown", c.Status)
}
