// SPDX-License-Identifier: Apache-2.0

package github

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/complytime/pataudit/audit/github/api"
)

// This file turns GitHub's records into our words. Its one rule: a field that is absent, or not of
// the documented form, leaves its fact unknown; a null one is a value where GitHub documents null.
// Only a record without a usable id is an error, for it could not even be counted.
//
// encoding/json would take a case variant of a key for the key, the last of two equal keys, and
// zero for what is absent. The strict library takes none of them.

// recordsOf decodes a page's records; things is what they are, for errors. null is no list.
func recordsOf[T any](body []byte, things string) (records []T, err error) {
	if err := json.Unmarshal(body, &records, api.Strict); err != nil {
		return nil, fmt.Errorf("this is not a list of %s %w", things, misfit(body, err))
	}
	if records == nil {
		return nil, fmt.Errorf("this is not a list of %s but null", things)
	}
	return records, nil
}

// misfit returns what stands where something else belongs. The library would name our types.
func misfit(body []byte, err error) error {
	var refused api.ErrorBody
	var semantic *json.SemanticError
	switch value := jsontext.Value(body); {
	case json.Unmarshal(body, &refused, api.Strict) == nil && refused.Message != "":
		return fmt.Errorf("but GitHub's answer %q", api.Clip(refused.Message))
	case value.Kind() != '[':
		return fmt.Errorf("but %s", kindName(value.Kind()))
	case !errors.As(err, &semantic) || semantic.JSONPointer == "":
		return err
	}
	index, within, _ := strings.Cut(string(semantic.JSONPointer[1:]), "/")
	number, _ := strconv.Atoi(index)
	if semantic.JSONKind == 0 {
		return fmt.Errorf("in record %d: %w", number+1, semantic.Err)
	}
	place := "record " + strconv.Itoa(number+1)
	if within != "" {
		place = api.Clip(within) + " of " + place
	}
	what := kindName(semantic.JSONKind)
	if semantic.Err != nil {
		what += " that cannot be" // 1.5 for an id
	}
	return fmt.Errorf("where %s is %s", place, what)
}

// kindName returns what people call a kind of JSON value.
func kindName(kind jsontext.Kind) string {
	switch kind {
	case jsontext.KindBeginObject:
		return "an object"
	case jsontext.KindBeginArray:
		return "a list"
	case jsontext.KindString:
		return "a text"
	case jsontext.KindNumber:
		return "a number"
	case jsontext.KindTrue, jsontext.KindFalse:
		return "true or false"
	default:
		return "null"
	}
}

func isNull(value jsontext.Value) bool { return string(value) == "null" }

func orAbsent(value jsontext.Value) string {
	if len(value) == 0 {
		return "(absent)"
	}
	return api.Clip(string(value))
}

// integer decodes an exact int64: 1.0 and 1e3 are not integers here. It returns 0 for what is
// none, also for one that is too large.
func integer(value jsontext.Value) (int64, bool) {
	n, err := strconv.ParseInt(string(value), 10, 64)
	if err != nil {
		return 0, false
	}
	return n, true
}

// text decodes a string. Broken UTF-8 and lone surrogates become U+FFFD.
func text(value jsontext.Value) (string, bool) {
	if value.Kind() != '"' {
		return "", false
	}
	if inside := value[1 : len(value)-1]; bytes.IndexByte(inside, '\\') < 0 {
		return strings.ToValidUTF8(string(inside), "\ufffd"), true
	}
	var s string
	err := json.Unmarshal(value, &s, api.Strict)
	return s, err == nil
}

// moment decodes a date as GitHub writes it: RFC 3339, with or without offset and fractions, or
// "2006-01-02 15:04:05 UTC". What no GitHub token can have is not a date.
func moment(value jsontext.Value) (time.Time, bool) {
	if value.Kind() != '"' {
		return time.Time{}, false
	}
	var at time.Time
	err := at.UnmarshalText(value[1 : len(value)-1]) // no copy: nearly every date is so
	if err != nil {
		s, _ := text(value)
		if at, err = time.Parse(time.RFC3339, s); err != nil {
			at, err = time.Parse("2006-01-02 15:04:05 UTC", s)
		}
	}
	at = at.UTC()
	const firstYear, lastYear = 1970, 9999 // an offset can push a date beyond RFC 3339
	if err != nil || at.Year() < firstYear || at.Year() > lastYear {
		return time.Time{}, false
	}
	return at, true
}
