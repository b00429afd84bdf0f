// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github"
	"github.com/complytime/pataudit/audit/github/api"
	"github.com/complytime/pataudit/audit/github/githubtest"
)

// TestRefused: an audit that cannot begin says what to do.
func TestRefused(t *testing.T) {
	without := func(permission string) map[string]string {
		permissions := githubtest.AuditPermissions()
		delete(permissions, permission)
		return permissions
	}
	tests := []struct {
		name    string
		prepare func(*githubtest.World)
		config  func(*github.Config)
		words   []string
	}{
		{"not installed", func(w *githubtest.World) {
			w.App.Installations = []*githubtest.Installation{}
		}, nil, []string{"installation in complytime", "404", "not installed"}},
		{
			"unknown App", nil, func(c *github.Config) { c.Credentials.Issuer = "1" },
			[]string{"401", "no App with this id and key"},
		},
		{"lacks the permission", func(w *githubtest.World) {
			w.App.Installations = []*githubtest.Installation{{
				Permissions: without("organization_personal_access_tokens"),
			}}
		}, nil, []string{"listing tokens of complytime", `"Personal access tokens: read"`}},
		{"bare token lacks the permission", func(w *githubtest.World) {
			w.Tokens = []*githubtest.Token{{Value: "ghs_bare", Permissions: map[string]string{
				"metadata": "read", "contents": "write",
			}}}
		}, useBare, []string{
			"listing tokens of complytime: 403", `"Personal access tokens: read"`,
			"create-github-app-token",
		}},
		{"bare token is unknown", nil, useBare, []string{"401", "wrong, expired or revoked"}},
		{
			"wrong installation", func(w *githubtest.World) {
				w.Organizations = append(w.Organizations, &githubtest.Organization{Login: "other", ID: 9})
				w.App.Installations = []*githubtest.Installation{{ID: 77, Organization: "other"}}
			}, func(c *github.Config) { c.Credentials.Installation = 77 },
			[]string{"installation 77 is other's", "--installation-id"},
		},
		{"IP allow list", func(w *githubtest.World) {
			w.Tokens = []*githubtest.Token{{Value: "ghs_bare"}}
			w.Faults = []*githubtest.Fault{{Path: tokensPath, Status: 403, Body: body(`{"message":
				"Although you appear to have the correct authorization credentials, the organization ` +
				`has an IP allow list enabled, and 192.0.2.4 is not permitted"}`)}}
		}, useBare, []string{"IP allow list", "run from an address"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, test.prepare, func(b *bench) {
				if test.config != nil {
					test.config(&b.config)
				}
				_, err := b.collect()
				for _, words := range test.words {
					if err == nil || !strings.Contains(err.Error(), words) {
						b.t.Errorf("error %v, want %q", err, words)
					}
				}
			})
		})
	}
}

func useBare(c *github.Config) {
	c.Credentials = api.Credentials{Token: "ghs_bare"}
}

