// SPDX-License-Identifier: Apache-2.0

package flags

import (
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"testing"

	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"
)

func gzipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, text)
	_ = w.Close()
	return b.String()
}

func inUTF16(order unicode.Endianness, text string) string {
	encoded, err := unicode.UTF16(order, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		panic(err)
	}
	return encoded
}

// TestRecognized holds that a file is what it is, and says what it says, in whatever form it was
// kept.
func TestRecognized(t *testing.T) {
	forms := []func(string) string{
		func(s string) string { return s },
		func(s string) string { return "\ufeff" + s },
		func(s string) string { return inUTF16(unicode.LittleEndian, s) },
		func(s string) string { return inUTF16(unicode.BigEndian, s) },
	}
	rapid.Check(t, func(t *rapid.T) {
		begin := rapid.SampledFrom([]string{
			`{"snapshot":1,`, `{"version":1,"verdict":`, "[", `{"classic":[],`, "name: ",
		}).Draw(t, "beginning")
		anything := rapid.Rune().Filter(func(r rune) bool { return r != 0 }) // that tells UTF-16
		text := begin + rapid.StringOfN(anything, 1, 300, -1).Draw(t, "rest")
		kept := forms[rapid.IntRange(0, len(forms)-1).Draw(t, "form")](text)
		if rapid.Bool().Draw(t, "packed") {
			kept = gzipped(kept)
		}
		reader, kind, err := Recognize(strings.NewReader(kept), "x")
		if err != nil {
			t.Fatal(err)
		}
		read, err := io.ReadAll(reader)
		if err != nil || string(read) != text {
			t.Errorf("%q is read as %q: %v", text, read, err)
		}
		if want := kindOfStart([]byte(text)); kind != want {
			t.Errorf("%q is of the kind %d, not %d", text, kind, want)
		}
	})
	for name, test := range map[string]struct{ text, want string }{
		"UTF-16 without a mark": {inUTF16(unicode.LittleEndian, "[]")[2:], "in UTF-16 without"},
		"damaged":               {gzipped("[]")[:8], "unpacking x: unexpected EOF"},
	} {
		_, _, err := Recognize(strings.NewReader(test.text), "x")
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestBounded holds that unpacking ends.
func TestBounded(t *testing.T) {
	n, err := io.Copy(io.Discard, &bounded{strings.NewReader(strings.Repeat("x", 1000)), 100})
	if n != 100 || err == nil || !strings.Contains(err.Error(), "unpack it first") {
		t.Errorf("%d bytes, %v", n, err)
	}
}

// TestOtherKinds holds which files are told apart.
func TestOtherKinds(t *testing.T) {
	header := "PK\x03\x04" + strings.Repeat("\x00", 26)
	for start, want := range map[string]FileKind{
		header + "[Content_Types].xml":                                    WorkbookFile,
		header + "xl/workbook.xml":                                        WorkbookFile,
		header + "mimetypeapplication/vnd.oasis.opendocument.spreadsheet": SheetFile,
		"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":                                SheetFile,
		header + "audit.json":                                             ArchiveFile,
		header + "data/audit.json":                                        ArchiveFile,
		`{"classic":[],"collected_at":""`:                                 sortedSnapshotFile,
		"{\n  \"as_of\": \"2026-11-22\"":                                  ReportFile,
		`{"message":"Not Found"}`:                                         otherFile,
		"[]":                                                              otherFile,
	} {
		if got := kindOfStart([]byte(start)); got != want {
			t.Errorf("%q is of the kind %d, not %d", start, got, want)
		}
	}
}
