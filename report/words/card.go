// SPDX-License-Identifier: Apache-2.0

package words

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// What is shown of one token where there is room for all of it.

// MostListed is how many repositories a line lists, unless more were asked for.
const MostListed = 20

// IDs returns the ids of a token and of its grant, or of a request: "token 98716, grant 25381".
func IDs(r *audit.Result) string {
	t, kind := r.Token, "grant"
	if r.Request != nil {
		kind = "pending request"
	}
	text := fmt.Sprintf("%s %d", kind, t.ID)
	if t.TokenID != 0 {
		text = fmt.Sprintf("token %d, %s", t.TokenID, text)
	}
	return text
}

// OwnerInFull returns an owner's login and what the organization knows of that account.
func OwnerInFull(r *audit.Result) string {
	t := r.Token
	if t.Owner == nil {
		return "not known"
	}
	texts := []string{t.Owner.Login, "role: " + Role(t), "second factor: " + SecondFactor(t)}
	return safe.Terminal(strings.Join(append(texts, Registration(r.Registration)...), "; "))
}

// ReachInFull returns which repositories a token reaches, by their names.
func ReachInFull(run *audit.Run, t *audit.Token, most int) string {
	switch {
	case t.Selection == audit.SelectAll:
		text := "all repositories, present and future"
		if n, known := RepositoriesOf(run); known {
			text += fmt.Sprintf(" (%d now)", n)
		}
		return text
	case t.Selection == audit.SelectNone:
		return "public repositories only, to read"
	case t.Selection != audit.SelectSubset:
		return safe.Terminal(fmt.Sprintf("not known: selection %q", string(t.Selection)))
	case !t.Known.Has(audit.FactRepositories):
		return "selected repositories; which ones is not known"
	}
	if len(t.Repositories) == 0 {
		return "none of the repositories"
	}
	return safe.Terminal(safe.Plural(len(t.Repositories), "repository") + ": " +
		strings.Join(FirstOf(view.NamesOf(t.Repositories), most, 0), ", "))
}

// Ago returns the day of a fact, and how far away it is; or its text.
func Ago(d view.Fact, asOf time.Time) string {
	switch word := d.Word(); {
	case !d.Known:
		return "not known"
	case word != "":
		return safe.Terminal(word)
	}
	switch n := audit.CalendarDays(asOf, d.At); {
	case asOf.IsZero():
		return view.DayOf(d.At)
	case n > 0:
		return fmt.Sprintf("%s, in %s", view.DayOf(d.At), safe.Plural(int(n), "day"))
	case n < 0:
		return fmt.Sprintf("%s, %s ago", view.DayOf(d.At), safe.Plural(int(-n), "day"))
	}
	return view.DayOf(d.At) + ", today"
}

// LastUse returns in a sentence when the token was last used.
func LastUse(t *audit.Token, asOf time.Time) string {
	switch text := Used(t, asOf); text {
	case "?":
		return "it is not known when it was used"
	case "never":
		return "never used"
	case "today":
		return "used today"
	default:
		return "used " + text + " ago"
	}
}

// Life returns what is known of a token's life, as say puts each fact of it into words, unless it
// has no words; of a request, since when it waits.
func Life(r *audit.Result, say func(*view.TokenFact, view.Fact) string) (texts []string) {
	if q := r.Request; q != nil {
		texts = append(texts, cmp.Or(view.On("asked for ", q.CreatedAt), "not granted yet"))
	}
	for i := range view.TokenFacts {
		f := &view.TokenFacts[i]
		fact := f.Of(r.Token)
		switch text := say(f, fact); {
		case f.Granted && r.Request != nil, f.Logged && !fact.Known, text == "":
		case fact.Word() == view.ExpiredLabel:
			at := safe.Around(" ", view.DayOf(view.LastExpiry(r)), ", by history")
			texts = append(texts, "expired"+at)
		default:
			texts = append(texts, text)
		}
	}
	if seen := view.On("first seen ", view.FirstSeen(r)); seen != "" {
		texts = append(texts, seen)
	}
	return texts
}

// Dates returns when a token was created, granted and used, by whom, and when it expires.
func Dates(run *audit.Run, r *audit.Result) string {
	return strings.Join(Life(r, func(f *view.TokenFact, fact view.Fact) string {
		return f.Verb + " " + Ago(fact, run.AsOf)
	}), "; ")
}

// Waiver returns who accepted a finding of a token, until when, and why. It is not sanitized.
func Waiver(d *audit.Decision, t *audit.Token) string {
	text := "by " + d.By
	if d.ByOwner(t) {
		text += ", its own owner,"
	}
	return safe.Join("; ", text+" until "+view.DayOf(d.Until), d.Reason, d.Ticket)
}
