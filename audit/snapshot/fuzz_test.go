// SPDX-License-Identifier: Apache-2.0

package snapshot_test

import (
	"bytes"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/complytime/pataudit/audit/snapshot"
)

// FuzzOpen holds that nothing makes Open panic, and that what it reads it can save and read again.
func FuzzOpen(f *testing.F) {
	good, _ := save(f, sample())
	f.Add([]byte(good))
	f.Add([]byte(strings.ReplaceAll(good, "\n", " ")))
	f.Add([]byte(`{"snapshot":2}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := snapshot.Open(bytes.NewReader(data), "evidence.json")
		if err != nil {
			return
		}
		e.Digest = ""
		var b bytes.Buffer
		if _, err := snapshot.Save(&b, e); err != nil {
			t.Fatalf("read but not saved: %v", err)
		}
		again, err := snapshot.Open(&b, "evidence.json")
		if err != nil {
			t.Fatalf("read, saved, and not read again: %v", err)
		}
		again.Digest = ""
		if diff := gocmp.Diff(e, again); diff != "" {
			t.Fatal(diff)
		}
	})
}
