// SPDX-License-Identifier: Apache-2.0

package words

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// The limits of a text that denies a request, in UTF-16 units: GitHub's for all of it, and ours
// for its parts.
const (
	mostDenial   = 1024
	mostMessage  = 240
	mostSettings = 560

	mostLeftOut = 3 // repositories that are named
)

// Denial returns a text for the person whose request is denied: which rules it breaks and by what,
// what that person can do about it, and what to ask for instead. It is plain text on one line, of
// at most 1024 characters, mentions nobody and links nowhere, whatever the token's name is. It is
// "" if nothing fails that the person could mend.
func Denial(r *audit.Result, asOf time.Time) string {
	if r.Request != nil && r.Request.Denial != "" {
		return r.Request.Denial
	}
	var broken []*audit.Finding
	for _, f := range r.Findings {
		if f.Status == audit.Fail && f.Rule.Rule.Mending != audit.MendByReviewers {
			broken = append(broken, f)
		}
	}
	if len(broken) == 0 {
		return ""
	}
	slices.SortStableFunc(broken, func(a, b *audit.Finding) int {
		return int(b.Severity) - int(a.Severity)
	})
	text := fmt.Sprintf("This token breaks %s of our token policy.", safe.Plural(len(broken), "rule"))
	tail := askAgain(r, broken, asOf)
	const reserve = len(" And 999 more.")
	room := mostDenial - units(text) - units(tail)
	for i, f := range broken {
		part := fmt.Sprintf(" (%d) %s: %s.", i+1, plainly(f.Rule.Rule.ID, mostMessage),
			strings.TrimRight(plainly(ToOwner.Replace(f.Message), mostMessage), "."))
		if remedy := toRequester(r, f); remedy != "" {
			part += " " + plainly(remedy, mostMessage)
		}
		if room -= units(part); room < reserve {
			text += fmt.Sprintf(" And %d more.", len(broken)-i)
			break
		}
		text += part
	}
	return text + tail
}

// toRequester returns what the person who asks for a token can do about a finding; "" if the
// settings mend it.
func toRequester(r *audit.Result, f *audit.Finding) string {
	if MendedBySettings(r, f) {
		return ""
	}
	rule := f.Rule.Rule
	return cmp.Or(rule.ToRequester, rule.ToOwner, rule.Remedy)
}

// askAgain ends a denial with the settings to ask for, if there are any that pass.
func askAgain(r *audit.Result, broken []*audit.Finding, asOf time.Time) string {
	proposed, start := r.Successors(), " Please ask again"
	if slices.ContainsFunc(broken, func(f *audit.Finding) bool {
		return toRequester(r, f) != "" && !f.Rule.Rule.OfRequests // those are mended by asking
	}) {
		start = " Once that is done, please ask again"
	}
	if len(proposed) == 0 {
		return start + "."
	}
	text := ""
	for _, words := range []func(audit.Permission) string{formWords, permissionName} {
		text = start + " with these settings."
		tokens := make([][]Setting, len(proposed))
		for i, s := range proposed {
			tokens[i] = briefSettings(s, asOf, words)
		}
		shared, apart := parted(tokens)
		text += sentences(shared)
		for i, settings := range apart {
			text += fmt.Sprintf(" Token %d:", i+1) + sentences(settings)
		}
		if text = plainly(text, mostDenial); units(text) <= mostSettings {
			return text
		}
	}
	return plainly(text, mostSettings)
}

// briefSettings are the settings of one token where there is little room.
func briefSettings(
	s *audit.Successor, asOf time.Time, words func(audit.Permission) string,
) []Setting {
	settings := []Setting{
		{Label: "Expiration", Text: expiration(s, asOf)},
		{Label: "Repository access", Text: choiceText(s)},
	}
	if len(s.LeftOut) > 0 {
		few := Few(view.NamesOf(s.LeftOut), mostLeftOut)
		settings = append(settings, Setting{Label: labelLeftOut, Text: few})
	}
	if !s.Token.Known.Has(audit.FactPermissions) {
		return settings
	}
	names := make([]string, len(s.Token.Permissions))
	for i, p := range s.Token.Permissions {
		names[i] = words(p)
	}
	if len(names) == 0 {
		names = []string{"none"}
	}
	return append(settings, Setting{Label: "Permissions", Text: strings.Join(names, ", ")})
}

// sentences are settings one after another.
func sentences(settings []Setting) (text string) {
	for _, s := range settings {
		text += " " + s.Label + ": " + s.Text + "."
	}
	return text
}

// linkless takes from a text what a page that shows Markdown would make a mention or a link of.
var linkless = strings.NewReplacer("@", "(at)", "#", "no. ", "`", "'",
	"<", "(", ">", ")", "[", "(", "]", ")", "://", ": //", "www.", "www .")

// plainly makes a text harmless wherever it is pasted, and cuts it to a number of UTF-16 units.
func plainly(s string, limit int) string {
	s = s[:min(len(s), 4*(limit+1))] // no character needs more bytes, none gives less than a unit
	s = linkless.Replace(safe.Terminal(s))
	if units(s) <= limit {
		return s
	}
	const mark = "…"
	n, cut := 0, 0
	for i, r := range s {
		if n += utf16.RuneLen(r); n > limit-1 {
			break
		}
		cut = i + len(string(r))
	}
	return s[:cut] + mark
}

// units counts a text as GitHub and spreadsheets do: in UTF-16 units.
func units(s string) (n int) {
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// ToOwner replaces what a message has about an owner by the same to that owner.
var ToOwner = strings.NewReplacer("its owner is ", "you are ", "its owner has ", "you have ")
