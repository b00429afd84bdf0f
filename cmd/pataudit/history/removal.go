// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"fmt"
	"strings"

	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/safe"
)

// forget takes a person out of the store, or prints what that would change.
func forget(
	ctx context.Context, u *ui.UI, store *history.Store, login string, really bool,
) error {
	g := &removal{}
	if err := g.find(ctx, store, login); err != nil {
		return err
	}
	n := 0
	var err error
	if really {
		n, err = store.Forget(ctx, g.logins, g.rewrite)
	} else {
		n, err = g.preview(ctx, store)
	}
	if err != nil {
		return err
	}
	return u.PrintLines(g.changed(n, really)...)
}

// preview counts the runs that would be changed.
func (g *removal) preview(ctx context.Context, store *history.Store) (n int, err error) {
	for i := range g.runs {
		number := g.runs[i].Number
		before, err := store.Words(ctx, number)
		if err != nil {
			return n, err
		}
		after, err := before.Rewritten(g.rewrite)
		if err != nil {
			return n, fmt.Errorf("run %d: %w", number, err)
		}
		if after != nil {
			n++
		}
	}
	return n, nil
}

// personLine returns which person is meant: a wrong one cannot be had back.
func (g *removal) personLine() string {
	words := g.logins[0]
	switch ids := strings.Trim(strings.ReplaceAll(fmt.Sprint(g.ids), " ", ", "), "[]"); len(g.ids) {
	case 0:
		words += ": no user id is known"
	case 1:
		words += ": user id " + ids
	default:
		words += ": these had the name, and all are meant: user ids " + ids
	}
	if also := g.logins[1:]; len(also) > 0 {
		words += ", also called " + strings.Join(also, ", ")
	}
	words += fmt.Sprintf("; owner of %s, in %s", safe.Plural(g.known[roleOwner], "token"),
		safe.Plural(g.known[rolePresent], "run"))
	if n := g.known[roleApprover]; n > 0 {
		words += fmt.Sprintf("; approved %s", safe.Plural(n, "token"))
	}
	if n := g.known[roleDecider]; n > 0 {
		words += fmt.Sprintf("; made %s", safe.Plural(n, "decision"))
	}
	if n := g.known[roleNamed]; n > 0 {
		words += "; named in the policy or the baseline of " + safe.Plural(n, "run")
	}
	return words
}

// changed returns in lines what was changed, and what is not in our hands.
func (g *removal) changed(n int, really bool) []string {
	verb := "were changed"
	if !really {
		verb = "would change: nothing was changed, --yes does it"
	}
	lines := []string{
		g.personLine(), fmt.Sprintf("%d of %s %s", n, safe.Plural(len(g.runs), "run"), verb),
	}
	if n > 0 {
		lines = append(lines, "their evidence gets another digest; `pataudit history list` keeps the "+
			"one that was judged")
	}
	if g.left > 0 {
		lines = append(lines, fmt.Sprintf("the login still stands as a word in %s: the name of a "+
			"repository, or an ordinary word", safe.Plural(g.left, "document")))
	}
	return append(lines, "not covered: files that were written, backups, PostgreSQL's write-ahead "+
		"log, the files with policies, decisions and baselines")
}
