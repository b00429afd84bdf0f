// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"path"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestLoginForms holds that a login has a form just if path.Match says so of both in lower case.
func TestLoginForms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		form := rapid.StringMatching(`[bC*-]{1,6}`).Draw(t, "form")
		login := rapid.StringMatching(`[bBc/-]{0,8}`).Draw(t, "login")
		c := &unregisteredBotChecker{Logins: []string{form}}
		if c.Validate() != nil {
			return
		}
		want, err := path.Match(strings.ToLower(form), strings.ToLower(login))
		if got := c.looksLike(login); err != nil || got != want {
			t.Errorf("%q has the form %q: %v; want %v (%v)", login, form, got, want, err)
		}
	})
}
