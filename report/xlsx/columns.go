// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"slices"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// The columns of a workbook's lists. What was not learned says "unknown": an empty cell would read
// as none.

// decisions are what a reviewer may decide of a token.
var decisions = []string{audit.Keep, audit.Waive, audit.Reduce, audit.Revoke}

var organizationColumn = column{title: "Organization", width: 18, value: func(e entry) any {
	if e.run == nil {
		return e.failed
	}
	return e.run.Organization.Login
}}

var tokenColumns = []column{
	{title: "Severity", width: 10, value: worstSeverity, color: true},
	{title: "Token", width: 28, value: func(e entry) any { return e.result.Token.Name }},
	{title: "Owner", width: 18, value: ofToken(words.Owner)},
	{title: "Role", width: 13, value: ofToken(words.Role)},
	{title: "Second factor", width: 14, value: ofToken(words.SecondFactor)},
	{title: "Worst reason", width: 52, value: worstReason},
	{title: "Fails", width: 34, value: rulesThat(audit.Fail)},
	{title: "Cannot be judged", width: 22, value: rulesThat(audit.Indeterminate)},
	{title: "Selection", width: 11, value: func(e entry) any {
		return words.OrUnknown(string(e.result.Token.Selection))
	}},
	{title: "Repositories", width: 13, value: repositoryCount},
	{title: "Repository names", width: 60, value: repositoryNames},
	{title: "Repository permissions", width: 40, value: permissions(audit.GroupRepository)},
	{title: "Organization permissions", width: 28, value: permissions(audit.GroupOrganization)},
	{title: "Other permissions", width: 18, value: otherPermissions},
	{title: "Status", width: 10, value: status},
	{title: "Granted", width: 12, value: dated(view.Granted)},
	{title: "Expires", width: 12, value: dated(view.Expires)},
	{title: "Last used", width: 12, value: dated(view.LastUsed)},
	{title: "Days granted", width: 13, value: func(e entry) any {
		if n, known := view.GrantedDays(e.result.Token); known {
			return n
		}
		return nil
	}},
	{title: "Token ID", width: 12, value: ofToken(words.TokenID)},
	{title: "Grant ID", width: 12, value: ofToken(words.GrantID)},
	{title: "Decision", width: 12, value: nothing, input: true, among: decisions},
	{title: "Reviewer", width: 16, value: nothing, input: true},
	{title: "Date", width: 12, value: nothing, input: true},
	{title: "Note", width: 36, value: nothing, input: true},
}

var findingColumns = slices.Concat([]column{
	{
		title: "Severity",
		width: 10,
		value: func(e entry) any { return words.FindingSeverity(e.finding) },
		color: true,
	},
	{title: "Token", width: 28, value: func(e entry) any { return e.result.Token.Name }},
	{title: "Owner", width: 18, value: ofToken(words.Owner)},
	{title: "Status", width: 14, value: func(e entry) any { return e.finding.Status.String() }},
	{title: "Rule", width: 22, value: func(e entry) any { return e.finding.Rule.Rule.ID }},
	{title: "Message", width: 60, value: func(e entry) any { return e.finding.Message }},
	{title: "Remedy", width: 44, value: func(e entry) any { return e.finding.Rule.Rule.Remedy }},
	{title: "Rests on", width: 36, value: func(e entry) any {
		return strings.Join(e.finding.Basis, "; ")
	}},
	{title: "Not learned", width: 22, value: func(e entry) any { return e.finding.Missing.String() }},
	{title: "Guide step", width: 11, value: func(e entry) any { return e.finding.Rule.Rule.Guide }},
	{title: "Of", width: 16, value: func(e entry) any {
		if e.result.Request != nil {
			return "pending request"
		}
		return "token"
	}},
}, acceptedColumns, []column{
	{title: "Token ID", width: 12, value: ofToken(words.TokenID)},
	{title: "Grant ID", width: 12, value: ofToken(words.GrantID)},
})

