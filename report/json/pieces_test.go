// SPDX-License-Identifier: Apache-2.0

package json

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/report/reporttest"
)

// TestReadPieces holds that what is wrong in any line of a report is told with that line, wherever
// the report is parted to be read, and that a key which is not known is told with its place.
func TestReadPieces(t *testing.T) {
	all := reporttest.Documents()
	for _, name := range []string{"violations", "remembered", "decided", "several"} {
		written := string(reporttest.Write(t, Format, all[name]))
		var lines []int // that have a flag
		text := strings.SplitAfter(written, "\n")
		for i, line := range text {
			if strings.HasSuffix(line, ": false,\n") || strings.HasSuffix(line, ": true,\n") {
				lines = append(lines, i)
			}
		}
		rapid.Check(t, func(t *rapid.T) {
			at := rapid.SampledFrom(lines).Draw(t, "line")
			bad := append([]string(nil), text...)
			key, _, _ := strings.Cut(bad[at], ":")
			bad[at] = key + `: "yes",` + "\n"
			place := strings.Trim(key, ` "`)
			reader := iotest.OneByteReader(strings.NewReader(strings.Join(bad, "")))
			_, err := Read(reader, "r")
			if want := fmt.Sprintf("r:%d: ", at+1); err == nil ||
				!strings.HasPrefix(err.Error(), want) || !strings.Contains(err.Error(), "/"+place+" ") {
				t.Fatalf("%v, want %s and %s", err, want, place)
			}
			bad[at] = text[at] + `"colour": 1,` + "\n"
			saved, err := Read(strings.NewReader(strings.Join(bad, "")), "r")
			if err != nil || !strings.HasSuffix(saved.Unknown, "/colour") {
				t.Fatalf("%v: %+v", err, saved)
			}
		})
	}
}

// TestReadTaken holds that a report which is let go of gives the same document.
func TestReadTaken(t *testing.T) {
	for name, d := range reporttest.Documents() {
		written := reporttest.Write(t, Format, d)
		taken, err := saved(t, written).Take(reporttest.FakeRules())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if again := reporttest.Write(t, Format, taken); !bytes.Equal(again, written) {
			t.Errorf("%s: another report", name)
		}
	}
}
