// SPDX-License-Identifier: Apache-2.0

package json

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// The lists of a report are read one element at a time, each as a report with nothing but it, and
// what stands beside them as one whose lists are empty: the text is never held whole.

// The keys of the lists that are read so.
const (
	keyAudits   = "audits"
	keyTokens   = "tokens"
	keyRequests = "requests"
)

// pieces reads a report piece by piece.
type pieces struct {
	dec   *jsontext.Decoder
	lines *lineCounter
	same  json.Options // each text once
	text  []byte       // of an element

	// each takes the text of each element of the lists of tokens and requests; nil: they are read
	// and held.
	each func(list string, text []byte) error

	unknown     string // place of the first key that is not known
	unknownLine int
	err         error // the first error of something that JSON allows
}

// piece is an object of a report, or a part of it.
type piece struct {
	place string // of the object: "", or "/audits/2"
	list  string // of which one element is in the text: "tokens"; "" if it is no element
	index int    // of the element
	text  []byte
	parts []piecePart
}

// piecePart is where a key or a value of the file stands in the text of a piece.
type piecePart struct{ at, line int }

// rest is what an object holds beside its lists.
type rest struct {
	piece
	tokens   []*resultObject
	requests []*requestObject
	audits   []*rest
}

func newPieces(r io.Reader) *pieces {
	lines := &lineCounter{r: io.LimitReader(r, maxReport+1)}
	return &pieces{dec: jsontext.NewDecoder(lines), lines: lines, same: sameTexts()}
}

// object reads an object, or what stands in its place. The error is one of syntax.
func (p *pieces) object(place string) (*rest, error) {
	o := &rest{piece: piece{place: place}}
	if p.dec.PeekKind() != jsontext.KindBeginObject {
		return o, p.value(&o.piece)
	}
	if _, err := p.dec.ReadToken(); err != nil {
		return nil, err
	}
	o.text = append(o.text, '{')
	for p.dec.PeekKind() == jsontext.KindString {
		token, err := p.dec.ReadToken()
		if err != nil {
			return nil, err
		}
		key := token.String()
		if len(o.text) > 1 {
			o.text = append(o.text, ',')
		}
		o.parts = append(o.parts, piecePart{len(o.text), p.lines.at(p.dec.InputOffset())})
		quoted, err := jsontext.AppendQuote(o.text, key)
		if err != nil {
			return nil, err
		}
		o.text = append(quoted, ':')
		if err := p.member(o, key); err != nil {
			return nil, err
		}
	}
	o.text = append(o.text, '}')
	_, err := p.dec.ReadToken() // the end, or what should be there
	return o, err
}

// end wants that nothing comes after the report.
func (p *pieces) end() error {
	at := p.dec.InputOffset()
	switch _, err := p.dec.ReadToken(); {
	case err == nil:
		return &lineError{p.lines.at(at), "there is something after its end"}
	case !errors.Is(err, io.EOF):
		return err
	}
	return nil
}

// member reads what a key of an object holds.
func (p *pieces) member(o *rest, key string) error {
	var element func(i int) error
	switch {
	case p.dec.PeekKind() != jsontext.KindBeginArray:
	case p.each != nil && (key == keyTokens || key == keyRequests):
		element = func(int) error { return p.pass(key) }
	case key == keyTokens:
		element = func(i int) error { return readElement(p, o.place, key, i, &o.tokens) }
	case key == keyRequests:
		element = func(i int) error { return readElement(p, o.place, key, i, &o.requests) }
	case key == keyAudits && o.place == "":
		element = func(i int) error {
			audit, err := p.object(fmt.Sprintf("/%s/%d", keyAudits, i))
			o.audits = append(o.audits, audit)
			return err
		}
	}
	if element == nil {
		return p.value(&o.piece)
	}
	if _, err := p.dec.ReadToken(); err != nil {
		return err
	}
	for i := 0; p.dec.PeekKind() != jsontext.KindEndArray; i++ {
		if err := element(i); err != nil {
			return err
		}
	}
	o.text = append(o.text, "[]"...)
	_, err := p.dec.ReadToken()
	return err
}

