// SPDX-License-Identifier: Apache-2.0

package reporttest

import (
	"encoding/json"
	"testing"

	oscal "github.com/defenseunicorns/go-oscal/src/types/oscal-1-1-3"

	"github.com/complytime/pataudit/report/view"
)

// OSCALResults returns the assessment results that a format wrote, as OSCAL's own types have them.
func OSCALResults(t *testing.T, f view.Format, d *view.Document) *oscal.AssessmentResults {
	t.Helper()
	var read oscal.OscalModels
	if err := json.Unmarshal(Write(t, f, d), &read); err != nil {
		t.Fatal(err)
	}
	return read.AssessmentResults
}
