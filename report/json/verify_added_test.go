// SPDX-License-Identifier: Apache-2.0

package json

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
)

// TestVerifyAdded holds that nothing passes which only the saved report says: each key that is
// written where there is something to say alone is added where there was nothing, and a permission
// that the token does not have.
func TestVerifyAdded(t *testing.T) {
	for _, name := range []string{"violations", "decided", "remembered", "claimed"} {
		d := reporttest.Documents()[name]
		part := saved(t, reporttest.Write(t, Format, d)).Parts[0]
		added, done := 0, map[string]bool{}
		check := func(key string) {
			added++
			text, err := json.Marshal(part.wire)
			if err != nil {
				t.Fatal(err)
			}
			s, err := Read(bytes.NewReader(text), "report.json")
			if err != nil {
				return
			}
			if differences, err := s.Parts[0].Differences(d.Runs[0]); err != nil || differences == nil {
				t.Errorf("%s: %s may be added: %v", name, key, err)
			}
		}
		addEach(reflect.ValueOf(part.wire).Elem(), done, check)
		addEach(reflect.ValueOf(part.tokens), done, check)
		addEach(reflect.ValueOf(part.requests), done, check)
		if added < 15 {
			t.Errorf("%s: only %d keys were added", name, added)
		}
	}
}

// addEach sets each field that may be left out, one of a kind at a time, while it calls a
// function.
func addEach(v reflect.Value, done map[string]bool, with func(key string)) {
	add := func(v reflect.Value, key string, value reflect.Value) {
		if !done[key] {
			done[key] = true
			before := reflect.ValueOf(v.Interface())
			v.Set(value)
			with(key)
			v.Set(before)
		}
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			addEach(v.Elem(), done, with)
		}
	case reflect.Slice:
		if permissions, are := v.Interface().(permissionsObject); are {
			more := audit.Permission{Group: audit.GroupRepository, Name: "more", Level: "write"}
			add(v, "permissions", reflect.ValueOf(append(permissions[:len(permissions):len(permissions)],
				more)))
			return
		}
		for i := range v.Len() {
			addEach(v.Index(i), done, with)
		}
	case reflect.Struct:
		switch v.Type() {
		case reflect.TypeFor[toolObject](), // who judged may be another one than who judges again
			reflect.TypeFor[time.Time]():
			return
		}
		for i := range v.NumField() {
			field := v.Type().Field(i)
			if strings.Contains(field.Tag.Get("json"), "omitzero") && v.Field(i).IsZero() {
				add(v.Field(i), v.Type().Name()+"."+field.Name, something(field.Type))
			}
			addEach(v.Field(i), done, with)
		}
	default: // no key below
	}
}

// something returns a value of a type that is not its zero.
func something(of reflect.Type) reflect.Value {
	v := reflect.New(of).Elem()
	switch of.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(of.Elem()))
		v.Elem().Set(something(of.Elem()))
	case reflect.Slice:
		v.Set(reflect.Append(v, something(of.Elem())))
	case reflect.Struct:
		if of == reflect.TypeFor[time.Time]() {
			return reflect.ValueOf(reporttest.AsOf)
		}
		for i := range v.NumField() {
			v.Field(i).Set(something(of.Field(i).Type))
		}
	case reflect.Bool:
		v.SetBool(true)
	case reflect.String:
		v.SetString("high")
	default:
		v.SetInt(1)
	}
	return v
}
