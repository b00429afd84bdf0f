// SPDX-License-Identifier: Apache-2.0

package github

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/api"
)

// Answer is what a probe learned.
type Answer uint8

// The answers. The zero value is the one that claims nothing.
const (
	CannotSay Answer = iota
	No
	Yes
)

// String returns the answer as outputs for people have it.
func (a Answer) String() string {
	switch a {
	case Yes:
		return "yes"
	case No:
		return "no"
	default:
		return "cannot say"
	}
}

// Learned is what a probe learned of one question. It holds no text of GitHub's: each of its own
// is a constant here, and its numbers count.
type Learned struct {
	ID       string // stable: "second_factors"
	Question string
	Answer   Answer
	Counts   []Tally // what the answer rests on
	Reason   string  // why it cannot be said; "" if it can
}

// Tally is a number of things: "members", 87.
type Tally struct {
	N    int
	What string
}

// Probed is what a probe learned, and with how many requests.
type Probed struct {
	Learned  []Learned
	Requests int
}

// MostProbes is how many requests a probe makes at most.
const MostProbes = 30

// question is one thing about GitHub that its documentation leaves open.
type question struct {
	id, text string
	ask      func(*probing, context.Context) (finding, error)
}

// finding is an answer with its counts, and why it is none.
type finding struct {
	answer Answer
	counts []Tally
	reason string
}

// questions are all that is asked, in order.
var questions = []question{
	{"second_factors", "Does the App see whether members have a second factor?", secondFactors},
	{
		"two_factor_requirement",
		"Does the App see whether the organization requires a second factor?", twoFactorRequirement,
	},
	{"regenerated", "Does regenerating a token move its date of approval?", regenerated},
	{"expired_dates", "Are expired tokens listed without their expiry date?", expiredDates},
	{
		"repository_filter",
		"Does ?repository= list tokens of all repositories, too?", repositoryFilter,
	},
	{
		"permission_filter",
		"Does ?permission= list just the tokens that have the permission?", permissionFilter,
	},
	{"last_page", "Does every list of several pages say which is the last?", lastPage},
	{"unchanged", "Is every page of a second reading unchanged (304)?", unchanged},
	{"etag", "Is an ETag the one that --cache computes?", tagComputed},
	{"request_reasons", "Do pending requests carry reasons?", requestReasons},
	{"clock", "Is this machine's clock within 30 seconds of GitHub's?", clockAgrees},
}

// probing is one probe of an organization, and what several questions share.
type probing struct {
	client       *Client
	transport    *probeTransport
	session      *api.Session
	installed    *installation // nil for a bare token
	organization *audit.Organization
	known        error // why the organization's record could not be had

	tokens []*audit.Token // of the pages that were read
	pages  []*api.Reply   // likewise, one at least
}

// Probe asks an organization what GitHub does not document, read-only and with at most
// [MostProbes] requests. Nothing of what it learns is used by an audit. It waits for no rate
// limit. It fails if the tokens could not be listed; whatever else could not be
// learned is an answer.
func (c *Client) Probe(ctx context.Context, login string) (*Probed, error) {
	transport := &probeTransport{base: c.config.Base}
	config := c.config
	config.Base, config.MaxWait, config.Cache = transport, 0, ""
	p := &probing{
		client: New(config), transport: transport, organization: &audit.Organization{Login: login},
	}
	if err := p.signIn(ctx); err != nil {
		return nil, err
	}
	p.known = readOrganization(ctx, p.session, p.organization)
	if err := p.readTokens(ctx); err != nil {
		return nil, err
	}
	probed := new(Probed)
	for _, q := range questions {
		found, err := q.ask(p, ctx)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err != nil {
			found = finding{counts: found.counts, reason: reasonOf(err)}
		}
		probed.Learned = append(probed.Learned, Learned{
			q.id, q.text, found.answer, found.counts, found.reason,
		})
	}
	probed.Requests = int(min(transport.sent.Load(), MostProbes))
	return probed, nil
}

// signIn makes a session, with the right to read the audit log if there is one.
func (p *probing) signIn(ctx context.Context) error {
	if p.client.api.App() == nil {
		p.session = p.client.api.Bare()
		return nil
	}
	installed, err := p.client.installationOf(ctx, p.organization.Login)
	if err != nil {
		return err
	}
	installed.administers = true
	p.installed = installed
	p.session = p.client.api.Installation(func(ctx context.Context) (*api.Minted, error) {
		return p.client.mint(ctx, installed)
	}, api.NewGovernor(p.client.api))
	return p.session.SignIn(ctx)
}

// reasonOf returns why a question has no answer, without a word of GitHub's.
func reasonOf(err error) string {
	var failure *api.Error
	if !errors.As(err, &failure) {
		return "it could not be asked"
	}
	switch failure.Kind {
	case api.Permission, api.SSO, api.IPAllowList, api.Suspended, api.Unauthorized:
		return "GitHub does not let the credentials ask"
	case api.NotFound:
		return "GitHub shows no such thing"
	case api.Limited:
		return "a rate limit is in the way, which a probe does not wait for"
	case api.Network, api.Server, api.Gateway:
		return "GitHub did not answer"
	case api.Malformed:
		return "the answer cannot be believed"
	case api.Refused, api.Closed, api.Other:
	}
	return fmt.Sprintf("GitHub refused, or there were more than %d requests", MostProbes)
}

// clockAgrees compares the clocks by the first list's date.
func clockAgrees(p *probing, _ context.Context) (finding, error) {
	first := p.pages[0]
	if first.Date.IsZero() {
		return finding{reason: "GitHub does not tell the time"}, nil
	}
	apart := first.Ahead.Abs()
	return finding{
		answer: answerOf(apart <= clockTolerance),
		counts: []Tally{{int(apart / time.Second), "seconds apart"}},
	}, nil
}

// answerOf returns the answer that a fact is.
func answerOf(is bool) Answer {
	if is {
		return Yes
	}
	return No
}
