// SPDX-License-Identifier: Apache-2.0

package rules_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
)

// TestRegistryIsNoMercy: whatever a registry says, no finding of a rule goes or gets milder, and
// no run becomes complete by it. The one rule that asks for it is answered, of the account alone
// that an entry is about; and the one about contacts is asked of no other.
func TestRegistryIsNoMercy(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, o := drawPolicy(t), drawOrganization(t)
		e := &audit.Evidence{Organization: o}
		logins := rapid.SampledFrom([]string{"octocat", "Release-Bot", "svc-deploy", "alice", "otto"})
		for id := int64(1); id <= 3; id++ {
			token := drawToken(t, o)
			token.ID, token.TokenID = id, 900+id
			if token.Owner != nil {
				token.Owner = &audit.Member{
					ID: id, Login: logins.Draw(t, "owner"), Role: token.Owner.Role,
					TwoFactor: token.Owner.TwoFactor,
				}
			}
			e.Tokens = append(e.Tokens, token)
		}
		for _, login := range []string{"alice", "otto"} {
			e.Contacts = append(e.Contacts, &audit.Member{
				Login: login, Role: rapid.SampledFrom([]audit.Role{
					audit.RoleUnknown, audit.RoleMember, audit.RoleOutside, audit.RoleNone,
					audit.RoleNotMember,
				}).Draw(t, "role"),
			})
		}
		without := audit.Evaluate(e, p, audit.Options{AsOf: asOf})
		with := *p
		with.Registry = drawRegistry(t)
		run := audit.Evaluate(e, &with, audit.Options{AsOf: asOf})
		if run.Complete && !without.Complete {
			t.Fatalf("complete by a registry: %q", without.Incomplete)
		}
		results := slices.Collect(run.Results())
		for result := range without.Results() {
			now := results[slices.Index(slices.Collect(without.Results()), result)]
			entry := with.Registry.Of(result.Token)
			noMercy(t, result, now, entry)
		}
	})
}

// noMercy holds what is found of a token with a registry against what is found without one.
func noMercy(t *rapid.T, before, now *audit.Result, entry *audit.Registration) {
	byRule := func(r *audit.Result) map[string]*audit.Finding {
		all := map[string]*audit.Finding{}
		for _, f := range r.All() {
			all[f.Rule.Rule.ID] = f
		}
		return all
	}
	was, is := byRule(before), byRule(now)
	for id, f := range was {
		answered := id == "unregistered-bot" && entry != nil
		if diff := cmp.Diff(f, is[id], cmpopts.IgnoreUnexported(audit.Finding{}),
			cmpopts.IgnoreFields(audit.Finding{}, "Rule")); diff != "" && !answered {
			t.Fatalf("%s of %+v (-without +with a registry):\n%s", id, before.Token.Owner, diff)
		}
	}
	for id, f := range is {
		if was[id] == nil && (id != "contact-not-member" ||
			entry == nil && f.Status != audit.NotApplicable) {
			t.Fatalf("%s is asked by a registry: %s %s", id, f.Status, f.Message)
		}
	}
	if now.Registration != entry {
		t.Fatalf("%+v is told as %+v", entry, now.Registration)
	}
}

// drawRegistry draws entries for some of the owners, some by ids of theirs and some by others.
func drawRegistry(t *rapid.T) *audit.Registry {
	r := &audit.Registry{}
	for _, login := range []string{"OCTOCAT", "release-bot", "svc-deploy"} { // in the order of logins
		if rapid.Bool().Draw(t, "left out") {
			continue
		}
		r.Owners = append(r.Owners, &audit.Registration{
			Login: login, ID: rapid.Int64Range(0, 3).Draw(t, "id"),
			Kind:    rapid.SampledFrom(audit.OwnerKinds).Draw(t, "kind"),
			Contact: rapid.SampledFrom([]string{"", "Alice", "otto", "nobody"}).Draw(t, "contact"),
		})
	}
	return r
}
