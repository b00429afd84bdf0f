// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/github"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/audit/rules"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// policyFlags say what is asked of the tokens, and what people have decided already.
type policyFlags struct {
	path           string
	decisions      string
	baseline       string
	set            []string
	failOn         string
	failOnRequests bool
	failOnOverdue  bool
}

const setUsage = "`rule.parameter=value` of the policy; repeatable"

func (f *policyFlags) register(flags *pflag.FlagSet) {
	flags.StringVar(&f.path, "policy", "", "`file` with the organization's policy "+
		"(default: the token guide; `pataudit policy init` prints a start)")
	flags.StringVar(&f.decisions, "decisions", "", "`file` with what people decided of tokens")
	flags.StringVar(&f.failOn, "fail-on", "", "mildest `severity` that is a violation: "+
		strings.Join(audit.SeverityNames(), ", ")+" (default: the policy's)")
	flags.StringArrayVar(&f.set, "set", nil, setUsage)
}

// registerVerdict registers what only an audit needs.
func (f *policyFlags) registerVerdict(flags *pflag.FlagSet) {
	flags.StringVar(&f.baseline, "baseline", "", "`file` with findings that are known debt")
	flags.BoolVar(&f.failOnRequests, "fail-on-requests", false,
		"pending requests that break the policy are violations")
	flags.BoolVar(&f.failOnOverdue, "fail-on-overdue", false,
		"findings that stand longer than the policy's sla are violations, whatever their severity")
}

// named reports whether a flag names what is judged by.
func (f *policyFlags) named() bool {
	return f.path+f.decisions+f.baseline+f.failOn != "" || len(f.set) > 0
}

// load gives the policy with all that the flags say.
func (f *policyFlags) load(now time.Time) (*audit.Policy, error) {
	p, err := loadPolicy(f.path)
	if err != nil {
		return nil, err
	}
	for _, expr := range f.set {
		if err := policy.Set(p, expr); err != nil {
			return nil, fmt.Errorf("--set: %w", err)
		}
	}
	if f.failOn != "" {
		if p.FailOn, err = audit.ParseSeverity(f.failOn); err != nil {
			return nil, fmt.Errorf("--fail-on: %w", err)
		}
	}
	p.FailOnRequests, p.FailOnOverdue = f.failOnRequests, f.failOnOverdue
	if f.decisions != "" {
		text, err := readText(f.decisions, "decisions")
		if err != nil {
			return nil, err
		}
		if p.Decisions, err = policy.ParseDecisions(f.decisions, text, p); err != nil {
			return nil, err
		}
		if err := fromTheFuture(f.decisions, p.Decisions, now); err != nil {
			return nil, err
		}
	}
	if f.baseline != "" {
		text, err := readText(f.baseline, "the baseline")
		if err != nil {
			return nil, err
		}
		if p.Baseline, err = policy.ParseBaseline(f.baseline, text, p); err != nil {
			return nil, err
		}
	}
	return p, policy.Seal(p)
}

// foreign refuses a baseline of another organization: left out without a word, its debts would be
// violations, or read as paid. There may be none.
func foreign(path string, b *audit.Baseline, o *audit.Organization) error {
	if b == nil || b.Of(o) {
		return nil
	}
	hint := ""
	if b.OrganizationID == 0 || o.ID == 0 {
		hint = ": if it was renamed, write its new name into the file"
	}
	return fmt.Errorf("the baseline %s is of %s, not of %s%s", path,
		whose(b.Organization, b.OrganizationID), whose(o.Login, o.ID), hint)
}

// whose names an organization.
func whose(login string, id int64) string {
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
			return fmt.Errorf("%s: the decision about token %d is dated %s, in the future",
				path, d.TokenID, d.On.Format(time.DateOnly))
		}
	}
	return nil
}

// loadPolicy reads a policy file; an empty path is the built-in guide.
func loadPolicy(path string) (*audit.Policy, error) {
	if path == "" {
		return policy.Guide(rules.All)
	}
	text, err := readText(path, "the policy")
	if err != nil {
		return nil, err
	}
	return policy.Parse(path, text, rules.All)
}

