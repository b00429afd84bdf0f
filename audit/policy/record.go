// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"maps"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/complytime/pataudit/audit"
)

// This file reads and writes what decisions and baselines are made of: files of records.

// targets say where the values of a record's keys go: by key, a pointer to an id (int64), a count
// (int), a text, a day (time.Time), a severity, a basis ([]string) or a reach; or what takes the
// value.
type targets map[string]any

// maxRecords bounds a decisions file and a baseline, in bytes: about 50,000 records.
const maxRecords = 16 << 20

// records reads a file that has a version and other keys, each of them needed if needs names it.
// It gives the file's root; nil if it is no YAML.
func (p *parser) records(
	size int, data []byte, what string, to targets, needs ...string,
) *yaml.Node {
	root := p.loadWithin(size, data, what)
	if root == nil {
		return nil
	}
	to[keyVersion] = func(value *yaml.Node) {
		if value.Value != version {
			p.fail(value, "version: this pataudit reads version %s of %s", version, what)
		}
	}
	p.record(root, what, to)
	p.needs(root, what, append([]string{keyVersion}, needs...)...)
	return root
}

// record reads a mapping, and gives the values that it has.
func (p *parser) record(n *yaml.Node, what string, to targets) map[string]*yaml.Node {
	values := map[string]*yaml.Node{}
	p.entries(n, what, func(key, value *yaml.Node) {
		target, known := to[key.Value]
		if !known {
			p.unknown(key, "key", slices.Sorted(maps.Keys(to)))
			return
		}
		values[key.Value] = value
		p.take(key.Value, value, target)
	})
	return values
}

func (p *parser) take(key string, value *yaml.Node, target any) {
	switch to := target.(type) {
	case *int64:
		p.decode(key, value, to)
		if *to <= 0 {
			p.fail(value, "%s: wants an id, a whole number above zero", key)
		}
	case *int:
		p.decode(key, value, to)
		if *to <= 0 {
			p.fail(value, "%s: wants a whole number above zero", key)
		}
	case *string:
		p.text(key, value, to)
	case *time.Time:
		p.day(key, value, to)
	case *audit.Severity:
		p.severity(key, value, to)
	case *[]string:
		p.basis(key, value, to)
	case *audit.Reach:
		p.reach(key, value, to)
	case func(*yaml.Node):
		to(value)
	}
}

// basis reads a set of texts.
func (p *parser) basis(key string, value *yaml.Node, to *[]string) {
	p.decode(key, value, to)
	if value.Kind == yaml.SequenceNode && len(value.Content) == 0 {
		p.fail(value, "%s: is empty", key)
	}
	for _, element := range value.Content {
		if element.Kind == yaml.ScalarNode && strings.TrimSpace(element.Value) == "" {
			p.fail(element, "%s: is empty", key)
		}
	}
	slices.Sort(*to)
	*to = slices.Compact(*to)
}

// texts reads a set of texts that may be empty.
func (p *parser) texts(key string, to *[]string) func(*yaml.Node) {
	return func(value *yaml.Node) {
		if value.Kind != yaml.SequenceNode || len(value.Content) > 0 {
			p.basis(key, value, to)
		}
	}
}

// word reads one of some words into what holds it.
func (p *parser) word(kind string, known []string, to *string) func(*yaml.Node) {
	return func(value *yaml.Node) {
		if value.Kind != yaml.ScalarNode || !slices.Contains(known, value.Value) {
			p.unknown(value, kind, known)
			return
		}
		*to = value.Value
	}
}

// each ranges over a list, which may be empty.
func (p *parser) each(key string, take func(*yaml.Node)) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.SequenceNode {
			p.fail(n, "%s: wants a list", key)
			return
		}
		for _, item := range n.Content {
			take(item)
		}
	}
}

// The two ways in which a text is written: a word of ours as it is, all else in quotes.

func plainWord(text string) string {
	for _, r := range text {
		if r != '-' && (r < 'a' || r > 'z') && (r < '0' || r > '9') {
			return quote(text)
		}
	}
	switch text {
	case "", "null", "true", "false", "yes", "no", "on", "off", "y", "n":
		return quote(text)
	}
	if text[0] < 'a' || text[0] > 'z' {
		return quote(text)
	}
	return text
}

func quoted(texts []string) string {
	all := make([]string, len(texts))
	for i, text := range texts {
		all[i] = quote(text)
	}
	return "[" + strings.Join(all, ", ") + "]"
}

// dayOf returns the day of an instant, by UTC.
func dayOf(instant time.Time) time.Time {
	year, month, day := instant.UTC().Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}