func nothing(entry) any { return nil }

// ofToken returns a column's value of a token's.
func ofToken(of func(*audit.Token) string) func(entry) any {
	return func(e entry) any { return of(e.result.Token) }
}

// dated returns a column's value of a token's date.
func dated(of func(*audit.Token) view.Fact) func(entry) any {
	return func(e entry) any { return dateCell(of(e.result.Token)) }
}

// dateCell returns a date as a cell has it: a time, or a word.
func dateCell(d view.Fact) any {
	if word := d.Word(); word != "" {
		return word
	}
	if d.At.IsZero() {
		return ""
	}
	return d.At
}

// worstSeverity is that of the worst finding, or what stands in place of one.
func worstSeverity(e entry) any {
	severity := audit.NoSeverity
	if e.worst != nil {
		severity = e.worst.Severity
	}
	return view.LabelOf(e.run, view.Stand(e.run, e.result), severity)
}

func worstReason(e entry) any {
	if view.Stand(e.run, e.result) == view.Open {
		for _, f := range e.result.Findings {
			if view.Unjudged(f) {
				return f.Message
			}
		}
	}
	if e.worst == nil {
		return nil
	}
	return e.worst.Message
}

// rulesThat lists the rules that answered so.
func rulesThat(answer audit.Status) func(entry) any {
	return func(e entry) any {
		var ids []string
		for _, f := range e.result.Findings {
			if f.Status == answer {
				ids = append(ids, f.Rule.Rule.ID)
			}
		}
		return strings.Join(ids, ", ")
	}
}

func repositoryCount(e entry) any {
	t := e.result.Token
	switch {
	case t.Selection == audit.SelectAll:
		return "all + future"
	case t.Selection == audit.SelectNone:
		return "public only"
	case t.Selection != audit.SelectSubset || !t.Known.Has(audit.FactRepositories):
		return view.Unknown
	}
	return len(t.Repositories)
}

func repositoryNames(e entry) any {
	t := e.result.Token
	if t.Selection != audit.SelectSubset {
		return nil
	}
	if !t.Known.Has(audit.FactRepositories) {
		return view.Unknown
	}
	names := make([]string, len(t.Repositories))
	for i, r := range t.Repositories {
		names[i] = r.Name
	}
	return strings.Join(names, ", ")
}

// permissions lists those of a group: "contents:write, metadata:read".
func permissions(group string) func(entry) any {
	return permissionsOf(func(p audit.Permission) (string, bool) {
		return p.Name + ":" + p.Level, p.Group == group
	})
}

func otherPermissions(e entry) any {
	return permissionsOf(func(p audit.Permission) (string, bool) {
		other := p.Group != audit.GroupRepository && p.Group != audit.GroupOrganization
		return p.String(), other
	})(e)
}

func permissionsOf(text func(audit.Permission) (string, bool)) func(entry) any {
	return func(e entry) any {
		if !e.result.Token.Known.Has(audit.FactPermissions) {
			return view.Unknown
		}
		var names []string
		for _, p := range e.result.Token.Permissions {
			if name, ok := text(p); ok {
				names = append(names, name)
			}
		}
		return strings.Join(names, ", ")
	}
}

func status(e entry) any {
	switch t := e.result.Token; {
	case !t.Known.Has(audit.FactExpiry):
		return view.Unknown
	case t.Expired:
		return "expired"
	}
	return "active"
}

// entry is what a row of a list is about. What a list is not about is nil.
type entry struct {
	run      *audit.Run
	result   *audit.Result
	worst    *audit.Finding // that decides of the result, of those shown
	finding  *audit.Finding
	coverage *audit.Coverage
	decision *audit.DecisionResult
	classic  *audit.Credential
	reached  *reached
	person   *person
	rule     *audit.RuleCount
	point    *audit.Point
	note     [2]string // a topic, and what is to say of it
	failed   string    // the organization that has no run
}
