// SPDX-License-Identifier: Apache-2.0

package github

import (
	"context"
	"slices"

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
	if coverage.Status == audit.Complete {
		coverage.Reason = api.Joined(found.doubt, coverage.Reason)
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
	return c.installed == nil || !c.installed.tells()
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

// attachMembership puts into each token what the organization is to its owner. Outside
// collaborators are asked for only if an owner is not a member.
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
	for token := range c.tokens() {
		c.people.attach(token)
	}
}

// readOutside reads the outside collaborators. An owner who is in neither list, or in both, may
// have gone from one to the other between the two readings: the members are read again then, and
// where they tell something else of such an owner, the outside collaborators, too, until two
// readings of the members agree.
func (c *collection) readOutside(ctx context.Context) error {
	for round := 1; ; round++ {
		outside, err := readOutside(ctx, c.session, c.organization.Login, c.organization.ID)
		c.people.outside, c.people.listed = outside, err == nil
		if err != nil {
			return err
		}
		before := c.people
		moved := c.owners(func(id int64) bool { return before.isMember(id) == outside[id] })
		if len(moved) == 0 {
			return nil
		}
		members, err := readMembers(ctx, c.session, c.organization.Login)
		same := err == nil && !slices.ContainsFunc(moved, func(id int64) bool {
			return members.isMember(id) != before.isMember(id)
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
			c.people.doubts(moved)
			return err
		}
		c.people = members
	}
}

// owners lists the owners of tokens and requests, by their ids, for whom something holds.
func (c *collection) owners(holds func(id int64) bool) (ids []int64) {
	for token := range c.tokens() {
		if token.Owner != nil && holds(token.Owner.ID) {
			ids = append(ids, token.Owner.ID)
		}
	}
	return ids
}

func (c *collection) hasOutsider() bool {
	return len(c.owners(func(id int64) bool { return !c.people.isMember(id) })) > 0
}

// attach puts into a token what is known of its owner.
func (p *people) attach(token *audit.Token) {
	if token.Owner == nil || p == nil {
		return
	}
	m, isMember := p.members[token.Owner.ID]
	switch {
	case isMember:
		token.Owner.Role, token.Owner.TwoFactor = m.role, m.twoFactor
	case !p.whole:
		return
	case p.outside[token.Owner.ID]:
		token.Owner.Role = audit.RoleOutside
	case p.listed:
		token.Owner.Role = audit.RoleNone
	default:
		token.Owner.Role = audit.RoleNotMember
	}
	token.Known |= audit.FactMembership
	if token.Owner.TwoFactor != nil {
		token.Known |= audit.FactTwoFactor
	}
}
