// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/history"
	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/records"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
	"github.com/complytime/pataudit/report/json"
	"github.com/complytime/pataudit/report/privacy"
)

// given returns what the report was judged by, as the flags name it, with what is remembered.
func (v *Verification) given(
	ctx context.Context, u *ui.UI, saved *json.Saved, part *json.Part, e *audit.Evidence,
	store *history.Store,
) (*judging, error) {
	p, err := v.policy(u, part)
	if err != nil {
		return nil, ui.Usage(err)
	}
	o := v.options(u, part)
	o.Shared = saved.Several()
	if part.Indebted || !o.Shared {
		if err := flags.CheckBaseline(v.judgedBy.Baseline, p.Baseline, e.Organization); err != nil {
			return nil, ui.Usage(err)
		}
	}
	var since *audit.Since
	if o.Memory, since, err = v.memory.recall(ctx, u, saved, part, e, p, o, store); err != nil {
		return nil, err
	}
	last, err := (&records.Keeper{Store: store}).Last(ctx, o.Memory)
	if err != nil {
		return nil, ui.Failed(err)
	}
	return &judging{policy: p, options: o, last: last, since: since}, nil
}

// policy returns the policy that the report was judged by. The flags name it; what they leave open
// is taken from the report.
func (v *Verification) policy(u *ui.UI, part *json.Part) (*audit.Policy, error) {
	switch {
	case part.Decided && v.judgedBy.Decisions == "":
		return nil, fmt.Errorf("%s was judged with decisions: name their file with --decisions",
			v.Path)
	case part.Indebted && v.judgedBy.Baseline == "":
		return nil, fmt.Errorf("%s was judged with a baseline: name it with --baseline", v.Path)
	case part.Registry != "" && v.judgedBy.Registry == "":
		return nil, fmt.Errorf("%s was judged with a registry: name it with --registry", v.Path)
	}
	p, err := v.judgedBy.Load(u.Now())
	if err != nil {
		return nil, err
	}
	if v.judgedBy.FailOn == "" && p.FailOn != part.Policy.FailOn {
		u.Notef("judged with --fail-on %s, as the report says; the policy says %s",
			part.Policy.FailOn, p.FailOn)
		p.FailOn = part.Policy.FailOn
		if err := policy.Seal(p); err != nil {
			return nil, err
		}
	}
	// A policy without a name is called as its file, wherever that was.
	if p.Name == v.judgedBy.Path && filepath.Base(p.Name) == filepath.Base(part.Policy.Name) {
		p.Name = part.Policy.Name
	}
	if p.Registry != nil && part.Registry != "" && p.Registry.Digest != part.Registry {
		return nil, fmt.Errorf("%s was judged with the registry %s, and this is %s: name it as it was",
			v.Path, part.Registry, p.Registry.Digest)
	}
	if p.Digest != part.Policy.Digest {
		return nil, fmt.Errorf("%s was judged by the policy %s, %s, and this is %s: name it with "+
			"--policy, and --set as it was then", v.Path, v.named(part.Policy), part.Policy.Digest,
			p.Digest)
	}
	return p, nil
}

// options returns the options that the report was judged with: by the flags and, where they leave
// something open, by the report.
func (v *Verification) options(u *ui.UI, part *json.Part) audit.Options {
	o := v.judgedBy.Options()
	if part.Policy.FailOnRequests && !v.isGiven("fail-on-requests") {
		u.Notef("judged with --fail-on-requests, as the report says")
		o.FailOnRequests = true
	}
	if part.Policy.FailOnOverdue && !v.isGiven("fail-on-overdue") {
		u.Notef("judged with --fail-on-overdue, as the report says")
		o.FailOnOverdue = true
	}
	o.HistoryRequired = part.Policy.HistoryRequired
	if o.Skip = part.Skipped; o.Skip != 0 {
		u.Notef("judged without %s, as the report says: rules that need them were not asked", o.Skip)
	}
	o.AsOf, o.AllowEmpty = part.AsOf, v.allowEmpty
	return o
}

// named returns the name of a policy as everybody may read it, where everybody does.
func (v *Verification) named(p audit.PolicyName) string {
	if v.Place.Public {
		return privacy.ImpersonalPolicy(p)
	}
	return p.Name
}
