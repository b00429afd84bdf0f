// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// TestColumns holds that no value of COLUMNS takes the verdict or the memory away.
func TestColumns(t *testing.T) {
	t.Chdir(t.TempDir())
	collected(t, "evidence.json", `{"organizations": [{"grants": [
		{"id": 1, "token_id": 70001, "token_name": "release", "token_expires_at": null},
		{"id": 2, "token_id": 70002, "repository_selection": "all"}
	]}]}`)
	columns := rapid.OneOf(
		rapid.SampledFrom([]string{
			"", "0", "1", "-1", "100000000", "99999999999", "9223372036854775807", "1e9", "abc", " 80",
		}),
		rapid.Custom(func(t *rapid.T) string {
			return strings.Repeat("9", rapid.IntRange(1, 20).Draw(t, "digits"))
		}),
	)
	rapid.Check(t, func(rt *rapid.T) {
		t.Setenv("COLUMNS", columns.Draw(rt, "COLUMNS"))
		code, screen, why := typed(t, "audit", "--from", "evidence.json")
		if code != 3 || !strings.Contains(screen, "VIOLATIONS") || why != "" {
			rt.Fatalf("exit %d: %s%s", code, screen, why)
		}
		for line := range strings.Lines(screen) {
			if n := utf8.RuneCountInString(line); n > 1001 {
				rt.Fatalf("a line of %d letters", n)
			}
		}
	})
}
