// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"slices"

	"go.yaml.in/yaml/v4"

	"github.com/complytime/pataudit/audit"
)

// version is the format of policy files that this package reads.
const version = "1"

// The keys of a policy, and those of a rule beside its parameters.
const (
	keyVersion  = "version"
	keyName     = "name"
	keyFailOn   = "fail_on"
	keyRules    = "rules"
	keyAsked    = "asked"
	keyRequired = "required"
	keySeverity = "severity"
)

// parser applies a file to a policy, and gathers what is wrong with the file.
type parser struct {
	file     string // its name; "" leaves places out of errors
	policy   *audit.Policy
	lenient  bool // rules that the policy does not have are no error
	problems []problem
}

func (p *parser) parse(data []byte) {
	if len(data) > maxSize {
		p.fail(&yaml.Node{Line: 1, Column: 1}, "larger than %d bytes", maxSize)
		return
	}
	root := p.load(data)
	if root == nil {
		return
	}
	versioned := false
	p.entries(root, "a policy", func(key, value *yaml.Node) {
		switch key.Value {
		case keyVersion:
			versioned = true
			if value.Value != version {
				p.fail(value, "version: this pataudit reads version %s of policies", version)
			}
		case keyName:
			p.decode(keyName, value, &p.policy.Name)
		case keyFailOn:
			p.severity(keyFailOn, value, &p.policy.FailOn)
		case keyRules:
			p.entries(value, keyRules, p.rule)
		default:
			p.unknown(key, "key", []string{keyVersion, keyName, keyFailOn, keyRules})
		}
	})
	if !versioned {
		p.fail(root, "the line \"version: %s\" is missing", version)
	}
}

// load gives the one document of a file if it is plain YAML; nil, and a problem, if it is none.
func (p *parser) load(data []byte) *yaml.Node {
	var document yaml.Node
	if err := yaml.Load(data, &document); err != nil {
		p.failLoad("", err)
		return nil
	}
	p.plain(&document)
	return document.Content[0]
}

// plain refuses what makes YAML say something else than it seems to.
func (p *parser) plain(n *yaml.Node) {
	switch {
	case n.Kind == yaml.AliasNode, n.Anchor != "":
		p.fail(n, "anchors and aliases are not for policies: write it out")
	case n.Style&yaml.TaggedStyle != 0:
		p.fail(n, "tags are not for policies: remove %.40q", n.Tag)
	case n.Tag == "!!null":
		p.fail(n, "there is no value: write one, or remove the key")
	}
	for _, child := range n.Content {
		p.plain(child)
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

// rule applies what the file says of one rule.
func (p *parser) rule(key, value *yaml.Node) {
	i := slices.IndexFunc(p.policy.Rules, func(r audit.PolicyRule) bool {
		return r.Rule.ID == key.Value
	})
	if i < 0 {
		if !p.lenient {
			p.unknown(key, "rule", ruleIDs(p.policy))
		}
		return
	}
	rule := p.policy.Rules[i]
	parameters := parametersOf(rule.Checker).onto(rule.Rule.New())
	p.entries(value, key.Value, func(key, value *yaml.Node) {
		switch key.Value {
		case keyAsked:
			p.decode(keyAsked, value, &rule.Asked)
		case keyRequired:
			p.decode(keyRequired, value, &rule.Required)
		case keySeverity:
			p.severity(keySeverity, value, &rule.Severity)
		default:
			p.parameter(parameters, key, value)
		}
	})
	rule.Checker = parameters.checker
	if v, ok := rule.Checker.(interface{ Validate() error }); ok {
		if err := v.Validate(); err != nil {
			p.fail(value, "%s: %w", key.Value, err)
		}
	}
	p.policy.Rules[i] = rule
}

// parameter sets one field of a checker, from nothing: a list in a policy replaces the default.
func (p *parser) parameter(parameters parameters, key, value *yaml.Node) {
	field, ok := parameters.fields[key.Value]
	if !ok {
		known := append([]string{keyAsked, keyRequired, keySeverity}, parameters.names()...)
		p.unknown(key, "key", known)
		return
	}
	field.SetZero()
	p.decode(key.Value, value, field.Addr().Interface())
}

func (p *parser) severity(key string, value *yaml.Node, to *audit.Severity) {
	s, err := audit.ParseSeverity(value.Value)
	if err != nil {
		p.fail(value, "%s: %w", key, err)
		return
	}
	*to = s
}

func (p *parser) decode(key string, value *yaml.Node, to any) {
	if err := value.Load(to, yaml.WithKnownFields()); err != nil {
		p.failLoad(key+": ", err)
	}
}

func ruleIDs(p *audit.Policy) []string {
	ids := make([]string, len(p.Rules))
	for i, r := range p.Rules {
		ids[i] = r.Rule.ID
	}
	return ids
}

func scalar(value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value}
}

func mapping(key, value *yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Content: []*yaml.Node{key, value}}
}
