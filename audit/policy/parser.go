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
	keyVersion   = "version"
	keyName      = "name"
	keyExtends   = "extends"
	keyRatified  = "ratified"
	keyFailOn    = "fail_on"
	keyRules     = "rules"
	keyOverrides = "overrides"
	keyWaivers   = "waivers"
	keySLA       = "sla"
	keyTests     = "tests"

	keyPermissions = "permissions"
	keyAsked       = "asked"
	keyRequired    = "required"
	keySeverity    = "severity"
	keyBy          = "by"
	keyOn          = "on"
)

// parser applies a file to a policy, and gathers what is wrong with the file.
type parser struct {
	file     string // its name; "" leaves places out of errors
	data     []byte // of the file, to show places of
	policy   *audit.Policy
	examples []example
	lenient  bool             // rules that the policy does not have are no error
	inline   bool             // it is written out in a project file, whose version counts
	odd      map[place]string // numbers in another form than people's, taken for text
	problems []problem
}

func (p *parser) parse(data []byte) {
	root := p.load(data)
	if root == nil {
		return
	}
	versioned := p.inline
	var rules, overrides, tests *yaml.Node // come last, for they rest on the rest
	p.entries(root, "a policy", func(key, value *yaml.Node) {
		switch key.Value {
		case keyVersion:
			versioned = true
			if value.Value != version {
				p.fail(value, "version: this pataudit reads version %s of policies", version)
			}
		case keyName:
			p.text(keyName, value, &p.policy.Name)
		case keyExtends:
			if value.Value != guideWord {
				p.fail(value, "extends: a policy can only start from %q", guideWord)
			}
		case keyRatified:
			p.ratified(value)
		case keyFailOn:
			p.severity(keyFailOn, value, &p.policy.FailOn)
		case keyRules:
			rules = value
		case keyOverrides:
			overrides = value
		case keyWaivers:
			p.entries(value, keyWaivers, p.waiver)
		case keySLA:
			p.entries(value, keySLA, p.term)
		case keyTests:
			tests = value
		case keyOrganization:
			p.claims(value)
		case keyPermissions:
			p.list(keyPermissions, value, p.permission)
		default:
			p.unknown(key, "key", []string{
				keyVersion, keyName, keyExtends, keyRatified, keyFailOn, keyRules, keyOverrides,
				keyWaivers, keySLA, keyOrganization, keyPermissions, keyTests,
			})
		}
	})
	if !versioned {
		p.fail(root, "the line \"version: %s\" is missing", version)
	}
	if rules != nil {
		p.entries(rules, keyRules, p.rule)
	}
	if overrides != nil {
		p.list(keyOverrides, overrides, p.override)
	}
	if tests != nil {
		p.list(keyTests, tests, p.example)
	}
}

// ratified reads who put the policy into force.
func (p *parser) ratified(n *yaml.Node) {
	ratified := &audit.Ratified{}
	p.entries(n, keyRatified, func(key, value *yaml.Node) {
		switch key.Value {
		case keyBy:
			p.text(keyBy, value, &ratified.By)
		case keyOn:
			p.day(keyOn, value, &ratified.On)
		default:
			p.unknown(key, "key", []string{keyBy, keyOn})
		}
	})
	p.needs(n, keyRatified, keyBy, keyOn)
	p.policy.Ratified = ratified
}

// longestWaiver is how many days a policy may let a waiver last: ten years are for ever.
const longestWaiver = 3660

// waiver reads the longest life of waivers of one severity.
func (p *parser) waiver(key, value *yaml.Node) {
	severity, err := audit.ParseSeverity(key.Value)
	if err != nil {
		p.unknown(key, "severity", audit.SeverityNames())
		return
	}
	var days int
	p.decode(key.Value, value, &days)
	if value.Kind == yaml.ScalarNode && (days < 1 || days > longestWaiver) {
		p.fail(value, "%s: wants a number of days from 1 to %d", key.Value, longestWaiver)
		return
	}
	if p.policy.Waivers == nil {
		p.policy.Waivers = map[audit.Severity]int{}
	}
	p.policy.Waivers[severity] = days
}

