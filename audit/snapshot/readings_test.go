// SPDX-License-Identifier: Apache-2.0

package snapshot_test

import (
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/snapshot"
)

// listing is evidence of three tokens with a list each, from passes with so many rows, one of
// which was accepted.
func listing(accepted int, passes ...int) *audit.Evidence {
	r := []*audit.Repository{{ID: 1, Name: "complytime/a"}, {ID: 2, Name: "complytime/b"}}
	e := &audit.Evidence{
		Organization: &audit.Organization{Login: "complytime"},
		Coverage: []audit.Coverage{
			{Source: audit.SourceTokens, Status: audit.Complete, Items: 3},
			{Source: audit.SourceRepositories, Status: audit.Complete, Items: 3},
		},
		Manifest: passesOf(audit.SourceTokens, accepted, passes...),
	}
	for _, id := range []int64{11, 12, 13} {
		e.Tokens = append(e.Tokens, &audit.Token{
			ID: id, Selection: audit.SelectSubset, Repositories: r,
			Known: audit.FactSelection | audit.FactRepositories,
		})
		e.Manifest = append(e.Manifest, listExchange(id, len(r)))
	}
	return e
}

// without takes the newest token out, and lowers every count but the manifest's.
func without(e *audit.Evidence) {
	e.Tokens = e.Tokens[:2]
	e.Coverage[0].Items, e.Coverage[1].Items = 2, 2
}

// dropped is without, and gives a reason.
func dropped(id int64, reason audit.DropReason) func(*audit.Evidence) {
	return func(e *audit.Evidence) {
		without(e)
		e.Dropped = []audit.Dropped{{ID: id, Reason: reason}}
	}
}

// answers replaces the newest token's list by an answer that it is gone.
func answers404(e *audit.Evidence) { e.Manifest[len(e.Manifest)-1] = goneExchange(13) }

func unknown(e *audit.Evidence, id int) {
	e.Tokens[id].Known, e.Tokens[id].Repositories = audit.FactSelection, nil
}

func both(changes ...func(*audit.Evidence)) func(*audit.Evidence) {
	return func(e *audit.Evidence) {
		for _, change := range changes {
			change(e)
		}
	}
}

// had adds a complete source of so many, and passes over its list by their rows, the last of which
// may be accepted.
func had(source string, items int, accepted bool, rows ...int) func(*audit.Evidence) {
	return func(e *audit.Evidence) {
		e.Coverage = append(e.Coverage, audit.Coverage{
			Source: source, Status: audit.Complete, Items: items,
		})
		last := 0
		if accepted {
			last = len(rows)
		}
		e.Manifest = append(e.Manifest, passesOf(source, last, rows...)...)
	}
}

