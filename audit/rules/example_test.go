// SPDX-License-Identifier: Apache-2.0

package rules_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
)

// asOf is the instant at which every example of a page and every case is judged.
var asOf = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

// when is an instant: RFC 3339, a date, or days and a duration from asOf ("-90d", "+91d1s").
type when string

func (w when) time() (time.Time, error) {
	text := string(w)
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	if text == "" || !strings.ContainsRune("+-", rune(text[0])) {
		return time.Time{}, fmt.Errorf("%q is no instant", text)
	}
	sign := time.Duration(1)
	if text[0] == '-' {
		sign = -1
	}
	days, rest, _ := strings.Cut(text[1:], "d")
	n, err := strconv.Atoi(days)
	if err != nil {
		return time.Time{}, err
	}
	more, err := time.ParseDuration(rest + "0s")
	return asOf.AddDate(0, 0, int(sign)*n).Add(sign * more), err
}

// example is a token in the keys of the JSON report. Absent keys take the values of a clean, fully
// known token: see newExample. Nulls mean what they mean there.
type example struct {
	Name  string `yaml:"name"`
	Owner struct {
		Login     string  `yaml:"login"`
		Role      *string `yaml:"role"`
		TwoFactor *bool   `yaml:"two_factor"`
	} `yaml:"owner"`
	Selection    string                       `yaml:"repository_selection"`
	Repositories *[]string                    `yaml:"repositories"`
	Permissions  map[string]map[string]string `yaml:"permissions"` // absent: the default
	GrantedAt    *when                        `yaml:"granted_at"`
	CreatedAt    *when                        `yaml:"token_created_at"`
	ApprovedBy   string                       `yaml:"approved_by"`
	ApproverRole audit.Role                   `yaml:"approver_role"`
	ExpiresAt    *when                        `yaml:"expires_at"`
	Expired      bool                         `yaml:"expired"`
	LastUsedAt   *when                        `yaml:"last_used_at"`
}

// newExample is the clean token: the guide's common permissions on one repository, of a member
// with a second factor, approved 30 days ago by somebody else, used two days ago, with 60 days to
// live.
func newExample() example {
	e := example{
		Name: "ci-publish", Selection: "subset", Repositories: &[]string{"complytime/complyctl"},
		GrantedAt: new(when("-30d")), ExpiresAt: new(when("+60d")), LastUsedAt: new(when("-2d")),
		ApprovedBy: "marta-h",
	}
	e.Owner.Login, e.Owner.Role, e.Owner.TwoFactor = "octocat", new("member"), new(true)
	return e
}

// organizationFacts describes the organization: complytime, with 12 repositories of which one is
// internal and three are private, and no word on second factors.
type organizationFacts struct {
	Repositories      int               `yaml:"repositories"` // how many; 0 is 12
	Visibility        map[string]string `yaml:"visibility"`   // of some, by full name
	TwoFactorRequired *bool             `yaml:"two_factor_required"`
}

var repositoryNames = []string{
	".github", "community", "complyctl", "complypack", "docs", "gemara", "oscal", "website",
	"platform", "infra", "release-keys", "vault",
}

func (f organizationFacts) organization() *audit.Organization {
	o := &audit.Organization{
		Login: "complytime", Host: "github.com", Known: audit.FactOrganizationRepositories,
		TwoFactorRequired: f.TwoFactorRequired,
	}
	if f.Repositories == 0 {
		f.Repositories = len(repositoryNames)
	}
	for i := range f.Repositories {
		r := &audit.Repository{ID: int64(i + 1), Visibility: "public"}
		switch {
		case i >= len(repositoryNames):
			r.Name = fmt.Sprintf("complytime/r%d", i+1)
		default:
			r.Name = "complytime/" + repositoryNames[i]
		}
		switch {
		case i == 8:
			r.Visibility = "internal"
		case i > 8 && i < 12:
			r.Visibility = "private"
		}
		if v, ok := f.Visibility[r.Name]; ok {
			r.Visibility = v
		}
		o.Repositories = append(o.Repositories, r)
	}
	return o
}

const everyFact = audit.FactSelection | audit.FactPermissions | audit.FactGranted |
	audit.FactExpiry | audit.FactLastUsed | audit.FactOwner | audit.FactRepositories |
	audit.FactMembership | audit.FactTwoFactor | audit.FactReason | audit.FactApproval

