// SPDX-License-Identifier: Apache-2.0

package json

import (
	"bytes"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
)

// TestGapsOfTheirList: what makes a run incomplete cannot stand among what was only not seen,
// where it leaves a report complete; nor the other way round.
func TestGapsOfTheirList(t *testing.T) {
	good := reporttest.Write(t, Format, reporttest.ClaimedDocument())
	for _, code := range audit.GapCodes {
		for _, incomplete := range []bool{false, true} {
			gaps, wire := audit.Gaps{{Code: code}}, reportObject{}
			if err := json.Unmarshal(good, &wire); err != nil {
				t.Fatal(err)
			}
			if incomplete {
				wire.WhyIncomplete, wire.Incomplete, wire.Complete = gaps, gaps.Texts(), false
				wire.Verdict += "_incomplete"
			} else {
				wire.WhatNotSeen, wire.NotSeen = gaps, gaps.Texts()
			}
			text, err := json.Marshal(&wire)
			if err != nil {
				t.Fatal(err)
			}
			saved, err := Read(bytes.NewReader(text), "report.json")
			if err == nil {
				_, err = saved.Document(reporttest.FakeRules())
			}
			switch {
			case incomplete == code.Incomplete() && err != nil:
				t.Errorf("%s, incomplete %t: %v", code, incomplete, err)
			case incomplete != code.Incomplete() &&
				(err == nil || !strings.Contains(err.Error(), "has a code of another list")):
				t.Errorf("%s, incomplete %t: %v", code, incomplete, err)
			}
		}
	}
}