// TestSilence: where GitHub would answer with a shorter list and say nothing, we know it.
func TestSilence(t *testing.T) {
	with := func(change func(map[string]string)) func(*githubtest.World) {
		return func(w *githubtest.World) {
			small(w)
			permissions := githubtest.AuditPermissions()
			change(permissions)
			w.App.Installations = []*githubtest.Installation{{Permissions: permissions}}
			w.Tokens = []*githubtest.Token{{Value: "ghs_bare", Permissions: permissions}}
		}
	}
	tests := []struct {
		name    string
		prepare func(*githubtest.World)
		source  string
		words   string
		unknown audit.Facts
	}{
		{
			"no members", with(func(p map[string]string) { delete(p, "members") }),
			audit.SourceMembers, "Members: read", audit.FactMembership,
		},
		{"no requests", with(func(p map[string]string) {
			delete(p, "organization_personal_access_token_requests")
		}), audit.SourceRequests, "Personal access token requests: read", 0},
		{"one repository", func(w *githubtest.World) {
			small(w)
			w.App.Installations = []*githubtest.Installation{{
				Selection: "selected", Repositories: []string{".github"},
			}}
			w.Tokens = []*githubtest.Token{{Value: "ghs_bare", Selection: "selected"}}
		}, audit.SourceInstallation, "selected repositories only", audit.FactRepositories},
	}
	for _, test := range tests {
		for _, credentials := range []string{"app", "bare"} {
			t.Run(test.name+", "+credentials, func(t *testing.T) {
				inBubble(t, test.prepare, func(b *bench) {
					if credentials == "bare" {
						useBare(&b.config)
					}
					evidence := b.mustCollect()
					coverage := evidence.CoverageOf(test.source)
					if coverage.Status == audit.Complete ||
						!strings.Contains(coverage.Reason.String(), test.words) {
						b.t.Errorf("coverage %+v", coverage)
					}
					if token := evidence.Tokens[0]; token.Known&test.unknown != 0 {
						b.t.Errorf("%v is known", token.Known&test.unknown)
					}
				})
			})
		}
	}
}

// TestPeople: who the owners are, and what GitHub shows of their second factors.
func TestPeople(t *testing.T) {
	roles := func(b *bench) map[string]audit.Role {
		found := map[string]audit.Role{}
		for _, token := range b.mustCollect().Tokens {
			if token.Known.Has(audit.FactMembership) {
				found[token.Owner.Login] = token.Owner.Role
			}
		}
		return found
	}
	owners := func(w *githubtest.World) {
		small(w)
		w.Organizations[0].Grants[3].Owner = "hubot"
	}
	t.Run("roles", func(t *testing.T) {
		inBubble(t, owners, func(b *bench) {
			for login, want := range map[string]audit.Role{
				"octocat": audit.RoleMember, "hubot": audit.RoleAdmin,
				"contractor": audit.RoleOutside, "departed": audit.RoleNone,
			} {
				if got := roles(b)[login]; got != want {
					b.t.Errorf("%s is %q, want %q", login, got, want)
				}
			}
		})
	})
	t.Run("outside collaborators refused", func(t *testing.T) {
		inBubble(t, owners, func(b *bench) {
			b.world.Faults = []*githubtest.Fault{{
				Path: "/orgs/complytime/outside_collaborators", Status: 403,
			}}
			if got := roles(b)["contractor"]; got != audit.RoleNotMember {
				b.t.Errorf("contractor is %q", got)
			}
		})
	})
	t.Run("second factors", func(t *testing.T) {
		for name, test := range map[string]struct {
			prepare func(*githubtest.Organization)
			want    string
		}{
			"shown":  {func(*githubtest.Organization) {}, "true"},
			"hidden": {func(o *githubtest.Organization) { o.TwoFactorHidden = true }, "unknown"},
			"missing": {func(o *githubtest.Organization) {
				o.Members = []*githubtest.Member{
					{Login: "octocat", NoTwoFactor: true}, {Login: "x", Role: "admin"},
				}
			}, "false"},
			"implausible": {func(o *githubtest.Organization) {
				o.Members = nil
				for _, login := range []string{"octocat", "a", "b", "c", "d"} {
					o.Members = append(o.Members, &githubtest.Member{Login: login, NoTwoFactor: true})
				}
				o.Members[4].Role = "admin"
			}, "unknown"},
			"implausible at just nine of ten": {func(o *githubtest.Organization) {
				o.Members = []*githubtest.Member{{Login: "boss", Role: "admin"}}
				for _, login := range []string{"octocat", "a", "b", "c", "d", "e", "f", "g", "h"} {
					o.Members = append(o.Members, &githubtest.Member{Login: login, NoTwoFactor: true})
				}
			}, "unknown"},
			"plausible at eight of ten": {func(o *githubtest.Organization) {
				o.Members = []*githubtest.Member{{Login: "boss", Role: "admin"}, {Login: "h"}}
				for _, login := range []string{"octocat", "a", "b", "c", "d", "e", "f", "g"} {
					o.Members = append(o.Members, &githubtest.Member{Login: login, NoTwoFactor: true})
				}
			}, "false"},
		} {
			t.Run(name, func(t *testing.T) {
				inBubble(t, func(w *githubtest.World) {
					grants(w, 1)
					test.prepare(w.Organizations[0])
				}, func(b *bench) {
					token := b.mustCollect().Tokens[0]
					got := "unknown"
					if token.Known.Has(audit.FactTwoFactor) {
						got = map[bool]string{true: "true", false: "false"}[*token.Owner.TwoFactor]
					}
					if got != test.want {
						b.t.Errorf("second factor %s, want %s", got, test.want)
					}
				})
			})
		}
	})
}

