// SPDX-License-Identifier: Apache-2.0

package github

import (
	"math/big"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
)

const goodGrant = `{"id": 25381, "owner": {"login": "octocat", "id": 1, "type": "User"},
	"repository_selection": "subset", "permissions": {"repository": {"metadata": "read",
	"contents": "write"}, "organization": {}, "other": {}},
	"access_granted_at": "2023-05-16T08:47:09.000-07:00", "token_id": 98716,
	"token_name": "ci-publish", "token_expired": false,
	"token_expires_at": "2023-11-16T08:47:09.000-07:00", "token_last_used_at": null, "new": [1]}`

// with returns goodGrant with one member replaced, or removed if value is "".
func with(key, value string) string {
	var members []string
	depth, start := 0, 1
	body := goodGrant
	for i := 1; i < len(body); i++ {
		switch c := body[i]; {
		case c == '{' || c == '[':
			depth++
		case depth > 0 && (c == '}' || c == ']'):
			depth--
		case depth == 0 && (c == ',' || c == '}'):
			member := strings.TrimSpace(body[start:i])
			if !strings.HasPrefix(member, `"`+key+`"`) {
				members = append(members, member)
			}
			start = i + 1
		}
	}
	if value != "" {
		members = append(members, `"`+key+`": `+value)
	}
	return "{" + strings.Join(members, ", ") + "}"
}

var allFacts = audit.FactSelection | audit.FactPermissions | audit.FactGranted | audit.FactExpiry |
	audit.FactLastUsed | audit.FactOwner

func TestGrantFacts(t *testing.T) {
	date := time.Date(2023, 6, 1, 0, 0, 0, 0, time.UTC)
	const selection, permissions = audit.FactSelection, audit.FactPermissions
	const expiry, used, owner = audit.FactExpiry, audit.FactLastUsed, audit.FactOwner
	tests := []struct {
		key, value string
		unknown    audit.Facts
		doubt      bool
	}{
		{"new", "7", 0, false},
		{"repository_selection", "", selection, false},
		{"repository_selection", "null", selection, false},
		{"repository_selection", `""`, selection, false},
		{"repository_selection", `"ALL"`, selection, false},
		{"repository_selection", `"future"`, selection, false},
		{"Repository_Selection", `"none"`, 0, false}, // a variant is another key
		{"permissions", "", permissions, false},
		{"permissions", "null", permissions, false},
		{"permissions", "[]", permissions, false},
		{"permissions", `{"repository": null}`, permissions, false},
		{"permissions", `{"repository": "write"}`, permissions, false},
		{"permissions", "{}", 0, false},
		{"permissions", `{"repository": {"contents": null, "issues": 7}}`, 0, false},
		{"owner", "", owner, false},
		{"owner", "null", owner, false},
		{"owner", `{"login": "x"}`, owner, false},
		{"owner", `{"login": "", "id": 1}`, owner, false},
		{"owner", `{"login": "x", "id": 1.5}`, owner, false},
		{"token_expired", "", expiry, false},
		{"token_expired", "null", expiry, false},
		{"token_expired", `"false"`, expiry, false},
		{"token_expires_at", "", expiry, false},
		{"token_expires_at", "null", 0, false},
		{"token_expires_at", "0", expiry, false},
		{"token_expires_at", `"0001-01-01T00:00:00Z"`, expiry, false},
		{"token_expires_at", `"2026-02-29T00:00:00Z"`, expiry, false},
		{"token_expires_at", `"2026-02-28T23:59:60Z"`, expiry, false},
		{"token_expires_at", `"10000-01-01T00:00:00Z"`, expiry, false},
		{"token_expires_at", `"9999-12-31T23:59:59-12:00"`, expiry, false},
		{"token_expires_at", `"9999-12-31T00:00:00Z"`, 0, false},
		{"token_expires_at", `"2023-11-16 08:47:09 UTC"`, 0, false},
		{"token_expires_at", `"2023-11-16T08:47:09+14:00"`, 0, false},
		{"token_expires_at", `"2023-05-31T23:56:00Z"`, 0, false}, // within five minutes
		{"token_expires_at", `"2023-05-31T23:55:00Z"`, 0, false},
		{"token_expires_at", `"2023-05-31T23:54:59Z"`, expiry, true},
		{"token_expired", "true", expiry, true}, // yet expires in the future
		{"token_last_used_at", "", used, false},
		{"token_last_used_at", `"2023-06-01T00:05:00Z"`, 0, false},
		{"token_last_used_at", `"2023-06-01T00:05:01Z"`, used, true},
		{"access_granted_at", `"2023-06-01T00:05:00Z"`, 0, false},
		{"access_granted_at", `"2023-06-01T00:05:01Z"`, audit.FactGranted, true},
		{"token_last_used_at", `"2023-06-01T00:06:00Z"`, used, true},
		{"access_granted_at", "null", audit.FactGranted, false},
		{"token_id", "null", 0, false},
		{"token_name", "null", 0, false},
	}
	for _, test := range tests {
		t.Run(test.key+"="+test.value, func(t *testing.T) {
			decoded, err := newDecoder().grants([]byte("["+with(test.key, test.value)+"]"), date)
			if err != nil {
				t.Fatal(err)
			}
			known := decoded[0].token.Known &^ audit.FactRepositories
			if known != allFacts&^test.unknown {
				t.Errorf("known: %v; want all but %v", known, test.unknown)
			}
			if (decoded[0].doubt != "") != test.doubt {
				t.Errorf("doubt %q", decoded[0].doubt)
			}
		})
	}
}

