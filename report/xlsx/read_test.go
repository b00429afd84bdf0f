// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
)

// The columns of the sheet of tokens that are read: C Token ID, G Decision, H Reviewer, I Date,
// J Note.

// filledIn is a workbook of ours after a reviewer had it.
func filledIn(t *testing.T, fill func(*excelize.File)) io.Reader {
	t.Helper()
	f := reporttest.OpenWorkbook(
		t,
		reporttest.Write(t, Format, reporttest.Document(reporttest.Violating())),
	)
	fill(f)
	var b bytes.Buffer
	if _, err := f.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return &b
}

func set(cells ...any) func(*excelize.File) {
	return func(f *excelize.File) {
		for i := 0; i < len(cells); i += 2 {
			if err := f.SetCellValue("Tokens", cells[i].(string), cells[i+1]); err != nil {
				panic(err)
			}
		}
	}
}

// readAll reads a workbook; what is wrong with one row is an error of all.
func readAll(r io.Reader) ([]Filled, error) {
	filled, err := ReadDecisions(r)
	wrong := []error{err}
	for _, row := range filled {
		wrong = append(wrong, row.Wrong)
	}
	if err := errors.Join(wrong...); err != nil {
		return nil, err
	}
	return filled, nil
}

func TestReadDecisions(t *testing.T) {
	got, err := readAll(filledIn(t, func(f *excelize.File) {
		set("G2", "revoke", "H2", " alice ", "I2", "2026-11-22", "J2", "=1+1 is no formula here",
			"G3", "keep", "I3", 46348.75, "H5", "nobody decided", "G4", "waive",
			"I4", time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC))(f)
		if err := f.SetCellFormula("Tokens", "B2", "1+1"); err != nil { // not read
			t.Fatal(err)
		}
	}))
	if err != nil {
		t.Fatal(err)
	}
	on := func(d int) time.Time { return time.Date(2026, 11, d, 0, 0, 0, 0, time.UTC) }
	want := []Filled{
		{90101, audit.Revoke, "alice", "=1+1 is no formula here", on(22), "Tokens", 2, nil},
		{90104, audit.Keep, "", "", on(22), "Tokens", 3, nil},
		{90102, audit.Waive, "", "", on(21), "Tokens", 4, nil},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReadDecisionsOfAnUntouchedWorkbook(t *testing.T) {
	for name, d := range reporttest.Documents() {
		got, err := readAll(bytes.NewReader(reporttest.Write(t, Format, d)))
		if len(got) > 0 || err != nil {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// refusal is what is wrong with a workbook, and how the error says it.
type refusal struct {
	name string
	fill func(*excelize.File)
	want string
}

func refuses(t *testing.T, cases []refusal) {
	t.Helper()
	for _, c := range cases {
		got, err := readAll(filledIn(t, c.fill))
		if err == nil || !strings.Contains(err.Error(), c.want) || got != nil {
			t.Errorf("%s: %v, %v, want %s", c.name, got, err, c.want)
		}
	}
}

// Each problem names its cell.
func TestReadDecisionsRefusesCells(t *testing.T) {
	formula := func(cell string) func(*excelize.File) {
		return func(f *excelize.File) {
			if err := f.SetCellFormula("Tokens", cell, `"keep"`); err != nil {
				t.Fatal(err)
			}
		}
	}
	refuses(t, []refusal{
		{
			"decision", set("G3", "approve"),
			`Tokens!G3: decision "approve" is none of keep, waive, reduce or revoke`,
		},
		{"case", set("G3", "Keep"), `Tokens!G3: decision "Keep" is none of`},
		{"formula", formula("G2"), "Tokens!G2: a formula; write the value itself"},
		{"formula beside", func(f *excelize.File) {
			set("G2", "keep")(f)
			formula("C2")(f)
		}, "Tokens!C2: a formula; write the value itself"},
		{
			"date", set("G2", "keep", "I2", "22.11.2026"),
			`Tokens!I2: "22.11.2026" is no date; write it as 2026-11-22`,
		},
		{"no such day", set("G2", "keep", "I2", "2026-02-30"), `Tokens!I2: "2026-02-30" is no date`},
		{"year 26", set("G2", "keep", "I2", "0026-11-22"), `Tokens!I2: "0026-11-22" is no date`},
		{"number", set("G2", "keep", "I2", 7), `Tokens!I2: "7" is no date`},
		{"huge", set("G2", "keep", "I2", 1e300), `is no date`},
		{"no number", set("G2", "keep", "I2", "NaN"), `Tokens!I2: "NaN" is no date`},
		{"id", set("G2", "keep", "C2", "0"), `Tokens!C2: token id "0" is no positive integer`},
		{"negative", set("G2", "keep", "C2", -5), `Tokens!C2: token id "-5" is no positive integer`},
		{"rounded", set("G2", "keep", "C2", 1.5), `Tokens!C2: token id "1.5" is no positive integer`},
		{"plus", set("G2", "keep", "C2", "+5"), `Tokens!C2: token id "+5" is no positive integer`},
		{"no id", set("G2", "keep", "C2", ""), `Tokens!C2: token id "" is no positive integer`},
		{
			"unknown id", set("G2", "keep", "C2", "unknown"),
			`Tokens!C2: token id "unknown" is no positive integer`,
		},
	})
}

// Problems are told all at once.
func TestReadDecisionsRefusesSheets(t *testing.T) {
	refuses(t, []refusal{
		{
			"twice", set("G2", "keep", "G3", "revoke", "C3", "90101"),
			"Tokens row 2: token 90101 is decided again in row 3 of Tokens\n" +
				"Tokens!C3: token 90101 is decided twice; first in row 2 of Tokens",
		},
		{"new title", set("Z1", "Verdict"), `Tokens!Z1: no column of this list is titled "Verdict"`},
		{"hostile title", set("Z1", "\u202e::x"), `is titled "\u202e::x"`},
		{
			"title twice", set("H1", "Decision"),
			"Tokens!H1: a second column Decision; the first is G\nTokens!A1: no column is titled " +
				`"Reviewer"`,
		},
		{"no title", set("C1", ""), `Tokens!A1: no column is titled "Token ID"`},
		{"merged", func(f *excelize.File) {
			if err := f.MergeCell("Tokens", "G2", "G4"); err != nil {
				t.Fatal(err)
			}
		}, "Tokens!G2: merged cells"},
		{"no sheet", func(f *excelize.File) {
			if err := f.SetSheetName("Tokens", "Mine"); err != nil {
				t.Fatal(err)
			}
		}, "the workbook has no sheet Tokens: take one that pataudit wrote"},
		{
			"all", set("G2", "a", "I2", "b", "G3", "c"),
			`Tokens!I2: "b" is no date; write it as 2026-11-22` + "\n" +
				`Tokens!G2: decision "a" is none of keep, waive, reduce or revoke` + "\n" +
				`Tokens!G3: decision "c" is none of keep, waive, reduce or revoke`,
		},
	})
}

// A spreadsheet stores a formula that gives a number without a type.
func TestReadDecisionsRefusesFormulasOfNumbers(t *testing.T) {
	workbook, err := io.ReadAll(filledIn(t, func(f *excelize.File) {
		set("G2", "keep")(f)
		if err := f.SetCellFormula("Tokens", "I2", "TODAY()"); err != nil {
			t.Fatal(err)
		}
	}))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	typed := regexp.MustCompile(` t="str"><f>[^<]*</f>`)
	for name, content := range parts(t, workbook) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		content = typed.ReplaceAllString(content, "><f>TODAY()</f><v>46348</v>")
		if _, err := io.WriteString(w, content); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := readAll(&b)
	if err == nil || err.Error() != "Tokens!I2: a formula; write the value itself" {
		t.Errorf("%v, %v", got, err)
	}
}

// What is wrong with one row does not hide another.
func TestReadDecisionsOfRows(t *testing.T) {
	got, err := ReadDecisions(filledIn(t, set("G2", "no", "G3", "keep", "I4", "x", "G5", "waive",
		"I5", "soon")))
	if err != nil || len(got) != 3 || got[0].Wrong == nil || got[1].Wrong != nil ||
		got[1].TokenID != 90104 || got[2].Row != 5 ||
		!strings.HasPrefix(got[2].Wrong.Error(), `Tokens!I5: "soon" is no date`) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestReadDecisionsOfASecondSheet(t *testing.T) {
	d := reporttest.Document(reporttest.Violating())
	f := ofTenRows(t, d)
	if err := f.SetCellValue("Tokens 3", "G4", "keep"); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := f.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	got, err := readAll(&out)
	if err != nil || len(got) != 1 || got[0].Sheet != "Tokens 3" || got[0].Row != 4 {
		t.Errorf("%v, %v", got, err)
	}
}

func TestReadDecisionsOfNoWorkbook(t *testing.T) {
	bomb := func() []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		header := &zip.FileHeader{Name: "xl/worksheets/sheet1.xml", UncompressedSize64: 2 << 30}
		w, err := z.CreateRaw(header)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(nil); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	whole := reporttest.Write(t, Format, reporttest.Document(reporttest.Violating()))
	for name, text := range map[string][]byte{
		"nothing": nil, "text": []byte("a,b"), "cut": whole[:len(whole)/2], "bomb": bomb(),
	} {
		got, err := readAll(bytes.NewReader(text))
		if err == nil || got != nil || !strings.Contains(err.Error(), "opening the workbook") {
			t.Errorf("%s: %v, %v", name, got, err)
		}
		if name == "bomb" && !strings.Contains(err.Error(), "1073741824") {
			t.Errorf("refused for another reason: %v", err)
		}
	}
}

func FuzzReadDecisions(f *testing.F) {
	var b bytes.Buffer
	if err := Format.Write(&b, reporttest.Document(reporttest.Violating())); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, text []byte) {
		filled, err := ReadDecisions(bytes.NewReader(text))
		if err != nil && filled != nil {
			t.Errorf("decisions beside %v", err)
		}
	})
}
