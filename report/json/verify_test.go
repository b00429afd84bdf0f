// SPDX-License-Identifier: Apache-2.0

package json

import (
	"bytes"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
)

// TestVerifyDecisions holds that a report that tells another basis of a waiver differs.
func TestVerifyDecisions(t *testing.T) {
	d := reporttest.Documents()["decided"]
	saved, err := Read(bytes.NewReader(jsonText(t, d)), "decided")
	if err != nil {
		t.Fatal(err)
	}
	part := saved.Parts[0]
	differ := func() int {
		differences, err := part.Differences(d.Runs[0])
		if err != nil {
			t.Fatal(err)
		}
		return len(differences)
	}
	if n := differ(); n != 0 {
		t.Errorf("%d differences to itself", n)
	}
	milder := audit.Info.String()
	for i := range part.wire.Decisions {
		if w := &part.wire.Decisions[i]; w.Severity != nil {
			w.Basis, w.Severity = []string{"else"}, &milder
		}
	}
	if differ() == 0 {
		t.Error("another basis is no difference")
	}
}
