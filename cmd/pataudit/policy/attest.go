// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
	"github.com/complytime/pataudit/cmd/pataudit/flags"
	"github.com/complytime/pataudit/cmd/pataudit/ui"
)

// attestDays is how long an attestation holds unless --until says otherwise.
const attestDays = 180

// attest records that a setting of an organization is as the policy claims. It is about no token,
// and takes no evidence.
func (f *decideFlags) attest(ctx context.Context, u *ui.UI, organization string) error {
	p, text, err := f.files(u.Now())
	if err != nil {
		return ui.Usage(err)
	}
	d, err := f.attestation(organization, p, u.Now())
	if err != nil {
		return ui.Usage(err)
	}
	r := &recording{decideFlags: f, now: u.Now(), policy: p}
	if r.holds(d) {
		r.there = 1
	} else {
		r.added = []policy.Recorded{{Decision: d}}
	}
	return r.save(ctx, u, text)
}

// attestation returns what the flags attest.
func (f *decideFlags) attestation(
	organization string, p *audit.Policy, now time.Time,
) (*audit.Decision, error) {
	value := p.Claims.Of(audit.Setting(f.setting))
	if err := f.stray(audit.Attest); err != nil {
		return nil, err
	}
	switch {
	case !flags.LoginForm.MatchString(organization):
		return nil, fmt.Errorf("%.40q is no organization: pataudit decide ORG attest", organization)
	case f.setting == "":
		return nil, fmt.Errorf("which setting is attested is not said: --setting %s",
			strings.Join(audit.SettingNames(), "|"))
	case !slices.Contains(audit.SettingNames(), f.setting):
		return nil, fmt.Errorf("--setting: %.40q is none of %s%s", f.setting,
			strings.Join(audit.SettingNames(), ", "),
			ui.DidYouMean(f.setting, audit.SettingNames(), "", ""))
	case value == "":
		return nil, fmt.Errorf("the policy claims nothing of %s, so there is nothing to attest: "+
			"write it under organization in the policy", f.setting)
	case f.by == "":
		return nil, errors.New("who attests is not said: --by LOGIN")
	case f.reason == "":
		return nil, errors.New("an attestation wants a reason, what was seen: --reason WHY")
	}
	until, err := ui.ParseTime(f.until)
	if err != nil {
		return nil, fmt.Errorf("--until: %w", err)
	}
	d := &audit.Decision{
		Kind: audit.Attest, Organization: organization, Setting: audit.Setting(f.setting), Value: value,
		Reason: f.reason, By: f.by, Ticket: f.ticket, On: now.UTC().Truncate(24 * time.Hour),
		Until: until,
	}
	lasts(d, attestDays)
	return d, nil
}
