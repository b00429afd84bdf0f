// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

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
	for i := range 100 { // so that there is a second page
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
func happened(w *githubtest.World, action string, days int, g *githubtest.Grant) *githubtest.Event {
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

// TestAuditLog: what the log tells of a token, and what is not believed.
func TestAuditLog(t *testing.T) {
	const (
		created     = "personal_access_token.create"
		regenerated = "personal_access_token.credential_regenerated"
		requested   = "personal_access_token.request_created"
		granted     = "personal_access_token.access_granted"
	)
	set := func(e *githubtest.Event, key string, value string) {
		if e.Set == nil {
			e.Set = map[string]json.RawMessage{}
		}
		e.Set[key] = json.RawMessage(value)
	}
	type world = *githubtest.World
	type grant = *githubtest.Grant
	tests := []struct {
		name    string
		prepare func(world, grant) // of a token that was approved 20 days ago, with 60 to live
		created int                // days from now; 0: not known
		by      string
		note    string
		status  audit.CoverageStatus // "": complete
	}{
		{name: "nothing", prepare: func(world, grant) {}},
		{name: "asked for and approved", created: -23, by: "hubot", prepare: func(w world, g grant) {
			happened(w, requested, -23, g)
			happened(w, granted, -20, g)
		}},
		{name: "created", created: -25, prepare: func(w world, g grant) {
			happened(w, created, -25, g)
			happened(w, requested, -23, g)
		}},
		{name: "asked for again", created: -23, prepare: func(w world, g grant) {
			happened(w, requested, -23, g)
			happened(w, requested, -2, g)
		}},
		{name: "asked for more since", prepare: func(w world, g grant) {
			happened(w, requested, -2, g)
		}},
		{name: "regenerated twice", created: -4, prepare: func(w world, g grant) {
			happened(w, created, -25, g)
			happened(w, regenerated, -10, g)
			happened(w, regenerated, -4, g)
		}},
		{name: "approved twice", by: "octocat", prepare: func(w world, g grant) {
			happened(w, granted, -20, g)
			happened(w, granted, -2, g).Actor = "octocat"
		}},
		{name: "an earlier grant was approved", prepare: func(w world, g grant) {
			happened(w, granted, -90, g)
		}},
		{
			name: "made after its approval", note: "token 25001 was made after its approval",
			status:  audit.Partial,
			prepare: func(w world, g grant) { happened(w, created, -10, g) },
		},
		{
			name: "made after its expiry", note: "token 25001 was made after its expiry",
			status: audit.Partial,
			prepare: func(w world, g grant) {
				g.ExpiresAt = new(w.Now().Add(time.Minute))
				happened(w, regenerated, 0, g).CreatedAt = w.Now().Add(3 * time.Minute)
			},
		},
		{
			name: "in the future", note: "1 events name no token, or no time that can be",
			prepare: func(w world, g grant) { happened(w, regenerated, 1, g) },
		},
		{
			name: "in seconds", note: "1 events name no token, or no time that can be",
			prepare: func(w world, g grant) {
				set(happened(w, created, -25, g), "@timestamp", "1767225600")
			},
		},
		{
			name: "of no token", note: "1 events name no token, or no time that can be",
			prepare: func(w world, g grant) {
				happened(w, created, -25, g).Omit = []string{"user_programmatic_access_id"}
			},
		},
		{name: "by the token's own id", created: -25, prepare: func(w world, g grant) {
			e := happened(w, created, -25, g)
			e.Omit = []string{"user_programmatic_access_id"}
			set(e, "token_id", fmt.Sprint(g.TokenID))
		}},
		{
			name: "by the id of the credential that acted",
			note: "1 events name no token, or no time that can be",
			prepare: func(w world, g grant) {
				e := happened(w, created, -25, g)
				e.Omit = []string{"user_programmatic_access_id"}
				set(e, "token_id", fmt.Sprint(g.TokenID))
				set(e, "programmatic_access_type", `"GitHub App server-to-server token"`)
			},
		},
		{name: "of another owner", prepare: func(w world, g grant) {
			set(happened(w, created, -25, g), "user_id", "12345")
			set(happened(w, granted, -20, g), "user_id", "12345")
		}},
		{name: "by somebody else", prepare: func(w world, g grant) {
			e := happened(w, created, -25, g)
			e.Omit, e.Actor = []string{"user_id"}, "hubot"
		}},
		{name: "of a kind that is not known", note: "passed over 1 events of other kinds", prepare: func(
			w world, g grant,
		) {
			happened(w, "personal_access_token.cloned", -1, g)
		}},
		{name: "from an Enterprise Server", created: -25, prepare: func(w world, g grant) {
			w.Enterprise = true
			happened(w, created, -25, g)
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(w *githubtest.World) {
				today()
				grants(w, 1)
				onEnterpriseCloud(w)
				w.Organizations[0].AuditLog = nil
				test.prepare(w, w.Organizations[0].Grants[0])
			}, func(b *bench) {
				b.extras = audit.FactCreated
				evidence := b.mustCollect()
				token := evidence.Tokens[0]
				want := time.Time{}
				if test.created != 0 {
					want = b.world.Now().AddDate(0, 0, test.created)
				}
				if known := token.Known.Has(audit.FactCreated); !token.CreatedAt.Equal(want) ||
					known != (test.created != 0) || token.ApprovedBy != test.by {
					b.t.Errorf("made at %v (known: %t), approved by %q", token.CreatedAt, known,
						token.ApprovedBy)
				}
				if test.status == "" {
					test.status = audit.Complete
				}
				coverage := evidence.CoverageOf(audit.SourceAuditLog)
				if coverage.Status != test.status || !strings.Contains(coverage.Reason, test.note) ||
					test.note == "" && coverage.Reason != "" {
					b.t.Errorf("coverage %+v", coverage)
				}
			})
		})
	}
}

// TestAuditLogPages: the log's cursors are followed to the end, and nowhere else.
func TestAuditLogPages(t *testing.T) {
	link := func(target string) map[string]string {
		return map[string]string{"Link": "<" + target + `>; rel="next"`}
	}
	root := "http://127.0.0.1/api/v3/organizations/652551/audit-log"
	for name, test := range map[string]struct {
		fault  *githubtest.Fault
		status audit.CoverageStatus
		reason string
		events int
	}{
		"whole": {nil, audit.Complete, "passed over 100 events of other kinds", 202},
		"in a circle": {
			&githubtest.Fault{Header: link(root + "?after=MQ%3D%3D")},
			audit.Partial, "leads back to where it was", 0,
		},
		"without a cursor": {
			&githubtest.Fault{Header: link(root + "?after=&before=x")}, audit.Partial,
			"has no cursor", 0,
		},
		"another host": {
			&githubtest.Fault{Header: link("http://127.0.0.2/organizations/652551/audit-log?after=x")},
			audit.Partial, "another host", 0,
		},
		"another organization": {
			&githubtest.Fault{Header: link(strings.Replace(root, "652551", "7", 1) + "?after=x")},
			audit.Partial, "another list", 0,
		},
		"another list": {
			&githubtest.Fault{Header: link(strings.Replace(root, "audit-log", "members", 1) +
				"?after=x")}, audit.Partial, "another list", 0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(w *githubtest.World) {
				today()
				grants(w, 101)
				onEnterpriseCloud(w)
				if test.fault != nil {
					test.fault.Path, test.fault.Status = auditLogPath, http.StatusOK
					test.fault.Body = body("[]")
					w.Faults = []*githubtest.Fault{test.fault}
				}
			}, func(b *bench) {
				b.extras = audit.FactCreated
				evidence := b.mustCollect()
				coverage := evidence.CoverageOf(audit.SourceAuditLog)
				if coverage.Status != test.status || coverage.Items != test.events ||
					!strings.Contains(coverage.Reason, test.reason) {
					b.t.Errorf("coverage %+v", coverage)
				}
				for _, token := range evidence.Tokens {
					if token.Known.Has(audit.FactCreated) != (test.events > 0) {
						b.t.Fatalf("token %d: %v is known", token.ID, token.Known)
					}
				}
				for _, exchange := range evidence.Manifest {
					if strings.Contains(exchange.Route, "audit-log") && exchange.Page == 0 {
						b.t.Errorf("%+v has no page", exchange)
					}
				}
			})
		})
	}
}

