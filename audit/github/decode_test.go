// SPDX-License-Identifier: Apache-2.0

package github

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestMisfits holds that an answer of another form is named in people's words.
func TestMisfits(t *testing.T) {
	const isNot = "this is not a list of people "
	for body, want := range map[string]string{
		`{"message": "Not Found"}`:     isNot + `but GitHub's answer "Not Found"`,
		`{"items": []}`:                isNot + "but an object",
		`"x"`:                          isNot + "but a text",
		`null`:                         isNot + "but null",
		`false`:                        isNot + "but true or false",
		`[{"id": 1, "login": "a"}, 1]`: isNot + "where record 2 is a number",
		`[{"login": 5}]`:               isNot + "where login of record 1 is a number",
		`[{"id": 1.5}]`:                isNot + "where id of record 1 is a number that cannot be",
		`[{"id": "1"}]`:                isNot + "where id of record 1 is a text",
	} {
		if _, err := decodePeople([]byte(body), time.Time{}); fmt.Sprint(err) != want {
			t.Errorf("%s: %v, want %s", body, err, want)
		}
	}
	if _, err := newDecoder().grants([]byte(`[[1]]`), time.Time{}); fmt.Sprint(err) !=
		"this is not a list of grants in record 1: a list is no grant" {
		t.Error(err)
	}
}

// TestMisfitsNameNoType holds that no error of a list names the types of this program.
func TestMisfitsNameNoType(t *testing.T) {
	scalar := rapid.SampledFrom([]string{
		`1`, `1.5`, `1e99`, `"a"`, `true`, `null`, `[]`, `{}`, `[1]`,
	})
	rapid.Check(t, func(t *rapid.T) {
		var records []string
		for range rapid.IntRange(0, 3).Draw(t, "records") {
			var fields []string
			for _, key := range []string{
				"id", "login", "full_name", "private", "owner", "account", "permissions", "action",
			} {
				if rapid.Bool().Draw(t, key) {
					fields = append(fields, fmt.Sprintf("%q: %s", key, scalar.Draw(t, "value")))
				}
			}
			records = append(records, rapid.SampledFrom([]string{
				"{" + strings.Join(fields, ", ") + "}", scalar.Draw(t, "record"),
			}).Draw(t, "form"))
		}
		body := []byte("[" + strings.Join(records, ", ") + "]")
		if rapid.Bool().Draw(t, "bare") {
			body = []byte(scalar.Draw(t, "body"))
		}
		var errs [4]error
		_, errs[0] = newDecoder().grants(body, time.Time{})
		_, errs[1] = decodePeople(body, time.Time{})
		_, errs[2] = recordsOf[*wireInstallation](body, "installations")
		_, errs[3] = recordsOf[*wireRepository](body, "repositories")
		for _, err := range errs {
			if text := fmt.Sprint(err); strings.Contains(text, "Go ") ||
				strings.Contains(text, "github.") || strings.Contains(text, "unmarshal") {
				t.Fatalf("%s: %v", body, err)
			}
		}
	})
}
