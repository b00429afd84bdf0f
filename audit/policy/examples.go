// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"fmt"
	"slices"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/complytime/pataudit/audit"
)

// The keys of an example, and the one word that it may expect of all rules.
const (
	keyAsOf         = "as_of"
	keyOrganization = "organization"
	keyExpect       = "expect"
	expectClean     = "clean"
)

// example is a token, and what the policy is expected to say of it.
type example struct {
	name         string
	line         int
	token        exampleToken
	asOf         time.Time
	repositories map[string]string // visibility of further ones of the organization, by full name
	clean        bool
	expect       []expectation
}

// expectation is what one rule should say: with a severity, a failure of that severity.
type expectation struct {
	rule     string
	status   audit.Status
	severity audit.Severity
}

// meets reports whether a finding is as expected.
func (e *expectation) meets(f *audit.Finding) bool {
	return f.Status == e.status && (e.severity == audit.NoSeverity || f.Severity == e.severity)
}

// String returns the word that the file has.
func (e *expectation) String() string {
	if e.severity != audit.NoSeverity {
		return e.severity.String()
	}
	return e.status.String()
}

// Outcome is what became of one example of a policy file.
type Outcome struct {
	Name     string
	Line     int      // of the file, from one
	Problems []string // what was not as expected; nil if all was. They may quote the file
}

// Test runs the examples of a policy file: each is a token, judged by the policy, with what is
// expected of it. The error says that the file is no policy; a file without examples has no
// outcomes.
//
// A token is written in the keys of the JSON report. What it does not say is as in a token that
// the guide finds clean: the guide's common permissions on complytime/complyctl, one of twelve
// repositories; of a member with a second factor; approved 30 days ago, used two days ago, with 60
// days to live. A time is RFC 3339, a day, or days from as_of: -90d, +91d12h. Nulls mean what they
// mean in the report: no expiry, never used; otherwise unknown.
//
// Of a rule, pass, fail, not_applicable, indeterminate or the severity of a failure is expected;
// rules that are not named may say anything. Clean means the verdict that the token alone would
// give: nothing at or above fail_on, and nothing left open.
func Test(name string, data []byte, rules []*audit.Rule) ([]Outcome, error) {
	p, examples, err := parse(name, data, rules)
	if err != nil {
		return nil, err
	}
	outcomes := make([]Outcome, len(examples))
	for i, e := range examples {
		outcomes[i] = Outcome{Name: e.name, Line: e.line, Problems: e.run(p)}
	}
	return outcomes, nil
}

// example reads one example.
func (p *parser) example(n *yaml.Node) {
	e := example{line: n.Line, token: cleanToken(), asOf: exampleDay}
	p.entries(n, "an example", func(key, value *yaml.Node) {
		switch key.Value {
		case keyName:
			p.text(keyName, value, &e.name)
		case keyToken:
			p.exampleToken(value, &e.token)
		case keyAsOf:
			when := p.instant(keyAsOf, value)
			e.asOf = when.from(exampleDay)
		case keyOrganization:
			p.visibilities(value, &e)
		case keyExpect:
			p.expect(value, &e)
		default:
			p.unknown(key, "key", []string{keyName, keyToken, keyAsOf, keyOrganization, keyExpect})
		}
	})
	p.needs(n, "an example", keyName, keyToken, keyExpect)
	p.examples = append(p.examples, e)
}

// visibilities reads further repositories of the organization.
func (p *parser) visibilities(n *yaml.Node, e *example) {
	e.repositories = map[string]string{}
	p.entries(n, keyOrganization, func(key, value *yaml.Node) {
		if checkRepository(key.Value) != nil {
			p.fail(key, "organization: wants repositories, owner/name: visibility")
		}
		p.oneOf("visibility", value, []string{"public", "private", "internal"})
		e.repositories[key.Value] = value.Value
	})
}

// expect reads what is expected: clean, or a word for each of some rules.
func (p *parser) expect(n *yaml.Node, e *example) {
	if n.Kind == yaml.ScalarNode {
		e.clean = p.oneOf(keyExpect, n, []string{expectClean})
		return
	}
	p.entries(n, keyExpect, func(key, value *yaml.Node) {
		i := p.find(key)
		if i >= 0 && !p.policy.Rules[i].Asked {
			p.fail(key, "%s is not asked, so that it says nothing", key.Value)
		}
		if !p.oneOf(key.Value, value, expectable()) {
			return
		}
		expected := expectation{rule: key.Value, status: audit.Fail}
		if severity, err := audit.ParseSeverity(value.Value); err == nil {
			expected.severity = severity
		}
		for status := audit.Indeterminate; status <= audit.Fail; status++ {
			if status.String() == value.Value {
				expected.status = status
			}
		}
		e.expect = append(e.expect, expected)
	})
	if n.Kind == yaml.MappingNode && len(n.Content) == 0 {
		p.fail(n, "expect: nothing is expected: name a rule, or write %s", expectClean)
	}
}

// expectable lists what can be expected of a rule: what it can answer, or how bad its failure is.
func expectable() []string {
	words := audit.SeverityNames()
	for status := audit.Indeterminate; status <= audit.Fail; status++ {
		words = append(words, status.String())
	}
	slices.Reverse(words)
	return words
}

// run judges the example by the policy, and gives what is not as expected.
func (e *example) run(p *audit.Policy) (problems []string) {
	organization := e.organization()
	evidence := &audit.Evidence{
		Organization: organization,
		Tokens:       []*audit.Token{e.token.judged(organization, e.asOf)},
		CollectedAt:  e.asOf,
	}
	for _, source := range audit.Sources {
		evidence.Coverage = append(evidence.Coverage,
			audit.Coverage{Source: source, Status: audit.Complete})
	}
	run := audit.Evaluate(evidence, p, audit.Options{AsOf: e.asOf})
	for result := range run.Results() {
		for _, f := range result.All() {
			problems = append(problems, e.compare(f, p.FailOn)...)
		}
	}
	if e.clean {
		problems = append(problems, run.Incomplete.Texts()...)
	}
	return problems
}

// compare holds one finding against what is expected of it.
func (e *example) compare(f *audit.Finding, failOn audit.Severity) []string {
	want := ""
	if e.clean && f.Status == audit.Fail && f.Severity >= failOn {
		want = expectClean
	}
	for _, expected := range e.expect {
		if expected.rule == f.Rule.Rule.ID && !expected.meets(f) {
			want = expected.String()
		}
	}
	if want == "" {
		return nil
	}
	got := f.Status.String()
	if f.Status == audit.Fail {
		got = f.Severity.String()
	}
	text := fmt.Sprintf("%s: expected %s, got %s", f.Rule.Rule.ID, want, got)
	if f.Override != "" {
		text += " by the override " + f.Override
	}
	if f.Message != "" {
		text += ": " + f.Message
	}
	return []string{text}
}
