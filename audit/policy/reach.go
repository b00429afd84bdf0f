// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/complytime/pataudit/audit"
)

// This file reads and writes for which repositories something was accepted: all, none, or a list
// of ids; unknown where that was not known. In a decision it stands beside the basis, in a
// baseline once for each token.

const (
	keyReach        = "reach"
	keyRepositories = "repositories"
	keyTokens       = "tokens"
	keyGrants       = "grants"
	keyRequests     = "requests"
)

// reach reads a reach.
func (p *parser) reach(key string, value *yaml.Node, to *audit.Reach) {
	if value.Kind == yaml.ScalarNode {
		word, err := audit.ParseReach(value.Value)
		if err != nil {
			p.fail(value, "%s: wants a list of repository ids, or a word: %w", key, err)
		}
		*to = word
		return
	}
	*to = audit.SomeRepositories(p.ids(key, value)...)
}

// ids reads a list of ids that is not empty.
func (p *parser) ids(key string, value *yaml.Node) (ids []int64) {
	p.list(key, value, func(item *yaml.Node) {
		id, err := strconv.ParseInt(item.Value, 10, 64)
		if err != nil || id <= 0 || item.Kind != yaml.ScalarNode {
			p.fail(item, "%s: wants ids, whole numbers above zero", key)
			return
		}
		ids = append(ids, id)
	})
	return ids
}

// formatReach writes a reach as [parser.reach] reads it.
func formatReach(r audit.Reach) string {
	ids := r.IDs()
	if len(ids) == 0 {
		return r.Word()
	}
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = strconv.FormatInt(id, 10)
	}
	return "[" + strings.Join(texts, ", ") + "]"
}

// subjectOf returns the key of what a debt is about, without its rule.
func subjectOf(d *audit.Debt) debtKey { return debtKey{kind: d.Kind, id: d.ID} }

// grants reads one entry of a baseline's reach: a set of repositories, and whose it is.
func (f *baselineFile) grants(n *yaml.Node) {
	var reach audit.Reach
	var subjects []debtKey
	whose := func(key, kind string) func(*yaml.Node) {
		return func(value *yaml.Node) {
			for _, id := range f.ids(key, value) {
				subjects = append(subjects, debtKey{kind: kind, id: id})
			}
		}
	}
	f.record(n, keyReach, targets{
		keyRepositories: &reach, keyTokens: whose(keyTokens, audit.KindToken),
		keyGrants:   whose(keyGrants, audit.KindGrant),
		keyRequests: whose(keyRequests, audit.KindRequest),
	})
	f.needs(n, "a reach", keyRepositories)
	for _, subject := range subjects {
		if _, again := f.reaches[subject]; again {
			f.fail(n, "reach: %s %d is there twice", subject.kind, subject.id)
		}
		f.reaches[subject] = reach
	}
}

// reachOf writes into a debt the reach of what it is about. One without is an error, told once
// for each.
func (f *baselineFile) reachOf(n *yaml.Node, d *audit.Debt) {
	subject := subjectOf(d)
	reach, said := f.reaches[subject]
	if !said {
		f.reaches[subject] = audit.Reach{}
		f.fail(n, "reach: it does not say which repositories %s %d reached: remove its debts, and "+
			"`pataudit baseline create -o %s --accept REASON` accepts them anew",
			d.Kind, d.ID, f.file)
	}
	d.Reach = reach
}

// writeReach writes the reach of each token or request, equal ones together: all, none, unknown,
// then lists.
func writeReach(text *bytes.Buffer, debts []audit.Debt) {
	reaches := map[debtKey]audit.Reach{}
	for i := range debts {
		subject := subjectOf(&debts[i])
		reach, said := reaches[subject]
		if said && !reach.Equal(debts[i].Reach) { // never more than each of them
			reaches[subject] = reach.Both(debts[i].Reach)
		} else if !said {
			reaches[subject] = debts[i].Reach
		}
	}
	subjects := slices.SortedFunc(maps.Keys(reaches), func(a, b debtKey) int {
		return cmp.Or(compareReach(reaches[a], reaches[b]), -cmp.Compare(a.kind, b.kind),
			cmp.Compare(a.id, b.id))
	})
	text.WriteString(keyReach + ":\n")
	for i, subject := range subjects {
		fresh := i == 0 || !reaches[subject].Equal(reaches[subjects[i-1]])
		if fresh {
			fmt.Fprintf(text, "  - %s: %s\n", keyRepositories, formatReach(reaches[subject]))
		}
		if fresh || subject.kind != subjects[i-1].kind {
			fmt.Fprintf(text, "    %ss:\n", subject.kind)
		}
		fmt.Fprintf(text, "      - %d\n", subject.id)
	}
}

// compareReach orders reaches as a baseline has them.
func compareReach(a, b audit.Reach) int {
	order := []string{
		audit.AllRepositories().Word(), audit.SomeRepositories().Word(), audit.Reach{}.Word(),
	}
	place := func(r audit.Reach) int {
		if i := slices.Index(order, r.Word()); i >= 0 {
			return i
		}
		return len(order)
	}
	return cmp.Or(cmp.Compare(place(a), place(b)), slices.Compare(a.IDs(), b.IDs()))
}
