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

// Classic tokens in JSON and in a workbook.

var classicColumns = []column{
	{title: "Owner", width: 18, value: func(e entry) any { return view.OrUnknown(e.classic.Login) }},
	{title: "Note", width: 28, value: func(e entry) any { return e.classic.Note }},
	{title: "Broad scopes", width: 28, value: func(e entry) any {
		if e.classic.Scopes == nil {
			return view.Unknown
		}
		return strings.Join(words.BroadOf(e.classic), ", ")
	}},
	{title: "Scopes", width: 40, value: func(e entry) any {
		if e.classic.Scopes == nil {
			return view.Unknown
		}
		return strings.Join(e.classic.Scopes, ", ")
	}},
	{title: "Authorized", width: 12, value: func(e entry) any {
		return dateCell(
			view.Fact{Known: !e.classic.AuthorizedAt.IsZero(), At: e.classic.AuthorizedAt, None: ""},
		)
	}},
	{title: "Expires", width: 12, value: func(e entry) any {
		if words.ClassicMarksOf(e.classic, e.run.AsOf).Expired {
			return "expired"
		}
		return dateCell(
			view.Fact{Known: e.classic.Known.Has(audit.FactExpiry), At: e.classic.ExpiresAt, None: "never"},
		)
	}},
	{title: "Last used", width: 12, value: func(e entry) any {
		return dateCell(
			view.Fact{
				Known: e.classic.Known.Has(audit.FactLastUsed),
				At:    e.classic.LastUsedAt,
				None:  "never",
			},
		)
	}},
	{title: "Last eight characters", width: 20, value: func(e entry) any {
		return view.OrUnknown(e.classic.LastEight)
	}},
	{title: "Token ID", width: 12, value: func(e entry) any {
		if e.classic.TokenID == 0 {
			return view.Unknown
		}
		return strconv.FormatInt(e.classic.TokenID, 10)
	}},
	{title: "Authorization ID", width: 16, value: func(e entry) any {
		return strconv.FormatInt(e.classic.ID, 10)
	}},
}

// classic writes the classic tokens, if they were asked for.
func (b *book) classic() error {
	asked := false
	var entries []entry
	for _, run := range b.doc.Runs {
		if run.Classic == nil {
			continue
		}
		asked = true
		for _, c := range words.ClassicOf(run, &b.doc.View) {
			entries = append(entries, entry{run: run, classic: c})
		}
	}
	if !asked {
		return nil
	}
	return b.add(listOf("Classic tokens", classicColumns, entries))
}

// factColumns returns the facts of a token that are not among [tokenColumns]; those that an audit
// log tells if one was asked for.
func factColumns(asked bool) (columns []column) {
	for _, f := range view.TokenFacts {
		if f.Logged && !asked || slices.ContainsFunc(tokenColumns, func(c column) bool {
			return c.title == f.Title
		}) {
			continue
		}
		columns = append(columns, column{title: f.Title, width: 18, value: dated(f.Of)})
	}
	return columns
}

// tokenColumns are those of the list of tokens, as far as something was asked for them, or is
// remembered.
func tokenColumnsOf(d *view.Document) []column {
	asked := slices.ContainsFunc(d.Runs, func(run *audit.Run) bool {
		return slices.ContainsFunc(run.Coverage, func(c audit.Coverage) bool {
			return c.Source == audit.SourceAuditLog && c.Status != audit.NotAsked
		})
	})
	columns := insertBefore("Expires", tokenColumns, factColumns(asked))
	if len(d.View.Deciding) == 0 {
		columns = slices.DeleteFunc(columns, func(c column) bool { return c.title == commandTitle })
	}
	if remembers(d) {
		columns = insertBefore(grantIDTitle, columns, pastColumns)
	}
	return columns
}
