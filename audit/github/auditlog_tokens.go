// SPDX-License-Identifier: Apache-2.0

package github

import (
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
)

// tokenHistory is what the audit log has of one token. What it does not have is zero.
type tokenHistory struct {
	made        time.Time
	regenerated time.Time // the last time
	requested   time.Time // the first time
	approved    time.Time // the last time
	approver    string    // "" if unknown
	approverID  int64     // 0 if unknown
}

// attachEvents puts into each token when it was created, and who approved it, where the audit log
// has that.
func (c *collection) attachEvents() {
	var doubts []string
	for token := range c.evidence.AllTokens() {
		history := historyOf(token, c.events[token.TokenID])
		if history.hasApproval(token) {
			c.attachApproval(token, &history)
		}
		created, doubt := history.created(token)
		if doubt != "" {
			doubts = append(doubts, doubt)
		}
		if !created.IsZero() {
			token.CreatedAt = created
			token.Known |= audit.FactCreated
		}
	}
	if len(doubts) > 0 {
		c.contradict(audit.SourceAuditLog, doubts)
	}
}

// historyOf returns what a token's events say, but for events that name another owner: ids are
// taken for the same in the log and in the list, and such an event would show that they are not.
func historyOf(token *audit.Token, events []event) (h tokenHistory) {
	for _, e := range events {
		if token.Owner == nil || e.owner != 0 && e.owner != token.Owner.ID ||
			e.owner == 0 && e.action != eventGranted && e.actor != "" &&
				!strings.EqualFold(e.actor, token.Owner.Login) {
			continue
		}
		switch e.action {
		case eventCreated:
			h.made = e.at
		case eventRegenerated:
			if e.at.After(h.regenerated) {
				h.regenerated = e.at
			}
		case eventRequested:
			if h.requested.IsZero() || e.at.Before(h.requested) {
				h.requested = e.at
			}
		case eventGranted:
			if e.at.After(h.approved) {
				h.approved, h.approver, h.approverID = e.at, e.actor, e.actorID
			}
		}
	}
	return h
}

// hasApproval reports whether the log has who approved this grant. An older approval is of an
// older grant.
func (h *tokenHistory) hasApproval(token *audit.Token) bool {
	return h.approver != "" && token.Known.Has(audit.FactGranted) &&
		!h.approved.Before(token.GrantedAt.Add(-dateSlack))
}

// attachApproval puts into a token who approved it. Ids decide whether that was its own owner, who
// may have had another login then, as another person may have had the owner's: that one is left
// out. So is another login without an id: it may be the owner's of then.
func (c *collection) attachApproval(token *audit.Token, h *tokenHistory) {
	owner := token.Owner
	same := strings.EqualFold(h.approver, owner.Login)
	switch {
	case h.approverID == 0 && same, h.approverID != 0 && h.approverID == owner.ID:
		token.ApprovedBy = owner.Login
		token.ApproverRole = c.roleAt(owner, h.approved)
	case same, h.approverID == 0:
		return
	default:
		token.ApprovedBy = h.approver
	}
	token.Known |= audit.FactApproval
}

// created returns when the token, as it is now, was created; zero if unknown. A regeneration makes
// it anew, with a new expiry. A request comes with a new token, or for an old one: it was made
// then, or before. One that came after the approval is for more rights, and shows nothing.
func (h *tokenHistory) created(token *audit.Token) (at time.Time, doubt string) {
	lateFor := func(at time.Time) bool {
		return token.Known.Has(audit.FactGranted) && at.After(token.GrantedAt.Add(dateSlack))
	}
	switch {
	case !h.regenerated.IsZero():
		at = h.regenerated
	case !h.made.IsZero():
		if at = h.made; lateFor(at) {
			return time.Time{}, token.Noun() + " was made after its approval"
		}
	case !lateFor(h.requested):
		at = h.requested
	}
	if !at.IsZero() && !token.ExpiresAt.IsZero() && at.After(token.ExpiresAt) {
		return time.Time{}, token.Noun() + " was made after its expiry"
	}
	return at, ""
}
