// SPDX-License-Identifier: Apache-2.0

package github

import (
	"context"
	"log/slog"
	"net/http"
	"sync/atomic"
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

	Now         func() time.Time  // for tokens and waits; never for judging
	Base        http.RoundTripper // below everything; nil: http.DefaultTransport
	Concurrency int               // requests in flight; 0: DefaultConcurrency
	MaxWait     time.Duration     // for all rate limits of a run together; 0: none is waited for
	Log         *slog.Logger      // of every request; nil: none
	Progress    func(Progress)    // nil: none; called from many goroutines
}

// Progress is how far a collection has come.
type Progress struct {
	Act         string // "token repositories"
	Done, Total int    // Total 0: not known yet
}

// Client asks one GitHub with one set of credentials. It is safe for concurrent use.
type Client struct {
	config   Config
	slots    chan struct{}
	retries  atomic.Int64
	patience patience
	app      *session // signs as the App; nil for a bare token
}

// New makes a client. It contacts nothing.
func New(config Config) *Client {
	if config.Base == nil {
		config.Base = http.DefaultTransport
	}
	if config.Concurrency == 0 {
		config.Concurrency = DefaultConcurrency
	}
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	if config.Progress == nil {
		config.Progress = func(Progress) {}
	}
	c := &Client{config: config, slots: make(chan struct{}, config.Concurrency)}
	c.retries.Store(retryBudget)
	c.patience.left = config.MaxWait
	if credentials := config.Credentials; credentials.Issuer != "" {
		c.app = c.session(&appAuth{
			issuer: credentials.Issuer, key: credentials.Key, now: config.Now,
		})
	}
	return c
}

// Organization is the source of one organization's evidence.
func (c *Client) Organization(login string) audit.Source {
	return &organization{client: c, login: login}
}

type organization struct {
	client *Client
	login  string
}

// Collect reads everything that want names. It fails only if not even the first page of tokens
// could be had; what else is missing is in the evidence's coverage.
func (o *organization) Collect(ctx context.Context, want audit.Facts) (*audit.Evidence, error) {
	return collect(ctx, o.client, o.login, want)
}

// Learn reads the repositories of some of the tokens, if want names them: GitHub has nothing else
// that is asked for token by token.
func (o *organization) Learn(
	ctx context.Context, e *audit.Evidence, tokens []*audit.Token, want audit.Facts,
) error {
	if !want.Has(audit.FactRepositories) {
		return nil
	}
	return learn(ctx, o.client, e, tokens)
}
