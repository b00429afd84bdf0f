// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"strings"
	"testing"
)

// TestPublicLog holds that no line of a log that everybody can read names a person.
func TestPublicLog(t *testing.T) {
	for _, public := range []bool{false, true} {
		var log bytes.Buffer
		u := newUI(nil, nil, &log)
		u.public = public
		u.logger().Info("request", "path", "/orgs/acme/memberships/jdoe", "error",
			`GET "/orgs/acme/members/jdoe?x": 403`)
		u.warnf("GET /users/jdoe: 403; GET /orgs/acme/memberships/jdoe: 404")
		u.errorf("acme: /orgs/acme/memberships/jdoe/x")
		if named := strings.Contains(log.String(), "jdoe"); named == public {
			t.Errorf("public %v: %s", public, &log)
		}
		if n := strings.Count(log.String(), "acme"); n != 5 {
			t.Errorf("public %v: the organization is named %d times:\n%s", public, n, &log)
		}
	}
}

func TestPlaceOf(t *testing.T) {
	in := func(actions string) func(string) string {
		return func(name string) string {
			return map[string]string{
				"GITHUB_ACTIONS": actions, "GITHUB_EVENT_PATH": "/nowhere/at/all",
			}[name]
		}
	}
	for _, test := range []struct {
		actions         string
		allowed, public bool
	}{{"true", false, true}, {"true", true, false}, {"", false, false}, {"false", false, false}} {
		if got := placeOf(test.allowed, in(test.actions)); got.public != test.public {
			t.Errorf("%+v: %+v", test, got)
		}
	}
}
