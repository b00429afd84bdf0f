// SPDX-License-Identifier: Apache-2.0

package words

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// What to choose in GitHub's form for the token that comes after one with findings. Letter, page,
// card and denial all take it from here.

// Setting is a line of GitHub's form for a new token: a text, or several. They may be hostile.
type Setting struct {
	Label, Text string
	List        []string
}

// The labels of settings that writers treat apart.
const (
	labelPermissions = "Permissions, as far as the task needs them"
	labelReached     = "Reached now"
	labelOwner       = "Resource owner"
	labelLeftOut     = "Repositories to leave out"
)

// Forms are GitHub's form as it is to be filled in, from top to bottom, for each token that is
// proposed in place of one.
type Forms struct {
	Tokens  int         // 0: none is proposed
	Shared  []Setting   // of all of them
	Apart   [][]Setting // of each, what others do not share; nil of one alone
	LeftOut []Setting   // what none of them has any more
}

// FormsOf returns the settings of what is proposed in place of a token.
func FormsOf(run *audit.Run, r *audit.Result) (f Forms) {
	proposed := r.Successors()
	var tokens [][]Setting
	for _, s := range proposed {
		tokens = append(tokens, settingsOf(run, r, s))
	}
	if f.Tokens = len(tokens); f.Tokens == 0 {
		return f
	}
	f.Shared, f.Apart = parted(tokens)
	if t := r.Token; t.Known.Has(audit.FactPermissions) {
		gone := slices.DeleteFunc(slices.Clone(t.Permissions), func(p audit.Permission) bool {
			return slices.ContainsFunc(proposed, func(s *audit.Successor) bool {
				return levelIn(s.Token, p) != ""
			})
		})
		if len(gone) > 0 {
			f.LeftOut = append(f.LeftOut, Setting{"To leave out", "", formPermissions(gone)})
		}
	}
	if gone := noLongerReached(r.Token, proposed); len(gone) > 0 {
		f.LeftOut = append(f.LeftOut, Setting{labelLeftOut, "", gone})
	}
	return f
}

// parted takes the settings that all tokens share out of those of each.
func parted(tokens [][]Setting) (shared []Setting, apart [][]Setting) {
	with := func(s Setting) func(Setting) bool {
		return func(other Setting) bool {
			return s.Label == other.Label && s.Text == other.Text &&
				slices.Equal(s.List, other.List)
		}
	}
	for _, s := range tokens[0] {
		if !slices.ContainsFunc(tokens, func(settings []Setting) bool {
			return !slices.ContainsFunc(settings, with(s))
		}) {
			shared = append(shared, s)
		}
	}
	if len(tokens) == 1 {
		return shared, nil
	}
	for _, settings := range tokens {
		apart = append(apart, slices.DeleteFunc(settings, func(s Setting) bool {
			return slices.ContainsFunc(shared, with(s))
		}))
	}
	return shared, apart
}

// MendedBySettings reports whether a finding is gone once a token has the settings that are
// proposed.
func MendedBySettings(r *audit.Result, f *audit.Finding) bool {
	proposed := r.Successors()
	if len(proposed) == 0 || f.Rule.Rule.OfRequests {
		return false
	}
	return !slices.ContainsFunc(proposed, func(s *audit.Successor) bool {
		return slices.Contains(s.StillFails, f.Rule.Rule.ID)
	})
}

// levelIn returns the level at which a token has a permission; "" if it does not have it.
func levelIn(t *audit.Token, p audit.Permission) string {
	for _, held := range t.Permissions {
		if held.Group == p.Group && held.Name == p.Name {
			return held.Level
		}
	}
	return ""
}

// noLongerReached returns the names of the repositories that no successor reaches, if that is
// decided.
func noLongerReached(t *audit.Token, proposed []*audit.Successor) (names []string) {
	if !view.HasList(t) || slices.ContainsFunc(proposed, func(s *audit.Successor) bool {
		return !view.HasList(s.Token)
	}) {
		return nil
	}
	for _, repository := range t.Repositories {
		if !slices.ContainsFunc(proposed, func(s *audit.Successor) bool {
			return slices.Contains(view.NamesOf(s.Token.Repositories), repository.Name)
		}) {
			names = append(names, repository.Name)
		}
	}
	return names
}

