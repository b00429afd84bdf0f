// SPDX-License-Identifier: Apache-2.0

package table

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/view"
)

// TestTableWorst holds that a screen shows the worst tokens, the worst first, whichever come first
// in the evidence, and counts the others.
func TestTableWorst(t *testing.T) {
	kinds := reporttest.Violating().Tokens
	rapid.Check(t, func(r *rapid.T) {
		e := reporttest.Violating()
		e.Tokens = nil
		for i, kind := range rapid.SliceOfN(rapid.SampledFrom(kinds), 13, 60).Draw(r, "tokens") {
			token := *kind
			token.ID, token.TokenID = int64(i+1), int64(i+1_000_000)
			e.Tokens = append(e.Tokens, &token)
		}
		d := reporttest.Document(e)
		d.View.Width = 200
		out := printed(t, d)
		before, row, hidden := 0, 0, 0
		for result := range view.WorstFirst(d.Runs[0], &d.View) {
			if !d.View.RowOf(view.Stand(d.Runs[0], result)) {
				continue
			}
			if row++; row > view.MostRows {
				hidden++
				continue
			}
			at := strings.Index(out, fmt.Sprintf("  %d  ", result.Token.TokenID))
			if at <= before {
				r.Fatalf("row %d of %q stands at %d, after %d:\n%s", row, result.Token.Name, at, before, out)
			}
			before = at
		}
		for _, n := range regexp.MustCompile(`(\d+) more tokens?: `).FindAllStringSubmatch(out, -1) {
			count, _ := strconv.Atoi(n[1])
			hidden -= count
		}
		if hidden != 0 {
			r.Fatalf("%d tokens are not counted:\n%s", hidden, out)
		}
	})
}
