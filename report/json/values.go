// SPDX-License-Identifier: Apache-2.0

package json

import (
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/encode"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// tokenFacts are those of a token. A null of one that is unknown is no value.
const tokenFacts = audit.FactSelection | audit.FactPermissions | audit.FactGranted |
	audit.FactExpiry | audit.FactLastUsed | audit.FactOwner | audit.FactRepositories |
	audit.FactMembership | audit.FactTwoFactor

func resultObjectOf(r *audit.Result, findings []*audit.Finding) *resultObject {
	t := r.Token
	w := &resultObject{
		ID: t.ID, TokenID: encode.OrNull(t.TokenID), Name: t.Name,
		Owner:      ownerOf(r),
		Selection:  encode.OrNull(string(t.Selection)),
		GrantedAt:  encode.Instant(t.GrantedAt),
		ExpiresAt:  encode.Instant(t.ExpiresAt),
		LastUsedAt: encode.Instant(t.LastUsedAt),
		Unknown:    (tokenFacts &^ t.Known).Names(),
		Severity:   encode.Severity(r.Severity),
		Findings:   make([]findingObject, 0, len(findings)),
	}
	if view.HasList(t) {
		names := view.NamesOf(t.Repositories)
		w.Repositories = &names
	}
	if t.Known.Has(audit.FactPermissions) {
		w.Permissions = (*permissionsObject)(&t.Permissions)
	}
	if t.Known.Has(audit.FactExpiry) {
		w.Expired = &t.Expired
	}
	if t.Expired {
		w.ExpiresAt = nil
	}
	if n, known := view.GrantedDays(t); known {
		w.GrantedDays = &n
	}
	w.TokenCreated, w.ApprovedBy = encode.Instant(t.CreatedAt), encode.OrNull(t.ApprovedBy)
	w.history(r)
	for _, f := range findings {
		w.Findings = append(w.Findings, findingObjectOf(f, t))
	}
	for _, s := range r.Successors() {
		w.Successors = append(w.Successors, successorObjectOf(s, t))
	}
	return w
}

func requestObjectOf(r *audit.Result, findings []*audit.Finding, asOf time.Time) *requestObject {
	w := &requestObject{
		resultObject: *resultObjectOf(r, findings), Reason: r.Request.Reason,
		CreatedAt: encode.Instant(r.Request.CreatedAt), Denial: words.Denial(r, asOf),
	}
	if n, known := view.Age(r.Request, asOf); known {
		w.AgeDays = &n
	}
	return w
}

func successorObjectOf(s *audit.Successor, old *audit.Token) successorObject {
	w := successorObject{
		Selection:       encode.OrNull(string(s.Token.Selection)),
		Visibility:      encode.OrNull(s.Visibility),
		MaxRepositories: encode.OrNull(s.MaxRepositories),
		LeftOut:         view.NamesOf(s.LeftOut),
		MaxDays:         encode.OrNull(s.MaxDays),
		NeedsWaivers:    s.NeedsWaivers,
		StillFails:      s.StillFails,
	}
	if s.Token.Name != old.Name {
		w.Name = &s.Token.Name
	}
	if view.HasList(s.Token) {
		names := view.NamesOf(s.Token.Repositories)
		w.Repositories = &names
	}
	if s.Token.Known.Has(audit.FactPermissions) {
		w.Permissions = (*permissionsObject)(&s.Token.Permissions)
	}
	return w
}

// ownerOf returns who owns a result's token, with what the registry says; nil if nobody is known.
func ownerOf(r *audit.Result) *Owner {
	owner := OwnerOf(r.Token)
	if e := r.Registration; e != nil && owner != nil {
		owner.Kind, owner.Team, owner.Contact = string(e.Kind), e.Team, e.Contact
		owner.Service = e.Service
	}
	return owner
}

// OwnerOf returns who owns a token; nil if that is not known.
func OwnerOf(t *audit.Token) *Owner {
	if t.Owner == nil {
		return nil
	}
	owner := &Owner{Login: t.Owner.Login, ID: t.Owner.ID, TwoFactor: t.Owner.TwoFactor}
	if t.Known.Has(audit.FactMembership) && t.Owner.Role != audit.RoleNotMember {
		owner.Role = encode.OrNull(string(t.Owner.Role))
	}
	return owner
}

func findingObjectOf(f *audit.Finding, t *audit.Token) findingObject {
	w := findingObject{
		Rule:     f.Rule.Rule.ID,
		Status:   f.Status.String(),
		Severity: encode.Severity(f.Severity),
		Message:  f.Message,
		Basis:    f.Basis,
		Remedy:   f.Rule.Rule.Remedy,
		Missing:  f.Missing.Names(),

		Waiver:     waiverObjectOf(f.Waiver, t),
		Exceeded:   exceededObjectOf(f),
		Override:   encode.OrNull(f.Override),
		InBaseline: f.InBaseline,
	}
	if f.Exceeded == nil {
		w.MoreOwed = f.More
	}
	w.history(f)
	return w
}

func summaryObjectOf(s *audit.Summary, contradicted int) summaryObject {
	return summaryObject{
		Contradicted: contradicted,
		Tokens:       s.Tokens, TokensActive: s.Active, TokensFailing: s.Failing,
		TokensViolating: s.Violating, TokensBySeverity: severitiesObjectOf(&s.ByWorst),
		ViolatingBy: severitiesObjectOf(&s.ViolatingBy), IndebtedBy: severitiesObjectOf(&s.IndebtedBy),
		People: s.People, Requests: s.Requests, RequestsViolating: s.RequestsViolating,
		BySeverity: severitiesObjectOf(&s.BySeverity), Overdue: s.Overdue,
		Findings: statusesObject{
			Fail:          s.Findings[audit.Fail],
			Waived:        s.Findings[audit.Waived],
			Indeterminate: s.Findings[audit.Indeterminate],
			Pass:          s.Findings[audit.Pass],
			NotApplicable: s.Findings[audit.NotApplicable],
		},
	}
}

func severitiesObjectOf(counts *[audit.Critical + 1]int) severitiesObject {
	return severitiesObject{
		Critical: counts[audit.Critical], High: counts[audit.High], Medium: counts[audit.Medium],
		Low: counts[audit.Low], Info: counts[audit.Info],
	}
}

func rulesObjectOf(rules []audit.RuleCount) []ruleObject {
	wire := make([]ruleObject, len(rules))
	for i, r := range rules {
		wire[i] = ruleObject{
			ID: r.Rule.ID, Title: r.Rule.Title, Severity: r.Severity.String(),
			Asked: r.Asked, NotAsked: string(r.NotAsked), Required: r.Required,
			Fail:          r.Counts[audit.Fail],
			Waived:        r.Counts[audit.Waived],
			Indeterminate: r.Counts[audit.Indeterminate],
			Pass:          r.Counts[audit.Pass],
			NotApplicable: r.Counts[audit.NotApplicable],
		}
	}
	return wire
}

func coverageObjectOf(coverage []audit.Coverage) []coverageObject {
	wire := make([]coverageObject, len(coverage))
	for i, c := range coverage {
		wire[i] = coverageObject{
			c.Source, string(c.Status), c.Items, c.Requests, c.Reason.String(), c.Reason,
		}
	}
	return wire
}

// viewObjectOf returns nil for a view that leaves nothing out.
func viewObjectOf(v *view.View) *viewObject {
	if !v.Filter.Active() && v.Only == "" {
		return nil
	}
	return &viewObject{
		Only: encode.OrNull(v.Only), Rules: v.Filter.Rules, Owners: v.Filter.Owners,
		Repositories: v.Filter.Repositories, Severity: encode.Severity(v.Filter.Severity),
	}
}
