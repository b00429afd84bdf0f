// SPDX-License-Identifier: Apache-2.0

package github

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/complytime/pataudit/audit"
)

// Defaults of a [Config].
const (
	DefaultConcurrency = 10 // as Octokit has it
	MaxConcurrency     = 100
	DefaultMaxWait     = 15 * time.Minute
)

// Config says how to ask GitHub.
type Config struct {
	Endpoint    *Endpoint
	Credentials Credentials
	UserAgent   string

	Now      func() time.Time  // for tokens and waits; never for judging
	Base     http.RoundTripper // below everything; nil: http.DefaultTransport
	Limits   Limits            // what is taken of GitHub at most; zero: no limit of our own
	MaxWait  time.Duration     // for all of GitHub's limits of a run; 0: none is waited for
	Cache    string            // folder that keeps answers between runs; "": none
	Log      *slog.Logger      // of every request; nil: none
	Progress func(Progress)    // nil: none; called from many goroutines
	Forecast func(Forecast)    // nil: none; called once for each organization
}

// Progress is how far a collection has come.
type Progress struct {
	Organization string
	Act          string // "token repositories"
	Done, Total  int    // Total 0: not known yet
}

// Client asks one GitHub with one set of credentials. It is safe for concurrent use.
type Client struct {
	config   Config
	begun    time.Time
	slots    chan struct{} // in flight; nil: no bound
	retries  *retries      // nil: no bound
	patience patience
	app      *session // signs as the App; nil for a bare token
}

// New returns a client for the configuration. It contacts nothing.
func New(config Config) *Client {
	if config.Base == nil {
		config.Base = http.DefaultTransport
	}
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	if config.Progress == nil {
		config.Progress = func(Progress) {}
	}
	if config.Forecast == nil {
		config.Forecast = func(Forecast) {}
	}
	c := &Client{config: config, begun: config.Now()}
	if n := config.Limits.InFlight; n > 0 {
		c.slots = make(chan struct{}, n)
	}
	if n := config.Limits.Retries; n > 0 {
		c.retries = &retries{most: int64(n)}
	}
	c.patience.left = config.MaxWait
	if credentials := config.Credentials; credentials.Issuer != "" {
		c.app = c.session(&appAuth{
			issuer: credentials.Issuer, key: credentials.Key, now: config.Now, log: config.Log,
		})
	}
	return c
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
// that is asked for token by token. The evidence has to be what Collect gave last.
func (o *organization) Learn(
	ctx context.Context, e *audit.Evidence, tokens []*audit.Token, want audit.Facts,
) error {
	if !want.Has(audit.FactRepositories) || o.last == nil || o.last.evidence != e {
		return nil
	}
	return o.last.learn(ctx, tokens)
}
