// SPDX-License-Identifier: Apache-2.0

package table

import (
	"cmp"
	"container/heap"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
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
		limit = math.MaxInt
	case b.log():
		limit = view.MostLogged
	}
	top, left, shown := worstRows{}, hidden{}, 0
	for r := range b.Run.Results() {
		findings, chosen := v.Choose(r)
		place := view.PlaceOf(b.Run, r, findings)
		if !chosen || !v.RowOf(place.Standing) {
			continue
		}
		switch shown++; {
		case len(top) < limit:
			heap.Push(&top, words.RowOf(b.Part, r, findings))
		case view.ComparePlaces(top[0].Place, place) < 0:
			left.add(place, ruleOf(view.Reason(b.Run, place.Standing, findings)))
		default:
			left.add(top[0].Place, top[0].Rule)
			top[0] = words.RowOf(b.Part, r, findings)
			heap.Fix(&top, 0)
		}
	}
	slices.SortFunc(top, words.CompareRows)
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

// worstRows is a heap of the rows that find room: the first one gives way to a worse one.
type worstRows []*words.Row

func (w worstRows) Len() int           { return len(w) }
func (w worstRows) Less(i, j int) bool { return words.CompareRows(w[i], w[j]) > 0 }
func (w worstRows) Swap(i, j int)      { w[i], w[j] = w[j], w[i] }
func (w *worstRows) Push(row any)      { *w = append(*w, row.(*words.Row)) }
func (w *worstRows) Pop() any          { return nil } // none is taken out

// ruleOf returns the rule of a finding; "" if there is none.
func ruleOf(f *audit.Finding) string {
	if f == nil {
		return ""
	}
	return f.Rule.Rule.ID
}

// hidden counts the rows that found no room, by what the severity column would say.
type hidden map[string]*hiddenLine

type hiddenLine struct {
	worst  view.Place
	tokens int
	rules  map[string]int // by the rule that a row would show
}

func (h hidden) add(place view.Place, rule string) {
	line := h[place.Label()]
	if line == nil {
		line = &hiddenLine{worst: place, rules: map[string]int{}}
		h[place.Label()] = line
	}
	if view.ComparePlaces(place, line.worst) < 0 {
		line.worst = place
	}
	line.tokens++
	line.rules[rule]++
}

// write says it in a line per severity: "12 more tokens: 7 long-expiration, 3 unused".
func (h hidden) write(p *screen.Page, some bool) {
	lines := slices.SortedFunc(maps.Values(h), func(a, b *hiddenLine) int {
		return view.ComparePlaces(a.worst, b.worst)
	})
	for _, line := range lines {
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
