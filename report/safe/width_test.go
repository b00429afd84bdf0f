// SPDX-License-Identifier: Apache-2.0

package safe_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/complytime/pataudit/report/safe"
)

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text  string
		width int
		want  []string
	}{
		{"", 10, nil},
		{"a b c", 10, []string{"a b c"}},
		{"aaaa bbbb cc", 9, []string{"aaaa bbbb", "cc"}},
		{"aaaaaaaaaaaa b", 5, []string{"aaaaa", "aaaaa", "aa b"}},
		{"日本語 x", 4, []string{"日本", "語 x"}},
		{"organization_projects:write", 24, []string{"organization_projects:", "write"}},
		{"may organization_projects", 14, []string{"may", "organization_", "projects"}},
	} {
		if diff := cmp.Diff(c.want, safe.Wrap(c.text, c.width)); diff != "" {
			t.Errorf("wrap(%q, %d):\n%s", c.text, c.width, diff)
		}
	}
	if got := safe.Truncate("日本語の名前", 5); got != "日本…" {
		t.Errorf("truncate: %q", got)
	}
	if got := safe.Truncate("e\u0301e\u0301e\u0301", 2); got != "e\u0301…" {
		t.Errorf("truncate: %q", got)
	}
}

// TestWrapKeeps holds that no line is too wide, and that nothing is lost.
func TestWrapKeeps(t *testing.T) {
	text := rapid.StringOf(rapid.SampledFrom([]rune("ab_/-: 日\u0301")))
	rapid.Check(t, func(r *rapid.T) {
		s, width := text.Draw(r, "text"), rapid.IntRange(2, 9).Draw(r, "width")
		lines := safe.Wrap(s, width)
		for _, line := range lines {
			if safe.Width(line) > width || strings.TrimSpace(line) == "" {
				r.Errorf("line %q of %q", line, s)
			}
		}
		squeezed := strings.Join(strings.Fields(strings.Join(lines, "")), "")
		if squeezed != strings.Join(strings.Fields(s), "") {
			r.Errorf("%q of %q", lines, s)
		}
	})
}
