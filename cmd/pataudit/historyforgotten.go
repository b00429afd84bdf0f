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

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/audit/snapshot"
	"github.com/complytime/pataudit/report"
)

// forgetting takes one person out of the documents of a history.
type forgetting struct {
	person *report.Forgotten
	logins []string // that the person had, the one that was named first
	owned  bool     // the person owned a token
	runs   []int64

	left int // documents in which a login still stands
}

// find looks up by which ids and logins the person is known, in the evidence of all runs, and
// gives each id a number that nobody has.
func (g *forgetting) find(ctx context.Context, store *history.Store, login string) error {
	runs, err := store.Runs(ctx, history.Query{})
	if err != nil {
		return err
	}
	people := &namesakes{byID: map[int64]map[string]bool{}}
	for i := range runs {
		g.runs = append(g.runs, runs[i].Number)
		text, err := store.Snapshot(ctx, runs[i].Number)
		if err != nil {
			return err
		}
		evidence, err := snapshot.Open(bytes.NewReader(text),
			fmt.Sprintf("evidence of run %d", runs[i].Number))
		if err != nil {
			return err
		}
		people.add(evidence)
	}
	g.person = &report.Forgotten{IDs: map[int64]int{}, Logins: map[string]int{}}
	g.logins = []string{login}
	ids := people.called(login)
	g.owned = len(ids) > 0
	next := people.numbered + 1
	for i, id := range ids {
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
	return nil
}

// namesakes are the owners of tokens, by their ids: logins change hands.
type namesakes struct {
	byID     map[int64]map[string]bool // logins in lower case
	numbered int                       // the highest number of somebody who was forgotten
}

func (p *namesakes) add(e *audit.Evidence) {
	for _, token := range e.Tokens {
		p.owner(token.Owner)
	}
	for _, request := range e.Requests {
		p.owner(request.Token.Owner)
	}
}

func (p *namesakes) owner(m *audit.Member) {
	if m == nil {
		return
	}
	if n := report.StandIn(m.ID); n > 0 {
		p.numbered = max(p.numbered, n)
		return
	}
	if p.byID[m.ID] == nil {
		p.byID[m.ID] = map[string]bool{}
	}
	p.byID[m.ID][strings.ToLower(m.Login)] = true
}

// called lists the ids that ever had a login.
func (p *namesakes) called(login string) (ids []int64) {
	for id, logins := range p.byID {
		if logins[strings.ToLower(login)] {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// rewrite takes the person out of the documents of one run; they come back as they are if they do
// not name the person.
func (g *forgetting) rewrite(saved, evidence []byte) ([]byte, []byte, error) {
	e, err := snapshot.Open(bytes.NewReader(evidence), "the evidence")
	if err != nil {
		return nil, nil, err
	}
	var before, after bytes.Buffer
	if _, err := snapshot.Save(&before, e); err != nil {
		return nil, nil, err
	}
	g.person.Evidence(e)
	digest, err := snapshot.Save(&after, e)
	if err != nil {
		return nil, nil, err
	}
	newEvidence := after.Bytes()
	if bytes.Equal(before.Bytes(), newEvidence) {
		newEvidence, digest = evidence, ""
	}
	newReport, err := g.person.Report(saved, digest)
	if err != nil {
		return nil, nil, err
	}
	for _, document := range [][]byte{newReport, newEvidence} {
		if g.person.Mentions(string(document)) {
			g.left++
		}
	}
	return newReport, newEvidence, nil
}

// policies lists the digests of those whose text names the person.
func (g *forgetting) policies(
	ctx context.Context, store *history.Store,
) (digests []string, err error) {
	runs, err := store.Runs(ctx, history.Query{})
	if err != nil {
		return nil, err
	}
	for i := range runs {
		digest := runs[i].Policy.Digest
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
