// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/complytime/pataudit/report/reporttest"
)

// TestPrintLines holds that a line stays one, and acts on nothing, whatever stands in it.
func TestPrintLines(t *testing.T) {
	out := new(bytes.Buffer)
	if err := New(time.Now, nil, out, nil).PrintLines(reporttest.Payloads...); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(lines) != len(reporttest.Payloads) {
		t.Errorf("%d lines, want %d", len(lines), len(reporttest.Payloads))
	}
	for _, line := range lines {
		if strings.ContainsFunc(line, reporttest.Hidden) || strings.Contains(line, "::") ||
			strings.Contains(line, "##[") {
			t.Errorf("%.80q acts", line)
		}
	}
}
