// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"

	"github.com/complytime/pataudit/audit"
)

// mostRows is how many tokens a screen shows one by one, unless more were asked for.
const mostRows = 12

// comparePlaces puts the worst first: what breaks the policy, what could not be judged (it may
// break it), then the rest.
func comparePlaces(a, b *place) int {
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

// place is where a token stands among others. It holds no result, so that a run of a million
// tokens can be sorted.
type place struct {
	run      *audit.Run
	standing standing
	severity audit.Severity // of the worst failing finding that is shown
	failing  int
	id       int64
}

// label is what the severity column says.
func (p *place) label() string { return labelOf(p.run, p.standing, p.severity) }