// TestManifestRefutes holds that evidence which was made to look better is refuted by what its own
// manifest says, whichever pass it says was accepted.
func TestManifestRefutes(t *testing.T) {
	const revoked = "revoked during the run"
	gone := both(dropped(13, revoked), answers404)
	tests := map[string]struct {
		passes []int
		change func(*audit.Evidence)
		want   string
	}{
		"an earlier pass balances":       {[]int{2, 3, 3}, without, "lists 2 and 0"},
		"two earlier passes balance":     {[]int{2, 2, 3, 3}, without, "lists 2 and 0"},
		"one of two passes was lowered":  {[]int{2, 3}, without, "lists 2 and 0"},
		"the other one was":              {[]int{3, 2}, without, "lists 2 and 0"},
		"a pass was taken out":           {[]int{3}, both(), "lists 3 and 0"},
		"revoked, but answered":          {[]int{3, 3, 2, 2}, dropped(13, revoked), "of 13 were not"},
		"revoked, but not listed again":  {[]int{3, 3}, gone, "lists 2 and 1"},
		"revoked, but listed once more":  {[]int{3, 3, 2}, gone, "lists 2 and 1"},
		"revoked, and in doubt":          {[]int{3, 3, 3, 2}, gone, "lists 2 and 1"},
		"another listed twice":           {[]int{3, 3}, dropped(11, "listed twice"), "not there"},
		"listed again for no reason":     {[]int{3, 3, 2, 2}, both(), "lists 3 and 0"},
		"listed again for another token": {[]int{3, 3, 2, 2}, answers404, "lists 3 and 0"},
		"a shorter list": {[]int{3, 3}, func(e *audit.Evidence) {
			e.Tokens[1].Repositories = e.Tokens[1].Repositories[:1]
		}, "repositories: 12 has 1, but the manifest lists 2"},
		"a shorter list of another pass": {[]int{3, 3}, func(e *audit.Evidence) {
			more := listExchange(13, 3)
			more.Pass = 2
			e.Manifest[len(e.Manifest)-1].Accepted = false
			e.Manifest = append(e.Manifest, more)
		}, "repositories: 13 has 2, but the manifest lists 3"},
		"a list of an earlier pass": {[]int{3, 3}, func(e *audit.Evidence) {
			more := listExchange(13, 3)
			more.Pass, more.Accepted = 2, false
			e.Manifest = append(e.Manifest, more)
		}, "repositories: those of 13 are known, but the manifest has no list"},
		"a list that was not accepted": {[]int{3, 3}, func(e *audit.Evidence) {
			e.Manifest[len(e.Manifest)-1].Accepted = false
		}, "repositories: those of 13 are known, but the manifest has no list"},
		"a pass of which a part was accepted": {[]int{3, 3}, func(e *audit.Evidence) {
			page := passesOf(audit.SourceTokens, 0, 0, 0)[1]
			page.Page = 2
			e.Manifest = slices.Insert(e.Manifest, 2, page)
		}, "lists 3 and 0"},
		"two passes that were accepted": {[]int{3, 3, 3}, func(e *audit.Evidence) {
			e.Manifest[1].Accepted = true
			e.Manifest[2].Accepted = true
			answers404(e)
			unknown(e, 2)
			e.Coverage[1].Status, e.Coverage[1].Items = audit.Partial, 2
		}, "lists 3 and 0"},
		"passes out of order": {[]int{3, 3}, func(e *audit.Evidence) {
			e.Manifest[0], e.Manifest[1] = e.Manifest[1], e.Manifest[0]
		}, "lists 3 and 0"},
		"a list from nowhere": {[]int{3, 3}, answers404, "of 13 are known, but the manifest has no"},
		"a shorter list of a request": {[]int{3, 3}, func(e *audit.Evidence) {
			x := listExchange(5, 2)
			x.Source, x.Route = audit.SourceRequests, routeOf("personal-access-token-requests", 5)
			e.Manifest = append(e.Manifest, x)
			e.Requests = []*audit.Request{{Token: &audit.Token{
				ID: 5, Selection: audit.SelectSubset, Known: audit.FactRepositories,
				Repositories: e.Tokens[0].Repositories[:1],
			}}}
		}, "requests: 5 has 1, but the manifest lists 2"},
		"fewer lists than tokens": {[]int{3, 3}, func(e *audit.Evidence) {
			unknown(e, 1)
			e.Coverage[1].Items = 2
		}, "repositories: 2 lists were had, but 3 tokens have one"},
		"more members than were listed": {
			[]int{3, 3}, had(audit.SourceMembers, 2, true, 1), "members: 2 were had",
		},
		"more members than were accepted": {
			[]int{3, 3}, had(audit.SourceMembers, 2, false, 2), "members: 2 were had",
		},
		"members of a part of a pass": {[]int{3, 3}, func(e *audit.Evidence) {
			had(audit.SourceMembers, 2, true, 2)(e)
			page := e.Manifest[len(e.Manifest)-1]
			page.Page, page.Accepted = 2, false
			e.Manifest = append(e.Manifest, page)
		}, "members: 2 were had"},
		"members of two pages that were read once": {[]int{3, 3}, func(e *audit.Evidence) {
			had(audit.SourceMembers, 4, true, 2)(e)
			page := e.Manifest[len(e.Manifest)-1]
			page.Page = 2
			e.Manifest = append(e.Manifest, page)
		}, "members: 4 were had"},
		"fewer requests than were listed": {
			[]int{3, 3}, had(audit.SourceRequests, 0, true, 1, 1), "requests: 0 were had",
		},
		"requests that were read once": {
			[]int{3, 3}, had(audit.SourceRequests, 0, true, 0), "requests: 0 were had",
		},
		"more authorizations than were listed": {[]int{3, 3}, func(e *audit.Evidence) {
			had(audit.SourceAuthorizations, 1, true, 0, 0)(e)
			e.Classic = []*audit.Credential{{ID: 5, Login: "octocat"}}
		}, "credential_authorizations: 1 were had"},
		"authorizations that nobody asked for": {[]int{3, 3}, func(e *audit.Evidence) {
			e.Coverage = append(e.Coverage, audit.Coverage{
				Source: audit.SourceAuthorizations, Status: audit.Complete,
			})
			e.Classic = []*audit.Credential{}
		}, "credential_authorizations: complete, but the manifest has no answer"},
		"collaborators that nobody asked for": {[]int{3, 3}, func(e *audit.Evidence) {
			e.Coverage = append(e.Coverage, audit.Coverage{
				Source: audit.SourceOutsideCollaborators, Status: audit.Complete,
			})
		}, "outside_collaborators: complete, but the manifest has no answer"},
		"a page is missing": {[]int{3, 3}, func(e *audit.Evidence) {
			e.Manifest[0].Page, e.Manifest[1].Page = 2, 2
		}, "lists 3 and 0"},
		"a page of the pass before is missing": {[]int{3, 3}, func(e *audit.Evidence) {
			e.Manifest[0].Page = 2
		}, "lists 3 and 0"},
		"an empty list that was read once": {[]int{3, 3}, func(e *audit.Evidence) {
			e.Tokens[2].Repositories = []*audit.Repository{}
			e.Manifest[len(e.Manifest)-1].Rows = 0
		}, "repositories: those of 13 are known, but the manifest has no list"},
		"a list of two pages that was read once": {[]int{3, 3}, func(e *audit.Evidence) {
			page := &e.Manifest[len(e.Manifest)-1]
			page.Rows = 1
			e.Manifest = append(e.Manifest, *page)
			e.Manifest[len(e.Manifest)-1].Page = 2
		}, "repositories: those of 13 are known, but the manifest has no list"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			for accepted := range len(test.passes) + 1 {
				e := listing(accepted, test.passes...)
				test.change(e)
				_, err := snapshot.Save(io.Discard, e)
				if err == nil || accepted == len(test.passes) &&
					!strings.Contains(err.Error(), test.want) {
					t.Errorf("with pass %d: got %v, want %q in it", accepted, err, test.want)
				}
			}
		})
	}
}

