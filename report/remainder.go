// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/screen"
	"github.com/complytime/pataudit/report/words"
)

// remainder counts the rows that found no room, by what the severity column would say.
type remainder struct {
	lines []*remainderLine
}

type remainderLine struct {
	worst  *words.Row // its place among the others
	tokens int
	rules  map[string]int // by the worst rule of each token
}

func (r *remainder) add(rows []*words.Row) {
	for _, w := range rows {
		i := slices.IndexFunc(r.lines, func(l *remainderLine) bool {
			return l.worst.Label() == w.Label()
		})
		if i < 0 {
			i = len(r.lines)
			r.lines = append(r.lines, &remainderLine{worst: w, rules: map[string]int{}})
		}
		line := r.lines[i]
		line.tokens++
		line.rules[w.Rule]++
	}
}

// write says it in a line per severity: "12 more tokens: 7 long-expiration, 3 unused".
func (r *remainder) write(p *screen.Page, some bool) {
	slices.SortFunc(
		r.lines,
		func(a, b *remainderLine) int { return words.CompareRows(a.worst, b.worst) },
	)
	for _, line := range r.lines {
		rules := slices.SortedFunc(maps.Keys(line.rules), func(a, b string) int {
			return cmp.Or(cmp.Compare(line.rules[b], line.rules[a]), cmp.Compare(a, b))
		})
		for i, rule := range rules {
			rules[i] = fmt.Sprintf("%d %s", line.rules[rule], safe.Terminal(rule))
		}
		noun := "token"
		if some {
			noun = "more token"
		}
		label := line.worst.Label()
		p.Hang(screen.SeverityColor(label), label,
			safe.Plural(line.tokens, noun)+": "+strings.Join(rules, ", "), "", 11)
	}
}
