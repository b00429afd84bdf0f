// SPDX-License-Identifier: Apache-2.0

package github

import (
	"fmt"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
)

// life is what the audit log tells of one token. What it does not tell is zero.
type life struct {
	made        time.Time
	regenerated time.Time // the last time
	requested   time.Time // the first time
	approved    time.Time // the last time
	approver    string    // "" if unknown
	approverID  int64     // 0 if unknown
}

// settleLives tells of each token when it was made, and who approved it, where the audit log does.
func (c *collection) settleLives() {
	var doubts []string
	settle := func(token *audit.Token) {
		lived := lifeOf(token, c.events[token.TokenID])
		if lived.tellsApproval(token) {
			c.settleApproval(token, &lived)
		}
		if doubt := lived.settle(token); doubt != "" {
			doubts = append(doubts, doubt)
		}
	}
	for _, token := range c.evidence.Tokens {
		settle(token)
	}
	for _, request := range c.evidence.Requests {
		settle(request.Token)
	}
	if len(doubts) > 0 {
		coverage := c.coverage[audit.SourceAuditLog]
		if coverage.Status == audit.Complete {
			coverage.Status = audit.Partial
		}
		coverage.Reason = strings.TrimPrefix(coverage.Reason+"; "+contradictory(doubts), "; ")
		c.coverage[audit.SourceAuditLog] = coverage
	}
}

// lifeOf gathers the events of a token, but for those that name another owner: ids are taken for
// the same in the log and in the list, and this would show that they are not.
func lifeOf(token *audit.Token, events []event) (lived life) {
	for _, e := range events {
		if token.Owner == nil || e.owner != 0 && e.owner != token.Owner.ID ||
			e.owner == 0 && e.action != eventGranted && e.actor != "" &&
				!strings.EqualFold(e.actor, token.Owner.Login) {
			continue
		}
		switch e.action {
		case eventCreated:
			lived.made = e.at
		case eventRegenerated:
			if e.at.After(lived.regenerated) {
				lived.regenerated = e.at
			}
		case eventRequested:
			if lived.requested.IsZero() || e.at.Before(lived.requested) {
				lived.requested = e.at
			}
		case eventGranted:
			if e.at.After(lived.approved) {
				lived.approved, lived.approver, lived.approverID = e.at, e.actor, e.actorID
			}
		}
	}
	return lived
}

// settle puts into the token what is believed of its life.
func (l *life) settle(token *audit.Token) (doubt string) {
	created, doubt := l.created(token)
	if !created.IsZero() {
		token.CreatedAt = created
		token.Known |= audit.FactCreated
	}
	return doubt
}

// tellsApproval reports whether the log tells who gave this grant. An older approval is of an
// older grant.
func (l *life) tellsApproval(token *audit.Token) bool {
	return l.approver != "" && token.Known.Has(audit.FactGranted) &&
		!l.approved.Before(token.GrantedAt.Add(-dateSlack))
}

// settleApproval tells of a token who approved it. Ids tell whether that was its own owner, who
// may have had another login then, as another person may have had the owner's: that one is not
// told. Nor is another login without an id: it may be the owner's of then.
func (c *collection) settleApproval(token *audit.Token, lived *life) {
	owner := token.Owner
	same := strings.EqualFold(lived.approver, owner.Login)
	switch {
	case lived.approverID == 0 && same, lived.approverID != 0 && lived.approverID == owner.ID:
		token.ApprovedBy = owner.Login
		token.ApproverRole, token.RoleSince, token.RoleUntil = c.roleAt(owner, lived.approved)
	case same, lived.approverID == 0:
		return
	default:
		token.ApprovedBy = lived.approver
	}
	token.Known |= audit.FactApproval
}

// created tells when the token, as it is now, was made. A regeneration makes it anew, with a new
// expiry. A request comes with a new token, or for an old one: it was made then, or before. One
// that came after the approval is for more rights, and tells nothing.
func (l *life) created(token *audit.Token) (at time.Time, doubt string) {
	lateFor := func(at time.Time) bool {
		return token.Known.Has(audit.FactGranted) && at.After(token.GrantedAt.Add(dateSlack))
	}
	switch {
	case !l.regenerated.IsZero():
		at = l.regenerated
	case !l.made.IsZero():
		if at = l.made; lateFor(at) {
			return time.Time{}, fmt.Sprintf("token %d was made after its approval", token.ID)
		}
	case !lateFor(l.requested):
		at = l.requested
	}
	if !at.IsZero() && !token.ExpiresAt.IsZero() && at.After(token.ExpiresAt) {
		return time.Time{}, fmt.Sprintf("token %d was made after its expiry", token.ID)
	}
	return at, ""
}
