// SPDX-License-Identifier: Apache-2.0

package github

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
)

// This file reads what stands beside the list of tokens, and puts everything together.

// ascending is the order in which new items come last.
func ascending() url.Values {
	return url.Values{"sort": {"created_at"}, "direction": {"asc"}}
}

func (c *collection) readMembers(ctx context.Context) audit.Coverage {
	if !c.installed.may(permMembers) {
		return audit.Coverage{
			Source: audit.SourceMembers, Status: audit.Refused,
			Reason: "the App lacks " + label(permMembers),
		}
	}
	found := &people{}
	coverage := c.ask(ctx, audit.SourceMembers, func(ctx context.Context) (int, error) {
		var owner *audit.Member
		var isMember bool
		var err error
		if c.mustProbe() {
			if owner = c.anyOwner(); owner != nil {
				isMember, err = c.session.probe(ctx, c.organization.Login, owner)
			}
		}
		if err == nil {
			found, err = c.session.readMembers(ctx, c.organization.Login)
		}
		if err == nil && owner != nil {
			if _, listed := found.members[owner.ID]; listed != isMember {
				found.whole = false
				err = &Error{Kind: Malformed, Message: "the list of members contradicts what " +
					"GitHub says of one token's owner: it may hold public members only"}
			}
		}
		return len(found.members), err
	})
	if coverage.Status == audit.Complete {
		coverage.Reason = joined(found.doubt, coverage.Reason)
	}
	c.people = found
	return coverage
}

// mustProbe tells whether GitHub has not said if we may read members.
func (c *collection) mustProbe() bool {
	return c.installed == nil || !c.installed.tells()
}

// anyOwner gives the owner of some token; nil if there is none.
func (c *collection) anyOwner() *audit.Member {
	for _, token := range c.evidence.Tokens {
		if token.Owner != nil {
			return token.Owner
		}
	}
	return nil
}

func (c *collection) readRepositories(ctx context.Context) audit.Coverage {
	return c.ask(ctx, audit.SourceOrganizationRepositories,
		func(ctx context.Context) (items int, err error) {
			found, err := c.session.readRepositories(ctx, c.organization.Login, c.shared)
			if err == nil {
				c.repositories = found
			}
			return len(found), err
		})
}

// readRequests reads the pending requests, with the repositories that they ask for.
func (c *collection) readRequests(ctx context.Context) audit.Coverage {
	if !c.installed.may(permRequests) {
		return audit.Coverage{
			Source: audit.SourceRequests, Status: audit.Refused,
			Reason: "the App lacks " + label(permRequests),
		}
	}
	l := c.tokenList()
	l.tail = "personal-access-token-requests"
	coverage := c.ask(ctx, audit.SourceRequests, func(ctx context.Context) (int, error) {
		accepted, _, err := c.newListing(l).verified(ctx)
		c.asked = accepted.items()
		tokens, _, doubts := unique(c.asked)
		if err == nil && len(doubts) > 0 {
			err = &Error{Kind: Malformed, Message: strings.Join(doubts, "; ")}
		}
		requests := make(map[int64]*audit.Request, len(tokens))
		for _, g := range c.asked {
			requests[g.token.ID] = g.request
		}
		for _, token := range tokens {
			request := requests[token.ID]
			if request == nil {
				request = new(audit.Request)
			}
			request.Token = token
			c.evidence.Requests = append(c.evidence.Requests, request)
		}
		if c.want.Has(audit.FactRepositories) {
			reach := c.newReach(l.tail, "request repositories", audit.SourceRequests)
			reach.learn(ctx, tokens)
			if lists, _ := reach.settle(tokens); err == nil && lists.Status != audit.Complete {
				err = &Error{Kind: Malformed, Message: lists.Reason}
			}
		}
		return len(tokens), err
	})
	return coverage
}

// settle puts together what was read apart.
func (c *collection) settle(ctx context.Context) {
	c.contradictOwners()
	c.settleRepositories(ctx)
	c.contradictRepositories()
	c.settlePeople(ctx)
	c.settleLives()
	c.compareLists()
	if c.coverage[audit.SourceInstallation].Status != audit.Complete {
		c.distrust()
	}
}

// settleRepositories gives each token its list, and drops those that were revoked meanwhile.
func (c *collection) settleRepositories(ctx context.Context) {
	if c.coverage[audit.SourceOrganizationRepositories].Status == audit.Complete {
		c.organization.Repositories = c.repositories
		c.organization.Known |= audit.FactOrganizationRepositories
	}
	if !c.want.Has(audit.FactRepositories) {
		return
	}
	coverage, gone := c.reach.settle(c.evidence.Tokens)
	if dropped := c.dropRevoked(ctx, gone); dropped > 0 {
		coverage, _ = c.reach.settle(c.evidence.Tokens)
	}
	c.coverage[audit.SourceRepositories] = coverage
}

