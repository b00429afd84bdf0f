// SPDX-License-Identifier: Apache-2.0

package history

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
	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/audit/rules"
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
			"nobody who approved one or decided of one, nobody whom a policy names; nothing was "+
			"changed", login)
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
	policy, err := g.criteria(w.Criteria)
	if err != nil {
		return err
	}
	if w.Report, err = g.person.Report(w.Report, digest, policy); err != nil {
		return err
	}
	reasons := make([]*string, len(w.Coverage))
	for i := range w.Coverage {
		reasons[i] = &w.Coverage[i].Reason
	}
	g.person.Quotes(reasons, w.Incomplete)
	w.Batch = g.person.Batch(w.Batch)
	for _, document := range [][]byte{
		w.Report, w.Snapshot, w.Criteria.Policy, w.Criteria.Decisions, w.Criteria.Baseline,
	} {
		if g.person.Mentions(string(document)) {
			g.left++
		}
	}
	return nil
}

// criteria takes the person out of what a run was judged by. It returns the digest of the policy
// that asks otherwise now; "" if it is the same.
func (g *forgetting) criteria(c *audit.Criteria) (digest string, err error) {
	p, err := policy.OfCriteria(c, rules.All)
	if err != nil { // another version wrote it, with rules that this one does not know
		for _, text := range []*[]byte{&c.Policy, &c.Decisions, &c.Baseline} {
			*text = g.person.Text(*text)
		}
		return "", nil //nolint:nilerr // what cannot be read is rewritten as it stands
	}
	before, err := policy.Criteria(p)
	if err != nil {
		return "", err
	}
	asked := p.Digest
	g.person.Policy(p)
	if err := policy.Seal(p); err != nil {
		return "", err
	}
	after, err := policy.Criteria(p)
	if err != nil {
		return "", err
	}
	// A text that names nobody stays as it is.
	for _, text := range []struct{ kept, before, after *[]byte }{
		{&c.Policy, &before.Policy, &after.Policy},
		{&c.Decisions, &before.Decisions, &after.Decisions},
		{&c.Baseline, &before.Baseline, &after.Baseline},
	} {
		if !bytes.Equal(*text.before, *text.after) {
			*text.kept = *text.after
		}
	}
	if p.Digest != asked {
		digest = p.Digest
	}
	return digest, nil
}
