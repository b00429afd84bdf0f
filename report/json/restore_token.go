// SPDX-License-Identifier: Apache-2.0

package json

import (
	"fmt"
	"slices"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/words"
)

// What the report says of a token, a request or a finding, read back.

func (r *restorer) result(w *resultObject, list string) *audit.Result {
	place := fmt.Sprintf("%s/%d/", list, w.ID)
	known := tokenFacts &^ r.facts(place+"unknown", w.Unknown)
	t := &audit.Token{
		ID: w.ID, TokenID: orZero(w.TokenID), Name: w.Name,
		Selection:  audit.Selection(orZero(w.Selection)),
		GrantedAt:  r.instant(place+"granted_at", w.GrantedAt),
		CreatedAt:  r.instant(place+"token_created_at", w.TokenCreated),
		ExpiresAt:  r.instant(place+"expires_at", w.ExpiresAt),
		LastUsedAt: r.instant(place+"last_used_at", w.LastUsedAt),
		ApprovedBy: orZero(w.ApprovedBy), Expired: orZero(w.Expired), Known: known,
	}
	if w.TokenCreated != nil {
		t.Known |= audit.FactCreated
	}
	if w.ApprovedBy != nil {
		t.Known |= audit.FactApproval
	}
	if w.Permissions != nil {
		t.Permissions = *w.Permissions
	}
	t.Owner = r.owner(w.Owner, known)
	t.Repositories = r.reached(w.Repositories)
	result := &audit.Result{
		Token: t, Severity: r.severity(place+"severity", w.Severity),
		Past: r.past(place, w), Gained: w.Gained, Lapsed: w.Lapsed,
		Registration: r.registration(place, w.Owner),
		Findings:     make([]*audit.Finding, len(w.Findings)),
	}
	for i := range w.Findings {
		f := r.finding(place+"findings/", &w.Findings[i], t)
		result.Findings[i] = f
		if f.Status == audit.Fail && !f.InBaseline {
			result.New = max(result.New, f.Severity)
		}
	}
	if len(w.Successors) > 0 {
		successors := make([]*audit.Successor, len(w.Successors))
		for i := range w.Successors {
			successors[i] = r.successor(&w.Successors[i], t)
		}
		result.Propose = func(*audit.Result) []*audit.Successor { return successors }
	}
	if debt := r.wire.Debt; debt == nil || debt.Left == 0 {
		result.New = result.Severity // whatever of it the view left out
	}
	return result
}

func (r *restorer) request(w *requestObject) *audit.Result {
	result := r.result(&w.resultObject, "requests")
	result.Request = &audit.Request{
		Token: result.Token, Reason: w.Reason,
		CreatedAt: r.instant(fmt.Sprintf("requests/%d/created_at", w.ID), w.CreatedAt),
	}
	if words.Denial(result, r.part.AsOf) != w.Denial {
		result.Request.Denial = w.Denial // of what the view left out, too
	}
	return result
}

// successor returns what was proposed in place of a token: its settings, for nobody judges it
// again.
func (r *restorer) successor(w *successorObject, old *audit.Token) *audit.Successor {
	const settings = audit.FactSelection | audit.FactRepositories | audit.FactPermissions
	t := *old
	t.Selection = audit.Selection(orZero(w.Selection))
	t.Permissions, t.Repositories, t.Known = nil, r.reached(w.Repositories), t.Known&^settings
	if w.Name != nil {
		t.Name = *w.Name
	}
	if w.Permissions != nil {
		t.Permissions, t.Known = *w.Permissions, t.Known|audit.FactPermissions
	}
	if w.Selection != nil {
		t.Known |= audit.FactSelection
	}
	if w.Repositories != nil {
		t.Known |= audit.FactRepositories
	}
	return &audit.Successor{
		Token: &t, MaxDays: orZero(w.MaxDays), MaxRepositories: orZero(w.MaxRepositories),
		Visibility: orZero(w.Visibility), LeftOut: r.reached(&w.LeftOut),
		NeedsWaivers: w.NeedsWaivers, StillFails: w.StillFails,
	}
}

// owner returns the one Member that the report says the same of. A role that is not said, though
// the membership is known, is that of someone who is not a member, and may be a collaborator.
func (r *restorer) owner(w *Owner, known audit.Facts) *audit.Member {
	if w == nil {
		return nil
	}
	key := memberKey{login: w.Login, id: w.ID, role: orZero(w.Role)}
	if key.role == "" && known.Has(audit.FactMembership) {
		key.role = string(audit.RoleNotMember)
	}
	if w.TwoFactor != nil {
		key.factor = 1
		if *w.TwoFactor {
			key.factor = 2
		}
	}
	if r.members[key] == nil {
		r.members[key] = &audit.Member{
			ID: w.ID, Login: w.Login, Role: audit.Role(key.role), TwoFactor: w.TwoFactor,
		}
	}
	return r.members[key]
}