// dropRevoked drops the tokens whose repositories GitHub could not find any more, if a new listing
// shows that they are gone, and says so in the coverage.
func (c *collection) dropRevoked(ctx context.Context, gone []*audit.Token) int {
	coverage := c.coverage[audit.SourceTokens]
	if len(gone) == 0 || coverage.Status != audit.Complete {
		return 0
	}
	var still map[int64]bool
	again := c.ask(ctx, audit.SourceTokens, func(ctx context.Context) (int, error) {
		accepted, _, err := c.listing.verify(ctx, c.accepted, c.passes)
		still = map[int64]bool{}
		for _, g := range accepted.items() {
			still[g.token.ID] = true
		}
		return len(still), err
	})
	coverage.Requests += again.Requests
	dropped := 0
	if again.Status == audit.Complete {
		c.evidence.Tokens = slices.DeleteFunc(c.evidence.Tokens, func(t *audit.Token) bool {
			revoked := !still[t.ID] && slices.Contains(gone, t)
			if revoked {
				dropped++
				c.evidence.Dropped = append(c.evidence.Dropped,
					audit.Dropped{ID: t.ID, Reason: "revoked during the run"})
			}
			return revoked
		})
		slices.SortStableFunc(c.evidence.Dropped, func(a, b audit.Dropped) int {
			return cmp.Compare(a.ID, b.ID)
		})
	}
	if dropped > 0 {
		coverage.Items = len(c.evidence.Tokens)
		coverage.Reason += fmt.Sprintf("; %d revoked during the run and dropped", dropped)
	}
	c.coverage[audit.SourceTokens] = coverage
	return dropped
}

// settlePeople tells for each owner what the organization is to that person. Outside collaborators
// are asked for only if an owner is not a member.
func (c *collection) settlePeople(ctx context.Context) {
	if c.people == nil {
		return
	}
	if c.people.whole && c.hasOutsider() {
		c.source(ctx, audit.SourceOutsideCollaborators, func(ctx context.Context) (int, error) {
			outside, err := c.session.readOutside(ctx, c.organization.Login, c.organization.ID)
			c.people.outside, c.people.listed = outside, err == nil
			return len(outside), err
		})
	}
	for _, token := range c.evidence.Tokens {
		c.people.settle(token)
	}
	for _, request := range c.evidence.Requests {
		c.people.settle(request.Token)
	}
}

func (c *collection) hasOutsider() bool {
	outsider := func(token *audit.Token) bool {
		if token.Owner == nil {
			return false
		}
		_, isMember := c.people.members[token.Owner.ID]
		return !isMember
	}
	return slices.ContainsFunc(c.evidence.Tokens, outsider) ||
		slices.ContainsFunc(c.evidence.Requests,
			func(r *audit.Request) bool { return outsider(r.Token) })
}

// compareLists holds the lists of repositories against each other: one that is shorter than
// another shows is not whole, whatever GitHub says of it.
func (c *collection) compareLists() {
	if !c.organization.Known.Has(audit.FactOrganizationRepositories) {
		return
	}
	own := make(map[*audit.Repository]bool, len(c.organization.Repositories))
	for _, repository := range c.organization.Repositories {
		own[repository] = true
	}
	for _, token := range c.evidence.Tokens {
		for _, repository := range token.Repositories {
			if !own[repository] {
				c.organization.Known &^= audit.FactOrganizationRepositories
				c.doubt(audit.SourceOrganizationRepositories, fmt.Sprintf(
					"token %d reaches a repository that is not in the organization's list", token.ID))
				return
			}
		}
	}
	seen := c.coverage[audit.SourceInstallation]
	if c.installed == nil && seen.Status == audit.Complete && seen.Items != len(own) {
		c.doubt(audit.SourceInstallation, fmt.Sprintf("the token sees %d of %d repositories",
			seen.Items, len(own)))
	}
}

// doubt marks a source that seemed complete.
func (c *collection) doubt(source, reason string) {
	coverage := c.coverage[source]
	coverage.Status, coverage.Reason = audit.Partial, reason
	c.coverage[source] = coverage
}

// distrust drops the lists of repositories that may be silently shorter than they are.
func (c *collection) distrust() {
	c.organization.Repositories = nil
	c.organization.Known &^= audit.FactOrganizationRepositories
	for _, token := range c.evidence.Tokens {
		distrustToken(token)
	}
	for _, request := range c.evidence.Requests {
		distrustToken(request.Token)
	}
}

func distrustToken(token *audit.Token) {
	if token.Selection == audit.SelectSubset {
		token.Repositories = nil
		token.Known &^= audit.FactRepositories
	}
}
