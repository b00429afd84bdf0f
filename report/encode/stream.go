// SPDX-License-Identifier: Apache-2.0

package encode

import (
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Stream writes JSON member by member, several times as fast as [Writer]: for documents with
// millions of members, as those about 100,000 tokens have. Texts show as Writer writes them. The
// caller names each member of an object, and none of a list's; names are plain ASCII.
type Stream struct {
	w    io.Writer
	buf  []byte
	open []container
	err  error // the first one; after it nothing is written
}

// container is an object or a list that is not ended yet.
type container struct {
	end   byte // the bracket that ends it
	lines bool // each member has a line of its own
	some  bool // it has a member
}

// NewStream returns a stream to w.
func NewStream(w io.Writer) *Stream { return &Stream{w: w} }

const flushAt = 1 << 16 // bytes that are kept before they are written

// member begins a member of what was begun last.
func (s *Stream) member(name string) {
	if len(s.buf) >= flushAt {
		s.flush()
	}
	if n := len(s.open); n > 0 {
		in := &s.open[n-1]
		if in.some {
			s.buf = append(s.buf, ',')
		}
		switch {
		case in.lines:
			s.line(n)
		case in.some:
			s.buf = append(s.buf, ' ')
		}
		in.some = true
	}
	if name != "" {
		s.buf = append(append(append(s.buf, '"'), name...), `": `...)
	}
}

// line begins a line.
func (s *Stream) line(depth int) {
	s.buf = append(s.buf, '\n')
	for range depth {
		s.buf = append(s.buf, ' ')
	}
}

// Object begins an object, List a list, whose members each have a line. What is begun within a
// line stays on it.
func (s *Stream) Object(name string) { s.begin(name, '{', '}', true) }

// List begins a list: see [Stream.Object].
func (s *Stream) List(name string) { s.begin(name, '[', ']', true) }

// ShortObject begins an object on one line, ShortList such a list.
func (s *Stream) ShortObject(name string) { s.begin(name, '{', '}', false) }

// ShortList begins a list on one line.
func (s *Stream) ShortList(name string) { s.begin(name, '[', ']', false) }

func (s *Stream) begin(name string, bracket, end byte, lines bool) {
	s.member(name)
	s.buf = append(s.buf, bracket)
	s.open = append(s.open, container{end: end, lines: lines})
}

// End ends what was begun last.
func (s *Stream) End() {
	n := len(s.open) - 1
	in := s.open[n]
	if s.open = s.open[:n]; in.lines && in.some {
		s.line(n)
	}
	if s.buf = append(s.buf, in.end); n == 0 {
		s.buf = append(s.buf, '\n')
		s.flush()
	}
}

// Text writes a text.
func (s *Stream) Text(name, text string) {
	s.member(name)
	s.buf = appendText(s.buf, text)
}

// Raw writes a value that is JSON already, as [Stream.Text] or [Stream.Value] would write it.
func (s *Stream) Raw(name string, value []byte) {
	s.member(name)
	s.buf = append(s.buf, value...)
}

// Value writes any value on one line.
func (s *Stream) Value(name string, v any, options ...json.Options) {
	options = append(options, jsontext.AllowInvalidUTF8(true), jsontext.SpaceAfterColon(true),
		jsontext.SpaceAfterComma(true))
	text, err := json.Marshal(v, options...)
	if err != nil && s.err == nil {
		s.err = err
	}
	s.member(name)
	s.buf = escape(s.buf, text)
}

// Err returns the first error.
func (s *Stream) Err() error { return s.err }

func (s *Stream) flush() {
	if s.err == nil {
		_, s.err = s.w.Write(s.buf)
	}
	s.buf = s.buf[:0]
}

// appendText appends a text as JSON that shows as it is.
func appendText(b []byte, text string) []byte {
	if ordinary(text) {
		return append(append(append(b, '"'), text...), '"')
	}
	quoted, _ := jsontext.AppendQuote(nil, text) // its error is invalid UTF-8, which it replaces
	return escape(b, quoted)
}

// ordinary reports whether a text stands in JSON as it is: printable ASCII without a quote, a
// backslash, or what may begin a command of a workflow's runner.
func ordinary(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '#' {
			return false
		}
	}
	return len(text) < 2 || text[:2] != "::"
}