// TestManifestBears holds that what a collection may come to is not refused.
func TestManifestBears(t *testing.T) {
	const revoked = "revoked during the run"
	partial := func(e *audit.Evidence) {
		answers404(e)
		unknown(e, 2)
		e.Coverage[1].Status, e.Coverage[1].Items = audit.Partial, 2
	}
	tests := map[string]struct {
		passes   []int
		accepted int
		change   func(*audit.Evidence)
	}{
		"listed twice": {[]int{3, 3}, 2, both()},
		"pages beyond the end": {[]int{3, 3, 3}, 3, func(e *audit.Evidence) {
			page := e.Manifest[0]
			page.Page, page.Rows = 4, 0 // 2 and 3 were left out
			e.Manifest = slices.Insert(e.Manifest, 1, page)
		}},
		"granted meanwhile":          {[]int{2, 3, 3}, 3, both()},
		"revoked between two passes": {[]int{3, 2, 2}, 3, without},
		"one for another":            {[]int{3, 3, 3}, 3, both()},
		"dropped":                    {[]int{3, 3, 2, 2}, 2, both(dropped(13, revoked), answers404)},
		"dropped, another granted":   {[]int{3, 3, 3, 3}, 2, both(dropped(13, revoked), answers404)},
		"dropped after many passes": {
			[]int{1, 2, 3, 3, 4, 2, 2}, 4, both(dropped(13, revoked), answers404),
		},
		"hidden, but still there":   {[]int{3, 3, 3}, 2, partial},
		"hidden, and others come":   {[]int{3, 3, 4, 4}, 2, partial},
		"hidden, and no new pass":   {[]int{3, 3}, 2, partial},
		"hidden, and none is whole": {[]int{3, 3, 4, 1}, 2, partial},
		"not believed": {[]int{3, 3}, 2, func(e *audit.Evidence) {
			for i := range e.Tokens {
				unknown(e, i)
			}
		}},
		"read for information": {[]int{3, 3}, 2, func(e *audit.Evidence) {
			unknown(e, 0)
			e.Manifest = slices.DeleteFunc(e.Manifest, func(x audit.Exchange) bool {
				return strings.Contains(x.Route, "/11/")
			})
			e.Coverage[1].Status, e.Coverage[1].Items = audit.NotAsked, 2
		}},
		"members on a page": {[]int{3, 3}, 2, had(audit.SourceMembers, 2, true, 2)},
		"no requests":       {[]int{3, 3}, 2, had(audit.SourceRequests, 0, true, 0, 0)},
		"authorizations of all kinds": {[]int{3, 3}, 2, both(
			had(audit.SourceAuthorizations, 0, true, 4, 4),
			func(e *audit.Evidence) { e.Classic = []*audit.Credential{} },
		)},
		"a full list and the empty page after it": {[]int{3, 3}, 2, func(e *audit.Evidence) {
			end := listExchange(13, 0)
			end.Page = 2
			e.Manifest = append(e.Manifest, end)
		}},
		"by another name": {[]int{3, 3}, 2, func(e *audit.Evidence) {
			for i := range e.Manifest {
				x := &e.Manifest[i]
				x.Route = strings.Replace(x.Route, "/orgs/complytime/", "/organizations/7/", 1)
			}
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			e := listing(test.accepted, test.passes...)
			test.change(e)
			if _, err := snapshot.Save(io.Discard, e); err != nil {
				t.Error(err)
			}
		})
	}
}
