// SPDX-License-Identifier: Apache-2.0

// Package flags is what commands share: the flags that say where evidence comes from, what it is
// judged by, what is shown of it and where that goes, and what they stand for.
package flags

import (
	"fmt"
	"os"
	"time"

	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/audit/github"
	"github.com/complytime/pataudit/audit/github/api"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// Source has the flags for how GitHub is asked.
type Source struct {
	appID          string
	appKey         string
	InstallationID int64
	apiURL         string
	caFile         string
	concurrency    int
	maxWait        time.Duration
	cache          string
	Verbose, Quiet bool
	Contacts       []string // whose role the evidence has to have, by login

	Origin Origin // of the credentials, once there is a client
}

// Origin is where credentials came from.
type Origin struct {
	From    string // the flags or variables
	Warning string // about the key's file; "" if none
}

// Register registers the flags.
func (f *Source) Register(set *pflag.FlagSet) {
	set.StringVar(&f.appID, "app-id", "",
		"the GitHub App's id or client id (PATAUDIT_APP_ID)")
	set.StringVar(&f.appKey, "app-key", "",
		"`file` with the App's private key (PATAUDIT_APP_KEY_FILE; PATAUDIT_APP_KEY holds the key)")
	set.Int64Var(&f.InstallationID, "installation-id", 0,
		"the App's installation in the organization (looked up if left out)")
	set.StringVar(&f.apiURL, "api-url", "",
		"of an Enterprise Server: https://host (GITHUB_API_URL)")
	set.StringVar(&f.caFile, "ca-file", "",
		"`file` with more certificate authorities in PEM")
	set.IntVar(&f.concurrency, "concurrency", api.DefaultConcurrency,
		fmt.Sprintf("requests in flight, 1 to %d", api.MaxConcurrency))
	set.DurationVar(&f.maxWait, "max-wait", api.DefaultMaxWait,
		"how long to wait for rate limits, in all")
	set.StringVar(&f.cache, "cache", "", "`folder` that keeps GitHub's answers, which the next "+
		"run has confirmed instead of reading them again")
	set.BoolVar(&f.Verbose, "verbose", false, "log every request to standard error")
}

// Endpoint returns GitHub's address.
func (f *Source) Endpoint() (*api.Endpoint, error) {
	apiURL := f.apiURL
	if apiURL == "" {
		apiURL = ui.Environment("GITHUB_API_URL")
	}
	return api.ParseEndpoint(apiURL)
}

// check refuses numbers that cannot be, also where nobody is asked: a flag is wrong or it is not.
func (f *Source) check() error {
	switch {
	case f.concurrency < 1 || f.concurrency > api.MaxConcurrency:
		return fmt.Errorf("--concurrency %d is not from 1 to %d", f.concurrency, api.MaxConcurrency)
	case f.maxWait < 0:
		return fmt.Errorf("--max-wait %v is negative", f.maxWait)
	case f.InstallationID < 0:
		return fmt.Errorf("--installation-id %d is negative", f.InstallationID)
	}
	return nil
}

// Client makes a client for GitHub from flags and environment. It contacts nothing.
func (f *Source) Client(u *ui.UI) (*github.Client, error) {
	endpoint, err := f.Endpoint()
	if err != nil {
		return nil, err
	}
	if err := f.check(); err != nil {
		return nil, err
	}
	if info, err := os.Stat(f.cache); f.cache != "" && err == nil && !info.IsDir() {
		return nil, fmt.Errorf("--cache %s is not a folder", f.cache)
	}
	credentials, from, err := f.credentials(u)
	if err != nil {
		return nil, err
	}
	f.Origin.From = from
	base, err := baseTransport(f.caFile, u)
	if err != nil {
		return nil, err
	}
	limits := api.DefaultLimits()
	limits.InFlight = f.concurrency
	config := github.Config{
		Config: api.Config{
			Endpoint: endpoint, Credentials: credentials, UserAgent: "pataudit/" + u.Tool.Version,
			Now: u.Now, Base: base, Limits: limits, MaxWait: f.maxWait,
		},
		Contacts: f.Contacts,
		Progress: u.Progress(), Forecast: u.Forecast(f.Verbose), Cache: f.cache,
	}
	if f.Verbose {
		u.Notef("credentials from %s", from)
		config.Log = u.Logger()
		config.Progress = nil
	}
	return github.New(config), nil
}
