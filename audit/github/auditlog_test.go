// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/githubtest"
)

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
			name: "made after its approval", note: "token 95001 was made after its approval",
			status:  audit.Partial,
			prepare: func(w world, g grant) { happened(w, created, -10, g) },
		},
		{
			name: "made after its expiry", note: "token 95001 was made after its expiry",
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
		{name: "from before the organization was renamed", created: -25, prepare: func(
			w world, g grant,
		) {
			set(happened(w, created, -25, g), "org", `"acme-old"`)
		}},
		{
			name: "of another organization that has the login now",
			note: "1 events name no token, or no time that can be",
			prepare: func(w world, g grant) {
				set(happened(w, created, -25, g), "org_id", "7")
			},
		},
		{
			name: "of an organization whose id cannot be made out",
			note: "1 events name no token, or no time that can be",
			prepare: func(w world, g grant) {
				set(happened(w, created, -25, g), "org_id", `"652551"`)
			},
		},
		{name: "without an organization's id", created: -25, prepare: func(w world, g grant) {
			happened(w, created, -25, g).Omit = []string{"org_id"}
		}},
		{
			name: "without an id, of another login",
			note: "1 events name no token, or no time that can be",
			prepare: func(w world, g grant) {
				e := happened(w, created, -25, g)
				e.Omit = []string{"org_id"}
				set(e, "org", `"acme-old"`)
			},
		},
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
				b.also = audit.FactCreated
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
				if coverage.Status != test.status || !strings.Contains(coverage.Reason.String(), test.note) ||
					test.note == "" && coverage.Reason.String() != "" {
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
			audit.Partial, "leads back to where it was", 0, // at our own
		},
		"another organization": {
			&githubtest.Fault{Header: link(strings.Replace(root, "652551", "7", 1) + "?after=x")},
			audit.Partial, "another list", 0,
		},
		"another list": {
			&githubtest.Fault{Header: link(strings.Replace(root, "audit-log", "members", 1) +
				"?after=x")}, audit.Partial, "another list", 0,
		},
		"redirected": {
			&githubtest.Fault{Redirect: "/api/v3" + authorizationsPath}, audit.Partial,
			"redirects to another list", 0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(w *githubtest.World) {
				today()
				grants(w, 101)
				onEnterpriseCloud(w)
				if test.fault == nil {
					return
				}
				if test.fault.Path = auditLogPath; test.fault.Redirect == "" {
					test.fault.Status, test.fault.Body = http.StatusOK, body("[]")
				}
				w.Faults = []*githubtest.Fault{test.fault}
			}, func(b *bench) {
				b.also = audit.FactCreated
				evidence := b.mustCollect()
				coverage := evidence.CoverageOf(audit.SourceAuditLog)
				if coverage.Status != test.status || coverage.Items != test.events ||
					!strings.Contains(coverage.Reason.String(), test.reason) {
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

// TestAuditLogEnds: however many events there are, and however many a page holds, a log that is
// read to its end is whole, and one whose last links are lost is not.
func TestAuditLogEnds(t *testing.T) {
	for i, perPage := range []int{0, 30, 50} {
		for k, events := range []int{99, 100, 101, 129, 130, 131, 150, 200, 230} {
			if !tenth(9*i + k) {
				continue
			}
			for _, lost := range []bool{false, true} {
				inBubble(t, func(w *githubtest.World) {
					today()
					onEnterpriseCloud(w)
					w.PerPage = perPage
					grants(w, 1)
					w.Organizations[0].AuditLog = nil
					for i := range events {
						happened(w, "personal_access_token.access_granted", i-20-events,
							w.Organizations[0].Grants[0])
					}
					if lost {
						w.Faults = []*githubtest.Fault{{
							Path: auditLogPath, Query: "after=", Header: map[string]string{"Link": ""},
						}}
					}
				}, func(b *bench) {
					b.also = audit.FactCreated
					c := b.mustCollect().CoverageOf(audit.SourceAuditLog)
					if c.Status == audit.Complete && c.Items != events ||
						!lost && c.Status != audit.Complete {
						b.t.Errorf("%d events, %d a page, lost %v: %+v", events, perPage, lost, c)
					}
				})
			}
		}
	}
}
