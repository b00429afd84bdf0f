// SPDX-License-Identifier: Apache-2.0

package json

import (
	"fmt"

	"github.com/complytime/pataudit/audit"
)

// What people decided, and classic tokens, read back.

func (r *restorer) ratified() *audit.Ratified {
	w := r.wire.Policy.Ratified
	if w == nil {
		return nil
	}
	return &audit.Ratified{By: w.By, On: r.day("policy/ratified/on", w.On)}
}

func (r *restorer) debt() *audit.DebtCount {
	w := r.wire.Debt
	if w == nil {
		return nil
	}
	return &audit.DebtCount{
		Accepted: w.Accepted, Left: w.Left, Worse: w.Worse, Ended: w.Ended,
		Waived: w.Waived, Gone: w.Gone, Until: r.day("debt/until", w.Until),
	}
}

func (r *restorer) decision(w *decisionObject) *audit.Decision {
	place := fmt.Sprintf("decisions/%d/", w.TokenID)
	reach := audit.SomeRepositories(w.RepositoryIDs...)
	if len(w.RepositoryIDs) == 0 {
		reach, _ = audit.ParseReach(w.Reach) // another word is not known
	}
	return &audit.Decision{
		TokenID: w.TokenID, OwnerID: w.OwnerID, Kind: w.Kind, Rule: orZero(w.Rule),
		Purpose: w.Purpose, Consumer: w.Consumer, Reason: w.Reason, By: w.By, Ticket: w.Ticket,
		On: r.day(place+"on", w.On), Until: r.day(place+"until", w.Until), Basis: w.Basis,
		Severity: r.severity(place+"severity", w.Severity), Held: w.Held, Reach: reach,
	}
}

// decided finds which tokens the decisions are of, as far as these are in the report.
func (r *restorer) decided(results []*audit.Result) (decided []audit.DecisionResult) {
	tokens := map[int64]*audit.Token{}
	for _, result := range results {
		if id := result.Token.TokenID; id != 0 {
			tokens[id] = result.Token
		}
	}
	for i, d := range r.decisions {
		w := &r.wire.Decisions[i]
		decided = append(decided, audit.DecisionResult{
			Decision: d, Token: tokens[d.TokenID], State: audit.DecisionState(w.State),
			Detail: w.Detail, ByOwner: w.ByOwner,
		})
	}
	return decided
}

// classic is nil if classic tokens were not asked for.
func (r *restorer) classic() []*audit.Credential {
	if r.wire.Classic == nil {
		return nil
	}
	classic := make([]*audit.Credential, len(*r.wire.Classic))
	for i, w := range *r.wire.Classic {
		place := fmt.Sprintf("classic/%d/", w.ID)
		classic[i] = &audit.Credential{
			ID: w.ID, TokenID: orZero(w.TokenID), Login: orZero(w.Login), Note: orZero(w.Note),
			LastEight: orZero(w.LastEight), Scopes: orZero(w.Scopes),
			AuthorizedAt: r.instant(place+"authorized_at", w.AuthorizedAt),
			LastUsedAt:   r.instant(place+"last_used_at", w.LastUsedAt),
			ExpiresAt:    r.instant(place+"expires_at", w.ExpiresAt),
			Known: (audit.FactExpiry | audit.FactLastUsed) &^
				r.facts(place+"unknown", w.Unknown),
		}
	}
	return classic
}
