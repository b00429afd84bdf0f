// SPDX-License-Identifier: Apache-2.0

package history

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
)

// TestLegible: what a terminal would obey, or would not show, is not printed; and there is no such
// thing in what pataudit keeps, whatever a file said.
func TestLegible(t *testing.T) {
	for _, text := range []string{
		"a: \x1b]0;owned\x07", "a: \x1b[31m", "a\rb", "a: \u202eb", "a: \u200b", "\xff", "a\x00",
	} {
		if legible([]byte(text)) {
			t.Errorf("%q is printed", text)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringN(0, 12, -1)
		file := policy.FormatRegistry(&audit.Registry{Owners: []*audit.Registration{{
			Login: word.Draw(t, "login"), Kind: audit.Bot, Team: word.Draw(t, "team"),
			Contact: word.Draw(t, "contact"), Service: word.Draw(t, "service"),
		}}})
		if !legible(file) {
			t.Fatalf("%q is not printed", file)
		}
	})
}
