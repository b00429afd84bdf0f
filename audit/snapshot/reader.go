// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// reader reads values, and knows where it is when one is wrong.
type reader struct {
	src   *source
	dec   *jsontext.Decoder
	start int64 // where the last value that was asked for begins, or the space before it
}

func newReader(r io.Reader) *reader {
	src := newSource(r)
	return &reader{src: src, dec: jsontext.NewDecoder(src)}
}

// digest returns that of all that was read.
func (r *reader) digest() string { return "sha256:" + hex.EncodeToString(r.src.sum.Sum(nil)) }

// mark notes that a value begins here: errors name this place, and the allowance for one value
// starts anew.
func (r *reader) mark() {
	r.start = r.dec.InputOffset()
	r.src.forget(r.start)
}

// value reads a value into v, strictly.
func (r *reader) value(v any) error {
	r.mark()
	return json.UnmarshalDecode(r.dec, v, json.RejectUnknownMembers(true))
}

// list reads a list row by row; null is nil.
func list[Row, T any](r *reader, take func(*Row) (T, error)) ([]T, error) {
	if r.dec.PeekKind() == jsontext.KindNull {
		_, err := r.dec.ReadToken()
		return nil, err
	}
	if err := r.delimiter(jsontext.KindBeginArray, "this is a list"); err != nil {
		return nil, err
	}
	items := []T{}
	for r.dec.PeekKind() != jsontext.KindEndArray {
		var row *Row
		if err := r.value(&row); err != nil {
			return nil, err
		}
		if row == nil {
			return nil, r.wrong(errors.New("a row cannot be null"))
		}
		item, err := take(row)
		if err != nil {
			return nil, r.wrong(err)
		}
		items = append(items, item)
	}
	return items, r.delimiter(jsontext.KindEndArray, "")
}

// key reads the key that has to come now.
func (r *reader) key(want string) error {
	r.mark()
	token, err := r.dec.ReadToken()
	switch {
	case err != nil:
		return err
	case token.Kind() != jsontext.KindString || token.String() != want:
		return r.wrong(fmt.Errorf("the key %q belongs here", want))
	}
	return nil
}

func (r *reader) delimiter(want jsontext.Kind, problem string) error {
	r.mark()
	token, err := r.dec.ReadToken()
	switch {
	case err != nil:
		return err
	case token.Kind() != want:
		return r.wrong(errors.New(problem))
	}
	return nil
}

// atEnd reports an error unless there is nothing but white space until the end.
func (r *reader) atEnd() error {
	r.mark()
	_, err := r.dec.ReadToken()
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err == nil:
		return r.wrong(errors.New("something follows the end"))
	}
	return err
}

// wrongError is a value that JSON allows and a snapshot does not.
type wrongError struct {
	pointer jsontext.Pointer
	err     error
}

func (e *wrongError) Error() string { return e.err.Error() }

func (e *wrongError) Unwrap() error { return e.err }

// wrong returns an error of the value that was read last.
func (r *reader) wrong(err error) error { return &wrongError{r.dec.StackPointer(), err} }

// newerError is the version of a snapshot from the future.
type newerError int

func (v newerError) Error() string {
	return fmt.Sprintf("version %d was written by a newer pataudit: update to read it", int(v))
}

// explain returns an error its place and its remedy.
func (r *reader) explain(name string, err error) error {
	if r.src.err != nil {
		return fmt.Errorf("reading %s: %w", name, r.src.err)
	}
	pointer, offset, reason := r.reason(err)
	line, column := r.src.position(offset)
	place := fmt.Sprintf("%s:%d:%d: ", name, line, column)
	if pointer != "" {
		place += visible(string(pointer[1:])) + ": "
	}
	var newer newerError
	if errors.As(err, &newer) {
		return errors.New(place + reason)
	}
	return errors.New(place + reason + "; this is not a snapshot that pataudit wrote")
}

func (r *reader) reason(err error) (at jsontext.Pointer, offset int64, reason string) {
	var syntactic *jsontext.SyntacticError
	var semantic *json.SemanticError
	var wrong *wrongError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return r.dec.StackPointer(), r.src.read, "the file ends here; it is cut off or empty"
	case errors.As(err, &syntactic):
		return syntactic.JSONPointer, syntactic.ByteOffset, visible(syntactic.Err.Error())
	case errors.As(err, &semantic):
		return semantic.JSONPointer, semantic.ByteOffset, misfit(semantic)
	case errors.As(err, &wrong):
		return wrong.pointer, r.src.afterSpace(r.start), wrong.Error()
	}
	return r.dec.StackPointer(), r.start, visible(err.Error())
}

// misfit returns why a value cannot be what belongs in its place.
func misfit(e *json.SemanticError) string {
	switch {
	case errors.Is(e, json.ErrUnknownName):
		return "the key is unknown; perhaps a newer pataudit wrote it"
	case e.GoType == reflect.TypeFor[time.Time]():
		return "a time like 2026-11-22T06:00:00Z belongs here"
	case e.Err != nil:
		return visible(e.Err.Error())
	case e.GoType == nil:
		return "something else belongs here"
	}
	return "a " + belongs(e.GoType) + " belongs here"
}

func belongs(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Pointer:
		return belongs(t.Elem())
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "boolean"
	case reflect.Slice, reflect.Array:
		return "list"
	case reflect.Struct:
		return "object"
	default:
		return "whole number"
	}
}

// visible makes text from a file fit for an error: short, and without characters that act.
func visible(text string) string {
	const most = 160
	if len(text) > most {
		text = text[:most] + "…"
	}
	quoted := strconv.QuoteToGraphic(text)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}
