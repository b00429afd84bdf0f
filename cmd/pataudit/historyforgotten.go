// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/audit/snapshot"
	"github.com/complytime/pataudit/report"
)

// forgetting takes one person out of the words of a history.
type forgetting struct {
	person *report.Forgotten
	logins []string // that the person had, the one that was named first
	ids    []int64
	known  *acquaintance
	runs   []history.Run

	left int // documents in which a login still stands
}

// find looks up by which ids and logins the person is known, and gives each id a number that
// nobody has. That nobody is known so is an error: a login can be any word, and what is replaced
// cannot be had back.
func (g *forgetting) find(ctx context.Context, store *history.Store, login string) (err error) {
	if g.runs, err = store.Runs(ctx, history.Query{}); err != nil {
		return err
	}
	people := newNamesakes()
	if err := people.meet(ctx, store, g.runs); err != nil {
		return err
	}
	g.person = &report.Forgotten{IDs: map[int64]int{}, Logins: map[string]int{}}
	g.logins, g.ids = []string{login}, people.called(login)
	next := people.numbered + 1
	for i, id := range g.ids {
		g.person.IDs[id] = next + i
		for _, name := range slices.Sorted(maps.Keys(people.byID[id])) {
			g.person.Logins[name] = next + i
			if !slices.ContainsFunc(g.logins, func(s string) bool { return strings.EqualFold(s, name) }) {
				g.logins = append(g.logins, name)
			}
		}
	}
	lower := strings.ToLower(login)
	g.person.Logins[lower] = cmp.Or(g.person.Logins[lower], next)
	if g.known = people.known(g.ids, g.logins); g.known == nil {
		return fmt.Errorf("nobody called %s is in the history: no owner of a token or of a request, "+
			"nobody who approved one or decided of one; nothing was changed", login)
	}
	return nil
}

// rewrite takes the person out of the words of one run; they stay as they are if they do not name
// the person.
func (g *forgetting) rewrite(w *history.Words) error {
	e, err := snapshot.Open(bytes.NewReader(w.Snapshot), "the evidence")
	if err != nil {
		return err
	}
	var before, after bytes.Buffer
	if _, err := snapshot.Save(&before, e); err != nil {
		return err
	}
	g.person.Evidence(e)
	digest, err := snapshot.Save(&after, e)
	if err != nil {
		return err
	}
	if bytes.Equal(before.Bytes(), after.Bytes()) {
		digest = ""
	} else {
		w.Snapshot = after.Bytes()
	}
	if w.Report, err = g.person.Report(w.Report, digest); err != nil {
		return err
	}
	reasons := make([]*string, len(w.Coverage))
	for i := range w.Coverage {
		reasons[i] = &w.Coverage[i].Reason
	}
	g.person.Quotes(reasons, w.Incomplete)
	w.Batch = g.person.Batch(w.Batch)
	for _, document := range [][]byte{w.Report, w.Snapshot} {
		if g.person.Mentions(string(document)) {
			g.left++
		}
	}
	return nil
}

// policies lists the digests of those whose text names the person.
func (g *forgetting) policies(
	ctx context.Context, store *history.Store,
) (digests []string, err error) {
	for i := range g.runs {
		digest := g.runs[i].Policy.Digest
		if slices.Contains(digests, digest) {
			continue
		}
		text, err := store.Policy(ctx, digest)
		if err != nil {
			return nil, err
		}
		if g.person.Mentions(string(text)) {
			digests = append(digests, digest)
		}
	}
	return digests, nil
}
