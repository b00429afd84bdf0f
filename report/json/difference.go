// SPDX-License-Identifier: Apache-2.0

package json

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
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

// comparing is how two JSON texts are compared.
type comparing struct {
	// added are keys of objects that only the first text has: they may be there.
	added bool
}

// compare returns the differences between two JSON texts. The usual answer, none, is found without
// holding the trees.
func (c comparing) compare(saved, judged jsontext.Value) ([]Difference, error) {
	var trees [2]any
	for _, reorder := range []bool{false, true} { // our own reports have the keys in one order
		for _, text := range []*jsontext.Value{&saved, &judged} {
			if err := text.Format(jsontext.ReorderRawObjects(reorder)); err != nil {
				return nil, err
			}
		}
		if string(saved) == string(judged) {
			return nil, nil
		}
	}
	for i, text := range []jsontext.Value{saved, judged} {
		if err := json.Unmarshal(text, &trees[i], exactNumbers); err != nil {
			return nil, err
		}
	}
	return c.differences("", trees[0], trees[1]), nil
}

// numeral is a number as it is written: an id may be larger than a float64 can tell.
type numeral string

func (n numeral) MarshalJSONTo(enc *jsontext.Encoder) error {
	return enc.WriteValue(jsontext.Value(n))
}

var exactNumbers = json.WithUnmarshalers(json.UnmarshalFromFunc(
	func(dec *jsontext.Decoder, v *any) error {
		if dec.PeekKind() != jsontext.KindNumber {
			return errors.ErrUnsupported
		}
		text, err := dec.ReadValue()
		*v = numeral(text)
		return err
	}))

// missing is where a tree has nothing; nil is JSON's null.
type missing struct{}

func at[K comparable](values map[K]any, key K) any {
	if value, there := values[key]; there {
		return value
	}
	return missing{}
}

// differences compares two trees, the elements of lists by what tells them apart.
func (c comparing) differences(place string, saved, judged any) (found []Difference) {
	switch want := judged.(type) {
	case map[string]any:
		if have, both := saved.(map[string]any); both {
			for _, key := range slices.Sorted(maps.Keys(want)) {
				found = append(found, c.differences(place+"/"+key, at(have, key), want[key])...)
			}
			for _, key := range slices.Sorted(maps.Keys(have)) {
				if _, both := want[key]; !both && !c.added {
					found = append(found, Difference{place + "/" + key, jsonOf(have[key]), ""})
				}
			}
			return found
		}
	case []any:
		if have, both := saved.([]any); both {
			return c.listDifferences(place, have, want)
		}
	default:
		if saved == judged {
			return nil
		}
	}
	return []Difference{{place, jsonOf(saved), jsonOf(judged)}}
}

// listDifferences compares two lists, element by element of the same name, and then their order.
func (c comparing) listDifferences(place string, saved, judged []any) (found []Difference) {
	haveNames, have := namedElements(place, saved)
	wantNames, want := namedElements(place, judged)
	for _, name := range wantNames {
		found = append(found, c.differences(place+"/"+name, at(have, name), want[name])...)
	}
	for _, name := range haveNames {
		if _, both := want[name]; !both {
			found = append(found, Difference{place + "/" + name, jsonOf(have[name]), ""})
		}
	}
	for i := 0; i < len(haveNames) && len(found) == 0; i++ {
		if haveNames[i] != wantNames[i] {
			found = []Difference{{place + "/" + strconv.Itoa(i), haveNames[i], wantNames[i]}}
		}
	}
	return found
}

// namedElements returns a list's elements by name: by the key that tells them apart, else by their
// place.
func namedElements(place string, list []any) (names []string, values map[string]any) {
	key := identities[place[strings.LastIndex(place, "/")+1:]]
	values = map[string]any{}
	for i, value := range list {
		name := strconv.Itoa(i)
		if object, is := value.(map[string]any); is && key != "" {
			name = strings.Trim(jsonOf(at(object, key)), `"`)
		}
		for _, again := values[name]; again; _, again = values[name] {
			name += " again"
		}
		names, values[name] = append(names, name), value
	}
	return names, values
}

// identities are the keys that tell the elements of a list apart, by the list's own key.
var identities = map[string]string{
	"tokens": "id", "requests": "id", "rules": "id", "classic": "id",
	"findings": "rule", "coverage": "source", "organization_settings": "setting",
}

// jsonOf is a value as JSON; "" for a missing one.
func jsonOf(value any) string {
	if value == any(missing{}) {
		return ""
	}
	text, err := json.Marshal(value, json.Deterministic(true))
	if err != nil {
		return err.Error() // of a text that was decoded there is none
	}
	return string(text)
}
