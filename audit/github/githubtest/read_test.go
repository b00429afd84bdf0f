// SPDX-License-Identifier: Apache-2.0

package githubtest_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit/github/githubtest"
)

// record serves a single grant and gives its JSON without the owner's many links.
func record(t *testing.T, organization string) (string, map[string]any) {
	t.Helper()
	s, _ := serve(t, world(organization))
	body := expect(t, do(t, s, "GET "+listed), 200, "")
	var list []map[string]any
	if err := json.Unmarshal(body, &list); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return strings.Trim(string(body), "[]"), list[len(list)-1]
}

func TestGrant(t *testing.T) {
	text, clean := record(t, `{"grants": [{}]}`)
	for _, part := range []string{
		`{"id":25001,"owner":{"login":"octocat","id":`, `"repository_selection":"subset"`,
		`"repositories_url":"http://api.test/organizations/652551/personal-access-tokens/25001/rep`,
		`"permissions":{"repository":{"contents":"write","metadata":"read","pull_requests":"write"}}`,
		`"access_granted_at":"2026-11-02T06:00:00Z","token_id":95001,"token_name":"docs-sync-25001"`,
		`"token_expired":false,"token_expires_at":"2027-01-21T06:00:00Z","token_last_used_at":"2026`,
	} {
		if !strings.Contains(text, part) {
			t.Errorf("no %s\nin %s", part, text)
		}
	}
	if len(text) < 1200 || len(text) > 1800 {
		t.Errorf("a grant is %d bytes, GitHub's about 1500", len(text))
	}
	for _, test := range []struct{ grant, part, not string }{
		{`{"token_name": "a<b"}`, `"token_name":"a<b"`, ""},
		{`{"token_expires_at": null}`, `"token_expires_at":null`, ""},
		{`{"token_expired": true}`, `"token_expired":true,"token_expires_at":null`, ""},
		{`{"token_expired": true, "token_expires_at": "+1d"}`, `"token_expires_at":"2026-11-23T`, ""},
		{`{"access_granted_at": "-36h"}`, `"access_granted_at":"2026-11-20T18:00:00Z"`, ""},
		{`{"owner": null}`, `"owner":null`, ""},
		{`{"token_name": null}`, `"token_name":null`, ""},
		{`{"omit": ["token_id", "owner"]}`, `"token_name"`, `"token_id"`},
		{`{"set": {"id": 1.5, "future": [1]}}`, `{"id":1.5,`, `"id":25001,`},
		{`{"set": {"future": [1]}}`, `,"future":[1]}`, ""},
		{
			`{"permissions": "organization/members:read"}`,
			`"permissions":{"organization":{"members":"read"}}`, "",
		},
		{`{"permissions": "secrets:write"}`, `{"metadata":"read","secrets":"write"}`, ""},
		{`{"permissions": {}}`, `"permissions":{}`, ""},
	} {
		text, _ := record(t, `{"grants": [`+test.grant+`]}`)
		if !strings.Contains(text, test.part) || test.not != "" && strings.Contains(text, test.not) {
			t.Errorf("%s gives\n%s\nwant %s and not %s", test.grant, text, test.part, test.not)
		}
	}
	if len(clean) != 11 {
		t.Errorf("a grant has %d keys, want 11: %v", len(clean), clean)
	}
}

// TestRaw serves records byte for byte, with what no JSON encoder would write.
func TestRaw(t *testing.T) {
	raw := `{"id": 7, "id":8,  "token_name":"\ud800 \u001b[2J"}`
	s, _ := serve(t, world(`{"grants": [{}], "raw_grants": [`+raw+`, null, [1]]}`))
	expect(t, do(t, s, "GET "+listed+"?direction=asc"), 200, `},`+raw+`,null,[1]]`)
	expect(t, do(t, s, "GET "+listed+"/8/repositories"), 200, `"name":"repo-00001"`)
}

func TestReadRefuses(t *testing.T) {
	for _, test := range []struct{ file, part string }{
		{`{}`, "it has no organizations"},
		{`{"organisations": []}`, `unknown field "organisations"`},
		{world(`{"grants": [{"token_nam": 1}]}`), `grants[0]: json: unknown field "token_nam"`},
		{world(`{"members": [{"name": "x"}]}`), `unknown field "name"`},
		{world(`{"grants": [{"access_granted_at": "-x"}]}`), "neither a time nor an offset"},
		{world(`{"grants": [{"access_granted_at": "soon"}]}`), "soon"},
		{world(`{"grants": [{"permissions": "contents"}]}`), "not of the form name:level"},
		{world(`{"grants": [{"repositories": ["nope"]}]}`), `has no repository "nope"`},
		{world(`{"grants": [{"repositories": 13}]}`), "there are 12, not 13"},
		{world(`{}`) + "x", "after the end"},
		{`{"latency": "fast", "organizations": [{}]}`, "fast"},
	} {
		_, err := githubtest.Read(strings.NewReader(test.file), func() time.Time { return start })
		if err == nil || !strings.Contains(err.Error(), test.part) {
			t.Errorf("%s: error %v, want %q", test.file, err, test.part)
		}
	}
	if _, err := githubtest.Read(strings.NewReader(world(`{}`)), nil); err == nil {
		t.Error("a world without a clock was read")
	}
	fixed, err := githubtest.Read(strings.NewReader(
		`{"now": "2026-01-02T03:04:05Z", "organizations": [{}]}`), nil)
	if err != nil || fixed.Now().Unix() != 1767323045 {
		t.Errorf("fixed clock: %v", err)
	}
}

// TestOrganizations reads every organization that scripts use, and lists its tokens.
func TestOrganizations(t *testing.T) {
	files, err := filepath.Glob("../../../testdata/organizations/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			file, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			s, _ := serve(t, string(file))
			s.Change(func(w *githubtest.World) { w.Faults = nil })
			expect(t, do(t, s, "GET "+listed+"?per_page=100"), 200, "[{")
		})
	}
}

func TestSample(t *testing.T) {
	w := githubtest.Sample(start)
	o := w.Organization("complytime")
	owners, expired := map[string]bool{}, 0
	for i, g := range o.Grants {
		owners[g.Owner] = true
		if g.Expired {
			expired++
		}
		if i > 0 && g.GrantedAt.Before(o.Grants[i-1].GrantedAt) {
			t.Errorf("%s is out of order", g.TokenName)
		}
	}
	admins := 0
	for _, m := range o.Members {
		if m.Role == "admin" {
			admins++
		}
	}
	got := []int{
		len(o.Grants), len(owners), expired, len(o.Members), admins, len(o.Repositories),
		len(o.Requests), int(start.Sub(o.Requests[0].CreatedAt).Hours() / 24),
	}
	for i, want := range []int{60, 23, 9, 41, 3, 38, 4, 12} {
		if got[i] != want {
			t.Errorf("figure %d of the sample is %d, want %d", i, got[i], want)
		}
	}
}
