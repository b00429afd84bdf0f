// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"bytes"
	"cmp"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/githubtest"
)

const (
	auditLogPath       = "/orgs/complytime/audit-log"
	authorizationsPath = "/orgs/complytime/credential-authorizations"
)

// today moves a bubble's clock to a day on which there are fine-grained tokens.
func today() { time.Sleep(time.Until(time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC))) }

// onEnterpriseCloud gives the organization an audit log of several pages, and members who
// authorized credentials, and the App the permission to read both.
func onEnterpriseCloud(w *githubtest.World) {
	o := w.Organizations[0]
	o.EnterpriseCloud = true
	permissions := githubtest.AuditPermissions()
	permissions["organization_administration"] = "read"
	w.App.Installations = []*githubtest.Installation{{Permissions: permissions}}
	for _, t := range w.Tokens {
		t.Permissions = permissions
	}
	for i := range cmp.Or(w.PerPage, 100) { // so that there is a second page
		happened(w, "org.invite_member", -i-60, nil)
		happened(w, "personal_access_token.request_denied", -i-60, nil)
	}
	for _, g := range o.Grants {
		happened(w, "personal_access_token.request_created", -21, g)
		happened(w, "personal_access_token.access_granted", -20, g)
	}
	day := func(n int) *time.Time { return new(w.Now().AddDate(0, 0, n)) }
	o.Authorizations = []*githubtest.Authorization{
		{
			Login: "octocat", TokenID: 9, Note: "ci\u202e", LastEight: "71c3fc11",
			Scopes: []string{"repo", "admin:org"}, AuthorizedAt: *day(-300),
		},
		{Login: "octocat", TokenID: 8, Note: "laptop", Type: "SSH key", AuthorizedAt: *day(-9)},
		{
			Login: "hubot", TokenID: 7, LastEight: "Ae178B4a", AuthorizedAt: *day(-3),
			AccessedAt: day(-1), ExpiresAt: day(30),
		},
	}
}

// happened adds an event to the audit log; g is the token that it is about, if any.
func happened(
	w *githubtest.World, action string, days int, g *githubtest.Grant,
) *githubtest.Event {
	o := w.Organizations[0]
	e := &githubtest.Event{
		Action: action, Actor: "hubot", CreatedAt: w.Now().AddDate(0, 0, days),
	}
	if g != nil {
		e.TokenID = g.TokenID
	}
	if g != nil && !strings.HasSuffix(action, "_granted") {
		e.Actor = g.Owner
	}
	o.AuditLog = append(o.AuditLog, e)
	return e
}

// TestEnterpriseRefused: where they cannot be had, the coverage says why and what would help;
// nothing is asked without the permission, and none of it makes an audit incomplete.
func TestEnterpriseRefused(t *testing.T) {
	for name, test := range map[string]struct {
		prepare func(*githubtest.World)
		words   string
		asked   bool
	}{
		"not on Enterprise Cloud": {func(w *githubtest.World) {
			onEnterpriseCloud(w)
			w.Organizations[0].EnterpriseCloud = false
		}, "on GitHub Enterprise Cloud only", true},
		"no permission": {func(w *githubtest.World) {
			onEnterpriseCloud(w)
			w.App.Installations[0].Permissions = githubtest.AuditPermissions()
		}, `the App lacks "Administration: read" of the organization`, false},
		"no permission, bare token": {func(w *githubtest.World) {
			onEnterpriseCloud(w)
			w.Tokens = []*githubtest.Token{{Value: "ghs_bare"}}
		}, `needs "Administration: read" of the organization`, true},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(w *githubtest.World) {
				today()
				grants(w, 1)
				test.prepare(w)
			}, func(b *bench) {
				if len(b.world.Tokens) > 0 {
					bare(b)
				}
				b.also = enterpriseFacts
				run, err := b.audit()
				if err != nil || !run.Complete || run.Classic != nil {
					b.t.Fatalf("error %v, incomplete %q, classic %v", err, run.Incomplete, run.Classic)
				}
				for _, source := range []string{audit.SourceAuditLog, audit.SourceAuthorizations} {
					coverage := coverageOf(run, source)
					if coverage.Status != audit.Refused ||
						!strings.Contains(coverage.Reason.String(), test.words) ||
						(coverage.Requests > 0) != test.asked {
						b.t.Errorf("coverage %+v", coverage)
					}
				}
				if seen := run.NotSeen.String(); !strings.Contains(seen, "classic tokens (") ||
					!strings.Contains(seen, "who approved tokens, and when they were made (") {
					b.t.Errorf("not seen: %s", seen)
				}
			})
		})
	}
}

// asked keeps the bodies of requests to mint a token.
type asked struct {
	base   http.RoundTripper
	mu     sync.Mutex
	bodies string
}

func (a *asked) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "/access_tokens") {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		a.mu.Lock()
		a.bodies += string(body)
		a.mu.Unlock()
	}
	return a.base.RoundTrip(r)
}

// TestEnterpriseUnasked: without the flags nothing is asked, and no permission taken.
func TestEnterpriseUnasked(t *testing.T) {
	inBubble(t, func(w *githubtest.World) {
		today()
		grants(w, 1)
		onEnterpriseCloud(w)
	}, func(b *bench) {
		asked := &asked{base: b.config.Base}
		b.config.Base = asked
		run, err := b.audit()
		if strings.Contains(asked.bodies, "organization_administration") ||
			!strings.Contains(asked.bodies, "organization_personal_access_tokens") {
			b.t.Errorf("permissions asked for: %s", asked.bodies)
		}
		if err != nil || coverageOf(run, audit.SourceAuditLog).Status != audit.NotAsked ||
			coverageOf(run, audit.SourceAuthorizations).Status != audit.NotAsked {
			b.t.Errorf("error %v, coverage %+v", err, run.Coverage)
		}
		for _, entry := range b.server.Log() {
			if strings.Contains(entry.URL, "audit-log") || strings.Contains(entry.URL, "credential") {
				b.t.Errorf("asked for %s", entry.URL)
			}
		}
	})
}
