// SPDX-License-Identifier: Apache-2.0

package github

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit/github/api"
)

// tagged is a wireGrant for the library to read by its tags.
type tagged struct {
	ID          jsontext.Value `json:"id"`
	TokenID     jsontext.Value `json:"token_id"`
	Name        jsontext.Value `json:"token_name"`
	Owner       jsontext.Value `json:"owner"`
	Selection   jsontext.Value `json:"repository_selection"`
	Permissions jsontext.Value `json:"permissions"`
	GrantedAt   jsontext.Value `json:"access_granted_at"`
	Expired     jsontext.Value `json:"token_expired"`
	ExpiresAt   jsontext.Value `json:"token_expires_at"`
	LastUsedAt  jsontext.Value `json:"token_last_used_at"`
	Reason      jsontext.Value `json:"reason"`
	CreatedAt   jsontext.Value `json:"created_at"`
	Login       jsontext.Value `json:"login"`
	FullName    jsontext.Value `json:"full_name"`
	AppID       jsontext.Value `json:"app_id"`
}

// TestRecordAsByTags holds that records are read and refused as the library does by tags, also one
// after another into the same memory.
func TestRecordAsByTags(t *testing.T) {
	keys := []string{"other", "ID", "\\ud800", "\\u0069d", "Owner", "id ", ""}
	for field := range reflect.TypeFor[tagged]().Fields() {
		keys = append(keys, field.Tag.Get("json"))
	}
	value := rapid.SampledFrom([]string{
		"1", "null", "true", `"text"`, `"\ud800\n"`, "\"\xff\"", `{"a":{"b":[1,{}]}}`, "[1,[2]]",
		`{"a":1,"a":2}`, `{"a":1`, "tru", "01", `"`, "",
	})
	member := rapid.Custom(func(t *rapid.T) string {
		return `"` + rapid.SampledFrom(keys).Draw(t, "key") + `":` + value.Draw(t, "value")
	})
	record := rapid.Custom(func(t *rapid.T) string {
		return "{" + strings.Join(rapid.SliceOfN(member, 0, 6).Draw(t, "members"), ",") + "}"
	})
	var got wireGrant
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(record, record, record, value).Draw(t, "record")
		var want tagged
		wanted := json.Unmarshal([]byte(text), &want, api.Strict)
		err := json.Unmarshal([]byte(text), &got, api.Strict)
		if text == "null" {
			return // by tags, that is no record, which those who read pages find themselves
		}
		if (err == nil) != (wanted == nil) {
			t.Fatalf("%s: %v; by tags %v", text, err, wanted)
		}
		for field := range reflect.TypeFor[tagged]().Fields() {
			value := func(of any) string {
				return fmt.Sprint(reflect.ValueOf(of).FieldByName(field.Name))
			}
			if err == nil && value(got) != value(want) {
				t.Errorf("%s: %s is %s; by tags %s", text, field.Name, value(got), value(want))
			}
		}
	})
}

// TestMomentAsParsed holds that a date is what time.Parse has it to be.
func TestMomentAsParsed(t *testing.T) {
	digits := rapid.StringMatching(
		`(1969|1970|20[0-9]{2}|9999)-[0-2]?[0-9]-[0-3]?[0-9][Tt ][0-2]?[0-9]:` +
			`[0-6]?[0-9]:[0-6]?[0-9]([.,][0-9]{1,10})?(Z|z| UTC|[+-][0-2][0-9]:[0-6][0-9])?`)
	rapid.Check(t, func(t *rapid.T) {
		s := digits.Draw(t, "date")
		want, err := time.Parse(time.RFC3339, s)
		if err != nil {
			want, err = time.Parse("2006-01-02 15:04:05 UTC", s)
		}
		want = want.UTC()
		valid := err == nil && want.Year() >= 1970 && want.Year() <= 9999
		sent := s
		if rapid.Bool().Draw(t, "escaped") {
			sent = fmt.Sprintf(`\u%04x`, s[0]) + s[1:]
		}
		if got, ok := moment(jsontext.Value(`"` + sent + `"`)); ok != valid || ok && got != want {
			t.Errorf("%q: %v, %v; want %v, %v", s, got, ok, want, valid)
		}
	})
}
