// SPDX-License-Identifier: Apache-2.0

package report

import (
	"time"

	"github.com/complytime/pataudit/audit"
)

// date is a time of a token, as far as it is known.
type date struct {
	known bool
	at    time.Time // zero: there is none
	none  string    // what is said if there is none
}

// created returns when a token was created.
func created(t *audit.Token) date {
	return date{t.Known.Has(audit.FactCreated), t.CreatedAt, notLearned}
}

// granted returns when a token was approved.
func granted(t *audit.Token) date {
	return date{t.Known.Has(audit.FactGranted), t.GrantedAt, notLearned}
}

// expires returns when a token expires. Of one that has expired GitHub tells no time.
func expires(t *audit.Token) date {
	if t.Expired {
		return date{known: true, none: "expired"}
	}
	return date{t.Known.Has(audit.FactExpiry), t.ExpiresAt, "never"}
}

// lastUsed returns when a token was last used.
func lastUsed(t *audit.Token) date {
	return date{t.Known.Has(audit.FactLastUsed), t.LastUsedAt, "never"}
}

// word returns what is said in place of a time; "" if there is one.
func (d date) word() string {
	switch {
	case !d.known:
		return notLearned
	case d.at.IsZero():
		return d.none
	}
	return ""
}

// day returns the day, or a word.
func (d date) day() string {
	if word := d.word(); word != "" {
		return word
	}
	return dayOf(d.at)
}

// instant returns the instant after RFC 3339, or a word.
func (d date) instant() string {
	if word := d.word(); word != "" {
		return word
	}
	return instantOf(d.at)
}

// dayOf returns the day of an instant; "" if there is none.
func dayOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

// instantOf returns an instant after RFC 3339; "" if there is none.
func instantOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
