// SPDX-License-Identifier: Apache-2.0

package history

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"math/bits"
	"slices"
	"strconv"
	"strings"
)

// What runs told of tokens and findings is in tables beside the runs. Of each of these tables an
// organization has a digest of its rows, which is held against them before anything is recalled.
// It is the sum of the rows' own digests: no order of the rows changes it, and a run that is saved
// takes away what it replaces and adds what it writes, without reading the rest. If somebody else
// changed a row, the difference stays, whatever is saved later. As with runs, who can write the
// store can write these digests, too.

// digestedTables are the tables that have such digests. Their first column is the organization.
func digestedTables() []*target {
	return []*target{
		intoTokens(), intoStates(), intoContents(), intoFindings(),
		expiryTable.into(), approvalTable.into(), roleTable.into(),
	}
}

// tableDigests are the digests of an organization, by table, as they are stored: that of its own
// row, too. A table without rows has the zero digest.
type tableDigests map[string]rowsDigest

// rowsDigest is a sum of SHA-256 digests: a number of 256 bits, its lowest word first. It need not
// withstand who chooses rows for a sum: they could write the sum as well.
type rowsDigest [4]uint64

func (d *rowsDigest) add(other rowsDigest) {
	var carry uint64
	for i := range d {
		d[i], carry = bits.Add64(d[i], other[i], carry)
	}
}

func (d *rowsDigest) subtract(other rowsDigest) {
	var borrow uint64
	for i := range d {
		d[i], borrow = bits.Sub64(d[i], other[i], borrow)
	}
}

// MarshalText writes the number in hexadecimal.
func (d rowsDigest) MarshalText() ([]byte, error) {
	return fmt.Appendf(nil, "%016x%016x%016x%016x", d[3], d[2], d[1], d[0]), nil
}

// UnmarshalText is the inverse.
func (d *rowsDigest) UnmarshalText(text []byte) error {
	number, err := hex.DecodeString(string(text))
	if err != nil || len(number) != sha256.Size {
		return errors.New("it is no digest of rows")
	}
	for i := range d {
		d[len(d)-1-i] = binary.BigEndian.Uint64(number[8*i:])
	}
	return nil
}

// rowBytes are the columns of one row, each as both databases have it.
type rowBytes []byte

// Scan adds a column.
func (b *rowBytes) Scan(stored any) error {
	switch v := stored.(type) {
	case bool:
		*b = append(*b, map[bool]byte{false: '0', true: '1'}[v])
	case int64:
		*b = strconv.AppendInt(*b, v, 10)
	case string:
		*b = append(strconv.AppendInt(*b, int64(len(v)), 10), ':')
		*b = append(*b, v...)
	default: // we store nothing else
		*b = fmt.Appendf(*b, "%T(%v)", v, v)
	}
	*b = append(*b, ',')
	return nil
}

func (b *rowBytes) digest() (d rowsDigest) {
	sum := sha256.Sum256(*b)
	for i := range d {
		d[i] = binary.LittleEndian.Uint64(sum[8*i:])
	}
	return d
}

// digests adds up the rows that a condition chooses, by organization.
func (t *target) digests(
	ctx context.Context, q querier, condition string, args ...any,
) (map[int64]rowsDigest, error) {
	var organization int64
	var row rowBytes
	into := []any{&organization}
	for range t.columns[1:] {
		into = append(into, &row)
	}
	sums := map[int64]rowsDigest{}
	err := each(ctx, q, func(rows *sql.Rows) error {
		row = row[:0]
		err := rows.Scan(into...)
		sum := sums[organization]
		sum.add(row.digest())
		sums[organization] = sum
		return err
	}, "SELECT "+strings.Join(t.columns, ", ")+" FROM "+t.table+" "+condition, args...)
	return sums, err
}

// fewKeys is how many keys are looked up one by one, however few rows there are.
const fewKeys = 10_000

// putDigested writes rows of an organization as put does, and brings the digest of their table up
// to date. Their second column is that by which their table has few rows of a kind.
func putDigested[R any](
	ctx context.Context, l *lifecycle, to *target, rows []R, values func(*R) []any,
) error {
	switch {
	case len(rows) == 0:
		return nil
	case l.digests == nil: // all are made anew at the end: see [Store.change]
		return put(ctx, l.tx, l.parameters, to, rows, values)
	}
	keys := map[any]bool{}
	for i := range rows {
		keys[values(&rows[i])[1]] = true
	}
	before, err := l.digestOfKeys(ctx, to, keys)
	if err != nil {
		return err
	}
	if err := put(ctx, l.tx, l.parameters, to, rows, values); err != nil {
		return err
	}
	after, err := l.digestOfKeys(ctx, to, keys)
	if err != nil {
		return err
	}
	sum := l.digests[to.table]
	sum.subtract(before)
	sum.add(after)
	l.digests[to.table] = sum
	return nil
}

// digestOfKeys adds up the rows that have a key; if these are many, the whole table: what is
// subtracted and added again makes no difference.
func (l *lifecycle) digestOfKeys(
	ctx context.Context, to *target, keys map[any]bool,
) (all rowsDigest, err error) {
	if len(keys) > max(fewKeys, len(l.seen.tokens)/8) {
		sums, err := to.digests(ctx, l.tx, "WHERE organization = $1", l.organization)
		return sums[l.organization], err
	}
	some := slices.Collect(maps.Keys(keys))
	many := l.parameters - 1
	if l.parameters == 0 {
		many = mostRows // in an array
	}
	for chunk := range slices.Chunk(some, many) {
		in, args, err := l.among(chunk)
		if err != nil {
			return all, err
		}
		sums, err := to.digests(ctx, l.tx, "WHERE organization = $1 AND "+to.columns[1]+in,
			append([]any{l.organization}, args...)...)
		if err != nil {
			return all, err
		}
		all.add(sums[l.organization])
	}
	return all, nil
}

// among returns the condition that a column is one of some values, which are the parameters from
// the second on.
func (l *lifecycle) among(some []any) (condition string, args []any, err error) {
	if l.parameters == 0 {
		var all array
		for _, value := range some {
			if err := all.add(value); err != nil {
				return "", nil, err
			}
		}
		name, values := all.typed()
		return " = ANY($2::" + name + "[])", []any{values}, nil
	}
	in := make([]string, len(some))
	for i := range some {
		in[i] = "$" + strconv.Itoa(i+2)
	}
	return " IN (" + strings.Join(in, ", ") + ")", some, nil
}
