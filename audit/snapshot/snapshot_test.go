// SPDX-License-Identifier: Apache-2.0

package snapshot_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/snapshot"
)

func save(t testing.TB, e *audit.Evidence) (text, digest string) {
	t.Helper()
	var b bytes.Buffer
	digest, err := snapshot.Save(&b, e)
	if err != nil {
		t.Fatal(err)
	}
	return b.String(), digest
}

// TestFormat holds the format as files have it: version 1 may gain keys, never lose or retype one.
func TestFormat(t *testing.T) {
	text, digest := save(t, sample())
	want := `{"snapshot":1,
"collected_at":"2026-11-22T06:00:00.000000001Z",
"organization":{"login":"complytime","id":652551,"host":"github.com",` +
		`"two_factor_required":false,"known":["organization_repositories"]},
"coverage":[
{"source":"tokens","status":"complete","items":2,"requests":2},
{"source":"members","status":"refused","items":0,"requests":1,` +
		`"reason":[{"code":"failed","words":"no permission"}]}],
"members":[
{"id":7,"login":"octocat","role":"member","two_factor":false}],
"repositories":[
{"id":1,"name":"complytime/b","visibility":"public"},
{"id":2,"name":"complytime/a"}],
"permissions":[
[["repository","contents","write"],["repository","metadata","read"]],
[]],
"organization_repositories":[2,1],
"tokens":[
{"id":10,"token_id":99,"name":"a\u001b[2K\u202eb","owner":7,"selection":"subset",` +
		`"permissions":0,"repositories":[1],"granted_at":"2026-10-01T00:00:00Z",` +
		`"token_created_at":"2026-09-30T00:00:00Z","approved_by":"h\u202e",` +
		`"approver_role":"member",` +
		`"expires_at":"2027-01-29T00:00:00Z","known":["selection","permissions","granted",` +
		`"expiry","last_used","owner","repositories","created"]},
{"id":11,"permissions":1,"repositories":[],"expired":true}],
"requests":[
{"id":3,"owner":7,"permissions":0,"reason":"please","created_at":"2026-11-01T00:00:00Z"}],
"dropped":[
{"id":11,"reason":"listed twice"},
{"id":12,"reason":"revoked during the run"}],
"manifest":[
{"source":"tokens","route":"GET /orgs/complytime/personal-access-tokens","page":1,"pass":1,` +
		`"status":200,"attempts":2,"request_id":"C0DE:\u202e","date":"2026-11-22T00:00:00Z",` +
		`"rows":4,"hash":"sha256:` + strings.Repeat("0a", 32) + `"},
{"source":"tokens","route":"GET /orgs/complytime/personal-access-tokens","page":1,"pass":2,` +
		`"accepted":true,"status":304,"attempts":1,"rows":4,"cached":true},
{"source":"tokens","route":"GET /orgs/complytime/personal-access-tokens","page":1,"pass":3,` +
		`"status":200,"attempts":1,"rows":4},
{"source":"tokens","route":"GET /orgs/complytime/personal-access-tokens","page":1,"pass":4,` +
		`"status":200,"attempts":1,"rows":4},
{"source":"repositories","route":"GET /orgs/complytime/personal-access-tokens/10/repositories` +
		`?per_page=100","page":1,"pass":1,"accepted":true,"status":200,"attempts":1,"rows":1},
{"source":"repositories","route":"GET /orgs/complytime/personal-access-tokens/12/repositories` +
		`?per_page=100","status":404,"attempts":1},
{"source":"members","route":"POST /graphql","status":403,"attempts":1}],
"classic":[
{"id":5,"token_id":50,"login":"a\u001b","note":"ci","last_eight":"71c3fc11",` +
		`"scopes":["admin:org","repo"],"authorized_at":"2026-01-01T00:00:00Z",` +
		`"last_used_at":"2026-11-01T00:00:00Z","expires_at":"2027-01-01T00:00:00Z",` +
		`"known":["expiry","last_used"]},
{"id":4,"login":"b","scopes":[]}]}
`
	if diff := gocmp.Diff(want, text); diff != "" {
		t.Error(diff)
	}
	if want := fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(text))); digest != want {
		t.Errorf("digest %s, but sha256sum says %s", digest, want)
	}
	if got := digestOf(t, sample()); got != digest {
		t.Errorf("Digest gives %s, Save %s", got, digest)
	}
}

