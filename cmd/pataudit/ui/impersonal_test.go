// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"testing"
)

func TestImpersonal(t *testing.T) {
	for text, want := range map[string]string{
		"":                                     "",
		"listed twice with equal ids":          "listed twice with equal ids",
		`403 "jdoe may not" (the App needs x)`: `403 "…" (the App needs x)`,
		`200 the answer is "text/plain", not JSON: "[{\"`: `200 the answer is "…", not JSON: "…"`,
		`a "\\" b "c" d`:                        `a "…" b "…" d`,
		"a \"b\nc\" d":                          `a "…" d`,
		`the App lacks "Members: read"`:         `the App lacks "Members: read"`,
		`403 "jdoe: read" x`:                    `403 "…" x`,
		"GET /orgs/acme/memberships/jdoe: 404":  "GET /orgs/acme/memberships/…: 404",
		"token 7 reaches a repository":          "token … reaches a repository",
		"personal-access-tokens/7/repositories": "personal-access-tokens/…/repositories",
		"8330001 came twice":                    "… came twice",
	} {
		if got := Impersonal(text); got != want {
			t.Errorf("%q is %q, not %q", text, got, want)
		}
	}
}

func TestImpersonalRoute(t *testing.T) {
	for path, want := range map[string]string{
		"": "",
		"/orgs/acme/personal-access-tokens/8330001/repositories": "/orgs/acme/" +
			"personal-access-tokens/{id}/repositories",
		"/api/v3/orgs/orgs/memberships/jdoe": "/api/v3/orgs/orgs/memberships/{id}",
		"/app/installations/5/access_tokens": "/app/installations/{id}/access_tokens",
		"/users/jdoe":                        "/{id}/{id}",
	} {
		if got := impersonalRoute(path); got != want {
			t.Errorf("%s is %s, not %s", path, got, want)
		}
	}
	for query, want := range map[string]string{
		"": "", "page=2&per_page=100&after=jdoe&jdoe": "page=2&per_page=100&…&…",
	} {
		if got := impersonalQuery(query); got != want {
			t.Errorf("%s is %s, not %s", query, got, want)
		}
	}
}
