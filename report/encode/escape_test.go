// SPDX-License-Identifier: Apache-2.0

package encode

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/complytime/pataudit/report/reporttest"
)

var command = regexp.MustCompile(`##\[|"::`)

func checkEscape(t *testing.T, s string) {
	t.Helper()
	in, err := json.Marshal(map[string]string{s: s})
	if err != nil {
		t.Fatal(err)
	}
	got := escape(nil, in)
	if strings.ContainsFunc(string(got), reporttest.Hidden) || command.Match(got) {
		t.Errorf("escape(%s) = %s", in, got)
	}
	var before, after map[string]string
	if err := json.Unmarshal(in, &before); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(got, &after); err != nil {
		t.Fatalf("%s: %v", got, err)
	}
	for key, value := range before {
		if after[key] != value {
			t.Errorf("%q became %q", value, after[key])
		}
	}
}

func TestEscape(t *testing.T) {
	for _, s := range reporttest.Payloads {
		checkEscape(t, s)
	}
	in := "\"\u202e \U000e0041 ##[ é 日\": \"::x\""
	want := `"\u202e \udb40\udc41 \u0023#[ é 日": "\u003a:x"`
	if got := string(escape(nil, []byte(in))); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func FuzzEscape(f *testing.F) {
	for _, s := range reporttest.Payloads {
		f.Add(s)
	}
	f.Fuzz(checkEscape)
}
