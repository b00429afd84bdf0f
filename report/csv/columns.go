// SPDX-License-Identifier: Apache-2.0

package csv

import (
	"slices"
	"strconv"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
)

// The columns of [Format]. Their names and their order are a promise; new ones come last.

type column struct {
	name  string
	value func(entry) string
}

// allColumns are all of them: what rows share with their run, and with their token, comes first.
var allColumns = [][]column{runColumns, subjectColumns, answerColumns}

var runColumns = []column{
	{"organization", func(e entry) string { return e.run.Organization.Login }},
	{"as_of", func(e entry) string { return view.OrUnknown(view.InstantOf(e.run.AsOf)) }},
	{"verdict", func(e entry) string { return e.run.Outcome().String() }},
	{"complete", func(e entry) string { return strconv.FormatBool(e.run.Complete) }},
}

var subjectColumns = []column{
	{"kind", func(e entry) string { return view.KindOf(e.result) }},
	{"grant_id", func(e entry) string { return view.GrantID(e.result.Token) }},
	{"token_id", func(e entry) string { return view.TokenID(e.result.Token) }},
	{"name", func(e entry) string { return e.result.Token.Name }},
	{"owner", func(e entry) string { return view.Owner(e.result.Token) }},
	{"owner_id", func(e entry) string {
		if e.result.Token.Owner == nil {
			return view.Unknown
		}
		return strconv.FormatInt(e.result.Token.Owner.ID, 10)
	}},
	{"role", func(e entry) string {
		t := e.result.Token
		if t.Owner == nil || !t.Known.Has(audit.FactMembership) || t.Owner.Role == "" {
			return view.Unknown
		}
		return string(t.Owner.Role)
	}},
	{"two_factor", func(e entry) string {
		if o := e.result.Token.Owner; o != nil && o.TwoFactor != nil {
			return strconv.FormatBool(*o.TwoFactor)
		}
		return view.Unknown
	}},
	{"repository_selection", func(e entry) string {
		return view.OrUnknown(string(e.result.Token.Selection))
	}},
	{"repositories", repositoriesText},
	{"permissions", permissionsText},
	factColumn("granted_at"),
	factColumn("expires_at"),
	{"expired", func(e entry) string {
		if !e.result.Token.Known.Has(audit.FactExpiry) {
			return view.Unknown
		}
		return strconv.FormatBool(e.result.Token.Expired)
	}},
	factColumn("last_used_at"),
	{"severity", tokenSeverity},
}

var answerColumns = append([]column{
	findingColumn("rule", func(f *audit.Finding) string { return f.Rule.Rule.ID }),
	findingColumn("status", func(f *audit.Finding) string { return f.Status.String() }),
	findingColumn("finding_severity", view.FindingSeverity),
	findingColumn("message", func(f *audit.Finding) string { return f.Message }),
	findingColumn("basis", func(f *audit.Finding) string { return strings.Join(f.Basis, "; ") }),
	findingColumn("missing", func(f *audit.Finding) string {
		return strings.Join(f.Missing.Names(), "; ")
	}),
	findingColumn("waiver_until", func(f *audit.Finding) string {
		if f.Waiver == nil {
			return ""
		}
		return view.DayOf(f.Waiver.Until)
	}),
	findingColumn("waiver_by", func(f *audit.Finding) string {
		if f.Waiver == nil {
			return ""
		}
		return f.Waiver.By
	}),
	findingColumn("in_baseline", func(f *audit.Finding) string {
		return strconv.FormatBool(f.InBaseline)
	}),
	findingColumn("override", func(f *audit.Finding) string { return f.Override }),
	findingColumn("remedy", func(f *audit.Finding) string {
		if f.Status != audit.Fail {
			return ""
		}
		return f.Rule.Rule.Remedy
	}),

	// Of runs with a history; empty otherwise.
	findingColumn("first_seen", func(f *audit.Finding) string { return view.InstantOf(f.FirstSeen) }),
	findingColumn("due", func(f *audit.Finding) string { return view.InstantOf(f.Due) }),
	findingColumn("overdue", view.OverdueOf),
	{"gained", func(e entry) string { return strings.Join(e.result.Gained, "; ") }},
}, factColumns()...)

// entry is what a row is about.
type entry struct {
	run     *audit.Run
	result  *audit.Result
	finding *audit.Finding // nil for a token without one that is shown
}

// factColumn returns the column of a fact that each token has; it is empty of a request
// that has none.
func factColumn(key string) column {
	i := slices.IndexFunc(view.TokenFacts, func(f view.TokenFact) bool { return f.Key == key })
	fact := &view.TokenFacts[i]
	return column{key, func(e entry) string {
		if fact.Granted && e.result.Request != nil {
			return ""
		}
		return fact.Of(e.result.Token).Instant()
	}}
}

// factColumns returns the columns of facts that came later than the first columns.
func factColumns() (columns []column) {
	for _, f := range view.TokenFacts {
		if !slices.ContainsFunc(subjectColumns, func(c column) bool { return c.name == f.Key }) {
			columns = append(columns, factColumn(f.Key))
		}
	}
	return columns
}

// findingColumn is a column about a finding; it is empty where there is none.
func findingColumn(name string, value func(*audit.Finding) string) column {
	return column{name, func(e entry) string {
		if e.finding == nil {
			return ""
		}
		return value(e.finding)
	}}
}

// repositoriesText lists those of a subset, by blanks.
func repositoriesText(e entry) string {
	t := e.result.Token
	if t.Selection != audit.SelectSubset {
		return ""
	}
	if !t.Known.Has(audit.FactRepositories) {
		return view.Unknown
	}
	return strings.Join(view.NamesOf(t.Repositories), " ")
}

// permissionsText lists them by blanks: "repository/contents:write repository/metadata:read".
func permissionsText(e entry) string {
	t := e.result.Token
	if !t.Known.Has(audit.FactPermissions) {
		return view.Unknown
	}
	var b []byte
	for i, p := range t.Permissions {
		if i > 0 {
			b = append(b, ' ')
		}
		b = append(append(append(append(append(b, p.Group...), '/'), p.Name...), ':'), p.Level...)
	}
	return string(b)
}

// tokenSeverity is that of the token's worst failing finding, accepted debt included.
func tokenSeverity(e entry) string {
	if view.Stand(e.run, e.result) == view.Open {
		return view.Unknown
	}
	return e.result.Severity.String()
}