// rule applies what the file says of one rule.
func (p *parser) rule(key, value *yaml.Node) {
	if i := p.find(key); i >= 0 {
		p.policy.Rules[i], _ = p.settings(p.policy.Rules[i], value, false)
	}
}

// find returns the index of a rule; -1, and a problem, if there is none.
func (p *parser) find(key *yaml.Node) int {
	i := slices.IndexFunc(p.policy.Rules, func(r audit.PolicyRule) bool {
		return r.Rule.ID == key.Value
	})
	if i < 0 && !p.lenient {
		p.unknown(key, "rule", ruleIDs(p.policy))
	}
	return i
}

// settings returns a rule as the file changes it, and the keys that the file sets. The rule's own
// checker stays as it is.
func (p *parser) settings(
	rule audit.PolicyRule, n *yaml.Node, override bool,
) (changed audit.PolicyRule, set []string) {
	parameters := parametersOf(rule.Checker).applyTo(rule.Rule.New())
	before := len(p.problems)
	p.entries(n, rule.Rule.ID, func(key, value *yaml.Node) {
		set = append(set, key.Value)
		switch {
		case override && (key.Value == keyAsked || key.Value == keyRequired):
			p.fail(key, "%s is not for overrides, for it holds for every token: "+
				"set it under rules of the policy", key.Value)
		case key.Value == keyAsked:
			p.truth(keyAsked, value, &rule.Asked)
		case key.Value == keyRequired:
			p.truth(keyRequired, value, &rule.Required)
		case key.Value == keySeverity:
			p.severity(keySeverity, value, &rule.Severity)
		default:
			p.parameter(parameters, key, value, override)
		}
	})
	rule.Checker = parameters.checker
	if len(p.problems) > before {
		return rule, set // a parameter that could not be read is none that anybody wrote
	}
	validate(p.policy, rule, func(value string, err error) {
		p.fail(scalarIn(n, value), "%s: %w", rule.Rule.ID, err)
	})
	return rule, set
}

// validate refuses parameters of which their checker says that it cannot use them: names, and the
// rest. Value is the text in question; "" if it is not one alone.
func validate(policy *audit.Policy, rule audit.PolicyRule, refuse func(value string, err error)) {
	if v, ok := rule.Checker.(interface{ Validate() error }); ok {
		if err := v.Validate(); err != nil {
			refuse("", err)
			return
		}
	}
	if c, ok := rule.Checker.(interface {
		CheckNames(known *audit.PermissionTable, refuse func(value string, err error))
	}); ok {
		c.CheckNames(knownTo(policy), refuse)
	}
}

// knownTo returns the permissions that a policy can speak of: GitHub's, and its own.
func knownTo(policy *audit.Policy) *audit.PermissionTable {
	return audit.GitHubPermissions().With(policy.Permissions)
}

// scalarIn finds a text in a node, or gives the node itself.
func scalarIn(n *yaml.Node, text string) *yaml.Node {
	if text == "" {
		return n
	}
	for _, child := range n.Content {
		if child.Kind == yaml.ScalarNode && child.Value == text {
			return child
		}
		if found := scalarIn(child, text); found != child {
			return found
		}
	}
	return n
}

// parameter sets one field of a checker, from nothing: a list in a policy replaces the default.
func (p *parser) parameter(parameters parameters, key, value *yaml.Node, override bool) {
	field, ok := parameters.fields[key.Value]
	if !ok {
		known := []string{keyAsked, keyRequired, keySeverity}
		if override {
			known = []string{keySeverity}
		}
		p.unknown(key, "key", append(known, parameters.names()...))
		return
	}
	field.SetZero()
	p.decode(key.Value, value, field.Addr().Interface())
}

func ruleIDs(p *audit.Policy) []string {
	ids := make([]string, len(p.Rules))
	for i, r := range p.Rules {
		ids[i] = r.Rule.ID
	}
	return ids
}
