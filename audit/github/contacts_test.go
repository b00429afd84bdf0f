// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/githubtest"
)

// TestContacts: the evidence tells what the organization is to people who own no token, by their
// logins in any case, and of nobody else. What the lists do not tell is unknown.
func TestContacts(t *testing.T) {
	world := func(w *githubtest.World) {
		grants(w, 1)
		o := w.Organizations[0]
		o.Members = []*githubtest.Member{
			{Login: "jdoe", ID: 902, Role: "admin"}, {Login: "mona", ID: 900}, {Login: "more", ID: 903},
		}
		o.Grants[0].Owner = "jdoe"
		o.OutsideCollaborators = []*githubtest.Member{{Login: "Lee", ID: 901}}
	}
	for name, test := range map[string]struct {
		contacts []string
		refused  string // a question
		want     string
	}{
		"nobody":      {nil, "", ""},
		"members":     {[]string{"MONA", "jdoe", "mona"}, "", "jdoe 902 admin, mona 900 member"},
		"an outsider": {[]string{"lee"}, "", "lee 901 outside"},
		"a stranger":  {[]string{"gone", "mona"}, "", "gone 0 none, mona 900 member"},
		"outsiders refused": {
			[]string{"gone", "lee", "mona"},
			"/orgs/complytime/outside_collaborators",
			"gone 0 not_member, lee 0 not_member, mona 900 member",
		},
		"members refused": {[]string{"gone", "mona"}, "/graphql", "gone 0 , mona 0 "},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, world, func(b *bench) {
				b.config.Contacts = test.contacts
				if test.refused != "" {
					b.world.Faults = append(b.world.Faults, &githubtest.Fault{
						Path: test.refused, Status: http.StatusForbidden,
					})
				}
				var told []string
				evidence := b.mustCollect()
				for _, m := range evidence.Contacts {
					told = append(told, fmt.Sprintf("%s %d %s", m.Login, m.ID, m.Role))
				}
				if got := strings.Join(told, ", "); got != test.want {
					t.Errorf("%q, want %q", got, test.want)
				}
			})
		})
	}
}

// TestContactMoves lets a contact go from the outside collaborators to the members while both
// lists are read, or back: what is said is so, or nothing is.
func TestContactMoves(t *testing.T) {
	for name, test := range map[string]struct {
		moves int // before each of the first readings of the outside collaborators
		want  audit.Role
	}{"once": {1, audit.RoleMember}, "for ever": {100, audit.RoleUnknown}} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(w *githubtest.World) {
				grants(w, 1)
				o := w.Organizations[0]
				o.Members = []*githubtest.Member{{Login: "jdoe", ID: 902, Role: "admin"}}
				o.Grants[0].Owner = "jdoe"
				o.OutsideCollaborators = []*githubtest.Member{{Login: "mona", ID: 900}}
			}, func(b *bench) {
				b.config.Contacts = []string{"mona"}
				asked := 0
				b.world.OnRequest = func(_ int, r *http.Request) {
					if !strings.HasSuffix(r.URL.Path, "/outside_collaborators") {
						return
					}
					if asked++; asked%2 == 1 && asked <= 2*test.moves { // it is read twice each time
						b.server.Change(func(w *githubtest.World) { move(w.Organizations[0], "mona") })
					}
				}
				if got := b.mustCollect().Contacts[0].Role; got != test.want {
					t.Errorf("%q, want %q", got, test.want)
				}
			})
		})
	}
}
