// SPDX-License-Identifier: Apache-2.0

package github

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
	"golang.org/x/sync/errgroup"
)

// collection is the reading of one organization.
type collection struct {
	client  *Client
	session *session
	want    audit.Facts

	ledger       *ledger
	installed    *installation // nil for a bare token
	signIn       *account      // what it took to have a session
	organization *audit.Organization
	decoder      *decoder
	shared       *repositories
	listing      *reader[grant] // of the tokens
	accepted     pass[grant]    // of the listing
	passes       int            // until then
	reach        *reach         // of the tokens
	people       *people
	repositories []*audit.Repository

	evidence *audit.Evidence
	coverage map[string]audit.Coverage
	events   map[int64][]event // of the audit log, by token id
}

func collect(
	ctx context.Context, client *Client, login string, want audit.Facts,
) (*collection, error) {
	if login == "" || login == "." || login == ".." {
		return nil, fmt.Errorf("%q is not the name of an organization", login)
	}
	c := &collection{
		client: client, want: want, ledger: &ledger{},
		organization: &audit.Organization{Login: login, Host: client.config.Endpoint.Host},
		decoder:      newDecoder(),
		shared:       &repositories{byID: map[int64]*audit.Repository{}},
		coverage:     map[string]audit.Coverage{},
	}
	c.signIn = c.ledger.open(audit.SourceInstallation)
	c.signIn.also = newGovernor(client) // the App's requests count as the installation's own
	if err := c.open(ctx); err != nil {
		return nil, err
	}
	c.reach = c.newReach("personal-access-tokens", "token repositories",
		audit.SourceRepositories)
	c.evidence = &audit.Evidence{Organization: c.organization}
	if err := c.read(ctx); err != nil {
		return nil, fmt.Errorf("listing tokens of %s: %w", login, tokensRemedy(err, c.installed))
	}
	c.settle(ctx)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	c.conclude()
	return c, nil
}

// conclude puts into the evidence how it was had.
func (c *collection) conclude() {
	if c.installed != nil {
		seen := c.coverage[audit.SourceInstallation]
		seen.Requests = int(c.signIn.sent.Load())
		c.coverage[audit.SourceInstallation] = seen
	}
	c.evidence.Coverage = nil
	for _, source := range audit.Sources {
		if coverage, ok := c.coverage[source]; ok {
			c.evidence.Coverage = append(c.evidence.Coverage, coverage)
		}
	}
	c.evidence.Manifest = c.ledger.manifest()
}

// open finds out with which session to ask, what it may see, and which organization it is.
func (c *collection) open(ctx context.Context) error {
	client, login := c.client, c.organization.Login
	if client.app == nil {
		c.session = client.session(bareAuth{client.config.Credentials.Token})
	} else {
		installed, err := client.installationOf(c.signIn.charge(ctx), login)
		if err != nil {
			return err
		}
		if !installed.may(permTokens) {
			return fmt.Errorf("listing tokens of %s: %w", login, missingTokens())
		}
		c.installed = installed
		installed.extras = c.want&(audit.FactCreated|audit.FactClassic) != 0
		if installed.Account.Login != "" {
			c.organization.Login = installed.Account.Login // its present name
			c.organization.ID = installed.Account.ID
		}
		c.session = client.governed(newInstallationAuth(client.config.Now,
			func(ctx context.Context) (*minted, error) {
				return client.mint(c.signIn.charge(ctx), installed)
			}), c.signIn.also)
	}
	if err := c.openCache(); err != nil {
		return err
	}
	c.source(ctx, audit.SourceOrganization, func(ctx context.Context) (int, error) {
		return 1, c.session.readOrganization(ctx, c.organization)
	})
	return ctx.Err()
}

