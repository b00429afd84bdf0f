// SPDX-License-Identifier: Apache-2.0

package github

import (
	"context"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/api"
)

func (c *collection) readMembers(ctx context.Context) audit.Coverage {
	if !c.installed.may(api.PermMembers) {
		return lacking(audit.SourceMembers, api.PermMembers)
	}
	found := &people{}
	coverage := c.ask(ctx, audit.SourceMembers, func(ctx context.Context) (int, error) {
		var owner *audit.Member
		var isMember bool
		var err error
		if c.mustProbe() {
			if owner = c.anyOwner(); owner != nil {
				isMember, err = probe(ctx, c.session, c.organization.Login, owner)
			}
		}
		if err == nil {
			found, err = readMembers(ctx, c.session, c.organization.Login)
		}
		if err == nil && owner != nil {
			_, listed := found.members[owner.ID]
			if err = contradictsProbe(listed, isMember); err != nil {
				found.whole = false
			}
		}
		return len(found.members), err
	})
	if coverage.Status == audit.Complete && found.without > 0 {
		coverage.Reason = slices.Insert(coverage.Reason, 0, audit.Remark{
			Code: audit.ReasonTwoFactor, Count: found.without, Of: len(found.members),
		})
	}
	c.people = found
	return coverage
}

// contradictsProbe returns an error if a list of members, and what GitHub says of one token's
// owner, do not agree on whether that person is a member.
func contradictsProbe(listed, isMember bool) error {
	if listed == isMember {
		return nil
	}
	return &api.Error{Kind: api.Malformed, Message: "the list of members contradicts what GitHub " +
		"says of one token's owner: it may hold public members only"}
}

// mustProbe reports whether GitHub has not said if we may read members.
func (c *collection) mustProbe() bool {
	return c.installed == nil || !c.installed.showsPermissions()
}

// anyOwner returns the owner of some token; nil if there is none.
func (c *collection) anyOwner() *audit.Member {
	for _, token := range c.evidence.Tokens {
		if token.Owner != nil {
			return token.Owner
		}
	}
	return nil
}

// contacts lists who is asked about beside owners, in lower case and in order.
func (c *collection) contacts() []string {
	logins := make([]string, len(c.client.config.Contacts))
	for i, login := range c.client.config.Contacts {
		logins[i] = strings.ToLower(login)
	}
	slices.Sort(logins)
	return slices.Compact(logins)
}

// attachMembership puts into each token what the organization is to its owner, and into the
// evidence what it is to the contacts. Outside collaborators are asked for only if one of them is
// not a member.
func (c *collection) attachMembership(ctx context.Context) {
	if c.people == nil {
		return
	}
	if c.people.whole && c.hasOutsider() {
		c.source(ctx, audit.SourceOutsideCollaborators, func(ctx context.Context) (int, error) {
			err := c.readOutside(ctx)
			return len(c.people.outside), err
		})
	}
	for token := range c.evidence.AllTokens() {
		c.people.attach(token)
	}
	for _, login := range c.contacts() {
		m := &audit.Member{Login: login}
		m.ID, m.Role = c.people.role(userKey{login: login})
		c.evidence.Contacts = append(c.evidence.Contacts, m)
	}
}

// readOutside reads the outside collaborators. An owner who is in neither list, or in both, may
// have gone from one to the other between the two readings: the members are read again then, and
// where they have something else of such an owner, the outside collaborators, too, until two
// readings of the members agree.
func (c *collection) readOutside(ctx context.Context) error {
	for round := 1; ; round++ {
		outside, err := readOutside(ctx, c.session, c.organization.Login, c.organization.ID)
		c.people.outside, c.people.listed = outside, err == nil
		if err != nil {
			return err
		}
		before := c.people
		moved := c.asked(func(u userKey) bool {
			_, isOutside := outsider(outside, u)
			return before.isMember(u) == isOutside
		})
		if len(moved) == 0 {
			return nil
		}
		members, err := readMembers(ctx, c.session, c.organization.Login)
		same := err == nil && !slices.ContainsFunc(moved, func(u userKey) bool {
			return members.isMember(u) != before.isMember(u)
		})
		switch {
		case err != nil:
		case same && slices.ContainsFunc(moved, before.isMember):
			err = &api.Error{Kind: api.Malformed, Message: "an owner is listed both as a member and " +
				"as an outside collaborator"}
		case same:
			return nil
		case round == maxPasses:
			err = &api.Error{Kind: api.Malformed, Message: "owners move between the members and the " +
				"outside collaborators: the two lists contradicted each other each time"}
		}
		if err != nil {
			c.people.forget(moved)
			return err
		}
		c.people = members
	}
}

// asked lists the owners of tokens and requests, and the contacts, for whom something holds.
func (c *collection) asked(holds func(userKey) bool) (found []userKey) {
	note := func(u userKey) {
		if holds(u) {
			found = append(found, u)
		}
	}
	for token := range c.evidence.AllTokens() {
		if token.Owner != nil {
			note(userKey{id: token.Owner.ID})
		}
	}
	for _, login := range c.contacts() {
		note(userKey{login: login})
	}
	return found
}

func (c *collection) hasOutsider() bool {
	return len(c.asked(func(u userKey) bool { return !c.people.isMember(u) })) > 0
}

// attach puts into a token what is known of its owner.
func (p *people) attach(token *audit.Token) {
	if token.Owner == nil || p == nil {
		return
	}
	_, role := p.role(userKey{id: token.Owner.ID})
	if role == audit.RoleUnknown {
		return
	}
	token.Owner.Role = role
	if m, isMember := p.members[token.Owner.ID]; isMember {
		token.Owner.TwoFactor = m.twoFactor
	}
	token.Known |= audit.FactMembership
	if token.Owner.TwoFactor != nil {
		token.Known |= audit.FactTwoFactor
	}
}
