// SPDX-License-Identifier: Apache-2.0

package json

import (
	"bytes"
	"testing"

	"github.com/complytime/pataudit/report/reporttest"
)

// TestRememberedRestores holds that what a history adds to a report is read back.
func TestRememberedRestores(t *testing.T) {
	d := reporttest.RememberedDocument()
	run := d.Runs[0]
	if run.Since == nil || run.Since.New != 1 || run.Since.Gone != 1 || run.Since.Widened != 1 ||
		run.Since.Renewed != 1 || run.Summary.Overdue == 0 {
		t.Fatalf("since %+v, %d overdue", run.Since, run.Summary.Overdue)
	}
	written := reporttest.Write(t, Format, d)
	again, err := saved(t, written).Document(reporttest.FakeRules())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(reporttest.Write(t, Format, again), written) {
		t.Error("not the same bytes")
	}
}