// TestExpiredSoon holds that an expired grant may expire up to five minutes after GitHub's clock.
func TestExpiredSoon(t *testing.T) {
	date := time.Date(2023, 6, 1, 0, 0, 0, 0, time.UTC)
	for at, doubted := range map[string]bool{
		"2023-06-01T00:05:00Z": false, "2023-06-01T00:05:01Z": true,
	} {
		record := `[{"id": 1, "token_expired": true, "token_expires_at": "` + at + `"}]`
		decoded, err := newDecoder().grants([]byte(record), date)
		if err != nil {
			t.Fatal(err)
		}
		if got := decoded[0]; (got.doubt != "") != doubted || got.token.Expired == doubted {
			t.Errorf("%s: doubt %q, expired %t", at, got.doubt, got.token.Expired)
		}
	}
}

// TestTokenID holds that a token's id is what GitHub sent, or unknown: never another number.
func TestTokenID(t *testing.T) {
	number := rapid.OneOf(
		rapid.StringMatching(`-?(0|[1-9][0-9]{0,25})(\.[0-9])?(e[0-9])?`),
		rapid.SampledFrom([]string{"9223372036854775807", "9223372036854775808", "null", `"7"`, ""}),
	)
	rapid.Check(t, func(t *rapid.T) {
		sent := number.Draw(t, "token_id")
		got, err := newDecoder().grants([]byte("["+with("token_id", sent)+"]"), time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		id := got[0].token.TokenID
		exact, valid := new(big.Int).SetString(sent, 10)
		if valid = valid && exact.Sign() > 0 && exact.IsInt64(); !valid {
			exact = new(big.Int)
		}
		if id != exact.Int64() {
			t.Errorf("%s is read as %d", sent, id)
		}
	})
}

func TestGrantsRefused(t *testing.T) {
	for _, body := range []string{
		"", "null", "{}", `{"message": "x"}`, "[null]", "[{}]", "[[]]", "[[1]]", "[1]", "[",
		"[" + goodGrant,
		"[" + goodGrant + "] x", "[" + goodGrant + "][]",
		"[" + with("id", "") + "]", "[" + with("id", "0") + "]", "[" + with("id", "-1") + "]",
		"[" + with("id", "1.0") + "]", "[" + with("id", "1e3") + "]", "[" + with("id", `"1"`) + "]",
		"[" + with("id", "9223372036854775808") + "]", "[" + with("id", "true") + "]",
		`[{"id": 1, "id": 2}]`, `[{"id": 1, "permissions": {}, "permissions": {}}]`,
		strings.Repeat("[", 100_000),
	} {
		if grants, err := newDecoder().grants([]byte(body), time.Time{}); err == nil {
			t.Errorf("%.60q gave %d grants", body, len(grants))
		}
	}
}

func TestGrantValues(t *testing.T) {
	const big = `9007199254740993` // no float64 has it
	body := "[" + with("id", big) + "," + with("token_name", `"a\ud800b`+"\xff"+`"`) + "]"
	decoded, err := newDecoder().grants([]byte(body), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if id := decoded[0].token.ID; id != 9007199254740993 {
		t.Errorf("id %d", id)
	}
	if name := decoded[1].token.Name; name != "a\ufffdb\ufffd" {
		t.Errorf("name %q", name)
	}
	first, second := decoded[0].token, decoded[1].token
	if first.Owner != second.Owner {
		t.Error("one owner became two")
	}
	if want := time.Date(2023, 5, 16, 15, 47, 9, 0, time.UTC); !first.GrantedAt.Equal(want) {
		t.Errorf("granted %v", first.GrantedAt)
	}
	if len(first.Permissions) != 2 || first.Permissions[0].String() != "repository:contents:write" {
		t.Errorf("permissions %v", first.Permissions)
	}
}

func FuzzDecodePage(f *testing.F) {
	f.Add([]byte("[" + goodGrant + "]"))
	f.Add([]byte("[" + with("permissions", `{"enterprise": {"x": "y"}}`) + "]"))
	f.Fuzz(func(t *testing.T, body []byte) {
		decoded, err := newDecoder().grants(body, time.Time{})
		if err != nil {
			return
		}
		for _, g := range decoded {
			if g.token.ID <= 0 {
				t.Errorf("id %d", g.token.ID)
			}
			if g.token.ExpiresAt.Year() > 9999 {
				t.Errorf("expires %v", g.token.ExpiresAt)
			}
		}
	})
}
