// SPDX-License-Identifier: Apache-2.0

package markdown

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/rulepage"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// The tokens in Markdown: the worst in sight, the others in parts to open, a part per severity.

const (
	mostWorst = 20   // tokens in sight
	mostKept  = 8000 // rows of a part; more do not fit into a document
)

var tokenColumns = []string{
	"Severity", "Token", "Token id", "Owner", "Repositories", "Last used", "Why",
}

// group is the tokens that stand alike: by the severity that they fail with, if they do.
type group struct {
	run      *audit.Run
	standing view.Standing
	severity audit.Severity
	tokens   int            // that are in none but this group's part
	taken    int            // the others, in sight
	rules    map[string]int // by the worst rule of each token
	rows     []*words.Row   // the worst, at most mostKept after tidy
}

// groups sorts the tokens that the view shows, and that are worth a row, into groups: the
// worst first, and in each the worst first.
func (b *part) groups() []*group {
	type key struct {
		standing view.Standing
		severity audit.Severity
	}
	found := map[key]*group{}
	v := &b.Doc.View
	for r := range b.Run.Results() {
		s := view.Stand(b.Run, r)
		findings, chosen := v.Choose(r)
		if !chosen || v.Only != view.OnlyAll && s == view.Clean {
			continue
		}
		w := words.RowOf(b.Part, r, findings)
		k := key{standing: s}
		if s == view.Violates || s == view.Minor {
			k.severity = w.Severity
		}
		g := found[k]
		if g == nil {
			g = &group{run: b.Run, standing: s, severity: k.severity, rules: map[string]int{}}
			found[k] = g
		}
		g.tokens++
		g.rules[w.Rule]++
		if g.rows = append(g.rows, w); len(g.rows) > 2*mostKept {
			g.tidy()
		}
	}
	groups := slices.SortedFunc(maps.Values(found), func(a, b *group) int {
		return cmp.Or(cmp.Compare(a.standing, b.standing), cmp.Compare(b.severity, a.severity))
	})
	for _, g := range groups {
		g.tidy()
	}
	return groups
}

// tidy sorts the rows, and drops those that will find no room.
func (g *group) tidy() {
	slices.SortFunc(g.rows, words.CompareRows)
	if len(g.rows) > mostKept {
		clear(g.rows[mostKept:])
		g.rows = g.rows[:mostKept]
	}
}

// take returns the first rows of a group, which then is about the others.
func (g *group) take(n int) []*words.Row {
	taken := g.rows[:min(n, len(g.rows))]
	g.rows = g.rows[len(taken):]
	g.tokens, g.taken = g.tokens-len(taken), g.taken+len(taken)
	for _, w := range taken {
		if g.rules[w.Rule]--; g.rules[w.Rule] == 0 {
			delete(g.rules, w.Rule)
		}
	}
	return taken
}

// worst shows the worst of the tokens that break the policy, or may break it, and takes
// them from their groups.
func (b *part) worst(groups []*group) string {
	t := &Table{Columns: tokenColumns}
	for _, g := range groups {
		if g.standing > view.Open {
			break
		}
		for _, w := range g.take(mostWorst - len(t.rows)) {
			t.token(w)
		}
	}
	var s strings.Builder
	t.Write(&s, most)
	return s.String()
}

// rest shows the others, as far as there is room.
func (b *part) rest(groups []*group, room int) string {
	var s strings.Builder
	room -= MostNote
	shown, total := 0, 0
	for _, g := range groups {
		shown += g.taken + g.write(&s, room-s.Len())
		total += g.taken + g.tokens
	}
	if shown < total {
		fmt.Fprintf(&s, "**Truncated:** %d of %d tokens shown; %s.\n\n", shown, total, elsewhere)
	}
	return s.String()
}

// write writes a group as a part to open, if there is room for one of its rows, and returns how
// many rows it has written.
func (g *group) write(s *strings.Builder, room int) (n int) {
	if g.tokens == 0 {
		return 0
	}
	const end = "</details>\n\n"
	start := fmt.Sprintf("<details><summary>%s</summary>\n\n", safe.MarkdownHTML(g.title()))
	t := &Table{Columns: tokenColumns}
	for _, w := range g.rows {
		t.token(w)
	}
	var inside strings.Builder
	if n = t.Write(&inside, room-len(start)-MostNote-len(end)); n == 0 {
		return 0
	}
	if n < g.tokens {
		fmt.Fprintf(&inside, "%d of %d shown\n\n", n, g.tokens)
	}
	s.WriteString(start + inside.String() + end)
	return n
}

// title returns what a group's tokens have in common: "medium: 7 more tokens: 6 long-expiration".
func (g *group) title() string {
	rules := slices.SortedFunc(maps.Keys(g.rules), func(a, b string) int {
		return cmp.Or(cmp.Compare(g.rules[b], g.rules[a]), cmp.Compare(a, b))
	})
	for i, rule := range rules {
		rules[i] = fmt.Sprintf("%d %s", g.rules[rule], cmp.Or(rule, "none"))
	}
	switch by := strings.Join(rules, ", "); g.standing {
	case view.Violates:
		return fmt.Sprintf("%s: %s: %s", g.severity, safe.Plural(g.tokens, "more token"), by)
	case view.Open:
		return fmt.Sprintf("cannot be judged: %s: %s", safe.Plural(g.tokens, "more token"), by)
	case view.Indebted:
		return fmt.Sprintf("accepted debt alone: %s: %s", safe.Plural(g.tokens, "token"), by)
	case view.Expired:
		return fmt.Sprintf("expired: %s, still listed", safe.Plural(g.tokens, "grant"))
	case view.Minor:
		return fmt.Sprintf("%s, below the policy's threshold: %s: %s", g.severity,
			safe.Plural(g.tokens, "token"), by)
	default:
		label := view.LabelOf(g.run, g.standing, audit.NoSeverity)
		return fmt.Sprintf("%s: %s without a finding", label, safe.Plural(g.tokens, "token"))
	}
}

func (t *Table) token(w *words.Row) {
	more := ""
	if w.More != "" {
		more = fmt.Sprintf(" (%s more)", strings.TrimSpace(w.More))
	}
	t.Add(
		safe.Markdown(w.Marked()),
		safe.MarkdownCode(safe.Truncate(w.Token, MostTokenName)),
		safe.Markdown(w.TokenID),
		safe.Markdown(safe.Truncate(w.Owner, MostTokenName)+w.Role),
		safe.Markdown(w.Repositories),
		w.Used,
		why(w.Rule, w.Age+w.Why)+more,
	)
}

// why returns what is wrong, after a link to the page of the rule that says so.
func why(rule, text string) string {
	if rule == "" {
		return safe.Markdown(text)
	}
	return rulepage.MarkdownLink(rule) + ": " + safe.Markdown(text)
}

// MostTokenName is how many columns of a name a table shows.
const MostTokenName = 60
