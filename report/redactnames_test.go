// SPDX-License-Identifier: Apache-2.0

package report

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestNames(t *testing.T) {
	var n names
	for _, name := range []string{"zlogin-boss", "[bot] Deploy Key", "Öl", "a", "***", ""} {
		n.add(name)
	}
	for text, told := range map[string]bool{
		"as Zlogin-BOSS wants it":  true,
		"for-zlogin-boss":          true,
		"“zlogin-boss”":            true,
		"x_zlogin-boss_y":          true,
		"zlogin-boss":              true,
		"zlogin-bossy, zlogin":     false,
		"zlogin boss":              false,
		"the [bot] deploy key's":   true,
		"bot] deploy keys":         false,
		"kein Erdöl":               false,
		"kein öl!":                 true,
		"a":                        true,
		"ab *** ba":                false,
		"":                         false,
		"zlogin-zlogin-boss-later": true,
	} {
		if got := n.in(text); got != told {
			t.Errorf("%q: %v", text, got)
		}
	}
	if (&names{}).in("a text") {
		t.Error("no name is told")
	}
}

// TestNamesMany holds that a text costs the same however many names there are, though all of them
// begin alike.
func TestNamesMany(t *testing.T) {
	var n names
	for i := range 100_000 {
		n.add("deploy-" + strconv.Itoa(i) + "-of-a-team")
	}
	text := strings.Repeat("deploy-1-of-another-team ", 8)
	begun := time.Now()
	for range 100_000 {
		if n.in(text) {
			t.Fatal("told")
		}
	}
	if took := time.Since(begun); took > time.Minute {
		t.Errorf("took %v", took)
	}
}
