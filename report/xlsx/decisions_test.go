// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/complytime/pataudit/report/reporttest"
)

func TestXLSXMarksDecisions(t *testing.T) {
	f := reporttest.OpenWorkbook(t, reporttest.Write(t, Format, reporttest.DecidedDocument()))
	papers := map[string]string{}
	rows, err := f.GetRows("Decisions")
	if err != nil || len(rows) != 10 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, row := range rows[1:] {
		id, err := f.GetCellStyle("Decisions", fmt.Sprintf("A%d", i+2))
		if err != nil {
			t.Fatal(err)
		}
		style, err := f.GetStyle(id)
		if err != nil {
			t.Fatal(err)
		}
		papers[row[0]] = strings.Join(style.Fill.Color, "")
	}
	want := map[string]string{
		"overdue": red, "exceeded": "F4C7C3", "expired": sand, "unused": sand, "used": "", "done": "",
	}
	if diff := cmp.Diff(want, papers); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for title, want := range map[string]string{
		"More than was accepted": "over 180 days", "Override": "release bots",
	} {
		cell := reporttest.CellOf(t, f, "Findings", "asdf", title)
		if got, _ := f.GetCellValue("Findings", cell); got != want {
			t.Errorf("%s: %q, want %q", title, got, want)
		}
	}
	for title, want := range map[string]string{
		"Waived by": "Tsuki (its own owner)", "Waived until": "2027-02-10",
		"Waiver reason": "mirrors until the move",
	} {
		cell := reporttest.CellOf(t, f, "Findings", "waived-mirror", title)
		if got, _ := f.GetCellValue("Findings", cell); got != want {
			t.Errorf("%s: %q, want %q", title, got, want)
		}
	}
}
