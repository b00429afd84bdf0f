// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"slices"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// The columns of a workbook's lists. What was not learned is "unknown": an empty cell would read
// as none.

// decisions are what a reviewer may decide of a token.
var decisions = []string{audit.Keep, audit.Waive, audit.Reduce, audit.Revoke}

var organizationColumn = column{title: "Organization", width: 18, value: func(e entry) any {
	if e.run == nil {
		return e.failed
	}
	return e.run.Organization.Login
}}

// identity are the columns that show which token a row is about.
var identity = []column{
	{title: "Severity", width: 10, value: worstSeverity, color: true},
	{title: "Token", width: 26, value: func(e entry) any { return e.result.Token.Name }},
	{title: tokenIDTitle, width: 11, value: tokenValue(view.TokenID)},
	{title: "Owner", width: 18, value: tokenValue(view.Owner)},
}

// What tokens and requests share beside that.
var (
	worstColumns = []column{
		{title: "Worst rule", width: 22, value: worstRule},
		{title: "Worst reason", width: 46, value: worstReason},
	}
	failsColumn = column{title: "Fails", width: 34, value: rulesThat(audit.Fail)}
	openColumn  = column{title: "Cannot be judged", width: 22, value: rulesThat(audit.Indeterminate)}
	roleColumn  = column{title: "Role", width: 13, value: tokenValue(words.Role)}

	accessColumns = []column{
		{title: "Selection", width: 11, value: func(e entry) any {
			return view.OrUnknown(string(e.result.Token.Selection))
		}},
		{title: "Repositories", width: 13, value: repositoryCount},
		{title: "Repository names", width: 60, value: repositoryNames},
		{title: "Repository permissions", width: 40, value: permissions(audit.GroupRepository)},
		{title: "Organization permissions", width: 28, value: permissions(audit.GroupOrganization)},
		{title: "Other permissions", width: 18, value: permissionsOf(otherPermission)},
	}
)

// The columns of tokens begin with what a decision needs, and with the decision: these are on
// paper, too.
var tokenColumns = slices.Concat(identity, worstColumns, []column{
	{title: decisionTitle, width: 12, value: nothing, input: true, among: decisions},
	{title: reviewerTitle, width: 15, value: nothing, input: true},
	{title: dateTitle, width: 12, value: nothing, input: true},
	{title: noteTitle, width: 28, value: nothing, input: true},
	{title: commandTitle, width: 44, value: waiving},
	failsColumn, openColumn, roleColumn,
	{title: "Second factor", width: 14, value: tokenValue(words.SecondFactor)},
}, accessColumns, []column{
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
	{title: grantIDTitle, width: 12, value: tokenValue(view.GrantID)},
})

// factColumns returns the facts of a token that are not among [tokenColumns]; those that an audit
// log has if one was asked for.
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

// tokenColumnsOf returns the columns of the list of tokens, as far as something was asked for
// them, or is remembered.
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

const (
	commandTitle = "Command that waives the worst"
	grantIDTitle = "Grant ID"
)

// columnsTo counts the columns up to one.
func columnsTo(title string, columns []column) int {
	return 1 + slices.IndexFunc(columns, func(c column) bool { return c.title == title })
}

func nothing(entry) any { return nil }

// tokenValue returns a column's value of a token's.
func tokenValue(of func(*audit.Token) string) func(entry) any {
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
	return d.At
}

// dayOrUnknown returns a day as a cell has it, whose zero is not known.
func dayOrUnknown(t time.Time) any {
	return dateCell(view.Fact{Known: !t.IsZero(), At: t})
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
	if e.reason == nil {
		return nil
	}
	return e.reason.Message
}

// waiving is the command that accepts the worst finding that can be accepted; nothing if none can,
// or the document does not tell how.
func waiving(e entry) any {
	s := e.survey
	var worst *audit.Finding
	for _, f := range e.chosen {
		if worst == nil || f.Severity > worst.Severity {
			if _, acceptable := s.deciding.Waive(e.result, f); acceptable {
				worst = f
			}
		}
	}
	if worst == nil {
		return nil
	}
	return s.before + view.TokenID(e.result.Token) + " waive --rule " + worst.Rule.Rule.ID + s.after
}

func worstRule(e entry) any {
	if e.reason == nil {
		return nil
	}
	return e.reason.Rule.Rule.ID
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
	case !view.HasList(t):
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
	return strings.Join(view.NamesOf(t.Repositories), ", ")
}

// permissions lists those of a group: "contents:write, metadata:read".
func permissions(group string) func(entry) any {
	return permissionsOf(func(p audit.Permission) (string, bool) {
		return p.Name + ":" + p.Level, p.Group == group
	})
}

func otherPermission(p audit.Permission) (text string, other bool) {
	return p.String(), p.Group != audit.GroupRepository && p.Group != audit.GroupOrganization
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
	survey   *survey
	result   *audit.Result
	chosen   []*audit.Finding // of the result, those shown
	shown    bool             // the result is
	worst    *audit.Finding   // that decides of the result, of those shown
	reason   *audit.Finding   // why the result stands as it does, likewise
	finding  *audit.Finding
	coverage *audit.Coverage
	decision *audit.DecisionResult
	classic  *audit.Credential
	reached  *reached
	person   *person
	team     *view.Team
	rule     *audit.RuleCount
	point    *audit.Point
	note     [2]string // a topic, and what is to say of it
	failed   string    // the organization that has no run
}
