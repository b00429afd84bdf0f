// SPDX-License-Identifier: Apache-2.0

package table

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/screen"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// rows shows the worst tokens, and counts the others. A screen shows as many as there is room for,
// a log all of them.
func (b *block) rows() {
	v := &b.Doc.View
	limit := view.MostRows
	switch {
	case v.Only != "":
		limit = b.Run.Summary.Tokens
	case b.log():
		limit = view.MostLogged
	}
	var top []*words.Row
	var left hidden
	cut := func() {
		slices.SortFunc(top, words.CompareRows)
		if len(top) > limit {
			left.add(top[limit:])
			clear(top[limit:])
			top = top[:limit]
		}
	}
	shown := 0
	for r := range b.Run.Results() {
		s := view.Stand(b.Run, r)
		findings, chosen := v.Choose(r)
		if !chosen || !v.RowOf(s) {
			continue
		}
		shown++
		if top = append(top, words.RowOf(b.Part, r, s, findings)); len(top) > 4*limit+64 {
			cut()
		}
	}
	cut()
	unknown := b.draw(top)
	left.write(b.Page, len(top) > 0)
	if unknown {
		b.Hang(screen.Dim, "?", words.NotKnown, "", 11)
	}
	b.showing(shown)
}

// showing says how many tokens a filter left.
func (b *block) showing(shown int) {
	if v := &b.Doc.View; v.Filter.Active() {
		b.Blank()
		b.Say(screen.None, "SHOWING", fmt.Sprintf("%d of %s (%s)", shown,
			safe.Plural(b.Run.Summary.Tokens, "token"), safe.Terminal(v.Filter.String())), "")
	}
	b.Blank()
}

// hidden counts the rows that found no room, by what the severity column would say.
type hidden struct {
	lines []*hiddenLine
}

type hiddenLine struct {
	worst  *words.Row // its place among the others
	tokens int
	rules  map[string]int // by the worst rule of each token
}

func (r *hidden) add(rows []*words.Row) {
	for _, w := range rows {
		i := slices.IndexFunc(r.lines, func(l *hiddenLine) bool {
			return l.worst.Label() == w.Label()
		})
		if i < 0 {
			i = len(r.lines)
			r.lines = append(r.lines, &hiddenLine{worst: w, rules: map[string]int{}})
		}
		line := r.lines[i]
		line.tokens++
		line.rules[w.Rule]++
	}
}

// write says it in a line per severity: "12 more tokens: 7 long-expiration, 3 unused".
func (r *hidden) write(p *screen.Page, some bool) {
	slices.SortFunc(
		r.lines,
		func(a, b *hiddenLine) int { return words.CompareRows(a.worst, b.worst) },
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
