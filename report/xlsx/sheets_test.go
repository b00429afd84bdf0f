// SPDX-License-Identifier: Apache-2.0

package xlsx

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/complytime/pataudit/audit"
	"github.com/complytime/pataudit/report/reporttest"
)

// cellsUnder returns the rows of a list by the text of one of their columns, as texts by titles.
func cellsUnder(t *testing.T, f *excelize.File, sheet, key string) map[string]map[string]string {
	t.Helper()
	rows, err := f.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]map[string]string{}
	for _, row := range rows[1:] {
		cells := map[string]string{}
		for i, text := range row {
			cells[rows[0][i]] = text
		}
		found[cells[key]] = cells
	}
	return found
}

func TestXLSXSheets(t *testing.T) {
	d := reporttest.Document(reporttest.Violating())
	d.Runs[0].Classic = []*audit.Credential{}
	got := reporttest.OpenWorkbook(t, reporttest.Write(t, Format, d)).GetSheetList()
	want := []string{
		"Summary", "Tokens", "Findings", "Rule matrix", "Permissions matrix", "Repositories", "Owners",
		"Requests", "Decisions", "Classic tokens", "Coverage", "Policy", "Read me",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sheets (-want +got):\n%s", diff)
	}
}

// What a sheet says of its range is that of its cells: some programs read no more than that.
func TestXLSXDimensions(t *testing.T) {
	dimension := regexp.MustCompile(`<dimension ref="([^"]*)"`)
	ref := regexp.MustCompile(`<c r="([A-Z]+)([0-9]+)"`)
	for name, d := range reporttest.Documents() {
		for part, text := range parts(t, reporttest.Write(t, Format, d)) {
			if !strings.HasPrefix(part, "xl/worksheets/sheet") {
				continue
			}
			columns, rows := 0, 0
			for _, m := range ref.FindAllStringSubmatch(text, -1) {
				column, _ := excelize.ColumnNameToNumber(m[1])
				row, _ := strconv.Atoi(m[2])
				columns, rows = max(columns, column), max(rows, row)
			}
			last, _ := excelize.CoordinatesToCellName(columns, rows)
			said := dimension.FindStringSubmatch(text)
			if len(said) == 0 || said[1] != "A1:"+last {
				t.Errorf("%s: %s says %q, and ends at %s", name, part, said, last)
			}
		}
	}
}

// The rule matrix has every answer of every token, and takes no missing one for a pass.
func TestXLSXRuleMatrix(t *testing.T) {
	words := map[audit.Status]string{
		audit.Pass: "pass", audit.NotApplicable: "n/a", audit.Waived: "waived",
		audit.Indeterminate: "unknown",
	}
	seen := map[string]bool{}
	for _, e := range []*audit.Evidence{
		reporttest.Violating(), reporttest.Incomplete(reporttest.Violating()),
	} {
		d := reporttest.Document(e)
		rows := cellsUnder(
			t,
			reporttest.OpenWorkbook(t, reporttest.Write(t, Format, d)),
			ruleMatrix,
			"Grant ID",
		)
		for r := range d.Runs[0].Results() {
			row := rows[strconv.FormatInt(r.Token.ID, 10)]
			for _, f := range r.All() {
				want := words[f.Status]
				if f.Status == audit.Fail {
					want = f.Severity.String()
				}
				seen[want] = true
				if got := row[f.Rule.Rule.ID]; got != want {
					t.Errorf("%s of %s: %q, want %q", f.Rule.Rule.ID, r.Token.Name, got, want)
				}
			}
			if got, there := row["unreviewed-token"]; there {
				t.Errorf("a rule that was not asked says %q", got)
			}
		}
	}
	for _, word := range []string{"pass", "n/a", "waived", "unknown", "critical", "info"} {
		if !seen[word] {
			t.Errorf("nothing is %s", word)
		}
	}
}

func TestXLSXPermissionsMatrix(t *testing.T) {
	e := reporttest.Violating()
	e.Tokens[0].Known &^= audit.FactPermissions
	e.Tokens[1].Permissions = []audit.Permission{
		{Group: audit.GroupOrganization, Name: "members", Level: "write-all"},
		{Group: audit.GroupRepository, Name: "contents", Level: audit.LevelRead},
		{Group: audit.GroupRepository, Name: "contents", Level: audit.LevelAdmin},
	}
	for i := range mostPermissions {
		e.Tokens[2].Permissions = append(slices.Clone(e.Tokens[2].Permissions), audit.Permission{
			Group: "enterprise", Name: fmt.Sprintf("new-%03d", i), Level: audit.LevelRead,
		})
	}
	rows := cellsUnder(
		t,
		reporttest.OpenWorkbook(t, reporttest.Write(t, Format, reporttest.Document(e))),
		permissionMatrix,
		"Grant ID",
	)
	for _, c := range []struct{ grant, title, want string }{
		{"100", "contents", "unknown"},
		{"100", "org: members", "unknown"},
		{"101", "contents", "admin"},
		{"101", "org: members", "write-all"},
		{"101", "metadata", ""},
		{"102", "enterprise: new-000", "read"},
		{"102", "Others", "enterprise:new-146:read, enterprise:new-147:read, " +
			"enterprise:new-148:read, enterprise:new-149:read"},
		{"103", "contents", "write"},
		{"103", "metadata", "read"},
		{"103", "administration", ""},
		{"104", "administration", "write"},
	} {
		if got := rows[c.grant][c.title]; got != c.want {
			t.Errorf("%s of grant %s: %q, want %q", c.title, c.grant, got, c.want)
		}
	}
}

