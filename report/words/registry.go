// SPDX-License-Identifier: Apache-2.0

package words

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// Registry returns how the registry of owners fits the tokens: "2 of 5 owners have a token here;
// not applied, for another account has the login now: hubot". It is "" without a registry.
func Registry(r *audit.Registered) string {
	if r == nil {
		return ""
	}
	others := len(r.OtherIDs)
	text := fmt.Sprintf("%d of %s %s a token here", r.Owners-r.Absent-others,
		safe.Plural(r.Owners, "owner"), safe.Form(r.Owners, "has", "have"))
	if others == 0 {
		return text
	}
	text += fmt.Sprintf("; %d not applied, for another account has the login now", others)
	names := slices.DeleteFunc(slices.Clone(r.OtherIDs), func(login string) bool {
		return login == "" // left out
	})
	return text + safe.Around(": ", strings.Join(FirstOf(names, MostNames, 0), ", "), "")
}

// Registration returns what the registry holds of an owner: "kind: bot", "team: platform"; nil if
// it holds nothing. It is not sanitized.
func Registration(e *audit.Registration) []string {
	if e == nil {
		return nil
	}
	return slices.DeleteFunc([]string{
		safe.Around("kind: ", string(e.Kind), ""), safe.Around("team: ", e.Team, ""),
		safe.Around("contact: ", e.Contact, ""), safe.Around("service: ", e.Service, ""),
	}, func(part string) bool { return part == "" })
}

// TeamName returns what a team is called; it is not sanitized.
func TeamName(t *view.Team) string {
	return cmp.Or(t.Name, "(without a team)")
}