// TestAuthorizations: classic tokens in full, other kinds as a number.
func TestAuthorizations(t *testing.T) {
	inBubble(t, onEnterpriseCloud, func(b *bench) {
		b.extras = audit.FactClassic
		evidence := b.mustCollect()
		day := func(n int) time.Time { return b.world.Now().AddDate(0, 0, n) }
		known := audit.FactLastUsed | audit.FactExpiry
		want := []*audit.Credential{
			{
				ID: 3, TokenID: 7, Login: "hubot", LastEight: "Ae178B4a", Scopes: []string{},
				AuthorizedAt: day(-3), LastUsedAt: day(-1), ExpiresAt: day(30), Known: known,
			},
			{
				ID: 1, TokenID: 9, Login: "octocat", Note: "ci\u202e", LastEight: "71c3fc11",
				Scopes: []string{"admin:org", "repo"}, AuthorizedAt: day(-300), Known: known,
			},
		}
		if diff := gocmp.Diff(want, evidence.Classic); diff != "" {
			b.t.Error(diff)
		}
		coverage := evidence.CoverageOf(audit.SourceAuthorizations)
		if coverage.Status != audit.Complete || coverage.Items != 2 ||
			coverage.Reason != "not listed: 1 of the kind SSH key" {
			b.t.Errorf("coverage %+v", coverage)
		}
	})
}

