// SPDX-License-Identifier: Apache-2.0

package reporttest

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the goldens in testdata/report")

// Golden compares bytes with a file of testdata/report. With -update it writes the file first.
func Golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join(Root(t), "testdata", "report", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: write it with the flag -update", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// Root returns the folder of the module, which is above the folder of the test.
func Root(t testing.TB) string {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder
		}
		above := filepath.Dir(folder)
		if above == folder {
			t.Fatal("no go.mod above the folder of the test")
		}
		folder = above
	}
}

// FailingWriter takes Left bytes, and returns [ErrFull] after them.
type FailingWriter struct{ Left int }

// ErrFull is the error of a [FailingWriter].
var ErrFull = errors.New("disk full")

func (f *FailingWriter) Write(p []byte) (int, error) {
	if f.Left -= len(p); f.Left < 0 {
		return 0, ErrFull
	}
	return len(p), nil
}
