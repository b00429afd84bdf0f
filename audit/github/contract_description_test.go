// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// description is one of GitHub's own OpenAPI descriptions, its schemas turned into JSON Schema.
type description struct {
	name     string // "ghec"
	root     any
	compiler *jsonschema.Compiler
}

// readDescription reads a description from the npm package @octokit/openapi.
func readDescription(folder, name string) (*description, error) {
	file, err := os.Open(filepath.Join(folder, name+".json"))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	root, err := jsonschema.UnmarshalJSON(file)
	if err != nil {
		return nil, err
	}
	tighten(root, false)
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft4) // OpenAPI 3.0 is a dialect of it
	compiler.AssertFormat()
	return &description{name, root, compiler}, compiler.AddResource(resource(name), root)
}

func resource(name string) string { return "https://contract.invalid/" + name }

// tighten turns OpenAPI's nullable into JSON Schema, and closes objects: an answer with a key that
// GitHub does not describe would let the collector rely on it. Parts of an allOf stay open.
func tighten(schema any, part bool) {
	switch schema := schema.(type) {
	case []any:
		for _, inner := range schema {
			tighten(inner, part)
		}
	case map[string]any:
		for key, inner := range schema {
			tighten(inner, key == "allOf")
		}
		_, listed := schema["properties"].(map[string]any)
		_, said := schema["additionalProperties"]
		if listed && !said && !part && schema["allOf"] == nil {
			schema["additionalProperties"] = false
		}
		if schema["nullable"] == true {
			orNull(schema)
		}
	}
}

// orNull lets a schema accept null too, in place.
func orNull(schema map[string]any) {
	if kind, ok := schema["type"].(string); ok {
		schema["type"] = []any{kind, "null"}
		if values, ok := schema["enum"].([]any); ok {
			schema["enum"] = append(values, nil)
		}
		return
	}
	inner := maps.Clone(schema)
	delete(inner, "nullable")
	clear(schema)
	schema["anyOf"] = []any{inner, map[string]any{"type": "null"}}
}

// place is a part of a description. Its value is nil where the description has nothing.
type place struct {
	in      *description
	pointer string
	value   any
}

// at goes down from the root.
func (d *description) at(keys ...string) place {
	p := place{d, "", d.root}
	for _, key := range keys {
		p = p.child(key)
	}
	return p
}

// child goes one step down, and follows the reference that may stand there.
func (p place) child(key string) place {
	escaped := strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
	p.pointer += "/" + escaped
	switch value := p.value.(type) {
	case map[string]any:
		p.value = value[key]
	case []any:
		i, _ := strconv.Atoi(key)
		p.value = value[i]
	default:
		p.value = nil
	}
	inner, _ := p.value.(map[string]any)
	reference, ok := inner["$ref"].(string)
	if !ok || len(inner) > 1 {
		return p
	}
	keys := strings.Split(strings.TrimPrefix(reference, "#/"), "/")
	return p.in.at(keys...)
}

// check returns what is wrong with a value, by the schema at the place.
func (p place) check(value any) []string {
	schema, err := p.in.compiler.Compile(resource(p.in.name) + "#" + p.pointer)
	if err != nil {
		return []string{err.Error()}
	}
	var invalid *jsonschema.ValidationError
	if err := schema.Validate(value); !errors.As(err, &invalid) {
		return nil
	}
	return leaves(invalid)
}

// leaves words what is wrong at the bottom of an error. Items of lists are not told apart.
func leaves(invalid *jsonschema.ValidationError) (problems []string) {
	if keys, ok := invalid.ErrorKind.(*kind.AdditionalProperties); ok {
		slices.Sort(keys.Properties) // they come in the order of a map
	}
	if len(invalid.Causes) == 0 {
		return []string{index.ReplaceAllString(invalid.Error(), "/*")}
	}
	for _, cause := range invalid.Causes {
		problems = append(problems, leaves(cause)...)
	}
	return problems
}

var index = regexp.MustCompile(`/\d+\b`)

// operation is what a description says of a method and a path.
type operation struct {
	place
	name   string            // "GET /orgs/{org}"
	values map[string]string // what the path's {names} stand for
	inPath place
}

