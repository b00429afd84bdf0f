// SPDX-License-Identifier: Apache-2.0

package letters

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/view"
)

// prefillsOf returns the addresses in a letter that fill in the form.
func prefillsOf(t *testing.T, l *Letter) (forms []*url.URL) {
	t.Helper()
	l.Prefill = true
	for _, found := range regexp.MustCompile(`<(https://[^>]*/new\?[^>]*)>`).FindAllStringSubmatch(
		written(t, l), -1,
	) {
		address, err := url.Parse(found[1])
		if err != nil {
			t.Fatal(err)
		}
		forms = append(forms, address)
	}
	return forms
}

func TestLetterPrefill(t *testing.T) {
	letters, _ := lettersOf(t, reporttest.DecidedDocument())
	forms := prefillsOf(t, letters[0])
	const want = "https://github.com/settings/personal-access-tokens/new?name=release-bot-legacy" +
		"&target_name=complytime&expires_in=90&administration=read&contents=write&metadata=read"
	if len(forms) != 2 || forms[0].String() != want {
		t.Errorf("forms %v, want %s", forms, want)
	}
	text := read(t, letters[0])
	for _, words := range []string{
		"Settings for its replacement: Expiration: at most 90 days", "(contents:write)",
		"GitHub has left out permissions of such links at times",
	} {
		if !strings.Contains(text, words) {
			t.Errorf("does not say %q:\n%s", words, text)
		}
	}
	letters[0].Prefill = false
	if text := read(t, letters[0]); strings.Contains(text, "target_name") {
		t.Errorf("fills in the form unasked:\n%s", text)
	}
}

func TestPrefills(t *testing.T) {
	for host, want := range map[string]bool{
		"github.com": true, "GitHub.com": true, "acme.ghe.com": true, "github.example.com": false,
		"ghe.com": false, "evil.example/.ghe.com": false, "github.com.evil": false,
		"127.0.0.1:443": false,
	} {
		if Prefills(host) != want {
			t.Errorf("Prefills(%q) is not %v", host, want)
		}
	}
	for host, want := range map[string]int{"acme.ghe.com": 2, "github.example.com": 0} {
		d := reporttest.DecidedDocument()
		d.Runs[0].Organization.Host = host
		letters, _ := lettersOf(t, d)
		forms := prefillsOf(t, letters[0])
		if len(forms) != want || want > 0 && forms[0].Host != host {
			t.Errorf("%s: %v", host, forms)
		}
	}
}

// TestPrefillWithinPolicy holds that no form of any letter has more than the policy lets a token
// have, and that a name in it is that of a token.
func TestPrefillWithinPolicy(t *testing.T) {
	forms := 0
	check := func(run *audit.Run, s *audit.Successor) {
		address, err := url.Parse(prefilled(run, s))
		if err != nil {
			t.Fatal(err)
		}
		if address.String() == "" {
			return
		}
		forms++
		query, err := url.ParseQuery(address.RawQuery)
		if err != nil {
			t.Fatal(err)
		}
		for key, values := range query {
			if len(values) != 1 {
				t.Errorf("%s has %q", key, values)
			}
			value := values[0]
			switch key {
			case "name":
				if value != s.Token.Name {
					t.Errorf("name %q, not %q", value, s.Token.Name)
				}
			case "target_name":
				if value != run.Organization.Login {
					t.Errorf("for %q", value)
				}
			case "expires_in":
				if n, err := strconv.Atoi(value); err != nil || n < 1 || n > s.MaxDays || n > 366 {
					t.Errorf("%s of at most %d days", value, s.MaxDays)
				}
			default:
				held := false
				for _, p := range s.Token.Permissions {
					held = held || p.Name == key && p.Level == value
				}
				if !held {
					t.Errorf("%s=%s, of %v", key, value, s.Token.Permissions)
				}
			}
		}
	}
	documents := reporttest.Documents()
	documents["linked"] = reporttest.Document(reporttest.Linked())
	for _, d := range documents {
		for _, run := range d.Runs {
			for r := range view.Both(run) {
				for _, s := range r.Successors() {
					check(run, s)
				}
			}
		}
	}
	run := reporttest.DecidedDocument().Runs[0]
	for _, name := range append(reporttest.Payloads, reporttest.Links...) {
		check(run, &audit.Successor{MaxDays: 4000, Token: &audit.Token{
			Name: name, Known: reporttest.AllFacts, Permissions: []audit.Permission{
				{Group: audit.GroupRepository, Name: "contents", Level: name},
				{Group: audit.GroupRepository, Name: name, Level: audit.LevelRead},
				{Group: name, Name: "contents", Level: audit.LevelRead},
				{Group: audit.GroupOther, Name: "gists", Level: audit.LevelWrite},
				{Group: audit.GroupOrganization, Name: "members", Level: audit.LevelRead},
			},
		}})
	}
	if forms < 150 {
		t.Errorf("%d forms", forms)
	}
}
