// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/audit/policy"
	catalog "github.com/complytime/pataudit/audit/rules"
)

// settings are what the policies of the test may say of a rule.
var settings = map[string][]string{
	"protected-repository": {"{asked: false}", "{repositories: [prod]}", "{repositories: [docs]}"},
	"toxic-permissions":    {"{asked: false}", "{severity: high}", "{severity: low}"},
	"all-repositories":     {"{asked: false}", "{severity: low}"},
	"no-expiration":        {"{asked: false}", "{severity: low}"},
	"excess-write":         {"{asked: false}", "{allow: [pages]}", "{severity: medium}"},
	"never-used":           {"{asked: false}", "{days: 300}", "{severity: low}"},
	"unused":               {"{asked: false}", "{days: 10}", "{severity: low}"},
	"broad-selection":      {"{asked: false}", "{max_repositories: 1}"},
	"long-expiration":      {"{asked: false}", "{max_days: 200}", "{unwitnessed: info}"},
}

// TestAsksTellAnswers holds that two policies which ask the same by a rule, as Asks tells, get the
// same answers: else one would close, in a history, what the other one opened.
func TestAsksTellAnswers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		one := drawSettings(t)
		two := map[string]string{}
		for rule, setting := range one {
			two[rule] = setting
		}
		for rule, setting := range drawSettings(t) {
			if rapid.IntRange(0, 3).Draw(t, "changes") == 0 {
				two[rule] = setting
			}
		}
		e := drawEvidence(t)
		first, firstAsks := answersBy(t, one, e)
		second, secondAsks := answersBy(t, two, e)
		for rule, digest := range firstAsks {
			if digest == secondAsks[rule] && first[rule] != second[rule] {
				t.Fatalf("%s: %s, then %s", rule, first[rule], second[rule])
			}
		}
	})
}

func drawSettings(t *rapid.T) map[string]string {
	drawn := map[string]string{}
	for i := range catalog.All {
		rule := catalog.All[i].ID
		if of := settings[rule]; of != nil && rapid.Bool().Draw(t, "sets "+rule) {
			drawn[rule] = rapid.SampledFrom(of).Draw(t, rule)
		}
	}
	if rapid.IntRange(0, 2).Draw(t, "overrides") == 0 {
		rule := rapid.SampledFrom([]string{"toxic-permissions", "never-used"}).Draw(t, "override")
		drawn[rule+" of octocat"] = "{severity: info}"
	}
	return drawn
}

func drawEvidence(t *rapid.T) *audit.Evidence {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	ago := func(what string, days ...int) time.Time {
		n := rapid.SampledFrom(days).Draw(t, what)
		if n == 0 {
			return time.Time{}
		}
		return now.AddDate(0, 0, -n)
	}
	o := &audit.Organization{Login: "acme", ID: 7, Known: ^audit.Facts(0)}
	for i, name := range []string{"prod", "docs", "site"} {
		o.Repositories = append(o.Repositories,
			&audit.Repository{ID: int64(i + 1), Name: "acme/" + name})
	}
	token := &audit.Token{
		ID: 1, TokenID: 10, Name: "token", Known: ^audit.Facts(0),
		Owner:     &audit.Member{ID: 5, Login: "octocat", Role: audit.RoleMember},
		Selection: audit.SelectSubset, GrantedAt: ago("granted", 20, 100),
		LastUsedAt: ago("used", 0, 1, 50), ExpiresAt: ago("expires", 0, -30, -150),
	}
	for _, name := range rapid.SliceOfDistinct(rapid.SampledFrom([]string{
		"administration", "contents", "issues", "pages", "workflows",
	}), rapid.ID).Draw(t, "permissions") {
		token.Permissions = append(token.Permissions, audit.Permission{
			Group: audit.GroupRepository, Name: name, Level: audit.LevelWrite,
		})
	}
	if token.Repositories = o.Repositories[:2]; rapid.Bool().Draw(t, "all") {
		token.Selection, token.Repositories = audit.SelectAll, nil
	}
	return &audit.Evidence{Organization: o, Tokens: []*audit.Token{token}, CollectedAt: now}
}

// answersBy returns what a policy says of the token by each rule, and what it asks.
func answersBy(
	t *rapid.T, settings map[string]string, e *audit.Evidence,
) (answers, asks map[string]string) {
	text := "version: 1\nrules:\n  sensitive-read: {severity: low}\n"
	overrides := ""
	for name, setting := range settings {
		rule, octocats := strings.CutSuffix(name, " of octocat")
		switch {
		case !octocats:
			text += "  " + name + ": " + setting + "\n"
		case settings[rule] != "{asked: false}":
			overrides += fmt.Sprintf("  - {name: %s, when: {owner: {id: 5, login: octocat}}, "+
				"rules: {%s: %s}}\n", rule, rule, setting)
		}
	}
	if overrides != "" {
		text += "overrides:\n" + overrides
	}
	p, err := policy.Parse("p", []byte(text), catalog.All)
	if err != nil {
		t.Fatal(err)
	}
	if asks, err = policy.Asks(p); err != nil {
		t.Fatal(err)
	}
	answers = map[string]string{}
	run := audit.Evaluate(e, p, audit.Options{AsOf: e.CollectedAt})
	for result := range run.Results() {
		all := result.All()
		for i := range all {
			answers[all[i].Rule.Rule.ID] = all[i].Status.String() + " " + all[i].Severity.String()
		}
	}
	return answers, asks
}