func settingsOf(run *audit.Run, r *audit.Result, s *audit.Successor) (settings []Setting) {
	if name := s.Token.Name; name != r.Token.Name {
		settings = append(settings, Setting{
			Label: "Token name", Text: "one that says what it is for, as " + name + " does",
		})
	}
	settings = append(settings,
		Setting{Label: "Expiration", Text: expiration(s, run.AsOf)},
		Setting{Label: labelOwner, Text: run.Organization.Login},
		Setting{Label: "Repository access", Text: accessText(run, r, s)},
	)
	if n := len(s.Token.Repositories); view.HasList(s.Token) && n > 1 {
		label := labelReached
		if n < len(r.Token.Repositories) {
			label = "To choose from"
		}
		names := FirstOf(view.NamesOf(s.Token.Repositories), MostLetterListed, 0)
		settings = append(settings, Setting{Label: label, List: names})
	}
	if len(s.LeftOut) > 0 {
		names := FirstOf(view.NamesOf(s.LeftOut), MostLetterListed, 0)
		settings = append(settings, Setting{Label: labelLeftOut, List: names})
	}
	return append(append(settings, permissionSetting(r, s)), waivers(s)...)
}

// waivers returns what the reviewers have to accept of a successor.
func waivers(s *audit.Successor) (settings []Setting) {
	for _, rule := range s.NeedsWaivers {
		settings = append(settings, Setting{Label: "Waiver", Text: "what is accepted of " + rule +
			" is accepted of this token alone: ask the reviewers to accept it of the new one, too"})
	}
	return settings
}

// permissionSetting returns which of its permissions a successor may have.
func permissionSetting(r *audit.Result, s *audit.Successor) Setting {
	if !s.Token.Known.Has(audit.FactPermissions) {
		return Setting{
			Label: "Permissions", Text: "those that the task needs; what it has now is not known",
		}
	}
	texts := formPermissions(s.Token.Permissions)
	for i, p := range s.Token.Permissions {
		if old := levelIn(r.Token, p); old != p.Level {
			texts[i] += ", no longer " + formLevel(old)
		}
	}
	if len(texts) == 0 {
		return Setting{Label: "Permissions", Text: "none"}
	}
	return Setting{Label: labelPermissions, List: texts}
}

// expiration returns until when the next token may live.
func expiration(s *audit.Successor, asOf time.Time) string {
	if s.MaxDays == 0 || asOf.IsZero() {
		return "choose Custom, and a date that is no later than the task needs"
	}
	return fmt.Sprintf("at most %s: choose Custom, and a date up to %s",
		safe.Plural(s.MaxDays, "day"), view.DayOf(asOf.AddDate(0, 0, s.MaxDays)))
}

// MostLetterListed is how many repositories of a token are named.
const MostLetterListed = 100

// choiceText returns which repositories to choose.
func choiceText(s *audit.Successor) string {
	switch s.Token.Selection {
	case audit.SelectNone:
		return "Public repositories"
	case audit.SelectAll:
		return "All repositories"
	default: // of a subset, or one that is not known
	}
	text := "Only select repositories"
	if view.HasList(s.Token) && len(s.Token.Repositories) == 1 {
		return text + ": " + s.Token.Repositories[0].Name
	}
	if s.MaxRepositories > 0 {
		text += fmt.Sprintf(", at most %d", s.MaxRepositories)
	}
	switch s.Visibility {
	case audit.VisibilityPublic:
		text += ", all of them public"
	case audit.VisibilityPrivate:
		text += ", none of them public"
	}
	return text + ", those that the task needs"
}

// accessText returns that, and of how many.
func accessText(run *audit.Run, r *audit.Result, s *audit.Successor) string {
	text, of := choiceText(s), len(s.Token.Repositories)
	if s.Token.Selection == audit.SelectNone || s.Token.Selection == audit.SelectAll {
		return text + ", as now"
	}
	if view.HasList(s.Token) && of == 1 {
		return text
	}
	reaches := "it reaches now"
	if r.Request != nil {
		reaches = "it asks for"
	}
	switch n := len(r.Token.Repositories); {
	case !view.HasList(r.Token):
		return text + "; " + reaches + ": " + ReachInFull(run, r.Token, 0)
	case n == 0:
		return text
	case !view.HasList(s.Token) || of == n:
		return text + fmt.Sprintf(" of the %s that %s", safe.Plural(n, "repository"), reaches)
	default:
		return text + fmt.Sprintf(" of %d of the %s that %s", of, safe.Plural(n, "repository"), reaches)
	}
}

// permissionName returns a permission by name and level, and by its group if that is not
// repositories.
func permissionName(p audit.Permission) string {
	return strings.TrimPrefix(p.String(), audit.GroupRepository+":")
}
