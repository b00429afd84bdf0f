// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/githubtest"
)

const (
	mintPath  = "/app/installations/*/access_tokens"
	firstOnes = tokensPath + "/25001/repositories" // of the first token
)

// answerCases are the first half of section E: what GitHub answers.
func answerCases() []situation {
	refused := githubtest.Fault{
		Path: tokensPath, Status: http.StatusForbidden,
		Header: header("X-Accepted-GitHub-Permissions", "organization_personal_access_tokens=read"),
		Body:   body(`{"message": "Resource not accessible by integration"}`),
	}
	const needs = `403 "Resource not accessible by integration" ` +
		`(the App needs "Personal access tokens: read")`
	return []situation{
		{name: "403_permission", variants: []situation{
			{name: "App", exit: 1, words: needs, faults: []githubtest.Fault{refused}, holds: listAsked(3)},
			{
				name: "bare_token", exit: 1, words: needs, faults: []githubtest.Fault{refused},
				world: bareToken, bench: bare, holds: listAsked(3),
			},
		}},
		status("404_list", 404, "(the name is misspelt, the App is not installed there, GitHub hides "+
			"it, or this Enterprise Server is older than 3.10)", 3),
		status("422", 422, "422", 1),
		status("400_api_version", 400, "400", 1),
		{name: "410_451", variants: []situation{
			status("410", 410, "410", 1), status("451", 451, "451", 1),
		}},
		{
			name: "401_fresh_token_then_200", min: 3 * time.Second, max: 4 * time.Second,
			faults: []githubtest.Fault{{Path: tokensPath, Times: 2, Status: 401}}, holds: mints(1),
		},
		{
			name: "401_expired_mid_run", world: func(w *githubtest.World) {
				subsets(w, 60)
				w.Latency = githubtest.Duration(2 * time.Second)
			}, bench: revokesTokenMidway, holds: mints(2),
		},
		{name: "401_after_refresh", variants: []situation{
			{
				name: "before_the_first_page", exit: 1, words: "wrong, expired or revoked",
				faults: []githubtest.Fault{{Path: tokensPath, Status: 401}}, holds: listAsked(5),
			},
			{
				name: "after_it", grants: 150, exit: 4, words: "wrong, expired or revoked",
				faults: []githubtest.Fault{{Path: tokensPath, Query: "&page=2", Status: 401}},
				holds:  func(o *outcome) { listAsked(6)(o); o.tokens(100) },
			},
		}},
		{name: "mint_5xx", variants: []situation{
			{
				name: "once", faults: []githubtest.Fault{{Path: mintPath, Status: 502, Times: 1}},
				holds: mints(2),
			},
			{
				name: "always", exit: 1, words: `502 "Bad Gateway", after 4 attempts`,
				faults: []githubtest.Fault{{Path: mintPath, Status: 502}}, max: time.Minute,
			},
		}},
		{name: "mint_404_suspended_installation", variants: []situation{
			{
				name: "404", exit: 1, words: "the App is not installed there",
				faults: []githubtest.Fault{{Path: mintPath, Status: 404}},
			},
			{
				name: "suspended", exit: 1, words: "an organization owner must unsuspend it",
				world: func(w *githubtest.World) {
					w.App.Installations = []*githubtest.Installation{{Suspended: true}}
				},
			},
			{
				name: "suspended_meanwhile", grants: 150, exit: 4, words: "403 \"This installation has been " +
					"suspended\" (an organization owner must unsuspend the App's installation)",
				bench: changing("&page=2", 0, 1, func(w *githubtest.World) {
					w.App.Installations[0].Suspended = true
				}),
			},
		}},
		{name: "403_on_one_of_N_repositories", variants: []situation{
			refusedOnce("others_clean", 4, func(*githubtest.World) {}),
			refusedOnce("others_violate", 5, func(w *githubtest.World) {
				w.Organizations[0].Grants[2].ExpiresAt = nil
			}),
		}},
		gone(true), gone(false),
	}
}

func bareToken(w *githubtest.World) { w.Tokens = []*githubtest.Token{{Value: "ghs_bare"}} }

// listAsked holds that the list was asked for at most so often.
func listAsked(most int) func(*outcome) {
	return func(o *outcome) {
		if n := o.asked("/personal-access-tokens?"); n < 1 || n > most {
			o.t.Errorf("the list was asked for %d times", n)
		}
	}
}

// mints holds that so many installation tokens were asked for.
func mints(want int) func(*outcome) {
	return func(o *outcome) {
		if n := o.asked("/access_tokens"); n != want {
			o.t.Errorf("%d tokens were minted, not %d", n, want)
		}
	}
}

// status is a list that is answered with that status.
func status(name string, code int, words string, most int) situation {
	return situation{
		name: name, exit: 1, words: words, holds: listAsked(most),
		faults: []githubtest.Fault{{Path: tokensPath, Status: code}},
	}
}

// revokesTokenMidway makes GitHub drop the installation token at the 20th list of repositories.
func revokesTokenMidway(b *bench) {
	var seen atomic.Int64
	b.world.OnRequest = func(_ int, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/repositories") || seen.Add(1) != 20 {
			return
		}
		token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		b.server.Change(func(w *githubtest.World) {
			w.Faults = append(w.Faults, &githubtest.Fault{Token: token, Status: 401})
		})
	}
}

// refusedOnce is an audit in which one token's repositories are refused.
func refusedOnce(name string, exit int, world func(*githubtest.World)) situation {
	return situation{
		name: name, exit: exit, world: world, words: "1 of 3 repository lists could not be had: 403",
		faults: []githubtest.Fault{{Path: firstOnes, Status: 403}}, holds: func(o *outcome) {
			says("broad-selection", audit.Indeterminate, "no-expiration", audit.Pass)(o)
			o.tokens(3)
		},
	}
}

// gone is a token whose repositories are not found. If it was revoked it is dropped; if it is
// still listed, it cannot be judged.
func gone(revoked bool) situation {
	s := situation{
		name: "404_on_repositories_token_still_listed", exit: 4, words: "1 of 3 repository lists",
		faults: []githubtest.Fault{{Path: firstOnes, Status: 404}}, holds: func(o *outcome) {
			o.tokens(3)
			says("broad-selection", audit.Indeterminate, "no-expiration", audit.Pass)(o)
		},
	}
	if !revoked {
		return s
	}
	s.name = "404_on_repositories_token_gone"
	s.exit, s.words = 0, "1 revoked during the run and dropped"
	s.bench = func(b *bench) {
		b.world.OnRequest = func(_ int, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, firstOnes) {
				time.Sleep(10 * time.Second) // until the list is verified with the token in it
				b.server.Change(func(w *githubtest.World) { w.Organizations[0].RemoveGrant(25001) })
			}
		}
	}
	s.holds = func(o *outcome) {
		o.tokens(2)
		want := []audit.Dropped{{ID: 25001, Reason: "revoked during the run"}}
		if !slices.Equal(o.evidence.Dropped, want) {
			o.t.Error(fmt.Sprint(o.evidence.Dropped))
		}
	}
	return s
}