// registration returns the one entry of a registry that the report says the same of; nil if the
// owner has none.
func (r *restorer) registration(place string, w *Owner) *audit.Registration {
	if w == nil || w.Kind == "" && w.Team+w.Contact+w.Service == "" {
		return nil
	}
	switch {
	case r.wire.Registry == nil:
		r.fail(place+"owner/kind", "is of a registry, and there was none")
	case !slices.Contains(audit.OwnerKinds, audit.OwnerKind(w.Kind)):
		r.fail(place+"owner/kind", "is no kind of owner: %q", w.Kind)
	}
	key := *w
	key.Role, key.TwoFactor = nil, nil
	if r.registered[key] == nil {
		r.registered[key] = &audit.Registration{
			Login: w.Login, Kind: audit.OwnerKind(w.Kind), Team: w.Team, Contact: w.Contact,
			Service: w.Service,
		}
	}
	return r.registered[key]
}

func (r *restorer) reached(names *[]string) []*audit.Repository {
	if names == nil {
		return nil
	}
	repositories := make([]*audit.Repository, len(*names))
	for i, name := range *names {
		if r.repositories[name] == nil {
			r.repositories[name] = &audit.Repository{Name: name}
		}
		repositories[i] = r.repositories[name]
	}
	return repositories
}

func (r *restorer) finding(place string, w *findingObject, t *audit.Token) *audit.Finding {
	place += w.Rule + "/"
	f := &audit.Finding{
		Rule: r.byRule[w.Rule], Status: r.status(place+"status", w.Status),
		Severity: r.severity(place+"severity", w.Severity),
		Message:  w.Message, Basis: w.Basis, Missing: r.facts(place+"missing", w.Missing),
		Override: orZero(w.Override), InBaseline: w.InBaseline, More: w.MoreOwed,
		FirstSeen: r.instant(place+"first_seen", w.FirstSeen), Due: r.instant(place+"due", w.Due),
		Overdue: w.Overdue,
	}
	if f.Rule == nil {
		r.fail(place+"rule", "is not among the rules of the report")
		f.Rule = &audit.PolicyRule{Rule: &audit.Rule{ID: w.Rule}}
	}
	if w.Waiver != nil {
		f.Waiver = r.waiver(place+"waiver/", w, t)
	}
	if w.Exceeded != nil {
		f.Exceeded, f.More = r.exceeded(place+"exceeded/", w, t), w.Exceeded.More
	}
	return f
}

func (r *restorer) status(place, name string) audit.Status {
	for _, s := range []audit.Status{
		audit.Indeterminate, audit.NotApplicable, audit.Pass, audit.Fail, audit.Waived,
	} {
		if s.String() == name {
			return s
		}
	}
	r.fail(place, "is no status: %q", name)
	return audit.Indeterminate
}

// bound starts a waiver of the token's finding.
func bound(rule string, t *audit.Token) *audit.Decision {
	d := &audit.Decision{Kind: audit.Waive, Rule: rule, TokenID: t.TokenID}
	if t.Owner != nil {
		d.OwnerID = t.Owner.ID
	}
	return d
}

func (r *restorer) waiver(place string, w *findingObject, t *audit.Token) *audit.Decision {
	d := bound(w.Rule, t)
	d.Reason, d.By, d.Ticket = w.Waiver.Reason, w.Waiver.By, w.Waiver.Ticket
	d.On, d.Until = r.day(place+"on", w.Waiver.On), r.day(place+"until", w.Waiver.Until)
	return d
}

// exceeded returns the waiver that does not cover a finding. Its reason stands among the
// decisions.
func (r *restorer) exceeded(place string, w *findingObject, t *audit.Token) *audit.Decision {
	d := bound(w.Rule, t)
	d.By, d.Until = w.Exceeded.By, r.day(place+"until", w.Exceeded.Until)
	for _, other := range r.decisions {
		if other.Kind == d.Kind && other.Rule == d.Rule && other.TokenID == d.TokenID &&
			other.OwnerID == d.OwnerID && other.By == d.By && other.Until.Equal(d.Until) {
			d.Reason, d.Ticket, d.On = other.Reason, other.Ticket, other.On
		}
	}
	if len(w.Exceeded.More) == 0 {
		r.fail(place+"more", "does not say what exceeds the waiver")
	}
	return d
}
