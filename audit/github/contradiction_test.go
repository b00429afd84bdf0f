// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/githubtest"
	"github.com/complytime/pataudit/audit/snapshot"
)

// lie is one thing of which GitHub's answers tell two values.
type lie struct {
	faults []githubtest.Fault
	source string // whose coverage tells it
	words  string
}

// replaced is a list whose body is another one.
func replaced(path, contains, body string) githubtest.Fault {
	return githubtest.Fault{
		Path: path, Contains: contains, Body: &body, Status: http.StatusOK,
		Header: header("Content-Type", "application/json"),
	}
}

const (
	listOfTokens = "/orgs/complytime/personal-access-tokens"
	listOfFirst  = "/orgs/complytime/personal-access-tokens/25001/repositories"
)

func ofFirst(records string) []githubtest.Fault {
	return []githubtest.Fault{replaced(listOfFirst, "", records)}
}

func members(edges string) []githubtest.Fault {
	return []githubtest.Fault{replaced("", "membersWithRole", `{"data": {"organization": {
		"membersWithRole": {"totalCount": 2, "pageInfo": {"hasNextPage": false, "endCursor": null},
		"edges": [`+edges+`]}}}}`)}
}

// lies are told about a world of three tokens, whose repositories and people are theirs.
func lies(w *githubtest.World) map[string]lie {
	o := w.Organizations[0]
	repository, other := o.Repositories[0], o.Repositories[1]
	octocat, hubot := o.Members[0], o.Members[1]
	record := func(id int64, name, rest string) string {
		return fmt.Sprintf(`[{"id": %d, "full_name": "complytime/%s"%s}]`, id, name, rest)
	}
	edge := func(m *githubtest.Member, login, role string, twoFactor bool) string {
		return fmt.Sprintf(`{"role": %q, "hasTwoFactorEnabled": %t, "node": {"login": %q, `+
			`"databaseId": %d}}`, role, twoFactor, login, m.ID)
	}
	both := edge(octocat, octocat.Login, "MEMBER", true) + "," +
		edge(hubot, hubot.Login, "ADMIN", true) + ","
	return map[string]lie{
		"visibility": {
			ofFirst(record(repository.ID, repository.Name, `, "visibility": "private"`)),
			audit.SourceRepositories,
			fmt.Sprintf("repository %d is \"private\" and \"public\"", repository.ID),
		},
		"private": {
			ofFirst(record(repository.ID, repository.Name, `, "private": true`)),
			audit.SourceRepositories,
			fmt.Sprintf("repository %d is \"not public\" and \"public\"", repository.ID),
		},
		"name": {
			ofFirst(record(repository.ID, "another", "")), audit.SourceRepositories,
			fmt.Sprintf("repository %d is called %q and %q", repository.ID, "complytime/another",
				"complytime/"+repository.Name),
		},
		"organization's": {
			ofFirst(record(repository.ID, "another", "")), audit.SourceOrganizationRepositories,
			fmt.Sprintf("repository %d is called", repository.ID),
		},
		"name of two": {
			ofFirst(record(999, other.Name, "")), audit.SourceOrganizationRepositories,
			"are both called", // with the id that is less first
		},
		"owner's login": {
			[]githubtest.Fault{replaced(listOfTokens, "", `[
				{"id": 1, "owner": {"id": 7, "login": "ana"}},
				{"id": 2, "owner": {"id": 7, "login": "ben"}}]`)},
			audit.SourceTokens,
			`contradictory: account 7 is called "ana" and "ben"`,
		},
		"login of two": {
			[]githubtest.Fault{replaced(listOfTokens, "", `[
				{"id": 1, "owner": {"id": 7, "login": "ana"}},
				{"id": 2, "owner": {"id": 8, "login": "Ana"}}]`)},
			audit.SourceTokens,
			`contradictory: accounts 7 and 8 are both called "ana"`,
		},
		"role": {
			members(both + edge(octocat, octocat.Login, "ADMIN", true)), audit.SourceMembers,
			fmt.Sprintf("contradictory: member %d has the roles admin and member", octocat.ID),
		},
		"second factor": {
			members(both + edge(octocat, octocat.Login, "MEMBER", false)), audit.SourceMembers,
			fmt.Sprintf(
				"contradictory: member %d has two answers on the second factor",
				octocat.ID,
			),
		},
		"member's login": {
			members(both + edge(octocat, "mallory", "MEMBER", true)), audit.SourceMembers,
			fmt.Sprintf(`contradictory: member %d is called "mallory" and %q`, octocat.ID,
				octocat.Login),
		},
	}
}

// TestTwoValues holds that two values for one thing make its source incomplete, whichever answer
// comes first, and that the evidence is the same then, byte for byte.
func TestTwoValues(t *testing.T) {
	var names []string
	inBubble(t, func(w *githubtest.World) { grants(w, 3) }, func(b *bench) {
		for name := range lies(b.world) {
			names = append(names, name)
		}
	})
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			var first []byte
			for _, slow := range []string{
				"/graphql", listOfFirst, listOfTokens, "/orgs/complytime",
			} {
				told := toldOf(
					t,
					name,
					[]githubtest.Fault{{Path: slow, Delay: delay(3 * time.Second)}},
				)
				if first == nil {
					first = told
				}
				if !bytes.Equal(first, told) {
					t.Errorf("with %s slow, the evidence is another:\n%s\n%s", slow, first, told)
				}
			}
		})
	}
}