// TestRoundTrip holds that nothing is lost: whatever Save writes, Open reads back the same, and it
// saves as the same bytes again.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := evidence(t)
		var b bytes.Buffer
		digest, err := snapshot.Save(&b, e)
		if err != nil {
			t.Fatal(err)
		}
		text := b.String()
		got, err := snapshot.Open(&b, "evidence.json")
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if got.Digest != digest {
			t.Fatalf("read with digest %s, saved with %s", got.Digest, digest)
		}
		if again := digestOf(t, got); again != digest {
			t.Fatalf("saves again as %s, not %s", again, digest)
		}
		got.Digest = ""
		if diff := gocmp.Diff(e, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

// TestSharing holds that what tokens shared is shared again: it is what keeps a million tokens in
// memory.
func TestSharing(t *testing.T) {
	text, _ := save(t, sample())
	e, err := snapshot.Open(strings.NewReader(text), "evidence.json")
	if err != nil {
		t.Fatal(err)
	}
	token, request := e.Tokens[0], e.Requests[0].Token
	if token.Owner != request.Owner {
		t.Error("the owner is there twice")
	}
	if token.Repositories[0] != e.Organization.Repositories[1] {
		t.Error("the repository is there twice")
	}
	if &token.Permissions[0] != &request.Permissions[0] {
		t.Error("the set of permissions is there twice")
	}
}

// TestSetsApart holds that sets which merely look alike are not taken for one.
func TestSetsApart(t *testing.T) {
	e := sample()
	e.Tokens[0].Permissions = []audit.Permission{{Group: "ab", Name: "c"}}
	e.Tokens[1].Permissions = []audit.Permission{{Group: "a", Name: "bc"}}
	text, _ := save(t, e)
	got, err := snapshot.Open(strings.NewReader(text), "evidence.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(e.Tokens, got.Tokens); diff != "" {
		t.Error(diff)
	}
}

// TestHarmless holds that nothing in a snapshot acts on the terminal of who looks at it.
func TestHarmless(t *testing.T) {
	e := sample()
	for r := range unicode.MaxRune {
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Variation_Selector) {
			e.Tokens[0].Name += string(r)
		}
	}
	text, _ := save(t, e)
	for _, r := range text {
		if r != '\n' && !unicode.IsGraphic(r) || unicode.Is(unicode.Variation_Selector, r) {
			t.Errorf("%U stands in it", r)
		}
	}
}

