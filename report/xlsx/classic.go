// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"slices"
	"strconv"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

var classicColumns = []column{
	{title: "Owner", width: 18, value: tokenValue(view.Owner)},
	{title: "Note", width: 28, value: func(e entry) any { return e.classic.Note }},
	{title: "Broad scopes", width: 28, value: scopesText(words.BroadOf)},
	{title: "Scopes", width: 40, value: scopesText(func(c *audit.Credential) []string {
		return c.Scopes
	})},
	{title: "Authorized", width: 12, value: func(e entry) any {
		return dayOrUnknown(e.classic.AuthorizedAt)
	}},
	{title: "Expires", width: 12, value: dated(view.Expires)},
	{title: "Last used", width: 12, value: dated(view.LastUsed)},
	{title: "Last eight characters", width: 20, value: func(e entry) any {
		return view.OrUnknown(e.classic.LastEight)
	}},
	{title: "Token ID", width: 12, value: tokenValue(view.TokenID)},
	{title: "Authorization ID", width: 16, value: func(e entry) any {
		return strconv.FormatInt(e.classic.ID, 10)
	}},
}

// scopesText returns a column of scopes of a classic token.
func scopesText(of func(*audit.Credential) []string) func(entry) any {
	return func(e entry) any {
		if e.classic.Scopes == nil {
			return view.Unknown
		}
		return strings.Join(of(e.classic), ", ")
	}
}

// classic writes the classic tokens, if they were asked for.
func (b *book) classic() {
	var entries []entry
	for _, run := range b.doc.Runs {
		for _, c := range words.ClassicOf(run, &b.doc.View) {
			token := words.ClassicToken(c, run.AsOf)
			entries = append(entries, entry{run: run, result: &audit.Result{Token: token}, classic: c})
		}
	}
	if slices.ContainsFunc(b.doc.Runs, func(run *audit.Run) bool { return run.Classic != nil }) {
		b.add(listOf("Classic tokens", classicColumns, entries))
	}
}
