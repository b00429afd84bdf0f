// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit/github"
	"github.com/complytime/pataudit/audit/github/api"
	"github.com/complytime/pataudit/audit/github/githubtest"
)

// diagnose examines what an audit of the organization needs.
func (b *bench) diagnose() *github.Diagnosis {
	client := github.New(b.config)
	return client.Examine(context.Background(), b.world.Organizations[0].Login)
}

// checkOf finds a check; one that was not made has no ID.
func checkOf(d *github.Diagnosis, id string) github.Check {
	i := slices.IndexFunc(d.Checks, func(c github.Check) bool { return c.ID == id })
	if i < 0 {
		return github.Check{}
	}
	return d.Checks[i]
}

// few is an organization of which an examination finds nothing to say.
func few(w *githubtest.World) { grants(w, 1) }

// useEither runs a test with the App's key, and with a bare token.
func useEither(t *testing.T, prepare func(*githubtest.World), test func(*bench)) {
	for _, credentials := range []string{"app", "bare"} {
		t.Run(credentials, func(t *testing.T) {
			inBubble(t, func(w *githubtest.World) {
				prepare(w)
				w.Tokens = []*githubtest.Token{{Value: "ghs_bare"}}
			}, func(b *bench) {
				if credentials == "bare" {
					useBare(&b.config)
				}
				test(b)
			})
		})
	}
}

// TestExamineFaults: whatever request of an examination fails, an audit is never called ready.
func TestExamineFaults(t *testing.T) {
	useEither(t, small, func(b *bench) {
		if d := b.diagnose(); !d.Ready() {
			b.t.Fatalf("not ready: %+v", d.Checks)
		}
		faults := []githubtest.Fault{
			{Status: 401},
			{Status: 403},
			{Status: 404},
			{Status: 422},
			{Status: 500},
			{Mode: githubtest.ModeReset},
			{Mode: githubtest.ModeEmpty},
			{Body: body(`{}`)},
			{Status: 429, Header: header("Retry-After", "3600")},
			{Body: body(`null`)},
		}
		for i, fault := range distinct(b.server.Log()) {
			if fault.After > 0 {
				continue // of a second pass, which there is not
			}
			for k, how := range faults {
				if !tenth(i + k) { // of each request one
					continue
				}
				how.Method, how.Path, how.Query = fault.Method, fault.Path, fault.Query
				b.server.Change(func(w *githubtest.World) { w.Faults = []*githubtest.Fault{&how} })
				begun := time.Now()
				d := b.diagnose()
				if how.Status == 403 && strings.HasSuffix(how.Path, "-requests") &&
					b.config.Credentials.Issuer == "" {
					continue // a permission that no complete audit needs
				}
				if d.Ready() {
					b.t.Errorf("ready, though %s %s?%s fails with %d %q", how.Method, how.Path,
						how.Query, how.Status, how.Mode)
				}
				if took := time.Since(begun); took > 3*time.Minute {
					b.t.Errorf("%s %s, failing with %d %q, took %v", how.Method, how.Path,
						how.Status, how.Mode, took)
				}
			}
		}
	})
}

// TestExamineCost: the estimate is what an audit then takes.
func TestExamineCost(t *testing.T) {
	prepare := func(w *githubtest.World) {
		w.Latency = githubtest.Duration(100 * time.Millisecond)
		o := w.Organizations[0]
		o.OutsideCollaborators = []*githubtest.Member{{Login: "contractor"}}
		for i := range 250 {
			g := o.NewGrant(w.Now())
			if i%2 == 0 {
				g.Selection, g.Repositories = "none", nil
			}
			if i == 1 {
				g.Owner = "contractor"
			}
			o.Grants = append(o.Grants, g)
		}
		o.Requests = append(o.Requests, o.NewRequest(w.Now()))
	}
	useEither(t, prepare, func(b *bench) {
		b.config.Limits = api.DefaultLimits()
		cost := b.diagnose().Cost
		if cost == nil {
			b.t.Fatal("no estimate")
		}
		first := len(b.server.Log())
		begun := time.Now()
		b.mustCollect()
		took := time.Since(begun)
		rest, quota, points := 0, 0, 0
		for _, entry := range b.server.Log()[first:] {
			switch {
			case strings.HasSuffix(entry.URL, "/graphql"):
				points++
			case !strings.Contains(entry.URL, "/app/") && !strings.HasSuffix(entry.URL, "/installation"):
				if rest++; entry.Status != http.StatusNotModified {
					quota++
				}
			}
		}
		want := github.Cost{
			Tokens: 250, Lists: 126, Requests: rest, Quota: quota, Points: points, Takes: cost.Takes,
		}
		if *cost != want {
			b.t.Errorf("estimate %+v; it took %+v", *cost, want)
		}
		if off := (cost.Takes - took).Abs(); off > took/2 {
			b.t.Errorf("estimate %v; it took %v", cost.Takes, took)
		}
	})
}

