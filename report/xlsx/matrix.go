// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// The matrices: a row per token, a narrow column per rule or permission.

// What a workbook leaves to other sheets and formats.
const (
	mostMatrixTokens = 20_000 // of a matrix: above it would cost more than it tells
	mostPermissions  = 150    // columns; the rest share one
)

// The answer of a rule about a token in the matrix, where it does not fail.
const (
	answerPass          = "pass"
	answerWaived        = "waived"
	answerNotApplicable = "n/a"
	answerNotAsked      = "not asked"
	answerNotShown      = "not shown" // the document does not hold the answer
)

var answers = map[audit.Status]string{
	audit.Pass: answerPass, audit.Waived: answerWaived, audit.NotApplicable: answerNotApplicable,
}

const (
	ruleMatrix       = "Rule matrix"
	permissionMatrix = "Permissions matrix"
)

// matrices begins the sheets with a cell for each token and rule, and for each token and
// permission. Of a document with too many tokens they are empty, and say so.
func (b *book) matrices() {
	n := b.tokens()
	if n > b.maxMatrix {
		note := []entry{{note: [2]string{"Left out", leftOutText(n, b.maxMatrix)}}}
		b.add(listOf(ruleMatrix, noteColumns, note))
		b.add(listOf(permissionMatrix, noteColumns, note))
		return
	}
	b.add(&list{name: ruleMatrix, columns: b.ruleColumns(), frozen: 2, count: n, entries: b.answers})
	b.add(&list{
		name: permissionMatrix, columns: b.permissionColumns(), frozen: 2, count: n,
		entries: b.answers,
	})
}

// answers ranges over the tokens, each with every answer, also of the rules that pass.
func (b *book) answers(yield func(entry) bool) {
	for e := range b.results {
		whole := *e.result
		whole.Judge, whole.Findings = nil, e.result.All()
		e.result = &whole
		if !yield(e) {
			return
		}
	}
}

// tokens counts those that the lists may show.
func (b *book) tokens() (n int) {
	for _, s := range b.surveys {
		n += len(s.listed)
	}
	return n
}

func leftOutText(tokens, most int) string {
	return fmt.Sprintf("%d tokens are more than the %d of which a workbook can hold this sheet. "+
		"The sheets Tokens and Findings have all of them; JSON and CSV with --only all have every "+
		"answer, passes too.", tokens, most)
}

// matrixOf puts narrow columns between those that show which token a row is about.
func matrixOf(columns []column) []column {
	return slices.Concat(identity, columns, []column{
		{title: grantIDTitle, width: 12, value: tokenValue(view.GrantID)},
	})
}

// ruleColumns are the rules that were asked in one of the runs, in their order.
func (b *book) ruleColumns() []column {
	var columns []column
	for _, r := range view.AskedRules(b.doc.Runs) {
		columns = append(columns, column{
			title: r.Rule.ID, width: 9.5, color: true, upright: true,
			value: func(e entry) any { return verdictOf(e, r.Rule.ID) },
		})
	}
	return matrixOf(columns)
}

// verdictOf returns the answer of a rule about a token, in a word. A missing answer is not taken
// for a pass.
func verdictOf(e entry, rule string) string {
	for _, f := range e.result.Findings {
		if f.Rule.Rule.ID != rule {
			continue
		}
		switch {
		case f.Status != audit.Fail:
			return view.OrUnknown(answers[f.Status])
		case f.InBaseline:
			return view.DebtLabel
		}
		return f.Severity.String()
	}
	if slices.ContainsFunc(e.run.Rules, func(r audit.RuleCount) bool {
		return r.Rule.ID == rule && r.Asked
	}) {
		return answerNotShown
	}
	return answerNotAsked
}

// right is a permission without its level.
type right struct{ group, name string }

func (r right) title() string {
	if r.group == audit.GroupRepository {
		return r.name
	}
	if r.group == audit.GroupOrganization {
		return "org: " + r.name
	}
	return r.group + ": " + r.name
}

// compareColumns puts repositories' permissions first, the worst of each group in front.
func compareColumns(a, b right) int {
	return cmp.Or(words.CompareGroups(a.group, b.group),
		words.CompareRights(audit.Permission{Name: a.name}, audit.Permission{Name: b.name}))
}

// permissionColumns are the permissions that a token holds in one of the runs. There is no end to
// what a server may name: what is beyond mostPermissions shares the last column.
func (b *book) permissionColumns() []column {
	var rights []right
	for _, s := range b.surveys {
		for r := range s.rights {
			rights = append(rights, r)
		}
	}
	slices.SortFunc(rights, compareColumns)
	rights = slices.Compact(rights)
	var columns []column
	for _, r := range rights[:min(len(rights), mostPermissions)] {
		columns = append(columns, column{
			title: r.title(), width: 8, color: true, other: audit.LevelAdmin, upright: true,
			value: func(e entry) any { return levelOf(e.result.Token, r) },
		})
	}
	if len(rights) > mostPermissions {
		rest := map[right]bool{}
		for _, r := range rights[mostPermissions:] {
			rest[r] = true
		}
		columns = append(columns, column{
			title: "Others", width: 30,
			value: permissionsOf(func(p audit.Permission) (string, bool) {
				return p.String(), rest[right{p.Group, p.Name}]
			}),
		})
	}
	return matrixOf(columns)
}

// levelOf is how strongly a token holds a permission; nothing if it does not.
func levelOf(t *audit.Token, r right) any {
	if !t.Known.Has(audit.FactPermissions) {
		return view.Unknown
	}
	var found *audit.Permission
	for i := range t.Permissions {
		p := &t.Permissions[i]
		if p.Group == r.group && p.Name == r.name &&
			(found == nil || words.Strength(p.Level) < words.Strength(found.Level)) {
			found = p
		}
	}
	if found == nil {
		return nil
	}
	return view.OrUnknown(found.Level)
}
