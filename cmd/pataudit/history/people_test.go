// SPDX-License-Identifier: Apache-2.0

package history

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/privacy"
)

// TestNumbersOnce: who is forgotten next gets a number that nobody has, wherever those who were
// forgotten before are named.
func TestNumbersOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		highest := 0
		login := func(place string) string {
			n := rapid.IntRange(1, 99).Draw(t, place)
			highest = max(highest, n)
			return privacy.StandInLogin(n)
		}
		all := newPeople()
		var decisions strings.Builder
		decisions.WriteString("version: 1\ndecisions:\n")
		for i := range rapid.IntRange(1, 3).Draw(t, "decisions") {
			fmt.Fprintf(&decisions, "- {kind: attest, organization: acme, setting: approval, "+
				"value: required, reason: r%d, by: %q, on: 2026-11-01, until: 2026-12-01}\n",
				i, login("by"))
		}
		all.criteria(&audit.Criteria{
			Policy: fmt.Appendf(nil, "version: 1\nname: a\nratified: {by: %q, on: 2026-11-22}\n",
				login("ratified")),
			Decisions: []byte(decisions.String()),
			Registry: fmt.Appendf(nil, "version: 1\nregistry:\n  %q: {kind: bot, contact: %q}\n",
				login("owner"), login("contact")),
		}, "acme", 1)
		if all.numbered != highest {
			t.Fatalf("%d, and the highest is %d", all.numbered, highest)
		}
	})
}

// TestOverrideLogin: the login that a policy has beside an id counts only for an account that
// nothing else names: else whoever writes a policy could have another person forgotten.
func TestOverrideLogin(t *testing.T) {
	p := newPeople()
	p.member(&audit.Member{ID: 7, Login: "Alice"}, roleListed, place{})
	p.judged = []judgedOwner{
		{audit.Account{ID: 7, Login: "mallory"}, 1}, {audit.Account{ID: 9, Login: "bob"}, 1},
	}
	p.overridden()
	for login, want := range map[string][]int64{"alice": {7}, "mallory": nil, "Bob": {9}} {
		if got := p.called(login); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", login, got, want)
		}
	}
	if got := p.known([]int64{7}, nil); got[roleNamed] != 1 || got[roleListed] != 1 {
		t.Errorf("%v", got)
	}
}
