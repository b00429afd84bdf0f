// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github/githubtest"
)

// fieldCases are section C: fields and enumerations.
func fieldCases() []situation {
	return []situation{
		selected("repository_selection_future", `"future"`, audit.Fail),
		{name: "repository_selection", variants: []situation{
			selected("null", "null", audit.Indeterminate),
			selected("absent", "", audit.Indeterminate),
			selected("empty", `""`, audit.Indeterminate),
			selected("ALL", `"ALL"`, audit.Fail),
		}},
		{name: "permission_unknown_name", variants: []situation{
			permitted("read", `{"repository": {"metadata": "read", "quantum": "read"}}`, 0,
				audit.Pass, "repository:quantum:read"),
			permitted("write", `{"repository": {"metadata": "read", "quantum": "write"}}`, 3,
				audit.Fail, "repository:quantum:write"),
		}},
		{name: "permission_level", variants: []situation{
			{
				name: "admin", exit: 3, // GitHub documents it, of other permissions
				world: setting("permissions", `{"repository": {"contents": "admin"}}`),
				holds: says("excess-write", audit.Fail, "no-expiration", audit.Pass),
			},
			permitted("write-all", `{"repository": {"contents": "write-all"}}`, 3, audit.Fail,
				"repository:contents:write-all"),
			permitted("null", `{"repository": {"contents": null}}`, 3, audit.Fail,
				"repository:contents:null"),
			permitted("number", `{"repository": {"contents": 7}}`, 3, audit.Fail,
				"repository:contents:7"),
		}},
		{name: "permissions", variants: []situation{
			unpermitted("absent", ""), unpermitted("null", "null"),
			{
				name: "empty", world: setting("permissions", "{}"), holds: func(o *outcome) {
					says("excess-write", audit.Pass, "unknown-permission", audit.Pass)(o)
					if token := o.evidence.Tokens[0]; !token.Known.Has(audit.FactPermissions) {
						o.t.Error("to have none is not known")
					}
				},
			},
		}},
		permitted("permissions_new_group", `{"enterprise": {"quantum": "write"}}`, 3, audit.Fail,
			"enterprise:quantum:write"),
		{
			name: "owner_null", exit: 4, words: "owner-not-member cannot judge 1 of 3",
			world: setting("owner", "null"),
			holds: says("owner-not-member", audit.Indeterminate, "no-expiration", audit.Pass),
		},
		renamedOwner(),
		{name: "token_name", variants: []situation{
			called("absent", "", 4, audit.Indeterminate),
			called("empty", `""`, 4, audit.Indeterminate),
			called("above_255", `"`+strings.Repeat("sbom ", 60)+`"`, 0, audit.Pass),
			called("10kB", `"`+strings.Repeat("sbom-upload", 1000)+`"`, 0, audit.Pass),
		}},
		{name: "token_last_used_at_null", exit: 3, world: func(w *githubtest.World) {
			g := w.Organizations[0].Grants[0]
			g.LastUsedAt, g.GrantedAt = nil, w.Now().AddDate(0, 0, -31)
			w.Organizations[0].Grants[1].LastUsedAt = nil // approved 20 days ago: there is time
		}, holds: func(o *outcome) {
			says("never-used", audit.Fail)(o)
			if bytes.Contains(o.json, []byte("0001-")) || o.says(0, "unused").Status == audit.Fail {
				o.t.Error("never became the year 1")
			}
		}},
		{name: "last_used_in_future", variants: []situation{
			{name: "4m", world: usedIn(4 * time.Minute), holds: says("unused", audit.Pass)},
			{
				name: "6m", exit: 4, words: "token 95001 was last used in the future",
				world: usedIn(6 * time.Minute), holds: says("unused", audit.Indeterminate),
			},
		}},
		{
			name: "extra_unknown_fields", world: func(w *githubtest.World) {
				setting("new", `[1, {"id": 7}]`)(w)
				setting("repository", `{"permissions": {"contents": "admin"}}`)(w)
			},
			holds: func(o *outcome) { o.tokens(3) },
		},
	}
}

// selected is a token whose selection is none that is known: what reaches repositories cannot be
// judged, the rest is.
func selected(name, value string, unknown audit.Status) situation {
	return situation{
		name: name, exit: 4, words: "all-repositories cannot judge 1 of 3",
		world: setting("repository_selection", value), holds: says(
			"all-repositories", audit.Indeterminate, "broad-selection", audit.Indeterminate,
			"unknown-permission", unknown, "no-expiration", audit.Pass),
	}
}

// permitted is a token with permissions that this version does not know, one of which is flagged;
// more than read is too much.
func permitted(name, value string, exit int, excess audit.Status, basis string) situation {
	return situation{
		name: name, exit: exit, world: setting("permissions", value), holds: func(o *outcome) {
			says("unknown-permission", audit.Fail, "excess-write", excess,
				"all-repositories", audit.Pass, "no-expiration", audit.Pass)(o)
			if f := o.says(0, "unknown-permission"); !slices.Equal(f.Basis, []string{basis}) {
				o.t.Errorf("basis %q", f.Basis)
			}
		},
	}
}

func unpermitted(name, value string) situation {
	return situation{
		name: name, exit: 4, words: "excess-write cannot judge 1 of 3",
		world: setting("permissions", value), holds: says("excess-write", audit.Indeterminate,
			"toxic-permissions", audit.Indeterminate, "unknown-permission", audit.Indeterminate,
			"no-expiration", audit.Pass),
	}
}

// renamedOwner renames the owner of all tokens between two pages of the pass that is accepted: the
// tokens are one person's, who is a member.
func renamedOwner() situation {
	rename := func(w *githubtest.World) {
		o := w.Organizations[0]
		o.Members[0].Login = "octocat-renamed"
		for _, g := range o.Grants {
			g.Owner = o.Members[0].Login
		}
	}
	return situation{
		name: "owner_renamed_mid_run", grants: 150, bench: changing("&page=2", 1, 1, rename),
		holds: func(o *outcome) {
			o.tokens(150)
			if o.run.Summary.People != 1 {
				o.t.Errorf("%d people", o.run.Summary.People)
			}
			for i, token := range o.evidence.Tokens {
				if token.Owner != o.evidence.Tokens[0].Owner {
					o.t.Fatalf("%s is another person", token.Owner.Login)
				}
				if f := o.says(i, "owner-not-member"); f.Status != audit.Pass {
					o.t.Fatalf("token %d: %s", i, f.Message)
				}
			}
		},
	}
}

// called is a token with a name that GitHub should not send: it is kept whole.
func called(name, value string, exit int, descriptive audit.Status) situation {
	var whole string
	if value != "" && json.Unmarshal([]byte(value), &whole) != nil {
		panic(value)
	}
	return situation{
		name: name, exit: exit, world: setting("token_name", value), holds: func(o *outcome) {
			says("undescriptive-name", descriptive, "no-expiration", audit.Pass)(o)
			if got := o.evidence.Tokens[0].Name; got != whole {
				o.t.Errorf("name %q", got)
			}
		},
	}
}

func usedIn(d time.Duration) func(*githubtest.World) {
	return func(w *githubtest.World) {
		setting("token_last_used_at", fmt.Sprintf("%q", w.Now().UTC().Add(d).Format(time.RFC3339)))(w)
	}
}
