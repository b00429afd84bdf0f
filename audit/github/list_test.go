// SPDX-License-Identifier: Apache-2.0

package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
)

func listed(ctx context.Context, text string) ([]*audit.Token, error) {
	list := &List{Login: "acme", Name: "list.json", R: strings.NewReader(text)}
	e, err := list.Collect(ctx)
	if err != nil {
		return nil, err
	}
	return e.Tokens, nil
}

// grantValues are what the keys of a drawn grant have, apart from its id.
var grantValues = map[string][]string{
	"token_id": {
		"7", "0", "-1", "-0", "1.0", "1e3", "9223372036854775807", "9223372036854775808", "null",
		`"7"`, "true", "[7]", `{"id":7}`,
	},
	"token_name": {
		`"ci"`, `""`, `"\u0063i"`, `"c\u0069"`, `"\\\""`, `"\ud800x"`, `"\ud83d\ude00"`, `"\t/"`,
		"\"\u00e9\u2028\"", "\"a\xff\"", "\"\xff\\n\"", "null", "7", `["ci"]`,
	},
	"owner": {
		`{"id":3,"login":"ann"}`, `{"login":"\u0061nn","x":{"id":4},"id":3}`, `{"id":0,"login":"ann"}`,
		`{"id":-3,"login":"ann"}`, `{"id":3,"login":""}`, `{"id":3}`, `{"login":"ann"}`,
		`{"id":3.0,"login":"ann"}`, `{"ID":3,"Login":"ann"}`, "null", `"ann"`, "[]",
	},
	"repository_selection": {`"none"`, `"all"`, `"subset"`, `"\u0061ll"`, `"ALL"`, `""`, "null", "1"},
	"permissions": {
		`{"repository":{"contents":"write","metadata":"read"},"other":{}}`,
		`{"repository":{"metadata":"read","contents":"write"}}`, `{"a":{"b":null,"c":7,"d":true}}`,
		`{"repository":{"content\u0073":"writ\u0065"}}`, `{"repository":null}`, `{"repository":[]}`,
		"{}", "null", "[]", `"write"`,
	},
	"access_granted_at":  dateValues,
	"token_expires_at":   dateValues,
	"token_last_used_at": dateValues,
	"token_expired":      {"true", "false", "null", `"true"`, "1"},
	"reason":             {"null", `"nightly"`, `"\n"`, "7"},
	"ID":                 {"4711"},
	"\\u0065xtra":        {`{"id":[{"token_id":1},"\\"]}`, "1e999", `"]"`},
}

var dateValues = []string{
	`"2026-11-22T06:00:00Z"`, `"2026-11-22T06:00:00.5+02:00"`, `"2026-11-22 06:00:00 UTC"`,
	`"\u0032026-11-22T06:00:00Z"`, `"1970-01-01T00:00:00Z"`, `"1969-12-31T23:59:59Z"`,
	`"9999-12-31T23:59:59Z"`, `"9999-12-31T23:59:59-01:00"`, `"2026-02-30T00:00:00Z"`,
	`"2026-11-22"`, `""`, "null", "1763791200",
}

