// SPDX-License-Identifier: Apache-2.0

package github

import (
	"context"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/api"
)

// Config is how to ask GitHub, and who hears how that goes.
type Config struct {
	api.Config

	Cache    string         // folder that keeps answers between runs; "": none
	Progress func(Progress) // nil: none; called from many goroutines
	Forecast func(Forecast) // nil: none; called once for each organization

	// Contacts are logins of people of whom each evidence has what the organization is to them.
	Contacts []string
}

// Progress is how far a collection has come.
type Progress struct {
	Organization string
	Act          string // "token repositories"
	Done, Total  int    // Total 0: not known yet
}

// Client asks one GitHub with one set of credentials. It is safe for concurrent use.
type Client struct {
	api    *api.Client
	config Config
}

// New returns a client for the configuration. It contacts nothing.
func New(config Config) *Client {
	if config.Progress == nil {
		config.Progress = func(Progress) {}
	}
	if config.Forecast == nil {
		config.Forecast = func(Forecast) {}
	}
	asker := api.New(config.Config)
	config.Config = asker.Config
	return &Client{api: asker, config: config}
}

// Organization returns the source of one organization's evidence.
func (c *Client) Organization(login string) audit.Source {
	return &organization{client: c, login: login}
}

type organization struct {
	client *Client
	login  string
	last   *collection // what was collected last; nil before
}

// Collect reads everything that want names. It fails only if not even the first page of tokens
// could be had; what else is missing is in the evidence's coverage.
func (o *organization) Collect(ctx context.Context, want audit.Facts) (*audit.Evidence, error) {
	collected, err := collect(ctx, o.client, o.login, want)
	if err != nil {
		return nil, err
	}
	o.last = collected
	return collected.evidence, nil
}

// Learn reads the repositories of some of the tokens, if want names them: GitHub has nothing else
// that is asked for token by token. The evidence has to be what Collect returned last.
func (o *organization) Learn(
	ctx context.Context, e *audit.Evidence, tokens []*audit.Token, want audit.Facts,
) error {
	if !want.Has(audit.FactRepositories) || o.last == nil || o.last.evidence != e {
		return nil
	}
	return o.last.learn(ctx, tokens)
}
