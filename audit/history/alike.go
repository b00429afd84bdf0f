// SPDX-License-Identifier: Apache-2.0

package history

import "database/sql"

// Of what rows of the tables hold, much is the same in many: digests, names of rules and of
// owners, since when a finding is open. It is held once.

// mostAlike is how many values are held to be compared with: those that are a token's own are
// many, and differ.
const mostAlike = 1 << 14

// alike has values by what identifies them.
type alike[K comparable, V any] map[K]V

// shared returns the value that a key had before, or has now.
func (a alike[K, V]) shared(key K, value V) V {
	if before, known := a[key]; known {
		return before
	}
	if len(a) == mostAlike {
		clear(a)
	}
	a[key] = value
	return value
}

// texts are alike texts, as they are read and as they are stored.
type texts alike[string, text]

// column returns where a column of texts is scanned into.
func (t texts) column(into *text) sql.Scanner { return &alikeText{t, into} }

type alikeText struct {
	texts texts
	into  *text
}

// Scan reads a text back.
func (a *alikeText) Scan(stored any) error {
	s, is := stored.(string)
	if known, before := a.texts[s]; is && before {
		*a.into = known
		return nil
	}
	err := a.into.Scan(stored)
	if is && err == nil {
		*a.into = alike[string, text](a.texts).shared(s, *a.into)
	}
	return err
}
