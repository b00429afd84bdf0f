// SPDX-License-Identifier: Apache-2.0

package view

import (
	"cmp"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
)

// Fact is what GitHub shows of a token, as far as it is known: an instant, a text, or that there
// is none.
type Fact struct {
	Known bool
	At    time.Time // zero: it is a text, or there is none
	Text  string    // not sanitized
	None  string    // the word if there is none
}

// TokenFact is a fact of each token, by the names that it has in reports.
type TokenFact struct {
	Key   string // of JSON and CSV
	Title string // of a column
	Verb  string // in a sentence: "last used"
	Short string // where there is little room: "used"

	Granted bool // of a granted token, not of a pending request
	Logged  bool // an audit log has it, if one is asked; else it is left out

	Of func(*audit.Token) Fact
}

// TokenFacts are the facts of a token's life, in the order in which they are shown. Formats range
// over them, so that a new one needs a line here alone.
var TokenFacts = []TokenFact{
	{
		Key: "token_created_at", Title: "Created", Verb: "created", Short: "created", Logged: true,
		Of: Created,
	},
	{
		Key: "granted_at", Title: "Granted", Verb: "granted", Short: "granted", Granted: true,
		Of: Granted,
	},
	{
		Key: "approved_by", Title: "Approved by", Verb: "approved by", Short: "by", Granted: true,
		Logged: true, Of: ApprovedBy,
	},
	{Key: "expires_at", Title: "Expires", Verb: "expires", Short: "expires", Of: Expires},
	{
		Key: "last_used_at", Title: "Last used", Verb: "last used", Short: "used", Granted: true,
		Of: LastUsed,
	},
}

// Created returns when a token was created.
func Created(t *audit.Token) Fact {
	return Fact{Known: t.Known.Has(audit.FactCreated), At: t.CreatedAt, None: Unknown}
}

// Granted returns when a token was approved.
func Granted(t *audit.Token) Fact {
	return Fact{Known: t.Known.Has(audit.FactGranted), At: t.GrantedAt, None: Unknown}
}

// ApprovedBy returns the login of who approved a token.
func ApprovedBy(t *audit.Token) Fact {
	return Fact{Known: t.ApprovedBy != "", Text: t.ApprovedBy}
}

// Expires returns when a token expires. Of one that has expired GitHub shows no time.
func Expires(t *audit.Token) Fact {
	if t.Expired {
		return Fact{Known: true, None: ExpiredLabel}
	}
	return Fact{Known: t.Known.Has(audit.FactExpiry), At: t.ExpiresAt, None: "never"}
}

// LastUsed returns when a token was last used.
func LastUsed(t *audit.Token) Fact {
	return Fact{Known: t.Known.Has(audit.FactLastUsed), At: t.LastUsedAt, None: "never"}
}

// Word returns the word in place of a time; "" if there is a time.
func (f Fact) Word() string {
	switch {
	case !f.Known:
		return Unknown
	case f.At.IsZero():
		return cmp.Or(f.Text, f.None)
	}
	return ""
}

// Day returns the day, or a word.
func (f Fact) Day() string { return cmp.Or(f.Word(), DayOf(f.At)) }

// Instant returns the instant after RFC 3339, or a word.
func (f Fact) Instant() string { return cmp.Or(f.Word(), InstantOf(f.At)) }

// DayOf returns the day of an instant; "" if there is none.
func DayOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

// On returns the day of an instant with words in front: "due 2027-01-31"; "" if there is none.
func On(words string, t time.Time) string { return safe.Around(words, DayOf(t), "") }

// InstantOf returns an instant after RFC 3339; "" if there is none.
func InstantOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// HasList reports whether a token has a list of repositories, and that is known.
func HasList(t *audit.Token) bool {
	return t.Selection == audit.SelectSubset && t.Known.Has(audit.FactRepositories)
}

// NamesOf returns the names of repositories. They are not sanitized.
func NamesOf(repositories []*audit.Repository) []string {
	names := make([]string, len(repositories))
	for i, repository := range repositories {
		names[i] = repository.Name
	}
	return names
}

// Age returns a request's age in days.
func Age(r *audit.Request, asOf time.Time) (n int64, known bool) {
	if r.CreatedAt.IsZero() || asOf.IsZero() {
		return 0, false
	}
	return max(0, audit.CalendarDays(r.CreatedAt, asOf)), true
}

// FirstSeen returns when the token was first seen by any run; zero if that is not remembered.
func FirstSeen(r *audit.Result) time.Time {
	if r.Past == nil {
		return time.Time{}
	}
	return r.Past.FirstSeen
}
