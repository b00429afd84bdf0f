// SPDX-License-Identifier: Apache-2.0

package view

import (
	"time"

	"github.com/complytime/pataudit/audit"
)

// Date is a time of a token, as far as it is known.
type Date struct {
	Known bool
	At    time.Time // zero: there is none
	None  string    // what is said if there is none
}

// Created returns when a token was created.
func Created(t *audit.Token) Date {
	return Date{t.Known.Has(audit.FactCreated), t.CreatedAt, Unknown}
}

// Granted returns when a token was approved.
func Granted(t *audit.Token) Date {
	return Date{t.Known.Has(audit.FactGranted), t.GrantedAt, Unknown}
}

// Expires returns when a token expires. Of one that has expired GitHub tells no time.
func Expires(t *audit.Token) Date {
	if t.Expired {
		return Date{Known: true, None: "expired"}
	}
	return Date{t.Known.Has(audit.FactExpiry), t.ExpiresAt, "never"}
}

// LastUsed returns when a token was last used.
func LastUsed(t *audit.Token) Date {
	return Date{t.Known.Has(audit.FactLastUsed), t.LastUsedAt, "never"}
}

// Word returns what is said in place of a time; "" if there is one.
func (d Date) Word() string {
	switch {
	case !d.Known:
		return Unknown
	case d.At.IsZero():
		return d.None
	}
	return ""
}

// Day returns the day, or a word.
func (d Date) Day() string {
	if word := d.Word(); word != "" {
		return word
	}
	return DayOf(d.At)
}

// Instant returns the instant after RFC 3339, or a word.
func (d Date) Instant() string {
	if word := d.Word(); word != "" {
		return word
	}
	return InstantOf(d.At)
}

// DayOf returns the day of an instant; "" if there is none.
func DayOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

// InstantOf returns an instant after RFC 3339; "" if there is none.
func InstantOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
