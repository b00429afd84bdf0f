// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/complytime/pataudit/audit"
)

// This file reads YAML strictly, whatever the file is about.

// load returns the one document of a file if it is plain YAML; nil, and a problem, if it is none.
func (p *parser) load(data []byte) *yaml.Node { return p.loadWithin(maxSize, data, aPolicy) }

// loadWithin is load for files of a kind, "" for what is no file, of at most that many bytes.
func (p *parser) loadWithin(size int, data []byte, kind string) *yaml.Node {
	p.data = data
	if len(data) > size {
		p.fail(&yaml.Node{Line: 1, Column: 1}, "larger than %d bytes", size)
		return nil
	}
	if !p.visible(data) {
		return nil
	}
	var document yaml.Node
	if err := yaml.Load(data, &document); err != nil {
		p.failLoad("", err)
		return nil
	}
	root := document.Content[0]
	if written := inlinePolicy(root); kind == aPolicy && written != nil {
		root, p.inline = written, true
	}
	if other := otherKind(root, kind); kind != "" && other != "" {
		p.fail(root, "this file is %s, and not %s", other, kind)
		return nil
	}
	p.odd = map[place]string{}
	p.plain(&document, false)
	return root
}

// decimal is a number as people write it. YAML has others, and 030 is 24 in it.
var decimal = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`)

// plain refuses what makes YAML say something else than it seems to, and takes for text what only
// YAML takes for a number. No value is one only in an example's token, where it is what the JSON
// report says of a token.
func (p *parser) plain(n *yaml.Node, nulls bool) {
	switch {
	case n.Kind == yaml.AliasNode, n.Anchor != "":
		p.fail(n, "anchors and aliases are not allowed: write it out")
	case n.Style&yaml.TaggedStyle != 0:
		p.fail(n, "tags are not allowed: remove %.40q", n.Tag)
	case (n.Tag == "!!int" || n.Tag == "!!float") && !decimal.MatchString(n.Value):
		// A login may look like this. Where a number is wanted, failLoad returns what is wrong.
		n.Tag = "!!str"
		p.odd[place{n.Line, n.Column}] = n.Value
	case n.Tag == "!!null" && !nulls:
		p.fail(n, "there is no value: write one, or remove the key")
	}
	for i, child := range n.Content {
		inToken := n.Kind == yaml.MappingNode && i%2 == 1 && child.Kind == yaml.MappingNode &&
			n.Content[i-1].Value == keyToken
		p.plain(child, nulls || inToken)
	}
}

// entries ranges over a mapping.
func (p *parser) entries(n *yaml.Node, what string, take func(key, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		p.fail(n, "%s is written as keys and values", what)
		return
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if line, again := seen[key.Value]; again {
			p.fail(key, "%.40q is there twice; first in line %d", key.Value, line)
			continue
		}
		seen[key.Value] = key.Line
		take(key, value)
	}
}

// list ranges over a list that is not empty.
func (p *parser) list(key string, n *yaml.Node, take func(*yaml.Node)) {
	switch {
	case n.Kind != yaml.SequenceNode:
		p.fail(n, "%s: wants a list", key)
	case len(n.Content) == 0:
		p.fail(n, "%s: the list is empty: fill it, or remove the key", key)
	}
	if n.Kind == yaml.SequenceNode {
		for _, item := range n.Content {
			take(item)
		}
	}
}

// oneOrMore ranges over a list, or takes one value that stands for a list of it.
func (p *parser) oneOrMore(key string, n *yaml.Node, take func(*yaml.Node)) {
	if n.Kind == yaml.ScalarNode {
		take(n)
		return
	}
	p.list(key, n, take)
}

// needs refuses a mapping without some of its keys.
func (p *parser) needs(n *yaml.Node, what string, keys ...string) {
	if n.Kind != yaml.MappingNode {
		return // said already
	}
	for i := 0; i < len(n.Content); i += 2 {
		keys = slices.DeleteFunc(keys, func(key string) bool { return key == n.Content[i].Value })
	}
	if len(keys) > 0 {
		noun, verb := "key", "is"
		if len(keys) > 1 {
			noun, verb = "keys", "are"
		}
		p.fail(n, "%s: the %s %s %s missing", what, noun, strings.Join(keys, ", "), verb)
	}
}

// text reads a text that says something.
func (p *parser) text(key string, value *yaml.Node, to *string) {
	p.decode(key, value, to)
	switch {
	case value.Tag == "!!null":
		p.fail(value, "%s: there is no value", key)
	case value.Kind == yaml.ScalarNode && strings.TrimSpace(value.Value) == "":
		p.fail(value, "%s: is empty", key)
	}
}

// firstYear is before all that files are about. The zero time stands for what is not said.
const firstYear = 1970

// day reads a date, as midnight in UTC.
func (p *parser) day(key string, value *yaml.Node, to *time.Time) {
	day, err := time.Parse(time.DateOnly, value.Value)
	switch {
	case err != nil:
		p.fail(value, "%s: wants a day like 2026-11-22", key)
	case day.Year() < firstYear:
		p.fail(value, "%s: no day before %d can be meant", key, firstYear)
	default:
		*to = day
	}
}

func (p *parser) decode(key string, value *yaml.Node, to any) {
	if err := value.Load(to, yaml.WithKnownFields()); err != nil {
		p.failLoad(key+": ", err)
	}
}

// truth reads true or false: versions of YAML do not agree on no, off and n, and in quotes it is a
// text.
func (p *parser) truth(key string, value *yaml.Node, to *bool) {
	const quoted = yaml.SingleQuotedStyle | yaml.DoubleQuotedStyle | yaml.LiteralStyle |
		yaml.FoldedStyle
	if value.Kind != yaml.ScalarNode || value.Style&quoted != 0 ||
		value.Value != "true" && value.Value != "false" {
		p.fail(value, "%s: wants true or false", key)
		return
	}
	*to = value.Value == "true"
}

// severity reads a severity by its name.
func (p *parser) severity(key string, value *yaml.Node, to *audit.Severity) {
	s, err := audit.ParseSeverity(value.Value)
	if err != nil {
		p.fail(value, "%s: %w", key, err)
		return
	}
	*to = s
}

// oneOf refuses a value that is not one of some words.
func (p *parser) oneOf(key string, n *yaml.Node, words []string) bool {
	if n.Kind == yaml.ScalarNode && slices.Contains(words, n.Value) {
		return true
	}
	hint := strings.Join(words, ", ")
	if near := audit.Nearest(n.Value, words); near != "" {
		hint = near
	} else if len(words) > 1 {
		hint = "one of " + hint
	}
	p.fail(n, "%s: %.40q is none that is known: write %s", key, n.Value, hint)
	return false
}

func scalar(value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value}
}

func mapping(key, value *yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Content: []*yaml.Node{key, value}}
}
