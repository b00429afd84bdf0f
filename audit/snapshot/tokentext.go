// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"fmt"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// appendTo appends the row as the library writes it by its tags, at a quarter of the cost: nearly
// all of a snapshot is rows of tokens, and each run makes one for the digest of its evidence.
func (r *tokenRow) appendTo(b []byte) (_ []byte, err error) {
	w := tokenText{b: append(b, '{')}
	w.number("id", r.ID)
	if r.TokenID != 0 {
		w.number("token_id", r.TokenID)
	}
	w.text("name", r.Name)
	if r.Owner != nil {
		w.number("owner", *r.Owner)
	}
	w.text("selection", string(r.Selection))
	if r.Permissions != nil {
		w.number("permissions", int64(*r.Permissions))
	}
	if r.Repositories != nil {
		w.key("repositories")
		array(&w, r.Repositories, func(id int64) { w.b = strconv.AppendInt(w.b, id, 10) })
	}
	w.time("granted_at", r.GrantedAt)
	w.time("token_created_at", r.CreatedAt)
	w.text("approved_by", r.ApprovedBy)
	w.text("approver_role", string(r.ApproverRole))
	w.time("approver_role_since", r.RoleSince)
	w.time("approver_role_until", r.RoleUntil)
	w.time("expires_at", r.ExpiresAt)
	w.time("last_used_at", r.LastUsedAt)
	if r.Expired {
		w.key("expired")
		w.b = append(w.b, "true"...)
	}
	if r.Known != nil {
		w.key("known")
		array(&w, r.Known, w.quote)
	}
	return append(w.b, '}'), w.err
}

// tokenText is a row that is being written. What is zero is left out.
type tokenText struct {
	b   []byte
	err error // the first
}

func (w *tokenText) key(name string) {
	if w.b[len(w.b)-1] != '{' {
		w.b = append(w.b, ',')
	}
	w.b = append(append(append(w.b, '"'), name...), `":`...)
}

func (w *tokenText) number(key string, n int64) {
	w.key(key)
	w.b = strconv.AppendInt(w.b, n, 10)
}

func (w *tokenText) text(key, text string) {
	if text != "" {
		w.key(key)
		w.quote(text)
	}
}

func (w *tokenText) quote(text string) {
	quoted, err := jsontext.AppendQuote(w.b, text)
	if w.b = quoted; err != nil && w.err == nil {
		w.err = err
	}
}

func (w *tokenText) time(key string, t time.Time) {
	if t.IsZero() {
		return
	}
	if y := t.Year(); (y < 0 || y > 9999) && w.err == nil {
		w.err = fmt.Errorf("%s: the year %d is not of four digits", key, y)
	}
	w.key(key)
	w.b = append(t.AppendFormat(append(w.b, '"'), time.RFC3339Nano), '"')
}

// array writes a list, of which item writes each item.
func array[T any](w *tokenText, items []T, item func(T)) {
	w.b = append(w.b, '[')
	for i := range items {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		item(items[i])
	}
	w.b = append(w.b, ']')
}
