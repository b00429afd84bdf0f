// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit/github"
	"github.com/complytime/pataudit/audit/github/githubtest"
)

// minted is an answer to the App's wish for a token, after which it asks with a bare one.
func minted(rest string) githubtest.Fault {
	return githubtest.Fault{Path: mintPath, Status: 201, Body: body(
		`{"token": "ghs_bare", "expires_at": "2000-01-01T01:00:00Z", ` + rest + `}`)}
}

// refusal is the answer to who may not.
func refusal(path string) githubtest.Fault {
	return githubtest.Fault{
		Path: path, Status: 403, Body: body(`{"message": "Resource not accessible by integration"}`),
	}
}

// TestExamineFindsWhatAuditMisses: an audit that comes out incomplete was not called ready.
func TestExamineFindsWhatAuditMisses(t *testing.T) {
	const all = `"permissions": {"organization_personal_access_tokens": "read", ` +
		`"organization_personal_access_token_requests": "read", "metadata": "read"`
	const octocat = `{"role": "MEMBER", "node": {"login": "octocat", "databaseId": 583231}}, `
	members := func(edge string) githubtest.Fault {
		return githubtest.Fault{Path: "/graphql", Contains: "membersWithRole", Body: body(
			`{"data": {"organization": {"membersWithRole": {"totalCount": 1,
			"pageInfo": {"hasNextPage": false, "endCursor": null}, "edges": [` + edge + `]}}}}`)}
	}
	for _, test := range []struct {
		name, credentials, check string
		fault                    githubtest.Fault
	}{
		{"mint lacks members", "app", "permission.members", minted(all + `}`)},
		{
			"mint sees selected", "app", "repositories",
			minted(all + `, "members": "read"}, "repository_selection": "selected"`),
		},
		{
			"mint sees what is not known", "app", "repositories",
			minted(all + `, "members": "read"}, "repository_selection": "weird"`),
		},
		{"organization", "", "organization", refusal("/orgs/complytime")},
		{"repositories of tokens", "", "lists", refusal(tokensPath + "/*/repositories")},
		{"memberships", "bare", "permission.members", refusal("/orgs/complytime/memberships/*")},
		{
			"outside collaborators", "app", "permission.members",
			refusal("/orgs/complytime/outside_collaborators"),
		},
		{"role", "", "graphql", members(octocat +
			`{"role": null, "node": {"login": "x", "databaseId": 1}}`)},
		{"new role", "", "graphql", members(octocat +
			`{"role": "BOSS", "node": {"login": "x", "databaseId": 1}}`)},
		{"public members only", "bare", "graphql", members(
			`{"role": "ADMIN", "node": {"login": "x", "databaseId": 1}}`)},
		{"hidden repository", "", "graphql", githubtest.Fault{
			Path: "/graphql", Contains: "nameWithOwner", Body: body(
				`{"data": {"organization": {"repositories": {"totalCount": 1,
				"pageInfo": {"hasNextPage": false, "endCursor": null}, "nodes": [null]}}}}`),
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			useEither(t, small, func(b *bench) {
				bare := b.config.Credentials.Issuer == ""
				if bare && test.credentials == "app" || !bare && test.credentials == "bare" {
					return
				}
				b.server.Change(func(w *githubtest.World) {
					w.Faults = []*githubtest.Fault{&test.fault}
				})
				b.notReady(test.check)
			})
		})
	}
}

// notReady holds an examination to finding what an audit then misses.
func (b *bench) notReady(id string) {
	b.t.Helper()
	if run, err := b.audit(); err == nil && run.Complete {
		b.t.Fatal("an audit is complete")
	}
	d := b.diagnose()
	found := false
	for _, check := range d.Checks {
		bad := check.Status == github.CheckProblem || check.Status == github.CheckUnknown
		found = found || check.ID == id && bad
		if bad && check.ID != id {
			b.t.Errorf("besides %s: %+v", id, check)
		}
	}
	if !found || d.Ready() {
		b.t.Errorf("%s not found: %+v", id, d.Checks)
	}
}

// TestExamineVagueTokens: what rules could not judge on the page that is looked at is a problem;
// of an expired token only its expiry is asked.
func TestExamineVagueTokens(t *testing.T) {
	change := func(edit func(*githubtest.Grant)) func(*githubtest.World) {
		return func(w *githubtest.World) {
			small(w)
			edit(w.Organizations[0].Grants[50])
		}
	}
	set := func(key, value string) func(*githubtest.World) {
		return change(func(g *githubtest.Grant) {
			g.Set = map[string]json.RawMessage{key: json.RawMessage(value)}
		})
	}
	for words, prepare := range map[string]func(*githubtest.World){
		`unknown selection "partial"`: set("repository_selection", `"partial"`),
		"not known: selection":        set("repository_selection", `7`),
		"not known: permissions":      set("permissions", `null`),
		"not known: name":             set("token_name", `null`),
		"not known: owner":            set("owner", `null`),
		"not known: last_used":        set("token_last_used_at", `"soon"`),
		"not known: expiry":           set("token_expired", `null`),
		"approved in the future":      set("access_granted_at", `"2999-01-01T00:00:00Z"`),
	} {
		t.Run(words, func(t *testing.T) {
			useEither(t, prepare, func(b *bench) {
				b.notReady("tokens")
				if found := checkOf(b.diagnose(), "tokens").Detail; !strings.Contains(found, words) {
					b.t.Error(found)
				}
			})
		})
	}
	expired := change(func(g *githubtest.Grant) {
		g.Expired, g.ExpiresAt, g.Omit = true, nil, []string{"permissions", "token_last_used_at"}
	})
	useEither(t, expired, func(b *bench) {
		if d := b.diagnose(); !d.Ready() {
			b.t.Errorf("%+v", d.Checks)
		}
	})
}

