// SPDX-License-Identifier: Apache-2.0

package privacy

import (
	"cmp"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
)

// Tokens, findings and decisions with stand-ins.

// withheld stands for what a person wrote.
const withheld = "withheld"

// withhold is withheld, or nothing where there was nothing.
func withhold(text string) string {
	if text == "" {
		return ""
	}
	return withheld
}

func (r *redactor) grantID(result *audit.Result) int64 {
	if result.Request != nil {
		return r.id(requestIDs, result.Token.ID)
	}
	return r.token(result.Token).ID
}

func (r *redactor) result(old *audit.Result) *audit.Result {
	redacted := &audit.Result{
		Severity: old.Severity, New: old.New, Token: r.token(old.Token),
		Registration: r.registration(old.Registration),
	}
	if q := old.Request; q != nil {
		redacted.Token.ID = r.grantID(old)
		redacted.Request = &audit.Request{
			Token: redacted.Token, Reason: withhold(q.Reason), CreatedAt: q.CreatedAt,
		}
	}
	if len(old.Gained) > 0 {
		redacted.Gained = r.gained(old, old.Gained)
	}
	if len(old.Lapsed) > 0 {
		redacted.Lapsed = r.gained(old, old.Lapsed)
	}
	if past := old.Past; past != nil { // but not by which rules it failed
		redacted.Past = &audit.Past{FirstSeen: past.FirstSeen, ExpiresAt: past.ExpiresAt}
	}
	redacted.Findings = r.findings(old, old.Findings)
	if old.Judge != nil {
		redacted.Judge = func(*audit.Result) []*audit.Finding { return r.findings(old, old.All()) }
	}
	return redacted
}

// findings returns those of a result that may be shown, and one for what may not.
func (r *redactor) findings(
	old *audit.Result, findings []*audit.Finding,
) (redacted []*audit.Finding) {
	for _, f := range findings {
		if !restsOnOwner(f.Rule.Rule) || f.Status == audit.Indeterminate {
			redacted = append(redacted, r.finding(f))
		}
	}
	if hidden := r.hidden(old); hidden != nil {
		redacted = append(redacted, &audit.Finding{
			Rule: &r.withheld.PolicyRule, Status: hidden.Status, Severity: hidden.Severity,
			Message: "by the owner's role or second factor, which is left out",
			Waiver:  r.decision(hidden.Waiver), InBaseline: hidden.InBaseline,
			Overdue: slices.ContainsFunc(old.Findings, func(f *audit.Finding) bool {
				return restsOnOwner(f.Rule.Rule) && f.Overdue
			}),
		})
	}
	return redacted
}

// hidden returns the finding that stands for those that are left out: the one that counts most;
// nil if none of them fails.
func (r *redactor) hidden(old *audit.Result) (most *audit.Finding) {
	weight := func(f *audit.Finding) int {
		switch {
		case f.Status != audit.Fail:
			return 0
		case f.InBaseline:
			return 1
		}
		return 2
	}
	for _, f := range old.Findings {
		if !restsOnOwner(f.Rule.Rule) || f.Status != audit.Fail && f.Status != audit.Waived {
			continue
		}
		if most == nil || cmp.Or(cmp.Compare(weight(f), weight(most)),
			cmp.Compare(f.Severity, most.Severity)) > 0 {
			most = f
		}
	}
	return most
}

// namesNobody reports whether an element of a basis, or of what exceeds it, can be shown as it is:
// every repository; a permission, which is called as GitHub calls it; how much graver it is.
func namesNobody(element string) bool {
	for now := audit.Info; now <= audit.Critical; now++ {
		for accepted := audit.NoSeverity; accepted < now; accepted++ {
			if element == audit.GraverThanAccepted(now, accepted) {
				return true
			}
		}
	}
	p := audit.ParsePermission(element)
	return element == audit.EveryRepository || p.String() == element &&
		slices.Contains([]string{
			audit.GroupRepository, audit.GroupOrganization, audit.GroupOther,
		}, p.Group) &&
		slices.Contains([]string{audit.LevelRead, audit.LevelWrite, audit.LevelAdmin}, p.Level) &&
		p.Name != "" && strings.Trim(p.Name, "abcdefghijklmnopqrstuvwxyz_") == ""
}

// basis lists what a finding rests on. Whatever is no permission has a stand-in, so that what a
// waiver covers can still be compared.
func (r *redactor) basis(elements []string) []string {
	redacted := make([]string, len(elements))
	for i, element := range elements {
		if redacted[i] = element; !namesNobody(element) {
			redacted[i] = r.text(kindBasis, element)
		}
	}
	slices.Sort(redacted)
	return redacted
}

// gained lists rights as a basis does, and repositories by their stand-ins.
func (r *redactor) gained(old *audit.Result, rights []string) []string {
	redacted := r.basis(rights)
	for _, repository := range old.Token.Repositories {
		if reached := audit.Reaches(repository); slices.Contains(rights, reached) {
			i := slices.Index(redacted, r.text(kindBasis, reached))
			redacted[i] = audit.Reaches(r.repositoryOf(repository))
		}
	}
	slices.Sort(redacted)
	return redacted
}

