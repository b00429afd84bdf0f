// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/complytime/pataudit/report/annotations"
	"github.com/complytime/pataudit/report/html"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/table"
	"github.com/complytime/pataudit/report/view"
)

// text is what a golden holds of a format's bytes.
func text(t *testing.T, f view.Format, written []byte) []byte {
	switch {
	case f.Binary:
		return reporttest.Cells(t, written)
	case f.Name == html.Format.Name:
		return reporttest.WithoutOwn(written)
	}
	return written
}

func goldenName(name string, f view.Format) string {
	if f.Binary {
		return name + "." + f.Name + ".txt" // its cells
	}
	return name + "." + f.Name
}

func TestFormats(t *testing.T) {
	names, suffixes := map[string]bool{}, map[string]bool{}
	for _, f := range Formats {
		t.Run(f.Name, func(t *testing.T) {
			if f.Name == "" || f.Doc == "" || f.Write == nil || len(f.Ext) == 0 || names[f.Name] {
				t.Errorf("%q: a format has a name of its own, a doc, a suffix and a writer", f.Name)
			}
			names[f.Name] = true
			for _, ext := range f.Ext {
				if suffixes[ext] || !strings.HasPrefix(ext, ".") || ext != strings.ToLower(ext) {
					t.Errorf("suffix %q is not new, or not a suffix", ext)
				}
				suffixes[ext] = true
			}
			for name, d := range reporttest.Documents() {
				first := text(t, f, reporttest.Write(t, f, d))
				if name != "hostile" && name != "none" {
					reporttest.Golden(t, goldenName(name, f), first)
				}
				if again := text(t, f, reporttest.Write(t, f, d)); !bytes.Equal(first, again) {
					t.Errorf("%s: not the same twice", name)
				}
			}
		})
	}
	names[annotations.Format.Name] = true // of what is printed, no format of a file
	files, err := os.ReadDir(filepath.Join(reporttest.Root(t), "testdata", "report"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if part := strings.Split(file.Name(), "."); !names[part[1]] {
			t.Errorf("golden %s belongs to no format", file.Name())
		}
	}
}

func TestWriteError(t *testing.T) {
	for _, f := range Formats {
		d := reporttest.Document(reporttest.Violating())
		for _, n := range []int{0, 1, len(reporttest.Write(t, f, d)) - 1} {
			if err := f.Write(&reporttest.FailingWriter{Left: n}, d); !errors.Is(err, reporttest.ErrFull) {
				t.Errorf("%s: after %d bytes: error %v, want %v", f.Name, n, err, reporttest.ErrFull)
			}
		}
	}
}

func TestLookup(t *testing.T) {
	for _, f := range Formats {
		if got, err := Formats.Lookup(f.Name); err != nil || got.Name != f.Name {
			t.Errorf("Lookup(%q) = %q, %v", f.Name, got.Name, err)
		}
		_, err := Formats.Lookup("nothing-like-it")
		if err == nil || !strings.Contains(err.Error(), f.Name) ||
			strings.Contains(err.Error(), "mean") {
			t.Errorf("%v: does not name %s, or guesses", err, f.Name)
		}
	}
	for name, meant := range map[string]string{
		"jsno": "json", "JSON": "json", "xls": "xlsx", "tabel": "table", "excel": "", "": "", "pdf": "",
	} {
		_, err := Formats.Lookup(name)
		if meant != "" && !strings.HasSuffix(err.Error(), "did you mean "+meant+"?") ||
			meant == "" && strings.Contains(err.Error(), "mean") {
			t.Errorf("Lookup(%q): %v, want a hint at %q", name, err, meant)
		}
	}
}

func TestForPath(t *testing.T) {
	for path, want := range map[string]string{
		"a.json": "json", "/tmp/A.XLSX": "xlsx", "x.json.txt": "table", ".json": "json",
		"a.pdf": "", "json": "", "": "",
	} {
		f, err := Formats.ForPath(path)
		if f.Name != want || (err == nil) != (want != "") {
			t.Errorf("ForPath(%q) = %q, %v, want %q", path, f.Name, err, want)
		}
		if err != nil && !strings.Contains(err.Error(), ".xlsx") {
			t.Errorf("%v: does not say what would do", err)
		}
	}
}

func TestForPathLongestSuffix(t *testing.T) {
	saved := Formats
	t.Cleanup(func() { Formats = saved })
	Formats = append(slices.Clone(saved), view.Format{Name: "other", Ext: []string{".other.json"}})
	if f, _ := Formats.ForPath("a.other.json"); f.Name != "other" {
		t.Errorf("chose %s", f.Name)
	}
}

func BenchmarkWrite(b *testing.B) {
	d := reporttest.Document(reporttest.Many(100_000))
	for _, f := range Formats {
		b.Run(f.Name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := f.Write(io.Discard, d); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	all := reporttest.Document(reporttest.Many(100_000))
	all.View.Only = view.OnlyAll
	b.Run("table/all", func(b *testing.B) {
		for b.Loop() {
			if err := table.Format.Write(io.Discard, all); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// printed returns the table of a document.
func printed(t *testing.T, d *view.Document) string {
	t.Helper()
	return string(reporttest.Write(t, table.Format, d))
}
