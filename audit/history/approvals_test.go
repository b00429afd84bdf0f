// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/complytime/pataudit/audit"
)

// TestApprovals holds that who approved a grant stays known of that grant, and what its owner was
// seen as; that a run remembers what was known then; and that forgetting and pruning take both.
func TestApprovals(t *testing.T) {
	onBoth(t, func(t *testing.T, at string) {
		ctx, s := context.Background(), opened(t, at)
		as := func(id int64, role audit.Role, approver string) *audit.Token {
			one := token(id)
			one.Owner = &audit.Member{ID: 5, Login: "Octocat", Role: role}
			if one.ApprovedBy = approver; approver == "" {
				one.Known &^= audit.FactApproval
			} else {
				one.ApproverRole = &audit.RoleThen{Role: audit.RoleMember, Until: day(1)}
			}
			return one
		}
		save := func(on int, tokens ...*audit.Token) int64 {
			t.Helper()
			e := judged(seen(day(on), tokens...))
			e.Memory = recalled(t, s, day(on))
			return saved(t, s, e)
		}
		save(1, as(1, audit.RoleAdmin, "octocat"), as(2, audit.RoleAdmin, "hubot"))
		save(2, as(1, audit.RoleAdmin, ""), as(2, audit.RoleAdmin, ""))
		last := save(3, as(1, audit.RoleMember, ""), as(3, audit.RoleMember, ""))
		save(4, as(3, audit.RoleMember, "octocat"))

		own := audit.Approval{Own: true, Role: audit.RoleMember, Until: day(1)}
		other := audit.Approval{Role: audit.RoleMember, Until: day(1)}
		admin := audit.RoleSeen{Role: audit.RoleAdmin, First: day(1), Last: day(2)}
		member := audit.RoleSeen{Role: audit.RoleMember, First: day(3), Last: day(4)}
		m := recalled(t, s, time.Time{})
		want := map[int64]audit.Approval{1: own, 2: other, 3: own}
		if diff := cmp.Diff(want, m.Approvals); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(map[int64][]audit.RoleSeen{5: {admin, member}}, m.Roles); diff != "" {
			t.Error(diff)
		}
		kept := func() {
			t.Helper()
			m, err := s.Memory(ctx, last)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(map[int64]audit.Approval{1: own}, m.Approvals); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(map[int64][]audit.RoleSeen{1: {admin}}, m.GrantRoles); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff([]time.Time{day(1), day(2)}, m.Runs); diff != "" {
				t.Error(diff)
			}
		}
		kept()
		if _, err := s.Forget(ctx, []string{"OCTOCAT"}, func(*Words) error { return nil }); err != nil {
			t.Fatal(err)
		}
		kept() // it names nobody
		if m = recalled(t, s, time.Time{}); len(m.Roles) != 0 {
			t.Errorf("still known: %+v", m.Roles)
		}
		if _, err := s.Prune(ctx, day(9)); err != nil {
			t.Fatal(err)
		}
		if m = recalled(t, s, time.Time{}); len(m.Approvals) != 1 || m.Approvals[3] != own {
			t.Errorf("of grants that are gone: %+v", m.Approvals)
		}
	})
}
