// SPDX-License-Identifier: Apache-2.0

package githubtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// node is an object of the GraphQL schema: its type, and a resolver of its fields. A resolved
// value is a scalar, a node, a list of nodes, or nil; an *graphError in its place is reported, and
// the field is null.
type node struct {
	typeName string
	get      func(f field) any
}

// graphError is one of the errors of an answer.
type graphError struct {
	Type       string            `json:"type,omitempty"`
	Path       []any             `json:"path,omitempty"`
	Extensions map[string]string `json:"extensions,omitempty"`
	Locations  []location        `json:"locations,omitempty"`
	Message    string            `json:"message"`
}

// query is one GraphQL query while it is answered.
type query struct {
	*call
	variables map[string]any
	cost      int
	errors    []*graphError
}

// graphQL answers POST /graphql: with status 200, whatever the errors.
func (c *call) graphQL() answer {
	var request struct {
		Query         string         `json:"query"`
		Variables     map[string]any `json:"variables"`
		OperationName *string        `json:"operationName"`
	}
	if json.Unmarshal(c.body, &request) != nil || request.Query == "" {
		return c.failure(http.StatusBadRequest, "Problems parsing JSON")
	}
	q := &query{call: c, variables: request.Variables}
	op, err := parse(request.Query)
	if err != nil {
		q.errors = []*graphError{{Message: err.message, Locations: []location{err.at}}}
		return q.ok(object{{"errors", q.errors}})
	}
	q.bind(op)
	connections := q.check("Query", op.fields, []any{"query"})
	q.cost = max(1, connections/maxPerPage)
	if len(q.errors) > 0 {
		return q.ok(object{{"errors", q.errors}})
	}
	c.quota().spend(q.cost)
	data := q.object(q.root(), op.fields, nil)
	record := object{{"data", data}}
	if len(q.errors) > 0 {
		record = append(record, pair{"errors", q.errors})
	}
	return q.ok(record)
}

// bind checks the variables, and gives them their defaults.
func (q *query) bind(op *operation) {
	if q.variables == nil {
		q.variables = map[string]any{}
	}
	for name, v := range op.variables {
		if q.variables[name] == nil {
			q.variables[name] = v.otherwise
		}
		if v.required && q.variables[name] == nil {
			q.errors = append(q.errors, &graphError{Message: fmt.Sprintf(
				"Variable $%s of a required type was provided invalid value", name)})
		}
	}
	for name := range q.variables {
		if _, declared := op.variables[name]; !declared {
			delete(q.variables, name)
		}
	}
}

// check holds the fields against the schema, and counts the connections asked for.
func (q *query) check(typeName string, fields []field, path []any) (connections int) {
	types := q.server.schema[typeName]
	for _, f := range fields {
		if f.name == "" {
			connections += q.check(f.on, f.fields, append(path[:len(path):len(path)], "... on "+f.on))
			continue
		}
		here := append(path[:len(path):len(path)], f.key)
		t, ok := types[f.name]
		problem := func(code, message string) {
			q.errors = append(q.errors, &graphError{
				Path: here, Locations: []location{f.at}, Message: message,
				Extensions: map[string]string{
					"code": code, "typeName": typeName, "fieldName": f.name,
				},
			})
		}
		switch {
		case !ok:
			problem("undefinedField",
				fmt.Sprintf("Field '%s' doesn't exist on type '%s'", f.name, typeName))
			continue
		case t.of != "" && f.fields == nil:
			problem("selectionMismatch", fmt.Sprintf("Field must have selections (field '%s' "+
				"returns %s but has no selections. Did you mean '%s { ... }'?)",
				f.name, t.of, f.name))
		case t.of == "" && f.fields != nil:
			problem("selectionMismatch", fmt.Sprintf(
				"Selections can't be made on scalars (field '%s')", f.name))
			continue
		}
		for name, value := range f.args {
			if !slices.Contains(t.args, name) {
				problem("argumentNotAccepted",
					fmt.Sprintf("Field '%s' doesn't accept argument '%s'", f.name, name))
			}
			if v, ok := value.(reference); ok {
				if _, bound := q.variables[string(v)]; !bound {
					problem("variableNotDefined",
						fmt.Sprintf("Variable $%s is used but not declared", v))
				}
			}
		}
		if t.connection {
			connections++
		}
		connections += q.check(t.of, f.fields, here)
	}
	return connections
}

// object resolves the fields of a node.
func (q *query) object(n *node, fields []field, path []any) object {
	record := object{}
	for _, f := range fields {
		here := append(path[:len(path):len(path)], f.key)
		switch {
		case f.name == "" && f.on == n.typeName:
			record = append(record, q.object(n, f.fields, path)...)
		case f.name == "":
		case f.name == "__typename":
			record = append(record, pair{f.key, n.typeName})
		default:
			f.args = q.resolve(f.args).(map[string]any)
			record = append(record, pair{f.key, q.value(n.get(f), f, here)})
		}
	}
	return record
}

// value turns what a resolver gave into JSON.
func (q *query) value(v any, f field, path []any) any {
	switch v := v.(type) {
	case *node:
		return q.object(v, f.fields, path)
	case []*node:
		list := make([]object, 0, len(v))
		for i, n := range v {
			list = append(list, q.object(n, f.fields, append(path[:len(path):len(path)], i)))
		}
		return list
	case *graphError:
		v.Path, v.Locations = path, []location{f.at}
		q.errors = append(q.errors, v)
		return nil
	}
	return v
}

// resolve puts the variables' values in their places.
func (q *query) resolve(v any) any {
	switch v := v.(type) {
	case map[string]any:
		resolved := map[string]any{}
		for key, value := range v {
			resolved[key] = q.resolve(value)
		}
		return resolved
	case []any:
		resolved := make([]any, 0, len(v))
		for _, value := range v {
			resolved = append(resolved, q.resolve(value))
		}
		return resolved
	case reference:
		return q.variables[string(v)]
	case enum:
		return string(v)
	}
	return v
}

// root is the node of the query itself.
func (q *query) root() *node {
	return &node{"Query", func(f field) any {
		switch f.name {
		case "viewer":
			app := q.world.App
			return scalars("Bot", object{
				{"login", app.Slug + "[bot]"},
				{"databaseId", app.ID},
				{"id", nodeID("Bot", app.ID)},
			})
		case "rateLimit":
			b := q.quota()
			if b.limit == 0 {
				return nil // an Enterprise Server without limits
			}
			return scalars("RateLimit", object{
				{"limit", b.limit},
				{"cost", q.cost},
				{"remaining", b.remaining()},
				{"used", b.used},
				{"resetAt", b.reset.UTC().Format(time.RFC3339)},
				{"nodeCount", 0},
			})
		}
		login, _ := f.args["login"].(string)
		o := q.world.Organization(login)
		if o == nil || !o.isNow(login) {
			return &graphError{Type: "NOT_FOUND", Message: fmt.Sprintf(
				"Could not resolve to an Organization with the login of '%s'.", login)}
		}
		return q.organizationNode(o)
	}}
}

// scalars is a node of fields that are all at hand.
func scalars(typeName string, fields object) *node {
	return &node{typeName, func(f field) any {
		i := slices.IndexFunc(fields, func(p pair) bool { return p.key == f.name })
		return fields[i].value // the schema was checked: it is there
	}}
}
