// SPDX-License-Identifier: Apache-2.0

package policy

import (
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
			p.words(key.Value, value, &c.Owners, "a login", isLogin)
		case keyToken:
			p.tokens(value, &c.Tokens)
		case keyName:
			p.words(key.Value, value, &c.Names, "a name, with * for any letters but /", isGlob)
		case keyRepository:
			p.words(key.Value, value, &c.Repositories,
				"name or owner/name, with * for any letters but /", isRepositoryGlob)
		case keyPermission:
			p.words(key.Value, value, &c.Permissions, "name:level or group:name:level, with "+
				"the level read, write or admin", isPermission)
		default:
			p.unknown(key, "key",
				[]string{keyOwner, keyToken, keyName, keyRepository, keyPermission})
		}
	})
}

// words reads a list of texts, or one of them alone, of which each has a form.
func (p *parser) words(
	key string, n *yaml.Node, to *[]string, form string, is func(string) bool,
) {
	p.oneOrMore(key, n, func(item *yaml.Node) {
		if item.Kind != yaml.ScalarNode || !is(item.Value) {
			p.fail(item, "%s: wants %s", key, form)
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

// isLogin reports whether a text can be a GitHub login. Those of Apps end in [bot], those that an
// enterprise manages have an underscore; of somebody who was taken out of a history,
// "(forgotten-1)" is left in the policies that are kept there.
func isLogin(text string) bool {
	if number, found := strings.CutPrefix(text, "(forgotten-"); found {
		text = strings.TrimSuffix(number, ")")
	}
	text = strings.TrimSuffix(text, "[bot]")
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' ||
			r == '-' || r == '_')
	})
}

// isGlob reports whether a text is a glob that says something.
func isGlob(text string) bool {
	_, err := path.Match(text, "")
	return err == nil && strings.TrimSpace(text) != ""
}

func isRepositoryGlob(text string) bool {
	owner, name, full := strings.Cut(text, "/")
	return isGlob(text) && (!full || owner != "" && name != "" && !strings.Contains(name, "/"))
}

func isPermission(text string) bool {
	parts := strings.Split(text, ":")
	if len(parts) == 3 {
		switch parts[0] {
		case audit.GroupRepository, audit.GroupOrganization, audit.GroupOther:
			parts = parts[1:]
		}
	}
	if len(parts) != 2 || strings.Trim(parts[0], "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
		return false
	}
	switch parts[1] {
	case audit.LevelRead, audit.LevelWrite, audit.LevelAdmin:
		return parts[0] != ""
	}
	return false
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
			to := parametersOf(rule.Checker).onto(rule.Rule.New())
			for _, key := range set {
				if key == keySeverity {
					rule.Severity = own.Severity
					continue
				}
				to.fields[key].Set(from.fields[key])
			}
			rule.Checker = to.checker
			if err := validate(*rule); err != nil {
				return err
			}
		}
		o.Rules = rules
	}
	return nil
}