// operation finds an operation; the path with the fewest {names} that fits is the one.
func (d *description) operation(method, path string) (found operation, ok bool) {
	paths, _ := d.at("paths").value.(map[string]any)
	fewest := len(path)
	for pattern := range paths {
		values, fits := fit(pattern, path)
		if !fits || len(values) >= fewest {
			continue
		}
		inPath := d.at("paths", pattern)
		p := inPath.child(strings.ToLower(method))
		if p.value != nil {
			fewest = len(values)
			found, ok = operation{p, method + " " + pattern, values, inPath}, true
		}
	}
	return found, ok
}

// fit holds a path against a pattern with {names}.
func fit(pattern, path string) (values map[string]string, fits bool) {
	if fixed, _, _ := strings.Cut(pattern, "{"); !strings.HasPrefix(path, fixed) {
		return nil, false // as almost all of a thousand
	}
	words, segments := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(words) != len(segments) {
		return nil, false
	}
	values = map[string]string{}
	for i, word := range words {
		switch {
		case strings.HasPrefix(word, "{") && segments[i] != "":
			values[strings.Trim(word, "{}")] = segments[i]
		case word != segments[i]:
			return nil, false
		}
	}
	return values, true
}

// checkParameters returns what is wrong with the {names} of the path and with the query.
func (o operation) checkParameters(query url.Values) (problems []string) {
	unknown := map[string]bool{}
	for name := range query {
		unknown[name] = true
	}
	for _, list := range []place{o.inPath.child("parameters"), o.child("parameters")} {
		declared, _ := list.value.([]any)
		for i := range declared {
			p := list.child(strconv.Itoa(i))
			name, _ := p.child("name").value.(string)
			where, _ := p.child("in").value.(string)
			given := query[name]
			if where == "path" {
				given = []string{o.values[name]} // never without: it is in the pattern
			}
			delete(unknown, name)
			for _, problem := range checkParameter(p, given) {
				problems = append(problems, where+" parameter "+name+": "+problem)
			}
		}
	}
	for name := range unknown {
		problems = append(problems, "query parameter "+name+" is not described")
	}
	return problems
}

// checkParameter holds the values of one parameter against its schema. All that we send are given
// once; lists would need their brackets to be understood here.
func checkParameter(p place, given []string) []string {
	switch {
	case len(given) == 0 && p.child("required").value == true:
		return []string{"is required"}
	case len(given) == 0:
		return nil
	case len(given) > 1:
		return []string{"is given more than once"}
	}
	schema := p.child("schema")
	switch schema.child("type").value {
	case "integer", "number", "boolean":
		if value, err := jsonschema.UnmarshalJSON(strings.NewReader(given[0])); err == nil {
			return schema.check(value)
		}
	}
	return schema.check(given[0])
}

// checkBody returns what is wrong with a request's body.
func (o operation) checkBody(body []byte) []string {
	described := o.child("requestBody")
	schema := described.child("content").child("application/json").child("schema")
	switch {
	case len(body) == 0 && described.child("required").value == true:
		return []string{"body: is required"}
	case len(body) == 0:
		return nil
	case schema.value == nil:
		return []string{"body: the operation takes none"}
	}
	return checkJSON(schema, body)
}

// checkAnswer returns what is wrong with an answer. A failure that is not described of the
// operation has to look like all failures.
func (o operation) checkAnswer(status int, header http.Header, body []byte) []string {
	described := o.child("responses").child(strconv.Itoa(status))
	schema := described.child("content").child("application/json").child("schema")
	switch {
	case described.value == nil && status < http.StatusMultipleChoices:
		return []string{fmt.Sprintf("status %d is not described", status)}
	case described.value == nil && status != http.StatusNotModified:
		schema = o.in.at("components", "schemas", "basic-error")
	case schema.value == nil && len(body) > 0:
		return []string{fmt.Sprintf("status %d is described without a body", status)}
	}
	if schema.value == nil || status == http.StatusNotModified {
		return nil
	}
	if kind := header.Get("Content-Type"); !strings.HasPrefix(kind, "application/json") {
		return []string{"content type " + kind}
	}
	return checkJSON(schema, body)
}

func checkJSON(schema place, body []byte) []string {
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(string(body)))
	if err != nil {
		return []string{"body: " + err.Error()}
	}
	return schema.check(value)
}
