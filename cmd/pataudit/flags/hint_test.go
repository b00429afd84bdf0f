// SPDX-License-Identifier: Apache-2.0

package flags

import "testing"

// TestWithoutUser holds that no hint repeats who is who in a URL.
func TestWithoutUser(t *testing.T) {
	for url, want := range map[string]string{
		"pataudit.db":                             "pataudit.db",
		"sqlite:///home/a@b/pataudit.db":          "sqlite:///home/a@b/pataudit.db",
		"postgres://ana:geheim@db.acme:5432/pats": "postgres://db.acme:5432/pats",
		"postgres://ana@db/pats?sslmode=require":  "postgres://db/pats?sslmode=require",
		"PostgreSQL://ana:ge/h@eim@db/pats":       "PostgreSQL://db/pats",
		"postgres://db/pats?password=geheim":      "postgres://db/pats?password=xxxxx",
		"https://ana:geheim@ghe.acme/api/v3":      "https://ghe.acme/api/v3",
		"https://ghe.acme":                        "https://ghe.acme",
		"me@home/policy.yaml":                     "me@home/policy.yaml",
	} {
		if got := withoutUser(url); got != want {
			t.Errorf("%s: %s, want %s", url, got, want)
		}
	}
}
