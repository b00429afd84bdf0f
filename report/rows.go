// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"slices"

	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/screen"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// rows shows the worst tokens, and counts the others.
func (b *block) rows() {
	v := &b.Doc.View
	limit := view.MostRows
	if v.Only != "" {
		limit = b.Run.Summary.Tokens
	}
	var top []*words.Row
	var rest remainder
	cut := func() {
		slices.SortFunc(top, words.CompareRows)
		if len(top) > limit {
			rest.add(top[limit:])
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
	b.draw(top)
	rest.write(b.Page, len(top) > 0)
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
