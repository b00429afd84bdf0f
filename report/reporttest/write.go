// SPDX-License-Identifier: Apache-2.0

package reporttest

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/complytime/pataudit/report/view"
)

// Write returns what a format writes of a document.
func Write(t *testing.T, f view.Format, d *view.Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := f.Write(&b, d); err != nil {
		t.Fatalf("%s: %v", f.Name, err)
	}
	return b.Bytes()
}

// Printed returns what a function prints for people, and holds that it returns errors of writing.
func Printed(t *testing.T, print func(io.Writer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := print(&b); err != nil {
		t.Fatal(err)
	}
	if b.Len() == 0 || b.Len() > 10_000 {
		return b.String()
	}
	for _, n := range []int{0, b.Len() - 1} {
		if err := print(&FailingWriter{Left: n}); !errors.Is(err, ErrFull) {
			t.Errorf("after %d bytes: error %v, want %v", n, err, ErrFull)
		}
	}
	return b.String()
}