// TestContradictions: an answer that is well formed and untrue is found out by another one.
func TestContradictions(t *testing.T) {
	empty := `{"data": {"organization": {"%s": {"totalCount": 0,
		"pageInfo": {"hasNextPage": false, "endCursor": null}, "%s": []}}}}`
	tests := []struct {
		name        string
		prepare     func(*githubtest.World)
		credentials func(*github.Config)
		source      string
	}{
		{"no repositories, though tokens reach some", func(w *githubtest.World) {
			w.Faults = []*githubtest.Fault{{
				Path: "/graphql", Contains: "repositories(",
				Body: body(fmt.Sprintf(empty, "repositories", "nodes")), Status: 200,
			}}
		}, nil, audit.SourceOrganizationRepositories},
		{"no members", func(w *githubtest.World) {
			w.Faults = []*githubtest.Fault{{
				Path: "/graphql", Contains: "membersWithRole",
				Body: body(fmt.Sprintf(empty, "membersWithRole", "edges")), Status: 200,
			}}
		}, nil, audit.SourceMembers},
		{"all, but one", func(w *githubtest.World) {
			w.Tokens = []*githubtest.Token{{Value: "ghs_bare"}}
			w.Faults = []*githubtest.Fault{{
				Path: "/installation/repositories", Status: 200,
				Body: body(`{"total_count": 1, "repository_selection": "all", "repositories": []}`),
			}}
		}, useBare, audit.SourceInstallation},
		{"more than there are", func(w *githubtest.World) {
			w.Tokens = []*githubtest.Token{{Value: "ghs_bare"}}
			w.Faults = []*githubtest.Fault{{
				Path: "/installation/repositories", Status: 200,
				Body: body(`{"total_count": 99, "repository_selection": "all", "repositories": []}`),
			}}
		}, useBare, audit.SourceInstallation},
		{"the minted token sees less than the installation", func(w *githubtest.World) {
			w.Tokens = []*githubtest.Token{{Value: "ghs_less"}}
			w.Faults = []*githubtest.Fault{{
				Path: "/app/installations/*/access_tokens", Status: 201,
				Body: body(`{"token": "ghs_less", "expires_at": "2001-01-01T00:00:00Z",
					"repository_selection": "selected", "permissions": {
					"organization_personal_access_tokens": "read", "members": "read"}}`),
			}}
		}, nil, audit.SourceInstallation},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(w *githubtest.World) {
				small(w)
				test.prepare(w)
			}, func(b *bench) {
				if test.credentials != nil {
					test.credentials(&b.config)
				}
				run, err := b.audit()
				if err != nil {
					b.t.Fatal(err)
				}
				if c := coverageOf(run, test.source); c.Status == audit.Complete || run.Complete {
					b.t.Errorf("complete %v, %+v", run.Complete, c)
				}
			})
		})
	}
}

