// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"fmt"
	neturl "net/url"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestParse holds which forms are a history.
func TestParse(t *testing.T) {
	for url, want := range map[string]string{
		"pataudit.db":                      "pataudit.db",
		"sqlite:pataudit.db":               "pataudit.db",
		"sqlite:///var/lib/pataudit.db":    "/var/lib/pataudit.db",
		"SQLite:/a/../b.db":                "/b.db",
		"c:pataudit.db":                    "c:pataudit.db",
		"a?b.db":                           "a?b.db",
		"postgres://a@b/c":                 "postgres",
		"postgresql://a:b@c:5432/d?x=1":    "postgres",
		"Postgres://a@h1:1,h2:2/d":         "postgres",
		"":                                 "",
		"/":                                "",
		"folder/":                          "",
		"sqlite:":                          "",
		"sqlite://host/a.db":               "",
		"sqlite:a.db?mode=ro":              "",
		"a\x00b":                           "",
		"mysql://a:secret@b/c":             "",
		"file:a.db":                        "",
		"postgres:a.db":                    "",
		"postgres://a:secret@b:port/c":     "",
		"postgres://a:se%zzcret@b/c":       "",
		"postgres://a:secret":              "",
		"postgres://b/c?sslmode=secret":    "",
		"postgres://b:x/c?password=secret": "",
		"host=b user=a password=secret":    "",
		"password=secret host=b":           "",
		`"postgres://a:secret@b/c"`:        "",
		" postgres://a:secret@b/c":         "",
		"\ufeffpostgres://a:secret@b/c":    "",
		"HISTORY=postgres://a:secret@b/c":  "",
		"postgres://a:12/secret@b/c":       "",
		"postgres://a:12?secret@b/c":       "",
		"postgres://a:sec@secret@b/c":      "", // secret@b would be looked up
		"postgres://a/c?user=d@e":          "postgres",
		"sqlite:postgres://a:secret@b/c":   "",
		"x postgres://secret@b/c":          "",
		"'pataudit.db'":                    "",
	} {
		l, err := Parse(url)
		got := ""
		switch {
		case err != nil && strings.Contains(err.Error(), "secret") &&
			!strings.Contains(url, "sslmode"):
			t.Errorf("%q: %v", url, err)
		case err != nil:
		case l.postgres != nil:
			got = "postgres"
		default:
			got = l.path
		}
		if got != want {
			t.Errorf("%q: %q, %v, want %q", url, got, err, want)
		}
	}
}

// TestRedacted holds that no form of a URL shows its password, and that the rest stays.
func TestRedacted(t *testing.T) {
	for url, want := range map[string]string{
		"pataudit.db":                          "pataudit.db",
		"me@home.db":                           "me@home.db",
		"postgres://h/d":                       "postgres://h/d",
		"postgres://h:5432/d":                  "postgres://h:5432/d",
		"postgres://u@h/d":                     "postgres://u@h/d",
		"postgres://u:s3cret@h:5432/d":         "postgres://u:xxxxx@h:5432/d",
		"postgres://u:s3:c@r/et@h/d":           "postgres://u:xxxxx@h/d",
		"postgres://u:s3cret#x@h/d":            "postgres://u:xxxxx@h/d",
		"postgres://u:s3cret@h1:1,h2:2/d":      "postgres://u:xxxxx@h1:1,h2:2/d",
		"postgres://h/d?password=s3cret&x=1":   "postgres://h/d?password=xxxxx&x=1",
		"postgres://h/d?sslPassword=s3cret":    "postgres://h/d?sslPassword=xxxxx",
		"postgres://u:s3cret":                  "postgres://u:xxxxx",
		"postgres://u:s3cret/d":                "postgres://u:xxxxx/d",
		"postgres:u:s3cret@h/d":                "postgres:xxxxx@h/d",
		"mysql://u:s3cret@h/d?tls=1":           "mysql://u:xxxxx@h/d?tls=1",
		"postgres://u:s3c%ret@h/d?password=%z": "postgres://u:xxxxx@h/d?password=xxxxx",
	} {
		if got := Redacted(url); got != want {
			t.Errorf("%s: %s", url, got)
		}
	}
	l := located(t, "postgres://u:s3cret@h/d")
	if all := fmt.Sprintf("%v %+v %#v %s", l, l, l, l); strings.Contains(all, "s3cret") {
		t.Error(all)
	}
}

// TestNoSecret holds that no error and no name of a place shows a password, whatever is around the
// address and whatever the password is; and that it is never taken for a file's name.
func TestNoSecret(t *testing.T) {
	const core = "S3CRETPW"
	odd := rapid.StringMatching("[@:/?#%&= \"'a1;]{0,3}")
	around := rapid.SampledFrom([]string{
		"", " ", "\"", "'", "\ufeff", "\t", "PATAUDIT_HISTORY=", "export A=", "A = ", "sqlite:", "x:",
		"- ", "1", "\u00a0", "//", "a@b ",
	})
	rapid.Check(t, func(t *rapid.T) {
		password := odd.Draw(t, "before") + core + odd.Draw(t, "after")
		scheme := rapid.SampledFrom([]string{"postgres://", "PostgreSQL://", "mysql://", "://"})
		url := around.Draw(t, "around") + scheme.Draw(t, "scheme") + "user:" + password +
			"@host.invalid:5432/db" + around.Draw(t, "behind")
		at, err := Parse(url)
		switch {
		case err != nil && strings.Contains(err.Error(), core):
			t.Errorf("%q: %v", url, err)
		case err == nil && strings.Contains(fmt.Sprintf("%v %#v", at, at), core):
			t.Errorf("%q is called %v", url, at)
		case err == nil && at.File() != "":
			t.Errorf("%q is taken for the file %s", url, at.File())
		case err == nil && at.postgres.Host != "host.invalid":
			t.Errorf("%q would look up %s", url, at.postgres.Host)
		case err == nil:
			inside := fmt.Errorf("dial: %w", fmt.Errorf("no %q, %s", password, neturl.QueryEscape(
				at.postgres.Password)))
			if said := at.explain(inside).Error(); strings.Contains(said, core) {
				t.Errorf("a driver's error says %s", said)
			}
		}
	})
}

// TestNoPassword holds that what cannot be reached does not tell the password.
func TestNoPassword(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_, err := Open(ctx, located(t, "postgres://user:s3cret@127.0.0.1:1/s3cret?connect_timeout=2"))
	if err == nil || strings.Contains(err.Error(), "user:s3cret") ||
		strings.Contains(strings.ReplaceAll(err.Error(), "/s3cret", ""), "s3cret") {
		t.Errorf("got %v", err)
	}
}
