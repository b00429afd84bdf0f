// SPDX-License-Identifier: Apache-2.0

package rules_test

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/rules"
)

// testCase is one file of a testdata/rules archive.
type testCase struct {
	Token        example                   `yaml:"token"`
	Covers       int                       `yaml:"covers"` // that many repositories
	Organization organizationFacts         `yaml:"organization"`
	Unknown      []string                  `yaml:"unknown"`   // facts that were not learned
	Requested    *when                     `yaml:"requested"` // of a request; "" undated
	Reason       *string                   `yaml:"reason"`    // of a request; null is none
	Expiries     []expiry                  `yaml:"expiries"`  // that earlier runs saw
	Before       map[string]any            `yaml:"before"`    // a week ago
	Earlier      []sighting                `yaml:"earlier"`   // on other days, oldest first
	Decisions    []decision                `yaml:"decisions"`
	Params       map[string]map[string]any `yaml:"params"`      // by rule
	Off          []string                  `yaml:"off"`         // rules not asked
	Permissions  []permission              `yaml:"permissions"` // that the policy adds
	registered   `yaml:",inline"`

	Want    string   `yaml:"want"`    // status, and the severity of a fail
	Basis   []string `yaml:"basis"`   // of a fail
	Message string   `yaml:"message"` // if given
}

// registered is a registry of owners, and what the organization is to people whom it names.
type registered struct {
	Registry map[string]registration `yaml:"registry"` // by login
	Contacts map[string]audit.Role   `yaml:"contacts"` // by login
}

type registration struct {
	ID      int64           `yaml:"id"`
	Kind    audit.OwnerKind `yaml:"kind"`
	Contact string          `yaml:"contact"`
}

func (r *registered) registry() *audit.Registry {
	if r.Registry == nil {
		return nil
	}
	registry := &audit.Registry{}
	for _, login := range slices.Sorted(maps.Keys(r.Registry)) {
		e := r.Registry[login]
		registry.Owners = append(registry.Owners, &audit.Registration{
			Login: login, ID: e.ID, Kind: e.Kind, Contact: e.Contact,
		})
	}
	return registry
}

func (r *registered) contacts() (people []*audit.Member) {
	for _, login := range slices.Sorted(maps.Keys(r.Contacts)) {
		people = append(people, &audit.Member{Login: login, Role: r.Contacts[login]})
	}
	return people
}

// decision is one about the token, of its owner.
type decision struct {
	Kind  string `yaml:"kind"`
	On    when   `yaml:"on"`
	Until when   `yaml:"until"`
}

// expiry is one that some runs saw; at is absent for none.
type expiry struct {
	At      when `yaml:"at"`
	Expired bool `yaml:"expired"`
	First   when `yaml:"first"`
	Last    when `yaml:"last"`
}

// past returns what the case's earlier runs saw of when the token expires.
func (c *testCase) past() (*audit.Past, error) {
	past := &audit.Past{}
	for _, e := range c.Expiries {
		seen := audit.Expiry{Expired: e.Expired}
		for _, instant := range []struct {
			text when
			to   *time.Time
		}{{e.At, &seen.At}, {e.First, &seen.First}, {e.Last, &seen.Last}} {
			if instant.text == "" {
				continue
			}
			var err error
			if *instant.to, err = instant.text.time(); err != nil {
				return nil, err
			}
		}
		past.Expiries = append(past.Expiries, seen)
	}
	return past, nil
}

// permission is one that the policy adds to the table.
type permission struct {
	Group  string   `yaml:"group"`
	Name   string   `yaml:"name"`
	Levels []string `yaml:"levels"`
	Class  string   `yaml:"class"`
	Read   string   `yaml:"read"`
}

func (p permission) info() audit.PermissionInfo {
	class, _ := audit.ParseSeverity(p.Class)
	read, _ := audit.ParseSeverity(p.Read)
	return audit.PermissionInfo{
		Group: p.Group, Name: p.Name, Levels: p.Levels, Class: class, Read: read,
		ReadKnown: p.Read != "unknown",
	}
}

func parseCase(data []byte) (*testCase, error) {
	c := &testCase{Token: newExample()}
	return c, yaml.Load(data, c, yaml.WithKnownFields())
}

