// SPDX-License-Identifier: Apache-2.0

package history

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/audit/rules"
	"github.com/complytime/pataudit/audit/snapshot"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/report/json"
	"github.com/complytime/pataudit/report/privacy"
)

// removal takes one person out of the words of a history.
type removal struct {
	person *privacy.Forgotten
	logins []string // that the person had, the one that was named first
	ids    []int64
	known  map[role]int // at how many places the person is named as what
	runs   []history.Run

	left int // documents in which a login still stands
}

// find looks up by which ids and logins the person is known, and gives each id a number that
// nobody has. That nobody is known so is an error: a login can be any word, and what is replaced
// cannot be had back.
func (g *removal) find(ctx context.Context, store *history.Store, login string) (err error) {
	if g.runs, err = store.Runs(ctx, history.Query{}); err != nil {
		return err
	}
	all := newPeople()
	if err := all.collect(ctx, store, g.runs); err != nil {
		return err
	}
	g.person = &privacy.Forgotten{IDs: map[int64]int{}, Logins: map[string]int{}}
	g.logins, g.ids = []string{login}, all.called(login)
	next := all.numbered + 1
	for i, id := range g.ids {
		g.person.IDs[id] = next + i
		for _, name := range all.logins(id) {
			g.person.Logins[name] = next + i
			if !slices.ContainsFunc(g.logins, func(s string) bool { return strings.EqualFold(s, name) }) {
				g.logins = append(g.logins, name)
			}
		}
	}
	lower := strings.ToLower(login)
	g.person.Logins[lower] = cmp.Or(g.person.Logins[lower], next)
	if g.known = all.known(g.ids, g.logins); g.known == nil {
		return fmt.Errorf("nobody called %s is in the history: no owner of a token or of a request, "+
			"nobody who approved one or decided of one, nobody whom a policy names; nothing was "+
			"changed", login)
	}
	return nil
}

// rewrite takes the person out of the words of one run; they stay as they are if they do not name
// the person.
func (g *removal) rewrite(w *history.Words) error {
	digest, err := g.evidence(w)
	if err != nil {
		return err
	}
	digests, err := g.criteria(w.Criteria)
	if err != nil {
		return err
	}
	digests.Evidence = digest
	if err := g.report(w, digests); err != nil {
		return err
	}
	g.person.Coverage(w.Coverage)
	g.person.Gaps(w.Incomplete)
	w.Batch = g.person.Batch(w.Batch)
	return g.mentioned(w)
}

// evidence takes the person out of the evidence of a run. It returns the digest that this has
// then; "" if it does not name the person.
func (g *removal) evidence(w *history.Words) (digest string, err error) {
	e, err := records.Open(w.Snapshot, "the evidence", snapshot.Open)
	if err != nil {
		return "", err
	}
	g.person.Evidence(e)
	after, err := history.NewDocument(func(w io.Writer) error {
		_, err := snapshot.Save(w, e)
		return err
	})
	if err != nil || after.Digest() == w.Snapshot.Digest() {
		return "", err
	}
	w.Snapshot = after
	return after.Digest(), nil
}

// report takes the person out of the report of a run, and gives it the digests of what it was made
// of; "" is for those that it has.
func (g *removal) report(w *history.Words, digests json.Digests) error {
	write, err := json.Forget(g.person, w.Report.Reader, digests)
	if err != nil || write == nil {
		return err
	}
	w.Report, err = history.NewDocument(write)
	return err
}

// mentioned counts the documents of a run in which a login still stands.
func (g *removal) mentioned(w *history.Words) error {
	report, err := w.Report.Reader()
	if err != nil {
		return err
	}
	evidence, err := w.Snapshot.Reader()
	if err != nil {
		return err
	}
	documents := []io.Reader{report, evidence}
	for _, t := range w.Criteria.Texts() {
		documents = append(documents, bytes.NewReader(*t.Text))
	}
	for _, document := range documents {
		mentions, err := g.person.Mentions(document)
		if err != nil {
			return err
		}
		if mentions {
			g.left++
		}
	}
	return nil
}

// criteria takes the person out of what a run was judged by. It returns the digests of the policy
// that is another one now, and of the registry; "" if it is the same.
func (g *removal) criteria(c *audit.Criteria) (digests json.Digests, err error) {
	p, err := policy.OfCriteria(c, rules.All)
	if err != nil { // another version wrote it, with rules that this one does not know
		for _, t := range c.Texts() {
			*t.Text = g.person.Text(*t.Text)
		}
		return digests, nil //nolint:nilerr // what cannot be read is rewritten as it stands
	}
	before, err := policy.Criteria(p, c.Options())
	if err != nil {
		return digests, err
	}
	digest := p.Digest
	g.person.Policy(p)
	if err := policy.Seal(p); err != nil {
		return digests, err
	}
	if r := p.Registry; r != nil {
		named := r.Digest
		if policy.SealRegistry(r); r.Digest != named {
			digests.Registry = r.Digest
		}
	}
	after, err := policy.Criteria(p, c.Options())
	if err != nil {
		return digests, err
	}
	// A text that names nobody stays as it is.
	texts, rewritten := before.Texts(), after.Texts()
	for i, text := range c.Texts() {
		if !bytes.Equal(*texts[i].Text, *rewritten[i].Text) {
			*text.Text = *rewritten[i].Text
		}
	}
	if p.Digest != digest {
		digests.Policy = p.Digest
	}
	return digests, nil
}
