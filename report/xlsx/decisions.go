// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"slices"
	"strconv"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// The workbook's lists of pending requests and of decisions.

var requestColumns = slices.Concat(identity, []column{
	{title: "Requested", width: 12, value: func(e entry) any {
		return dayOrUnknown(e.result.Request.CreatedAt)
	}},
	{title: "Days waiting", width: 13, value: func(e entry) any {
		if n, known := view.Age(e.result.Request, e.run.AsOf); known {
			return n
		}
		return view.Unknown
	}},
	{title: "Their reason", width: 36, value: func(e entry) any { return e.result.Request.Reason }},
}, worstColumns, []column{
	failsColumn, roleColumn, openColumn,
	{title: "Text of a denial", width: 90, value: func(e entry) any {
		return words.Denial(e.result, e.run.AsOf)
	}},
}, accessColumns, []column{
	{title: "Expires", width: 12, value: dated(view.Expires)},
	{title: "Request ID", width: 12, value: tokenValue(view.GrantID)},
})

// The columns of decisions begin with what somebody has to look at, which is on paper, too.
var decisionColumns = []column{
	{title: "State", width: 11, color: true, colors: ofDecision, value: func(e entry) any {
		return string(e.decision.State)
	}},
	{title: "Token", width: 24, value: func(e entry) any {
		if e.decision.Token == nil {
			return "not listed"
		}
		return e.decision.Token.Name
	}},
	{title: tokenIDTitle, width: 11, value: decided(func(d *audit.Decision) any {
		return strconv.FormatInt(d.TokenID, 10)
	})},
	{title: "Owner", width: 16, value: func(e entry) any {
		if t := e.decision.Token; t != nil && t.Owner != nil {
			return t.Owner.Login
		}
		return view.Unknown
	}},
	{title: "Kind", width: 9, value: decided(func(d *audit.Decision) any { return d.Kind })},
	{title: "Rule", width: 20, value: decided(func(d *audit.Decision) any { return d.Rule })},
	{title: "Until", width: 11, value: decided(func(d *audit.Decision) any { return d.Until })},
	{title: "Detail", width: 34, value: func(e entry) any { return e.decision.Detail }},
	{title: "By", width: 15, value: func(e entry) any {
		if e.decision.ByOwner {
			return e.decision.Decision.By + ownOwner
		}
		return e.decision.Decision.By
	}},
	{title: "On", width: 11, value: decided(func(d *audit.Decision) any { return d.On })},
	{title: "Reason", width: 32, value: decided(func(d *audit.Decision) any { return d.Reason })},
	{title: "Ticket", width: 16, value: decided(func(d *audit.Decision) any { return d.Ticket })},
	{title: "Purpose", width: 28, value: decided(func(d *audit.Decision) any { return d.Purpose })},
	{title: "Consumer", width: 22, value: decided(func(d *audit.Decision) any { return d.Consumer })},
	{title: "Owner ID", width: 12, value: decided(func(d *audit.Decision) any {
		return strconv.FormatInt(d.OwnerID, 10)
	})},
}

// ownOwner follows the name of a person who decided of a token of their own.
const ownOwner = " (its own owner)"

func decided(value func(*audit.Decision) any) func(entry) any {
	return func(e entry) any { return value(e.decision.Decision) }
}

// requests lists the pending ones.
func (b *book) requests() {
	var entries []entry
	for e := range b.pending {
		if e.shown {
			entries = append(entries, e)
		}
	}
	l := listOf("Requests", requestColumns, entries)
	l.onPaper = columnsTo("Fails", requestColumns)
	b.add(l)
}

// decisions lists all of them, those that somebody has to look at first.
func (b *book) decisions() {
	var entries []entry
	for _, run := range b.doc.Runs {
		for _, d := range words.ByUrgency(run.Decisions) {
			entries = append(entries, entry{run: run, decision: d})
		}
	}
	l := listOf("Decisions", decisionColumns, entries)
	l.onPaper = columnsTo("Reason", decisionColumns)
	b.add(l)
}
