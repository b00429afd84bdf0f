// SPDX-License-Identifier: Apache-2.0

package letters

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/words"
)

// GitHub's form for a new token takes settings from its address. GitHub documented that in August
// 2025 ("Pre-filling fine-grained personal access token details using URL parameters"), withdrew
// it in May 2026 and restored it soon after, for github.com and Enterprise Cloud; permissions were
// reported as ignored in between. So a letter always lists the settings, too. Repositories have no
// parameter.

// The bounds of the parameters: GitHub takes 1 to 366 days, and a long name makes a link that
// programs for mail break.
const (
	mostPrefilledDays = 366
	mostPrefilledName = 100 // bytes
)

// Prefills reports whether the form on a host takes settings from its address: on github.com and
// on ghe.com it does, on an Enterprise Server it does not.
func Prefills(host string) bool {
	host = strings.ToLower(host)
	return host == "github.com" ||
		strings.HasSuffix(host, ".ghe.com") && words.PlainHost.MatchString(host)
}

// prefilled returns the address of the form with the settings of a successor, as far as it takes
// them; "" on another host. What is not sure to be within the policy is left out.
func prefilled(run *audit.Run, s *audit.Successor) string {
	if !Prefills(run.Organization.Host) {
		return ""
	}
	var b strings.Builder
	b.WriteString("https://" + run.Organization.Host + newTokenPath)
	separator := "?"
	add := func(key, value string) {
		b.WriteString(separator + key + "=" + url.QueryEscape(value))
		separator = "&"
	}
	if name := s.Token.Name; name != "" && len(name) <= mostPrefilledName && visible(name) {
		add("name", name)
	}
	add("target_name", run.Organization.Login)
	if s.MaxDays > 0 {
		add("expires_in", strconv.Itoa(min(s.MaxDays, mostPrefilledDays)))
	}
	if s.Token.Known.Has(audit.FactPermissions) {
		for _, p := range s.Token.Permissions {
			// A permission of the account has no place in a token for an organization; one that is not
			// known here may be anybody's text.
			info, known := audit.GitHubPermissions().Find(p.Group, p.Name)
			if known && p.Group != audit.GroupOther && slices.Contains(info.Levels, p.Level) {
				add(p.Name, p.Level)
			}
		}
	}
	return b.String()
}

// visible reports whether a name is text that shows.
func visible(name string) bool {
	return utf8.ValidString(name) && !strings.ContainsFunc(name, func(r rune) bool {
		return !audit.Visible(r)
	})
}

// prefilledForms writes the addresses of the form for the tokens that are proposed in place of
// one.
func (t *writer) prefilledForms(run *audit.Run, r *audit.Result) {
	proposed := r.Successors()
	if len(proposed) == 0 || !Prefills(run.Organization.Host) {
		return
	}
	t.line("GitHub's form with these settings filled in: choose the repositories there, give the " +
		"token a name that none of yours has yet, and check the rest against the list above. GitHub " +
		"has left out permissions of such links at times.")
	for i, s := range proposed {
		label := "Form"
		if len(proposed) > 1 {
			label = fmt.Sprintf("Form of token %d", i+1)
		}
		_, _ = fmt.Fprintf(t.w, "- **%s:** <%s>\n", label, prefilled(run, s))
	}
	t.end()
}
