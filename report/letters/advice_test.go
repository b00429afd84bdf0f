// SPDX-License-Identifier: Apache-2.0

package letters

import (
	"slices"
	"strings"
	"testing"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/words"
)

// letterAbout returns the letter about one token with findings that fail by rules.
func letterAbout(t *testing.T, change func(*audit.Token), rules ...*audit.Rule) string {
	t.Helper()
	one := reporttest.Token(1, "publish", reporttest.Member(1, "jdoe", audit.RoleMember))
	one.Permissions[0].Name = "organization_self_hosted_runners"
	one.Permissions[0].Group = audit.GroupOrganization
	if change != nil {
		change(one)
	}
	e := reporttest.Calm()
	e.Tokens = []*audit.Token{one}
	d := reporttest.Judged(e, func(p *audit.Policy) {
		p.Rules = nil
		for _, r := range rules {
			p.Rules = append(p.Rules, audit.PolicyRule{
				Rule: r, Checker: r.New(), Severity: audit.High, Asked: true,
			})
		}
	})
	letters, _ := lettersOf(t, d)
	if len(letters) != 1 {
		t.Fatalf("%d letters", len(letters))
	}
	return read(t, letters[0])
}

func ruleThat(mending audit.Mending, remedy, message string, basis ...string) *audit.Rule {
	return &audit.Rule{
		ID: "rule-" + strings.ToLower(remedy[:3]), Remedy: "Told to a reviewer.", ToOwner: remedy,
		Mending: mending, New: func() audit.Checker {
			return reporttest.Check(
				func(*audit.Subject) audit.Verdict { return reporttest.Fails(message, basis...) },
			)
		},
	}
}

// TestLetterAdvises holds that a token that is to go gets no replacement, unless it is needed, and
// that nobody is told to replace one for what another cannot mend.
func TestLetterAdvises(t *testing.T) {
	remove := ruleThat(audit.MendByDeleting, "Delete it.", "its owner is not a member")
	replace := ruleThat(audit.MendByReplacing, "Narrow it.", "may do much",
		"organization:organization_self_hosted_runners:write")
	mended := ruleThat(audit.MendByReplacing, "Lower it.", "may do much")
	mended.New = func() audit.Checker {
		return reporttest.Check(func(s *audit.Subject) audit.Verdict {
			if s.Token.Writes(audit.GroupOrganization) {
				return reporttest.Fails("may do much")
			}
			return reporttest.Pass
		})
	}
	apart := ruleThat(audit.MendByReplacing, "Part them.", "may do two things")
	apart.New = func() audit.Checker {
		return reporttest.Check(func(s *audit.Subject) audit.Verdict {
			if len(s.Token.Permissions) > 1 {
				return reporttest.Fails("may do two things")
			}
			return reporttest.Pass
		})
	}
	answer := ruleThat(audit.MendElsewhere, "Answer.", "its owner has no second factor")
	for name, test := range map[string]struct {
		rules    []*audit.Rule
		has, not []string
	}{
		"delete": {
			[]*audit.Rule{replace, remove},
			[]string{
				"you are not a member", "What to do: Delete it. Only if it is needed after all, settings " +
					"for a new one: Change: Narrow it.", "token that is to go, click Delete",
			},
			[]string{"Settings for its replacement", "Generate", "its owner", "reviewer."},
		},
		"replace": {
			[]*audit.Rule{replace, answer},
			[]string{
				"What to do: Answer. Settings for its replacement: Change: Narrow it.",
				"Organization permission Self-hosted runners: Read and write", "Generate token",
				"Expiration: choose Custom, and a date that is no later than the task needs",
			},
			[]string{"after all"},
		},
		"settings mend it": {
			[]*audit.Rule{mended},
			[]string{
				"Settings for its replacement: Expiration:", "Self-hosted runners: Read-only " +
					"(organization:organization_self_hosted_runners:read), no longer Read and write",
			},
			[]string{"Change", "Lower it"},
		},
		"two tokens": {
			[]*audit.Rule{apart},
			[]string{
				"Settings for 2 tokens in its place, each with a name of its own, as far as the task needs " +
					"each: Expiration:",
				"Token 1: Permissions, as far as the task needs them: Organization permission Self-hosted " +
					"runners: Read and write (organization:organization_self_hosted_runners:write) Token 2: " +
					"Permissions, as far as the task needs them: Metadata: Read-only (metadata:read) How to",
			},
			[]string{"Change", "leave out"},
		},
		"answer": {
			[]*audit.Rule{answer},
			[]string{"you have no second factor", "What to do: Answer."},
			[]string{"Settings", "Generate", "Delete", "Resource owner"},
		},
	} {
		text := letterAbout(t, nil, test.rules...)
		for _, words := range test.has {
			if !strings.Contains(text, words) {
				t.Errorf("%s: does not say %q:\n%s", name, words, text)
			}
		}
		for _, words := range test.not {
			if strings.Contains(text, words) {
				t.Errorf("%s: says %q:\n%s", name, words, text)
			}
		}
	}
}

