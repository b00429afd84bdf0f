// SPDX-License-Identifier: Apache-2.0

// Package flags is what commands share: the flags that say where evidence comes from, what it is
// judged by, what is shown of it and where that goes, and what they stand for.
package flags

import (
	"bytes"
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github"
	"github.com/complytime/pataudit/audit/github/api"
	"github.com/complytime/pataudit/audit/snapshot"
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

// Client makes a client for GitHub from flags and environment. It contacts nothing.
func (f *Source) Client(u *ui.UI) (*github.Client, error) {
	endpoint, err := f.Endpoint()
	if err != nil {
		return nil, err
	}
	switch {
	case f.concurrency < 1 || f.concurrency > api.MaxConcurrency:
		return nil, fmt.Errorf("--concurrency %d is not from 1 to %d",
			f.concurrency, api.MaxConcurrency)
	case f.maxWait < 0:
		return nil, fmt.Errorf("--max-wait %v is negative", f.maxWait)
	case f.InstallationID < 0:
		return nil, fmt.Errorf("--installation-id %d is negative", f.InstallationID)
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

// credentials returns the App's key, or else an installation token, and where that is from.
func (f *Source) credentials(u *ui.UI) (c api.Credentials, from string, err error) {
	c.Installation = f.InstallationID
	c.Issuer, from = f.appID, "--app-id"
	if c.Issuer == "" {
		c.Issuer, from = ui.Environment("PATAUDIT_APP_ID"), "PATAUDIT_APP_ID"
	}
	if c.Issuer != "" {
		if c.Issuer, err = api.ParseIssuer(c.Issuer); err != nil {
			return c, from, fmt.Errorf("%s: %w", from, err)
		}
		keyFrom := ""
		c.Key, keyFrom, err = f.key(u)
		return c, from + " and " + keyFrom, err
	}
	if f.appKey != "" || f.InstallationID != 0 {
		return c, from, errors.New("an App needs its id, too: --app-id or PATAUDIT_APP_ID")
	}
	for _, name := range []string{"PATAUDIT_TOKEN", "GITHUB_TOKEN"} {
		if value := ui.Environment(name); value != "" {
			if c.Token, err = api.ParseToken(value); err != nil {
				err = fmt.Errorf("%s: %w", name, err)
			}
			return c, name, err
		}
	}
	return c, "", errors.New("no credentials: set PATAUDIT_APP_ID and PATAUDIT_APP_KEY_FILE to " +
		"a GitHub App's; `pataudit setup ORG` says how to create one, " +
		"`pataudit demo` needs none")
}

func (f *Source) key(u *ui.UI) (key *rsa.PrivateKey, from string, err error) {
	if f.appKey == "" {
		if text := ui.Environment("PATAUDIT_APP_KEY"); text != "" {
			key, err = api.ParseKey([]byte(text))
			if err != nil {
				err = fmt.Errorf("PATAUDIT_APP_KEY: %w", err)
			}
			return key, "PATAUDIT_APP_KEY", err
		}
	}
	path, from := f.appKey, "--app-key"
	if path == "" {
		path, from = ui.Environment("PATAUDIT_APP_KEY_FILE"), "PATAUDIT_APP_KEY_FILE"
	}
	if path == "" {
		return nil, "", errors.New("an App needs its private key, too: " +
			"--app-key, PATAUDIT_APP_KEY_FILE or PATAUDIT_APP_KEY")
	}
	key, warning, err := api.ReadKey(path)
	if f.Origin.Warning = warning; warning != "" {
		u.Warnf("%s", warning)
	}
	return key, from, err
}

// OpenSnapshot returns what reads a snapshot that is to be judged. How far GitHub's clock was from
// ours was judged when it was collected; only from the future no evidence can be.
func OpenSnapshot(now time.Time) func(io.Reader, string) (*audit.Evidence, error) {
	return func(reader io.Reader, name string) (*audit.Evidence, error) {
		evidence, err := snapshot.Open(reader, name)
		if err != nil {
			return nil, err
		}
		if at := evidence.CollectedAt; at.After(now.Add(audit.SkewBelieved)) {
			return nil, fmt.Errorf("%s says that it was collected at %s, a day to come: it is %s by "+
				"this machine's clock; set the clock that is wrong, or collect it anew", name,
				at.UTC().Format(time.RFC3339), now.UTC().Format(time.RFC3339))
		}
		return evidence, nil
	}
}

// fileSource reads evidence from a snapshot, or from a bare list of grants.
type fileSource struct {
	name  string // "-" is standard input
	ui    *ui.UI
	login string // of the organization; a snapshot knows its own
	host  string
}

var _ audit.Source = (*fileSource)(nil)

func (f *fileSource) Collect(ctx context.Context, _ audit.Facts) (*audit.Evidence, error) {
	reader, name := f.ui.In, StandardInput
	if f.name != "-" {
		file, err := os.Open(f.name)
		if err != nil {
			return nil, fmt.Errorf("reading evidence: %w", err)
		}
		defer func() { _ = file.Close() }() // only read
		reader, name = file, f.name
	}
	buffered, kind, err := Recognize(reader, name)
	switch {
	case err != nil:
		return nil, err
	case kind == SnapshotFile:
		return f.open(buffered, name)
	}
	if err := CheckKind(kind, SnapshotFile, name); err != nil {
		return nil, err
	}
	start, _ := buffered.Peek(1 << 10)
	if array := bytes.HasPrefix(bytes.TrimSpace(start), []byte("[")); f.login == "" && array {
		return nil, fmt.Errorf("%s is no snapshot; for a bare list of grants name the "+
			"organization, too: pataudit audit ORG --from %[1]s", name)
	}
	if f.login == "" {
		return nil, fmt.Errorf("%s is neither a snapshot nor a list of grants", name)
	}
	list := &github.List{Login: f.login, Host: f.host, Name: name, R: buffered}
	return list.Collect(ctx)
}

// Learn learns nothing: a file holds what it holds.
func (f *fileSource) Learn(
	context.Context, *audit.Evidence, []*audit.Token, audit.Facts,
) error {
	return nil
}

func (f *fileSource) open(reader io.Reader, name string) (*audit.Evidence, error) {
	evidence, err := OpenSnapshot(f.ui.Now())(reader, name)
	if err != nil {
		return nil, err
	}
	if o := evidence.Organization; f.login != "" && !o.Called(f.login) {
		return nil, fmt.Errorf("%s is a snapshot of %s, not of %s", name, o.Login, f.login)
	}
	return evidence, nil
}
