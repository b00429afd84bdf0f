// SPDX-License-Identifier: Apache-2.0

package github

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/google/go-github/v66/github"
	"github.com/shurcooL/githubv4"
)

// Defaults of a [CallerConfig].
const (
	DefaultConcurrency = 10 // as Octokit has it
	MaxConcurrency     = 100
	DefaultMaxWait     = 15 * time.Minute
)

// CallerConfig says how to ask GitHub.
type CallerConfig struct {
	Endpoint    *Endpoint
	Credentials Credentials
	UserAgent   string

	Now     func() time.Time  // for tokens and waits; never for judging
	Base    http.RoundTripper // below everything; nil: http.DefaultTransport
	Limits  Limits            // what is taken of GitHub at most; zero: no limit of our own
	MaxWait time.Duration     // for all of GitHub's limits of a run; 0: none is waited for
	Log     *slog.Logger      // of every request; nil: none
}

// Caller asks one GitHub with one set of credentials. It is safe for concurrent use.
type Caller struct {
	config   CallerConfig
	begun    time.Time
	slots    chan struct{} // in flight; nil: no bound
	retries  *retries      // nil: no bound
	patience patience
	app      *session // signs as the App; nil for a bare token
}

// NewCaller returns a client for the configuration. It contacts nothing.
func NewCaller(config CallerConfig) *Caller {
	if config.Base == nil {
		config.Base = http.DefaultTransport
	}
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	c := &Caller{config: config, begun: config.Now()}
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
func (c *Caller) App() *session { return c.app }

// Bare returns a session of the installation token that is all there is.
func (c *Caller) Bare() *session {
	return c.session(bareAuth{c.config.Credentials.Token, c.config.Now, c.begun})
}

// Installation returns a session of an installation, for which mint asks for tokens, and the
// governor says when a request may go.
func (c *Caller) Installation(
	mint func(context.Context) (*Minted, error), governor *governor,
) *session {
	return c.governed(newInstallationAuth(c.config.Now, mint), governor)
}

func (c *Caller) session(auth authorizer) *session { return c.governed(auth, newGovernor(c)) }

func (c *Caller) governed(auth authorizer, governor *governor) *session {
	transport := &transport{
		base:     c.config.Base,
		endpoint: c.config.Endpoint,
		auth:     auth,
		now:      c.config.Now,
		log:      c.config.Log,
		governor: governor,
		retries:  c.retries,
	}
	client := &http.Client{CheckRedirect: c.config.Endpoint.sameOrigin, Transport: transport}
	rest := github.NewClient(client)
	rest.BaseURL = c.config.Endpoint.REST
	rest.UserAgent = c.config.UserAgent
	return &session{
		rest:      rest,
		graph:     githubv4.NewEnterpriseClient(c.config.Endpoint.GraphQL.String(), client),
		transport: transport,
	}
}
