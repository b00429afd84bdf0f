// SPDX-License-Identifier: Apache-2.0

package csv

import (
	"bytes"
	"encoding/csv"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
	"github.com/complytime/pataudit/report/safe"
	"github.com/complytime/pataudit/report/view"
)

// fields reads a CSV back, as records by the names of their columns.
func fields(t *testing.T, written []byte) []map[string]string {
	t.Helper()
	records, err := csv.NewReader(bytes.NewReader(written)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, value := range record {
			row[records[0][i]] = value
		}
		if len(row) != len(record) {
			t.Fatal("two columns have one name")
		}
		rows = append(rows, row)
	}
	return rows
}

var quotedLine = regexp.MustCompile(`^"(?:[^"]|"")*"(?:,"(?:[^"]|"")*")*\r\n$`)

func TestCSV(t *testing.T) {
	for name, d := range reporttest.Documents() {
		for _, d.View.Only = range []string{"", view.OnlyFailing, view.OnlyAll} {
			written := reporttest.Write(t, Format, d)
			for line := range bytes.Lines(written) {
				if !quotedLine.Match(line) {
					t.Errorf("%s: not all is quoted, or another end: %q", name, line)
				}
			}
			checkRows(t, name, d, fields(t, written))
		}
	}
}

// checkRows holds what was read against the document: each row's verdict, and how many there are.
func checkRows(t *testing.T, name string, d *view.Document, rows []map[string]string) {
	t.Helper()
	verdicts := map[string][]string{}
	want := len(d.Failed)
	for _, run := range d.Runs {
		login := safe.CSVCell(run.Organization.Login)
		verdicts[login] = append(verdicts[login], run.Outcome().String())
		want++
		for _, results := range []func(func(*audit.Result) bool){run.Results(), run.Requests()} {
			for r := range results {
				if findings, shown := d.View.Choose(r); shown {
					want += max(1, len(findings))
				}
			}
		}
	}
	for _, f := range d.Failed {
		verdicts[f.Organization] = []string{"incomplete"}
	}
	if want == 0 {
		want, verdicts[""] = 1, []string{"incomplete"}
	}
	if len(rows) != want {
		t.Errorf("%s: %d rows, want %d", name, len(rows), want)
	}
	for _, row := range rows {
		if !slices.Contains(verdicts[row["organization"]], row["verdict"]) ||
			(row["complete"] == "true") == strings.Contains(row["verdict"], "incomplete") {
			t.Errorf("%s: says %q, complete %q", name, row["verdict"], row["complete"])
		}
		for column, cell := range row {
			if reporttest.Evaluated(cell) {
				t.Errorf("%s: a spreadsheet evaluates %s: %.60q", name, column, cell)
			}
		}
		checkPlain(t, row)
	}
	if rows[0]["kind"] != "organization" || rows[0]["message"] == "" {
		t.Errorf("%s: begins with %v", name, rows[0])
	}
}

// checkPlain reads what a script reads: ids and dates never have a mark in front.
func checkPlain(t *testing.T, row map[string]string) {
	t.Helper()
	for _, column := range []string{"grant_id", "token_id", "owner_id"} {
		if v := row[column]; v != "" && v != view.Unknown {
			if _, err := strconv.ParseInt(v, 10, 64); err != nil {
				t.Errorf("%s %q", column, v)
			}
		}
	}
	for _, column := range []string{"as_of", "granted_at", "expires_at", "last_used_at"} {
		switch v := row[column]; v {
		case "", view.Unknown, "never", "expired":
		default:
			if _, err := time.Parse(time.RFC3339, v); err != nil {
				t.Errorf("%s %q", column, v)
			}
		}
	}
}

// Each fact is what was learned; what was not says so.
func TestCSVFacts(t *testing.T) {
	e := reporttest.Violating()
	no := false
	e.Tokens[0].Owner = &audit.Member{ID: 7, Login: "eve", Role: audit.RoleNotMember, TwoFactor: &no}
	e.Tokens[1].ExpiresAt, e.Tokens[1].LastUsedAt = time.Time{}, time.Time{}
	e.Tokens[2] = &audit.Token{ID: 7000}
	byID := map[string]map[string]string{}
	for _, row := range fields(t, reporttest.Write(t, Format, reporttest.Document(e))) {
		byID[row["kind"]+row["grant_id"]] = row
	}
	for id, want := range map[string]map[string]string{
		"token100": {
			"organization": "complytime", "as_of": "2026-11-22T06:00:00Z", "token_id": "90100",
			"name": "org-ai-access", "owner": "eve", "owner_id": "7", "role": "not_member",
			"two_factor": "false", "repository_selection": "subset",
			"repositories": "complytime/repo-01 complytime/repo-02",
			"permissions":  "repository/contents:write repository/metadata:read",
			"granted_at":   "2026-10-23T06:00:00Z", "expires_at": "2027-01-21T06:00:00Z",
			"expired": "false", "last_used_at": "2026-11-19T06:00:00Z", "severity": "high",
			"finding_severity": "high", "status": "fail", "in_baseline": "false",
		},
		"token101": {
			"repository_selection": "all", "repositories": "", "expires_at": "never",
			"last_used_at": "never", "role": "admin", "severity": "critical",
		},
		"token7000": {
			"token_id": "unknown", "owner": "unknown", "owner_id": "unknown", "role": "unknown",
			"two_factor": "unknown", "repository_selection": "unknown", "permissions": "unknown",
			"granted_at": "unknown", "expires_at": "unknown", "expired": "unknown",
			"last_used_at": "unknown", "severity": "unknown",
		},
		"token122": {
			"rule": "long-expiration", "status": "waived", "waiver_by": "marta-h",
			"waiver_until": "2027-02-10", "basis": "over 90 days; over 180 days", "remedy": "",
		},
		"token124":   {"expires_at": "expired", "expired": "true", "rule": "expired-grant"},
		"request900": {"granted_at": "", "last_used_at": "", "rule": "toxic-permissions"},
		"request901": {"rule": "", "status": "", "in_baseline": ""},
	} {
		for column, value := range want {
			if got, there := byID[id][column]; got != value || !there {
				t.Errorf("%s: %s is %q, want %q", id, column, got, value)
			}
		}
	}
	if t.Failed() {
		t.Log(slices.Sorted(maps.Keys(byID)))
	}
}

func TestCSVSaysWhatIsLeftOut(t *testing.T) {
	d := reporttest.Document(reporttest.Incomplete(reporttest.Violating()))
	d.View.Filter.Owners = []string{"bob"}
	first := fields(t, reporttest.Write(t, Format, d))[0]
	for column, want := range map[string]string{
		"message": "the lists show owner bob only", "missing": "classic tokens",
		"verdict": "violations_incomplete",
	} {
		if !strings.Contains(first[column], want) {
			t.Errorf("%s: %q does not say %q", column, first[column], want)
		}
	}
	if !strings.Contains(first["message"], "incomplete: repositories: 3 of 24") {
		t.Errorf("does not say why it is incomplete: %q", first["message"])
	}
}
