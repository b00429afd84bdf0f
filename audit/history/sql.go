// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// querier is a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// each scans every row of an answer.
func each(
	ctx context.Context, q querier, scan func(*sql.Rows) error, query string, args ...any,
) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // only read
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// target is a table to write rows to.
type target struct {
	table    string
	columns  []string
	conflict string // what becomes of a row that is there: "ON CONFLICT …"
}

// put writes rows, as many at a time as parameters allow; 0: as arrays.
func put[R any](
	ctx context.Context, tx *sql.Tx, parameters int, to *target, rows []R, values func(*R) []any,
) error {
	if parameters == 0 {
		return putArrays(ctx, tx, to, rows, values)
	}
	many := max(1, parameters/len(to.columns))
	if err := putEach(ctx, tx, to, rows[:len(rows)/many*many], many, values); err != nil {
		return err
	}
	rest := rows[len(rows)/many*many:]
	return putEach(ctx, tx, to, rest, len(rest), values)
}

// putEach writes rows by one statement, so many at a time; their number is a multiple of that.
func putEach[R any](
	ctx context.Context, tx *sql.Tx, to *target, rows []R, many int, values func(*R) []any,
) error {
	if len(rows) == 0 {
		return nil
	}
	insert, err := tx.PrepareContext(ctx, to.insert(many))
	if err != nil {
		return err
	}
	defer func() { _ = insert.Close() }() // it ends with the transaction
	args := make([]any, 0, many*len(to.columns))
	for some := range slices.Chunk(rows, many) {
		args = args[:0]
		for i := range some {
			args = append(args, values(&some[i])...)
		}
		if _, err := insert.ExecContext(ctx, args...); err != nil {
			return err
		}
	}
	return nil
}

// insert returns the statement for some rows.
func (t *target) insert(rows int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "INSERT INTO %s (%s) VALUES ", t.table, strings.Join(t.columns, ", "))
	for n := range rows * len(t.columns) {
		switch {
		case n%len(t.columns) > 0:
			b.WriteString(", $")
		case n > 0:
			b.WriteString("), ($")
		default:
			b.WriteString("($")
		}
		b.WriteString(strconv.Itoa(n + 1))
	}
	b.WriteString(") " + t.conflict)
	return b.String()
}

// micros returns an instant as it is stored: microseconds since 1970, also for the zero time.
func micros(t time.Time) int64 { return t.UnixMicro() }

// instant is the inverse; the zero time comes back as such.
func instant(micros int64) time.Time { return time.UnixMicro(micros).UTC() }

// text is a text as it is stored. PostgreSQL takes neither U+0000 nor bytes that are no UTF-8,
// both of which a name may hold: they are written as \x00, and a backslash as two.
type text string

// Value returns the text as it is stored.
func (t text) Value() (driver.Value, error) {
	if utf8.ValidString(string(t)) && !strings.ContainsAny(string(t), "\x00\\") {
		return string(t), nil
	}
	var b strings.Builder
	for rest := string(t); rest != ""; {
		r, size := utf8.DecodeRuneInString(rest)
		switch {
		case r == '\\':
			b.WriteString(`\\`)
		case r == 0, r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, rest[0])
		default:
			b.WriteString(rest[:size])
		}
		rest = rest[size:]
	}
	return b.String(), nil
}

// Scan reads a text back.
func (t *text) Scan(stored any) error {
	var s string
	switch v := stored.(type) {
	case string:
		s = v
	case []byte:
		s = string(v)
	default:
		return fmt.Errorf("a text is stored as %T", stored)
	}
	var b strings.Builder
	for {
		plain, escaped, found := strings.Cut(s, `\`)
		b.WriteString(plain)
		switch {
		case !found:
			*t = text(b.String())
			return nil
		case strings.HasPrefix(escaped, `\`):
			b.WriteByte('\\')
			s = escaped[1:]
		case len(escaped) >= 3 && escaped[0] == 'x':
			raw, err := hex.DecodeString(escaped[1:3])
			if err != nil {
				return fmt.Errorf("a text is stored wrongly: %w", err)
			}
			b.Write(raw)
			s = escaped[3:]
		default:
			return fmt.Errorf("a text is stored wrongly: %.60q", stored)
		}
	}
}

// maxFolded bounds what an index holds. No login that GitHub gives is as long.
const maxFolded = 200

// folded returns a name as it is looked up by, in lower case.
func folded(name string) text {
	if name = strings.ToLower(name); len(name) > maxFolded {
		return text(digestOf(name))
	}
	return text(name)
}

// digestOf returns a key of a text, another one for each.
func digestOf(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:16])
}

// asJSON is a small value that is stored as JSON.
type asJSON[T any] struct{ value *T }

// Value returns the JSON.
func (j asJSON[T]) Value() (driver.Value, error) {
	data, err := json.Marshal(j.value)
	return string(data), err
}

// Scan reads it back.
func (j asJSON[T]) Scan(stored any) error {
	switch v := stored.(type) {
	case string:
		return json.Unmarshal([]byte(v), j.value)
	case []byte:
		return json.Unmarshal(v, j.value)
	}
	return fmt.Errorf("JSON is stored as %T", stored)
}