// TestSecrets: what a server sends back of our credentials is never shown.
func TestSecrets(t *testing.T) {
	const old, fresh = "ghs_0123456789abcdefghijABCDEFGHIJ012345", "ghs_4711_eyJhbGciOi.x-y_z.longer"
	cut := fmt.Sprintf(`{"token": %q, "expires_at"`, fresh)
	tests := map[string]githubtest.Fault{
		"a mint that is cut": {Path: "/app/installations/*/access_tokens", Status: 201, Body: &cut},
		"a mint that is text": {
			Path: "/app/installations/*/access_tokens", Status: 201, Body: &cut,
			Header: header("Content-Type", "text/plain"),
		},
		"an echo in a refusal": {
			Path: tokensPath, Status: 403, Body: body(`{"message": "no: Bearer ` + old + `"}`),
		},
		"an echo in a header": {
			Path: tokensPath, Status: 403,
			Header: header("X-Accepted-GitHub-Permissions", old+"=read"),
		},
		"an echo in HTML": {
			Path: tokensPath, Status: 200, Body: body("<html>" + old),
			Header: header("Content-Type", "text/html"),
		},
		"an echo in a link": {Path: tokensPath, Header: header("Link", "<"+old+`>; rel="next"`)},
		"an echo in GraphQL": {
			Path: "/graphql", Status: 200, Body: body(`{"errors": [{"message": "` + old + `"}]}`),
		},
	}
	for name, fault := range tests {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(w *githubtest.World) {
				small(w)
				w.Faults = []*githubtest.Fault{&fault}
			}, func(b *bench) {
				evidence, err := b.collect()
				shown := fmt.Sprint(err)
				if err == nil {
					shown = fmt.Sprintf("%+v", evidence.Coverage)
				}
				if strings.Contains(shown, "0123456789") || strings.Contains(shown, "hbGci") {
					b.t.Error(shown)
				}
			})
		})
	}
}

// TestNullLists: a list that is null is not an empty one, nor is a key that comes twice its last.
func TestNullLists(t *testing.T) {
	for name, fault := range map[string]githubtest.Fault{
		"members": {Contains: "membersWithRole", Body: body(
			`{"data": {"organization": {"membersWithRole": null}}}`)},
		"members without anything": {Contains: "membersWithRole", Body: body(
			`{"data": {"organization": {"membersWithRole": {}}}}`)},
		"repositories": {Contains: "repositories(", Body: body(
			`{"data": {"organization": {"repositories": null}}}`)},
		"repositories without anything": {Contains: "repositories(", Body: body(
			`{"data": {"organization": {"repositories": {}}}}`)},
		"members without an end": {Contains: "membersWithRole", Body: body(
			`{"data": {"organization": {"membersWithRole": {"totalCount": 1, "pageInfo": {}, "edges": ` +
				`[{"role": "ADMIN", "hasTwoFactorEnabled": true, "node": {"login": "octocat", ` +
				`"databaseId": 1}}]}}}}`)},
		"repositories that are null": {Contains: "repositories(", Body: body(
			`{"data": {"organization": {"repositories": {"totalCount": 0, "pageInfo": ` +
				`{"hasNextPage": false}, "nodes": null}}}}`)},
		"errors, and no errors": {Contains: "repositories(", Body: body(
			`{"errors": [{"message": "x"}], "errors": null, "data": {"organization": null}}`)},
	} {
		t.Run(name, func(t *testing.T) {
			fault.Path, fault.Status = "/graphql", 200
			source := audit.SourceOrganizationRepositories
			if fault.Contains == "membersWithRole" {
				source = audit.SourceMembers
			}
			inBubble(t, func(w *githubtest.World) {
				grants(w, 4)
				w.Organizations[0].Grants = w.Organizations[0].Grants[3:] // has no list of its own
				w.Faults = []*githubtest.Fault{&fault}
			}, func(b *bench) {
				run, err := b.audit()
				if err != nil || run.Complete || coverageOf(run, source).Status == audit.Complete {
					b.t.Errorf("error %v, complete", err)
				}
			})
		})
	}
}
