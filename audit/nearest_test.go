// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
)

func TestNearest(t *testing.T) {
	formats := []string{"table", "json", "xlsx", "html", "markdown", "csv", "junit", "sarif"}
	for name, want := range map[string]string{
		"jsno": "json", "JSON": "json", "jso": "json", "jsonn": "json", "tabel": "table",
		"markdwon": "markdown", "marcdwon": "markdown", "csb": "csv", "sarf": "sarif",
		"yaml": "", "pdf": "", "": "", "x": "", "text": "", "excel": "",
		strings.Repeat("json", 100): "",
	} {
		if got := audit.Nearest(name, formats); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
	if got := audit.Nearest("abd", []string{"abc", "abe"}); got != "abc" {
		t.Errorf("of two that are as near: %q", got)
	}
	if got := audit.Nearest("a", []string{"b"}); got != "" {
		t.Errorf("nothing in common: %q", got)
	}
}

// TestNearestFindsSlips holds that one slip in a name of four letters or more is found, whatever
// it is, and that nothing is as near as the name itself.
func TestNearestFindsSlips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[a-z_]{4,20}`).Draw(t, "name")
		at := rapid.IntRange(0, len(name)-2).Draw(t, "at")
		slip := rapid.SampledFrom([]string{
			name[:at] + name[at+1:],                                   // missing
			name[:at] + "x" + name[at:],                               // too much
			name[:at] + "x" + name[at+1:],                             // another one
			name[:at] + name[at+1:at+2] + name[at:at+1] + name[at+2:], // swapped
			strings.ToUpper(name[:at]) + name[at:], name,              // no slip at all
		}).Draw(t, "slip")
		if got := audit.Nearest(slip, []string{"", "0123456789", name}); got != name {
			t.Errorf("%q: %q", slip, got)
		}
		if got := audit.Nearest(name, []string{name + "x", name}); got != name {
			t.Errorf("%q is nearer than itself", got)
		}
	})
}
