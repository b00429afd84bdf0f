// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/githubtest"
)

const (
	granted     = "personal_access_token.access_granted"
	roleChanged = "org.update_member"
	removed     = "org.remove_member"
	read        = "read"
	admin       = "admin"
)

// ofOctocat is a world with one token of octocat's, who approved it 20 days ago.
func ofOctocat(w *githubtest.World, today string) *githubtest.Grant {
	grants(w, 1)
	onEnterpriseCloud(w)
	o := w.Organizations[0]
	o.Members = []*githubtest.Member{
		{Login: "octocat", Role: today}, {Login: "hubot", Role: admin},
	}
	o.AuditLog = nil
	happened(w, granted, -20, o.Grants[0]).Actor = "octocat"
	return o.Grants[0]
}

// roleChange adds the change of a role to the audit log.
func roleChange(w *githubtest.World, days int, from, to string) *githubtest.Event {
	e := happened(w, roleChanged, days, nil)
	e.User, e.OldPermission, e.Permission = "octocat", from, to
	return e
}

func set(e *githubtest.Event, key, value string) {
	if e.Set == nil {
		e.Set = map[string]json.RawMessage{}
	}
	e.Set[key] = json.RawMessage(value)
}

// TestApproval: who approved a token, and what they were then if it was its owner. Whatever is
// missing or contradicts itself leaves the role unknown.
func TestApproval(t *testing.T) {
	type world = *githubtest.World
	nothing := func(world) {}
	tests := []struct {
		name    string
		today   string // octocat's role; "": member
		prepare func(world)
		by      string // "": octocat
		role    audit.Role
		note    string // of the source
	}{
		{name: "a member ever since", prepare: nothing, role: audit.RoleMember},
		{name: "an owner ever since", today: admin, prepare: nothing, role: audit.RoleAdmin},
		{name: "an owner since", today: admin, role: audit.RoleMember, prepare: func(w world) {
			roleChange(w, -10, read, admin)
		}},
		{name: "an owner then", role: audit.RoleAdmin, prepare: func(w world) {
			roleChange(w, -10, admin, read)
		}},
		{name: "an owner before and since", role: audit.RoleMember, prepare: func(w world) {
			roleChange(w, -30, admin, read)
			roleChange(w, -10, read, admin)
			roleChange(w, -9, admin, read)
		}},
		{name: "on an Enterprise Server", role: audit.RoleAdmin, prepare: func(w world) {
			w.Enterprise = true
			roleChange(w, -10, admin, read)
		}},
		{name: "somebody else was an owner", role: audit.RoleMember, prepare: func(w world) {
			roleChange(w, -10, admin, read).User = "tsuki"
		}},
		{name: "removed before", role: audit.RoleMember, prepare: func(w world) {
			happened(w, removed, -30, nil).User = "octocat"
		}},
		{name: "removed since", prepare: func(w world) {
			happened(w, removed, -10, nil).User = "octocat"
		}},
		{name: "changed, then removed", role: audit.RoleAdmin, prepare: func(w world) {
			roleChange(w, -15, admin, read)
			happened(w, removed, -10, nil).User = "octocat"
		}},
		{name: "at the same instant", prepare: func(w world) { roleChange(w, -20, admin, read) }},
		{name: "a change that led to another role", prepare: func(w world) {
			roleChange(w, -30, read, admin)
		}},
		{name: "a change that is not understood", prepare: func(w world) {
			roleChange(w, -10, "billing", read)
		}},
		{
			name: "a change that names nobody", note: "1 changes of a role name nobody",
			prepare: func(w world) { roleChange(w, -10, admin, read).User = "" },
		},
		{
			name: "a change in the future", note: "1 changes of a role name nobody",
			prepare: func(w world) { roleChange(w, 1, admin, read) },
		},
		{name: "removals are refused", note: "403", prepare: func(w world) {
			w.Faults = []*githubtest.Fault{{
				Path: auditLogPath, Query: "remove_member", Status: http.StatusForbidden,
			}}
		}},
		{name: "no list of members", prepare: func(w world) {
			w.Faults = []*githubtest.Fault{{Contains: "membersWithRole", Status: 403}}
		}},
		{name: "no list of members, but a change", role: audit.RoleMember, prepare: func(w world) {
			roleChange(w, -30, admin, read)
			w.Faults = []*githubtest.Fault{{Contains: "membersWithRole", Status: 403}}
		}},
		{name: "under an earlier login", role: audit.RoleMember, prepare: func(w world) {
			set(w.Organizations[0].AuditLog[0], "actor", `"mona"`)
		}},
		{name: "in other letters, without an id", role: audit.RoleMember, prepare: func(w world) {
			set(w.Organizations[0].AuditLog[0], "actor", `"OctoCat"`)
			set(w.Organizations[0].AuditLog[0], "actor_id", "null")
		}},
		{name: "by another account of that login", by: "nobody", prepare: func(w world) {
			set(w.Organizations[0].AuditLog[0], "actor_id", "99")
		}},
		{name: "under another login, without an id", by: "nobody", prepare: func(w world) {
			set(w.Organizations[0].AuditLog[0], "actor", `"mona"`)
			set(w.Organizations[0].AuditLog[0], "actor_id", "null")
		}},
		{name: "by somebody else", by: "hubot", prepare: func(w world) {
			w.Organizations[0].AuditLog[0].Actor = "hubot"
		}},
		{name: "by nobody", by: "nobody", prepare: func(w world) {
			set(w.Organizations[0].AuditLog[0], "actor", "null")
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(w *githubtest.World) {
				today()
				ofOctocat(w, test.today)
				test.prepare(w)
			}, func(b *bench) {
				b.also = audit.FactCreated
				evidence := b.mustCollect()
				token, by, known := evidence.Tokens[0], test.by, true
				switch by {
				case "":
					by = "octocat"
				case "nobody":
					by, known = "", false
				}
				role := audit.RoleUnknown
				if then := token.ApproverRole; then != nil {
					role = then.Role
				}
				if token.ApprovedBy != by || role != test.role ||
					token.Known.Has(audit.FactApproval) != known {
					b.t.Errorf("by %q (known: %t), %q then", token.ApprovedBy,
						token.Known.Has(audit.FactApproval), role)
				}
				c := evidence.CoverageOf(audit.SourceAuditLog)
				if !strings.Contains(c.Reason.String(), test.note) {
					b.t.Errorf("coverage %+v", c)
				}
			})
		})
	}
}

