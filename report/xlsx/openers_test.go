// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/xuri/excelize/v2"

	"github.com/complytime/pataudit/report/reporttest"
)

// modules is the folder of the packages of npm that make openers installs.
const modules = "PATAUDIT_OPENERS"

// The programs that read a workbook have every sheet of it as it was written, hostile texts too.
func TestXLSXOpeners(t *testing.T) {
	if os.Getenv("PATAUDIT_TEST_FULL") != "1" {
		t.Skip("needs openpyxl, exceljs, read-excel-file and LibreOffice: PATAUDIT_TEST_FULL=1")
	}
	python := "python3"
	if _, err := os.Stat("/usr/bin/python3"); err == nil {
		python = "/usr/bin/python3" // has what the distribution installs, whatever else there is
	}
	for _, name := range []string{"hostile", "several"} {
		path := filepath.Join(t.TempDir(), name+".xlsx")
		workbook := reporttest.Write(t, Format, reporttest.Documents()[name])
		if err := os.WriteFile(path, workbook, 0o600); err != nil {
			t.Fatal(err)
		}
		want := texts(t, workbook)
		for _, opener := range [][]string{
			{python, script(t, "with-openpyxl.py"), "whole"},
			{python, script(t, "with-openpyxl.py"), "read-only"},
			{"node", script(t, "with-exceljs.cjs")},
			{"node", script(t, "with-read-excel-file.cjs")},
		} {
			got := map[string][][]string{}
			if err := json.Unmarshal(runs(t, append(opener, path)...), &got); err != nil {
				t.Fatalf("%s: %v", opener, err)
			}
			for _, rows := range got {
				trimmed(rows)
			}
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s: %s (-want +got):\n%.3000s", name, opener[1:], diff)
			}
		}
		libreOffice(t, path, want["Tokens"])
	}
}

// libreOffice holds what LibreOffice has of the sheet of tokens against its texts.
func libreOffice(t *testing.T, path string, want [][]string) {
	dir := t.TempDir()
	const everySheet = `csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1`
	runs(t, "soffice", "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--convert-to",
		everySheet, "--outdir", dir, path)
	name := strings.TrimSuffix(filepath.Base(path), ".xlsx") + "-Tokens.csv"
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) != len(want) {
		t.Fatalf("%s: LibreOffice has %d rows of %d, %v", name, len(rows), len(want), err)
	}
	for i, row := range want {
		for k, text := range row {
			if got := strings.ReplaceAll(rows[i][k], "_x005F_", "_"); text != "" && got != text {
				t.Errorf("%s: LibreOffice has %q of %q", name, got, text)
			}
		}
	}
}

// texts returns the texts of a workbook by sheet; what is no text is empty.
func texts(t *testing.T, workbook []byte) map[string][][]string {
	t.Helper()
	f := reporttest.OpenWorkbook(t, workbook)
	sheets := map[string][][]string{}
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			for k := range row {
				if !isText(t, f, sheet, i, k) {
					row[k] = ""
				}
			}
		}
		trimmed(rows)
		sheets[sheet] = rows
	}
	return sheets
}

// trimmed takes the empty cells from the ends of rows, and undoes what some programs leave: the
// underscore that is written out in front of what looks like a character that is.
func trimmed(rows [][]string) {
	for i, row := range rows {
		for k := range row {
			row[k] = strings.ReplaceAll(row[k], "_x005F_", "_")
		}
		for len(row) > 0 && row[len(row)-1] == "" {
			row = row[:len(row)-1]
		}
		rows[i] = slices.Clip(row)
	}
}

// isText reports whether a cell, counted from 0, holds a text.
func isText(t *testing.T, f *excelize.File, sheet string, row, column int) bool {
	t.Helper()
	cell, err := excelize.CoordinatesToCellName(column+1, row+1)
	if err != nil {
		t.Fatal(err)
	}
	kind, err := f.GetCellType(sheet, cell)
	if err != nil {
		t.Fatal(err)
	}
	return kind == excelize.CellTypeInlineString || kind == excelize.CellTypeSharedString
}

func script(t testing.TB, name string) string {
	return filepath.Join(reporttest.Root(t), "testdata", "workbook", name)
}

// runs runs a program that has to succeed, and returns what it prints.
func runs(t testing.TB, words ...string) []byte {
	t.Helper()
	command := exec.Command(words[0], words[1:]...)
	command.Env = append(os.Environ(), "NODE_PATH="+filepath.Join(os.Getenv(modules), "node_modules"))
	var said strings.Builder
	command.Stderr = &said
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", words, err, said.String())
	}
	return out
}
