// SPDX-License-Identifier: Apache-2.0

// Package encode writes JSON that shows as it is wherever it is printed, and in which what is
// unknown is null.
package encode

import (
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Version is the version of the JSON that the program writes.
const Version = 1

// Writer writes JSON with an indent of two blanks, whose texts keep their value while every rune
// that does not show is written as an escape.
type Writer struct {
	enc *jsontext.Encoder
	Err error // the first one; after it nothing is written
}

// New returns a writer to w.
func New(w io.Writer) *Writer {
	return &Writer{enc: jsontext.NewEncoder(&escaper{w: w},
		jsontext.WithIndent("  "), jsontext.AllowInvalidUTF8(true))}
}

// Token writes a token.
func (j *Writer) Token(t jsontext.Token) {
	if j.Err == nil {
		j.Err = j.enc.WriteToken(t)
	}
}

// Value writes a value.
func (j *Writer) Value(v any, options ...json.Options) {
	if j.Err == nil {
		j.Err = json.MarshalEncode(j.enc, v, options...)
	}
}

// Key writes a member of an object.
func (j *Writer) Key(name string, v any) {
	j.Token(jsontext.String(name))
	j.Value(v)
}

// Value writes a value and nothing more. It returns the first error of w.
func Value(w io.Writer, v any) error {
	j := New(w)
	j.Value(v)
	return j.Err
}

// escaper makes JSON visible before it is written. The encoder hands it whole tokens of JSON, so
// that no character is cut.
type escaper struct {
	w   io.Writer
	buf []byte
}

func (e *escaper) Write(p []byte) (int, error) {
	e.buf = escape(e.buf[:0], p)
	if _, err := e.w.Write(e.buf); err != nil {
		return 0, err
	}
	return len(p), nil
}
