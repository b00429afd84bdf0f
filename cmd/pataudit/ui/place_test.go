// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestPublicLog holds that no line of a log that everybody can read names a person.
func TestPublicLog(t *testing.T) {
	for _, public := range []bool{false, true} {
		var log bytes.Buffer
		u := New(time.Now, nil, nil, &log)
		u.Nameless = public
		u.Logger().Info("request", "path", "/orgs/acme/memberships/jdoe", "error",
			`GET "/orgs/acme/members/jdoe?x": 403`)
		u.Logger().Info("request", "path",
			"/api/v3/orgs/acme/personal-access-tokens/8330001/repositories", "query",
			"page=2&per_page=100&after=jdoe", "remaining", "14980", "resource", "jdoe")
		u.Warnf("%s", "GET /users/jdoe: 403; GET /orgs/acme/memberships/jdoe: 404")
		u.Errorf("%s: %v", "acme", errors.New(`reading: 403 "jdoe may not, \" jdoe" (the App needs `+
			`"Members: read"); token 8330001 reaches /x/8330001; the answer is no JSON: "jdoe`))
		if named := strings.Contains(log.String(), "jdoe"); named == public {
			t.Errorf("public %v: %s", public, &log)
		}
		if told := strings.Contains(log.String(), "8330001"); told == public {
			t.Errorf("public %v: %s", public, &log)
		}
		for _, says := range []string{
			"path=/orgs/acme/memberships/", "/personal-access-tokens/", "/repositories",
			"page=2&per_page=100&", "remaining=14980", "acme: reading: 403 ",
			`(the App needs "Members: read"); token `, "GET /orgs/acme/memberships/",
		} {
			if !strings.Contains(log.String(), says) {
				t.Errorf("public %v: not %q:\n%s", public, says, &log)
			}
		}
		if public && !strings.Contains(log.String(), "/personal-access-tokens/{id}/repositories") {
			t.Error(log.String())
		}
	}
}

func TestPlaceOf(t *testing.T) {
	t.Setenv("GITHUB_EVENT_PATH", "/nowhere/at/all")
	for _, test := range []struct {
		actions         string
		allowed, public bool
	}{{"true", false, true}, {"true", true, false}, {"", false, false}, {"false", false, false}} {
		t.Setenv("GITHUB_ACTIONS", test.actions)
		if got := PlaceOf(test.allowed); got.Public != test.public {
			t.Errorf("%+v: %+v", test, got)
		}
	}
}

// TestInPrivate holds that whatever is odd is public.
func TestInPrivate(t *testing.T) {
	for event, private := range map[string]bool{
		`{"repository":{"private":true}}`:                                            true,
		`{"a":1,"repository":{"private":true,"visibility":"private","x":[]},"b":{}}`: true,
		`{"repository":{"private":true,"visibility":"internal"}}`:                    true,
		`{"repository":{"private":true,"visibility":"public"}}`:                      false,
		`{"repository":{"private":true,"visibility":"PUBLIC"}}`:                      false,
		`{"repository":{"private":true,"visibility":""}}`:                            false,
		`{"repository":{"private":true,"visibility":1}}`:                             false,
		`{"repository":{"private":true,"Visibility":"public"}}`:                      false,
		`{"repository":{"private":false}}`:                                           false,
		`{"repository":{"private":false,"visibility":"private"}}`:                    false,
		`{"repository":{"private":false,"Private":true}}`:                            false,
		`{"repository":{"private":true,"Private":false}}`:                            false,
		`{"repository":{"Private":true}}`:                                            false,
		`{"repository":{"private":false,"private":true}}`:                            false,
		`{"repository":{"private":"true"}}`:                                          false,
		`{"repository":{"private":1}}`:                                               false,
		`{"repository":{"private":null}}`:                                            false,
		`{"repository":{"visibility":"private"}}`:                                    false,
		`{"REPOSITORY":{"private":true}}`:                                            false,
		`{"repository":{"private":true},"REPOSITORY":{"private":false}}`:             false,
		`{"repository":{"private":false},"repository":{"private":true}}`:             false,
		`{"repository":{"private":true}} trailing`:                                   false,
		`{"repository":{"private":true}}{}`:                                          false,
		`{"repository":null}`:                                                        false,
		`[{"repository":{"private":true}}]`:                                          false,
		`null`:                                                                       false, ``: false,
	} {
		path := filepath.Join(t.TempDir(), "event.json")
		if err := os.WriteFile(path, []byte(event), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := inPrivate(path); (got && err == nil) != private {
			t.Errorf("%s: %v, %v", event, got, err)
		}
	}
}

// TestOneFile holds that the job's summary is found by whatever way leads to it.
func TestOneFile(t *testing.T) {
	folder := t.TempDir()
	in := func(name string) string { return filepath.Join(folder, name) }
	for link, target := range map[string]string{
		"link": "file", "far": "link", "absolute": in("file"), "dangling": "missing",
		"round": "around", "around": "round", "here": ".",
	} {
		if err := os.Symlink(target, in(link)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"file", "other"} {
		if err := os.WriteFile(in(name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Link(in("file"), in("hard")); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		a, b string
		one  bool
	}{
		{"file", "file", true},
		{"file", "link", true},
		{"far", "file", true},
		{"absolute", "link", true},
		{"hard", "file", true},
		{"here/file", "link", true},
		{"missing", "dangling", true},
		{"here/missing", "dangling", true},
		{"file", "other", false},
		{"missing", "file", false},
		{"round", "file", false},
		{"dangling", "other", false},
	} {
		if OneFile(in(test.a), in(test.b)) != test.one || OneFile(in(test.b), in(test.a)) != test.one {
			t.Errorf("%s and %s: not %v", test.a, test.b, test.one)
		}
	}
}