func (r *redactor) finding(f *audit.Finding) *audit.Finding {
	redacted := *f
	redacted.Rule = r.rule(f.Rule)
	redacted.Override = r.text(kindOverride, f.Override)
	redacted.Basis = r.basis(f.Basis)
	redacted.Waiver = r.decision(f.Waiver)
	redacted.Exceeded = r.decision(f.Exceeded)
	if len(f.More) > 0 {
		redacted.More = r.basis(f.More)
	}
	redacted.Message = redacted.Rule.Rule.Title
	if f.Status == audit.Indeterminate {
		redacted.Message = "cannot be judged"
	}
	return &redacted
}

// rule returns a rule without its parameters, which list names.
func (r *redactor) rule(old *audit.PolicyRule) *audit.PolicyRule {
	if r.rules[old] == nil {
		redacted := *old
		redacted.Checker = nil
		r.rules[old] = &redacted
	}
	return r.rules[old]
}

func (r *redactor) token(old *audit.Token) *audit.Token {
	if old == nil {
		return nil
	}
	if r.tokens[old] == nil {
		r.tokens[old] = &audit.Token{ // whatever is not named here is left out
			ID: r.id(grantIDs, old.ID), TokenID: r.id(tokenIDs, old.TokenID),
			Name: r.text(kindName, old.Name), ApprovedBy: r.text(kindPerson, old.ApprovedBy),
			Owner: r.member(old.Owner), Repositories: r.reached(old.Repositories),
			Selection: old.Selection, Permissions: old.Permissions,
			GrantedAt: old.GrantedAt, CreatedAt: old.CreatedAt, ExpiresAt: old.ExpiresAt,
			LastUsedAt: old.LastUsedAt, Expired: old.Expired,
			Known: old.Known &^ ownerFacts,
		}
	}
	return r.tokens[old]
}

func (r *redactor) member(old *audit.Member) *audit.Member {
	if old == nil {
		return nil
	}
	if r.members[old] == nil {
		r.members[old] = &audit.Member{
			ID: r.id(ownerIDs, old.ID), Login: r.text(kindPerson, old.Login),
		}
	}
	return r.members[old]
}

// reached returns the stand-ins of repositories, in the order of their names.
// registration has a stand-in for each person and name: teams and services are called as their
// people like.
func (r *redactor) registration(old *audit.Registration) *audit.Registration {
	if old == nil {
		return nil
	}
	if r.registered[old] == nil {
		r.registered[old] = &audit.Registration{ // whatever is not named here is left out
			Login: r.text(kindPerson, old.Login), Kind: old.Kind, Team: r.text(kindTeam, old.Team),
			Contact: r.text(kindPerson, old.Contact), Service: r.text(kindService, old.Service),
		}
	}
	return r.registered[old]
}

func (r *redactor) reached(old []*audit.Repository) []*audit.Repository {
	if old == nil {
		return nil
	}
	redacted := make([]*audit.Repository, len(old))
	for i, repository := range old {
		redacted[i] = r.repositoryOf(repository)
	}
	slices.SortFunc(redacted, func(a, b *audit.Repository) int { return cmp.Compare(a.Name, b.Name) })
	return redacted
}

func (r *redactor) repositoryOf(old *audit.Repository) *audit.Repository {
	if r.repositories[old] == nil {
		redacted := &audit.Repository{
			ID: r.id(repositoryIDs, old.ID), Name: old.Name, Visibility: old.Visibility,
		}
		if !isPublic(old) {
			redacted.Name = r.repository(old.Name, r.run.Organization.Login)
		}
		r.repositories[old] = redacted
	}
	return r.repositories[old]
}

func (r *redactor) decision(old *audit.Decision) *audit.Decision {
	if old == nil {
		return nil
	}
	if r.decisions[old] == nil {
		r.decisions[old] = &audit.Decision{ // whatever is not named here is left out
			TokenID: r.id(tokenIDs, old.TokenID), OwnerID: r.id(ownerIDs, old.OwnerID),
			Kind: old.Kind, Rule: old.Rule, Severity: old.Severity, On: old.On, Until: old.Until,
			By: r.text(kindPerson, old.By), Reason: withhold(old.Reason), Ticket: withhold(old.Ticket),
			Purpose: withhold(old.Purpose), Consumer: withhold(old.Consumer),
		}
	}
	return r.decisions[old]
}

// classic returns classic tokens, by the order that they then have.
func (r *redactor) classic() []*audit.Credential {
	if r.run.Classic == nil {
		return nil
	}
	redacted := make([]*audit.Credential, len(r.run.Classic))
	for i, old := range r.run.Classic {
		redacted[i] = &audit.Credential{
			ID: r.id(authorizationIDs, old.ID), TokenID: r.id(tokenIDs, old.TokenID),
			Login: r.text(kindPerson, old.Login), Note: r.text(kindName, old.Note),
			Scopes: old.Scopes, AuthorizedAt: old.AuthorizedAt, LastUsedAt: old.LastUsedAt,
			ExpiresAt: old.ExpiresAt, Known: old.Known,
		}
	}
	slices.SortFunc(redacted, audit.CompareCredentials)
	return redacted
}
