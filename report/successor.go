// SPDX-License-Identifier: Apache-2.0

package report

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
// card and denial all tell it from here.

// setting is a line of GitHub's form for a new token: a text, or several. They may be hostile.
type setting struct {
	label, text string
	list        []string
}

// The labels of settings that writers tell apart.
const (
	labelPermissions = "Permissions, as far as the task needs them"
	labelReached     = "Reached now"
	labelOwner       = "Resource owner"
	labelLeftOut     = "Repositories to leave out"
)

// forms are GitHub's form as it is to be filled in, from top to bottom, for each token that is
// proposed in place of one.
type forms struct {
	tokens  int         // 0: none is proposed
	shared  []setting   // of all of them
	apart   [][]setting // of each, what others do not share; nil of one alone
	leftOut []setting   // what none of them has any more
}

func formsOf(run *audit.Run, r *audit.Result) (f forms) {
	proposed := r.Successors()
	var tokens [][]setting
	for _, s := range proposed {
		tokens = append(tokens, settingsOf(run, r, s))
	}
	if f.tokens = len(tokens); f.tokens == 0 {
		return f
	}
	f.shared, f.apart = parted(tokens)
	if t := r.Token; t.Known.Has(audit.FactPermissions) {
		gone := slices.DeleteFunc(slices.Clone(t.Permissions), func(p audit.Permission) bool {
			return slices.ContainsFunc(proposed, func(s *audit.Successor) bool {
				return levelIn(s.Token, p) != ""
			})
		})
		if len(gone) > 0 {
			f.leftOut = append(f.leftOut, setting{"To leave out", "", formPermissions(gone)})
		}
	}
	if gone := noLongerReached(r.Token, proposed); len(gone) > 0 {
		f.leftOut = append(f.leftOut, setting{labelLeftOut, "", gone})
	}
	return f
}

// parted takes the settings that all tokens share out of those of each.
func parted(tokens [][]setting) (shared []setting, apart [][]setting) {
	with := func(s setting) func(setting) bool {
		return func(other setting) bool {
			return s.label == other.label && s.text == other.text &&
				slices.Equal(s.list, other.list)
		}
	}
	for _, s := range tokens[0] {
		if !slices.ContainsFunc(tokens, func(settings []setting) bool {
			return !slices.ContainsFunc(settings, with(s))
		}) {
			shared = append(shared, s)
		}
	}
	if len(tokens) == 1 {
		return shared, nil
	}
	for _, settings := range tokens {
		apart = append(apart, slices.DeleteFunc(settings, func(s setting) bool {
			return slices.ContainsFunc(shared, with(s))
		}))
	}
	return shared, apart
}

// mendedBySettings reports whether a finding is gone once a token has the settings that are
// proposed.
func mendedBySettings(r *audit.Result, f *audit.Finding) bool {
	proposed := r.Successors()
	if len(proposed) == 0 || f.Rule.Rule.OfRequests {
		return false
	}
	return !slices.ContainsFunc(proposed, func(s *audit.Successor) bool {
		return slices.Contains(s.StillFails, f.Rule.Rule.ID)
	})
}

// levelIn gives the level at which a token has a permission; "" if it does not have it.
func levelIn(t *audit.Token, p audit.Permission) string {
	for _, held := range t.Permissions {
		if held.Group == p.Group && held.Name == p.Name {
			return held.Level
		}
	}
	return ""
}

// noLongerReached names the repositories that no successor reaches, if that is decided.
func noLongerReached(t *audit.Token, proposed []*audit.Successor) (names []string) {
	if !hasList(t) || slices.ContainsFunc(proposed, func(s *audit.Successor) bool {
		return !hasList(s.Token)
	}) {
		return nil
	}
	for _, repository := range t.Repositories {
		if !slices.ContainsFunc(proposed, func(s *audit.Successor) bool {
			return slices.Contains(namesOf(s.Token.Repositories), repository.Name)
		}) {
			names = append(names, repository.Name)
		}
	}
	return names
}

// hasList reports whether a token has a list of repositories, and that is known.
func hasList(t *audit.Token) bool {
	return t.Selection == audit.SelectSubset && t.Known.Has(audit.FactRepositories)
}

func namesOf(repositories []*audit.Repository) []string {
	names := make([]string, len(repositories))
	for i, repository := range repositories {
		names[i] = repository.Name
	}
	return names
}

