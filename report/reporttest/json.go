// SPDX-License-Identifier: Apache-2.0

package reporttest

import (
	"encoding/json"
	"testing"
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
