// SPDX-License-Identifier: Apache-2.0

package github

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/api"
)

// collection is the reading of one organization.
type collection struct {
	client  *Client
	session *api.Session
	want    audit.Facts

	ledger       *api.Ledger
	installed    *installation // nil for a bare token
	signIn       *api.Account  // what it took to have a session
	organization *audit.Organization
	decoder      *decoder
	shared       *repositories
	listing      *reader[grant]   // of the tokens
	accepted     pass[grant]      // of the listing
	passes       int              // until then
	requests     []grant          // pending, as they were accepted
	lists        *repositoryLists // of the tokens
	people       *people
	repositories []*audit.Repository

	evidence *audit.Evidence
	coverage map[string]audit.Coverage
	events   map[int64][]event // of the audit log, by token id
	changes  map[int64][]event // of roles, by person's id; nil unless all are known
}

func collect(
	ctx context.Context, client *Client, login string, want audit.Facts,
) (*collection, error) {
	if login == "" || login == "." || login == ".." {
		return nil, fmt.Errorf("%q is not the name of an organization", login)
	}
	c := &collection{
		client: client, want: want, ledger: &api.Ledger{},
		organization: &audit.Organization{Login: login, Host: client.config.Endpoint.Host},
		decoder:      newDecoder(),
		shared:       newRepositories(),
		coverage:     map[string]audit.Coverage{},
	}
	c.signIn = c.ledger.Open(audit.SourceInstallation)
	c.signIn.Also = api.NewGovernor(client.api) // the App's requests count as the installation's own
	if err := c.open(ctx); err != nil {
		return nil, err
	}
	c.lists = c.newRepositoryLists("personal-access-tokens", "token repositories",
		c.ledger.Open(audit.SourceRepositories))
	c.evidence = &audit.Evidence{Organization: c.organization}
	if err := c.read(ctx); err != nil {
		return nil, fmt.Errorf("listing tokens of %s: %w", login, tokensRemedy(err, c.installed))
	}
	c.attach(ctx)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	c.conclude()
	return c, nil
}

// conclude puts into the evidence how it was had.
func (c *collection) conclude() {
	c.evidence.Coverage = nil
	for _, source := range audit.Sources {
		if coverage, ok := c.coverage[source]; ok {
			coverage.Reason = coverage.Reason.Changed(c.hide)
			c.evidence.Coverage = append(c.evidence.Coverage, coverage)
		}
	}
	c.evidence.Manifest = c.ledger.Manifest()
	for i := range c.evidence.Manifest {
		exchange := &c.evidence.Manifest[i]
		exchange.Route, exchange.RequestID = c.hide(exchange.Route), c.hide(exchange.RequestID)
	}
	c.organization.Login = c.hide(c.organization.Login)
}

// hide returns a text without our credentials, which a server may have sent back.
func (c *collection) hide(text string) string {
	return c.session.Hide(text)
}

// open sets up the session, and reads what it may see and which organization it is.
func (c *collection) open(ctx context.Context) error {
	client, login := c.client, c.organization.Login
	if client.api.App() == nil {
		c.session = client.api.Bare()
	} else {
		installed, err := client.installationOf(c.signIn.Charge(ctx), login)
		if err != nil {
			return err
		}
		if !installed.may(api.PermTokens) {
			return fmt.Errorf("listing tokens of %s: %w", login, missingTokens())
		}
		c.installed = installed
		installed.administers = c.want&(audit.FactCreated|audit.FactClassic) != 0
		if installed.Account.Login != "" {
			c.organization.Login = installed.Account.Login // its present name
			c.organization.ID = installed.Account.ID
		}
		c.session = client.api.Installation(func(ctx context.Context) (*api.Minted, error) {
			return client.mint(c.signIn.Charge(ctx), installed)
		}, c.signIn.Also)
	}
	if err := c.openCache(); err != nil {
		return err
	}
	c.source(ctx, audit.SourceOrganization, func(ctx context.Context) (int, error) {
		return 1, readOrganization(ctx, c.session, c.organization)
	})
	return ctx.Err()
}

