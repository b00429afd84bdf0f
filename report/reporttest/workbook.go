// SPDX-License-Identifier: Apache-2.0

package reporttest

import (
	"archive/zip"
	"bytes"
	"fmt"
	"html"
	"io"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/complytime/pataudit/report/view"
)

// OpenWorkbook opens a workbook until the test is over.
func OpenWorkbook(t *testing.T, workbook []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(workbook))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// Cells returns a workbook's cells as text, a row a line.
func Cells(t *testing.T, workbook []byte) []byte {
	t.Helper()
	f := OpenWorkbook(t, workbook)
	var b bytes.Buffer
	for _, sheet := range f.GetSheetList() {
		fmt.Fprintf(&b, "== %s\n", sheet)
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			fmt.Fprintln(&b, strings.TrimRight(strings.Join(row, " | "), " |"))
		}
	}
	return b.Bytes()
}

// CellOf returns the name of the cell under a title, in the row whose Token is name.
func CellOf(t *testing.T, f *excelize.File, sheet, name, title string) string {
	t.Helper()
	rows, err := f.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	column := map[string]int{}
	for i, title := range rows[0] {
		column[title] = i
	}
	for i, row := range rows[1:] {
		if row[column["Token"]] == name {
			cell, err := excelize.CoordinatesToCellName(column[title]+1, i+2)
			if err != nil {
				t.Fatal(err)
			}
			return cell
		}
	}
	t.Fatalf("%s: no row of %q", sheet, name)
	return ""
}

// Unzipped returns every part of a workbook, one after the other.
func Unzipped(t *testing.T, written []byte) (all []byte) {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(written), int64(len(written)))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range archive.File {
		part, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		inside, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, inside...)
	}
	return all
}

// Bare returns all that a format writes, without its escapes and in lower case.
func Bare(t *testing.T, f view.Format, d *view.Document) string {
	written := Write(t, f, d)
	if f.Binary {
		written = Unzipped(t, written)
	}
	text := strings.ReplaceAll(html.UnescapeString(string(written)), "<wbr>", "")
	return strings.ToLower(strings.ReplaceAll(text, `\u002d`, "-"))
}
