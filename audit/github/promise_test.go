// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/githubtest"
)

// small is an audit that makes every kind of request, and has a list of several pages.
func small(w *githubtest.World) { everyKind(w, 101) }

// everyKind is an audit of n tokens that makes every kind of request: members, an outside
// collaborator, a subset, a pending request.
func everyKind(w *githubtest.World, n int) {
	o := w.Organizations[0]
	o.OutsideCollaborators = []*githubtest.Member{{Login: "contractor"}}
	grants(w, n)
	o.Grants[1].Owner = "contractor"
	o.Grants[2].Owner = "departed"
	request := o.NewRequest(w.Now())
	o.Requests = append(o.Requests, request)
}

// bare gives the collector an installation token instead of the App's key.
func bare(b *bench) {
	b.config.Credentials.Issuer, b.config.Credentials.Key = "", nil
	b.config.Credentials.Token = "ghs_bare"
}

// distinct lists the distinct requests of an audit as faults that would hit just them.
func distinct(entries []githubtest.Entry) []githubtest.Fault {
	var faults []githubtest.Fault
	seen := map[string]bool{}
	add := func(f githubtest.Fault) {
		key := fmt.Sprint(f.Method, f.Path, f.Query, f.Contains)
		if !seen[key] {
			seen[key] = true
			faults = append(faults, f)
		}
	}
	for _, entry := range entries {
		u, err := url.Parse(entry.URL)
		if err != nil {
			panic(err)
		}
		path := strings.TrimPrefix(u.Path, "/api/v3")
		if strings.HasSuffix(path, "/graphql") {
			add(githubtest.Fault{Path: "/graphql", Contains: "membersWithRole"})
			add(githubtest.Fault{Path: "/graphql", Contains: "repositories("})
			continue
		}
		f := githubtest.Fault{Method: entry.Method, Path: path, Query: u.RawQuery}
		add(f)
		if strings.HasSuffix(path, "/personal-access-tokens") {
			f.After = 1 // the first pass is spared, the second one hit
			faults = append(faults, f)
		}
	}
	return faults
}

// TestPromise is the product's promise: whatever request fails, the audit never calls itself
// complete. Only what no required rule needs may fail, and then the coverage says so.
func TestPromise(t *testing.T) {
	for _, credentials := range []string{"app", "bare token"} {
		t.Run(credentials, func(t *testing.T) {
			prepare := func(w *githubtest.World) {
				today()
				w.PerPage = 10
				everyKind(w, 11) // two pages of tokens
				w.Tokens = []*githubtest.Token{{Value: "ghs_bare"}}
				onEnterpriseCloud(w)
			}
			use := func(b *bench) {
				b.also = enterpriseFacts
				if credentials != "app" {
					bare(b)
				}
			}
			var faults []githubtest.Fault
			inBubble(t, prepare, func(b *bench) {
				use(b)
				run, err := b.audit()
				if err != nil {
					b.t.Fatal(err)
				}
				if !run.Complete {
					b.t.Fatalf("the audit without faults is incomplete: %q", run.Incomplete)
				}
				faults = distinct(b.server.Log())
			})
			for i, fault := range faults {
				for k, name := range slices.Sorted(maps.Keys(harms)) {
					if !tenth(i*len(harms) + k) {
						continue
					}
					harm := harms[name]
					if name == "304" && fault.After > 0 {
						continue // the second pass asks for just that
					}
					t.Run(fmt.Sprintf("%s %s?%s%s+%d %s", fault.Method, fault.Path, fault.Query,
						fault.Contains, fault.After, name), func(t *testing.T) {
						t.Parallel()
						inBubble(t, prepare, func(b *bench) {
							use(b)
							struck := fault
							harm(&struck)
							b.server.Change(func(w *githubtest.World) {
								w.Faults = append(w.Faults, &struck)
							})
							holds(b.t, b, fault)
						})
					})
				}
			}
		})
	}
}

// excepted are the sources that no required rule needs, by a part of their paths.
var excepted = map[string]string{
	"personal-access-token-requests": audit.SourceRequests,
	"audit-log":                      audit.SourceAuditLog,
	"credential-authorizations":      audit.SourceAuthorizations,
}

func holds(t *testing.T, b *bench, fault githubtest.Fault) {
	run, err := b.audit()
	if err != nil {
		return // exit 1: no list at all
	}
	for part, source := range excepted {
		if strings.Contains(fault.Path, part) {
			if status := coverageOf(run, source).Status; status == audit.Complete {
				t.Errorf("the coverage calls %s complete", source)
			}
			return
		}
	}
	if run.Complete {
		t.Errorf("the audit calls itself complete: %s, %+v", run.Outcome(), run.Coverage)
	}
}

func coverageOf(run *audit.Run, source string) audit.Coverage {
	return (&audit.Evidence{Coverage: run.Coverage}).CoverageOf(source)
}

func body(text string) *string { return &text }

// harms are the ways in which a request fails on every attempt.
var harms = map[string]func(*githubtest.Fault){
	"500":       func(f *githubtest.Fault) { f.Status = http.StatusInternalServerError },
	"403":       func(f *githubtest.Fault) { f.Status = http.StatusForbidden },
	"404":       func(f *githubtest.Fault) { f.Status = http.StatusNotFound },
	"401":       func(f *githubtest.Fault) { f.Status = http.StatusUnauthorized },
	"422":       func(f *githubtest.Fault) { f.Status = http.StatusUnprocessableEntity },
	"204":       func(f *githubtest.Fault) { f.Status = http.StatusNoContent },
	"202":       func(f *githubtest.Fault) { f.Status = http.StatusAccepted },
	"304":       func(f *githubtest.Fault) { f.Status = http.StatusNotModified },
	"reset":     func(f *githubtest.Fault) { f.Mode = githubtest.ModeReset },
	"empty":     func(f *githubtest.Fault) { f.Body, f.Mode = body("[]"), githubtest.ModeEmpty },
	"truncated": func(f *githubtest.Fault) { f.Body, f.Mode = body("[{}]"), githubtest.ModeTruncate },
	"cut":       func(f *githubtest.Fault) { f.Body, f.Mode = body("[{}]"), githubtest.ModeCut },
	"null":      func(f *githubtest.Fault) { f.Body = body("null") },
	"object":    func(f *githubtest.Fault) { f.Body = body("{}") },
	"array":     func(f *githubtest.Fault) { f.Body = body("[null]") },
	"html": func(f *githubtest.Fault) {
		f.Body = body("<html>Unicorn!</html>")
		f.Header = map[string]string{"Content-Type": "text/html"}
	},
	"elsewhere": func(f *githubtest.Fault) { f.Redirect = "http://127.0.0.2/" },
	"limited": func(f *githubtest.Fault) {
		f.Status = http.StatusTooManyRequests
		f.Header = map[string]string{"Retry-After": "3600"}
	},
}
