// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
)

// The answers that are not a failure.

func pass() audit.Verdict { return audit.Verdict{Status: audit.Pass} }

// notApplicable returns the answer that the question does not arise, and why.
func notApplicable(why string) audit.Verdict {
	return audit.Verdict{Status: audit.NotApplicable, Message: why}
}

// undecided returns the answer when a fact that decides was not learned. Without a reason, the
// engine names the missing facts.
func undecided(why string) audit.Verdict { return audit.Verdict{Message: why} }

// fail fails at the rule's own severity. It sorts the basis.
func fail(message string, basis ...string) audit.Verdict {
	return failAt(audit.NoSeverity, message, basis...)
}

// failAt fails at a milder severity than the rule's own.
func failAt(severity audit.Severity, message string, basis ...string) audit.Verdict {
	slices.Sort(basis)
	return audit.Verdict{
		Status: audit.Fail, Severity: severity, Message: message, Basis: slices.Compact(basis),
	}
}

const secondsPerDay = 24 * 60 * 60

// secondsBetween counts in Unix seconds: a time.Duration saturates at 292 years, and GitHub takes
// any year up to 9999.
func secondsBetween(from, to time.Time) int64 { return to.Unix() - from.Unix() }

// olderThan reports whether more than days of 86,400 s have passed since an instant.
func olderThan(s *audit.Subject, instant time.Time, days int) bool {
	return secondsBetween(instant, s.Now) > int64(days)*secondsPerDay
}

// ago returns how long before the judgement something was, in days as a calendar has them: the day
// itself may stand beside it.
func ago(s *audit.Subject, instant time.Time) string {
	return fmt.Sprintf("%d days ago", audit.CalendarDays(instant, s.Now))
}

// overAgo returns how long before the judgement something was that is more than days ago: on the
// day on which that begins to be so, the calendar alone would say that it is no more.
func overAgo(s *audit.Subject, instant time.Time, days int) string {
	if audit.CalendarDays(instant, s.Now) > int64(days) {
		return ago(s, instant)
	}
	return "over " + ago(s, instant)
}

// firstThree joins the first three of many words, and counts the rest.
func firstThree(words []string) string {
	const most = 3
	if len(words) <= most {
		return strings.Join(words, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(words[:most], ", "), len(words)-most)
}

// nameAndLevel returns a permission without its group, which people do not need to know it by.
func nameAndLevel(p audit.Permission) string { return p.Name + ":" + p.Level }

// onRepositories reports whether a permission is about repositories. One in a group that GitHub
// does not document may be, for all we know.
func onRepositories(p audit.Permission) bool {
	return p.Group != audit.GroupOrganization && p.Group != audit.GroupOther
}

// nothingFound returns the answer where no permission was found fault with: it does not arise of a
// token that holds none with an effect.
func nothingFound(s *audit.Subject) audit.Verdict {
	if s.SelectsNone() && len(s.Held()) == 0 {
		return notApplicable(publicOnly)
	}
	return pass()
}

const publicOnly = "it reaches public repositories alone, to read"

// writesRepositories reports whether a permission can change a repository's contents or settings.
func writesRepositories(p audit.Permission) bool {
	return p.Writes() && onRepositories(p)
}

// repositoryWrites reports whether a token holds such a permission, and can use it.
func repositoryWrites(s *audit.Subject) bool {
	return slices.ContainsFunc(s.Held(), writesRepositories)
}

// worstRepositoryWrite returns the worst class of those permissions; NoSeverity if there is none.
func worstRepositoryWrite(s *audit.Subject) (worst audit.Severity) {
	for _, p := range s.Held() {
		if writesRepositories(p) {
			worst = max(worst, s.Permissions().WriteClass(p))
		}
	}
	return worst
}

// writesOf lists the permissions that can change a repository, as a basis does.
func writesOf(t *audit.Token) (basis []string) {
	for _, p := range t.Permissions {
		if writesRepositories(p) {
			basis = append(basis, p.String())
		}
	}
	return basis
}

// reached returns the organization's repositories that a token reaches, if they are known. A
// selection of none has none, and that is known.
func reached(s *audit.Subject) (repositories []*audit.Repository, ok bool) {
	known := s.Known()
	switch {
	case !known.Has(audit.FactSelection):
		return nil, false
	case s.Token.Selection == audit.SelectAll:
		return s.Organization.Repositories, known.Has(audit.FactOrganizationRepositories)
	}
	return s.Token.Repositories, known.Has(audit.FactRepositories)
}

// foundBy reports whether a rule asked earlier found fault with this very permission.
func foundBy(f *audit.Finding, p audit.Permission) bool {
	return f != nil && slices.Contains(f.Basis, p.String())
}

// The most that a parameter can be. Beyond it a limit means none, and arithmetic would overflow.
const (
	mostDays         = 36_500 // a hundred years
	mostRepositories = 1_000_000
	mostLetters      = 100
)

// checkRange refuses a whole number that makes no sense as a parameter.
func checkRange(least, most int, name string, value int) error {
	switch {
	case value < least:
		return fmt.Errorf("%s is %d: use %d or more", name, value, least)
	case value > most:
		return fmt.Errorf("%s is %d: use %d or less", name, value, most)
	}
	return nil
}

// anyActive reports whether something is so of an active token in the evidence, or of one that is
// asked for.
func anyActive(e *audit.Evidence, is func(*audit.Token) bool) bool {
	active := func(t *audit.Token) bool { return !t.Expired && is(t) }
	return slices.ContainsFunc(e.Tokens, active) ||
		slices.ContainsFunc(e.Requests, func(r *audit.Request) bool { return is(r.Token) })
}

// roleOf returns what the owner is to the organization, if that is known.
func roleOf(s *audit.Subject) (role audit.Role, known bool) {
	if !s.Known().Has(audit.FactMembership) || s.Token.Owner == nil {
		return audit.RoleUnknown, false
	}
	role = s.Token.Owner.Role
	return role, role != audit.RoleUnknown
}

// decidedToKeep reports whether a person reviewed the token and decided to keep it. That is known
// only of a token whose ids are: decisions are bound to them.
func decidedToKeep(s *audit.Subject) (kept, known bool) {
	if !s.Known().Has(audit.FactOwner) || s.Token.TokenID == 0 {
		return false, false
	}
	return slices.ContainsFunc(s.Decisions, func(d *audit.Decision) bool {
		return d.Kind == audit.Keep
	}), true
}