// openCache opens the organization's part of the cache, if there is one. A bare token does not
// show its App and installation; what they see differently, GitHub does not confirm.
func (c *collection) openCache() error {
	config := &c.client.config
	if config.Cache == "" {
		return nil
	}
	installation := ""
	if c.installed != nil {
		installation = strconv.FormatInt(c.installed.ID, 10)
	}
	return c.session.OpenCache(config.Cache, config.Credentials.Issuer, installation,
		strings.ToLower(c.organization.Login))
}

// source reads one source and notes how that went.
func (c *collection) source(
	ctx context.Context, name string, read func(context.Context) (items int, err error),
) {
	c.coverage[name] = c.ask(ctx, name, read)
}

func (c *collection) ask(
	ctx context.Context, name string, read func(context.Context) (items int, err error),
) audit.Coverage {
	account := c.ledger.Open(name)
	items, err := read(account.Charge(ctx))
	coverage := audit.Coverage{Source: name, Status: audit.Complete, Items: items}
	if err != nil {
		coverage.Status, coverage.Reason = failure(err)
	}
	return account.AddTo(coverage)
}

// read reads the list of tokens, and everything else beside it. It fails only if no page of tokens
// was accepted.
func (c *collection) read(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var seen, members, repositories, requests, log, authorizations audit.Coverage
	var group errgroup.Group
	run := func(coverage *audit.Coverage, read func(context.Context) audit.Coverage) {
		group.Go(func() error {
			*coverage = read(ctx)
			return nil
		})
	}
	if c.installed == nil {
		run(&seen, c.seen)
	}
	wantsPeople := c.want&(audit.FactMembership|audit.FactTwoFactor) != 0
	if wantsPeople && !c.mustProbe() {
		run(&members, c.readMembers)
	}
	if c.want.Has(audit.FactOrganizationRepositories) {
		run(&repositories, c.readRepositories)
	}
	run(&requests, c.readRequests)
	if c.want.Has(audit.FactCreated) {
		run(&log, c.readAuditLog)
	}
	if c.want.Has(audit.FactClassic) {
		run(&authorizations, c.readAuthorizations)
	}
	err := c.readTokens(ctx)
	if err != nil {
		cancel()
	}
	_ = group.Wait() // none returns an error
	if err != nil {
		return err
	}
	if wantsPeople && c.mustProbe() {
		members = c.readMembers(ctx) // after the tokens, of whose owners the probe needs one
	}
	for _, coverage := range []audit.Coverage{
		seen, members, repositories, requests, log, authorizations,
	} {
		if coverage.Source != "" {
			c.coverage[coverage.Source] = coverage
		}
	}
	return nil
}

// tokensRemedy adds what helps to a refusal of the one list without which there is no audit.
func tokensRemedy(err error, installed *installation) error {
	var refused *api.Error
	if !errors.As(err, &refused) {
		return err
	}
	switch {
	case refused.Kind == api.NotFound:
		return fmt.Errorf("%w (the name is misspelt, the App is not installed there, GitHub hides "+
			"it, or this Enterprise Server is older than 3.10)", err)
	case refused.Kind != api.Permission:
		return err
	}
	refused.Accepts = cmp.Or(refused.Accepts, api.PermTokens+"=read")
	if installed != nil {
		return err
	}
	return fmt.Errorf("%w; a workflow's own GITHUB_TOKEN never has it: "+
		"use an App's token, as actions/create-github-app-token gives it", err)
}

// attach puts into the tokens what was read beside their list, and holds the lists against each
// other.
func (c *collection) attach(ctx context.Context) {
	c.contradictOwners()
	c.attachRepositories(ctx)
	c.contradictRepositories()
	c.attachMembership(ctx)
	c.attachEvents()
	c.compareLists()
	c.distrustUnseen()
}
