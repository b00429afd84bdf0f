// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/safe"
)

// The same report is the same file, with its parts in one order; what begins an archive tells
// programs of which kind it is.
func TestXLSXSameFile(t *testing.T) {
	for name, d := range reporttest.Documents() {
		first, again := reporttest.Write(t, Format, d), reporttest.Write(t, Format, d)
		if !bytes.Equal(first, again) {
			t.Errorf("%s: another file the second time", name)
		}
		z, err := zip.NewReader(bytes.NewReader(first), int64(len(first)))
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, file := range z.File {
			names = append(names, file.Name)
		}
		if !slices.IsSorted(names) || names[0] != "[Content_Types].xml" {
			t.Errorf("%s: parts %q", name, names)
		}
	}
}

// An error of what is written to is returned, wherever it comes.
func TestXLSXFailingWriter(t *testing.T) {
	d := reporttest.Document(reporttest.Violating())
	whole := len(reporttest.Write(t, Format, d))
	for left := 0; left < whole; left += whole / 20 {
		if err := Format.Write(&reporttest.FailingWriter{Left: left}, d); err == nil {
			t.Errorf("no error after %d bytes of %d", left, whole)
		}
	}
}

// Every program reads the core properties: those of OPC have its prefix.
func TestXLSXCoreProperties(t *testing.T) {
	for name, d := range reporttest.Documents() {
		core := parts(t, reporttest.Write(t, Format, d))["docProps/core.xml"]
		for _, tag := range []string{"<cp:coreProperties ", "<cp:lastModifiedBy>", "<dc:creator>"} {
			if !strings.Contains(core, tag) {
				t.Errorf("%s: no %s in %s", name, tag, core)
			}
		}
		var any struct{ XMLName xml.Name }
		if err := xml.Unmarshal([]byte(core), &any); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// escaped is what the standard reads as one character.
var escaped = regexp.MustCompile(`^_x[0-9A-Fa-f]{4}_`)

// inlineText is a text as the format has it in a cell, with what stands for a character that is
// written out, as the standard says to read it.
func inlineText(t *rapid.T, row []byte) string {
	var read struct {
		Cell struct {
			Text string `xml:"is>t"`
		} `xml:"c"`
	}
	if err := xml.Unmarshal(row, &read); err != nil {
		t.Fatalf("%v: %q", err, row)
	}
	text, out := read.Cell.Text, ""
	for text != "" {
		if strings.HasPrefix(text, "_x005F_") {
			out, text = out+"_", text[len("_x005F_"):]
			continue
		}
		if escaped.MatchString(text) {
			t.Fatalf("%q is read as another character", text)
		}
		out, text = out+text[:1], text[1:]
	}
	return out
}

// Whatever a text is, its cell holds it as it is shown, and XML can be read.
func TestCellText(t *testing.T) {
	texts := rapid.OneOf(
		rapid.String(), rapid.SampledFrom(reporttest.Payloads),
		rapid.StringMatching(`[ _x0-9A-Fa-f&<>"'=]{0,40}`),
		rapid.Custom(func(t *rapid.T) string { // surrogates alone, and any bytes
			units := rapid.SliceOf(rapid.Uint16Range(0xd700, 0xe000)).Draw(t, "units")
			return string(utf16.Decode(units)) + string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"))
		}),
	)
	rapid.Check(t, func(t *rapid.T) {
		text := texts.Draw(t, "text")
		row := appendRow(nil, 2, 0, []string{"A"}, []cell{{1, text}})
		if got, want := inlineText(t, row), safe.Cell(text); got != want {
			t.Fatalf("%q is %q in a cell, want %q", text, got, want)
		}
		if strings.HasPrefix(text, " ") && !bytes.Contains(row, []byte("preserve")) {
			t.Fatalf("the blank in front of %q gets lost", text)
		}
	})
}
