// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/complytime/pataudit/audit"
)

// broken is a request's result in which n rules fail with one message.
func broken(n int, message string) *audit.Result {
	r := &audit.Result{Token: token(1, "agent", nil), Request: &audit.Request{}}
	for i := range n {
		r.Findings = append(r.Findings, audit.Finding{
			Rule: &audit.PolicyRule{Rule: &audit.Rule{
				ID: fmt.Sprintf("rule-%d", i), Remedy: "Ask for less of " + message,
			}},
			Status: audit.Fail, Severity: audit.Severity(1 + i%5), Message: message,
			Basis: []string{"repository:contents:write"},
		})
	}
	return r
}

func TestDenial(t *testing.T) {
	r := broken(3, "writes a lot.")
	r.Findings[0].Status = audit.Pass
	r.Findings[1].Rule.Rule.Remedy, r.Findings[2].Rule.Rule.Remedy = "Do B.", "Do C."
	const want = "This token breaks 2 rules of our token policy. (1) rule-2: writes a lot. Do C. " +
		"(2) rule-1: writes a lot. Do B. These permissions may stay: metadata:read. " +
		"Please ask again with these settings."
	if got := Denial(r); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for i := range r.Findings {
		r.Findings[i].Status = audit.Waived
	}
	if got := Denial(r); got != "" {
		t.Errorf("of nothing that fails: %q", got)
	}
}

// Whatever the requester typed, the text is short and plain, mentions nobody and links nowhere.
func TestDenialIsHarmless(t *testing.T) {
	more := []string{
		"@complytime/owners #1 GH-2 [x](https://evil) <b>`www.evil.example`</b>",
		strings.Repeat("😀@", 3000), strings.Repeat("#", 3000),
	}
	for _, payload := range append(more, payloads...) {
		for _, n := range []int{1, 2, 20, 300} {
			r := broken(n, payload)
			for range 80 {
				r.Token.Permissions = append(r.Token.Permissions, audit.Permission{
					Group: payload, Name: payload, Level: payload,
				})
			}
			text := Denial(r)
			if utf8.RuneCountInString(text) > 1024 || len(utf16.Encode([]rune(text))) > 1024 {
				t.Errorf("%.30q × %d: %d characters", payload, n, utf8.RuneCountInString(text))
			}
			checkTerminal(t, text)
			if Terminal(text) != text || strings.ContainsAny(text, "@#<>[]`") ||
				strings.Contains(text, "://") || strings.Contains(text, "www.") {
				t.Errorf("%.30q: %s", payload, text)
			}
			if !strings.HasPrefix(text, "This token breaks") ||
				!strings.HasSuffix(text, "Please ask again with these settings.") ||
				!strings.Contains(text, "(1) rule-") {
				t.Errorf("%.30q × %d: cut: %s", payload, n, text)
			}
		}
	}
}

func TestDenialSaysWhatIsMissing(t *testing.T) {
	text := Denial(broken(300, strings.Repeat("long ", 40)))
	shown := strings.Count(text, "rule-")
	if want := fmt.Sprintf("And %d more.", 300-shown); !strings.Contains(text, want) {
		t.Errorf("does not say %q: %s", want, text)
	}
}