// TestListAsEncodingJSON holds that a list of grants is read as encoding/json has its values,
// however it is parted into arrays.
func TestListAsEncodingJSON(t *testing.T) {
	space := rapid.SampledFrom([]string{"", " ", "\n", "\t\r\n"})
	rapid.Check(t, func(t *rapid.T) {
		var records []string
		for id := range rapid.IntRange(0, 5).Draw(t, "grants") {
			keys := []string{"id"}
			for _, key := range slices.Sorted(maps.Keys(grantValues)) {
				if rapid.IntRange(0, 3).Draw(t, key+" is there") > 0 {
					keys = append(keys, key)
				}
			}
			if !slices.Contains(keys, "token_id") {
				keys = append(keys, "token_id") // by which it is a grant
			}
			if !slices.Contains(keys, "access_granted_at") {
				keys = append(keys, "access_granted_at")
			}
			var members []string
			for _, key := range rapid.Permutation(keys).Draw(t, "keys") {
				value := fmt.Sprint(id + 1)
				if key != "id" {
					value = rapid.SampledFrom(grantValues[key]).Draw(t, key)
				}
				gap := space.Draw(t, "space")
				members = append(members, `"`+key+`"`+gap+":"+value+gap)
			}
			records = append(records, "{"+strings.Join(members, ",")+"}")
		}
		var arrays []string
		for len(records) > 0 {
			n := rapid.IntRange(0, len(records)).Draw(t, "in one array")
			arrays = append(arrays, "["+strings.Join(records[:n], space.Draw(t, "space")+",")+"]")
			records = records[n:]
		}
		arrays = append(arrays, "[]")
		text := space.Draw(t, "space") + strings.Join(arrays, space.Draw(t, "space"))
		if rapid.Bool().Draw(t, "slurped") {
			text = "[" + strings.Join(arrays, ",") + "]" + space.Draw(t, "space")
		}
		got, err := listed(t.Context(), text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if diff := cmp.Diff(wantedTokens(t, text), got); diff != "" {
			t.Fatalf("%s (-want +got):\n%s", text, diff)
		}
	})
}

// wantedTokens reads a list by encoding/json.
func wantedTokens(t *rapid.T, text string) (tokens []*audit.Token) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var add func(value any)
	add = func(value any) {
		switch value := value.(type) {
		case []any:
			for _, element := range value {
				add(element)
			}
		case map[string]any:
			tokens = append(tokens, wantedToken(value))
		default:
			t.Fatalf("%v in a list", value)
		}
	}
	for {
		var value any
		err := decoder.Decode(&value)
		if errors.Is(err, io.EOF) {
			return tokens
		}
		if err != nil {
			t.Fatal(err)
		}
		add(value)
	}
}

func wantedToken(record map[string]any) *audit.Token {
	t := &audit.Token{ID: wantedID(record["id"]), TokenID: wantedID(record["token_id"])}
	t.Name, _ = record["token_name"].(string)
	know := func(fact audit.Facts, known bool) {
		if known {
			t.Known |= fact
		}
	}
	owner, _ := record["owner"].(map[string]any)
	login, _ := owner["login"].(string)
	if id := wantedID(owner["id"]); id > 0 && login != "" {
		t.Owner = &audit.Member{ID: id, Login: login}
	}
	know(audit.FactOwner, t.Owner != nil)
	selection, _ := record["repository_selection"].(string)
	t.Selection = audit.Selection(selection)
	know(audit.FactSelection, slices.Contains([]string{"none", "all", "subset"}, selection))
	know(audit.FactRepositories, selection == "none" || selection == "all")
	t.Permissions = wantedPermissions(record["permissions"])
	know(audit.FactPermissions, t.Permissions != nil)
	granted, _ := wantedDate(record, "access_granted_at")
	t.GrantedAt = granted
	know(audit.FactGranted, !granted.IsZero())
	expired, said := record["token_expired"].(bool)
	if at, known := wantedDate(record, "token_expires_at"); said && known {
		t.Expired, t.ExpiresAt = expired, at
		know(audit.FactExpiry, true)
	}
	used, known := wantedDate(record, "token_last_used_at")
	t.LastUsedAt = used
	know(audit.FactLastUsed, known)
	reason, there := record["reason"]
	_, text := reason.(string)
	know(audit.FactReason, there && (text || reason == nil))
	return t
}

// wantedID returns a positive integer that an int64 has; 0 for everything else.
func wantedID(value any) int64 {
	number, _ := value.(json.Number)
	n, integer := new(big.Int).SetString(number.String(), 10)
	if !integer || !n.IsInt64() || n.Sign() < 0 {
		return 0
	}
	return n.Int64()
}