// TestExamineQuota: what is used up is said, without waiting for it.
func TestExamineQuota(t *testing.T) {
	prepare := func(w *githubtest.World) {
		small(w)
		w.Tokens = []*githubtest.Token{{Value: "ghs_bare"}}
	}
	inBubble(t, prepare, func(b *bench) {
		useBare(&b.config) // the App would be out of quota, too
		b.diagnose()
		b.server.Spend("core", 5000)
		begun := time.Now()
		d := b.diagnose()
		if took := time.Since(begun); took > time.Second {
			b.t.Errorf("waited for %v", took)
		}
		found := checkOf(d, "quota")
		if found.Status != github.CheckProblem || d.Ready() || d.Stopped ||
			!strings.Contains(found.Remedy, "--max-wait 61m") || d.Quota.REST.Left != 0 {
			b.t.Errorf("%+v", d.Checks)
		}
		b.config.MaxWait = 2 * time.Hour
		if d := b.diagnose(); checkOf(d, "quota").Status != github.CheckWarning || d.Ready() {
			b.t.Errorf("%+v", d.Checks)
		}
	})
}

// TestExamineUncounted: that GitHub does not tell how many tokens there are hinders no audit.
func TestExamineUncounted(t *testing.T) {
	useEither(t, small, func(b *bench) {
		b.world.Faults = []*githubtest.Fault{{
			Path: tokensPath, Query: "per_page=1",
			Header: header("Link", `<http://127.0.0.1/api/v3`+tokensPath+
				`?per_page=1&page=2>; rel="next"`),
		}}
		d := b.diagnose()
		if checkOf(d, "cost").Status != github.CheckWarning || !d.Ready() || d.Cost != nil {
			b.t.Errorf("%+v", d.Checks)
		}
	})
}

// TestExamineClock: clocks that disagree are told, and which of them is ahead.
func TestExamineClock(t *testing.T) {
	for _, test := range []struct {
		ours  time.Duration // ahead of GitHub's
		want  github.CheckStatus
		words string
	}{
		{0, github.CheckOK, "agrees"},
		{25 * time.Second, github.CheckOK, "agrees"},
		{-45 * time.Second, github.CheckWarning, "45s behind GitHub's"},
		{2 * time.Minute, github.CheckWarning, "2m0s ahead of GitHub's"},
		{24 * time.Hour, github.CheckWarning, "24h0m0s ahead of GitHub's"},
		{24*time.Hour + time.Second, github.CheckProblem, "24h0m1s ahead of GitHub's"},
		{-26 * time.Hour, github.CheckProblem, "26h0m0s behind GitHub's"},
	} {
		t.Run(test.ours.String(), func(t *testing.T) {
			useEither(t, few, func(b *bench) {
				b.config.Now = func() time.Time { return time.Now().Add(test.ours) }
				d := b.diagnose()
				found := checkOf(d, "clock")
				if found.Status != test.want || !strings.Contains(found.Detail, test.words) {
					b.t.Errorf("%+v", found)
				}
				left := time.Until(d.Quota.REST.Reset)
				ready := found.Status != github.CheckProblem
				if d.Ready() != ready || left < 59*time.Minute || left > 61*time.Minute {
					b.t.Errorf("renewed in %v: %+v", left, d.Checks)
				}
			})
		})
	}
	t.Run("no date", func(t *testing.T) {
		useEither(t, few, func(b *bench) {
			b.world.Faults = []*githubtest.Fault{{Header: header("Date", "")}}
			if d := b.diagnose(); checkOf(d, "clock").Status != github.CheckWarning || !d.Ready() {
				b.t.Errorf("%+v", d.Checks)
			}
		})
	})
}

// unreachable is a network on which every request fails.
type unreachable struct{ err error }

func (u unreachable) RoundTrip(*http.Request) (*http.Response, error) { return nil, u.err }

