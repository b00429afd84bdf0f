// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Token is a fine-grained personal access token's grant in an organization: what GitHub calls an
// "organization programmatic access grant".
type Token struct {
	ID      int64  // of the grant (GitHub's pat_id), above zero
	TokenID int64  // of the token: the key in audit logs and settings pages; 0 if unknown
	Name    string // chosen by its owner: hostile text; "" if unknown

	Owner        *Member       // shared between tokens; nil without [FactOwner]
	Selection    Selection     // as sent, even if this version does not know the value
	Permissions  []Permission  // sorted by group and name; the slice is shared between tokens
	Repositories []*Repository // sorted by name, shared; meaningful only with [FactRepositories]

	GrantedAt  time.Time // zero without [FactGranted], and for a pending request
	CreatedAt  time.Time // made, or last regenerated; zero without [FactCreated]
	ApprovedBy string    // login of who granted it: hostile text; "" without [FactApproval]
	ExpiresAt  time.Time // zero: no expiry, or unknown without [FactExpiry], or Expired
	LastUsedAt time.Time // zero: never used, or unknown without [FactLastUsed]
	Expired    bool      // GitHub says so; an expired grant keeps no expiry date
	Known      Facts     // what was really learned

	// ApproverRole is what the approver was at the time, if that is the token's own owner and an
	// audit log has it; else nil. Today's role is not that day's.
	ApproverRole *RoleThen
}

// RoleThen is what a person was at an instant.
type RoleThen struct {
	Role         Role
	Since, Until time.Time // when it changed, before the instant and after it; zero: not known
}

// Writes reports whether the token holds a permission stronger than read in one of the groups.
func (t *Token) Writes(groups ...string) bool {
	return slices.ContainsFunc(t.Permissions, func(p Permission) bool {
		return p.Writes() && slices.Contains(groups, p.Group)
	})
}

// Selection is which of an organization's repositories a token reaches. GitHub may send values
// that are not listed here; they are kept as sent, and leave [FactSelection] unknown.
type Selection string

// The selections that GitHub documents.
const (
	SelectNone   Selection = "none"   // public repositories only, read only
	SelectAll    Selection = "all"    // every repository, present and future
	SelectSubset Selection = "subset" // Token.Repositories
)

// The groups of permissions that GitHub documents.
const (
	GroupRepository   = "repository"
	GroupOrganization = "organization"
	GroupOther        = "other" // of the owner's account
)

// Levels of a permission, weakest first. Any other level counts as the strongest.
const (
	LevelRead  = "read"
	LevelWrite = "write"
	LevelAdmin = "admin"
)

// Permission is one right of a token, as GitHub names it.
type Permission struct {
	Group string // repository, organization, other, or another value kept as sent
	Name  string // "contents"
	Level string // "read", "write", "admin", or another value kept as sent
}

// Writes reports whether the permission is stronger than read. An unknown level is.
func (p Permission) Writes() bool { return p.Level != LevelRead }

// String returns the permission's stable form, as in a basis: "repository:contents:write".
func (p Permission) String() string { return p.Group + ":" + p.Name + ":" + p.Level }

// ParsePermission is the inverse of [Permission.String]. A level has no colon.
func ParsePermission(s string) Permission {
	group, rest, _ := strings.Cut(s, ":")
	i := max(strings.LastIndex(rest, ":"), 0)
	return Permission{Group: group, Name: rest[:i], Level: strings.TrimPrefix(rest[i:], ":")}
}

// isPermission reports whether a text is of the form of [Permission.String].
func isPermission(s string) bool { return strings.Count(s, ":") >= 2 }

// ComparePermissions orders permissions by group, name and level.
func ComparePermissions(a, b Permission) int {
	return cmp.Or(
		cmp.Compare(a.Group, b.Group),
		cmp.Compare(a.Name, b.Name),
		cmp.Compare(a.Level, b.Level),
	)
}

// Member is a person who owns tokens, and what the organization is to that person.
type Member struct {
	ID        int64
	Login     string
	Role      Role  // meaningful with [FactMembership]
	TwoFactor *bool // nil: not shown to us
}

// Role is what a person is in the organization.
type Role string

// The roles. GitHub's API has the first four; RoleNotMember is what is left when the list
// of outside collaborators could not be read.
const (
	RoleUnknown   Role = ""
	RoleAdmin     Role = "admin"   // an organization owner
	RoleMember    Role = "member"  // any other member
	RoleOutside   Role = "outside" // an outside collaborator
	RoleNone      Role = "none"    // neither
	RoleNotMember Role = "not_member"
)

// IsMember reports whether the role is one of a member.
func (r Role) IsMember() bool { return r == RoleAdmin || r == RoleMember }

// Repository is one repository of the organization.
type Repository struct {
	ID         int64
	Name       string // "owner/name"
	Visibility string // public, private, internal; "" if unknown
}