// evidenceFlags say about what to judge, for the commands beside audit: a file, or the
// organization itself.
type evidenceFlags struct {
	source       sourceFlags
	from         string
	organization string
	asOf         string
	extras       extraFlags
	more         audit.Facts   // wanted beyond what the policy needs
	remembered   *historyFlags // what earlier runs know counts, too; nil: it does not
}

// registerHistory registers what tells of earlier runs.
func (f *evidenceFlags) registerHistory(flags *pflag.FlagSet) {
	f.remembered = new(historyFlags)
	flags.StringVar(&f.remembered.url, "history", "", "`url` of the history, which tells what "+
		"tokens gained: pataudit.db, postgres://… ("+historyVariable+")")
}

func (f *evidenceFlags) register(flags *pflag.FlagSet) {
	flags.StringVar(&f.from, "from", "", "a snapshot, or a bare list of grants, from `file`; "+
		"- is standard input")
	flags.StringVar(&f.organization, "organization", "",
		"`login` to ask GitHub about, if there is no --from; or whose bare list it is")
	flags.StringVar(&f.asOf, "as-of", "", "judge as of this `time`: 2026-11-22, or RFC 3339")
	f.source.register(flags)
}

// pick gives the source.
func (f *evidenceFlags) pick(u *ui.UI) (source audit.Source, fromFile bool, err error) {
	if f.from != "" {
		endpoint, err := github.ParseEndpoint(f.source.apiURL)
		if err != nil {
			return nil, false, err
		}
		if f.from != "-" {
			if _, err := os.Stat(f.from); err != nil {
				return nil, false, fmt.Errorf("reading evidence: %w", err)
			}
		}
		return &fileSource{
			name: f.from, ui: u, login: f.organization, host: endpoint.Host,
		}, true, nil
	}
	if f.organization == "" {
		return nil, false, errors.New("no evidence: --from a snapshot, or --organization LOGIN")
	}
	if err := checkLogin(f.organization); err != nil {
		return nil, false, err
	}
	client, err := f.source.client(u)
	if err != nil {
		return nil, false, err
	}
	return client.Organization(f.organization), false, nil
}

// collect reads the evidence that want names, and the instant to judge it by.
func (f *evidenceFlags) collect(
	ctx context.Context, u *ui.UI, want audit.Facts,
) (*audit.Evidence, time.Time, error) {
	asOf, err := parseTime(f.asOf)
	if err != nil {
		return nil, asOf, ui.Usagef("--as-of: %w", err)
	}
	source, fromFile, err := f.pick(u)
	if err != nil {
		return nil, asOf, ui.Usage(err)
	}
	evidence, err := source.Collect(ctx, want)
	switch {
	case err != nil && fromFile && ctx.Err() == nil:
		return nil, asOf, ui.Usage(err)
	case err != nil:
		return nil, asOf, ui.Failed(err)
	}
	u.Clear()
	if asOf.IsZero() && evidence.CollectedAt.IsZero() {
		asOf = u.Now().UTC().Truncate(time.Second)
	}
	return evidence, asOf, nil
}

// run collects and judges by one policy.
func (f *evidenceFlags) run(ctx context.Context, u *ui.UI, p *audit.Policy) (*audit.Run, error) {
	evidence, asOf, err := f.collect(ctx, u, p.Needs()|f.extras.want()|f.more)
	if err != nil {
		return nil, err
	}
	f.extras.tell(u, evidence)
	if p, err = f.recall(ctx, u, p, evidence, asOf); err != nil {
		return nil, err
	}
	return audit.Evaluate(evidence, p, asOf), nil
}

// recall gives the policy the memory of earlier runs, if a history is named.
func (f *evidenceFlags) recall(
	ctx context.Context, u *ui.UI, p *audit.Policy, e *audit.Evidence, asOf time.Time,
) (with *audit.Policy, err error) {
	if f.remembered == nil {
		return p, nil
	}
	at, err := f.remembered.location(u)
	if err != nil {
		return nil, ui.Usage(err)
	}
	if at == nil {
		return p, nil
	}
	store, err := history.OpenExisting(ctx, at)
	if err != nil {
		return nil, ui.Failed(err)
	}
	if err = sound(ctx, u, store, at); err == nil {
		with, err = (&keeper{store: store}).recall(ctx, p, e, asOf)
	}
	if err := errors.Join(err, store.Close()); err != nil {
		return nil, ui.Failed(err)
	}
	return with, nil
}