func TestXLSXLeavesMatricesOut(t *testing.T) {
	b := newBook(reporttest.Document(reporttest.Violating()))
	b.maxMatrix = 24
	if err := b.build(); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := b.save(&out); err != nil {
		t.Fatal(err)
	}
	f := reporttest.OpenWorkbook(t, out.Bytes())
	for _, sheet := range []string{ruleMatrix, permissionMatrix, "Read me"} {
		row := cellsUnder(t, f, sheet, "About")["Left out"]
		if !strings.Contains(row["What to know"], "25 tokens are more than the 24") {
			t.Errorf("%s does not say that it is left out: %v", sheet, row)
		}
	}
	if n := len(cellsUnder(t, f, "Tokens", "Token ID")); n != 25 {
		t.Errorf("%d tokens", n)
	}
}

func TestXLSXRepositories(t *testing.T) {
	e := reporttest.Violating() // one of its tokens has all repositories, one has 20, one is expired
	e.Tokens[0].Known &^= audit.FactRepositories
	e.Organization.Repositories = append(e.Organization.Repositories, &audit.Repository{
		Name: "complytime/vault", Visibility: "private",
	})
	rows := cellsUnder(
		t,
		reporttest.OpenWorkbook(t, reporttest.Write(t, Format, reporttest.Document(e))),
		"Repositories",
		"Repository",
	)
	want := map[string]map[string]string{
		"complytime/repo-01": {
			"Repository": "complytime/repo-01", "Visibility": "public", "Tokens": "23",
			"That select it": "22", "Of these with write": "22",
			"Worst right of those that select it": "administration:write", "That reach all": "1",
			"Worst right of those that reach all": "administration:write",
			"That may reach it, not known":        "1",
		},
		"complytime/repo-20": {
			"Repository": "complytime/repo-20", "Visibility": "public", "Tokens": "2",
			"That select it": "1", "Of these with write": "1",
			"Worst right of those that select it": "contents:write", "That reach all": "1",
			"Worst right of those that reach all": "administration:write",
			"That may reach it, not known":        "1",
		},
		"complytime/vault": { // no token selects it
			"Repository": "complytime/vault", "Visibility": "private", "Tokens": "1",
			"That select it": "0", "Of these with write": "0",
			"Worst right of those that select it": "none", "That reach all": "1",
			"Worst right of those that reach all": "administration:write",
			"That may reach it, not known":        "1",
		},
	}
	for name, row := range want {
		if diff := cmp.Diff(row, rows[name]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if len(rows) != 39 {
		t.Errorf("%d repositories", len(rows))
	}
}

// One line stands for the repositories that are not known by name.
func TestXLSXOtherRepositories(t *testing.T) {
	for _, c := range []struct {
		status audit.CoverageStatus
		items  int
		want   string
	}{
		{audit.Complete, 38, "18 others: this report does not hold their names"},
		{audit.Complete, 20, ""},
		{audit.Refused, 0, "others: this report does not hold their names, nor how many they are"},
	} {
		e := reporttest.Violating()
		e.Organization.Known, e.Organization.Repositories = 0, nil
		for i := range e.Coverage {
			if s := &e.Coverage[i]; s.Source == audit.SourceOrganizationRepositories {
				s.Status, s.Items = c.status, c.items
			}
		}
		rows := cellsUnder(
			t,
			reporttest.OpenWorkbook(t, reporttest.Write(t, Format, reporttest.Document(e))),
			"Repositories",
			"Repository",
		)
		others := ""
		for name, row := range rows {
			if strings.Contains(name, "others") {
				others = name
				if row["Tokens"] != "1" || row["That select it"] != "0" {
					t.Errorf("of the others: %v", row)
				}
			}
		}
		if others != c.want {
			t.Errorf("%s, %d: %q, want %q", c.status, c.items, others, c.want)
		}
	}
}

func TestWorseRight(t *testing.T) {
	order := []*audit.Permission{
		{},
		{Name: "administration", Level: "write"},
		{Name: "secrets", Level: "admin"},
		{Name: "secrets", Level: "write"},
		{Name: "contents", Level: "new"},
		{Name: "contents", Level: "write"},
		{Name: "metadata", Level: "write"},
		{Name: "administration", Level: "read"},
		{Name: "contents", Level: "read"},
		nil,
	}
	for i, a := range order {
		for _, b := range order[i:] {
			if worse(a, b) != a || worse(b, a) != a {
				t.Errorf("of %v and %v: %v, %v", a, b, worse(a, b), worse(b, a))
			}
		}
	}
}

func TestXLSXOwners(t *testing.T) {
	d := reporttest.Document(reporttest.Incomplete(reporttest.Violating()))
	rows, err := reporttest.OpenWorkbook(t, reporttest.Write(t, Format, d)).GetRows("Owners")
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{
			"Owner", "Role", "Second factor", "Worst", "Tokens", "Active", "Break the policy",
			"Cannot be judged", "Expire in 14 days", "Last used", "Owner ID",
		},
		{"bob", "member", "yes", "medium", "18", "17", "14", "1", "1", "unknown", "4"},
		{"ex-kim", "not a member", "yes", "high", "1", "1", "1", "0", "0", "2026-03-26", "3"},
		{"jdoe", "org owner", "yes", "critical", "2", "2", "2", "0", "0", "2026-11-22", "1"},
		{"tsuki", "member", "yes", "critical", "4", "4", "2", "0", "1", "2026-11-19", "2"},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("owners (-want +got):\n%s", diff)
	}
	calm := cellsUnder(
		t,
		reporttest.OpenWorkbook(
			t,
			reporttest.Write(t, Format, reporttest.Document(reporttest.Incomplete(reporttest.Calm()))),
		),
		"Owners",
		"Owner",
	)
	if got := calm["bob"]["Worst"]; got != "unknown" {
		t.Errorf("of tokens that cannot be judged the worst is %q", got)
	}
}