// TestLetterListsWhole holds that names of repositories are whole, up to the bound.
func TestLetterListsWhole(t *testing.T) {
	replace := ruleThat(audit.MendByReplacing, "Narrow it.", "may do much")
	for _, n := range []int{40, words.MostLetterListed, words.MostLetterListed + 7} {
		text := letterAbout(
			t,
			func(one *audit.Token) { one.Repositories = reporttest.Repositories(n) },
			replace,
		)
		if got := strings.Count(text, "complytime/repo-"); got != min(n, words.MostLetterListed) {
			t.Errorf("%d of %d repositories:\n%s", got, n, text)
		}
		if strings.Contains(text, "and 7 more") != (n > words.MostLetterListed) {
			t.Errorf("of %d: does not say what is left out:\n%s", n, text)
		}
	}
}

// TestNewSettings holds that page, card and letter are of one mind.
func TestNewSettings(t *testing.T) {
	r := reporttest.Broken(1, "writes a lot")
	run := &audit.Run{Organization: &audit.Organization{Login: "complytime"}, AsOf: reporttest.AsOf}
	want := []string{
		"Expiration: at most 90 days: choose Custom, and a date up to 2027-02-20",
		"Repository access: Only select repositories, those that the task needs of the " +
			"2 repositories that it asks for",
		"Permissions, as far as the task needs them: Metadata: Read-only (metadata:read)",
		"To leave out: Contents: Read and write (contents:write)",
	}
	if got := words.Settings(run, r); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestFormPermission(t *testing.T) {
	for want, p := range map[string]audit.Permission{
		"Pull requests: Read and write (pull_requests:write)": {
			Group: audit.GroupRepository, Name: "pull_requests", Level: audit.LevelWrite,
		},
		"Code scanning alerts: Read-only (security_events:read)": {
			Group: audit.GroupRepository, Name: "security_events", Level: audit.LevelRead,
		},
		"Organization permission Secrets: Admin (organization:organization_secrets:admin)": {
			Group: audit.GroupOrganization, Name: "organization_secrets", Level: audit.LevelAdmin,
		},
		"Organization permission Copilot content exclusion: Read and write " +
			"(organization:org_copilot_content_exclusion:write)": {
			Group: audit.GroupOrganization, Name: "org_copilot_content_exclusion",
			Level: audit.LevelWrite,
		},
		"Organization permission Hosted runner custom images: Read-only " +
			"(organization:organization_runner_custom_images:read)": {
			Group: audit.GroupOrganization, Name: "organization_runner_custom_images",
			Level: audit.LevelRead,
		},
		"Organization permission Organization announcement banners: Read-only " +
			"(organization:organization_announcement_banners:read)": {
			Group: audit.GroupOrganization, Name: "organization_announcement_banners",
			Level: audit.LevelRead,
		},
		"Account permission Gists: own (other:gists:own)": {
			Group: audit.GroupOther, Name: "gists", Level: "own",
		},
		": x (new::x)": {Group: "new", Level: "x"},
	} {
		if got := words.FormPermission(p); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
