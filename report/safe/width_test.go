// SPDX-License-Identifier: Apache-2.0

package safe_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

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
