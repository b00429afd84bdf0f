// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/google/go-github/v66/github"
	"github.com/shurcooL/githubv4"
)

// Defaults of a [Config].
const (
	DefaultConcurrency = 10 // as Octokit has it
	MaxConcurrency     = 100
	DefaultMaxWait     = 15 * time.Minute
)

// Config is how to ask GitHub.
type Config struct {
	Endpoint    *Endpoint
	Credentials Credentials
	UserAgent   string

	Now     func() time.Time  // for tokens and waits; never for judging
	Base    http.RoundTripper // below everything; nil: http.DefaultTransport
	Limits  Limits            // what is taken of GitHub at most; zero: no limit of our own
	MaxWait time.Duration     // for all of GitHub's limits of a run; 0: none is waited for
	Log     *slog.Logger      // of every request; nil: none
}

// Client asks one GitHub with one set of credentials. It is safe for concurrent use.
type Client struct {
	Config   Config // with its defaults filled in
	begun    time.Time
	slots    chan struct{} // in flight; nil: no bound
	retries  *retries      // nil: no bound
	patience patience
	app      *Session // signs as the App; nil for a bare token
}

// New returns a client for the configuration. It contacts nothing.
func New(config Config) *Client {
	if config.Base == nil {
		config.Base = http.DefaultTransport
	}
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	c := &Client{Config: config, begun: config.Now()}
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

// App returns the session that signs as the App; nil for a bare token.
func (c *Client) App() *Session { return c.app }

// Bare returns a session of the installation token that is all there is.
func (c *Client) Bare() *Session {
	return c.session(bareAuth{c.Config.Credentials.Token, c.Config.Now, c.begun})
}

// Installation returns a session of an installation, for which mint asks for tokens, and the
// governor decides when a request may go.
func (c *Client) Installation(
	mint func(context.Context) (*Minted, error), governor *Governor,
) *Session {
	return c.governed(newInstallationAuth(c.Config.Now, mint), governor)
}

func (c *Client) session(auth authorizer) *Session { return c.governed(auth, NewGovernor(c)) }

func (c *Client) governed(auth authorizer, governor *Governor) *Session {
	transport := &transport{
		base:     c.Config.Base,
		endpoint: c.Config.Endpoint,
		auth:     auth,
		now:      c.Config.Now,
		log:      c.Config.Log,
		governor: governor,
		retries:  c.retries,
	}
	client := &http.Client{CheckRedirect: c.Config.Endpoint.sameOrigin, Transport: transport}
	rest := github.NewClient(client)
	rest.BaseURL = c.Config.Endpoint.REST
	rest.UserAgent = c.Config.UserAgent
	return &Session{
		rest:      rest,
		graph:     githubv4.NewEnterpriseClient(c.Config.Endpoint.GraphQL.String(), client),
		transport: transport,
	}
}