func settingsOf(run *audit.Run, r *audit.Result, s *audit.Successor) (settings []setting) {
	if name := s.Token.Name; name != r.Token.Name {
		settings = append(settings, setting{
			label: "Token name", text: "one that says what it is for, as " + name + " does",
		})
	}
	settings = append(settings,
		setting{label: "Expiration", text: expiration(s, run.AsOf)},
		setting{label: labelOwner, text: run.Organization.Login},
		setting{label: "Repository access", text: accessText(run, r, s)},
	)
	if n := len(s.Token.Repositories); hasList(s.Token) && n > 1 {
		label := labelReached
		if n < len(r.Token.Repositories) {
			label = "To choose from"
		}
		settings = append(
			settings,
			setting{label: label, list: firstNames(namesOf(s.Token.Repositories))},
		)
	}
	if len(s.LeftOut) > 0 {
		settings = append(
			settings,
			setting{label: labelLeftOut, list: firstNames(namesOf(s.LeftOut))},
		)
	}
	return append(append(settings, permissionSetting(r, s)), waivers(s)...)
}

// waivers says what the reviewers have to accept of a successor.
func waivers(s *audit.Successor) (settings []setting) {
	for _, rule := range s.NeedsWaivers {
		settings = append(settings, setting{label: "Waiver", text: "what is accepted of " + rule +
			" is accepted of this token alone: ask the reviewers to accept it of the new one, too"})
	}
	return settings
}

// permissionSetting says which of its permissions a successor may have.
func permissionSetting(r *audit.Result, s *audit.Successor) setting {
	if !s.Token.Known.Has(audit.FactPermissions) {
		return setting{
			label: "Permissions", text: "those that the task needs; what it has now is not known",
		}
	}
	texts := formPermissions(s.Token.Permissions)
	for i, p := range s.Token.Permissions {
		if old := levelIn(r.Token, p); old != p.Level {
			texts[i] += ", no longer " + formLevel(old)
		}
	}
	if len(texts) == 0 {
		return setting{label: "Permissions", text: "none"}
	}
	return setting{label: labelPermissions, list: texts}
}

// expiration says until when the next token may live.
func expiration(s *audit.Successor, asOf time.Time) string {
	if s.MaxDays == 0 || asOf.IsZero() {
		return "choose Custom, and a date that is no later than the task needs"
	}
	return fmt.Sprintf(
		"at most %s: choose Custom, and a date up to %s",
		safe.Plural(s.MaxDays, "day"),
		view.DayOf(asOf.AddDate(0, 0, s.MaxDays)),
	)
}

// mostLetterListed is how many repositories of a token are named.
const mostLetterListed = 100

func firstNames(names []string) []string {
	if more := len(names) - mostLetterListed; more > 0 {
		return append(names[:mostLetterListed:mostLetterListed], fmt.Sprintf("and %d more", more))
	}
	return names
}

// choiceText says which repositories to choose.
func choiceText(s *audit.Successor) string {
	switch s.Token.Selection {
	case audit.SelectNone:
		return "Public repositories"
	case audit.SelectAll:
		return "All repositories"
	default: // of a subset, or one that is not known
	}
	text := "Only select repositories"
	if hasList(s.Token) && len(s.Token.Repositories) == 1 {
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

// accessText says that, and of how many.
func accessText(run *audit.Run, r *audit.Result, s *audit.Successor) string {
	text, of := choiceText(s), len(s.Token.Repositories)
	if s.Token.Selection == audit.SelectNone || s.Token.Selection == audit.SelectAll {
		return text + ", as now"
	}
	if hasList(s.Token) && of == 1 {
		return text
	}
	reaches := "it reaches now"
	if r.Request != nil {
		reaches = "it asks for"
	}
	switch n := len(r.Token.Repositories); {
	case !hasList(r.Token):
		return text + "; " + reaches + ": " + reachText(run, r.Token, 0)
	case n == 0:
		return text
	case !hasList(s.Token) || of == n:
		return text + fmt.Sprintf(" of the %s that %s", safe.Plural(n, "repository"), reaches)
	default:
		return text + fmt.Sprintf(" of %d of the %s that %s", of, safe.Plural(n, "repository"), reaches)
	}
}

// permissionName names a permission by name and level, and by its group if that is not
// repositories.
func permissionName(p audit.Permission) string {
	return strings.TrimPrefix(p.String(), audit.GroupRepository+":")
}

// settingTexts are the settings of what is proposed in place of a token, a text for each.
func settingTexts(run *audit.Run, r *audit.Result) (texts []string) {
	f := formsOf(run, r)
	add := func(start string, settings []setting) {
		for _, s := range settings {
			text := s.text
			if len(s.list) > 0 {
				text = strings.Join(s.list, "; ")
			}
			if s.label != labelOwner && s.label != labelReached {
				texts = append(texts, start+s.label+": "+text)
			}
		}
	}
	if f.tokens > 1 {
		texts = append(texts, fmt.Sprintf("%d tokens in its place, as far as the task needs each",
			f.tokens))
	}
	add("", f.shared)
	for i, settings := range f.apart {
		add(fmt.Sprintf("Token %d: ", i+1), settings)
	}
	add("", f.leftOut)
	return texts
}
