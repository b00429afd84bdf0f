// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/complytime/pataudit/audit"
)

// Parameter is one parameter of a rule, in words for people.
type Parameter struct {
	Name    string
	Type    string // "whole number", "list of text"
	Default string // as YAML on one line
	Value   string // as the policy has it, likewise
	Meaning string // from the rule's page; "" if that says nothing
}

// Parameters returns a rule's parameters, in the order of their names.
func Parameters(rule *audit.PolicyRule) []Parameter {
	standard, own := parametersOf(rule.Rule.New()), parametersOf(rule.Checker)
	list := make([]Parameter, 0, len(own.fields))
	for _, name := range own.names() {
		list = append(list, Parameter{
			Name: name, Type: typeName(own.fields[name].Type()),
			Default: flow(standard.fields[name].Interface()),
			Value:   flow(own.fields[name].Interface()),
			Meaning: meaning(rule.Rule, name),
		})
	}
	return list
}

// typeName returns what a parameter is made of.
func typeName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Slice:
		return "list of " + typeName(t.Elem())
	case reflect.Map:
		return typeName(t.Elem()) + " by name"
	case reflect.Struct:
		return "{" + strings.Join(keysOf(t), ", ") + "}"
	default:
		return strings.TrimPrefix(belongs(t.String()), "a ")
	}
}

// keysOf returns the yaml names of a struct's fields, in their order.
func keysOf(t reflect.Type) (keys []string) {
	for field := range t.Fields() {
		if name := nameOf(field); field.IsExported() && name != "-" {
			keys = append(keys, name)
		}
	}
	return keys
}

// meaning finds what a rule's page says of a parameter, in its table.
func meaning(rule *audit.Rule, name string) string {
	_, rest, found := strings.Cut(rule.Doc, "\n| `"+name+"` | ")
	row, _, _ := strings.Cut(rest, "\n")
	_, text, _ := strings.Cut(row, " | ") // after the default
	text = strings.TrimSuffix(text, " |")
	if !found || strings.Contains(text, " | ") {
		return ""
	}
	return strings.ReplaceAll(text, "`", "")
}

// flow writes a value as YAML on one line, to stand after a key and nowhere else.
func flow(value any) string {
	var n yaml.Node
	if err := n.Dump(value); err != nil {
		return fmt.Sprint(value) // of a kind that no policy can set
	}
	if n.Kind != yaml.ScalarNode {
		n.Style |= yaml.FlowStyle
	}
	quoteUnseen(&n)
	text, err := yaml.Dump(&n, yaml.WithLineWidth(-1))
	if err != nil {
		return fmt.Sprint(value)
	}
	return escaped(strings.TrimSuffix(string(text), "\n"))
}

// quoteUnseen puts in double quotes what people do not see, where it can be escaped.
func quoteUnseen(n *yaml.Node) {
	if n.Kind == yaml.ScalarNode && strings.ContainsFunc(n.Value, unseen) {
		n.Style = yaml.DoubleQuotedStyle
	}
	for _, child := range n.Content {
		quoteUnseen(child)
	}
}

// parameters are the exported fields of a checker, by their yaml names. A checker is a struct or a
// pointer to one; of any other kind it has none.
type parameters struct {
	checker audit.Checker
	fields  map[string]reflect.Value
}

// parametersOf returns the fields so that they can be set. A checker that is a plain struct is
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

// applyTo writes the values into another checker of the same kind. What a checker keeps for
// itself, like a compiled pattern, stays behind: it may not fit what the parameters become.
func (p parameters) applyTo(checker audit.Checker) parameters {
	to := parametersOf(checker)
	for name, field := range p.fields {
		to.fields[name].Set(field)
	}
	return to
}

func (p parameters) names() []string { return slices.Sorted(maps.Keys(p.fields)) }

// values returns those that are not empty: no list and an empty one ask the same.
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
