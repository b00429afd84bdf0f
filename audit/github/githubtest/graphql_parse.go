// SPDX-License-Identifier: Apache-2.0

package githubtest

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"text/scanner"
)

// operation is one GraphQL query.
type operation struct {
	variables map[string]variable
	fields    []field
}

// variable is one that a query declares.
type variable struct {
	required  bool // its type ends in "!"
	otherwise any  // its default; nil for none
}

// field is one that a query selects, or an inline fragment on a type if name is "".
type field struct {
	name, key string // key: the alias, if there is one
	on        string // the type of an inline fragment
	args      map[string]any
	fields    []field
	at        location
}

type location struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// reference is a variable in the place of a value.
type reference string

// enum is a bare word in the place of a value.
type enum string

// parser reads GraphQL. Commas are blanks there; comments begin with "#".
type parser struct {
	scan  scanner.Scanner
	token rune
}

// syntax is what the parser panics with, and parse gives back.
type syntax struct {
	message string
	at      location
}

// parse reads a document of one query. Named fragments and directives are not understood.
func parse(text string) (op *operation, err *syntax) {
	defer func() {
		if problem := recover(); problem != nil {
			var ok bool
			if err, ok = problem.(*syntax); !ok {
				panic(problem)
			}
		}
	}()
	p := &parser{}
	p.scan.Init(strings.NewReader(text))
	p.scan.Mode = scanner.ScanIdents | scanner.ScanInts | scanner.ScanFloats | scanner.ScanStrings
	p.scan.Whitespace = scanner.GoWhitespace | 1<<','
	p.scan.Error = func(*scanner.Scanner, string) {} // the token that follows tells
	p.next()
	op = &operation{variables: map[string]variable{}}
	if p.text() == "query" {
		p.next()
		if p.token == scanner.Ident {
			p.next()
		}
		if p.token == '(' {
			p.declarations(op)
		}
	}
	op.fields = p.selections(0)
	if p.token != scanner.EOF {
		p.fail()
	}
	return op, nil
}

func (p *parser) next() {
	p.token = p.scan.Scan()
	for p.token == '#' {
		for p.scan.Peek() != '\n' && p.scan.Peek() != scanner.EOF {
			p.scan.Next()
		}
		p.token = p.scan.Scan()
	}
}

func (p *parser) text() string { return p.scan.TokenText() }

func (p *parser) at() location { return location{p.scan.Line, p.scan.Column} }

func (p *parser) fail() {
	at := p.at()
	message := fmt.Sprintf("Parse error on %q at [%d, %d]", p.text(), at.Line, at.Column)
	if p.token == scanner.EOF {
		message = "Unexpected end of document"
	}
	panic(&syntax{message, at})
}

func (p *parser) expect(token rune) string {
	if p.token != token {
		p.fail()
	}
	text := p.text()
	p.next()
	return text
}

// declarations reads "($login: String!, $first: Int = 100)".
func (p *parser) declarations(op *operation) {
	p.expect('(')
	for p.token != ')' {
		p.expect('$')
		name := p.expect(scanner.Ident)
		p.expect(':')
		v := variable{required: p.typeName()}
		if p.token == '=' {
			p.next()
			v.otherwise, v.required = p.value(), false
		}
		op.variables[name] = v
	}
	p.expect(')')
}

// typeName skips a type, and reports whether it may not be null.
func (p *parser) typeName() (required bool) {
	if p.token == '[' {
		p.next()
		p.typeName()
		p.expect(']')
	} else {
		p.expect(scanner.Ident)
	}
	if required = p.token == '!'; required {
		p.next()
	}
	return required
}

const maxDepth = 25

func (p *parser) selections(depth int) []field {
	if depth > maxDepth {
		p.fail()
	}
	p.expect('{')
	var list []field
	for p.token != '}' {
		list = append(list, p.field(depth))
	}
	if len(list) == 0 {
		p.fail()
	}
	p.expect('}')
	return list
}

func (p *parser) field(depth int) field {
	f := field{at: p.at()}
	if p.token == '.' { // "... on Type { }"
		p.expect('.')
		p.expect('.')
		p.expect('.')
		if p.token == scanner.Ident && p.text() != "on" {
			p.fail()
		}
		p.expect(scanner.Ident)
		f.on = p.expect(scanner.Ident)
		f.fields = p.selections(depth + 1)
		return f
	}
	f.name = p.expect(scanner.Ident)
	f.key = f.name
	if p.token == ':' {
		p.next()
		f.name = p.expect(scanner.Ident)
	}
	if p.token == '(' {
		p.next()
		f.args = p.pairs(')')
	}
	if p.token == '{' {
		f.fields = p.selections(depth + 1)
	}
	return f
}

// pairs reads "name: value name: value" and the token that ends them.
func (p *parser) pairs(end rune) map[string]any {
	pairs := map[string]any{}
	for p.token != end {
		name := p.expect(scanner.Ident)
		p.expect(':')
		pairs[name] = p.value()
	}
	p.expect(end)
	return pairs
}

// value reads a literal or a variable.
func (p *parser) value() any {
	switch p.token {
	case '$':
		p.next()
		return reference(p.expect(scanner.Ident))
	case scanner.Int:
		n, err := strconv.Atoi(p.expect(scanner.Int))
		if err != nil {
			p.fail()
		}
		return n
	case scanner.String:
		var text string
		if json.Unmarshal([]byte(p.text()), &text) != nil {
			p.fail()
		}
		p.next()
		return text
	case '{':
		p.next()
		return p.pairs('}')
	case '[':
		p.next()
		list := []any{}
		for p.token != ']' {
			list = append(list, p.value())
		}
		p.next()
		return list
	}
	switch word := p.expect(scanner.Ident); word {
	case "true", "false":
		return word == "true"
	case "null":
		return nil
	default:
		return enum(word)
	}
}
