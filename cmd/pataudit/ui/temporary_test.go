// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"
)

// TestTemporaryOf holds that what is made for a file is known by its name as that file's, whatever
// the file is called, and other files are not.
func TestTemporaryOf(t *testing.T) {
	dir := t.TempDir()
	o := &Files{}
	t.Cleanup(o.Discard)
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[a-z.\-]{1,12}`).Filter(func(s string) bool {
			return filepath.Base(s) == s && s != "." && s != ".."
		}).Draw(t, "name")
		temp, err := o.temporary(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		_ = temp.Close()
		if of, run := temporaryOf(filepath.Base(temp.Name())); of != name || run != o.run {
			t.Errorf("%s is taken for %q of the run %q", temp.Name(), of, run)
		}
	})
	for _, other := range []string{
		"", ".", ".tmp", "a.json", ".a.json.tmp", "a.b.c-1.tmp", ".a-1.tmp",
	} {
		if name, _ := temporaryOf(other); name != "" {
			t.Errorf("%q is taken for %q", other, name)
		}
	}
}

// BenchmarkCommit puts as many letters into a folder as a large organization has.
func BenchmarkCommit(b *testing.B) {
	const letters = 4000
	dir := b.TempDir()
	for b.Loop() {
		o := &Files{}
		for i := range letters {
			if err := o.Add(filepath.Join(dir, fmt.Sprint(i, ".md")), func(w io.Writer) error {
				_, err := io.WriteString(w, "x")
				return err
			}); err != nil {
				b.Fatal(err)
			}
		}
		if err := o.Commit(context.Background()); err != nil {
			b.Fatal(err)
		}
		o.Discard()
	}
}