// pass hands out the text of an element.
func (p *pieces) pass(list string) error {
	value, err := p.dec.ReadValue()
	if err != nil {
		return err
	}
	p.lines.pass(p.dec.InputOffset())
	return p.each(list, value)
}

// value adds a value to the text of a piece.
func (p *pieces) value(to *piece) error {
	value, err := p.dec.ReadValue()
	if err != nil {
		return err
	}
	start := p.dec.InputOffset() - int64(len(value))
	to.parts = append(to.parts, piecePart{len(to.text), p.lines.at(start)})
	p.lines.pass(p.dec.InputOffset())
	to.text = append(to.text, value...)
	return nil
}

// readElement reads one element of a list, as an object that has nothing but the list, and adds
// it to those that are held. Of what comes after the first error, nothing is read but the syntax.
func readElement[T any](p *pieces, place, list string, index int, held *[]*T) error {
	one := &piece{place: place, list: list, index: index}
	one.text = append(p.text[:0], `{"`+list+`":[`...)
	err := p.value(one)
	one.text = append(one.text, "]}"...)
	p.text = one.text
	if err != nil || p.err != nil {
		return err
	}
	var wire map[string][]T
	p.read(one, &wire)
	for i := range wire[list] {
		*held = append(*held, &wire[list][i])
	}
	return nil
}

// read reads a piece into a wire type. What that would be written as has to stand in the text:
// nothing was bent to fit, and nothing is missing. It keeps the first error, and the place of the
// first key that is not known.
func (p *pieces) read(one *piece, wire any) {
	if err := p.tryRead(one, wire); err != nil && p.err == nil {
		p.err = err
	}
}

func (p *pieces) tryRead(one *piece, wire any) error {
	err := json.Unmarshal(one.text, wire, p.same, json.RejectUnknownMembers(true))
	var semantic *json.SemanticError
	unknown := errors.As(err, &semantic) && errors.Is(err, json.ErrUnknownName)
	if unknown {
		if line := one.line(semantic.ByteOffset); p.unknown == "" || line < p.unknownLine {
			p.unknown, p.unknownLine = one.pointer(semantic.JSONPointer), line
		}
		// As readers like encoding/json have it, to whom it may be a key that is known.
		err = json.Unmarshal(one.text, wire, p.same, json.MatchCaseInsensitiveNames(true))
	}
	if err != nil {
		return one.wrong(err)
	}
	again, err := json.Marshal(wire)
	if err != nil {
		return err
	}
	differences, err := comparing{added: true}.compare(one.text, again)
	if err != nil {
		return err
	}
	switch {
	case len(differences) == 0:
		return nil
	case differences[0].Saved == "":
		return &lackingError{one.place + differences[0].Place, "is missing"}
	}
	return &lackingError{one.place + differences[0].Place, "cannot be " + differences[0].Saved}
}

// pointer returns the place in the report of a place in the piece.
func (p *piece) pointer(place jsontext.Pointer) string {
	if within, ok := strings.CutPrefix(string(place), "/"+p.list+"/0"); ok && p.list != "" {
		return p.place + "/" + p.list + "/" + strconv.Itoa(p.index) + within
	}
	return p.place + string(place)
}

// line returns the line in the file of an offset in the text.
func (p *piece) line(offset int64) int {
	line := 1
	for _, part := range p.parts {
		if at := int64(part.at); at <= offset {
			line = part.line + bytes.Count(p.text[at:min(offset, int64(len(p.text)))], []byte("\n"))
		}
	}
	return line
}

// wrong says where in the file a piece is wrong.
func (p *piece) wrong(err error) error {
	if alike, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		return &lineError{
			p.line(alike.ByteOffset),
			p.pointer(alike.JSONPointer) + " differs from another key in case alone",
		}
	}
	var semantic *json.SemanticError
	if !errors.As(err, &semantic) {
		return err
	}
	return &lineError{
		p.line(semantic.ByteOffset),
		p.pointer(semantic.JSONPointer) + " is of another type than it should be",
	}
}

// lineError is what is wrong in a line of the file.
type lineError struct {
	line   int
	reason string
}

func (e *lineError) Error() string { return e.reason }