// TestExamineEachField holds that whatever a field of a token holds, an audit that comes out
// incomplete by it was not called ready.
func TestExamineEachField(t *testing.T) {
	incomplete := 0
	for _, key := range []string{
		"token_id", "token_name", "owner", "repository_selection", "permissions", "access_granted_at",
		"token_expired", "token_expires_at", "token_last_used_at",
	} {
		for _, value := range []string{`null`, `7`, `""`, `"x"`, `{}`, `true`, `[]`} {
			inBubble(t, func(w *githubtest.World) {
				small(w)
				w.Organizations[0].Grants[50].Set = map[string]json.RawMessage{
					key: json.RawMessage(value),
				}
			}, func(b *bench) {
				run, err := b.audit()
				if err != nil {
					b.t.Fatal(err)
				}
				if !run.Complete {
					incomplete++
					if d := b.diagnose(); d.Ready() {
						b.t.Errorf("%s: %s: called ready, but %q", key, value, run.Incomplete.Texts())
					}
				}
			})
		}
	}
	if incomplete < 20 {
		t.Errorf("%d incomplete audits", incomplete)
	}
}

// TestExamineRenamed: the organization's former name is followed, as an audit does.
func TestExamineRenamed(t *testing.T) {
	renamed := func(w *githubtest.World) {
		small(w)
		w.Organizations[0].Login, w.Organizations[0].FormerLogins = "newname", []string{"oldname"}
	}
	useEither(t, renamed, func(b *bench) {
		d := github.New(b.config).Examine(b.t.Context(), "oldname")
		if found := checkOf(d, "organization").Detail; !d.Ready() ||
			!strings.HasPrefix(found, "newname, id ") {
			b.t.Errorf("%+v", d.Checks)
		}
	})
}

// TestExamineUneven: the page that is looked at needs no lists, and the others need more than is
// left of the quota. A wait that is long enough makes up for it.
func TestExamineUneven(t *testing.T) {
	prepare := func(w *githubtest.World) {
		o := w.Organizations[0]
		for i := range 300 {
			g := o.NewGrant(w.Now())
			if i >= 100 && i < 200 {
				g.Selection, g.Repositories = "none", nil
			}
			o.Grants = append(o.Grants, g)
		}
	}
	for _, test := range []struct {
		left int
		want github.CheckStatus
	}{{5000, github.CheckOK}, {150, github.CheckProblem}} {
		useEither(t, prepare, func(b *bench) {
			b.diagnose() // or the first request would begin the hour
			b.server.Spend("core", 5000-test.left)
			d := b.diagnose()
			found := checkOf(d, "cost")
			if found.Status != test.want || d.Cost.Lists != 0 {
				b.t.Errorf("%d left: %+v, %+v", test.left, found, d.Quota)
			}
			b.config.MaxWait *= 8
			if d := b.diagnose(); !d.Ready() {
				b.t.Errorf("%d left: %+v", test.left, d.Checks)
			}
		})
	}
}

// TestExamineNear: that an estimate is near to what is left is told.
func TestExamineNear(t *testing.T) {
	const reserve, some = 50, 20
	prepare := func(w *githubtest.World) { grants(w, some) }
	for spare, want := range map[int]github.CheckStatus{
		-1: github.CheckProblem, 0: github.CheckWarning, 1: github.CheckWarning, 5: github.CheckOK,
	} {
		useEither(t, prepare, func(b *bench) {
			first, second := b.diagnose(), b.diagnose()
			takes := first.Quota.REST.Left - second.Quota.REST.Left // an examination
			b.server.Spend("core",
				second.Quota.REST.Left-takes-reserve-second.Cost.Quota-spare)
			d := b.diagnose()
			if found := checkOf(d, "cost"); found.Status != want {
				b.t.Errorf("%d to spare: %+v, %+v", spare, found, d.Quota.REST)
			}
		})
	}
}

// TestExamineLongLists: that lists of repositories have several pages is counted, and what an
// audit then takes of the quota.
func TestExamineLongLists(t *testing.T) {
	prepare := func(w *githubtest.World) {
		o := w.Organizations[0]
		o.Repositories = []*githubtest.Repository{}
		var names []string
		for i := range 250 {
			names = append(names, fmt.Sprintf("repo-%d", i))
			o.Repositories = append(o.Repositories, &githubtest.Repository{Name: names[i]})
		}
		grants(w, 3)
		for _, g := range o.Grants {
			g.Repositories = names
		}
	}
	inBubble(t, prepare, func(b *bench) {
		d := b.diagnose()
		before := d.Quota.REST.Left
		b.mustCollect()
		takes := before - b.diagnose().Quota.REST.Left - examinationTakes
		if d.Cost.Lists != 3 || d.Cost.Quota-takes != 1 { // no owner is an outsider
			b.t.Errorf("estimate %+v, and it took %d", d.Cost, takes)
		}
	})
}

// examinationTakes is what an examination takes of an installation's own quota.
const examinationTakes = 7