func wantedPermissions(value any) []audit.Permission {
	groups, is := value.(map[string]any)
	if !is {
		return nil
	}
	permissions := []audit.Permission{}
	for group, value := range groups {
		levels, is := value.(map[string]any)
		if !is {
			return nil
		}
		for name, value := range levels {
			level, is := value.(string)
			if !is {
				text, _ := json.Marshal(value)
				level = string(text)
			}
			permissions = append(permissions, audit.Permission{Group: group, Name: name, Level: level})
		}
	}
	slices.SortFunc(permissions, audit.ComparePermissions)
	return permissions
}

// wantedDate returns a date, and whether it is known: null is, absent is not.
func wantedDate(record map[string]any, key string) (time.Time, bool) {
	value, there := record[key]
	text, _ := value.(string)
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		at, err = time.Parse("2006-01-02 15:04:05 UTC", text)
	}
	if at = at.UTC(); err != nil || at.Year() < 1970 || at.Year() > 9999 {
		return time.Time{}, there && value == nil
	}
	return at, true
}

// TestListRefused holds that what is no list of grants is refused, with its line and place.
func TestListRefused(t *testing.T) {
	other := func(member string) string { return `[{"id": 1, ` + member + `}]` }
	for text, want := range map[string]string{
		"":                                   "list.json:1: the file is empty",
		"\n\n":                               "list.json:1: the file is empty",
		"null":                               "list.json:1: null is no grant",
		"7":                                  "list.json:1: a number is no grant",
		"[null]":                             `list.json:1: "/0": null is no grant`,
		`[[{"id":1,"token_id":1}],"x"]`:      `list.json:1: "/1": a text is no grant`,
		"[\n[\n[":                            `list.json:2: "/0": an array within an array of arrays`,
		"{}":                                 "list.json:1: this is neither a snapshot nor a list",
		`{"message": "Not Found"}`:           `GitHub's answer "Not Found"`,
		"[]\n{}":                             "list.json:2: this is neither a snapshot nor a list",
		"[] x":                               "list.json:1: ",
		"[":                                  "list.json:1: ",
		"[" + goodGrant:                      "list.json:6: ",
		"[" + goodGrant + "]]":               "list.json:6: ",
		"[" + goodGrant + ",]":               "list.json:6: ",
		"[" + goodGrant + goodGrant:          "list.json:6: ",
		"[" + with("id", "1e3") + "]":        `id 1e3 is not a positive integer`,
		`[{"id": 1, "id": 1}]`:               `list.json:1: "/0/id": `,
		`[{"id": 1, "x": {"a": 1, "a": 1}}]`: `"/0/x/a": `,
		`[{"id": 1, "\u0069d": 1}]`:          `"/0/id": `,
		other(`"full_name": "a/b"`):          "a list of repositories",
		other(`"login": "ann"`):              "a list of people or organizations",
		other(`"app_id": 1`):                 "a list of installations of Apps",
		other(`"created_at": "x"`):           "a list of pending requests for tokens",
		other(`"reason": null`):              "a list of pending requests for tokens",
		other(`"x": 1`):                      "a list of something else than tokens",
	} {
		if tokens, err := listed(t.Context(), text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %d tokens, %v; want %s", text, len(tokens), err, want)
		}
	}
}

// TestListTwice holds that a grant that comes twice is one, and puts the list in doubt if it is
// not twice the same.
func TestListTwice(t *testing.T) {
	for text, want := range map[string]audit.CoverageStatus{
		"[" + goodGrant + "][" + goodGrant + "]":                    audit.Unverified,
		"[" + goodGrant + "," + with("token_name", `"other"`) + "]": audit.Partial,
	} {
		list := &List{Login: "acme", Name: "list.json", R: strings.NewReader(text)}
		e, err := list.Collect(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if got := e.Coverage[0].Status; got != want || len(e.Tokens) != 1 || len(e.Dropped) != 1 {
			t.Errorf("%s: %s, %d tokens, %d dropped", text, got, len(e.Tokens), len(e.Dropped))
		}
	}
}
