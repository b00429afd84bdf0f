// SPDX-License-Identifier: Apache-2.0

package githubtest

import (
	"cmp"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strings"
	"time"
)

const (
	defaultLogin          = "complytime"
	defaultOrganizationID = 652551
	defaultRepositories   = 12
	firstGrantID          = int64(25001)
	tokenIDOffset         = 70000
	firstInstallationID   = 42001
	day                   = 24 * time.Hour
)

// AuditPermissions are the permissions that an audit needs of an App.
func AuditPermissions() map[string]string {
	return map[string]string{
		permissionTokens:   "read",
		permissionRequests: "read",
		permissionMembers:  "read",
		permissionMetadata: "read",
	}
}

// complete fills what was left out.
func (w *World) complete() error {
	if w.Now == nil {
		return errors.New("githubtest: World.Now is not set: give it a clock")
	}
	for _, o := range w.Organizations {
		if err := o.complete(); err != nil {
			return err
		}
	}
	if w.App == nil {
		w.App = &App{}
	}
	w.App.complete(w.Organizations)
	for _, t := range w.Tokens {
		if t.Organization == "" && len(w.Organizations) > 0 {
			t.Organization = w.Organizations[0].Login
		}
		if t.Permissions == nil {
			t.Permissions = AuditPermissions()
		}
		t.Selection = cmp.Or(t.Selection, "all")
	}
	return nil
}

func (o *Organization) complete() error {
	o.fill()
	o.index()
	for _, g := range o.Grants {
		if err := o.check(g); err != nil {
			return err
		}
	}
	for _, r := range o.Requests {
		if err := o.check(&r.Grant); err != nil {
			return err
		}
	}
	return nil
}

// fill gives the organization what every one has.
func (o *Organization) fill() {
	o.Login = cmp.Or(o.Login, defaultLogin)
	if o.ID == 0 && o.Login == defaultLogin {
		o.ID = defaultOrganizationID
	}
	o.ID = cmp.Or(o.ID, hashID(o.Login))
	if o.Members == nil {
		o.Members = []*Member{{Login: "octocat"}, {Login: "hubot", Role: "admin"}}
	}
	if o.Repositories == nil {
		o.addRepositories(defaultRepositories)
	}
	for _, m := range slices.Concat(o.Members, o.OutsideCollaborators) {
		m.ID = cmp.Or(m.ID, userID(m.Login))
		m.Role = cmp.Or(m.Role, "member")
	}
	for _, r := range o.Repositories {
		r.ID = cmp.Or(r.ID, hashID(r.Name))
		r.Visibility = cmp.Or(r.Visibility, "public")
	}
}

// index makes people, repositories and grants quick to find.
func (o *Organization) index() {
	o.people = make(map[string]*Member, len(o.Members)+len(o.OutsideCollaborators))
	for _, m := range slices.Concat(o.OutsideCollaborators, o.Members) {
		o.people[strings.ToLower(m.Login)] = m
	}
	o.named = make(map[string]*Repository, len(o.Repositories))
	for _, r := range o.Repositories {
		o.named[strings.ToLower(r.Name)] = r
	}
	o.byID = make(map[int64]*Grant, len(o.Grants))
	for _, g := range o.Grants {
		o.byID[g.ID] = g
	}
}

func (o *Organization) check(g *Grant) error {
	for _, name := range g.Repositories {
		if o.repository(name) == nil {
			return fmt.Errorf("githubtest: grant %d: %s has no repository %q", g.ID, o.Login, name)
		}
	}
	return nil
}

func (o *Organization) addRepositories(n int) {
	for i := range n {
		o.Repositories = append(o.Repositories, &Repository{Name: fmt.Sprintf("repo-%05d", i+1)})
	}
}

func (o *Organization) addMembers(n int) {
	for i := range n {
		o.Members = append(o.Members, &Member{Login: fmt.Sprintf("member-%05d", i+1)})
	}
}

// NewGrant makes a clean token of the first member, on the first repository: descriptive, in use,
// approved 20 days ago for 80 days. It has an id of
// its own from 25001 on, and is not yet added to Grants.
func (o *Organization) NewGrant(now time.Time) *Grant {
	if o.Members == nil || o.Repositories == nil {
		o.fill()
	}
	id := firstGrantID + o.made
	o.made++
	g := &Grant{
		ID:          id,
		TokenID:     id + tokenIDOffset,
		TokenName:   fmt.Sprintf("docs-sync-%d", id),
		Selection:   "subset",
		Permissions: commonPermissions(),
		GrantedAt:   now.Add(-20 * day),
		ExpiresAt:   new(now.Add(60 * day)),
		LastUsedAt:  new(now.Add(-30 * time.Hour)),
	}
	if len(o.Members) > 0 {
		g.Owner = o.Members[0].Login
	}
	if len(o.Repositories) > 0 {
		g.Repositories = []string{o.Repositories[0].Name}
	}
	return g
}

// commonPermissions are the ones that the organization's guide calls common.
func commonPermissions() Permissions {
	return Permissions{"repository": {
		"contents": "write", "metadata": "read", "pull_requests": "write",
	}}
}

func (o *Organization) isCalled(login string) bool {
	return o.isNow(login) || containsFold(o.FormerLogins, login)
}

// isNow reports whether the login is the present one.
func (o *Organization) isNow(login string) bool { return strings.EqualFold(o.Login, login) }

func (o *Organization) repository(name string) *Repository {
	return o.named[strings.ToLower(name)]
}

// person finds a member or outside collaborator; anyone else gets the id that the login makes.
func (o *Organization) person(login string) *Member {
	if m := o.people[strings.ToLower(login)]; m != nil {
		return m
	}
	return &Member{Login: login, ID: userID(login)}
}

func (a *App) complete(organizations []*Organization) {
	a.ID = cmp.Or(a.ID, 1234567)
	a.ClientID = cmp.Or(a.ClientID, "Iv23lipataudittest")
	a.Slug = cmp.Or(a.Slug, "pataudit")
	if a.Installations == nil {
		for _, o := range organizations {
			a.Installations = append(a.Installations, &Installation{Organization: o.Login})
		}
	}
	for i, in := range a.Installations {
		in.ID = cmp.Or(in.ID, int64(firstInstallationID+i))
		if in.Organization == "" && len(organizations) > 0 {
			in.Organization = organizations[0].Login
		}
		if in.Permissions == nil {
			in.Permissions = AuditPermissions()
		}
		in.Permissions = maps.Clone(in.Permissions)
		in.Selection = cmp.Or(in.Selection, "all")
	}
}

// userID makes an id from a login, whatever its case.
func userID(login string) int64 { return hashID(strings.ToLower(login)) }

// hashID makes a stable id, small enough for every reader.
func hashID(name string) int64 {
	h := fnv.New32a()
	h.Write([]byte(name))
	return int64(h.Sum32()>>1) + 1
}
