// SPDX-License-Identifier: Apache-2.0

package show

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/screen"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// Owner writes of one person, by login in any case: the tokens, the worst first, and what stops
// working when that person leaves. It reports whether the person owns a token or asks for one;
// nothing is written otherwise.
func Owner(w io.Writer, run *audit.Run, login string, v view.View) (found bool, err error) {
	p := screen.NewPage(w, &v)
	theirs := func(results func(func(*audit.Result) bool)) (list []*audit.Result, open int) {
		for r := range results {
			switch {
			case r.Token.Owner == nil:
				open++
			case strings.EqualFold(r.Token.Owner.Login, login):
				list = append(list, r)
			}
		}
		return list, open
	}
	tokens, open := theirs(run.Results())
	requests, _ := theirs(run.Requests())
	if len(tokens)+len(requests) == 0 {
		return false, nil
	}
	slices.SortStableFunc(tokens, func(a, b *audit.Result) int {
		return cmp.Or(
			cmp.Compare(view.Rank(view.Stand(run, a)), view.Rank(view.Stand(run, b))),
			cmp.Compare(b.Severity, a.Severity),
		)
	})
	first := append(slices.Clone(tokens), requests...)[0]
	p.Line(p.Heading(safe.Terminal(first.Token.Owner.Login), safe.Plural(len(tokens), "token")+" of "+
		safe.Terminal(run.Organization.Login)))
	p.Blank()
	p.Say(screen.None, "PERSON", words.OwnerInFull(first), "")
	p.Blank()
	for _, r := range tokens {
		writeOwned(p, run, r)
	}
	for _, r := range requests {
		p.Say(screen.None, "waiting", "pending request "+ownedText(p, run, r), "")
	}
	for _, c := range words.ClassicOf(run, &view.View{Filter: view.Filter{Owners: []string{login}}}) {
		p.Say(screen.None, "classic", p.ClassicLine(c, run.AsOf), "")
	}
	writeLeaving(p, run, tokens)
	if open > 0 {
		p.Blank()
		p.Say(screen.Yellow, "NOT KNOWN", "the owner of "+safe.Plural(open, "token")+
			", which may be theirs, too", "")
	}
	return true, p.Flush()
}

// writeOwned writes a line about one of a person's tokens, and its reasons.
func writeOwned(p *screen.Page, run *audit.Run, r *audit.Result) {
	label := view.PlaceOf(run, r, r.Findings).Label()
	p.Say(screen.SeverityColor(label), label, ownedText(p, run, r), "")
	for _, f := range r.Findings {
		if f.Status == audit.Fail || view.Unjudged(f) {
			p.Say(screen.Dim, "", safe.Terminal(f.Rule.Rule.ID+": ")+words.Why(f), "")
		}
	}
}

func ownedText(p *screen.Page, run *audit.Run, r *audit.Result) string {
	t := r.Token
	name := cmp.Or(safe.Terminal(t.Name), "without a name")
	id := ""
	if t.TokenID != 0 {
		id = fmt.Sprintf(" (token %d)", t.TokenID)
	}
	text := fmt.Sprintf("%s%s: %s", name, id, words.Reach(run, t))
	if r.Request == nil {
		text += "; " + words.LastUse(t, run.AsOf)
	}
	return text
}

// writeLeaving writes what stops working with the person: the tokens that are or may be in use,
// and what each of them does. GitHub takes a member's tokens away with the membership.
func writeLeaving(p *screen.Page, run *audit.Run, tokens []*audit.Result) {
	p.Blank()
	var idle []string
	used := 0
	for _, r := range tokens {
		t := r.Token
		known := t.Known.Has(audit.FactLastUsed)
		if t.Expired || known && t.LastUsedAt.Before(run.AsOf.Add(-view.InUseWithin)) {
			idle = append(idle, words.ShortName(t))
			continue
		}
		if used++; used == 1 {
			p.Say(screen.Bold, "IF THEY GO", "these tokens stop working, and what runs on them:", "")
		}
		p.Say(screen.None, "", words.ShortName(t)+", "+words.LastUse(t, run.AsOf), "")
		reaches := "reaches " + words.ReachInFull(run, t, words.MostListed)
		for _, text := range append([]string{reaches}, words.Rights(t)...) {
			p.Hang(screen.None, "", text, "", screen.LabelWidth+2)
		}
	}
	if used == 0 {
		p.Say(screen.Bold, "IF THEY GO", "no token that was used in the last 90 days stops working", "")
	}
	if len(idle) > 0 {
		p.Say(screen.None, "", "not used in 90 days, or expired: "+strings.Join(idle, ", "), "")
	}
}
