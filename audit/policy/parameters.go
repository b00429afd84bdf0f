// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
)

// parameters are the exported fields of a checker, by their yaml names. A checker is a struct or a
// pointer to one; of any other kind it has none.
type parameters struct {
	checker audit.Checker
	fields  map[string]reflect.Value
}

// parametersOf gives the fields so that they can be set. A checker that is a plain struct is
// copied for that; the pointer to the copy is as good a checker.
func parametersOf(checker audit.Checker) parameters {
	p := parameters{checker, map[string]reflect.Value{}}
	value := reflect.ValueOf(checker)
	if value.Kind() == reflect.Struct {
		pointer := reflect.New(value.Type())
		pointer.Elem().Set(value)
		p.checker, _ = pointer.Interface().(audit.Checker)
		value = pointer
	}
	if value.Kind() != reflect.Pointer || value.Elem().Kind() != reflect.Struct {
		return p
	}
	for field, v := range value.Elem().Fields() {
		if name := nameOf(field); field.IsExported() && name != "-" {
			p.fields[name] = v
		}
	}
	return p
}

func nameOf(field reflect.StructField) string {
	name, _, _ := strings.Cut(field.Tag.Get("yaml"), ",")
	if name == "" {
		return strings.ToLower(field.Name) // as the yaml package does
	}
	return name
}

// onto brings the values to another checker of the same kind. What a checker keeps for itself,
// like a compiled pattern, stays behind: it may not fit what the parameters become.
func (p parameters) onto(checker audit.Checker) parameters {
	to := parametersOf(checker)
	for name, field := range p.fields {
		to.fields[name].Set(field)
	}
	return to
}

func (p parameters) names() []string { return slices.Sorted(maps.Keys(p.fields)) }

// values gives those that are not empty: no list and an empty one ask the same.
func (p parameters) values() map[string]any {
	values := map[string]any{}
	for name, field := range p.fields {
		switch field.Kind() {
		case reflect.Slice, reflect.Map:
			if field.Len() > 0 {
				values[name] = field.Interface()
			}
		default:
			values[name] = field.Interface()
		}
	}
	return values
}
