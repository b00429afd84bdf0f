// SPDX-License-Identifier: Apache-2.0

package reporttest

import (
	"encoding/json"
	"testing"

	oscal "github.com/defenseunicorns/go-oscal/src/types/oscal-1-1-3"

	"github.com/complytime/pataudit/report/view"
)

// DecodeJSON returns what a JSON report holds.
func DecodeJSON(t *testing.T, written []byte) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(written, &v); err != nil {
		t.Fatalf("%v:\n%s", err, written)
	}
	if written[len(written)-1] != '\n' {
		t.Error("no newline at the end")
	}
	return v
}

// JSONTokens returns the tokens of a JSON report of one organization.
func JSONTokens(t *testing.T, written []byte) (tokens []map[string]any) {
	t.Helper()
	for _, v := range DecodeJSON(t, written)["tokens"].([]any) {
		tokens = append(tokens, v.(map[string]any))
	}
	return tokens
}

// OSCALResults returns the assessment results that a format wrote, as OSCAL's own types have them.
func OSCALResults(t *testing.T, f view.Format, d *view.Document) *oscal.AssessmentResults {
	t.Helper()
	var read oscal.OscalModels
	if err := json.Unmarshal(Write(t, f, d), &read); err != nil {
		t.Fatal(err)
	}
	return read.AssessmentResults
}