// judge evaluates the case, and gives one rule's finding.
func (c *testCase) judge(rule *audit.Rule) (audit.Finding, error) {
	policy, err := c.policy()
	if err != nil {
		return audit.Finding{}, err
	}
	o := c.Organization.organization()
	if c.Covers > 0 {
		names := make([]string, c.Covers)
		for i := range names {
			names[i] = o.Repositories[i].Name
		}
		c.Token.Repositories = &names
	}
	t, err := c.Token.token(o)
	if err != nil {
		return audit.Finding{}, err
	}
	unknown, wrong := audit.ParseFacts(c.Unknown)
	if wrong != "" {
		return audit.Finding{}, fmt.Errorf("no fact %q", wrong)
	}
	forget(t, o, unknown)
	options := audit.Options{AsOf: asOf}
	if options.Memory, err = c.memory(t, o); err != nil {
		return audit.Finding{}, err
	}
	e := &audit.Evidence{
		Organization: o, Tokens: []*audit.Token{t}, Coverage: []audit.Coverage{
			{Source: audit.SourceAuditLog, Status: audit.Complete},
		}, Contacts: c.contacts(),
	}
	if c.Requested != nil {
		request := &audit.Request{Token: t}
		if c.Reason != nil && t.Known.Has(audit.FactReason) {
			request.Reason = *c.Reason
		}
		t.GrantedAt, t.Known = time.Time{}, t.Known&^audit.FactGranted
		if *c.Requested != "" {
			request.CreatedAt, err = c.Requested.time()
		}
		e.Tokens, e.Requests = nil, []*audit.Request{request}
	}
	return findingOf(audit.Evaluate(e, policy, options), rule), err
}

// sighting is the token as an earlier run saw it.
type sighting struct {
	On    when           `yaml:"on"`
	Token map[string]any `yaml:"token"`
}

// memory is of the runs that saw the token before; nil if none did.
func (c *testCase) memory(t *audit.Token, o *audit.Organization) (*audit.Memory, error) {
	earlier := c.Earlier
	if c.Before != nil {
		earlier = append(earlier, sighting{"-7d", c.Before})
	}
	if len(earlier)+len(c.Expiries) == 0 {
		return nil, nil //nolint:nilnil // no memory is no error
	}
	past, err := c.past()
	if err != nil {
		return nil, err
	}
	for _, sighting := range earlier {
		at, err := sighting.On.time()
		if err != nil {
			return nil, err
		}
		seen := newExample()
		text, err := yaml.Dump(sighting.Token)
		if err != nil {
			return nil, err
		}
		if err := yaml.Load(text, &seen, yaml.WithKnownFields()); err != nil {
			return nil, err
		}
		token, err := seen.token(o)
		if err != nil {
			return nil, err
		}
		past.Sights = append(past.Sights, audit.SightOf(token, at))
	}
	return &audit.Memory{Earlier: true, Tokens: map[int64]*audit.Past{t.ID: past}}, nil
}

// policy asks every rule at its default severity.
func (c *testCase) policy() (*audit.Policy, error) {
	p := &audit.Policy{Name: "test", FailOn: audit.Medium, Registry: c.registry()}
	for _, rule := range rules.All {
		checker := rule.New()
		if params, ok := c.Params[rule.ID]; ok {
			text, err := yaml.Dump(params)
			if err != nil {
				return nil, err
			}
			if err := yaml.Load(text, checker, yaml.WithKnownFields()); err != nil {
				return nil, err
			}
		}
		p.Rules = append(p.Rules, audit.PolicyRule{
			Rule: rule, Checker: checker, Severity: rule.Severity, Required: true,
			Asked: !slices.Contains(c.Off, rule.ID),
		})
	}
	for _, added := range c.Permissions {
		p.Permissions = append(p.Permissions, added.info())
	}
	for _, d := range c.Decisions {
		on, err := d.On.time()
		if err != nil {
			return nil, err
		}
		until, err := d.Until.time()
		if err != nil {
			return nil, err
		}
		p.Decisions = append(p.Decisions, &audit.Decision{
			TokenID: 900, OwnerID: 1, Kind: d.Kind, On: on, Until: until,
		})
	}
	return p, nil
}

func findingOf(run *audit.Run, rule *audit.Rule) audit.Finding {
	for _, results := range []func(func(*audit.Result) bool){run.Results(), run.Requests()} {
		for result := range results {
			for _, finding := range result.All() {
				if finding.Rule.Rule == rule {
					return *finding
				}
			}
		}
	}
	return audit.Finding{Message: "not asked"}
}
