// SPDX-License-Identifier: Apache-2.0

// Package policy reads what an organization asks of its tokens. A policy is a YAML file:
//
//	version: 1
//	name: our tokens
//	ratified: {by: the security team, on: 2026-11-22}
//	fail_on: high
//	rules:
//	  long-expiration: {max_days: 30}
//	  unused: {severity: low}
//	  owner-without-2fa: {required: true}
//	  private-public-bridge: {asked: false}
//	overrides:
//	- name: release bots
//	  when: {owner: {id: 9001, login: release-bot}, repository: complyctl}
//	  rules: {long-expiration: {max_days: 366}}
//	permissions:
//	- {group: repository, name: quantum_builds, levels: [read, write], class: medium, read: none}
//	waivers: {critical: 14}
//	sla: {critical: 7d, high: 30d, medium: 90d}
//	organization: {approval: required, max_lifetime: 90, classic: blocked, since: 2026-11-01}
//
// Every policy starts from the built-in one, guide.yaml ([Guide]), and says what is different. So
// a rule that a file forgets is asked all the same; to leave a rule out is a line that reviewers
// see. [Template] gives a file to start with.
//
// Of each rule a policy may set whether it is asked, whether a run is complete without its answer
// (required), the most that it says (severity), and the rule's own parameters: the exported fields
// of its checker, by their yaml names.
//
// Overrides set severities and parameters for some tokens: those that match every part of when.
// One that is bound to the ids of owners or tokens, and looks at no name or permission, judges in
// place of the policy. If it looks at repositories, too, it does so where a token reaches no
// others. Any other judges beside the policy: owners choose what it looks at, so it can only
// tighten. Of all answers the worst stands; the order of overrides does not matter. Permissions
// adds names that the table of GitHub's does not have yet, with the severity of writing one
// (class) and of reading it. Waivers bound how many days a waiver may last, by severity; sla sets
// within how many days after it was first seen a finding has to be gone, which needs a history.
// Organization claims what the organization's own settings are, see [audit.Claims].
//
// Reading is strict, since a misspelt key would weaken the policy without a word: unknown and
// repeated keys, empty values, anchors, aliases and tags are errors. So are names that can match
// nothing, such as that of no permission, and numbers in another form than 30 or 0.5; where text
// belongs, like a login, 007 is text. [Parse] reports all of them at once, each with its line and
// column and the line itself.
//
// Nor does a file say what its reviewers cannot see. Before it is parsed, each character that a
// diff does not show, or at which YAML alone ends a line, is an error, in a comment as anywhere;
// so is what is not UTF-8. A byte order mark at the start, tabs and CRLF are allowed, and escapes
// in double quotes are. The same holds of [ParseDecisions] and [ParseBaseline], and what this
// package writes has no such character.
package policy

