// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Difference is one place where a saved report and a judgement say different things. Its texts may
// be hostile.
type Difference struct {
	Place  string // "/tokens/25381/findings/unused/severity"
	Saved  string // JSON; "" if only the judgement has something there
	Judged string // likewise
}

// String says it in one line.
func (d Difference) String() string {
	place := strings.TrimPrefix(d.Place, "/")
	switch {
	case d.Saved == "":
		return place + ": missing; judged again it is " + short(d.Judged)
	case d.Judged == "":
		return place + ": " + short(d.Saved) + "; judged again there is none"
	}
	return place + ": " + short(d.Saved) + "; judged again it is " + short(d.Judged)
}

func short(text string) string {
	const enough = 80
	if runes := []rune(text); len(runes) > enough {
		return string(runes[:enough-1]) + "…"
	}
	return text
}

// compare gives the differences between two JSON texts, in the order of the second. Keys of
// objects that only the first one has are not looked at.
func compare(saved, judged jsontext.Value) []Difference {
	d := &differ{}
	d.values("", saved, judged)
	return d.found
}

type differ struct{ found []Difference }

func (d *differ) add(place string, saved, judged jsontext.Value) {
	d.found = append(d.found, Difference{place, compact(saved), compact(judged)})
}

func (d *differ) values(place string, saved, judged jsontext.Value) {
	saved, judged = bytes.TrimSpace(saved), bytes.TrimSpace(judged)
	switch {
	case bytes.Equal(saved, judged):
	case len(saved) == 0, len(judged) == 0, saved.Kind() != judged.Kind():
		d.add(place, saved, judged)
	case judged.Kind() == jsontext.KindBeginObject:
		have, _ := members(saved)
		want, keys := members(judged)
		for _, key := range keys {
			d.values(place+"/"+key, have[key], want[key])
		}
	case judged.Kind() == jsontext.KindBeginArray:
		d.lists(place, saved, judged)
	case judged.Kind() == jsontext.KindString && unquoted(saved) == unquoted(judged):
	default:
		d.add(place, saved, judged)
	}
}

// lists compares two lists, element by element of the same name.
func (d *differ) lists(place string, saved, judged jsontext.Value) {
	have, haveNames := elements(place, saved)
	want, wantNames := elements(place, judged)
	before := len(d.found)
	for _, name := range wantNames {
		d.values(place+"/"+name, have[name], want[name])
	}
	for _, name := range haveNames {
		if _, both := want[name]; !both {
			d.add(place+"/"+name, have[name], nil)
		}
	}
	if len(d.found) > before {
		return
	}
	for i := range haveNames {
		if haveNames[i] != wantNames[i] {
			d.found = append(d.found, Difference{place + "/" + strconv.Itoa(i), haveNames[i], wantNames[i]})
			return
		}
	}
}

// members gives an object's values by key, and the keys in their order. The text was decoded
// before, so there is no error in it.
func members(object jsontext.Value) (values map[string]jsontext.Value, keys []string) {
	values = map[string]jsontext.Value{}
	dec := jsontext.NewDecoder(bytes.NewBuffer(object))
	_, _ = dec.ReadToken()
	for dec.PeekKind() == jsontext.KindString {
		token, _ := dec.ReadToken()
		key := token.String()
		keys = append(keys, key)
		values[key] = next(dec, object)
	}
	return values, keys
}

// memberOf gives the value of one key of an object; nil if it has none. In what [JSON] writes, the
// key that is asked for is the first.
func memberOf(object jsontext.Value, key string) jsontext.Value {
	dec := jsontext.NewDecoder(bytes.NewBuffer(object))
	_, _ = dec.ReadToken()
	for dec.PeekKind() == jsontext.KindString {
		token, _ := dec.ReadToken()
		found := token.String() == key
		if value := next(dec, object); found {
			return value
		}
	}
	return nil
}

// elements gives a list's elements by name, and the names in their order: the key that tells them
// apart, else their place.
func elements(
	place string, list jsontext.Value,
) (values map[string]jsontext.Value, names []string) {
	values = map[string]jsontext.Value{}
	dec := jsontext.NewDecoder(bytes.NewBuffer(list))
	_, _ = dec.ReadToken()
	key := identity(place)
	for dec.PeekKind() > 0 && dec.PeekKind() != jsontext.KindEndArray {
		value := next(dec, list)
		name := strconv.Itoa(len(names))
		if key != "" && value.Kind() == jsontext.KindBeginObject {
			name = unquoted(memberOf(value, key))
		}
		for _, again := values[name]; again; _, again = values[name] {
			name += " again"
		}
		names = append(names, name)
		values[name] = value
	}
	return values, names
}

// identity gives the key that tells the elements of a list apart; "" if their place does.
func identity(place string) string {
	switch place[strings.LastIndex(place, "/")+1:] {
	case "tokens", "requests", "rules", "classic":
		return "id"
	case "findings":
		return "rule"
	case "coverage":
		return "source"
	}
	return ""
}

// next reads a value, as a part of the text that the decoder reads.
func next(dec *jsontext.Decoder, whole jsontext.Value) jsontext.Value {
	value, err := dec.ReadValue()
	if err != nil {
		return nil
	}
	end := dec.InputOffset()
	return whole[end-int64(len(value)) : end]
}

// unquoted gives the value of a string; of anything else its JSON.
func unquoted(value jsontext.Value) string {
	if plain, err := jsontext.AppendUnquote(nil, value); err == nil {
		return string(plain)
	}
	return string(value)
}

func compact(value jsontext.Value) string {
	if len(value) == 0 {
		return ""
	}
	compacted := value.Clone()
	if err := compacted.Compact(); err != nil {
		return fmt.Sprintf("%q", []byte(value))
	}
	return string(compacted)
}
