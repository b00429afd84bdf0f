// SPDX-License-Identifier: Apache-2.0

package report

import (
	"strconv"
	"strings"
	"time"

	"github.com/complytime/pataudit/audit"
)

// The columns of [CSV]. Their names and their order are a promise; new ones come last.

type csvColumn struct {
	name  string
	value func(entry) string
}

// csvColumns are all of them: what rows share with their run, and with their token, comes first.
var csvColumns = [][]csvColumn{runColumns, subjectColumns, answerColumns}

var runColumns = []csvColumn{
	{"organization", func(e entry) string { return e.run.Organization.Login }},
	{"as_of", func(e entry) string { return instantText(e.run.AsOf, notLearned) }},
	{"verdict", func(e entry) string { return e.run.Outcome().String() }},
	{"complete", func(e entry) string { return strconv.FormatBool(e.run.Complete) }},
}

var subjectColumns = []csvColumn{
	{"kind", func(e entry) string {
		if e.result.Request != nil {
			return audit.KindRequest
		}
		return audit.KindToken
	}},
	{"grant_id", asText(grantID)},
	{"token_id", asText(tokenID)},
	{"name", func(e entry) string { return e.result.Token.Name }},
	{"owner", asText(owner)},
	{"owner_id", func(e entry) string {
		if e.result.Token.Owner == nil {
			return notLearned
		}
		return strconv.FormatInt(e.result.Token.Owner.ID, 10)
	}},
	{"role", func(e entry) string {
		t := e.result.Token
		if t.Owner == nil || !t.Known.Has(audit.FactMembership) || t.Owner.Role == "" {
			return notLearned
		}
		return string(t.Owner.Role)
	}},
	{"two_factor", func(e entry) string {
		if o := e.result.Token.Owner; o != nil && o.TwoFactor != nil {
			return strconv.FormatBool(*o.TwoFactor)
		}
		return notLearned
	}},
	{"repository_selection", asText(func(e entry) any {
		return orUnknown(string(e.result.Token.Selection))
	})},
	{"repositories", repositoriesText},
	{"permissions", permissionsText},
	{"granted_at", dated(audit.FactGranted, notLearned,
		func(t *audit.Token) time.Time { return t.GrantedAt })},
	{"expires_at", func(e entry) string {
		if e.result.Token.Expired {
			return "expired"
		}
		return dated(audit.FactExpiry, "never",
			func(t *audit.Token) time.Time { return t.ExpiresAt })(e)
	}},
	{"expired", func(e entry) string {
		if !e.result.Token.Known.Has(audit.FactExpiry) {
			return notLearned
		}
		return strconv.FormatBool(e.result.Token.Expired)
	}},
	{"last_used_at", dated(audit.FactLastUsed, "never",
		func(t *audit.Token) time.Time { return t.LastUsedAt })},
	{"severity", tokenSeverity},
}

var answerColumns = []csvColumn{
	ofFinding("rule", func(f *audit.Finding) string { return f.Rule.Rule.ID }),
	ofFinding("status", func(f *audit.Finding) string { return f.Status.String() }),
	ofFinding("finding_severity", func(f *audit.Finding) string {
		return findingSeverity(entry{finding: f}).(string)
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
		return dayOf(f.Waiver.Until)
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
	ofFinding("first_seen", func(f *audit.Finding) string { return instantText(f.FirstSeen, "") }),
	ofFinding("due", func(f *audit.Finding) string { return instantText(f.Due, "") }),
	ofFinding("overdue", overdueOf),
	{"gained", func(e entry) string { return strings.Join(e.result.Gained, "; ") }},
}

// ofFinding is a column about a finding; it is empty where there is none.
func ofFinding(name string, value func(*audit.Finding) string) csvColumn {
	return csvColumn{name, func(e entry) string {
		if e.finding == nil {
			return ""
		}
		return value(e.finding)
	}}
}

// asText is the text of a workbook's column that has nothing else.
func asText(value func(entry) any) func(entry) string {
	return func(e entry) string {
		text, _ := value(e).(string)
		return text
	}
}

// dated is an instant, or what its absence means. Nobody has granted or used what is asked for.
func dated(f audit.Facts, none string, of func(*audit.Token) time.Time) func(entry) string {
	return func(e entry) string {
		switch {
		case e.result.Request != nil && f&(audit.FactGranted|audit.FactLastUsed) != 0:
			return ""
		case !e.result.Token.Known.Has(f):
			return notLearned
		}
		return instantText(of(e.result.Token), none)
	}
}

// repositoriesText lists those of a subset, by blanks.
func repositoriesText(e entry) string {
	t := e.result.Token
	if t.Selection != audit.SelectSubset {
		return ""
	}
	if !t.Known.Has(audit.FactRepositories) {
		return notLearned
	}
	names := make([]string, len(t.Repositories))
	for i, r := range t.Repositories {
		names[i] = r.Name
	}
	return strings.Join(names, " ")
}

// permissionsText lists them by blanks: "repository/contents:write repository/metadata:read".
func permissionsText(e entry) string {
	t := e.result.Token
	if !t.Known.Has(audit.FactPermissions) {
		return notLearned
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
	if stand(e.run, e.result) == unknown {
		return notLearned
	}
	return e.result.Severity.String()
}
