// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"database/sql"

	"github.com/complytime/pataudit/audit"
)

// approvalSeen is what the audit log had on who approved a grant. The log forgets it.
type approvalSeen struct {
	own          bool // the token's own owner did
	role         text // of the owner then; '' if the log did not have it
	since, until int64
}

var approvalTable = &stretchTable[approvalSeen]{
	name: "pataudit_approvals", of: "token",
	columns: []string{"own", "role", "role_since", "role_until"},
	fields:  func(a *approvalSeen) []any { return []any{&a.own, &a.role, &a.since, &a.until} },
}

// approvalOf returns what evidence has on who approved a token; false if that is nothing.
func approvalOf(t *audit.Token) (seen approvalSeen, known bool) {
	a, known := audit.ApprovalOf(t)
	return approvalSeen{a.Own, text(a.Role), micros(a.Since), micros(a.Until)}, known
}

// roleTable has what runs saw the owners of tokens as.
var roleTable = &stretchTable[text]{
	name: "pataudit_roles", of: "person", columns: []string{"role"},
	fields: func(role *text) []any { return []any{role} },
}

// roleOf returns the id of a token's owner, and what the evidence says that this person is; false
// if it says neither.
func roleOf(t *audit.Token) (person int64, role text, known bool) {
	if t.Owner == nil || t.Owner.ID == 0 || !t.Known.Has(audit.FactMembership) {
		return 0, "", false
	}
	return t.Owner.ID, text(t.Owner.Role), t.Owner.Role != audit.RoleUnknown
}

// recallApprovals recalls who approved grants, as was known then, and what owners were seen as.
func recallApprovals(
	ctx context.Context, tx *sql.Tx, m *audit.Memory, identity text, before int64,
) error {
	m.Approvals, m.Roles = map[int64]audit.Approval{}, map[int64][]audit.RoleSeen{}
	if err := approvalTable.recall(ctx, tx, identity, before, func(row stretch[approvalSeen]) {
		a := audit.Approval{
			Own: row.seen.own, Role: audit.Role(row.seen.role), Since: instant(row.seen.since),
			Until: instant(row.seen.until),
		}
		if was := m.Approvals[row.of]; a.Own && a.Role == audit.RoleUnknown && was.Own {
			a = was // it told more, then
		}
		m.Approvals[row.of] = a
	}); err != nil {
		return err
	}
	return roleTable.recall(ctx, tx, identity, before, func(row stretch[text]) {
		m.Roles[row.of] = append(m.Roles[row.of], audit.RoleSeen{
			Role: audit.Role(row.seen), First: instant(row.first), Last: instant(row.last),
		})
	})
}

// pastApproval is who approved a grant, as it is stored with a run. It names no person.
type pastApproval struct {
	Own   bool       `json:"own"`
	Role  string     `json:"role,omitzero"`
	Since int64      `json:"since"`
	Until int64      `json:"until"`
	Known bool       `json:"known"`           // earlier runs knew it
	Roles []pastRole `json:"roles,omitempty"` // of the token's owner
}

// pastRole is what runs saw an owner as.
type pastRole struct {
	Role  string `json:"role"`
	First int64  `json:"first"`
	Last  int64  `json:"last"`
}

// encodeApprovals puts into the row what is remembered of who approved a run's tokens, and of the
// owners who did themselves.
func encodeApprovals(row *memoryRow, m *audit.Memory, run *audit.Run) {
	row.Approvals = map[int64]pastApproval{}
	own := false
	for result := range run.Results() {
		t := result.Token
		a, known := m.Approvals[t.ID]
		past := pastApproval{
			Own: a.Own, Role: string(a.Role), Since: micros(a.Since), Until: micros(a.Until), Known: known,
		}
		now, _ := audit.ApprovalOf(t)
		if t.Owner != nil && (a.Own || now.Own) {
			for _, seen := range m.Roles[t.Owner.ID] {
				past.Roles = append(past.Roles, pastRole{
					string(seen.Role), micros(seen.First), micros(seen.Last),
				})
			}
		}
		if known || past.Roles != nil {
			row.Approvals[t.ID] = past
		}
		own = own || past.Roles != nil
	}
	if !own {
		return
	}
	for _, at := range m.Runs {
		row.Runs = append(row.Runs, micros(at))
	}
}

// decodeApprovals is the inverse.
func decodeApprovals(m *audit.Memory, row *memoryRow) {
	m.Approvals, m.GrantRoles = map[int64]audit.Approval{}, map[int64][]audit.RoleSeen{}
	for grant, past := range row.Approvals {
		if past.Known {
			m.Approvals[grant] = audit.Approval{
				Own: past.Own, Role: audit.Role(past.Role), Since: instant(past.Since),
				Until: instant(past.Until),
			}
		}
		for _, seen := range past.Roles {
			m.GrantRoles[grant] = append(m.GrantRoles[grant], audit.RoleSeen{
				Role: audit.Role(seen.Role), First: instant(seen.First), Last: instant(seen.Last),
			})
		}
	}
	for _, at := range row.Runs {
		m.Runs = append(m.Runs, instant(at))
	}
}