// token makes the token, as a source would.
func (e example) token(o *audit.Organization) (*audit.Token, error) {
	t := &audit.Token{
		ID: 7, TokenID: 900, Name: e.Name, Expired: e.Expired, Known: everyFact,
		Selection:  audit.Selection(e.Selection),
		Owner:      &audit.Member{ID: 1, Login: e.Owner.Login, TwoFactor: e.Owner.TwoFactor},
		ApprovedBy: e.ApprovedBy, ApproverRole: &audit.RoleThen{Role: e.ApproverRole},
	}
	if e.Owner.Role == nil {
		t.Known &^= audit.FactMembership
	} else {
		t.Owner.Role = audit.Role(*e.Owner.Role)
	}
	if e.Owner.TwoFactor == nil {
		t.Known &^= audit.FactTwoFactor
	}
	if !slices.Contains([]string{"none", "all", "subset"}, e.Selection) {
		t.Known &^= audit.FactSelection | audit.FactRepositories
	}
	if e.Selection == "subset" {
		e.addRepositories(t, o)
	}
	t.Permissions = e.permissions()
	return t, e.addTimes(t)
}

func (e example) addRepositories(t *audit.Token, o *audit.Organization) {
	if e.Repositories == nil {
		t.Known &^= audit.FactRepositories
		return
	}
	for _, name := range *e.Repositories {
		i := slices.IndexFunc(o.Repositories, func(r *audit.Repository) bool {
			return r.Name == name
		})
		if i < 0 {
			t.Repositories = append(t.Repositories, &audit.Repository{Name: name})
			continue
		}
		t.Repositories = append(t.Repositories, o.Repositories[i])
	}
}

func (e example) permissions() (permissions []audit.Permission) {
	if e.Permissions == nil {
		return []audit.Permission{
			{Group: "repository", Name: "contents", Level: "write"},
			{Group: "repository", Name: "metadata", Level: "read"},
			{Group: "repository", Name: "pull_requests", Level: "write"},
		}
	}
	for group, levels := range e.Permissions {
		for name, level := range levels {
			permissions = append(permissions,
				audit.Permission{Group: group, Name: name, Level: level})
		}
	}
	slices.SortFunc(permissions, audit.ComparePermissions)
	return permissions
}

func (e example) addTimes(t *audit.Token) (err error) {
	for _, at := range []struct {
		from *when
		to   *time.Time
	}{
		{e.GrantedAt, &t.GrantedAt},
		{e.ExpiresAt, &t.ExpiresAt},
		{e.LastUsedAt, &t.LastUsedAt},
		{e.CreatedAt, &t.CreatedAt},
	} {
		if at.from == nil {
			continue
		}
		if *at.to, err = at.from.time(); err != nil {
			return err
		}
	}
	if e.GrantedAt == nil {
		t.Known &^= audit.FactGranted
	}
	if e.CreatedAt != nil {
		t.Known |= audit.FactCreated
	}
	if e.Expired {
		t.ExpiresAt = time.Time{}
	}
	return nil
}

// forget leaves facts unknown, as a source does: fields at zero, bits off.
func forget(t *audit.Token, o *audit.Organization, facts audit.Facts) {
	t.Known &^= facts
	o.Known &^= facts
	owner := *t.Owner
	t.Owner = &owner
	for fact, clear := range map[audit.Facts]func(){
		audit.FactSelection:                func() { t.Selection = "" },
		audit.FactPermissions:              func() { t.Permissions = nil },
		audit.FactGranted:                  func() { t.GrantedAt = time.Time{} },
		audit.FactCreated:                  func() { t.CreatedAt = time.Time{} },
		audit.FactApproval:                 func() { t.ApprovedBy, t.ApproverRole = "", nil },
		audit.FactExpiry:                   func() { t.ExpiresAt, t.Expired = time.Time{}, false },
		audit.FactLastUsed:                 func() { t.LastUsedAt = time.Time{} },
		audit.FactRepositories:             func() { t.Repositories = nil },
		audit.FactMembership:               func() { owner.Role = audit.RoleUnknown },
		audit.FactTwoFactor:                func() { owner.TwoFactor = nil },
		audit.FactOrganizationRepositories: func() { o.Repositories = nil },
	} {
		if facts.Has(fact) {
			clear()
		}
	}
	if facts.Has(audit.FactOwner) {
		t.Owner, t.Known = nil, t.Known&^(audit.FactMembership|audit.FactTwoFactor)
	}
}
