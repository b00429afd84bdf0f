// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/githubtest"
)

// TestMoves lets the owner of a token go from the outside collaborators to the members, or back,
// while both lists are read: what is said of them is so, or nothing is.
func TestMoves(t *testing.T) {
	const owner = "mona"
	for _, test := range []struct {
		name   string
		begins bool // as a member
		moves  int  // before each of the first readings of the outside collaborators
		want   audit.Role
		status audit.CoverageStatus
	}{
		{"stays_outside", false, 0, audit.RoleOutside, audit.Complete},
		{"becomes_a_member", false, 1, audit.RoleMember, audit.Complete},
		{"leaves_the_members", true, 1, audit.RoleOutside, audit.Complete},
		{"moves_for_ever", false, 100, "", audit.Partial},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(w *githubtest.World) {
				grants(w, 2)
				o := w.Organizations[0]
				o.Grants[0].Owner, o.Grants[1].Owner = owner, "lee"
				person := &githubtest.Member{Login: owner, ID: 900}
				o.OutsideCollaborators = []*githubtest.Member{{Login: "lee", ID: 901}}
				o.Members = []*githubtest.Member{{Login: "jdoe", ID: 902, Role: "admin"}}
				if test.begins {
					o.Members = append(o.Members, person)
				} else {
					o.OutsideCollaborators = append(o.OutsideCollaborators, person)
				}
			}, func(b *bench) {
				asked := 0
				b.world.OnRequest = func(_ int, r *http.Request) {
					if !strings.HasSuffix(r.URL.Path, "/outside_collaborators") {
						return
					}
					asked++
					if asked%2 == 0 || asked > 2*test.moves { // the list is read twice each time
						return
					}
					b.server.Change(func(w *githubtest.World) { move(w.Organizations[0], owner) })
				}
				evidence := b.mustCollect()
				status := evidence.CoverageOf(audit.SourceOutsideCollaborators).Status
				token := evidence.Tokens[slices.IndexFunc(evidence.Tokens, func(t *audit.Token) bool {
					return t.Owner.Login == owner
				})]
				role := token.Owner.Role
				if !token.Known.Has(audit.FactMembership) {
					role = ""
				}
				if role != test.want || status != test.status {
					t.Errorf("%q, %s; want %q, %s: %+v", role, status, test.want, test.status, evidence.Coverage)
				}
			})
		})
	}
}

// move takes somebody from one list into the other.
func move(o *githubtest.Organization, login string) {
	is := func(m *githubtest.Member) bool { return m.Login == login }
	if i := slices.IndexFunc(o.Members, is); i >= 0 {
		o.OutsideCollaborators = append(o.OutsideCollaborators, o.Members[i])
		o.Members = slices.Delete(o.Members, i, i+1)
		return
	}
	i := slices.IndexFunc(o.OutsideCollaborators, is)
	o.Members = append(o.Members, o.OutsideCollaborators[i])
	o.OutsideCollaborators = slices.Delete(o.OutsideCollaborators, i, i+1)
}