// openCache opens the organization's part of the cache, if there is one. A bare token does not tell
// its App and installation; what they see differently, GitHub does not confirm.
func (c *collection) openCache() (err error) {
	config := &c.client.config
	if config.Cache == "" {
		return nil
	}
	installation := ""
	if c.installed != nil {
		installation = strconv.FormatInt(c.installed.ID, 10)
	}
	c.session.transport.cache, err = openCache(config.Cache, config.Now, config.Log,
		config.Endpoint.REST.String(), config.Credentials.Issuer, installation,
		strings.ToLower(c.organization.Login))
	return err
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
	account := c.ledger.open(name)
	items, err := read(account.charge(ctx))
	coverage := audit.Coverage{Source: name, Status: audit.Complete, Items: items}
	if err != nil {
		coverage.Status, coverage.Reason = failure(err)
	}
	return account.settle(coverage)
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
	run(&seen, c.seen)
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

// readTokens reads the list of tokens until it is verified, and their repositories meanwhile.
func (c *collection) readTokens(ctx context.Context) error {
	account := c.ledger.open(audit.SourceTokens)
	var meanwhile errgroup.Group
	wantsReach := c.want.Has(audit.FactRepositories)
	c.listing = c.newListing(c.tokenList())
	c.listing.firstPage = c.foretell
	c.listing.firstPass = func(first pass[grant]) {
		tokens := tokensOf(first.items())
		c.client.config.Progress(Progress{
			Organization: c.organization.Login, Act: "tokens", Done: len(tokens),
		})
		if wantsReach {
			meanwhile.Go(func() error {
				c.reach.learn(ctx, tokens)
				return nil
			})
		}
	}
	var err error
	c.accepted, c.passes, err = c.listing.verified(account.charge(ctx))
	_ = meanwhile.Wait() // returns no error
	if err != nil && len(c.accepted.pages) == 0 {
		return err
	}
	coverage := audit.Coverage{
		Source: audit.SourceTokens, Status: audit.Complete,
		Reason: fmt.Sprintf("listed %d times with equal ids", c.passes),
	}
	if c.passes == 2 {
		coverage.Reason = "listed twice with equal ids"
	}
	if err != nil {
		coverage.Status, coverage.Reason = failure(err)
	}
	tokens, twice, doubts := unique(c.accepted.items())
	if len(doubts) > 0 && coverage.Status == audit.Complete {
		coverage.Status = audit.Partial
		coverage.Reason = contradictory(doubts)
	}
	if wantsReach {
		c.reach.learn(ctx, tokens) // of those that came later
	}
	c.evidence.Tokens, c.evidence.Dropped = tokens, twice
	c.evidence.CollectedAt = c.accepted.date
	if c.accepted.date.IsZero() {
		c.evidence.CollectedAt = c.client.config.Now().UTC().Truncate(time.Second)
		coverage.Reason += "; GitHub told no date, so this machine's clock was taken"
	}
	coverage.Items = len(tokens)
	c.coverage[audit.SourceTokens] = account.settle(coverage)
	return nil
}

func (c *collection) newListing(l *list) *reader[grant] {
	return &reader[grant]{
		list: l, decode: c.decoder.grants,
		same: func(a, b grant) bool { return a.token.ID == b.token.ID },
	}
}

func (c *collection) tokenList() *list {
	return &list{
		session: c.session, login: c.organization.Login, id: c.organization.ID,
		tail: "personal-access-tokens", query: ascending(),
	}
}

func (c *collection) newReach(tail, act, source string) *reach {
	return &reach{
		client: c.client, session: c.session, login: c.organization.Login,
		id: c.organization.ID, tail: tail, shared: c.shared, act: act,
		lists:   map[int64]reached{},
		account: c.ledger.open(source),
	}
}

// unique sorts the tokens of a pass by id. An id that came twice with the same content is one
// token; with another content it is a doubt, too.
func unique(items []grant) (tokens []*audit.Token, twice []audit.Dropped, doubts []string) {
	items = slices.Clone(items)
	slices.SortStableFunc(items, func(a, b grant) int { return cmp.Compare(a.token.ID, b.token.ID) })
	for i, g := range items {
		if g.doubt != "" {
			doubts = append(doubts, g.doubt)
		}
		if i > 0 && items[i-1].token.ID == g.token.ID {
			twice = append(twice, audit.Dropped{ID: g.token.ID, Reason: "listed twice"})
			if !sameGrant(items[i-1].token, g.token) {
				doubts = append(doubts,
					fmt.Sprintf("token %d came twice, with different content", g.token.ID))
			}
			continue
		}
		tokens = append(tokens, g.token)
	}
	return tokens, twice, doubts
}

// contradictory words the doubts about a list, the first few of them.
func contradictory(doubts []string) string {
	const enough = 3
	text := "contradictory: " + strings.Join(doubts[:min(len(doubts), enough)], "; ")
	if more := len(doubts) - enough; more > 0 {
		text += fmt.Sprintf("; and %d more", more)
	}
	return text
}

// sameGrant compares two records of one grant; its last use may move.
func sameGrant(a, b *audit.Token) bool {
	return a.TokenID == b.TokenID && a.Name == b.Name && a.Owner == b.Owner &&
		a.Selection == b.Selection && slices.Equal(a.Permissions, b.Permissions) &&
		a.GrantedAt.Equal(b.GrantedAt) && a.ExpiresAt.Equal(b.ExpiresAt) &&
		a.Expired == b.Expired && a.Known == b.Known
}

func tokensOf(grants []grant) []*audit.Token {
	tokens := make([]*audit.Token, len(grants))
	for i, g := range grants {
		tokens[i] = g.token
	}
	return tokens
}

// tokensRemedy explains the refusals of the one list without which there is no audit.
func tokensRemedy(err error, installed *installation) error {
	var refused *Error
	if !errors.As(err, &refused) {
		return err
	}
	switch {
	case refused.Kind == NotFound:
		return fmt.Errorf("%w (the name is misspelt, the App is not installed there, GitHub hides "+
			"it, or this Enterprise Server is older than 3.10)", err)
	case refused.Kind == Permission && installed == nil:
		if refused.Accepts == "" {
			refused.Accepts = permTokens + "=read"
		}
		return fmt.Errorf("%w; a workflow's own GITHUB_TOKEN never has it: "+
			"use an App's token, as actions/create-github-app-token gives it", err)
	case refused.Kind == Permission && refused.Status == http.StatusForbidden &&
		refused.Accepts == "":
		refused.Accepts = permTokens + "=read"
	}
	return err
}
