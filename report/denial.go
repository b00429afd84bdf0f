// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/complytime/pataudit/audit"
)

// The limits of a text that denies a request, in UTF-16 units: GitHub's for all of it, and ours
// for its parts.
const (
	mostDenial  = 1024
	mostMessage = 240
	mostStays   = 240
)

// Denial gives a text for the person whose request is denied: which rules it breaks and by what,
// and what to ask for instead. It is plain text on one line, of at most 1024 characters, mentions
// nobody and links nowhere, whatever the token's name is. It is "" if no rule fails.
func Denial(r *audit.Result) string {
	if r.Request != nil && r.Request.Denial != "" {
		return r.Request.Denial
	}
	var broken []*audit.Finding
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Status == audit.Fail {
			broken = append(broken, f)
		}
	}
	if len(broken) == 0 {
		return ""
	}
	slices.SortStableFunc(broken, func(a, b *audit.Finding) int {
		return int(b.Severity) - int(a.Severity)
	})
	text := fmt.Sprintf("This token breaks %s of our token policy.", plural(len(broken), "rule"))
	tail := stays(r) + " Please ask again with these settings."
	const reserve = len(" And 999 more.")
	room := mostDenial - units(text) - units(tail)
	for i, f := range broken {
		part := fmt.Sprintf(" (%d) %s: %s. %s", i+1, plainly(f.Rule.Rule.ID, mostMessage),
			strings.TrimRight(plainly(f.Message, mostMessage), "."),
			plainly(f.Rule.Rule.Remedy, mostMessage))
		if room -= units(part); room < reserve {
			text += fmt.Sprintf(" And %d more.", len(broken)-i)
			break
		}
		text += part
	}
	return text + tail
}

// stays lists the permissions that no broken rule rests on; "" if none of the rules is about
// permissions.
func stays(r *audit.Result) string {
	keep, drop := successor(r)
	if len(drop) == 0 || len(keep) == 0 {
		return ""
	}
	return " These permissions may stay: " +
		plainly(strings.Join(permissionNames(keep), ", "), mostStays) + "."
}

// linkless takes from a text what a page that shows Markdown would make a mention or a link of.
var linkless = strings.NewReplacer("@", "(at)", "#", "no. ", "`", "'",
	"<", "(", ">", ")", "[", "(", "]", ")", "://", ": //", "www.", "www .")

// plainly makes a text harmless wherever it is pasted, and cuts it to a number of UTF-16 units.
func plainly(s string, limit int) string {
	s = s[:min(len(s), 4*(limit+1))] // no character needs more bytes, none gives less than a unit
	s = linkless.Replace(Terminal(s))
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