// TestSameBytes holds that the bytes depend on what the evidence says, not on what it shares.
func TestSameBytes(t *testing.T) {
	e := sample()
	e.Requests[0].Token.Owner = &audit.Member{}
	*e.Requests[0].Token.Owner = *e.Tokens[0].Owner
	e.Requests[0].Token.Permissions = slices.Clone(e.Tokens[0].Permissions)
	e.CollectedAt = e.CollectedAt.In(time.FixedZone("", 3600))
	want, _ := save(t, sample())
	got, _ := save(t, e)
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestSaveRefuses holds that Save rather fails than writes what would not read back the same.
func TestSaveRefuses(t *testing.T) {
	no := false
	tests := map[string]struct {
		change func(*audit.Evidence)
		want   string
	}{
		"no organization": {func(e *audit.Evidence) { e.Organization = nil }, "no organization"},
		"order": {
			func(e *audit.Evidence) { slices.Reverse(e.Tokens) },
			"tokens/1: id: 10 stands after 11",
		},
		"twice": {
			func(e *audit.Evidence) { e.Tokens[1] = e.Tokens[0] },
			"tokens/1: id: 10 is there twice",
		},
		"no id": {func(e *audit.Evidence) { e.Requests[0].Token.ID = 0 }, "requests/0: id: 0 is no id"},
		"two repositories": {
			func(e *audit.Evidence) {
				e.Tokens[1].Repositories = []*audit.Repository{{ID: 2, Name: "complytime/other"}}
			},
			"repositories: 2 means two repositories",
		},
		"two people": {
			func(e *audit.Evidence) {
				e.Tokens[1].Owner = &audit.Member{ID: 7, Login: "octocat", Role: audit.RoleMember}
			},
			"members: 7 means two people",
		},
		"the same repository twice in a list": {
			func(e *audit.Evidence) {
				list := e.Organization.Repositories
				e.Organization.Repositories = append(list, list[0])
			},
			"repositories: 2 is twice in one list",
		},
		"not UTF-8": {func(e *audit.Evidence) { e.Tokens[0].Name = "a\xff" }, "tokens/0: "},
		"year 10000": {
			func(e *audit.Evidence) { e.CollectedAt = time.Date(1e4, 1, 1, 0, 0, 0, 0, time.UTC) },
			"collected_at: ",
		},
		"a fact without a name": {
			func(e *audit.Evidence) { e.Tokens[0].Known |= 1 << 15 }, "tokens/0: known: ",
		},
		"facts of nobody": {
			func(e *audit.Evidence) { e.Tokens[1].Known = audit.FactTwoFactor },
			"tokens/1: known: two_factor, but there is no owner",
		},
		"role": {
			func(e *audit.Evidence) { e.Tokens[0].Owner.Role = "king" }, `members/0: role: "king"`,
		},
		"a selection that is none": {
			func(e *audit.Evidence) { e.Tokens[0].Selection = "" }, "known: selection, but",
		},
		"no permissions": {
			func(e *audit.Evidence) { e.Tokens[0].Permissions = nil }, "known: permissions, but",
		},
		"no list of a subset": {
			func(e *audit.Evidence) { e.Tokens[0].Repositories = nil }, "known: repositories, but",
		},
		"no list of the organization": {
			func(e *audit.Evidence) { e.Organization.Repositories = nil },
			"organization_repositories are known",
		},
		"a token too few": {
			func(e *audit.Evidence) { e.Tokens = e.Tokens[:1] }, "tokens: 2 were had, but 1",
		},
		"a permission twice": {
			func(e *audit.Evidence) {
				p := e.Tokens[0].Permissions
				e.Tokens[0].Permissions = append(p[:len(p):len(p)], p[0])
			}, "is there twice",
		},
		"dropped without a reason": {
			func(e *audit.Evidence) { e.Dropped[1].Reason = "" }, "dropped/1: reason: ",
		},
		"dropped for no reason that there is": {
			func(e *audit.Evidence) { e.Dropped[1].Reason = "lost" }, `dropped/1: reason: "lost" is none`,
		},
		"dropped without an id": {
			func(e *audit.Evidence) { e.Dropped = []audit.Dropped{{Reason: audit.DroppedTwice}} },
			"dropped/0: id: 0 is no id",
		},
		"dropped out of order": {
			func(e *audit.Evidence) { slices.Reverse(e.Dropped) },
			"dropped/1: id: 11 stands after 12",
		},
		"dropped twice": {
			func(e *audit.Evidence) { e.Dropped[0] = e.Dropped[1] }, "dropped/1: id: 12 is there twice",
		},
		"judged and dropped": {
			func(e *audit.Evidence) { e.Dropped[0].Reason = audit.DroppedRevoked },
			"11 is among the tokens, too",
		},
		"listed twice, and not there": {
			func(e *audit.Evidence) { e.Dropped[1].Reason = "listed twice" },
			"12 was listed twice, and is not there once",
		},
		"a token of nowhere": {
			func(e *audit.Evidence) {
				e.Tokens = append(e.Tokens, &audit.Token{ID: 13})
				e.Coverage[0].Items = 3
			}, "tokens: no pass of the manifest lists 3 and 2 dropped",
		},
		"a token that was taken out": {
			func(e *audit.Evidence) {
				e.Tokens, e.Dropped = e.Tokens[1:], e.Dropped[:1]
				e.Coverage[0].Items = 1
			}, "tokens: no pass of the manifest lists 1 and 1 dropped",
		},
		"tokens of another source": {
			func(e *audit.Evidence) { e.Manifest = e.Manifest[4:] },
			"tokens: complete, but the manifest has no answer",
		},
		"refused, and called complete": {
			func(e *audit.Evidence) { e.Coverage[1].Status, e.Coverage[1].Items = audit.Complete, 1 },
			"members: complete, but the manifest has no answer",
		},
		"requests that were not asked for": {
			func(e *audit.Evidence) {
				e.Requests = nil
				e.Coverage = append(e.Coverage, audit.Coverage{
					Source: audit.SourceRequests, Status: audit.Complete,
				})
			}, "requests: complete, but the manifest has no answer",
		},
		"an exchange of nothing": {
			func(e *audit.Evidence) { e.Manifest[6].Source = "stars" }, `manifest/6: source: "stars"`,
		},
		"exchanges out of order": {
			func(e *audit.Evidence) { slices.Reverse(e.Manifest) },
			`manifest/1: source: "repositories" stands after "members"`,
		},
		"no route": {func(e *audit.Evidence) { e.Manifest[1].Route = "" }, "manifest/1: route: "},
		"a count below zero": {
			func(e *audit.Evidence) { e.Manifest[2].Attempts = -1 }, "manifest/2: page, pass,",
		},
		"a hash that is none": {
			func(e *audit.Evidence) { e.Manifest[0].Hash += "a" }, "manifest/0: hash: ",
		},
		"created at no time": {
			func(e *audit.Evidence) { e.Tokens[0].CreatedAt = time.Time{} },
			"tokens/0: known: created, but it does not say when",
		},
		"created after it expires": {
			func(e *audit.Evidence) { e.Tokens[0].CreatedAt = e.Tokens[0].ExpiresAt.Add(1) },
			"tokens/0: known: created, but after it expires",
		},
		"classic tokens out of order": {
			func(e *audit.Evidence) { slices.Reverse(e.Classic) }, "classic/1: id: rows are in",
		},
		"a classic token without an id": {
			func(e *audit.Evidence) { e.Classic[0].ID = 0 }, "classic/0: id: 0 is no id",
		},
		"a classic token of which too much is known": {
			func(e *audit.Evidence) { e.Classic[0].Known = audit.FactOwner },
			"classic/0: known: owner is not known",
		},
		"an organization by the name that was typed": {
			func(e *audit.Evidence) {
				e.Organization.ID = 0
				e.Manifest = slices.Insert(e.Manifest, len(e.Manifest)-1, audit.Exchange{
					Source: audit.SourceOrganization, Route: "GET /orgs/complytime", Status: 200,
				})
				e.Coverage = slices.Insert(e.Coverage, 1, audit.Coverage{
					Source: audit.SourceOrganization, Status: audit.Complete, Items: 1,
				})
			}, "organization: complete, but it has no id",
		},
		"classic tokens that are gone": {
			func(e *audit.Evidence) {
				e.Classic, e.Manifest = nil, nil
				e.Coverage = append(e.Coverage, audit.Coverage{
					Source: audit.SourceAuthorizations, Status: audit.Complete,
				})
			}, "credential_authorizations: complete, but there is no list",
		},
		"fewer classic tokens": {
			func(e *audit.Evidence) {
				e.Manifest = nil
				e.Coverage = append(e.Coverage, audit.Coverage{
					Source: audit.SourceAuthorizations, Status: audit.Complete, Items: 3,
				})
			}, "credential_authorizations: 3 were had, but 2 are here",
		},
		"source": {
			func(e *audit.Evidence) { e.Coverage[0].Source = "stars" }, `coverage/0: source: "stars"`,
		},
		"sources out of order": {
			func(e *audit.Evidence) { slices.Reverse(e.Coverage) },
			`coverage/1: source: "tokens" stands after "members"`,
		},
		"status": {
			func(e *audit.Evidence) { e.Coverage[1].Status = "" }, `coverage/1: status: ""`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			e := sample()
			e.Tokens[0].Owner.TwoFactor = &no
			test.change(e)
			_, err := snapshot.Save(io.Discard, e)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q in it", err, test.want)
			}
		})
	}
}

// TestWriteError holds that no failing write is lost, wherever it happens.
func TestWriteError(t *testing.T) {
	text, _ := save(t, sample())
	for n := range len(text) {
		if _, err := snapshot.Save(&full{n}, sample()); !errors.Is(err, errFull) {
			t.Fatalf("room for %d of %d bytes: %v", n, len(text), err)
		}
	}
}

var errFull = errors.New("disk full")

// full is a writer with room for so many bytes.
type full struct{ room int }

func (f *full) Write(p []byte) (int, error) {
	n := min(len(p), f.room)
	f.room -= n
	if n < len(p) {
		return n, errFull
	}
	return n, nil
}

// digestOf returns the digest of the snapshot that evidence saves as.
func digestOf(t interface{ Fatal(...any) }, e *audit.Evidence) string {
	digest, err := snapshot.Save(io.Discard, e)
	if err != nil {
		t.Fatal(err)
	}
	return digest
}
