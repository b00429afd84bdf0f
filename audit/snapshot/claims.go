// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"errors"
	"fmt"
	"slices"

	"github.com/complytime/pataudit/audit"
)

// What a snapshot says that it knows, it must hold: a fact without its value, or a complete source
// with fewer rows than it counted, would read cleaner than what was seen.

// checkClaims holds a token's known facts against its values.
func checkClaims(t *audit.Token) error {
	const ofOwner = audit.FactOwner | audit.FactMembership | audit.FactTwoFactor
	documented := t.Selection == audit.SelectNone || t.Selection == audit.SelectAll ||
		t.Selection == audit.SelectSubset
	switch {
	case t.TokenID < 0:
		return fmt.Errorf("token_id: %d is no id", t.TokenID)
	case t.Known&ofOwner != 0 && t.Owner == nil:
		return fmt.Errorf("known: %s, but there is no owner", t.Known&ofOwner)
	case t.Known.Has(audit.FactSelection) && !documented:
		return fmt.Errorf("known: selection, but it is %.40q", t.Selection)
	case t.Known.Has(audit.FactPermissions) && t.Permissions == nil:
		return errors.New("known: permissions, but there is no set, not even an empty one")
	case t.Known.Has(audit.FactRepositories) && t.Selection == audit.SelectSubset &&
		t.Repositories == nil:
		return errors.New("known: repositories, but there is no list, not even an empty one")
	case t.Known.Has(audit.FactCreated) && t.CreatedAt.IsZero():
		return errors.New("known: created, but it does not say when")
	case t.Known.Has(audit.FactCreated) && !t.ExpiresAt.IsZero() && t.CreatedAt.After(t.ExpiresAt):
		return errors.New("known: created, but after it expires")
	case t.Known.Has(audit.FactApproval) && t.ApprovedBy == "":
		return errors.New("known: approval, but it does not say by whom")
	case t.ApproverRole != nil && t.ApproverRole.Role != "" && !t.ApproverRole.Role.IsMember():
		return fmt.Errorf("approver_role: %.40q is unknown", t.ApproverRole.Role)
	}
	return nil
}

// checkSet refuses a permission that is in a set twice: the levels could contradict each other.
func checkSet(set []audit.Permission) error {
	for i, p := range set {
		if slices.ContainsFunc(set[:i], func(q audit.Permission) bool {
			return p.Group == q.Group && p.Name == q.Name
		}) {
			return fmt.Errorf("%.40q is there twice", p.Name)
		}
	}
	return nil
}

// checkBalance holds the complete sources against the rows that there are.
func checkBalance(e *audit.Evidence) error {
	if e.Organization == nil {
		return errors.New("organization: there is none")
	}
	if e.Organization.Known.Has(audit.FactOrganizationRepositories) &&
		e.Organization.Repositories == nil {
		return errors.New("organization_repositories are known, but there is no list")
	}
	rows := map[string]int{
		audit.SourceTokens:                   len(e.Tokens),
		audit.SourceRequests:                 len(e.Requests),
		audit.SourceOrganizationRepositories: len(e.Organization.Repositories),
		audit.SourceAuthorizations:           len(e.Classic),
	}
	for _, c := range e.Coverage {
		n, counted := rows[c.Source]
		switch {
		case c.Status != audit.Complete:
		case c.Source == audit.SourceOrganizationRepositories &&
			!e.Organization.Known.Has(audit.FactOrganizationRepositories):
			// they were had, and not believed
		case counted && c.Items != n:
			return fmt.Errorf("%s: %d were had, but %d are here", c.Source, c.Items, n)
		case c.Source == audit.SourceAuthorizations && e.Classic == nil:
			return fmt.Errorf("%s: complete, but there is no list, not even an empty one", c.Source)
		case c.Source == audit.SourceOrganization && e.Organization.ID <= 0:
			return fmt.Errorf("%s: complete, but it has no id", c.Source)
		}
	}
	return checkManifest(e)
}
