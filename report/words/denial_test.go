// SPDX-License-Identifier: Apache-2.0

package words

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/safe"
)

func TestDenial(t *testing.T) {
	const start = "This token breaks 2 rules of our token policy. "
	settings := "please ask again with these settings. Expiration: at most 90 days: choose Custom, " +
		"and a date up to 2027-02-20. Repository access: Only select repositories, those that the " +
		"task needs. Permissions: Metadata: Read-only."
	for name, test := range map[string]struct {
		change func(r *audit.Result)
		want   string
	}{
		"settings": {
			func(*audit.Result) {},
			start + "(1) rule-2: writes a lot. (2) rule-1: writes a lot. P" + settings[1:],
		},
		"no settings are found": {
			func(r *audit.Result) { r.Propose = nil },
			start + "(1) rule-2: writes a lot. Do C. (2) rule-1: writes a lot. Do B. " +
				"Once that is done, please ask again.",
		},
		"about who asks": {
			func(r *audit.Result) {
				f := r.Findings[2]
				f.Message, f.Rule.Rule.Mending = "its owner is a stranger", audit.MendElsewhere
				f.Rule.Rule.ToOwner, f.Rule.Rule.ToRequester = "Leave.", "Come in."
				s := r.Successors()
				s[0].StillFails = []string{"rule-2"}
				r.Propose = func(*audit.Result) []*audit.Successor { return s }
			},
			start + "(1) rule-2: you are a stranger. Come in. (2) rule-1: writes a lot. " +
				"Once that is done, " + settings,
		},
		"the reviewers are late": {
			func(r *audit.Result) {
				r.Findings[2].Rule.Rule.Mending = audit.MendByReviewers
			},
			"This token breaks 1 rule of our token policy. (1) rule-1: writes a lot. P" + settings[1:],
		},
		"two tokens": {
			func(r *audit.Result) {
				one, other := *r.Token, *r.Token
				one.Permissions, other.Permissions = one.Permissions[:1], nil
				one.Repositories = one.Repositories[:1]
				other.Selection, other.Known = "", other.Known&^audit.FactPermissions
				r.Propose = func(*audit.Result) []*audit.Successor {
					return []*audit.Successor{{Token: &one}, {Token: &other, MaxRepositories: 3}}
				}
			},
			start + "(1) rule-2: writes a lot. (2) rule-1: writes a lot. Please ask again with these " +
				"settings. Expiration: choose Custom, and a date that is no later than the task needs. " +
				"Token 1: Repository access: Only select repositories: complytime/repo-01. Permissions: " +
				"Contents: Read and write. Token 2: Repository access: Only select repositories, at most " +
				"3, those that the task needs.",
		},
	} {
		r := reporttest.Broken(3, "writes a lot.")
		r.Findings[0].Status = audit.Pass
		r.Findings[1].Rule.Rule.Remedy, r.Findings[2].Rule.Rule.Remedy = "Do B.", "Do C."
		test.change(r)
		if got := Denial(r, reporttest.AsOf); got != test.want {
			t.Errorf("%s: got  %s\nwant %s", name, got, test.want)
		}
		for i := range r.Findings {
			r.Findings[i].Status = audit.Waived
		}
		if got := Denial(r, reporttest.AsOf); got != "" {
			t.Errorf("%s: of nothing that fails: %q", name, got)
		}
	}
}

// Whatever the requester typed, the text is short and plain, mentions nobody and links nowhere.
func TestDenialIsHarmless(t *testing.T) {
	more := []string{
		"@complytime/owners #1 GH-2 [x](https://evil) <b>`www.evil.example`</b>",
		strings.Repeat("😀@", 3000), strings.Repeat("#", 3000),
	}
	for _, payload := range append(more, reporttest.Payloads...) {
		for _, n := range []int{1, 2, 20, 300} {
			r := reporttest.Broken(n, payload)
			for range 80 {
				r.Token.Permissions = append(r.Token.Permissions, audit.Permission{
					Group: payload, Name: payload, Level: payload,
				})
			}
			text := Denial(r, reporttest.AsOf)
			if utf8.RuneCountInString(text) > 1024 || len(utf16.Encode([]rune(text))) > 1024 {
				t.Errorf("%.30q × %d: %d characters", payload, n, utf8.RuneCountInString(text))
			}
			if safe.Terminal(text) != text || strings.ContainsAny(text, "@#<>[]`") ||
				strings.Contains(text, "://") || strings.Contains(text, "www.") {
				t.Errorf("%.30q: %s", payload, text)
			}
			if !strings.HasPrefix(text, "This token breaks") ||
				!strings.Contains(text, " Please ask again with these settings. Expiration: ") ||
				!strings.Contains(text, "(1) rule-") {
				t.Errorf("%.30q × %d: cut: %s", payload, n, text)
			}
		}
	}
}

func TestDenialSaysWhatIsMissing(t *testing.T) {
	text := Denial(reporttest.Broken(300, strings.Repeat("long ", 40)), reporttest.AsOf)
	shown := strings.Count(text, "rule-")
	if want := fmt.Sprintf("And %d more.", 300-shown); !strings.Contains(text, want) {
		t.Errorf("does not say %q: %s", want, text)
	}
}
