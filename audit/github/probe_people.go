// SPDX-License-Identifier: Apache-2.0

package github

import "context"

// What a probe asks about people: whether an App sees second factors, and whether the organization
// requires one.

// secondFactors reads a page of members.
func secondFactors(p *probing, ctx context.Context) (finding, error) {
	page, err := membersPage(ctx, p.session, p.organization.Login, nil)
	if err != nil {
		return finding{}, err
	}
	shown := 0
	for _, person := range page.items {
		if person.twoFactor != nil {
			shown++
		}
	}
	found := finding{counts: []Tally{{len(page.items), "members"}, {shown, "shown"}}}
	if len(page.items) == 0 {
		found.reason = "no member is listed"
		return found, nil
	}
	found.answer = answerOf(shown == len(page.items))
	return found, nil
}

// twoFactorRequirement looks at the organization's record.
func twoFactorRequirement(p *probing, _ context.Context) (finding, error) {
	if p.known != nil {
		return finding{}, p.known
	}
	return finding{answer: answerOf(p.organization.TwoFactorRequired != nil)}, nil
}
