// SPDX-License-Identifier: Apache-2.0

package snapshot_test

import (
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/snapshot"
)

// tokensOf collects the tokens of a snapshot, until an error.
func tokensOf(text string) (tokens []*audit.Token, err error) {
	for token, wrong := range snapshot.Tokens(strings.NewReader(text), "x") {
		if wrong != nil {
			return tokens, wrong
		}
		tokens = append(tokens, token)
	}
	return tokens, nil
}

// TestTokens holds that the tokens that are ranged over are those that are opened, and that what
// is cut off before their end is an error.
func TestTokens(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text, _ := save(t, evidence(rt))
		e, err := snapshot.Open(strings.NewReader(text), "x")
		if err != nil {
			rt.Fatal(err)
		}
		tokens, err := tokensOf(text)
		if diff := gocmp.Diff(slices.Clip(e.Tokens), slices.Clip(tokens)); err != nil ||
			len(e.Tokens)+len(tokens) > 0 && diff != "" {
			rt.Fatalf("%v: %s", err, diff)
		}
		end := strings.Index(text, `"requests":`)
		if _, err := tokensOf(text[:rapid.IntRange(0, end-3).Draw(rt, "cut")]); err == nil {
			rt.Fatal("read to an end that is not there")
		}
		for range snapshot.Tokens(strings.NewReader(text), "x") {
			break
		}
	})
}
