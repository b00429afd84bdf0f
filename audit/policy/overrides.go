// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/complytime/pataudit/audit"
)

// The keys of an override's condition.
const (
	keyWhen       = "when"
	keyOwner      = "owner"
	keyToken      = "token"
	keyRepository = "repository"
	keyPermission = "permission"
)

// maxOverrides bounds how many overrides a policy has: each is asked of every token.
const maxOverrides = 1000

// effect returns what an override is to the policy.
func effect(o *audit.Override) string {
	const beside = "it is judged beside the policy, and the worse answer stands"
	bound := len(o.When.Owners)+len(o.When.Tokens) > 0
	switch {
	case o.When.Replaces() && len(o.When.Repositories) > 0:
		return "it replaces the policy for tokens that reach no other repositories; for those that " +
			"do, " + beside
	case o.When.Replaces():
		return "it replaces the policy"
	case bound:
		return beside + ", for owners choose names and permissions"
	}
	return beside + ", for it names no owner and no token"
}

// override reads one override.
func (p *parser) override(n *yaml.Node) {
	if len(p.policy.Overrides) == maxOverrides {
		p.fail(n, "overrides: more than %d: put tokens with the same rules in one", maxOverrides)
	}
	if len(p.policy.Overrides) >= maxOverrides {
		return
	}
	o := audit.Override{Rules: slices.Clone(p.policy.Rules), Set: map[string][]string{}}
	p.entries(n, "an override", func(key, value *yaml.Node) {
		switch key.Value {
		case keyName:
			p.text(keyName, value, &o.Name)
			if slices.ContainsFunc(p.policy.Overrides, func(other audit.Override) bool {
				return other.Name == o.Name
			}) {
				p.fail(value, "name: two overrides are called %.40q, so that reports could "+
					"not tell them apart", o.Name)
			}
		case keyWhen:
			p.when(&o.When, value)
		case keyRules:
			p.entries(value, keyRules, func(key, value *yaml.Node) { p.overrideRule(&o, key, value) })
			if value.Kind == yaml.MappingNode && len(value.Content) == 0 {
				p.fail(value, "rules: the override changes no rule: name one, or remove it")
			}
		default:
			p.unknown(key, "key", []string{keyName, keyWhen, keyRules})
		}
	})
	p.needs(n, "an override", keyName, keyWhen, keyRules)
	p.policy.Overrides = append(p.policy.Overrides, o)
}

// overrideRule reads what an override says of one rule.
func (p *parser) overrideRule(o *audit.Override, key, value *yaml.Node) {
	i := p.find(key)
	if i < 0 {
		return
	}
	rule, set := p.settings(o.Rules[i], value, true)
	switch {
	case !rule.Asked:
		p.fail(key, "%s is not asked, so that the override changes nothing: "+
			"set asked: true under rules of the policy", key.Value)
	case value.Kind == yaml.MappingNode && len(set) == 0:
		p.fail(value, "%s: the override changes nothing: set severity or a parameter", key.Value)
	}
	o.Rules[i], o.Set[key.Value] = rule, set
}

// when reads an override's condition.
func (p *parser) when(c *audit.Condition, n *yaml.Node) {
	if n.Kind == yaml.MappingNode && len(n.Content) == 0 {
		p.fail(n, "when: is empty, so that the override would judge every token: "+
			"say which, or set it under rules of the policy")
		return
	}
	p.entries(n, keyWhen, func(key, value *yaml.Node) {
		switch key.Value {
		case keyOwner:
			p.owners(value, &c.Owners)
		case keyToken:
			p.tokens(value, &c.Tokens)
		case keyName:
			p.words(key.Value, value, &c.Names, checkGlob)
		case keyRepository:
			p.words(key.Value, value, &c.Repositories, audit.CheckRepositoryGlob)
		case keyPermission:
			p.words(key.Value, value, &c.Permissions, p.checkPermission)
		default:
			p.unknown(key, "key",
				[]string{keyOwner, keyToken, keyName, keyRepository, keyPermission})
		}
	})
}

// words reads a list of texts, or one of them alone, and checks each.
func (p *parser) words(key string, n *yaml.Node, to *[]string, check func(string) error) {
	p.oneOrMore(key, n, func(item *yaml.Node) {
		err := errors.New("wants text")
		if item.Kind == yaml.ScalarNode {
			err = check(item.Value)
		}
		if err != nil {
			p.fail(item, "%s: %w", key, err)
			return
		}
		*to = append(*to, item.Value)
	})
}

// tokens reads a list of token ids, or one alone.
func (p *parser) tokens(n *yaml.Node, to *[]int64) {
	p.oneOrMore(keyToken, n, func(item *yaml.Node) {
		var id int64
		p.decode(keyToken, item, &id)
		if item.Tag == "!!int" && id <= 0 {
			p.fail(item, "token: wants a token's id, a whole number above zero")
			return
		}
		*to = append(*to, id)
	})
}

// forgotten begins what stands for the login of somebody who was taken out of a history.
const forgotten = "(forgotten-"

// checkLogin refuses what cannot be a GitHub login. Those of Apps end in [bot], those that an
// enterprise manages have an underscore; of somebody who was taken out of a history,
// "(forgotten-1)" is left in the policies that are kept there.
func checkLogin(text string) error {
	if number, found := strings.CutPrefix(text, forgotten); found {
		text = strings.TrimSuffix(number, ")")
	}
	text = strings.TrimSuffix(text, "[bot]")
	if text == "" || strings.ContainsFunc(text, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' ||
			r == '-' || r == '_')
	}) {
		return errors.New("wants a login")
	}
	return nil
}

// checkGlob refuses a glob of token names that says nothing.
func checkGlob(text string) error {
	if _, err := path.Match(text, ""); err != nil || strings.TrimSpace(text) == "" {
		return errors.New("wants a name, with * for any letters but /")
	}
	return nil
}

// checkPermission refuses a permission that no token can hold.
func (p *parser) checkPermission(text string) error {
	right, err := audit.ParseRight(text)
	switch {
	case err != nil:
		return err
	case strings.HasPrefix(right.Name, "*"):
		return fmt.Errorf("%q: write the name in full", text)
	}
	return knownTo(p.policy).CheckRight(right)
}

// follow brings the overrides up to date with the policy's rules, in all that they do not set
// themselves.
func follow(p *audit.Policy) error {
	for i := range p.Overrides {
		o := &p.Overrides[i]
		if o.Set == nil {
			continue
		}
		rules := slices.Clone(p.Rules)
		for k := range rules {
			rule, own := &rules[k], o.Rules[k]
			set := o.Set[rule.Rule.ID]
			if len(set) == 0 {
				continue
			}
			from := parametersOf(own.Checker)
			to := parametersOf(rule.Checker).applyTo(rule.Rule.New())
			for _, key := range set {
				if key == keySeverity {
					rule.Severity = own.Severity
					continue
				}
				to.fields[key].Set(from.fields[key])
			}
			rule.Checker = to.checker
			var wrong error
			validate(p, *rule, func(_ string, err error) {
				wrong = fmt.Errorf("%s: %w", rule.Rule.ID, err)
			})
			if wrong != nil {
				return wrong
			}
		}
		o.Rules = rules
	}
	return nil
}