// TestExamineUnreachable: what is in the way is told by what it takes to mend it.
func TestExamineUnreachable(t *testing.T) {
	refused := &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	for words, err := range map[string]error{
		"DNS":               &net.OpError{Op: "dial", Err: &net.DNSError{Name: "nowhere"}},
		"--ca-file":         &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}},
		"no TLS is spoken":  tls.RecordHeaderError{Msg: "first record does not look like TLS"},
		"nobody listens":    refused,
		"NO_PROXY":          &net.OpError{Op: "proxyconnect", Err: refused},
		"firewall":          context.DeadlineExceeded,
		"check the network": errors.New("Proxy Authentication Required"),
	} {
		t.Run(words, func(t *testing.T) {
			useEither(t, small, func(b *bench) {
				b.config.Base = unreachable{err}
				d := b.diagnose()
				found := checkOf(d, "reachability")
				if len(d.Checks) != 1 || !d.Stopped || !strings.Contains(found.Remedy, words) ||
					strings.Contains(found.Detail, words) {
					b.t.Errorf("%+v", d.Checks)
				}
				if _, err := b.collect(); strings.Count(fmt.Sprint(err), found.Remedy) != 1 {
					b.t.Errorf("an audit says %v", err)
				}
			})
		})
	}
}

// TestExamineQuietApp: an App whose permissions GitHub does not tell is tried, like a bare token.
func TestExamineQuietApp(t *testing.T) {
	inBubble(t, small, func(b *bench) {
		quiet := body(`{"id": 42001, "repository_selection": "all", "suspended_at": null,
			"account": {"login": "complytime", "id": 652551}}`)
		b.world.Faults = []*githubtest.Fault{{Path: "/orgs/complytime/installation", Body: quiet}}
		d := b.diagnose()
		if !d.Ready() || checkOf(d, "excess").ID != "" {
			b.t.Errorf("%+v", d.Checks)
		}
		for _, needed := range api.Permissions {
			if checkOf(d, "permission."+needed.Name).Status != github.CheckOK {
				b.t.Errorf("%s: %+v", needed.Name, d.Checks)
			}
		}
	})
}

// TestExamineManyInstallations: every organization counts, the first few are named.
func TestExamineManyInstallations(t *testing.T) {
	inBubble(t, func(w *githubtest.World) {
		for i := range 120 {
			w.Organizations = append(w.Organizations, &githubtest.Organization{
				Login: fmt.Sprintf("org-%03d", i), ID: int64(i + 1),
			})
		}
	}, func(b *bench) {
		d := github.New(b.config).Examine(context.Background(), "")
		found := checkOf(d, "installations").Detail
		if !d.Ready() || !strings.HasPrefix(found, "in 121 organizations: complytime, org-000") ||
			!strings.HasSuffix(found, "and 101 more") {
			b.t.Error(found)
		}
	})
}

// TestExamineInterrupted: an examination ends with its context.
func TestExamineInterrupted(t *testing.T) {
	useEither(t, small, func(b *bench) {
		b.world.Faults = []*githubtest.Fault{{Path: tokensPath, Status: 500}}
		ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
		defer cancel()
		begun := time.Now()
		github.New(b.config).Examine(ctx, "complytime")
		if took := time.Since(begun); took > time.Second {
			b.t.Errorf("went on for %v", took)
		}
	})
}

// echo is a GitHub that says the credentials back, once a request's path holds a text.
type echo struct {
	base   http.RoundTripper
	within string
	status int
	body   string // with the credentials for %s
}

func (e echo) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := e.base.RoundTrip(request)
	if err != nil || !strings.Contains(request.URL.Path, e.within) {
		return response, err
	}
	text := fmt.Sprintf(e.body, request.Header.Get("Authorization"))
	response.StatusCode, response.ContentLength = e.status, int64(len(text))
	response.Header.Del("Content-Length")
	response.Body = io.NopCloser(strings.NewReader(text))
	return response, nil
}

// TestExamineSecrets: a GitHub that says the credentials back is not repeated.
func TestExamineSecrets(t *testing.T) {
	for i, within := range []string{
		"/app", "/access_tokens", "/repositories", "tokens", "graphql",
	} {
		for k, answer := range []struct {
			status int
			body   string
		}{
			{422, `{"message": "no: %s"}`},
			{403, `{"message": "%s"}`},
			{200, `<p>%s</p>`},
			{200, `{"id": 1, "name": "%s", "repository_selection": "%[1]s"}`},
			{200, `{"errors": [{"type": "X", "message": "%s"}]}`},
		} {
			if !tenth(4*i + k) { // another answer each time
				continue
			}
			t.Run(fmt.Sprint(within, answer.status), func(t *testing.T) {
				useEither(t, small, func(b *bench) {
					var log strings.Builder
					b.config.Log = slog.New(slog.NewTextHandler(&log, nil))
					b.config.Base = echo{b.config.Base, within, answer.status, answer.body}
					text := fmt.Sprint(b.diagnose().Checks) + log.String()
					if strings.Contains(text, "eyJ") || strings.Contains(text, "ghs_") {
						b.t.Error(text)
					}
				})
			})
		}
	}
}