import (
	"bytes"
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

const (
	guideName = "guide.yaml"
	guideWord = "guide" // what policies call it
)

//go:embed guide.yaml
var guide []byte

// Parse reads a policy file. Name is the file's, for errors. The policy asks about rules, in their
// order; it gets checkers of its own. Decisions and a baseline are left to the caller; examples
// are checked, and run by [Test].
func Parse(name string, data []byte, rules []*audit.Rule) (*audit.Policy, error) {
	p, _, err := parse(name, data, rules)
	return p, err
}

func parse(name string, data []byte, rules []*audit.Rule) (*audit.Policy, []example, error) {
	p, err := start(rules)
	if err != nil {
		return nil, nil, err
	}
	p.Name = name
	file := &parser{file: name, policy: p}
	file.parse(data)
	if err := file.err(); err != nil {
		return nil, nil, err
	}
	if err := Seal(p); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	return p, file.examples, nil
}

// start returns the policy from which every other starts. The guide speaks of rules that a caller
// may not have: what is wrong with that, Guide says.
func start(rules []*audit.Rule) (*audit.Policy, error) {
	p := &audit.Policy{Rules: make([]audit.PolicyRule, len(rules))}
	for i, rule := range rules {
		p.Rules[i] = audit.PolicyRule{
			Rule: rule, Checker: rule.New(), Severity: rule.Severity, Asked: true, Required: true,
		}
	}
	base := &parser{file: guideName, policy: p, lenient: true}
	base.parse(guide)
	return p, base.err()
}

// Guide returns the built-in policy: complytime's token guide, as read by pataudit.
func Guide(rules []*audit.Rule) (*audit.Policy, error) { return Parse(guideName, guide, rules) }

// Set changes one setting of a rule and seals the policy again. Expr is RULE.KEY=VALUE, where KEY
// is asked, required, severity or a parameter, and VALUE is YAML: "unused.days=30",
// "excess-write.allow=[contents, issues]". Overrides follow, but for what they set themselves.
// After an error the policy is as it was.
func Set(p *audit.Policy, expr string) error {
	target, value, found := strings.Cut(expr, "=")
	id, key, dotted := strings.Cut(target, ".")
	if !found || !dotted {
		return fmt.Errorf("%q is not RULE.KEY=VALUE, like long-expiration.max_days=30", expr)
	}
	changed := &audit.Policy{
		FailOn: p.FailOn, Rules: slices.Clone(p.Rules), Overrides: slices.Clone(p.Overrides),
		Waivers: p.Waivers, SLA: p.SLA, Permissions: p.Permissions, Claims: p.Claims,
	}
	file := &parser{policy: changed}
	if node := file.loadWithin(maxSize, []byte(value), ""); node != nil {
		file.rule(scalar(id), mapping(scalar(key), node))
	}
	err := file.err()
	if err == nil {
		err = follow(changed)
	}
	if err == nil {
		err = Seal(changed)
	}
	if err != nil {
		return fmt.Errorf("setting %s: %w", target, err)
	}
	p.Rules, p.Overrides, p.Digest = changed.Rules, changed.Overrides, changed.Digest
	return nil
}

// Seal computes the policy's digest anew: call it after changing a policy by hand. Policies with
// the same digest ask the same: how they and their overrides are named, ordered and written does
// not count, nor does what they set for rules that they do not ask, nor who ratified them.
func Seal(p *audit.Policy) error {
	type override struct {
		When  audit.Condition
		Rules []canonicalRule
	}
	canonical := struct {
		FailOn    string
		Rules     []canonicalRule
		Overrides []json.RawMessage `json:",omitempty"` // sorted, since their order does not count
		Waivers   map[string]int    `json:",omitempty"`
		SLA       map[string]int    `json:",omitempty"`
		Claims    map[string]string `json:",omitempty"`

		Permissions []audit.PermissionInfo `json:",omitempty"`
	}{
		FailOn: p.FailOn.String(), Rules: canonicalRules(p.Rules), Waivers: byName(p.Waivers),
		SLA: byName(p.SLA), Claims: canonicalClaims(&p.Claims), Permissions: p.Permissions,
	}
	if len(canonical.Rules) == 0 {
		return errors.New("the policy asks no rule, so every token would pass")
	}
	for _, o := range p.Overrides {
		text, err := json.Marshal(override{o.When, canonicalRules(o.Rules)})
		if err != nil {
			return fmt.Errorf("sealing the policy: %w", err)
		}
		canonical.Overrides = append(canonical.Overrides, text)
	}
	slices.SortFunc(canonical.Overrides, func(a, b json.RawMessage) int {
		return bytes.Compare(a, b)
	})
	text, err := json.Marshal(canonical) // sorts parameters and waivers by name
	if err != nil {
		return fmt.Errorf("sealing the policy: %w", err)
	}
	p.Digest = fmt.Sprintf("sha256:%x", sha256.Sum256(text))
	return nil
}

// canonicalRule is what the digest covers of a rule.
type canonicalRule struct {
	ID         string
	Required   bool
	Severity   string
	Parameters map[string]any
}

func canonicalRules(rules []audit.PolicyRule) (asked []canonicalRule) {
	for _, r := range rules {
		if r.Asked {
			asked = append(asked, canonicalRule{
				r.Rule.ID, r.Required, r.Severity.String(), parametersOf(r.Checker).values(),
			})
		}
	}
	return asked
}
