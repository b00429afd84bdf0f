// SPDX-License-Identifier: Apache-2.0

package json

import (
	"errors"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// mostTexts is how many texts, and sets of permissions, are kept to be the same: those of names
// are many, and differ.
const mostTexts = 1 << 14

// sameTexts are options for which equal texts, and equal sets of permissions, are one: tokens have
// little that is their own.
func sameTexts() json.Options {
	texts, sets := map[string]string{}, map[string]permissionsObject{}
	return json.WithUnmarshalers(json.JoinUnmarshalers(
		json.UnmarshalFromFunc(func(dec *jsontext.Decoder, text *string) error {
			if dec.PeekKind() != jsontext.KindString {
				return errors.ErrUnsupported
			}
			token, err := dec.ReadToken()
			if err != nil {
				return err
			}
			*text = same(texts, token.String(), token.String())
			return nil
		}),
		json.UnmarshalFromFunc(func(dec *jsontext.Decoder, set *permissionsObject) error {
			err := set.UnmarshalJSONFrom(dec)
			key := ""
			for _, permission := range *set {
				key += permission.String() + "\n"
			}
			*set = same(sets, key, *set)
			return err
		}),
	))
}

// same returns the value that a key had before, or has now.
func same[V any](values map[string]V, key string, value V) V {
	before, known := values[key]
	if known {
		return before
	}
	if len(values) == mostTexts {
		clear(values)
	}
	values[key] = value
	return value
}
