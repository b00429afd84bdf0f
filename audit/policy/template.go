// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"fmt"
	"strings"

	"github.com/complytime/pataudit/audit"
)

// Template returns a policy file to start with: every rule with its parameters at their defaults,
// commented out. As it is, and with every comment sign in front of a setting removed, it asks what
// the guide asks.
func Template(rules []*audit.Rule) []byte {
	p, err := start(rules)
	if err != nil {
		panic(err) // the guide is part of the program, and a test reads it
	}
	var b strings.Builder
	fmt.Fprintf(&b, templateHead, version, p.FailOn)
	for i := range p.Rules {
		templateRule(&b, &p.Rules[i])
	}
	fmt.Fprintf(&b, templateFoot, waiversText(p.Waivers))
	return []byte(b.String())
}

// templateRule writes one rule: what reviewers should see as it is, the rest commented out.
func templateRule(b *strings.Builder, rule *audit.PolicyRule) {
	step := ""
	if rule.Rule.Guide != "" {
		step = " Step " + rule.Rule.Guide + " of the guide."
	}
	fmt.Fprintf(b, "  # %s.%s\n  %s:\n", rule.Rule.Title, step, rule.Rule.ID)
	setting(b, "    ", keyAsked, rule.Asked)
	setting(b, "    #", keyRequired, rule.Required)
	setting(b, "    #", keySeverity, rule.Severity.String())
	parameters := parametersOf(rule.Checker)
	for _, name := range parameters.names() {
		if text := meaning(rule.Rule, name); text != "" {
			fmt.Fprintf(b, "    # %s\n", text)
		}
		setting(b, "    #", name, parameters.fields[name].Interface())
	}
}

const templateHead = `# What we ask of fine-grained personal access tokens: a policy for pataudit.
#
# A line with # and no space after it is a setting at its default: remove the # to change it.
# A rule that is not named here is asked as in the token guide, so this file may be short.
# Check it with "pataudit policy check FILE"; "pataudit policy schema" helps editors.
# Characters that reviewers cannot see are errors, in comments, too.
version: %s
name: our token policy
#extends: guide

# Who put this policy into force, and when; every report says it.
#ratified: {by: the security team, on: 2026-11-22}

# The mildest severity that is a violation: info, low, medium, high or critical.
fail_on: %s

# Of every rule: is it asked; is a run complete without its answer (required); the most that it
# says (severity); and its own parameters.
rules:
`

const templateFoot = `
# Other severities and parameters for some tokens: every part of "when" has to match. An override
# with "owner" or "token" replaces the policy, and so may loosen it; owners are named by their
# ids, which "policy check FILE --from EVIDENCE" tells. Any other, and one with a name or a
# permission in it, is judged beside the policy, since owners choose those: of all answers the
# worst stands, in whatever order. A repository beside an owner or a token loosens for tokens that
# reach no others.
#
#   overrides:
#   - name: release bots
#     when: {owner: {id: 9001, login: release-bot}}
#     rules: {long-expiration: {max_days: 366}}
#   - name: infrastructure
#     when: {repository: ["infra-*"]}
#     rules: {long-expiration: {max_days: 30}}

# Permissions that the table of this version does not have yet ("pataudit version" shows its day):
# the severity of writing one (class), and of reading it; none, if it tells nothing secret.
#
#   permissions:
#   - {group: repository, name: quantum_builds, levels: [read, write], class: medium, read: none}

# How many days a waiver may last, by the severity that it accepts.
#waivers: %s

# How long after it was first seen a finding may stay, by its severity; with --history, what stands
# longer is overdue. The guide sets no such terms.
#
#   sla: {critical: 7d, high: 30d, medium: 90d}

# What the organization's own settings are, from that first whole day on (without since: always).
# GitHub does not tell them: a claim that evidence contradicts is a violation; a person can attest
# it ("pataudit decide ORG attest"); any other is reported as not shown. Nothing is claimed here.
#
#   organization: {approval: required, max_lifetime: 90, classic: blocked, since: 2026-11-01}

# Examples, for "pataudit policy test FILE": a token in the keys of the JSON report, where keys
# that are not there are as in a clean token; and what the rules are expected to say.
#
#   tests:
#   - name: release bots may live for a year
#     token: {owner: {id: 9001, login: release-bot}, expires_at: +300d}
#     expect: {long-expiration: pass}
`
