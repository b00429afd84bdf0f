// SPDX-License-Identifier: Apache-2.0

// Package policy reads what an organization asks of its tokens. A policy is a YAML file:
//
//	version: 1
//	name: our tokens
//	fail_on: high
//	rules:
//	  long-expiration: {max_days: 30}
//	  unused: {severity: low}
//	  owner-without-2fa: {required: true}
//	  private-public-bridge: {asked: false}
//
// Every policy starts from the built-in one, guide.yaml ([Guide]), and says what is different. So
// a rule that a file forgets is asked all the same; to leave a rule out is a line that reviewers
// see.
//
// Of each rule a policy may set whether it is asked, whether a run is complete without its answer
// (required), the most that it says (severity), and the rule's own parameters: the exported fields
// of its checker, by their yaml names.
//
// Reading is strict, since a misspelt key would weaken the policy without a word: unknown and
// repeated keys, empty values, anchors, aliases and tags are errors. [Parse] reports all of them
// at once, each with its line and column.
package policy

import (
	"crypto/sha256"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
)

// maxSize bounds a policy file, in bytes.
const maxSize = 1 << 20

const guideName = "guide.yaml"

//go:embed guide.yaml
var guide []byte

// Parse reads a policy file. Name is the file's, for errors. The policy asks about rules, in their
// order; it gets checkers of its own. Decisions are left to the caller.
func Parse(name string, data []byte, rules []*audit.Rule) (*audit.Policy, error) {
	p := &audit.Policy{Name: name, Rules: make([]audit.PolicyRule, len(rules))}
	for i, rule := range rules {
		p.Rules[i] = audit.PolicyRule{
			Rule: rule, Checker: rule.New(), Severity: rule.Severity, Asked: true, Required: true,
		}
	}
	// The guide speaks of rules that this caller may not have: what is wrong with that, Guide says.
	base := &parser{file: guideName, policy: p, lenient: true}
	base.parse(guide)
	if err := base.err(); err != nil {
		return nil, err
	}
	p.Name = name
	file := &parser{file: name, policy: p}
	file.parse(data)
	if err := file.err(); err != nil {
		return nil, err
	}
	if err := Seal(p); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return p, nil
}

// Guide is the built-in policy: complytime's token guide, as read by pataudit.
func Guide(rules []*audit.Rule) (*audit.Policy, error) { return Parse(guideName, guide, rules) }

// Set changes one setting of a rule and seals the policy again. Expr is RULE.KEY=VALUE, where KEY
// is asked, required, severity or a parameter, and VALUE is YAML: "unused.days=30",
// "excess-write.allow=[contents, issues]". After an error the policy is as it was.
func Set(p *audit.Policy, expr string) error {
	target, value, found := strings.Cut(expr, "=")
	id, key, dotted := strings.Cut(target, ".")
	if !found || !dotted {
		return fmt.Errorf("%q is not RULE.KEY=VALUE, like long-expiration.max_days=30", expr)
	}
	changed := &audit.Policy{FailOn: p.FailOn, Rules: slices.Clone(p.Rules)}
	file := &parser{policy: changed}
	if node := file.load([]byte(value)); node != nil {
		file.rule(scalar(id), mapping(scalar(key), node))
	}
	if err := file.err(); err != nil {
		return fmt.Errorf("setting %s: %w", target, err)
	}
	if err := Seal(changed); err != nil {
		return fmt.Errorf("setting %s: %w", target, err)
	}
	p.Rules, p.Digest = changed.Rules, changed.Digest
	return nil
}

// Seal computes the policy's digest anew: call it after changing FailOn or a rule by hand.
// Policies with the same digest ask the same: how they are named and written does not count, nor
// does what they set for rules that they do not ask.
func Seal(p *audit.Policy) error {
	if !slices.ContainsFunc(p.Rules, func(r audit.PolicyRule) bool { return r.Asked }) {
		return errors.New("the policy asks no rule, so every token would pass")
	}
	type asked struct {
		ID         string
		Required   bool
		Severity   string
		Parameters map[string]any
	}
	canonical := struct {
		FailOn string
		Rules  []asked
	}{FailOn: p.FailOn.String()}
	for _, r := range p.Rules {
		if r.Asked {
			canonical.Rules = append(canonical.Rules, asked{
				r.Rule.ID, r.Required, r.Severity.String(), parametersOf(r.Checker).values(),
			})
		}
	}
	text, err := json.Marshal(canonical) // sorts the parameters by name
	if err != nil {
		return fmt.Errorf("sealing the policy: %w", err)
	}
	p.Digest = fmt.Sprintf("sha256:%x", sha256.Sum256(text))
	return nil
}
