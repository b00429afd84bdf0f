// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"

	"github.com/complytime/pataudit/audit"
)

// mostRows is how many tokens a screen shows one by one, unless more were asked for.
const mostRows = 12

// compareRows puts the worst first: what breaks the policy, what could not be judged (it may
// break it), then the rest.
func compareRows(a, b *row) int {
	return cmp.Or(
		cmp.Compare(rank(a.standing), rank(b.standing)),
		cmp.Compare(b.severity, a.severity),
		cmp.Compare(b.failing, a.failing),
		cmp.Compare(a.id, b.id),
	)
}

func failures(findings []*audit.Finding) (n int) {
	for _, f := range findings {
		if f.Status == audit.Fail {
			n++
		}
	}
	return n
}
