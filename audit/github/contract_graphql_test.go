// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
)

// readSchema reads GitHub's GraphQL schema from the npm package @octokit/graphql-schema.
func readSchema(file string) (*ast.Schema, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	document, err := parser.ParseSchemas(validator.Prelude, &ast.Source{Input: string(text)})
	if err != nil {
		return nil, err
	}
	for _, definition := range document.Definitions {
		definition.Fields = once(definition.Fields)
	}
	return validator.ValidateSchemaDocument(document)
}

// once drops fields that GitHub's schema defines a second time, by mistake.
func once(fields ast.FieldList) (kept ast.FieldList) {
	for _, field := range fields {
		if kept.ForName(field.Name) == nil {
			kept = append(kept, field)
		}
	}
	return kept
}

// checkQuery returns what is wrong with a query and its variables. The operation is nil if it
// cannot be told what data it selects.
func checkQuery(schema *ast.Schema, body []byte) (*ast.OperationDefinition, []string) {
	var request struct {
		Query     string         `json:"query"`
		Variables map[string]any `json:"variables"`
	}
	if err := json.Unmarshal(body, &request); err != nil {
		return nil, []string{"body: " + err.Error()}
	}
	document, errs := gqlparser.LoadQueryWithRules(schema, request.Query, nil)
	if len(errs) > 0 {
		return nil, []string{"query: " + errs.Error()}
	}
	if len(document.Operations) != 1 {
		return nil, []string{"query: there is not just one operation"}
	}
	operation := document.Operations[0]
	if _, err := validator.VariableValues(schema, operation, request.Variables); err != nil {
		return operation, []string{"variables: " + err.Error()}
	}
	for name := range request.Variables {
		if operation.VariableDefinitions.ForName(name) == nil {
			return operation, []string{"variables: " + name + " is not declared"}
		}
	}
	return operation, nil
}

// checkData returns what is wrong with the answer to a query: whether its data has the shape that
// the query selects.
func checkData(schema *ast.Schema, operation *ast.OperationDefinition, body []byte) []string {
	var answer struct {
		Data   any   `json:"data"`
		Errors []any `json:"errors"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return []string{"answer: " + err.Error()}
	}
	if answer.Data == nil && len(answer.Errors) > 0 {
		return nil // nothing was executed
	}
	s := &shape{schema: schema}
	s.object(operation.SelectionSet, answer.Data, "data")
	return s.problems
}

// shape holds data against selections.
type shape struct {
	schema   *ast.Schema
	problems []string
}

func (s *shape) problem(at, format string, args ...any) {
	text := at + ": " + fmt.Sprintf(format, args...)
	if !slices.Contains(s.problems, text) {
		s.problems = append(s.problems, text)
	}
}

func (s *shape) object(selected ast.SelectionSet, value any, at string) {
	object, ok := value.(map[string]any)
	if !ok {
		s.problem(at, "%v is no object", value)
		return
	}
	known := map[string]bool{}
	for _, selection := range selected {
		field, ok := selection.(*ast.Field)
		if !ok {
			s.problem(at, "this test does not know fragments: teach it")
			continue
		}
		known[field.Alias] = true
		inner, has := object[field.Alias]
		if !has {
			s.problem(at, "lacks %s", field.Alias)
			continue
		}
		s.value(field.Definition.Type, field.SelectionSet, inner, at+"."+field.Alias)
	}
	for key := range object {
		if !known[key] {
			s.problem(at, "has %s, which was not asked for", key)
		}
	}
}

func (s *shape) value(of *ast.Type, selected ast.SelectionSet, value any, at string) {
	switch list, isList := value.([]any); {
	case value == nil && of.NonNull:
		s.problem(at, "is null, but %s never is", of)
	case value == nil:
	case of.Elem != nil && !isList:
		s.problem(at, "is no list")
	case of.Elem != nil:
		for _, item := range list {
			s.value(of.Elem, selected, item, at+"[]")
		}
	case len(selected) > 0:
		s.object(selected, value, at)
	case !s.fits(s.schema.Types[of.NamedType], value):
		s.problem(at, "%v is no %s", value, of.NamedType)
	}
}

// fits reports whether a value may be one of a scalar or an enum. GitHub's own scalars are texts.
func (s *shape) fits(of *ast.Definition, value any) bool {
	number, isNumber := value.(float64)
	switch of.Name {
	case "Boolean":
		_, ok := value.(bool)
		return ok
	case "Int":
		return isNumber && number == math.Trunc(number) && math.Abs(number) <= math.MaxInt32
	case "Float":
		return isNumber
	}
	text, ok := value.(string)
	if of.Kind == ast.Enum {
		return of.EnumValues.ForName(text) != nil
	}
	return ok && (of.Name != "DateTime" || strings.HasSuffix(text, "Z"))
}