// TestArrival holds the same for any delays.
func TestArrival(t *testing.T) {
	var names []string
	inBubble(t, func(w *githubtest.World) { grants(w, 3) }, func(b *bench) {
		for name := range lies(b.world) {
			names = append(names, name)
		}
	})
	first := map[string][]byte{}
	rapid.Check(t, func(r *rapid.T) {
		name := rapid.SampledFrom(names).Draw(r, "lie")
		var delays []githubtest.Fault
		for _, path := range []string{
			"/graphql", listOfFirst, listOfTokens,
			"/orgs/*/personal-access-tokens/*/repositories", "/orgs/*/personal-access-token-requests",
		} {
			wait := time.Duration(rapid.IntRange(0, 5).Draw(r, path)) * time.Second
			delays = append(delays, githubtest.Fault{Path: path, Delay: delay(wait)})
		}
		told := toldOf(t, name, delays)
		if first[name] == nil {
			first[name] = told
		}
		if !bytes.Equal(first[name], told) {
			r.Fatalf("the evidence is another:\n%s\n%s", first[name], told)
		}
	})
}

func delay(d time.Duration) githubtest.Duration { return githubtest.Duration(d) }

// toldOf collects the evidence of a lie, and gives it without the time and GitHub's names of
// requests.
func toldOf(t *testing.T, name string, delays []githubtest.Fault) (told []byte) {
	t.Helper()
	inBubble(t, func(w *githubtest.World) { grants(w, 3) }, func(b *bench) {
		l := lies(b.world)[name]
		for _, fault := range l.faults {
			for _, slow := range delays {
				if isFor(slow, fault) {
					fault.Delay = max(fault.Delay, slow.Delay)
				}
			}
			b.world.Faults = append(b.world.Faults, &fault)
		}
		for _, fault := range delays {
			b.world.Faults = append(b.world.Faults, &fault)
		}
		evidence := b.mustCollect()
		c := evidence.CoverageOf(l.source)
		if c.Status != audit.Partial || !strings.Contains(c.Reason.String(), l.words) {
			b.t.Errorf("%s: %s is %s: %q, not %q", name, l.source, c.Status, c.Reason, l.words)
		}
		if l.source == audit.SourceRepositories &&
			evidence.Tokens[0].Known.Has(audit.FactRepositories) {
			b.t.Errorf("%s: what the token reaches is known", name)
		}
		evidence.CollectedAt = time.Time{}
		for i := range evidence.Manifest {
			e := &evidence.Manifest[i]
			e.RequestID, e.Date = "", time.Time{}
		}
		var saved bytes.Buffer
		if _, err := snapshot.Save(&saved, evidence); err != nil {
			b.t.Fatal(err)
		}
		told = saved.Bytes()
	})
	return told
}

// isFor reports whether a delay is for what the fault answers.
func isFor(slow, fault githubtest.Fault) bool {
	return slow.Path == fault.Path || fault.Path == "" && slow.Path == "/graphql"
}

// TestOneValue holds that values that agree are no doubt: what one list leaves out, and GitHub's
// "private" of an internal repository.
func TestOneValue(t *testing.T) {
	for name, prepare := range map[string]func(w *githubtest.World) []githubtest.Fault{
		"left out": func(w *githubtest.World) []githubtest.Fault {
			r := w.Organizations[0].Repositories[0]
			return ofFirst(fmt.Sprintf(`[{"id": %d, "full_name": "complytime/%s"}]`, r.ID, r.Name))
		},
		"internal": func(w *githubtest.World) []githubtest.Fault {
			r := w.Organizations[0].Repositories[0]
			r.Visibility = "internal"
			return ofFirst(fmt.Sprintf(`[{"id": %d, "full_name": "complytime/%s", "private": true}]`,
				r.ID, r.Name))
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(w *githubtest.World) { grants(w, 3) }, func(b *bench) {
				for _, fault := range prepare(b.world) {
					b.world.Faults = append(b.world.Faults, &fault)
				}
				evidence := b.mustCollect()
				for _, source := range []string{
					audit.SourceRepositories, audit.SourceOrganizationRepositories, audit.SourceMembers,
				} {
					if c := evidence.CoverageOf(source); c.Status != audit.Complete {
						b.t.Errorf("%s is %s: %s", source, c.Status, c.Reason)
					}
				}
				want := b.world.Organizations[0].Repositories[0].Visibility
				for _, r := range evidence.Tokens[0].Repositories {
					if want != "" && r.Visibility != want {
						b.t.Errorf("%s, not %s", r.Visibility, want)
					}
				}
			})
		})
	}
}
