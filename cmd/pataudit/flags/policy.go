// SPDX-License-Identifier: Apache-2.0

package flags

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/audit/rules"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// Policy has the flags for what is asked of the tokens, and what people have decided already.
type Policy struct {
	Path           string
	Decisions      string
	Baseline       string
	Registry       string
	Set            []string
	FailOn         string
	failOnRequests bool
	failOnOverdue  bool
}

// RegisterSet registers --set.
func (f *Policy) RegisterSet(set *pflag.FlagSet) {
	set.StringArrayVar(&f.Set, "set", nil, "`rule.parameter=value` of the policy; repeatable")
}

// RegisterPolicy registers the flags of a command that only reads a policy.
func (f *Policy) RegisterPolicy(set *pflag.FlagSet) {
	set.StringVar(&f.Path, "policy", "", "`file` with the organization's policy")
	f.RegisterSet(set)
}

// Register registers the flags of every command that judges.
func (f *Policy) Register(set *pflag.FlagSet) {
	set.StringVar(&f.Path, "policy", "", "`file` with the organization's policy "+
		"(default: the token guide; `pataudit policy init` prints a start)")
	set.StringVar(&f.Decisions, "decisions", "", "`file` with what people decided of tokens")
	RegisterRegistry(set, &f.Registry)
	set.StringVar(&f.FailOn, "fail-on", "", "mildest `severity` that is a violation: "+
		strings.Join(audit.SeverityNames(), ", ")+" (default: the policy's)")
	ui.Offer(set, "fail-on", audit.SeverityNames())
	f.RegisterSet(set)
}

// RegisterVerdict registers what only an audit needs.
func (f *Policy) RegisterVerdict(set *pflag.FlagSet) {
	set.StringVar(&f.Baseline, "baseline", "", "`file` with findings that are accepted debt")
	set.BoolVar(&f.failOnRequests, "fail-on-requests", false,
		"pending requests that break the policy are violations")
	set.BoolVar(&f.failOnOverdue, "fail-on-overdue", false,
		"findings that stand longer than the policy's sla are violations, whatever their severity")
}

// Named reports whether a flag names what is judged by.
func (f *Policy) Named() bool {
	return f.Path+f.Decisions+f.Baseline+f.Registry+f.FailOn != "" || len(f.Set) > 0
}

// Options returns a run's options by the flags.
func (f *Policy) Options() audit.Options {
	return audit.Options{FailOnRequests: f.failOnRequests, FailOnOverdue: f.failOnOverdue}
}

// Load returns the policy of the flags, ready to be asked.
func (f *Policy) Load(now time.Time) (*audit.Policy, error) {
	p, err := LoadPolicy(f.Path)
	if err != nil {
		return nil, err
	}
	for _, expr := range f.Set {
		if err := policy.Set(p, expr); err != nil {
			return nil, fmt.Errorf("--set: %w", err)
		}
	}
	if f.FailOn != "" {
		if p.FailOn, err = audit.ParseSeverity(f.FailOn); err != nil {
			return nil, fmt.Errorf("--fail-on: %w", err)
		}
	}
	if f.Decisions != "" {
		text, err := ReadText(f.Decisions, "decisions")
		if err != nil {
			return nil, err
		}
		if p.Decisions, err = policy.ParseDecisions(f.Decisions, text, p); err != nil {
			return nil, err
		}
		if err := fromTheFuture(f.Decisions, p.Decisions, now); err != nil {
			return nil, err
		}
	}
	if f.Baseline != "" {
		text, err := ReadText(f.Baseline, "the baseline")
		if err != nil {
			return nil, err
		}
		if p.Baseline, err = policy.ParseBaseline(f.Baseline, text, p); err != nil {
			return nil, err
		}
	}
	if p.Registry, err = LoadRegistry(f.Registry); err != nil {
		return nil, err
	}
	return p, policy.Seal(p)
}

// RegisterRegistry registers the flag that names a registry.
func RegisterRegistry(set *pflag.FlagSet, path *string) {
	set.StringVar(path, "registry", "", "`file` with owners that are no people, and who answers for "+
		"them")
}

// LoadRegistry reads a registry of owners; an empty path is none.
func LoadRegistry(path string) (*audit.Registry, error) {
	if path == "" {
		return nil, nil //nolint:nilnil // none is no error
	}
	text, err := ReadText(path, "the registry")
	if err != nil {
		return nil, err
	}
	return policy.ParseRegistry(path, text)
}

// CheckBaseline refuses a baseline of another organization: left out without a word, its debts
// would be violations, or read as paid. There may be none.
func CheckBaseline(path string, b *audit.Baseline, o *audit.Organization) error {
	if b == nil || b.Of(o) {
		return nil
	}
	hint := ""
	if b.OrganizationID == 0 || o.ID == 0 {
		hint = ": if it was renamed, write its new name into the file"
	}
	return fmt.Errorf("the baseline %s is of %s, not of %s%s", path,
		Whose(b.Organization, b.OrganizationID), Whose(o.Login, o.ID), hint)
}

// Whose returns an organization's name and id.
func Whose(login string, id int64) string {
	if id == 0 {
		return login
	}
	return fmt.Sprintf("%s (id %d)", login, id)
}

// fromTheFuture refuses decisions that nobody can have taken yet: dated ahead, a waiver would last
// longer than the policy lets it. A day is for time zones.
func fromTheFuture(path string, decisions []*audit.Decision, now time.Time) error {
	for _, d := range decisions {
		if d.On.After(now.AddDate(0, 0, 1)) {
			about := fmt.Sprintf("token %d", d.TokenID)
			if d.Kind == audit.Attest {
				about = fmt.Sprintf("%s of %s", d.Setting, d.Organization)
			}
			return fmt.Errorf("%s: the decision about %s is dated %s, in the future",
				path, about, d.On.Format(time.DateOnly))
		}
	}
	return nil
}

// LoadPolicy reads a policy file; an empty path is the built-in guide.
func LoadPolicy(path string) (*audit.Policy, error) {
	if path == "" {
		return policy.Guide(rules.All)
	}
	text, err := ReadText(path, "the policy")
	if err != nil {
		return nil, err
	}
	return policy.Parse(path, text, rules.All)
}

// BuiltIn returns the names of all rules that there are.
func BuiltIn() (ids []string) {
	for _, rule := range rules.All {
		ids = append(ids, rule.ID)
	}
	return ids
}

// RuleIDs returns the names of a policy's rules.
func RuleIDs(p *audit.Policy) []string {
	ids := make([]string, len(p.Rules))
	for i := range p.Rules {
		ids[i] = p.Rules[i].Rule.ID
	}
	return ids
}

// NoRule returns the error that there is no rule of a name, and which may be meant.
func NoRule(id string, ids []string) error {
	return fmt.Errorf("no rule is named %q%s", id, ui.DidYouMean(id, ids, "",
		"; `pataudit rules` lists them"))
}
