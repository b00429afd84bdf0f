// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"slices"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// writer writes sections and their rows, until the first error. It frames rows itself: an encoder
// breaks either every line or none.
type writer struct {
	out *bufio.Writer
	sum hash.Hash
	row bytes.Buffer
	enc *jsontext.Encoder // into row
	n   int               // sections so far
	err error             // the first
}

func newWriter(w io.Writer) *writer {
	s := &writer{sum: sha256.New()}
	s.out = bufio.NewWriter(io.MultiWriter(w, s.sum))
	s.enc = jsontext.NewEncoder(&s.row)
	return s
}

// digest returns that of all that was written.
func (s *writer) digest() string { return "sha256:" + hex.EncodeToString(s.sum.Sum(nil)) }

// section writes a key with one value.
func (s *writer) section(key string, value any) {
	s.key(key)
	s.value(value, key)
}

// rows writes a key with a list, a row per line; null for a nil one. The function makes a row.
func rows[T any](s *writer, key string, list []T, row func(T) (any, error)) {
	if list == nil {
		s.section(key, nil)
		return
	}
	s.key(key)
	s.text("[")
	for i, item := range list {
		if s.err != nil {
			return
		}
		if i > 0 {
			s.text(",")
		}
		s.text("\n")
		value, err := row(item)
		s.fail(err, key, i)
		s.value(value, key, i)
	}
	s.text("]")
}

func (s *writer) key(key string) {
	open := ",\n"
	if s.n == 0 {
		open = "{"
	}
	s.n++
	s.text(open + `"` + key + `":`)
}

// end writes what is left.
func (s *writer) end() {
	s.text("}\n")
	if s.err == nil {
		s.err = s.out.Flush()
	}
}

func (s *writer) text(text string) {
	if s.err == nil {
		_, s.err = s.out.WriteString(text)
	}
}

func (s *writer) value(v any, where ...any) {
	if s.err != nil {
		return
	}
	s.row.Reset()
	if row, ok := v.(*tokenRow); ok {
		text, err := row.appendTo(s.row.AvailableBuffer())
		if s.fail(err, where...); s.err == nil {
			s.row.Write(text) // has no error
		}
	} else {
		s.fail(json.MarshalEncode(s.enc, v), where...)
	}
	if s.err == nil {
		_, s.err = s.out.Write(escape(bytes.TrimSuffix(s.row.Bytes(), []byte("\n"))))
	}
}

// fail records the first error, with where it arose.
func (s *writer) fail(err error, where ...any) {
	if s.err != nil || err == nil {
		return
	}
	place := fmt.Sprint(where[0])
	for _, step := range where[1:] {
		place += fmt.Sprintf("/%v", step)
	}
	s.err = fmt.Errorf("%s: %w", place, err)
}

// acting are the characters beyond ASCII that act on a terminal or cannot be seen: controls,
// direction, width, tags. The list is our own and fixed, because the bytes of a snapshot must not
// depend on the version of Unicode that Go was built with.
var acting = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x007f, 0x009f, 1},
		{0x00ad, 0x00ad, 1},
		{0x0600, 0x0605, 1},
		{0x061c, 0x061c, 1},
		{0x06dd, 0x06dd, 1},
		{0x070f, 0x070f, 1},
		{0x0890, 0x0891, 1},
		{0x08e2, 0x08e2, 1},
		{0x180b, 0x180f, 1},
		{0x200b, 0x200f, 1},
		{0x2028, 0x202e, 1},
		{0x2060, 0x206f, 1},
		{0xfe00, 0xfe0f, 1},
		{0xfeff, 0xfeff, 1},
		{0xfff9, 0xfffb, 1},
	},
	R32: []unicode.Range32{
		{0x110bd, 0x110bd, 1},
		{0x110cd, 0x110cd, 1},
		{0x13430, 0x1343f, 1},
		{0x1bca0, 0x1bca3, 1},
		{0x1d173, 0x1d17a, 1},
		{0xe0000, 0xe0fff, 1},
	},
}

// escape writes acting characters as \u escapes. In valid JSON they can only stand in strings.
func escape(value []byte) []byte {
	if !slices.ContainsFunc(value, func(b byte) bool { return b >= 0x7f }) {
		return value // ASCII, as nearly every row is
	}
	escaped := make([]byte, 0, len(value)+32)
	for len(value) > 0 {
		r, n := utf8.DecodeRune(value)
		switch {
		case !unicode.Is(acting, r):
			escaped = append(escaped, value[:n]...)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			escaped = fmt.Appendf(escaped, `\u%04x\u%04x`, high, low)
		default:
			escaped = fmt.Appendf(escaped, `\u%04x`, r)
		}
		value = value[n:]
	}
	return escaped
}