// TestAuthorizationsUnknown: what is absent, or cannot be, is not known; it is never "none".
func TestAuthorizationsUnknown(t *testing.T) {
	for name, record := range map[string]string{
		"absent": `{"credential_id": 1, "credential_type": "personal access token"}`,
		"no texts, no dates": `{"credential_id": 1, "credential_type": "personal access token",
			"login": 7, "scopes": "repo", "credential_accessed_at": 1, "token_last_eight": null,
			"authorized_credential_expires_at": "soon", "authorized_credential_id": -1}`,
		"used in the future": `{"credential_id": 1, "credential_type": "personal access token",
			"credential_accessed_at": "2999-01-01T00:00:00Z", "scopes": ["repo", 1]}`,
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(w *githubtest.World) {
				onEnterpriseCloud(w)
				w.Faults = []*githubtest.Fault{{
					Path: authorizationsPath, Status: http.StatusOK, Body: body("[" + record + "]"),
				}}
			}, func(b *bench) {
				b.extras = audit.FactClassic
				want := []*audit.Credential{{ID: 1}}
				if diff := gocmp.Diff(want, b.mustCollect().Classic); diff != "" {
					b.t.Error(diff)
				}
			})
		})
	}
	for name, record := range map[string]string{
		"no id":   `{"credential_type": "personal access token"}`,
		"no type": `{"credential_id": 1}`,
		"twice": `{"credential_id": 1, "credential_type": "SSH key"},
			{"credential_id": 1, "credential_type": "SSH key"}`,
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(w *githubtest.World) {
				onEnterpriseCloud(w)
				w.Faults = []*githubtest.Fault{{
					Path: authorizationsPath, Status: http.StatusOK, Body: body("[" + record + "]"),
				}}
			}, func(b *bench) {
				b.extras = audit.FactClassic
				coverage := b.mustCollect().CoverageOf(audit.SourceAuthorizations)
				if coverage.Status != audit.Partial {
					b.t.Errorf("coverage %+v", coverage)
				}
			})
		})
	}
}

// TestExtrasRefused: where they cannot be had, the coverage says why and what would help; nothing
// is asked without the permission, and none of it makes an audit incomplete.
func TestExtrasRefused(t *testing.T) {
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
				b.extras = extras
				run, err := b.audit()
				if err != nil || !run.Complete || run.Classic != nil {
					b.t.Fatalf("error %v, incomplete %q, classic %v", err, run.Incomplete, run.Classic)
				}
				for _, source := range []string{audit.SourceAuditLog, audit.SourceAuthorizations} {
					coverage := coverageOf(run, source)
					if coverage.Status != audit.Refused ||
						!strings.Contains(coverage.Reason, test.words) ||
						(coverage.Requests > 0) != test.asked {
						b.t.Errorf("coverage %+v", coverage)
					}
				}
				if seen := strings.Join(run.NotSeen, "; "); !strings.Contains(seen, "classic tokens (") ||
					!strings.Contains(seen, "who approved tokens, and when they were made (") {
					b.t.Errorf("not seen: %s", seen)
				}
			})
		})
	}
}

// TestExtrasUnasked: without the flags nothing is asked, and no permission taken.
func TestExtrasUnasked(t *testing.T) {
	inBubble(t, func(w *githubtest.World) {
		today()
		grants(w, 1)
		onEnterpriseCloud(w)
	}, func(b *bench) {
		run, err := b.audit()
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
