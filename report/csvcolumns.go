// SPDX-License-Identifier: Apache-2.0

package report

import (
	"strconv"
	"strings"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/view"
	"github.com/complytime/pataudit/report/words"
)

// The columns of [CSV]. Their names and their order are a promise; new ones come last.

type csvColumn struct {
	name  string
	value func(csvEntry) string
}

// csvColumns are all of them: what rows share with their run, and with their token, comes first.
var csvColumns = [][]csvColumn{runColumns, subjectColumns, answerColumns}

var runColumns = []csvColumn{
	{"organization", func(e csvEntry) string { return e.run.Organization.Login }},
	{
		"as_of",
		func(e csvEntry) string {
			return view.Date{Known: true, At: e.run.AsOf, None: view.Unknown}.Instant()
		},
	},
	{"verdict", func(e csvEntry) string { return e.run.Outcome().String() }},
	{"complete", func(e csvEntry) string { return strconv.FormatBool(e.run.Complete) }},
}

var subjectColumns = []csvColumn{
	{"kind", func(e csvEntry) string {
		if e.result.Request != nil {
			return audit.KindRequest
		}
		return audit.KindToken
	}},
	{"grant_id", func(e csvEntry) string { return words.GrantID(e.result.Token) }},
	{"token_id", func(e csvEntry) string { return words.TokenID(e.result.Token) }},
	{"name", func(e csvEntry) string { return e.result.Token.Name }},
	{"owner", func(e csvEntry) string { return words.Owner(e.result.Token) }},
	{"owner_id", func(e csvEntry) string {
		if e.result.Token.Owner == nil {
			return view.Unknown
		}
		return strconv.FormatInt(e.result.Token.Owner.ID, 10)
	}},
	{"role", func(e csvEntry) string {
		t := e.result.Token
		if t.Owner == nil || !t.Known.Has(audit.FactMembership) || t.Owner.Role == "" {
			return view.Unknown
		}
		return string(t.Owner.Role)
	}},
	{"two_factor", func(e csvEntry) string {
		if o := e.result.Token.Owner; o != nil && o.TwoFactor != nil {
			return strconv.FormatBool(*o.TwoFactor)
		}
		return view.Unknown
	}},
	{"repository_selection", func(e csvEntry) string {
		return words.OrUnknown(string(e.result.Token.Selection))
	}},
	{"repositories", repositoriesText},
	{"permissions", permissionsText},
	{"granted_at", ofGrant(view.Granted)},
	{"expires_at", func(e csvEntry) string { return view.Expires(e.result.Token).Instant() }},
	{"expired", func(e csvEntry) string {
		if !e.result.Token.Known.Has(audit.FactExpiry) {
			return view.Unknown
		}
		return strconv.FormatBool(e.result.Token.Expired)
	}},
	{"last_used_at", ofGrant(view.LastUsed)},
	{"severity", tokenSeverity},
}

var answerColumns = []csvColumn{
	ofFinding("rule", func(f *audit.Finding) string { return f.Rule.Rule.ID }),
	ofFinding("status", func(f *audit.Finding) string { return f.Status.String() }),
	ofFinding("finding_severity", func(f *audit.Finding) string {
		return words.FindingSeverity(f)
	}),
	ofFinding("message", func(f *audit.Finding) string { return f.Message }),
	ofFinding("basis", func(f *audit.Finding) string { return strings.Join(f.Basis, "; ") }),
	ofFinding("missing", func(f *audit.Finding) string {
		return strings.Join(f.Missing.Names(), "; ")
	}),
	ofFinding("waiver_until", func(f *audit.Finding) string {
		if f.Waiver == nil {
			return ""
		}
		return view.DayOf(f.Waiver.Until)
	}),
	ofFinding("waiver_by", func(f *audit.Finding) string {
		if f.Waiver == nil {
			return ""
		}
		return f.Waiver.By
	}),
	ofFinding("in_baseline", func(f *audit.Finding) string {
		return strconv.FormatBool(f.InBaseline)
	}),
	ofFinding("override", func(f *audit.Finding) string { return f.Override }),
	ofFinding("remedy", func(f *audit.Finding) string {
		if f.Status != audit.Fail {
			return ""
		}
		return f.Rule.Rule.Remedy
	}),

	// Of runs with a history; empty otherwise.
	ofFinding("first_seen", func(f *audit.Finding) string { return view.InstantOf(f.FirstSeen) }),
	ofFinding("due", func(f *audit.Finding) string { return view.InstantOf(f.Due) }),
	ofFinding("overdue", words.OverdueOf),
	{"gained", func(e csvEntry) string { return strings.Join(e.result.Gained, "; ") }},
}

// csvEntry is what a row is about.
type csvEntry struct {
	run     *audit.Run
	result  *audit.Result
	finding *audit.Finding // nil for a token without one that is shown
}

// ofGrant returns the instant of a date that only a granted token has; "" for a request.
func ofGrant(of func(*audit.Token) view.Date) func(csvEntry) string {
	return func(e csvEntry) string {
		if e.result.Request != nil {
			return ""
		}
		return of(e.result.Token).Instant()
	}
}

// ofFinding is a column about a finding; it is empty where there is none.
func ofFinding(name string, value func(*audit.Finding) string) csvColumn {
	return csvColumn{name, func(e csvEntry) string {
		if e.finding == nil {
			return ""
		}
		return value(e.finding)
	}}
}

// repositoriesText lists those of a subset, by blanks.
func repositoriesText(e csvEntry) string {
	t := e.result.Token
	if t.Selection != audit.SelectSubset {
		return ""
	}
	if !t.Known.Has(audit.FactRepositories) {
		return view.Unknown
	}
	names := make([]string, len(t.Repositories))
	for i, r := range t.Repositories {
		names[i] = r.Name
	}
	return strings.Join(names, " ")
}

// permissionsText lists them by blanks: "repository/contents:write repository/metadata:read".
func permissionsText(e csvEntry) string {
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
func tokenSeverity(e csvEntry) string {
	if view.Stand(e.run, e.result) == view.Open {
		return view.Unknown
	}
	return e.result.Severity.String()
}