// TestRoleThen tells of every life of up to three changes what its owner was on the day of the
// approval, or nothing; and nothing only if the log does not tell: they were removed since.
func TestRoleThen(t *testing.T) {
	days := []int{-30, -10, -5}
	steps := []string{"none", "changed", "back as a member", "back as an owner"}
	for life := range len(steps) * len(steps) * len(steps) * 2 {
		if !tenth(life / 2) {
			continue
		}
		inBubble(t, func(w *githubtest.World) {
			today()
			ofOctocat(w, "member")
		}, func(b *bench) {
			o, role, left := b.world.Organizations[0], []string{read, admin}[life%2], life/2
			then, away := "", false
			for _, day := range days {
				if then == "" && day > -20 {
					then = role
				}
				step := steps[left%len(steps)]
				left /= len(steps)
				switch step {
				case "none":
					continue
				case "changed":
					next := map[string]string{read: admin, admin: read}[role]
					roleChange(b.world, day, role, next)
					role = next
					continue
				case "back as a member":
					role = read
				case "back as an owner":
					role = admin
				}
				happened(b.world, removed, day, nil).User = "octocat"
				away = away || day > -20
			}
			o.Members[0].Role = map[string]string{read: "member", admin: "admin"}[role]
			b.also = audit.FactCreated
			got := audit.RoleUnknown
			if then := b.mustCollect().Tokens[0].ApproverRole; then != nil {
				got = then.Role
			}
			want := map[string]audit.Role{read: audit.RoleMember, admin: audit.RoleAdmin}[then]
			if got != want && (got != audit.RoleUnknown || !away) {
				t.Errorf("life %d: %q, want %q", life, got, want)
			}
		})
	}
}
